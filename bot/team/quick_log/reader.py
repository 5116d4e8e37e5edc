"""From a member's message to visits: reads line by line, carries day and hamlet over, and says what is in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.masking import HIDDEN, mask
from bot.team.quick_log.clauses import clauses
from bot.team.quick_log.dates import DateMark
from bot.team.quick_log.doubts import problem
from bot.team.quick_log.lexicon import ASKING, NO_HOUSE, PLANNED
from bot.team.quick_log.marks import CountMark, OutcomeMark
from bot.team.quick_log.matching import match_household
from bot.team.quick_log.places import HamletFinder, HamletMark, HouseholdMark
from bot.team.quick_log.segments import Line, Segment, lines, read_line, said_kind, segments
from bot.team.quick_log.tally import Clause, Tally, tally
from bot.team.quick_log.visit import CLASS, HOUSE_VISIT, ONE_STOP_DESK, PUBLIC_EVENT, KnownPlaces, Problem, Visit

MOST_PEOPLE = 999
"""More in one session is a slip of the finger: no hamlet has so many."""
OLDEST = timedelta(days=60)
SHORT_TALK = 4
"""Lines of fewer words ("ok em", "dạ vâng ạ") are left out without a word."""

KINDS = {CLASS: "lớp học", ONE_STOP_DESK: "buổi trực một cửa", PUBLIC_EVENT: "sự kiện đông người"}
NAMES = {
    "vneid_level2": "VNeID mức 2",
    "payment_account": "tài khoản thanh toán",
    "digital_signature": "chữ ký số",
    "health_book": "sổ sức khoẻ điện tử",
    "dvc_account": "dịch vụ công",
    "social_security_account": "tài khoản an sinh",
    "basic_digital_skills": "kỹ năng số",
    "scam_awareness": "phòng lừa đảo",
    "elderly": "người cao tuổi",
    "poor": "người nghèo",
    "ethnic_minority": "người dân tộc thiểu số",
    "disabled": "người khuyết tật",
}


@dataclass(slots=True)
class _Context:
    """What was said before and goes on to hold: "Hôm qua ấp 3:" and then a line a household."""

    day: DateMark | None = None
    hamlet: HamletMark | None = None
    day_words: str = ""


def read_visits(text: str, sent_on: date, places: KnownPlaces, own_hamlet: str | None = None) -> tuple[Visit, ...]:
    """The visits that a message tells of, none if it tells of none.

    Every line, every part after a semicolon and every further household is a visit; day and hamlet said once hold for
    the ones after. `sent_on` is the day the message was written, from which "hôm qua" counts; `own_hamlet` stands in
    where no hamlet is named.
    """
    finder = HamletFinder(places)
    context = _Context()
    visits: list[Visit] = []
    left_out: list[Problem] = []
    masked = mask(text)
    for line in _whole_lines(masked, sent_on, finder):
        for segment in segments(line):
            _note_context(segment, context)
            if _is_a_visit(segment, context):
                visits.append(_visit(segment, context, sent_on, places, finder, own_hamlet))
            elif _is_worth_a_word(segment):
                left_out.append(problem("left_out", words=segment.text.strip()[:60]))
    if visits and left_out:
        visits[0] = replace(visits[0], problems=(*visits[0].problems, *left_out))
    if visits and HIDDEN in masked:
        visits[0] = replace(visits[0], problems=(*visits[0].problems, problem("personal_number")))
    return tuple(visits)


def _whole_lines(text: str, sent_on: date, finder: HamletFinder) -> list[Line]:
    """The lines of a message. Figures without a place, day or kind of their own go on with the line before."""
    whole: list[Line] = []
    for written in lines(text):
        line = read_line(written, sent_on, finder)
        places = any(isinstance(mark, DateMark | HamletMark | HouseholdMark) for mark in line.marks)
        told = any(isinstance(mark, OutcomeMark | CountMark) for mark in line.marks)
        before = any(isinstance(mark, HouseholdMark) for mark in whole[-1].marks) if whole else False
        asks = any(ASKING.at(line.words, place) for place in range(len(line.words))) or written.endswith("?")
        goes_on = told or bool(line.promised)
        if before and goes_on and not places and not asks and not said_kind(line.words):
            whole[-1] = read_line(f"{whole[-1].text}, {written}", sent_on, finder)
        else:
            whole.append(line)
    return whole


def _note_context(segment: Segment, context: _Context) -> None:
    for mark in segment.marks:
        if isinstance(mark, DateMark):
            context.day, context.day_words = mark, segment.line.text_of(mark.start, mark.end)
    hamlets = [mark for mark in segment.marks if isinstance(mark, HamletMark)]
    if hamlets:
        context.hamlet = hamlets[0]


def _is_a_visit(segment: Segment, context: _Context) -> bool:
    told = [mark for mark in segment.marks if isinstance(mark, OutcomeMark | CountMark)]
    numbered = any(isinstance(mark, CountMark) and mark.is_said for mark in told)
    reached = any(isinstance(mark, OutcomeMark) for mark in told)
    named = {place for mark in segment.marks for place in range(mark.start, mark.end)}
    named |= {place for span in segment.line.promised for place in span}
    free = [place for place in range(segment.start, segment.end) if place not in named]
    words = segment.line.words[: segment.end]
    asks = segment.text.rstrip().endswith("?") or any(ASKING.at(words, place) for place in free)
    if any(words[place] in PLANNED for place in free):
        return False
    if asks and not (segment.household and reached and numbered):
        return False
    if segment.household and not segment.household.is_weak:
        return True
    if segment.household and told:
        return True
    is_placed = bool(context.hamlet or context.day or said_kind(segment.words))
    return (reached and (numbered or is_placed)) or (numbered and is_placed)


def _is_worth_a_word(segment: Segment) -> bool:
    is_heading = any(isinstance(mark, DateMark | HamletMark) for mark in segment.marks)
    return sum(word.is_word for word in segment.words) >= SHORT_TALK and not (
        is_heading and not segment.text.rstrip().endswith("?")
    )


def _visit(
    segment: Segment,
    context: _Context,
    sent_on: date,
    places: KnownPlaces,
    finder: HamletFinder,
    own_hamlet: str | None,
) -> Visit:
    kind, is_guessed = _kind(segment)
    helped_by_name = bool(segment.household and kind == HOUSE_VISIT and _is_named_as_helped(segment))
    told = clauses(segment)
    figures = tally(told, named_people=int(helped_by_name))
    if kind == CLASS and not figures.outcomes and figures.people:
        figures.outcomes = {"basic_digital_skills": figures.people}
    own = next((mark for mark in segment.marks if isinstance(mark, HamletMark)), None) or context.hamlet
    hamlet = own.name if own else (finder.canonical(own_hamlet) if own_hamlet and kind != ONE_STOP_DESK else None)
    household = segment.household if kind == HOUSE_VISIT else None
    matched = match_household(household.name, hamlet, places.households) if household else None
    day = context.day.day if context.day else sent_on
    visit = Visit(
        hamlet=hamlet,
        household=household.name if household else None,
        household_id=matched.household.id if matched and matched.household else None,
        occurred_on=day,
        kind=kind,
        people=figures.people,
        adults=figures.adults,
        elderly=figures.groups.get("elderly"),
        poor=figures.groups.get("poor"),
        ethnic_minority=figures.groups.get("ethnic_minority"),
        disabled=figures.groups.get("disabled"),
        outcomes=figures.outcomes,
        note=_note(segment, told),
    )
    doubts: list[Problem] = []
    if own and not own.is_known:
        doubts.append(problem("unknown_hamlet", name=own.name))
    if matched and matched.candidates:
        names = ", ".join(f"{h.name} ({h.hamlet})" for h in matched.candidates)
        doubts.append(problem("ambiguous_household", name=visit.household, names=names))
    if is_guessed:
        doubts.append(problem("guessed_kind", kind=KINDS[kind]))
    doubts += _doubtful_day(context, day, sent_on)
    doubts += _doubtful_figures(visit, figures)
    return replace(visit, missing=_missing(visit), problems=tuple(doubts))


def _kind(segment: Segment) -> tuple[str, bool]:
    """The kind, and whether it is a guess: people at the communal house without another word are an event."""
    strong = segment.household is not None and not segment.household.is_weak
    said = said_kind(segment.words)
    if strong:
        return HOUSE_VISIT, False
    if said:
        return said, False
    if any(NO_HOUSE.at(segment.words, place) for place in range(len(segment.words))):
        return PUBLIC_EVENT, True
    return HOUSE_VISIT, False


def _is_named_as_helped(segment: Segment) -> bool:
    return any(isinstance(mark, OutcomeMark) for mark in segment.marks)


def _note(segment: Segment, told: Sequence[Clause]) -> str:
    """Clauses in which nothing was recognised, promises, and what was not reached: what else the member told."""
    parts: list[str] = []
    start, last_end = segment.start, -1
    words = segment.line.words
    kept = [*segment.line.promised, *(clause.unmet for clause in told if clause.unmet)]
    edges = {edge for span in kept for edge in (span.start, span.stop)}
    covered = {place for mark in segment.marks for place in range(mark.start, mark.end)}
    covered -= {place for span in kept for place in span}
    for place in range(segment.start, segment.end + 1):
        is_mark = place < segment.end and words[place].text in {",", ".", ";", "(", ")"}
        if place < segment.end and place not in edges and (not is_mark or _is_within(place, segment.line.promised)):
            continue
        own = range(start, place)
        if sum(words[i].is_word for i in own) > 1 and not any(i in covered for i in own):
            part = segment.line.text_of(start, place).strip(" -:")
            parts.append(f" {part}" if start == last_end else f", {part}")
            last_end = place
        start = place + is_mark
    return "".join(parts).strip(", ")[:500]


def _is_within(place: int, spans: Sequence[range]) -> bool:
    return any(place in span for span in spans)


def _doubtful_day(context: _Context, day: date, sent_on: date) -> list[Problem]:
    shown = f"{day:%d/%m/%Y}"
    if day > sent_on:
        return [problem("future_date", day=shown)]
    if sent_on - day > OLDEST:
        return [problem("old_date", day=shown, days=OLDEST.days)]
    if context.day and context.day.is_doubtful:
        return [problem("doubtful_date", words=context.day_words, day=shown)]
    return []


def _doubtful_figures(visit: Visit, figures: Tally) -> list[Problem]:
    doubts = []
    people = visit.people
    for code, count in visit.outcomes.items():
        if people is not None and count > people:
            doubts.append(problem("more_than_people", outcome=NAMES[code], count=count, people=people))
    for group, count in figures.groups.items():
        if people is not None and count > people:
            doubts.append(problem("group_more_than_people", group=NAMES[group], count=count, people=people))
    if figures.listed is not None and people is not None:
        doubts.append(problem("more_listed_than_people", people=people, count=figures.listed))
    if people is not None and people > MOST_PEOPLE:
        doubts.append(problem("too_many_people", people=people))
    if figures.is_negative:
        doubts.append(problem("negative_count"))
    if figures.has_unclear_signature:
        doubts.append(problem("doubtful_outcome"))
    if figures.guessed:
        doubts.append(problem("guessed_count"))
    if figures.is_vague and people is not None:
        doubts.append(problem("vague_count", people=people))
    return doubts


def _missing(visit: Visit) -> tuple[str, ...]:
    needed: list[str] = []
    if visit.hamlet is None and visit.kind != ONE_STOP_DESK:
        needed.append("hamlet")
    if visit.household is None and visit.kind == HOUSE_VISIT:
        needed.append("household")
    if visit.people is None:
        needed.append("people")
    if not visit.outcomes:
        needed.append("outcomes")
    return tuple(needed)
