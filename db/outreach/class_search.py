"""Classes as the office looks for them: those to come, held, called off; in pages, with how many came."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from db.outreach.models import ClassAttendance, LearningClass


class State(StrEnum):
    """Where a class stands."""

    COMING = "coming"
    TO_CLOSE = "to_close"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which classes are looked for; what is left out narrows nothing."""

    commune: str
    hamlet_ids: Collection[int] | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A class, how many accounts signed up and checked in."""

    planned: LearningClass
    signed_up: int
    checked_in: int


def state_of(planned: LearningClass, now: datetime) -> State:
    """Where a class stands at that moment."""
    if planned.cancelled_at:
        return State.CANCELLED
    if planned.closed_at:
        return State.CLOSED
    return State.COMING if planned.starts_at > now else State.TO_CLOSE


async def total(session: AsyncSession, wanted: Wanted, now: datetime) -> int:
    """How many classes are wanted."""
    return await session.scalar(select(func.count(LearningClass.id)).where(*_conditions(wanted, now))) or 0


async def part(session: AsyncSession, wanted: Wanted, now: datetime, offset: int, limit: int) -> list[Found]:
    """Some of the wanted classes, the latest first, with their hamlets."""
    query = (
        select(LearningClass, _attended(ClassAttendance.signed_up_at), _attended(ClassAttendance.checked_in_at))
        .where(*_conditions(wanted, now))
        .options(selectinload(LearningClass.hamlet))
        .order_by(LearningClass.starts_at.desc(), LearningClass.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [Found(planned, signed_up, present) for planned, signed_up, present in await session.execute(query)]


def _attended(column: InstrumentedAttribute[datetime | None]) -> ColumnElement[int]:
    query = select(func.count(column)).where(ClassAttendance.class_id == LearningClass.id)
    return query.scalar_subquery()


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [LearningClass.commune == wanted.commune]
    if wanted.hamlet_ids is not None:
        found.append(LearningClass.hamlet_id.in_(wanted.hamlet_ids))
    is_open = [LearningClass.cancelled_at.is_(None), LearningClass.closed_at.is_(None)]
    match wanted.state:
        case State.COMING:
            found += [*is_open, LearningClass.starts_at > now]
        case State.TO_CLOSE:
            found += [*is_open, LearningClass.starts_at <= now]
        case State.CLOSED:
            found += [LearningClass.closed_at.is_not(None), LearningClass.cancelled_at.is_(None)]
        case State.CANCELLED:
            found.append(LearningClass.cancelled_at.is_not(None))
    return found
