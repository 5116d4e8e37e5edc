"""Every value equals a slow, plain recount from the raw sessions and figures, whatever was voided, edited or merged."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count as counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from content.library import Library
from content.periods import Calendar, Period, PeriodKind, period_of
from db.engine import Database
from db.indicators import official
from db.indicators.behind import session_ids
from db.indicators.models import OfficialFigure
from db.indicators.official import Entry
from db.indicators.values import FIGURES, Basis, Value, trend, values, values_by_hamlet
from db.lessons import counted
from db.lessons.models import CountedLearner
from db.outreach import hamlets, households, sessions
from db.outreach.audit import OPERATOR
from db.outreach.figures import Scope
from db.outreach.models import Hamlet, OutcomeCode, SupportSession
from db.outreach.sessions import content_of
from db.reach import chat
from tests.db.outreach.test_figures import recount
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.outreach import TODAY, visit
from tests.support.rows import COMMUNE, open_conversation

SKILLS = "basic_digital_skills"
COVERAGE = {"vneid_account": "vneid_level2", "health_book": "health_book", SKILLS: SKILLS}
MEASURES = (*COVERAGE, *FIGURES)

# Both sides of every boundary: months of the decree, of the calendar, leap day, both years' ends.
DAYS = [
    date(2023, 12, 14), date(2023, 12, 15), date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 14), date(2024, 1, 15),
    date(2024, 2, 14), date(2024, 2, 15), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 14),
    date(2024, 3, 15), date(2024, 12, 14), date(2024, 12, 15), date(2024, 12, 31),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One visit: where, when, of how many, and what happened to it afterwards.

    Or that many were helped in the chat, or learnt by themselves and agreed to count.
    """

    place: int
    home: int
    day: date
    people: int
    code: OutcomeCode
    fate: str
    moved_to: date


@dataclass(frozen=True, slots=True)
class Given:
    """An official figure; `place` None is the commune, `when` the step of the mergers after which it was entered."""

    place: int | None
    indicator: str
    day: date
    count: int
    missing: int
    when: int
    is_wrong: bool


told = st.builds(
    Told, st.integers(0, 3), st.integers(0, 3), st.sampled_from(DAYS), st.integers(1, 6),
    st.sampled_from([
        OutcomeCode.VNEID_LEVEL2, OutcomeCode.HEALTH_BOOK, OutcomeCode.SCAM_AWARENESS, OutcomeCode.BASIC_DIGITAL_SKILLS,
    ]),
    st.sampled_from(["stays", "stays", "void", "edited", "restored", "in_chat", "learnt"]), st.sampled_from(DAYS),
)  # fmt: skip
figures_given = st.builds(
    Given, st.none() | st.integers(0, 3), st.sampled_from(list(COVERAGE)), st.sampled_from(DAYS), st.integers(0, 9),
    st.integers(0, 9), st.integers(0, 2), st.sampled_from([False, False, False, True]),
)  # fmt: skip
kinds, calendars = st.sampled_from(PeriodKind), st.sampled_from(Calendar)
_names = counter(1)


class Book:
    """Everything as it stands in the tables, read plainly."""

    def __init__(self, every: Sequence[SupportSession], figures: Sequence[OfficialFigure], places: Sequence[Hamlet],
                 merged: dict[int, tuple[int, datetime]], learners: Sequence[CountedLearner] = ()) -> None:  # fmt: skip
        self.sessions = [one for one in every if one.commune == COMMUNE and one.voided_at is None]
        self.figures = [one for one in figures if one.withdrawn_at is None]
        self.places, self.merged, self.learners = places, merged, learners

    def value(self, indicator: str, wanted: Collection[int] | None, first: date, last: date) -> dict[str, Any]:
        """The rule of docs/indicators.md for coverage, one session and one old hamlet at a time."""
        code = COVERAGE[indicator]
        old = [one.id for one in self.places if wanted is None or (one.merged_into_id or one.id) in wanted]
        counted = [one for one in self.sessions if one.hamlet_id in old and self._of(one, code)]
        in_period = [one for one in counted if first <= one.occurred_on <= last]
        alone = [
            one for one in self.learners if indicator == SKILLS and one.hamlet_id in old and one.finished_on <= last
        ]
        shared = {
            "in_period": sum(self._of(one, code) for one in in_period), "period": {one.id for one in in_period},
            "learned_in_period": len([one for one in alone if first <= one.finished_on]),
        }  # fmt: skip
        covering = self._covering(indicator, wanted, old, last)
        if covering is None:
            until = [one for one in counted if one.occurred_on <= last]
            reached = sum(self._of(one, code) for one in until)
            basis = Basis.OUTREACH if reached or alone else Basis.NOTHING
            return shared | {
                "basis": basis, "numerator": reached + len(alone) or None, "denominator": None, "value": None,
                "since": reached, "learned": len(alone),
                "ids": {one.id for one in until},
            }  # fmt: skip
        numerator = denominator = since = learned = 0
        ids: set[int] = set()
        for figure in {figure.id: figure for figure in covering.values()}.values():
            newly = [
                one for one in counted if covering[one.hamlet_id] is figure and figure.as_of < one.occurred_on <= last
            ]
            assert figure.count is not None and figure.total is not None  # noqa: PT018
            people = sum(self._of(one, code) for one in newly)
            by_themselves = len([
                one for one in alone if covering[one.hamlet_id] is figure and figure.as_of < one.finished_on
            ])  # fmt: skip
            numerator += min(figure.count + people + by_themselves, figure.total)
            learned += by_themselves
            denominator += figure.total
            since += people
            ids |= {one.id for one in newly}
        return shared | {
            "basis": Basis.OFFICIAL_AND_OUTREACH if since + learned else Basis.OFFICIAL, "numerator": numerator,
            "learned": learned,
            "denominator": denominator, "value": Decimal(numerator * 100) / denominator, "since": since, "ids": ids,
        }  # fmt: skip

    def _covering(
        self, indicator: str, wanted: Collection[int] | None, old: Sequence[int], last: date
    ) -> dict[int, OfficialFigure] | None:
        """Which figure tells of which old hamlet; None when one of them has none."""
        if wanted is None and (whole := self._latest(indicator, None, last)) is not None:
            return dict.fromkeys(old, whole)
        found = {}
        for hamlet_id in old:
            path, moments = [hamlet_id], []  # from the old hamlet up to what it is part of now
            while path[-1] in self.merged:
                into, at = self.merged[path[-1]]
                path.append(into)
                moments.append(at)
            while True:
                figure = self._latest(indicator, path[-1], last)
                if figure is None:
                    return None
                if not moments or moments[-1] <= figure.entered_at:
                    break
                path.pop()
                moments.pop()
            found[hamlet_id] = figure
        return found or None

    def _latest(self, indicator: str, hamlet_id: int | None, last: date) -> OfficialFigure | None:
        known = [
            one for one in self.figures
            if one.indicator == indicator and one.hamlet_id == hamlet_id and one.as_of <= last
        ]  # fmt: skip
        return max(known, key=lambda one: one.as_of, default=None)

    @staticmethod
    def _of(one: SupportSession, code: str) -> int:
        return sum(outcome.count for outcome in one.outcomes if outcome.code == code)


async def make(
    session: AsyncSession, library: Library, visits: list[Told], given_figures: list[Given], mergers: int
) -> Book:
    """The commune after all that: hamlet 0 goes into 1 in step 1, 1 into 2 in step 2, as far as `mergers` says.

    With a merger the first household turns out to be the second, and the third one moves to another hamlet.
    """
    run = next(_names)
    places = [await outreach.hamlet(session, f"Xóm {run} {number}") for number in range(4)]
    homes = [await outreach.household(session, f"Hộ {run} {number}", place=places[number]) for number in range(3)]
    moments = [NOON + timedelta(hours=step) for step in range(4)]
    merged: dict[int, tuple[int, datetime]] = {}
    for number, one in enumerate(visits):
        if one.fate == "in_chat":
            for who in range(one.people):
                chatter = await open_conversation(session, f"{run}-{who}")
                await chat.answered(session, chatter, places[one.place].id, one.day, NOON)
            continue
        if one.fate == "learnt":
            for who in range(one.people):
                learner = await open_conversation(session, f"{run}-{who}")
                await counted.agree(
                    session, learner, hamlet_id=places[one.place].id, finished_on=one.day, actor=OPERATOR, now=NOON
                )
            continue
        content = visit(
            places[one.place], homes[one.home] if one.home < 3 else None, people=one.people, occurred_on=one.day,
            outcomes={one.code: one.people},
        )  # fmt: skip
        stored = (await outreach.log(session, content, f"{run}:{number}")).session
        if one.fate == "edited":
            said = replace(content_of(stored), occurred_on=one.moved_to, hamlet_id=places[(one.place + 1) % 4].id)
            await sessions.edit(session, stored, said, actor=OPERATOR, written_at=moments[1], now=moments[1])
        if one.fate in ("void", "restored"):
            await sessions.void(session, stored, reason="x", actor=OPERATOR, written_at=NOON, now=NOON)
        if one.fate == "restored":
            await sessions.restore(session, stored, actor=OPERATOR, written_at=moments[1], now=moments[1])
    if mergers:
        await households.merge(session, homes[0], homes[1], OPERATOR, NOON)
        homes[2].hamlet_id = places[3].id
    for step in range(3):
        if step and step <= mergers:
            await hamlets.merge(session, places[step - 1], places[step], OPERATOR, moments[step])
            merged[places[step - 1].id] = (places[step].id, moments[step])
        for figure in given_figures:
            if figure.when == step and (figure.place is None or places[figure.place].id not in merged):
                total = figure.count + figure.missing + 1
                entry = Entry(
                    figure.indicator, figure.day, "nguồn", None if figure.place is None else places[figure.place].id,
                    figure.count, total,
                )  # fmt: skip
                entered = await official.enter(
                    session, COMMUNE, entry, known=library.indicators, actor=OPERATOR,
                    now=moments[step] + timedelta(minutes=1), today=TODAY,
                )  # fmt: skip
                if figure.is_wrong:
                    await official.withdraw(session, entered.figure, reason="x", actor=OPERATOR, now=moments[3])
    await session.flush()
    every = await session.scalars(select(SupportSession).options(selectinload(SupportSession.outcomes)))
    figures = await session.scalars(select(OfficialFigure))
    learners = list(await session.scalars(select(CountedLearner)))
    return Book(list(every), list(figures), list(await session.scalars(select(Hamlet))), merged, learners)


async def check(
    session: AsyncSession, book: Book, found: dict[str, Value], wanted: Collection[int] | None, period: Period
) -> None:
    counted = await recount(session, Scope(COMMUNE, period.first, period.last, wanted))
    assert {one: found[one].numerator for one in FIGURES} == {one: getattr(counted, FIGURES[one]) for one in FIGURES}
    for one in COVERAGE:
        expected = book.value(one, wanted, period.first, period.last)
        told = {name: getattr(found[one], name) for name in expected if name not in ("ids", "period")}
        told |= {
            "ids": set(await session_ids(session, found[one].behind)),
            "period": set(await session_ids(session, found[one].behind_period)),
        }
        assert told == expected, found[one]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    visits=st.lists(told, max_size=7), some=st.lists(figures_given, max_size=7), mergers=st.integers(0, 2),
    day=st.sampled_from(DAYS), kind=kinds, calendar=calendars,
)  # fmt: skip
async def test_values_equal_a_plain_recount(
    database: Database, library: Library, visits: list[Told], some: list[Given], mergers: int, day: date,
    kind: PeriodKind, calendar: Calendar,
) -> None:  # fmt: skip
    period = period_of(day, kind, calendar)
    measures = [library.indicators[one] for one in MEASURES]

    class Undone(Exception):  # noqa: N818 - each example begins with an empty commune
        pass

    try:
        async with database.transaction() as session:
            book = await make(session, library, visits, some, mergers)
            present = [one.id for one in book.places if one.merged_into_id is None]
            for wanted in (None, present[:1], present[-2:]):
                await check(
                    session,
                    book,
                    await values(session, COMMUNE, measures, period=period, hamlet_ids=wanted),
                    wanted,
                    period,
                )
            by_hamlet = await values_by_hamlet(session, COMMUNE, measures, period=period)
            assert set(by_hamlet) == set(present)
            for hamlet_id, its in by_hamlet.items():
                await check(session, book, its, [hamlet_id], period)
            periods = [period.previous, period]
            trends = await trend(session, COMMUNE, measures, periods)
            for place, one in enumerate(periods):
                alone = await values(session, COMMUNE, measures, period=one)
                assert {name: line[place] for name, line in trends.items()} == alone
            until = await values(session, COMMUNE, measures, period=period, as_of=day)
            cut = {name: value.day for name, value in until.items()}
            assert set(cut.values()) == {day}
            raise Undone
    except Undone:
        pass
