"""Finds what a line says was achieved: VNeID, accounts, signatures, ... by the words of the trade."""

from __future__ import annotations

from collections.abc import Sequence

from bot.team.quick_log.lexicon import OUTCOME_PHRASES
from bot.team.quick_log.marks import OutcomeMark
from bot.team.quick_log.words import LONGEST_PHRASE, Token


def outcomes(line: Sequence[Token], busy: Sequence[bool]) -> list[OutcomeMark]:
    """What a line says was achieved, in words that mean nothing else."""
    found: list[OutcomeMark] = []
    place = 0
    while place < len(line):
        until = next(
            (at for at in range(place, min(place + LONGEST_PHRASE, len(line))) if busy[at]), place + LONGEST_PHRASE
        )
        # "chưa ký số" is one slip away from "chữ ký số".
        may_begin = until > place and line[place].is_word and line[place].bare != "chua"
        phrase = OUTCOME_PHRASES.at(line[place:until], 0) if may_begin else None
        if phrase and line[place].low == "vi" and phrase.length == 1 and not _is_a_wallet(line, place):
            phrase = None
        if phrase:
            found.append(OutcomeMark(place, place + phrase.length, phrase.meaning))
        place += phrase.length if phrase else 1
    return found


def _is_a_wallet(line: Sequence[Token], place: int) -> bool:
    """ "vi" without diacritics is ví, a wallet, where something is done with it or counted, and else vì, because."""
    before = line[place - 1].bare if place else ""
    following = line[place + 1] if place + 1 < len(line) else None
    return before in {"mo", "cai", "lam", "tao", "lap", "app"} or following is None or not following.is_word


def without_means(words: Sequence[Token], reached: list[OutcomeMark]) -> list[OutcomeMark]:
    """ "đăng nhập dvc bằng vneid" is about dvc, not about VNeID."""
    kept: list[OutcomeMark] = []
    for mark in reached:
        before = words[mark.start - 1].bare if mark.start else ""
        is_means = before in {"bang", "qua", "tren"} and kept and mark.start - kept[-1].end <= 2
        if not (is_means and mark.code in {"vneid_level2", "basic_digital_skills"}):
            kept.append(mark)
    return kept
