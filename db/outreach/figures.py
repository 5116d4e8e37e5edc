"""What support sessions add up to: attendances, distinct people, outcomes, for any days, hamlets, member and group.

The rules stand in docs/indicators.md. Sessions in the trash don't count. A hamlet that was merged into another counts
there. Nothing is kept: every figure is counted from the sessions each time, so that late, edited and voided ones need
no second book, and distinct people are counted for the whole period, never added up from parts of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach.models import (
    ClassAttendance,
    Group,
    Hamlet,
    OutcomeCode,
    SessionKind,
    SessionOutcome,
    SupportSession,
)
from db.reach.accounts import person_behind
from db.reach.models import ChatPerson


@dataclass(frozen=True, slots=True)
class Scope:
    """Which sessions are meant: of a commune, from `first` to `last` (both included), and of these if given.

    `group` counts only the people of a priority group.
    """

    commune: str
    first: date
    last: date
    hamlet_ids: Collection[int] | None = None
    member_id: int | None = None
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What the sessions of a scope add up to.

    attendances: lượt người, every person in every session. people: số người, distinct. households: that were visited.
    outcomes: by code, how many people achieved it, as the sessions say.
    """

    sessions: int = 0
    attendances: int = 0
    people: int = 0
    households: int = 0
    classes: int = 0
    outcomes: dict[OutcomeCode, int] = field(default_factory=dict)


async def count(session: AsyncSession, scope: Scope) -> Figures:
    """The figures of a scope as a whole."""
    found = await _counted(session, scope, by_hamlet=False)
    return found.get(0, Figures())


async def count_by_hamlet(session: AsyncSession, scope: Scope) -> dict[int, Figures]:
    """The figures of each hamlet of a scope, by its id; hamlets without a session are not in it."""
    return await _counted(session, scope, by_hamlet=True)


async def days_active(session: AsyncSession, scope: Scope) -> dict[int, set[date]]:
    """On which days each member logged sessions, by the member's id."""
    query = (
        select(SupportSession.member_id, SupportSession.occurred_on)
        .join(Hamlet, Hamlet.id == SupportSession.hamlet_id)
        .where(*_conditions(scope), SupportSession.member_id.is_not(None))
        .distinct()
    )
    days: dict[int, set[date]] = {}
    for member_id, day in await session.execute(query):
        assert member_id is not None, "the query asks for these"
        days.setdefault(member_id, set()).add(day)
    return days


async def _counted(session: AsyncSession, scope: Scope, *, by_hamlet: bool) -> dict[int, Figures]:
    place: ColumnElement[Any] = _place() if by_hamlet else Hamlet.id * 0  # one group, of all
    counted = _people_column(scope.group)
    is_visit = SupportSession.kind == SessionKind.HOUSE_VISIT.value
    totals = (
        select(
            place,
            func.count(SupportSession.id),
            func.coalesce(func.sum(counted), 0),
            func.count(func.distinct(case((is_visit, SupportSession.household_id)))),
            func.coalesce(func.sum(case((SupportSession.kind == SessionKind.CLASS.value, 1), else_=0)), 0),
        )
        .join(Hamlet, Hamlet.id == SupportSession.hamlet_id)
        .where(*_conditions(scope))
        .group_by(place)
    )
    figures = {
        int(where): Figures(int(n), int(attended), 0, int(homes), int(classes))
        for where, n, attended, homes, classes in await session.execute(totals)
    }
    for where, people in await _distinct_people(session, scope, place):
        figures[where] = replace(figures[where], people=figures[where].people + people)
    outcomes = (
        select(place, SessionOutcome.code, func.sum(SessionOutcome.count))
        .join(SupportSession, SupportSession.id == SessionOutcome.session_id)
        .join(Hamlet, Hamlet.id == SupportSession.hamlet_id)
        .where(*_conditions(scope))
        .group_by(place, SessionOutcome.code)
    )
    for where, code, people in await session.execute(outcomes):
        figures[int(where)].outcomes[OutcomeCode(code)] = int(people)
    return figures


async def _distinct_people(session: AsyncSession, scope: Scope, place: ColumnElement[Any]) -> list[tuple[int, int]]:
    """Parts of số người, by place: households, known accounts (checked in, or helped in the chat), and all others."""
    counted = _people_column(scope.group)
    largest = (
        select(place.label("place"), func.max(counted).label("people"))
        .join(Hamlet, Hamlet.id == SupportSession.hamlet_id)
        .where(*_conditions(scope), SupportSession.household_id.is_not(None))
        .group_by(place, SupportSession.household_id)
        .subquery()
    )
    households = select(largest.c.place, func.sum(largest.c.people)).group_by(largest.c.place)
    checked_in = (
        select(func.count(ClassAttendance.id))
        .where(ClassAttendance.class_id == SupportSession.class_id, ClassAttendance.checked_in_at.is_not(None))
        .correlate(SupportSession)
        .scalar_subquery()
    )
    chatted = (
        select(func.count(ChatPerson.id))
        .where(ChatPerson.session_id == SupportSession.id)
        .correlate(SupportSession)
        .scalar_subquery()
    )
    # Of a priority group nobody knows which account belongs to it: then those of a class are counted once a class.
    known: ColumnElement[int] = checked_in + chatted if scope.group is None else literal(0)
    anonymous = (
        select(place, func.sum(case((counted > known, counted - known), else_=0)))
        .join(Hamlet, Hamlet.id == SupportSession.hamlet_id)
        .where(*_conditions(scope), SupportSession.household_id.is_(None))
        .group_by(place)
    )
    parts = [*(await session.execute(households)), *(await session.execute(anonymous))]
    if scope.group is None:
        at_classes = (
            select(place.label("place"), person_behind(ClassAttendance.person, ClassAttendance.commune).label("person"))
            .join(SupportSession, SupportSession.class_id == ClassAttendance.class_id)
            .join(Hamlet, Hamlet.id == SupportSession.hamlet_id)
            .where(*_conditions(scope), ClassAttendance.checked_in_at.is_not(None))
        )
        in_chat = (
            select(place.label("place"), person_behind(ChatPerson.person, ChatPerson.commune).label("person"))
            .join(SupportSession, SupportSession.id == ChatPerson.session_id)
            .join(Hamlet, Hamlet.id == SupportSession.hamlet_id)
            .where(*_conditions(scope))
        )
        everybody = union(at_classes, in_chat).subquery()  # each person once, though at classes and in the chat
        accounts = select(everybody.c.place, func.count()).group_by(everybody.c.place)
        parts += [*(await session.execute(accounts))]
    return [(int(where), int(people or 0)) for where, people in parts]


def _place() -> ColumnElement[Any]:
    """The hamlet for which a session counts."""
    return func.coalesce(Hamlet.merged_into_id, Hamlet.id)


def _people_column(group: Group | None) -> Any:
    return getattr(SupportSession, group.value) if group else SupportSession.people


def _conditions(scope: Scope) -> Iterable[ColumnElement[bool]]:
    yield SupportSession.commune == scope.commune
    yield SupportSession.voided_at.is_(None)
    yield SupportSession.occurred_on.between(scope.first, scope.last)
    if scope.hamlet_ids is not None:
        yield _place().in_(scope.hamlet_ids)
    if scope.member_id is not None:
        yield SupportSession.member_id == scope.member_id
