"""The name on a certificate: it stands in the message that brings the picture, and is gone from there soon after."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Conversation, InboxMessage, OutboxMessage

SORT = "certificate"
"""What bot/messages.py calls that sort of picture."""
KEPT_FOR = timedelta(days=2)
"""As long as a message may have to be sent again."""
LOOKED_BACK = timedelta(days=30)


async def unsay(session: AsyncSession, who: Conversation, message_id: str) -> None:
    """Empties the message in which somebody wrote the name: it is in the picture now, and needed nowhere else."""
    await session.execute(
        update(InboxMessage)
        .where(InboxMessage.conversation_id == who.id, InboxMessage.message_id == message_id)
        .values(text="")
    )


async def forget_old(session: AsyncSession, now: datetime) -> int:
    """Takes the pictures, and the names in them, out of messages that were sent days ago; returns of how many."""
    query = select(OutboxMessage).where(
        OutboxMessage.created_at.between(now - LOOKED_BACK, now - KEPT_FOR),
        OutboxMessage.body["picture"]["sort"].as_string() == SORT,
    )
    found = list(await session.scalars(query))
    for message in found:
        message.body = {name: value for name, value in message.body.items() if name != "picture"}
    await session.flush()
    return len(found)
