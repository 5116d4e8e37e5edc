"""Requests for help as the office looks for them: by state, place, who took them; in pages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from db.outreach.models import HelpRequest
from db.outreach.requests import State


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are looked for; what is left out narrows nothing."""

    commune: str
    states: Collection[State] | None = None
    hamlet_id: int | None = None
    taken_by_id: int | None = None


async def total(session: AsyncSession, wanted: Wanted) -> int:
    """How many requests are wanted."""
    return await session.scalar(select(func.count(HelpRequest.id)).where(*_conditions(wanted))) or 0


async def part(session: AsyncSession, wanted: Wanted, offset: int, limit: int) -> list[HelpRequest]:
    """Some of the wanted requests, the latest first, with hamlet and member."""
    query = (
        select(HelpRequest)
        .where(*_conditions(wanted))
        .options(selectinload(HelpRequest.hamlet), selectinload(HelpRequest.taken_by))
        .order_by(HelpRequest.created_at.desc(), HelpRequest.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return list(await session.scalars(query))


async def by_id(session: AsyncSession, commune: str, request_id: int) -> HelpRequest | None:
    """That request, if it is this commune's, with hamlet and member."""
    query = (
        select(HelpRequest)
        .where(HelpRequest.commune == commune, HelpRequest.id == request_id)
        .options(selectinload(HelpRequest.hamlet), selectinload(HelpRequest.taken_by))
    )
    return (await session.scalars(query)).one_or_none()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [HelpRequest.commune == wanted.commune]
    if wanted.states is not None:
        found.append(HelpRequest.state.in_([state.value for state in wanted.states]))
    if wanted.hamlet_id is not None:
        found.append(HelpRequest.hamlet_id == wanted.hamlet_id)
    if wanted.taken_by_id is not None:
        found.append(HelpRequest.taken_by_id == wanted.taken_by_id)
    return found
