"""Rows that tests of the database need, made the way the programme makes them."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Reply
from db import conversations, inbox, outbox
from db.models import Conversation, InboxMessage, OutboxMessage
from tests.support.clock import NOON

COMMUNE = "tan-loi"
_ids = count(1)


def arrival(
    text: str = "VNeID là gì",
    *,
    by: str = "ba-an",
    chat: str | None = None,
    channel: str = "telegram",
    message_id: str | None = None,
    number: int | None = None,
    is_edit: bool = False,
) -> inbox.Arrival:
    """A text as a channel got it; in a private chat unless another one is given."""
    return inbox.Arrival(
        channel,
        chat or by,
        by,
        message_id or f"id-{next(_ids)}",
        "text",
        text,
        "",
        NOON,
        number=number,
        is_edit=is_edit,
    )


async def store(
    session: AsyncSession, message: inbox.Arrival, *, commune: str = COMMUNE, now: datetime = NOON
) -> InboxMessage:
    """Stores a message."""
    return await inbox.store(session, message, commune=commune, now=now)


async def open_conversation(
    session: AsyncSession,
    who: str = "ba-an",
    *,
    channel: str = "telegram",
    commune: str = COMMUNE,
    now: datetime = NOON,
) -> Conversation:
    """The conversation of somebody's private chat."""
    return await conversations.find_or_open(session, commune=commune, channel=channel, chat=who, sender=who, now=now)


async def answer(
    session: AsyncSession, message: InboxMessage, *texts: str, now: datetime = NOON
) -> list[OutboxMessage]:
    """Handles a stored message: one reply a text is written to the outbox."""
    conversation = await conversations.lock(session, message.conversation_id)
    outbox.add(session, conversation, message, [Reply(text).to_json() for text in texts], now)
    message.handled_at = now
    await session.flush()
    return await outbox.replies_to(session, message.id)


async def write_to(
    session: AsyncSession, who: str, *texts: str, channel: str = "telegram", now: datetime = NOON
) -> list[OutboxMessage]:
    """Replies that wait to be sent to somebody, who has asked something."""
    return await answer(session, await store(session, arrival(by=who, channel=channel), now=now), *texts, now=now)
