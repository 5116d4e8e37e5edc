"""What tests of broadcasts need: people who asked to be told, and broadcasts as the office makes them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.broadcasts import broadcasts, subscriptions
from db.broadcasts.letter import Letter
from db.broadcasts.models import Broadcast, BroadcastRecipient, BroadcastSort, Interest
from db.models import Conversation
from tests.support.clock import NOON
from tests.support.rows import COMMUNE, open_conversation

WRITER, SECOND = "office:an", "office:binh"
ALERT = Letter(BroadcastSort.SCAM_ALERT, "Có kẻ giả danh **công an xã**.")


async def subscriber(
    session: AsyncSession,
    who: str,
    *,
    interest: Interest = Interest.SCAM_ALERTS,
    channel: str = "telegram",
    hamlet_id: int | None = None,
    now: datetime = NOON,
) -> Conversation:
    """Somebody who asked for it in their private chat."""
    chat = await open_conversation(session, who, channel=channel, now=now)
    await subscriptions.subscribe(session, chat, interest, now=now, hamlet_id=hamlet_id)
    return chat


async def approved(session: AsyncSession, letter: Letter = ALERT, *, now: datetime = NOON) -> Broadcast:
    """A broadcast that may go out."""
    broadcast = await broadcasts.create(session, COMMUNE, letter, actor=WRITER, now=now)
    broadcasts.submit(session, broadcast, actor=WRITER, now=now)
    broadcasts.approve(session, broadcast, actor=SECOND, now=now)
    return broadcast


async def states(session: AsyncSession) -> dict[str, str]:
    """Whose copy is in which state."""
    query = (
        select(Conversation.sender, BroadcastRecipient.state)
        .join(Conversation, Conversation.id == BroadcastRecipient.conversation_id)
        .order_by(Conversation.id)
    )
    return {who: state for who, state in await session.execute(query)}  # noqa: C416 - rows, not pairs
