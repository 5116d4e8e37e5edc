"""How many asked to be told, by where they live and by what they want to hear; linked accounts are one person."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import persons
from db.broadcasts.models import Interest, Subscription
from db.models import Conversation
from db.outreach import hamlets

Home = int | None
"""The id of a hamlet as it is now; None for those who did not say where they live."""


async def by_hamlet(session: AsyncSession, commune: str) -> dict[tuple[Home, Interest], int]:
    """How many of each hamlet want to hear of each thing; nothing for nobody."""
    query = (
        select(Subscription.hamlet_id, Subscription.interest, persons.person())
        .join(Conversation, Conversation.id == Subscription.conversation_id)
        .where(Subscription.commune == commune, Subscription.ended_at.is_(None))
        .distinct()
    )
    present = await hamlets.present_ids(session, commune)
    found: dict[tuple[Home, Interest], set[int]] = {}
    for home, interest, person in await session.execute(query):
        found.setdefault((present[home] if home else None, Interest(interest)), set()).add(person)
    return {key: len(people) for key, people in found.items()}


async def count(session: AsyncSession, commune: str) -> int:
    """How many asked for anything."""
    query = (
        select(func.count(func.distinct(persons.person())))
        .select_from(Subscription)
        .join(Conversation, Conversation.id == Subscription.conversation_id)
        .where(Subscription.commune == commune, Subscription.ended_at.is_(None))
    )
    return int(await session.scalar(query) or 0)
