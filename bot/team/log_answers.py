"""What a typed answer to the open question about a visit means: a name, a number, yes, or a correction."""

from __future__ import annotations

from dataclasses import replace

from bot.citizen.decision import TEAM
from bot.service import SURE, Turn
from bot.team.draft import Draft, corrected
from bot.team.draft_places import NUMBERED
from bot.team.places import full_name, known_places
from bot.team.quick_log.lexicon import ASKING, HOUSE, KIN, SURNAMES
from bot.team.quick_log.words import tokens
from content.library import OUT_OF_SCOPE
from db.outreach import hamlets
from db.outreach.names import key

LONGEST_NAME = 60
LONGEST_NAME_WORDS = 8
LONGEST_NUMBER = 6
LONGEST_DOUBTFUL_NAME_WORDS = 3
YES = frozenset(
    {"dung", "dung roi", "ok", "oke", "luu", "luu di", "phai", "u", "uh", "da", "vang", "da dung", "dong y"}
)
NOTHING = frozenset({"khong", "khong co", "khong lam gi", "chi tham", "chi tham hoi", "tham hoi", "chua lam duoc gi"})
"""Typed in place of a button, by the key of db/outreach/names.py."""


async def typed(turn: Turn, draft: Draft, wants: str, text: str) -> Draft | None:
    """The draft with an answer that was typed to a question that `wants` something; None when the text is none."""
    words = " ".join(text.split())
    if key(words) in YES and wants in {"confirm", "same_day"}:
        return replace(draft, is_confirmed=True, is_second=wants == "same_day")
    if wants in {"people", "confirm"} and words.isdecimal() and len(words) < LONGEST_NUMBER:
        return replace(draft.with_figures(int(words)), is_confirmed=True)
    if wants == "outcomes" and key(words) in NOTHING:
        return replace(draft, outcomes={})
    if wants == "hamlet" and (hamlet := await hamlets.by_name(turn.session, turn.commune.slug, words)):
        return replace(draft, hamlet=full_name(turn, hamlet), hamlet_id=None, household_id=None)
    if wants == "household" and _is_name(words):
        return _named(draft, words)
    if _asks(words) or (means_something_else(turn) and not any(letter.isdigit() for letter in words)):
        return None
    is_name_wanted = wants == "household" and _may_be_name(words)
    if is_name_wanted and _begins_as_name(words) and not any(letter.isdigit() for letter in words):
        return _named(draft, words)
    changed = corrected(draft, text, turn.today, await known_places(turn))
    if changed is not None:
        return replace(changed, doubts=(), is_confirmed=False)
    if is_name_wanted and len(words.split()) <= LONGEST_DOUBTFUL_NAME_WORDS:
        return replace(_named(draft, words), is_name_doubtful=True)
    return None


def _named(draft: Draft, name: str) -> Draft:
    number = name.rsplit(" ", 1)[-1]
    name = f"{NUMBERED}{number}" if number.isdecimal() else name
    return replace(draft, household=name, household_id=None, is_new=False, is_name_doubtful=False,
                   is_plain=name.isascii())  # fmt: skip


def _is_name(words: str) -> bool:
    """Whether a text is a household's name or number beyond doubt: "chị Lan", "hộ 12", "Hoàng Văn Năm"."""
    spoken = tokens(words)
    if not _may_be_name(words):
        return False
    if spoken[-1].is_number:
        return len(spoken) == 1 or spoken[0] in HOUSE or key(words).startswith("so ")
    own = [word for word in spoken if word not in KIN and word not in HOUSE]
    return all(word.is_capitalised for word in own) and (len(own) > 1 or (bool(own) and len(own) < len(spoken)))


def _asks(words: str) -> bool:
    spoken = tokens(words)
    return words.endswith("?") or any(ASKING.at(spoken, place) for place in range(len(spoken)))


def _begins_as_name(words: str) -> bool:
    """Whether a text begins as names do: "chi lan", "nguyen van a"."""
    spoken = tokens(words)
    return len(spoken) > 1 and (spoken[0] in KIN or spoken[0] in HOUSE or spoken[0] in SURNAMES)


def _may_be_name(words: str) -> bool:
    spoken = tokens(words)
    is_short = len(words) <= LONGEST_NAME and len(spoken) <= LONGEST_NAME_WORDS
    return is_short and bool(spoken) and all(word.is_word or word.is_number for word in spoken)


def means_something_else(turn: Turn) -> bool:
    """Whether a text surely is a question, or small talk."""
    best = turn.understanding.ranking[0] if turn.understanding and turn.understanding.ranking else None
    if best is None or best.confidence < SURE:
        return False
    return best.intent != OUT_OF_SCOPE and best.intent.partition(".")[0] != TEAM
