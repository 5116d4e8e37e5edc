"""Cuts a message into lines, and a line into visits; `clauses` goes on from there."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.team.quick_log.achieved import outcomes, without_means
from bot.team.quick_log.dates import DateMark, dates
from bot.team.quick_log.lexicon import BREAKS, CLASS_WORDS, DESK_WORDS, EVENT_WORDS
from bot.team.quick_log.marks import CountFinder, CountMark, EveryoneMark, GroupMark, OutcomeMark
from bot.team.quick_log.places import HamletFinder, HamletMark, HouseholdMark, households
from bot.team.quick_log.promises import promised
from bot.team.quick_log.words import Token, tokens

_LINES = re.compile(r"\s*(?:\n|;|\||\\n)\s*")
_BULLET = re.compile(r"^\s*(?:[-*•+–]\s+|\d{1,2}\s*[./)]\s+|\d{1,2}\)\s*)")
MOST_LISTED = 20
"""Households in one list; nobody visits more in a day."""
Mark = DateMark | HamletMark | HouseholdMark | OutcomeMark | CountMark | GroupMark | EveryoneMark


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message with all that was found in it. The marks do not overlap and stand in order."""

    text: str
    words: tuple[Token, ...]
    marks: tuple[Mark, ...]
    promised: tuple[range, ...] = ()
    """Words about visits to come, in which nothing is marked."""

    def text_of(self, start: int, end: int) -> str:
        return self.text[self.words[start].start : self.words[end - 1].end] if end > start else ""


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of a line that tells of one visit, from word `start` to before `end`, with its household and marks."""

    line: Line
    start: int
    end: int
    household: HouseholdMark | None
    marks: tuple[Mark, ...]

    @property
    def text(self) -> str:
        return self.line.text_of(self.start, self.end)

    @property
    def words(self) -> tuple[Token, ...]:
        return self.line.words[self.start : self.end]


def lines(text: str) -> list[str]:
    """The lines of a message; a semicolon ends one too. Bullets and numbering are taken off."""
    return [line for line in (_BULLET.sub("", part).strip() for part in _LINES.split(text)) if line]


def read_line(text: str, sent_on: date, hamlets: HamletFinder) -> Line:
    """Finds dates, places, outcomes and counts; what comes first in this list wins where two would overlap."""
    words = tokens(text)
    busy = [False] * len(words)
    all_days = dates(words, sent_on)
    to_come = promised(words, [mark for mark in all_days if mark.day > sent_on])
    for span in to_come:
        busy[span.start : span.stop] = [True] * len(span)
    named_days = [mark for mark in all_days if not any(busy[mark.start : mark.end])]
    _occupy(busy, named_days)
    named_hamlets = [mark for mark in hamlets.find(words) if not any(busy[mark.start : mark.end])]
    _occupy(busy, named_hamlets)
    reached = outcomes(words, busy)
    long_ones = frozenset(mark.start for mark in reached)
    named_houses = households(words, busy, long_ones)
    _occupy(busy, named_houses)
    reached = [mark for mark in reached if not any(busy[mark.start : mark.end])]
    reached = without_means(words, reached)
    for place, word in enumerate(words):  # "lớp 5", "1 cửa", "9h"
        desk = DESK_WORDS.at(words, place) if not busy[place] else None
        if desk:
            end = place + desk.length
            if words[end - 1].bare in {"so", "quay"} and end < len(words) and words[end].is_number:
                end += 1  # "quầy số 2"
            busy[place:end] = [True] * (end - place)
        elif (not word.is_number and word.text[0].isdigit() and word.text[-1] in "hH") or ":" in word.text[1:]:
            busy[place] = True
    reached = [mark for mark in reached if not any(busy[mark.start : mark.end])]
    _occupy(busy, reached)
    counts = CountFinder(words, busy, reached).find()
    marks: list[Mark] = [*named_days, *named_hamlets, *named_houses, *reached, *counts]
    return Line(text, words, tuple(sorted(marks, key=lambda mark: mark.start)), tuple(to_come))


def _occupy(busy: list[bool], marks: Sequence[Mark]) -> None:
    for mark in marks:
        busy[mark.start : mark.end] = [True] * (mark.end - mark.start)


def segments(line: Line) -> list[Segment]:
    """The visits of a line: a new one begins with the next household, or the next hamlet, after something was told."""
    cuts = _cuts(line)
    edges = [0, *cuts, len(line.words)]
    starts = [mark.start for mark in line.marks]
    found: list[Segment] = []
    for start, end in itertools.pairwise(edges):
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        own = line.marks[first:last]
        houses = [mark for mark in own if isinstance(mark, HouseholdMark)]
        listed = _side_by_side(line, houses)
        whose: list[HouseholdMark | None] = [*(listed or houses[:1])]
        found += [Segment(line, start, end, house, own) for house in whose or [None]]
    return found


def _cuts(line: Line) -> list[int]:
    houses = [mark for mark in line.marks if isinstance(mark, HouseholdMark)]
    told = [mark for mark in line.marks if isinstance(mark, OutcomeMark | CountMark)]
    if len(houses) > 1 and told and told[0].start < houses[0].start and not _begins_anew(line, houses):
        return _cuts_after(line, houses)
    cuts: list[int] = []
    has_house = has_hamlet = has_content = False
    last_house: HouseholdMark | None = None
    group_start: int | None = None
    for mark in line.marks:
        if isinstance(mark, HouseholdMark | HamletMark | DateMark):
            goes_on = last_house is not None and group_start is not None and group_start <= last_house.start
            if group_start is None or (goes_on and _is_apart(line, last_house, mark)):
                group_start = mark.start
            is_again = (
                isinstance(mark, HouseholdMark)
                and has_house
                and (last_house is None or mark.name != last_house.name)
                and (has_content or _is_apart(line, last_house, mark))
            ) or (isinstance(mark, HamletMark) and has_hamlet and has_content)
            if is_again:
                cuts.append(group_start)
                has_house = has_hamlet = has_content = False
            if isinstance(mark, HouseholdMark):
                has_house, last_house = True, mark
            has_hamlet |= isinstance(mark, HamletMark)
        else:
            if isinstance(mark, OutcomeMark | CountMark):
                has_content = True
            group_start = None
    return [cut for cut in cuts if cut]


def _begins_anew(line: Line, houses: Sequence[HouseholdMark]) -> bool:
    """Whether what is told goes on after the last household: then the first words are an introduction."""
    told = [mark for mark in line.marks if isinstance(mark, OutcomeMark | CountMark)]
    return bool(told) and told[-1].start > houses[-1].start


def _cuts_after(line: Line, houses: Sequence[HouseholdMark]) -> list[int]:
    """Where places stand last ("vneid 2 nhà bác Ba ấp 3, tknh 1 nhà cô Tư ấp 4"), a visit ends behind them."""
    cuts = []
    for house, following in itertools.pairwise(houses):
        group_end = house.end
        for mark in line.marks:
            if mark.start >= house.end and isinstance(mark, HamletMark | DateMark) and mark.start <= group_end + 1:
                group_end = mark.end
        stop = next((i for i in range(group_end, following.start) if line.words[i].text in BREAKS), group_end - 1)
        cuts.append(stop + 1)
    return cuts


def _is_apart(line: Line, first: HouseholdMark | None, second: Mark) -> bool:
    """Whether places with no figures between them are those of two visits: "hộ 5 đi vắng, hộ 6 ..."."""
    if first is None:
        return False
    between = line.words[first.end : second.start]
    has_break = any(word.text in BREAKS for word in between)
    return has_break and sum(word.is_word for word in between if word.bare != "va") > 1


def _side_by_side(line: Line, houses: Sequence[HouseholdMark]) -> list[HouseholdMark]:
    """Households that share what follows: "hộ 9, hộ 10 mỗi hộ vneid 2". A name beside a number is one house."""
    if not 2 <= len(houses) <= MOST_LISTED:
        return []
    numbered = [house for house in houses if house.name.startswith("hộ ")]
    if len(numbered) not in {0, len(houses)}:
        return []
    for first, second in itertools.pairwise(houses):
        between = line.words[first.end : second.start]
        if any(word.is_word and word.bare not in {"va", "voi"} for word in between):
            return []
    return list(dict.fromkeys(houses))


def said_kind(words: Sequence[Token]) -> str | None:
    """The kind of session that the words name, if any; the one-stop desk goes before classes and events."""
    for phrases in (DESK_WORDS, CLASS_WORDS, EVENT_WORDS):
        for place in range(len(words)):
            found = phrases.at(words, place)
            if (
                found
                and not _is_school_class(words, place, found.length)
                and not _is_a_guest(words, place, found.length)
            ):
                return found.meaning
    return None


def _is_school_class(words: Sequence[Token], place: int, length: int) -> bool:
    after = words[place + length] if place + length < len(words) else None
    return words[place].bare == "lop" and length == 1 and after is not None and after.is_number


def _is_a_guest(words: Sequence[Token], place: int, length: int) -> bool:
    """ "họp" alone may be a name or part of "kết hợp"."""
    return words[place].bare == "hop" and length == 1 and not words[place].is_marked
