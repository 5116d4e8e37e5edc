"""Numbers as members write them: digits, words in all spellings, "vài" and other vague ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.team.quick_log.words import Token, Words, bare, lower

MOST = 1_000_000
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")

_DIGITS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_AFTER_TENS = _DIGITS | {"mốt": 1, "lăm": 5, "nhăm": 5}
_VAGUE = {"vài": 3, "mấy": 3, "dăm": 5}
_FEW = {"đôi": 2, "cặp": 2}
_TEN, _TENS, _HUNDRED, _AND = Words("mười"), Words("mươi chục"), Words("trăm"), Words("linh lẻ")
_VAGUELY = Words("khoảng tầm gần hơn chừng cỡ độ ngót")
_MOSTLY_OTHERS = frozenset({"co", "tam", "do"})
_COUNTED = frozenset({"nguoi", "ng", "cu", "ba", "chuc", "muoi", "nha", "ho"})


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a line, and how many words it takes. `in_words` numbers may be names or other words as well."""

    value: int
    length: int
    in_words: bool = False
    is_vague: bool = False


def number_at(line: Sequence[Token], place: int) -> Number | None:
    """The number that begins at a place of the line."""
    token = line[place]
    is_vague = place > 0 and _is_vaguely(line[place - 1])
    if token.is_number:
        return Number(min(int(token.text[:12]), MOST), 1, is_vague=is_vague)
    if _THOUSANDS.fullmatch(token.text):
        return Number(min(int(token.text.replace(".", "")[:12]), MOST), 1, is_vague=is_vague)
    if not token.is_word:
        return None
    found = _in_words(line, place)
    return Number(found.value, found.length, in_words=True, is_vague=found.is_vague or is_vague) if found else None


def _is_vaguely(token: Token) -> bool:
    """ "co 3 nguoi" is there are three, and "Tam" a name: without diacritics they are mostly no "cỡ" and "tầm"."""
    return token in _VAGUELY and (token.is_marked or token.bare not in _MOSTLY_OTHERS)


def _in_words(line: Sequence[Token], place: int) -> Number | None:
    for words in (_VAGUE, _FEW):
        value = _digit(line, place, words)
        if value and line[place].low == "may" and (place + 1 == len(line) or line[place + 1].bare not in _COUNTED):
            value = None  # "may anh hu": máy, a phone
        if value:
            also_tens = words is _VAGUE and place + 1 < len(line) and line[place + 1] in _TENS
            return Number(value * 10 if also_tens else value, 1 + also_tens, is_vague=words is _VAGUE)
    hundreds, at = 0, place
    if place + 1 < len(line) and line[place + 1] in _HUNDRED:
        hundreds, at = (_digit(line, place, _DIGITS) or 0) * 100, place + 2
        if not hundreds:
            return None
        if at < len(line) and line[at] in _AND:
            at += 1
    tens = _tens(line, at) if at < len(line) else None
    if tens:
        return Number(hundreds + tens.value, at - place + tens.length)
    return Number(hundreds, at - place) if hundreds else None


def _tens(line: Sequence[Token], place: int) -> Number | None:
    following = place + 1
    if line[place] in _TEN or line[place] in _TENS:
        unit = _digit(line, following, _AFTER_TENS) if line[place] in _TEN else None
        return Number(10 + unit, 2) if unit else Number(10, 1)
    digit = _digit(line, place, _DIGITS)
    if digit is None:
        return None
    if following < len(line) and line[following] in _TENS:
        unit = _digit(line, following + 1, _AFTER_TENS)
        return Number(digit * 10 + (unit or 0), 3 if unit else 2)
    if digit > 1 and following < len(line) and line[following].low in {"mốt", "lăm", "lam", "nhăm"}:  # "hai lăm"
        return Number(digit * 10 + (1 if line[following].low == "mốt" else 5), 2)
    return Number(digit, 1)


def _digit(line: Sequence[Token], place: int, words: dict[str, int]) -> int | None:
    if place >= len(line):
        return None
    token = line[place]
    if token.low in words:
        return words[token.low]
    if token.is_marked:
        return None
    return next((value for word, value in words.items() if bare(lower(word)) == token.bare), None)
