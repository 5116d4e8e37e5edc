"""Composes a report from the database: the one place where reports get their figures.

Everything is read in the session that is passed in, which should see one moment of the database (`as_of_one_moment`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from content.commune import Commune
from content.indicators import PlanTask
from content.library import Library
from content.numbers import TIME_ZONE
from content.periods import Period, read_period
from db import plan_tasks, report_lists, reports
from db.outreach import figures, hamlets
from db.outreach.figures import Figures, Scope
from db.outreach.models import Group, OutcomeCode
from db.outreach.requests import State
from db.plan_tasks import TaskState
from db.reports import PeriodKey, StoredReport
from office.reports.indicators import indicator_lines
from office.reports.report import (
    Adjustment,
    ClassLine,
    GroupLine,
    HamletLine,
    Line,
    Report,
    Requests,
    Span,
)
from office.reports.words import HEADINGS, OUTCOME, Facts, compose_texts

PRIORITY = (Group.ELDERLY, Group.POOR, Group.ETHNIC_MINORITY, Group.DISABLED)
COUNTS = ("sessions", "attendances", "people", "households", "classes")
EARLIER_REPORTS = 24
"""So many issued reports are counted again; what is older is closed."""


class NotBegunError(Exception):
    """The period lies in the future."""


def key_of(period: Period) -> PeriodKey:
    """The period as reports are stored by it."""
    return PeriodKey(period.code, period.kind.value, period.first, period.last)


async def as_of_one_moment(session: AsyncSession) -> None:
    """Makes a new session see one moment of the database in all its queries; on SQLite it does so anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


async def compose(session: AsyncSession, commune: Commune, library: Library, period: Period, now: datetime) -> Report:
    """The report as the database is now, with the texts composed from its figures.

    Raises:
        NotBegunError: the period lies in the future.
    """
    today = now.astimezone(TIME_ZONE).date()
    if period.first > today:
        raise NotBegunError(period.code)
    counted_to = min(period.last, today)
    scope = Scope(commune.slug, period.first, counted_to)
    names = {
        hamlet.id: f"{commune.hamlet_word} {hamlet.name}" for hamlet in await hamlets.all_of(session, commune.slug)
    }
    report = Report(
        commune=commune.slug,
        commune_name=commune.name,
        province=commune.province,
        hamlet_word=commune.hamlet_word,
        period=Span(period.code, period.name, period.first, period.last, counted_to),
        before_name=period.previous.name,
        lines=await _lines(session, library, scope, period),
        indicators=await indicator_lines(session, commune, library, period, counted_to),
        hamlets=await _hamlets(session, library, scope, names),
        groups=await _groups(session, scope),
        classes=await _classes(session, scope, names),
        requests=await _requests(session, scope),
        adjustments=await _adjustments(session, commune, library, period),
        texts={},
    )
    return report.with_texts(compose_texts(report, Facts.of(commune, await _tasks(session, commune, period))))


async def _tasks(session: AsyncSession, commune: Commune, period: Period) -> list[PlanTask]:
    """The plan's tasks that are due by the end of the next period and not done, the earliest first."""
    states = await plan_tasks.states(session, commune.slug)
    undone = [
        task
        for task in (commune.plan.tasks if commune.plan else ())
        if task.id not in states or states[task.id].state != TaskState.DONE
    ]
    due = [(task.deadline, task) for task in undone if task.deadline and task.deadline <= period.next.last]
    return [task for _, task in sorted(due, key=lambda one: one[0])]


async def _lines(session: AsyncSession, library: Library, scope: Scope, period: Period) -> tuple[Line, ...]:
    now = _values(await figures.count(session, scope))
    before: dict[str, int] | None = None
    if scope.last == period.last:  # part of a period is not held against a whole one
        counted = await figures.count(session, Scope(scope.commune, period.previous.first, period.previous.last))
        before = _values(counted) if counted.sessions else None
    return tuple(
        Line(code, name, unit, now[code], before[code] if before else None)
        for code, (name, unit) in _names(library).items()
    )


async def _hamlets(
    session: AsyncSession, library: Library, scope: Scope, names: dict[int, str]
) -> tuple[HamletLine, ...]:
    counted = await figures.count_by_hamlet(session, scope)
    return tuple(HamletLine(name, _values(counted.get(hamlet_id, Figures()))) for hamlet_id, name in names.items())


async def _groups(session: AsyncSession, scope: Scope) -> tuple[GroupLine, ...]:
    lines = []
    for group in PRIORITY:
        counted = await figures.count(session, replace(scope, group=group))
        lines.append(GroupLine(group.value, HEADINGS[f"group.{group.value}"], counted.attendances, counted.people))
    return tuple(lines)


async def _classes(session: AsyncSession, scope: Scope, names: dict[int, str]) -> tuple[ClassLine, ...]:
    held = await report_lists.classes_held(session, scope.commune, scope.first, scope.last)
    return tuple(ClassLine(one.day, names[one.hamlet_id], one.title, one.people) for one in held)


async def _requests(session: AsyncSession, scope: Scope) -> Requests:
    states = await report_lists.requests_by_state(
        session, scope.commune, _midnight(scope.first), _midnight(scope.last + timedelta(days=1))
    )
    return Requests(
        states.total(), states[State.DONE], states[State.TAKEN], states[State.OPEN], states[State.CANCELLED]
    )  # fmt: skip


async def _adjustments(
    session: AsyncSession, commune: Commune, library: Library, period: Period
) -> tuple[Adjustment, ...]:
    """What earlier issued reports of this kind would say otherwise today, compared with what was last reported."""
    issued = await reports.issued_before(session, commune.slug, key_of(period), EARLIER_REPORTS)
    told = _reported(issued)
    found = []
    for stored in issued:
        now = _values(await figures.count(session, Scope(commune.slug, stored.first, stored.last)))
        name = read_period(stored.period, commune.reporting_periods).name
        for code, (line, unit) in _names(library).items():
            reported = told.get((stored.period, code), 0)
            if reported != now[code]:
                found.append(Adjustment(stored.period, name, code, line, unit, reported, now[code]))
    return tuple(found)


def _reported(issued: list[StoredReport]) -> dict[tuple[str, str], int]:
    """The figures of earlier periods by period and code, as the report that was issued last gave them."""
    told: dict[tuple[str, str], int] = {}
    for stored in sorted(issued, key=_issued_at):
        report = Report.from_json(stored.content)
        told |= {(stored.period, line.code): line.value for line in report.lines}
        told |= {(one.period, one.code): one.now for one in report.adjustments}
    return told


def _issued_at(report: StoredReport) -> datetime:
    assert report.issued_at is not None, "only issued reports are asked for"
    return report.issued_at


def _values(counted: Figures) -> dict[str, int]:
    values = {name: int(getattr(counted, name)) for name in COUNTS}
    return values | {OUTCOME + code.value: counted.outcomes.get(code, 0) for code in OutcomeCode}


def _names(library: Library) -> dict[str, tuple[str, str]]:
    """Name and unit of each figure of a report, by its code, in the order of the paper."""
    names = {code: (HEADINGS[f"line.{code}"], HEADINGS[f"unit.{code}"]) for code in COUNTS}
    outcomes = library.texts.log.outcomes
    return names | {OUTCOME + code.value: (outcomes[code.value], HEADINGS["unit.outcome"]) for code in OutcomeCode}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TIME_ZONE)
