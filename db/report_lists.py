"""What reports list beside their figures: the classes that were held, and what became of citizens' requests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach.models import Hamlet, HelpRequest, LearningClass, SessionKind, SupportSession


@dataclass(frozen=True, slots=True)
class HeldClass:
    """A session of the kind class; its title when it was planned as one. `hamlet_id` is where it counts."""

    day: date
    hamlet_id: int
    title: str
    people: int


async def classes_held(session: AsyncSession, commune: str, first: date, last: date) -> list[HeldClass]:
    """The classes that `Figures.classes` counts, one by one, the earliest first."""
    query = (
        select(
            SupportSession.occurred_on,
            func.coalesce(Hamlet.merged_into_id, Hamlet.id),
            func.coalesce(LearningClass.title, ""),
            SupportSession.people,
        )
        .join(Hamlet, Hamlet.id == SupportSession.hamlet_id)
        .outerjoin(LearningClass, LearningClass.id == SupportSession.class_id)
        .where(
            SupportSession.commune == commune,
            SupportSession.kind == SessionKind.CLASS.value,
            SupportSession.voided_at.is_(None),
            SupportSession.occurred_on.between(first, last),
        )
        .order_by(SupportSession.occurred_on, SupportSession.id)
    )
    return [HeldClass(*row) for row in await session.execute(query)]


async def requests_by_state(session: AsyncSession, commune: str, since: datetime, until: datetime) -> Counter[str]:
    """How many requests made from `since` to before `until` are now in each state (db/outreach/requests.py)."""
    query = (
        select(HelpRequest.state, func.count(HelpRequest.id))
        .where(HelpRequest.commune == commune, HelpRequest.created_at >= since, HelpRequest.created_at < until)
        .group_by(HelpRequest.state)
    )
    return Counter({str(state): int(count) for state, count in await session.execute(query)})
