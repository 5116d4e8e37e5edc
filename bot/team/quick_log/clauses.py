"""Cuts a visit into clauses, and tells what was reached from what was not ("chưa làm được csk", "máy không cài được").

What was not reached is out of a clause's items; its words go into the note.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.team.quick_log.dates import DateMark
from bot.team.quick_log.lexicon import ABSENT, ACTIVATION, BREAKS, FAILED, NEGATIONS, TAUGHT, UNDONE, UNSKILLED
from bot.team.quick_log.marks import CountMark, EveryoneMark, GroupMark, OutcomeMark
from bot.team.quick_log.places import HamletMark, HouseholdMark
from bot.team.quick_log.segments import Mark, Segment
from bot.team.quick_log.tally import Clause, Item
from bot.team.quick_log.words import Token

_JOINS = frozenset({"roi", "nhung"})
_SCAMS = "scam_awareness"
_SUFFERED = frozenset({"bi", "so"})
_STATES = frozenset({"co", "tung", "biet"})
"""After a negation: "chưa có", "chưa từng", "không biết"; it was so until the visit."""
_DOING = frozenset({"cai", "lam", "mo", "tao", "lap", "kich", "day", "bay", "giup"})
_ELSEWHERE = frozenset({"ra", "len", "xuong", "xa", "phuong", "nho"})
"""Somebody else will do it: "hướng dẫn ra công an xã làm"."""


def clauses(segment: Segment) -> list[Clause]:
    """Cuts at commas and the like, but not between an outcome and its number: "VNeID: 2", "vneid (2)", "vneid - 2"."""
    marks = [m for m in segment.marks if isinstance(m, OutcomeMark | CountMark | GroupMark | EveryoneMark)]
    found: list[tuple[Clause, range]] = []
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
            word.text in BREAKS
            or (word.text in {":", "-", "/"} and not _ties(ends.get(place), starts.get(place + 1)))
            or word.bare in _JOINS
            or word.low in {"còn", "mà"}
            or (word.low in {"nên", "nen"} and not _is_platform(segment.line.words, place))
        )
        if word.text == "(" and _ties(ends.get(place), starts.get(place + 1)):
            is_break = False
        if is_break:
            found.append((_clause(segment, clause_start, place, items), range(clause_start, place)))
            items, clause_start = [], place + 1
        place += 1
    found.append((_clause(segment, clause_start, segment.end, items), range(clause_start, segment.end)))
    told = _without_what_they_had(segment, _taken_back(segment, found))
    return [
        replace(clause, unmet=_without_places(segment, clause.unmet)) if clause.unmet else clause for clause in told
    ]


def _without_places(segment: Segment, span: range) -> range:
    """The words of a span after the places and days at its beginning."""
    places = [m.end for m in segment.marks if isinstance(m, DateMark | HamletMark | HouseholdMark) and m.start in span]
    return range(max([span.start, *places]), span.stop)


def _ties(before: Mark | None, after: Mark | None) -> bool:
    return isinstance(before, OutcomeMark) and isinstance(after, CountMark)


def _is_platform(words: Sequence[Token], place: int) -> bool:
    """ "nen tang" without diacritics is nền tảng."""
    return place + 1 < len(words) and words[place + 1].bare == "tang"


def _clause(segment: Segment, start: int, end: int, found: list[Item]) -> Clause:
    words = segment.line.words
    items = tuple(item for item in found if not _befell_them(words, start, end, item))
    reached = [item for item in items if isinstance(item, OutcomeMark)]
    if not reached and any(ABSENT.at(words[:end], place) for place in range(start, end)):
        return Clause(items, is_undone=True, unmet=range(start, end))
    negation = _negation(segment, start, end, reached)
    if negation is None:
        return Clause(items)
    before = tuple(item for item in items if item.end <= negation)
    lacking = frozenset(item.code for item in reached if item.start > negation)
    if len(lacking) > 1:
        lacking -= {ACTIVATION}  # "chưa kích hoạt được ví" is about the wallet
    is_told_before = any(isinstance(item, OutcomeMark) for item in before)
    if lacking and is_told_before:  # "cài vneid chưa làm csk"
        kept = before if any(isinstance(item, CountMark) for item in before) else _others(before, lacking)
        if any(isinstance(item, OutcomeMark) for item in kept):
            return Clause(kept, unmet=range(negation, end), lacking=lacking)
        return Clause(items, True, False, range(start, end), lacking)
    if not lacking and before and isinstance(before[-1], OutcomeMark) and negation - before[-1].end <= 1:
        kept = before[:-1]  # "vneid 1 csk chưa được"
        if any(isinstance(item, OutcomeMark) for item in kept) and isinstance(kept[-1], CountMark):
            return Clause(kept, unmet=range(before[-1].start, end), lacking=frozenset({before[-1].code}))
        return Clause(items, True, False, range(start, end))
    if is_told_before and any(isinstance(item, CountMark) for item in before):  # "vneid 2, máy yếu không cài được"
        return Clause(before, unmet=range(negation, end))
    says_why = negation + 1 < end  # "bác trai chưa" says nothing of the words before
    is_counted = any(isinstance(item, CountMark) for item in items)
    return Clause(items, True, says_why, range(start, end), frozenset() if is_counted else lacking)


def _others(items: Sequence[Item], lacking: Collection[str]) -> tuple[Item, ...]:
    """Without the outcomes that are said to be lacking: "kích hoạt không được vneid" is one thing in two words."""
    same = {"vneid_level2", ACTIVATION}
    codes = {*lacking, *(same if same & set(lacking) else ())}
    return tuple(item for item in items if not (isinstance(item, OutcomeMark) and item.code in codes))


def _negation(segment: Segment, start: int, end: int, reached: Sequence[OutcomeMark]) -> int | None:
    """Where the word stands that says that something was not reached, if any does."""
    words = segment.line.words
    taught_of_scams = any(item.code == _SCAMS for item in reached)
    for place in range(start, end):
        is_failure = FAILED.at(words[:end], place) is not None and not any(w.bare == "sua" for w in words[start:place])
        if not is_failure and (words[place] not in NEGATIONS or _is_part_of_a_mark(segment, place)):
            continue
        following = words[place + 1 : min(place + 4, end)]
        named = [item for item in reached if item.start > place]
        if taught_of_scams and all(item.code == _SCAMS for item in named):
            continue  # "dặn không đưa mã otp cho ai"
        if following and not named and following[0] in UNSKILLED:
            continue
        lacks = bool(following) and following[0].bare == "co" and not reached
        is_named = bool(named) and named[0].start == place + 1
        if is_failure or is_named or (not lacks and (not following or any(word in UNDONE for word in following))):
            return place
    return None


def _befell_them(words: Sequence[Token], start: int, end: int, item: Item) -> bool:
    """ "có 2 người bị lừa đảo", "sợ lừa đảo": nobody learned to beware of scams there."""
    if not isinstance(item, OutcomeMark) or item.code != _SCAMS:
        return False
    suffered = any(words[place].bare in _SUFFERED for place in range(max(start, item.start - 1), item.end))
    return suffered and not any(word in TAUGHT for word in words[start:end])


def _is_part_of_a_mark(segment: Segment, place: int) -> bool:
    return any(mark.start <= place < mark.end for mark in segment.marks)


def _taken_back(segment: Segment, found: Sequence[tuple[Clause, range]]) -> list[tuple[Clause, range]]:
    """What is told of and then said not to have been reached.

    "cài VNeID nhưng máy yếu không cài được": what was told without a number just before. "2 người cài vneid rồi nhưng
    chưa kích hoạt được mức 2": the same thing.
    """
    kept: list[tuple[Clause, range]] = []
    for clause, span in found:
        if kept:
            clause = _caught_up(segment, clause, span, *kept[-1])
        if not clause.items and not clause.is_undone:
            continue
        if kept:
            kept[-1] = (_without(clause, *kept[-1]), kept[-1][1])
        kept.append((clause, span))
    return kept


def _caught_up(segment: Segment, clause: Clause, span: range, before: Clause, lacked: range) -> Clause:
    """ "2 người chưa có vneid, cài cho cả 2": the second clause is about what the first one lacks."""
    words = segment.line.words
    said = [word.bare for word in words[lacked.start : lacked.stop]]
    is_state = any(words[place] in NEGATIONS and _STATES & {*said[place - lacked.start + 1 :][:1]} for place in lacked)
    marks = tuple(item for item in before.items if isinstance(item, OutcomeMark))
    is_told = any(isinstance(item, OutcomeMark) for item in clause.items) or clause.is_undone
    if not (before.is_undone and marks and is_state) or is_told:
        return clause
    now = {word.bare for word in words[span.start : span.stop]}
    if not now & _DOING or now & _ELSEWHERE:
        return clause
    is_counted = any(isinstance(item, CountMark) for item in clause.items)
    return replace(clause, items=(*(marks if is_counted else before.items), *clause.items))


def _without(clause: Clause, before: Clause, span: range) -> Clause:
    says_why = clause.says_why and not any(isinstance(item, OutcomeMark | CountMark) for item in clause.items)
    if says_why and not any(isinstance(item, CountMark) and item.is_said for item in before.items):
        return Clause(before.items, is_undone=True, unmet=span)
    if clause.is_undone and clause.lacking and not before.is_undone:
        left = _others(before.items, clause.lacking)
        if len(left) < len(before.items):
            return replace(before, items=left, unmet=span)
    return before


def _without_what_they_had(segment: Segment, found: Sequence[tuple[Clause, range]]) -> list[Clause]:
    """ "bác đã có vneid, cài thêm sổ sức khoẻ": what they had before is not what the visit achieved."""
    had = [_is_had(segment, clause, span) for clause, span in found]
    is_more_reached = any(
        any(isinstance(item, OutcomeMark) for item in clause.items) and not clause.is_undone and not was_there
        for (clause, _), was_there in zip(found, had, strict=True)
    )
    return [
        replace(clause, is_undone=True, unmet=span) if was_there and is_more_reached else clause
        for (clause, span), was_there in zip(found, had, strict=True)
    ]


def _is_had(segment: Segment, clause: Clause, span: range) -> bool:
    reached = [item for item in clause.items if isinstance(item, OutcomeMark)]
    if not reached or any(isinstance(item, CountMark) and item.is_said for item in clause.items):
        return False
    words = segment.line.words
    before = [word.bare for word in words[max(span.start, reached[0].start - 2) : reached[0].start]]
    after = [word.bare for word in words[reached[-1].end : span.stop + 1]]
    if before[-1:] == ["co"]:
        return "da" in before or bool({"roi", "san"} & set(after[:2]))
    return before[-1:] == ["san"] or any(pair in {("co", "roi"), ("co", "san")} for pair in pairwise(after))
