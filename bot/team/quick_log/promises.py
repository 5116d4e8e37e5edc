"""What a member promises in a sentence about a visit: "hẹn thứ 5 quay lại", "mai ghé cài tiếp vneid cho 2 cụ".

It tells nothing of the visit - its day, people and outcomes are yet to come - and stays as a note, from which the list
of households to visit next knows of it (db/outreach/tasks.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.team.quick_log.words import Token

_PART_OF_DAY = r"(?:ngay |hom |bua |sang |trua |chieu |toi )?"
_AHEAD = (
    rf"{_PART_OF_DAY}(?:thu \w+ |t\d )?(?:mai|mot|(?:tuan|thang) (?:sau|toi)|dau (?:tuan|thang)|cuoi (?:tuan|thang))\b"
)
_APPOINTED = re.compile(
    rf"\bhen (?:lai\b|{_AHEAD}|{_PART_OF_DAY}(?:thu (?:\d|hai|ba|tu|nam|sau|bay)|t\d|chu nhat|cn|\d+(?:[/.-]\d+)*)\b)"
)
_AGAIN = re.compile(rf"(?:{_AHEAD}|\blan sau\b)(?: \w+){{0,2}}? (?:quay lai|ghe|tro lai|den lai|toi lai|qua lai)\b")
_KEPT = frozenset({"theo", "dung", "da", "nhu", "giay", "phieu", "lich", "cuoc"})
"""Before "hẹn" they tell of an appointment that was kept: "theo hẹn đến nhà bác Năm"."""
_PAST = re.compile(r"^hen (?:\S+ ){0,2}?(?:ngay|hom|bua|sang|trua|chieu|toi|tuan|thang) (?:qua|truoc|kia|roi)\b")
_ENDS = frozenset(",.;()+–—•\n")
_NEXT_VISIT = frozenset({"nha", "ho"})


def promised(words: Sequence[Token]) -> list[range]:
    """The parts of a line that are promises, each up to the next comma or household."""
    bare = [word.bare or word.text for word in words]
    starts, at = [], 0
    for word in bare:
        starts.append(at)
        at += len(word) + 1
    line = " ".join(bare)
    places = {start: place for place, start in enumerate(starts)}
    found = [
        places[match.start()]
        for pattern in (_APPOINTED, _AGAIN)
        for match in pattern.finditer(line)
        if match.start() in places and not _is_kept(bare, line, places[match.start()], match.start())
    ]
    spans: list[range] = []
    for start in sorted(found):
        if not spans or start >= spans[-1].stop:
            spans.append(range(start, _end(bare, start)))
    return spans


def _is_kept(bare: Sequence[str], line: str, place: int, start: int) -> bool:
    return (place > 0 and bare[place - 1] in _KEPT) or _PAST.match(line[start:]) is not None


def _end(bare: Sequence[str], start: int) -> int:
    for place in range(start + 1, len(bare)):
        if bare[place] in _ENDS or bare[place] in _NEXT_VISIT:
            return place
    return len(bare)
