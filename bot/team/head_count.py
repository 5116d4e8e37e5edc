"""Reads how many people came, as members write it: "12", "12 người, 5 cụ, 2 hộ nghèo, 3 dân tộc"."""

from __future__ import annotations

import re

from bot.service import Turn
from bot.team.draft import Draft, corrected
from bot.team.quick_log import KnownPlaces
from db.outreach.models import SessionKind

_BARE_NUMBER_FIRST = re.compile(r"^\s*(\d[\d.]*)\s*(?=[,;:\n(]|trong|gồm|gom|có|co\b|$)", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?<![\w.])[-−]\s*\d")


def read_head_count(turn: Turn, text: str) -> Draft | None:
    """A draft with people and groups; what else it holds was not told. None when no number of people is told.

    That a group may be larger than the people is left to whoever stores it.
    """
    said = _BARE_NUMBER_FIRST.sub(r"\1 người ", text)
    if _NEGATIVE.search(text):
        return None
    blank = Draft(turn.today, kind=SessionKind.CLASS.value, no_household=True)
    counted = corrected(blank, said, turn.today, KnownPlaces(turn.commune.hamlet_word, ()))
    if counted is None or counted.people is None:
        return None
    stated = re.match(r"\s*(\d[\d.]*) người", said)
    return counted.with_figures(int(stated[1].replace(".", "")[:9])) if stated else counted
