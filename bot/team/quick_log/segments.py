"""Cuts a message into lines, a line into visits, and a visit into clauses."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.team.quick_log.dates import DateMark, dates
from bot.team.quick_log.lexicon import CLASS_WORDS, DESK_WORDS, EVENT_WORDS, NEGATIONS, TAUGHT, UNDONE
from bot.team.quick_log.marks import CountFinder, CountMark, EveryoneMark, GroupMark, OutcomeMark, outcomes
from bot.team.quick_log.places import HamletFinder, HamletMark, HouseholdMark, households
from bot.team.quick_log.promises import promised
from bot.team.quick_log.tally import Clause, Item
from bot.team.quick_log.words import Token, tokens

_LINES = re.compile(r"\s*(?:\n|;|\||\\n)\s*")
_BULLET = re.compile(r"^\s*(?:[-*•+–]\s+|\d{1,2}\s*[./)]\s+|\d{1,2}\)\s*)")
MOST_LISTED = 20
"""Households in one list; nobody visits more in a day."""
_BREAKS = frozenset(",.;()+–—•\n")
_JOINS = frozenset({"roi", "nhung"})
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
    to_come = promised(words)
    for span in to_come:
        busy[span.start : span.stop] = [True] * len(span)
    named_days = [mark for mark in dates(words, sent_on) if not any(busy[mark.start : mark.end])]
    _occupy(busy, named_days)
    named_hamlets = [mark for mark in hamlets.find(words) if not any(busy[mark.start : mark.end])]
    _occupy(busy, named_hamlets)
    reached = outcomes(words, busy)
    long_ones = frozenset(mark.start for mark in reached)
    named_houses = households(words, busy, long_ones)
    _occupy(busy, named_houses)
    reached = [mark for mark in reached if not any(busy[mark.start : mark.end])]
    reached = _without_means(words, reached)
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


def _without_means(words: Sequence[Token], reached: list[OutcomeMark]) -> list[OutcomeMark]:
    """ "đăng nhập dvc bằng vneid" is about dvc, not about VNeID."""
    kept: list[OutcomeMark] = []
    for mark in reached:
        before = words[mark.start - 1].bare if mark.start else ""
        is_means = before in {"bang", "qua", "tren"} and kept and mark.start - kept[-1].end <= 2
        if not (is_means and mark.code in {"vneid_level2", "basic_digital_skills"}):
            kept.append(mark)
    return kept


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
            group_start = mark.start if group_start is None else group_start
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
        stop = next((i for i in range(group_end, following.start) if line.words[i].text in _BREAKS), group_end - 1)
        cuts.append(stop + 1)
    return cuts


def _is_apart(line: Line, first: HouseholdMark | None, second: HouseholdMark) -> bool:
    """Whether two households with no figures between them are two visits: "hộ 5 đi vắng, hộ 6 ..."."""
    if first is None:
        return False
    between = line.words[first.end : second.start]
    has_break = any(word.text in _BREAKS for word in between)
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


def clauses(segment: Segment) -> list[Clause]:
    """Cuts at commas and the like, but not between an outcome and its number: "VNeID: 2", "vneid (2)", "vneid - 2"."""
    marks = [m for m in segment.marks if isinstance(m, OutcomeMark | CountMark | GroupMark | EveryoneMark)]
    found: list[Clause] = []
    items: list[Item] = []
    clause_start = segment.start
    ends = {mark.end: mark for mark in marks}
    starts = {mark.start: mark for mark in marks}
    place = segment.start
    while place < segment.end:
        if place in starts:
            items.append(starts[place])
            place = starts[place].end
            continue
        word = segment.line.words[place]
        is_break = (
            word.text in _BREAKS
            or (word.text in {":", "-", "/"} and not _ties(ends.get(place), starts.get(place + 1)))
            or word.bare in _JOINS
            or word.low in {"còn", "mà"}
        )
        if word.text == "(" and _ties(ends.get(place), starts.get(place + 1)):
            is_break = False
        if is_break:
            found.append(_clause(segment, clause_start, place, items))
            items, clause_start = [], place + 1
        place += 1
    found.append(_clause(segment, clause_start, segment.end, items))
    return _taken_back([clause for clause in found if clause.items or clause.is_undone])


def _ties(before: Mark | None, after: Mark | None) -> bool:
    return isinstance(before, OutcomeMark) and isinstance(after, CountMark)


def _clause(segment: Segment, start: int, end: int, items: list[Item]) -> Clause:
    words = segment.line.words
    items = [item for item in items if not _befell_them(words, start, end, item)]
    undone = says_why = False
    for place in range(start, end):
        if words[place] in NEGATIONS and not _is_part_of_a_mark(segment, place):
            following = words[place + 1 : min(place + 4, end)]
            lacks = bool(following) and following[0].bare == "co" and not any(isinstance(i, OutcomeMark) for i in items)
            undone = not lacks and (not following or any(word in UNDONE for word in following))
            if undone:
                says_why = bool(following)  # "bác trai chưa" says nothing of the words before
                break
    if undone and any(isinstance(item, OutcomeMark) and item.code == "scam_awareness" for item in items):
        undone = False  # "dặn không đưa mã otp cho ai"
    kept = tuple(items)
    if undone:
        negation = next(p for p in range(start, end) if words[p] in NEGATIONS and not _is_part_of_a_mark(segment, p))
        before = tuple(item for item in items if item.end <= negation)
        numbered = any(isinstance(item, OutcomeMark) for item in before) and any(
            isinstance(item, CountMark) for item in before
        )
        if numbered:
            return Clause(before)
    return Clause(kept, undone, says_why)


def _befell_them(words: Sequence[Token], start: int, end: int, item: Item) -> bool:
    """ "có 2 người bị lừa đảo": nobody learned to beware of scams there."""
    if not isinstance(item, OutcomeMark) or item.code != "scam_awareness":
        return False
    suffered = any(words[place].bare == "bi" for place in range(max(start, item.start - 1), item.end))
    return suffered and not any(word in TAUGHT for word in words[start:end])


def _is_part_of_a_mark(segment: Segment, place: int) -> bool:
    return any(mark.start <= place < mark.end for mark in segment.marks)


def _taken_back(found: list[Clause]) -> list[Clause]:
    """ "cài VNeID nhưng máy yếu không cài được": what was told without a number just before was not reached either."""
    kept: list[Clause] = []
    for clause in found:
        says_why = clause.says_why and not any(isinstance(item, OutcomeMark | CountMark) for item in clause.items)
        last = kept[-1] if kept else None
        if says_why and last and not any(isinstance(item, CountMark) for item in last.items):
            kept[-1] = Clause(last.items, is_undone=True)
        kept.append(clause)
    return kept


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
