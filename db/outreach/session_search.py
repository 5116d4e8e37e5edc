"""Support sessions as the office looks for them: by days, places, kind, group, outcome, member, words; in pages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from db.outreach.models import Group, Household, OutcomeCode, SessionKind, SessionOutcome, SupportSession
from db.outreach.names import key


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions are looked for; what is left out narrows nothing.

    words: part of a household's name, of a household's number or of a note. is_voided: those in the trash instead of
    those that count. also: one more condition, such as that of a figure (db/indicators/behind.py).
    """

    commune: str
    first: date | None = None
    last: date | None = None
    hamlet_ids: Collection[int] | None = None
    kind: SessionKind | None = None
    group: Group | None = None
    outcome: OutcomeCode | None = None
    member_id: int | None = None
    household_id: int | None = None
    words: str = ""
    is_voided: bool = False
    also: ColumnElement[bool] | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many sessions are wanted, and their attendances."""

    sessions: int
    attendances: int


async def total(session: AsyncSession, wanted: Wanted) -> Total:
    """What the wanted sessions add up to."""
    query = select(func.count(SupportSession.id), func.coalesce(func.sum(SupportSession.people), 0))
    count, people = (await session.execute(query.where(*_conditions(wanted)))).one()
    return Total(int(count), int(people))


async def part(session: AsyncSession, wanted: Wanted, offset: int, limit: int) -> list[SupportSession]:
    """Some of the wanted sessions, the latest day first, with hamlet, household, member and outcomes."""
    return list(await session.scalars(_whole(wanted).offset(offset).limit(limit)))


async def every(session: AsyncSession, wanted: Wanted, most: int) -> list[SupportSession]:
    """All wanted sessions up to so many, to be taken away as a file."""
    return await part(session, wanted, 0, most)


def _whole(wanted: Wanted) -> Select[SupportSession]:
    return (
        select(SupportSession)
        .where(*_conditions(wanted))
        .order_by(SupportSession.occurred_on.desc(), SupportSession.id.desc())
        .options(
            selectinload(SupportSession.outcomes),
            selectinload(SupportSession.hamlet),
            selectinload(SupportSession.household),
            selectinload(SupportSession.member),
        )
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    is_voided = SupportSession.voided_at.is_not(None)
    found: list[ColumnElement[bool]] = [
        SupportSession.commune == wanted.commune,
        is_voided if wanted.is_voided else ~is_voided,
    ]
    equal: list[tuple[Any, Any]] = [
        (SupportSession.kind, wanted.kind.value if wanted.kind else None),
        (SupportSession.member_id, wanted.member_id),
        (SupportSession.household_id, wanted.household_id),
    ]
    found += [column == value for column, value in equal if value is not None]
    if wanted.first is not None:
        found.append(SupportSession.occurred_on >= wanted.first)
    if wanted.last is not None:
        found.append(SupportSession.occurred_on <= wanted.last)
    if wanted.hamlet_ids is not None:
        found.append(SupportSession.hamlet_id.in_(wanted.hamlet_ids))
    if wanted.group is not None:
        found.append(getattr(SupportSession, wanted.group.value) > 0)
    if wanted.outcome is not None:
        achieved = SessionOutcome.session_id == SupportSession.id
        found.append(exists().where(achieved, SessionOutcome.code == wanted.outcome.value))
    if wanted.words:
        found.append(_holds(wanted.words))
    if wanted.also is not None:
        found.append(wanted.also)
    return found


def _holds(words: str) -> ColumnElement[bool]:
    named = exists().where(
        Household.id == SupportSession.household_id,
        Household.name_key.contains(key(words), autoescape=True) | (Household.number == words.strip()),
    )
    return SupportSession.note.icontains(words, autoescape=True) | named
