"""What a member promises in a sentence about a visit: "hẹn thứ 5 quay lại", "mai cài nốt csk", "dvc để lần sau".

It tells nothing of the visit - its day, people and outcomes are yet to come - and stays as a note, from which the list
of households to visit next knows of it (db/outreach/tasks.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.team.quick_log.dates import DateMark
from bot.team.quick_log.lexicon import BREAKS, HOUSE, KIN, OUTCOME_PHRASES, PEOPLE_NOUNS, PLANNED
from bot.team.quick_log.places import HAMLET_WORDS
from bot.team.quick_log.words import Token

_PART_OF_DAY = r"(?:ngay |hom |bua |sang |trua |chieu |toi )?"
_WEEKDAY = r"(?:thu \w+|t ?\d|chu nhat|cn)"
_NEXT = rf"(?:{_WEEKDAY} )?(?:(?:dau|giua|cuoi) )?(?:tuan|thang) (?:sau|toi|ke)"
_AHEAD = rf"{_PART_OF_DAY}(?:(?:{_WEEKDAY} )?(?:mai|mot)|{_NEXT}|(?:dau|cuoi) (?:tuan|thang))\b"
_APPOINTED = re.compile(
    rf"\bhen (?:lai\b|{_AHEAD}|{_PART_OF_DAY}(?:thu (?:\d|hai|ba|tu|nam|sau|bay)|t ?\d|chu nhat|cn|\d+(?:[/.-]\d+)*)\b)"
)
_AGAIN = re.compile(rf"(?:{_AHEAD}|\blan sau\b)(?: \w+){{0,2}}? (?:quay lai|ghe|tro lai|den lai|toi lai|qua lai)\b")
_LATER = re.compile(
    rf"\b{_PART_OF_DAY}(?:{_NEXT}"
    rf"|{_WEEKDAY} toi"
    r"|(?:lan|dot|dip|hom|bua|buoi|luc) (?:sau|khac)|(?:lan|dot|dip) toi|(?:hom|bua) nao"
    r"|(?:\d+|vai|may|it|mot|hai) (?:ngay|hom|bua|tuan|thang) nua"
    r"|cuoi (?:tuan|thang)(?= \w)(?! (?:qua|truoc|roi|vua))"
    r"|de sau|du kien|du dinh)\b(?! (?:do|khi|nha|ho)\b)"
)
"""Times to come that promise something where a visit was told of before."""
_KEPT = frozenset({"theo", "dung", "da", "nhu", "giay", "phieu", "lich", "cuoc"})
"""Before "hẹn" they tell of an appointment that was kept: "theo hẹn đến nhà bác Năm"."""
_PAST = re.compile(r"^hen (?:\S+ ){0,2}?(?:ngay|hom|bua|sang|trua|chieu|toi|tuan|thang) (?:qua|truoc|kia|roi)\b")
_BREAKS = BREAKS | {":"}
_NEXT_VISIT = frozenset({"nha", "ho"})
_GOING = frozenset({"qua", "den", "sang", "toi", "ghe", "vo", "vao", "ra", "ve"})
"""Before "nhà": the promise goes on, "mai qua nhà cô Tư"."""
_PUT_OFF = frozenset({"de", "thi", "con", "rieng", "phan", "viec", "cai", "cho", "doi", "lai", "va", "voi", "nhung"})
"""Beside what is put off: "còn dvc thì mai làm"."""


def promised(words: Sequence[Token], days: Sequence[DateMark] = ()) -> list[range]:
    """The parts of a line that are promises, each up to the next comma or household.

    `days` are those that the line names and that have not come yet: they promise where a visit was told of before.
    """
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
    later = [places[match.start()] for match in _LATER.finditer(line) if match.start() in places]
    later = [place for place in later if not _is_a_name(words, place)]
    planned = [place for place, word in enumerate(words) if word in PLANNED]
    if later or planned or days:
        told, placed = _told_at(words), _placed_at(words)
        if any(place <= told and place < placed < len(words) for place in later):
            return [range(len(words))]  # "tuần sau ấp 3 nhà bác Năm cài vneid": all of it is a plan
        coming = [day.start for day in days if not _is_a_name(words, day.start)]
        found += [place for place in (*planned, *coming) if place > told or placed == len(words)]
        found += later
    spans: list[range] = []
    for start in sorted(found):
        if not spans or start >= spans[-1].stop:
            begin = _begin(words, bare, start, spans[-1].stop if spans else 0)
            spans.append(range(begin, _end(words, bare, start)))
    return spans


def _told_at(words: Sequence[Token]) -> int:
    """Where the first outcome, count or remark after a place stands; what comes later goes on about a visit."""
    is_placed = False
    for place, word in enumerate(words):
        is_placed |= word in HOUSE or word in HAMLET_WORDS
        if is_placed and word.text in BREAKS:  # "nhà bác Năm: mai ..." is still where and when
            return place
        is_count = place > 0 and words[place - 1].is_number and PEOPLE_NOUNS.at(words, place)
        if is_count or (word.is_word and OUTCOME_PHRASES.at(words, place)):
            return place
    return len(words)


def _placed_at(words: Sequence[Token]) -> int:
    """Where the first household or hamlet is named."""
    return next((place for place, word in enumerate(words) if word in HOUSE or word in HAMLET_WORDS), len(words))


def _is_a_name(words: Sequence[Token], place: int) -> bool:
    """ "chị Lan sau này", "nha anh tuan toi": a name, and no time."""
    before = words[place - 1] if place else None
    if before is None or not words[place].is_word or not before.bare:
        return False
    is_counted = place > 1 and words[place - 2].is_number  # "2 cụ tuần sau"
    return words[place].is_capitalised or before in HOUSE or (before in KIN and not is_counted)


def _is_kept(bare: Sequence[str], line: str, place: int, start: int) -> bool:
    return (place > 0 and bare[place - 1] in _KEPT) or _PAST.match(line[start:]) is not None


def _begin(words: Sequence[Token], bare: Sequence[str], start: int, first: int) -> int:
    """Where a promise begins whose time stands at `start`: what is put off may come before, "còn dvc để mai làm"."""
    head = start
    while head > first and words[head - 1].text not in _BREAKS:
        head -= 1
    joined = start - 1 > first and bare[start - 1] in {"de", "thi"}
    if bare[start] != "hen" or joined:
        names = {place for mark in _outcomes(words[head:start]) for place in range(head + mark.start, head + mark.stop)}
        if names and all(place in names or bare[place] in _PUT_OFF for place in range(head, start)):
            return head
    return start - 1 if start > first and bare[start - 1] in {"de", "hen"} else start


def _outcomes(words: Sequence[Token]) -> Iterator[range]:
    place = 0
    while place < len(words):
        found = OUTCOME_PHRASES.at(words, place) if words[place].is_word else None
        if found:
            yield range(place, place + found.length)
        place += found.length if found else 1


def _end(words: Sequence[Token], bare: Sequence[str], start: int) -> int:
    place = start + 1
    while place < len(bare):
        if words[place].text == "," and any(_outcomes(words[start:place])):
            more = _listed(words, bare, place + 1)
            if more == place + 1:
                return place
            place = more
            continue
        if bare[place] in BREAKS or (bare[place] in _NEXT_VISIT and bare[place - 1] not in _GOING):
            return place
        place += 1
    return len(bare)


def _listed(words: Sequence[Token], bare: Sequence[str], start: int) -> int:
    """Where a bare list goes on to: "mai làm tknh, csk"; `start` itself where something is told of what follows."""
    end = next((place for place in range(start, len(words)) if words[place].text in BREAKS), len(words))
    names = {start + place for mark in _outcomes(words[start:end]) for place in mark}
    is_list = names and all(place in names or bare[place] in {"va", "voi", "ca", "nua"} for place in range(start, end))
    return end if is_list else start
