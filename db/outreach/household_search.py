"""Households as the office looks for them: by place, name or number, circumstances, whether surveyed; in pages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach.models import Household, SupportSession
from db.outreach.names import key


class Circumstance(StrEnum):
    """What is known of a household; the value is the column."""

    POOR = "is_poor"
    ETHNIC_MINORITY = "is_ethnic_minority"
    ELDERLY = "has_elderly"
    DISABLED = "has_disabled"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which households are looked for; what is left out narrows nothing. `words`: part of a name, or a number."""

    commune: str
    hamlet_ids: Collection[int] | None = None
    words: str = ""
    circumstance: Circumstance | None = None
    is_surveyed: bool | None = None
    is_visited: bool | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A household with the day of its last visit that counts."""

    household: Household
    last_visit: date | None


async def total(session: AsyncSession, wanted: Wanted) -> int:
    """How many households are wanted."""
    return await session.scalar(select(func.count(Household.id)).where(*_conditions(wanted))) or 0


async def part(session: AsyncSession, wanted: Wanted, offset: int, limit: int) -> list[Found]:
    """Some of the wanted households, by hamlet and name."""
    query = (
        select(Household, _last_visit())
        .where(*_conditions(wanted))
        .order_by(Household.hamlet_id, Household.name_key, Household.id)
        .offset(offset)
        .limit(limit)
    )
    return [Found(home, last) for home, last in await session.execute(query)]


def _last_visit() -> ScalarSelect[date]:
    return (
        select(func.max(SupportSession.occurred_on))
        .where(SupportSession.household_id == Household.id, SupportSession.voided_at.is_(None))
        .scalar_subquery()
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Household.commune == wanted.commune, Household.merged_into_id.is_(None)]
    if wanted.hamlet_ids is not None:
        found.append(Household.hamlet_id.in_(wanted.hamlet_ids))
    if wanted.words:
        named = Household.name_key.contains(key(wanted.words), autoescape=True)
        found.append(named | (Household.number == wanted.words.strip()))
    if wanted.circumstance is not None:
        found.append(getattr(Household, wanted.circumstance.value).is_(True))
    if wanted.is_surveyed is not None:
        is_surveyed = Household.surveyed_at.is_not(None)
        found.append(is_surveyed if wanted.is_surveyed else ~is_surveyed)
    if wanted.is_visited is not None:
        is_visited = _last_visit().is_not(None)
        found.append(is_visited if wanted.is_visited else ~is_visited)
    return found
