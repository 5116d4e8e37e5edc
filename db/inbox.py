"""Messages that came in: stored once, handed out in order, marked when handled."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db import conversations
from db.engine import insert_if_new
from db.models import InboxMessage


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as a channel got it. `number` is the channel's own counter, where it has one."""

    channel: str
    chat: str
    sender: str
    message_id: str
    kind: str
    text: str
    payload: str
    sent_at: datetime
    number: int | None = None
    is_edit: bool = False
    first_sent_at: datetime | None = None
    file: dict[str, Any] | None = None


async def store(session: AsyncSession, arrival: Arrival, *, commune: str, now: datetime) -> InboxMessage:
    """Stores a message unless its id is already there, and returns what is stored.

    An edit replaces the text of a message that still waits, unless a later edit already has. When the message has been
    handled the edit is stored beside it, for those to whom an edit matters. An edit that arrives before the message it
    changes, or before an older edit of it, stands for those.
    """
    conversation = await conversations.find_or_open(
        session, commune=commune, channel=arrival.channel, chat=arrival.chat, sender=arrival.sender, now=now
    )
    conversation.last_seen_at = now
    conversation.blocked_at = None
    await session.execute(
        insert_if_new(
            session, InboxMessage, commune=commune, conversation_id=conversation.id, channel=arrival.channel,
            message_id=arrival.message_id, channel_number=arrival.number, kind=arrival.kind, text=arrival.text,
            payload=arrival.payload, file=arrival.file, sent_at=arrival.sent_at,
            first_sent_at=arrival.first_sent_at, received_at=now, attempts=0,
        )
    )  # fmt: skip
    stored = (
        await session.scalars(
            select(InboxMessage)
            .where(InboxMessage.conversation_id == conversation.id, InboxMessage.message_id == arrival.message_id)
            .with_for_update()
        )
    ).one()
    if not arrival.is_edit or arrival.sent_at < stored.sent_at:
        return stored
    newest = await _newest_edit(session, stored)
    if newest and (newest.sent_at, newest.text) > (arrival.sent_at, arrival.text):
        return newest
    if arrival.text == (newest or stored).text:
        return newest or stored
    if stored.handled_at is None:
        stored.first_sent_at = arrival.first_sent_at or stored.first_sent_at or stored.sent_at
        stored.text, stored.sent_at = arrival.text, arrival.sent_at
        return stored
    return await _store_edit(session, arrival, stored, now)


async def _newest_edit(session: AsyncSession, original: InboxMessage) -> InboxMessage | None:
    """The edit of a message that was written last."""
    query = (
        select(InboxMessage)
        .where(InboxMessage.conversation_id == original.conversation_id, InboxMessage.edit_of == original.message_id)
        .order_by(InboxMessage.sent_at.desc(), InboxMessage.text.desc())
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def _store_edit(session: AsyncSession, arrival: Arrival, original: InboxMessage, now: datetime) -> InboxMessage:
    digest = hashlib.sha256(arrival.text.encode()).hexdigest()[:8]
    message_id = f"{original.message_id[:80]}~{int(arrival.sent_at.timestamp())}~{digest}"
    await session.execute(
        insert_if_new(
            session, InboxMessage, commune=original.commune, conversation_id=original.conversation_id,
            channel=original.channel, message_id=message_id, edit_of=original.message_id,
            channel_number=arrival.number, kind=arrival.kind, text=arrival.text, payload=arrival.payload,
            sent_at=arrival.sent_at, received_at=now, attempts=0,
            first_sent_at=arrival.first_sent_at or original.first_sent_at or original.sent_at,
        )
    )  # fmt: skip
    query = select(InboxMessage).where(
        InboxMessage.conversation_id == original.conversation_id, InboxMessage.message_id == message_id
    )
    return (await session.scalars(query)).one()


async def next_waiting(session: AsyncSession, conversation_id: int) -> InboxMessage | None:
    """The oldest message of a conversation that nobody has handled."""
    query = (
        select(InboxMessage)
        .where(InboxMessage.conversation_id == conversation_id, InboxMessage.handled_at.is_(None))
        .order_by(InboxMessage.id)
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def conversations_waiting(session: AsyncSession, commune: str, received_before: datetime) -> list[int]:
    """A commune's conversations with messages that arrived before that moment and still wait."""
    query = (
        select(InboxMessage.conversation_id)
        .where(
            InboxMessage.commune == commune,
            InboxMessage.handled_at.is_(None),
            InboxMessage.received_at <= received_before,
        )
        .distinct()
    )
    return list(await session.scalars(query))
