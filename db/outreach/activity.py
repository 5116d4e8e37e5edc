"""What each member logged: sessions, attendances, households, on which days, and when last. Voided ones don't count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach.figures import Scope, days_active
from db.outreach.models import SupportSession


@dataclass(frozen=True, slots=True)
class Activity:
    """Of one member from one day to another; households are counted once each. `days`: those of the sessions."""

    sessions: int = 0
    attendances: int = 0
    households: int = 0
    days: tuple[date, ...] = field(default_factory=tuple)


async def of_members(session: AsyncSession, commune: str, first: date, last: date) -> dict[int, Activity]:
    """What members logged for those days, by the member's id; who logged nothing is not in it."""
    days = await days_active(session, Scope(commune, first, last))
    query = (
        select(
            SupportSession.member_id,
            func.count(SupportSession.id),
            func.sum(SupportSession.people),
            func.count(func.distinct(SupportSession.household_id)),
        )
        .where(
            SupportSession.commune == commune,
            SupportSession.voided_at.is_(None),
            SupportSession.member_id.is_not(None),
            SupportSession.occurred_on.between(first, last),
        )
        .group_by(SupportSession.member_id)
    )
    return {
        member_id: Activity(count, int(people), homes, tuple(sorted(days[member_id])))
        for member_id, count, people, homes in await session.execute(query)
        if member_id is not None
    }


async def last_days(session: AsyncSession, commune: str) -> dict[int, date]:
    """The latest day for which each member logged something, by the member's id."""
    query = (
        select(SupportSession.member_id, func.max(SupportSession.occurred_on))
        .where(
            SupportSession.commune == commune,
            SupportSession.voided_at.is_(None),
            SupportSession.member_id.is_not(None),
        )
        .group_by(SupportSession.member_id)
    )
    return {member_id: day for member_id, day in await session.execute(query) if member_id is not None}
