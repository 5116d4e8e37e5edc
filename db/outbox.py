"""Messages to be sent: written with the turn that decided on them, claimed by a sender, marked by outcome.

No messenger lets us send "once": a process may die after a message has reached Telegram and before we noted it. So a
sending is marked as in doubt before it starts, and one that is still in doubt later is looked for in the chat before it
is repeated. To know where to look, rows keep the channel's own message counter.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, joinedload

from db.engine import insert_if_new, insert_new
from db.models import Conversation, InboxMessage, OutboxMessage

BULK = 1
"""The priority of what is sent to many: everything else goes before it, also within one conversation."""

_BULK_ROWS = 500


def add(
    session: AsyncSession,
    conversation: Conversation,
    inbox: InboxMessage,
    bodies: Sequence[dict[str, Any]],
    now: datetime,
) -> None:
    """Writes the replies to one message, in their order."""
    for position, body in enumerate(bodies):
        session.add(
            OutboxMessage(
                commune=conversation.commune, conversation_id=conversation.id, inbox_id=inbox.id, position=position,
                channel=conversation.channel, body=body, created_at=now, due_at=now,
            )
        )  # fmt: skip


async def add_notice(
    session: AsyncSession, conversation: Conversation, origin: str, body: dict[str, Any], now: datetime
) -> bool:
    """Writes a message that answers none, once an `origin` ("request:12:taken:citizen"). False the second time."""
    written = await session.scalar(
        insert_if_new(
            session, OutboxMessage, commune=conversation.commune, conversation_id=conversation.id, position=0,
            origin=origin, channel=conversation.channel, body=body, created_at=now, due_at=now, attempts=0,
            in_doubt=False,
        ).returning(OutboxMessage.id)
    )  # fmt: skip
    return written is not None


@dataclass(frozen=True, slots=True)
class BulkNotice:
    """One copy of a text that many get: to whom, and its origin."""

    conversation_id: int
    channel: str
    origin: str


async def add_bulk(
    session: AsyncSession, commune: str, notices: Sequence[BulkNotice], body: dict[str, Any], now: datetime
) -> dict[str, int]:
    """Writes the same message to many, once an origin as `add_notice`; the messages' ids by origin."""
    for first in range(0, len(notices), _BULK_ROWS):
        rows = [
            {
                "commune": commune, "conversation_id": one.conversation_id, "position": 0, "origin": one.origin,
                "channel": one.channel, "priority": BULK, "body": body, "created_at": now, "due_at": now,
                "attempts": 0, "in_doubt": False,
            }
            for one in notices[first : first + _BULK_ROWS]
        ]  # fmt: skip
        await session.execute(insert_new(session, OutboxMessage, rows))
    ids: dict[str, int] = {}
    for first in range(0, len(notices), _BULK_ROWS):
        origins = [one.origin for one in notices[first : first + _BULK_ROWS]]
        query = select(OutboxMessage.origin, OutboxMessage.id).where(
            OutboxMessage.commune == commune, OutboxMessage.origin.in_(origins)
        )
        ids |= {origin: found for origin, found in await session.execute(query) if origin is not None}
    return ids


async def take_back(session: AsyncSession, ids: Select[Any], why: str, now: datetime) -> None:
    """Gives up those of these messages that are not delivered, so that they are sent no more.

    One whose sending is under way may arrive all the same; then it counts as delivered.
    """
    query = (
        select(OutboxMessage.id)
        .where(OutboxMessage.id.in_(ids), OutboxMessage.delivered_at.is_(None), OutboxMessage.given_up_at.is_(None))
        .order_by(OutboxMessage.id)
        .with_for_update()
    )  # fmt: skip - locked in the order in which the sender locks
    found = list(await session.scalars(query))
    for first in range(0, len(found), _BULK_ROWS):
        await session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(found[first : first + _BULK_ROWS]))
            .values(given_up_at=now, error=why, claimed_until=None)
        )


async def said_between(
    session: AsyncSession, conversation_id: int, since: datetime, until: datetime, limit: int
) -> list[OutboxMessage]:
    """What was said in a conversation in that time and not given up, the newest first."""
    query = (
        select(OutboxMessage)
        .where(
            OutboxMessage.conversation_id == conversation_id,
            OutboxMessage.created_at > since,
            OutboxMessage.created_at <= until,
            OutboxMessage.given_up_at.is_(None),
        )
        .order_by(OutboxMessage.id.desc())
        .limit(limit)
    )
    return list(await session.scalars(query))


async def last_was_to_many(session: AsyncSession, conversation_id: int, since: datetime) -> bool:
    """Whether the last message that reached a conversation was one to many, and came after that moment."""
    query = (
        select(OutboxMessage.priority, OutboxMessage.delivered_at)
        .where(OutboxMessage.conversation_id == conversation_id, OutboxMessage.delivered_at.is_not(None))
        .order_by(OutboxMessage.delivered_at.desc(), OutboxMessage.id.desc())
        .limit(1)
    )
    last = (await session.execute(query)).first()
    return last is not None and last.priority == BULK and last.delivered_at >= since


async def has_notice(session: AsyncSession, commune: str, origin: str) -> bool:
    """Whether `add_notice` has written that one: for notices that are dear to make."""
    query = select(exists().where(OutboxMessage.commune == commune, OutboxMessage.origin == origin))
    return bool(await session.scalar(query))


async def undelivered_notices(session: AsyncSession, conversation_id: int) -> list[OutboxMessage]:
    """Notices that a conversation has not fetched yet, oldest first: for channels that ask instead of being sent to."""
    query = (
        select(OutboxMessage)
        .where(
            OutboxMessage.conversation_id == conversation_id,
            OutboxMessage.inbox_id.is_(None),
            OutboxMessage.delivered_at.is_(None),
            OutboxMessage.given_up_at.is_(None),
        )
        .order_by(OutboxMessage.id)
    )
    return list(await session.scalars(query))


async def claim(
    session: AsyncSession,
    channels: Collection[str],
    *,
    now: datetime,
    lease: timedelta,
    limit: int,
    priority: int | None = None,
) -> list[OutboxMessage]:
    """Takes up to `limit` messages that are due, at most the first pending one of each conversation.

    Those with the lower priority number go first; with `priority`, only those that have it are taken.

    A claimed message is nobody else's until the lease ends. One that is `in_doubt` must be looked for before it is
    sent.
    """
    first = aliased(OutboxMessage)
    pending = and_(OutboxMessage.delivered_at.is_(None), OutboxMessage.given_up_at.is_(None))
    query = (
        select(OutboxMessage)
        .where(
            pending,
            OutboxMessage.channel.in_(channels),
            true() if priority is None else OutboxMessage.priority == priority,
            OutboxMessage.due_at <= now,
            or_(OutboxMessage.claimed_until.is_(None), OutboxMessage.claimed_until <= now),
            ~exists().where(
                first.conversation_id == OutboxMessage.conversation_id,
                first.delivered_at.is_(None),
                first.given_up_at.is_(None),
                or_(
                    first.priority < OutboxMessage.priority,
                    and_(first.priority == OutboxMessage.priority, first.id < OutboxMessage.id),
                ),
            ),
        )
        .order_by(OutboxMessage.priority, OutboxMessage.id)
        .limit(limit)
        .options(joinedload(OutboxMessage.conversation), joinedload(OutboxMessage.inbox))
        .with_for_update(skip_locked=True, of=OutboxMessage)
    )
    claimed = list(await session.scalars(query))
    for message in claimed:
        message.claimed_until = now + lease
    return claimed


async def renew(session: AsyncSession, message: OutboxMessage, *, until: datetime | None) -> bool:
    """Keeps a claim until later, or (None) gives it back; unless it is lost: somebody else has claimed it since."""
    kept = await session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message.id, OutboxMessage.claimed_until == message.claimed_until)
        .values(claimed_until=until)
    )
    return bool(getattr(kept, "rowcount", 0))


def begin_sending(message: OutboxMessage, sent_after: int | None) -> None:
    """Notes, before a sending starts, that its outcome is unknown, and where the channel's counter stood."""
    message.attempts += 1
    message.in_doubt = True
    message.sent_after = sent_after


def delivered(message: OutboxMessage, number: int | None, now: datetime) -> None:
    """It has reached the channel, under that number."""
    message.delivered_at = now
    message.given_up_at = None  # taken back while it was on its way
    message.channel_number = number
    message.in_doubt = False
    message.claimed_until = None
    message.error = None


def postpone(message: OutboxMessage, until: datetime, error: str, *, in_doubt: bool) -> None:
    """It did not work; `in_doubt` says whether it may have reached the channel all the same."""
    message.due_at = until
    message.claimed_until = None
    message.in_doubt = in_doubt
    message.error = error


def give_up(message: OutboxMessage, error: str, now: datetime) -> None:
    """It will never work: the person blocked us, or the channel refuses this message."""
    message.given_up_at = now
    message.claimed_until = None
    message.in_doubt = False
    message.error = error


async def replies_to(session: AsyncSession, inbox_id: int) -> list[OutboxMessage]:
    """All replies to one message, in order."""
    query = select(OutboxMessage).where(OutboxMessage.inbox_id == inbox_id).order_by(OutboxMessage.position)
    return list(await session.scalars(query))


async def written_at(session: AsyncSession, commune: str, moment: datetime) -> list[OutboxMessage]:
    """What was written in the turn of that very moment."""
    query = select(OutboxMessage).where(OutboxMessage.created_at == moment, OutboxMessage.commune == commune)
    return list(await session.scalars(query))


async def numbers_after(session: AsyncSession, commune: str, channel: str, number: int) -> set[tuple[str, int]]:
    """The messages with higher numbers that we know, received and sent, as (chat, number).

    Each commune has a bot of its own, and not all chats of a bot need share one counter.
    """
    known: set[tuple[str, int]] = set()
    for table in (InboxMessage, OutboxMessage):
        query = (
            select(Conversation.chat, table.channel_number)
            .join(table.conversation)
            .where(table.commune == commune, table.channel == channel, table.channel_number > number)
        )
        known.update((chat, found) for chat, found in await session.execute(query) if found is not None)
    return known


async def highest_numbers(session: AsyncSession, commune: str, channel: str) -> dict[str, int]:
    """The highest number that we know in each chat."""
    highest: dict[str, int] = {}
    for table in (InboxMessage, OutboxMessage):
        query = (
            select(Conversation.chat, func.max(table.channel_number))
            .join(table.conversation)
            .where(table.commune == commune, table.channel == channel, table.channel_number.is_not(None))
            .group_by(Conversation.chat)
        )
        for chat, found in await session.execute(query):
            highest[chat] = max(highest.get(chat, 0), found or 0)
    return highest


async def use_of_channel(session: AsyncSession, commune: str, channel: str, since: datetime) -> tuple[int, int]:
    """How many conversations a channel has, and how many messages were delivered on it `since` then."""
    of_channel = (Conversation.commune == commune, Conversation.channel == channel)
    people = await session.scalar(select(func.count()).select_from(Conversation).where(*of_channel))
    sent = select(func.count()).select_from(OutboxMessage).where(
        OutboxMessage.commune == commune, OutboxMessage.channel == channel, OutboxMessage.delivered_at >= since
    )  # fmt: skip
    return people or 0, await session.scalar(sent) or 0


async def backlog(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many messages wait to be sent, and since when the oldest does."""
    query = select(func.count(), func.min(OutboxMessage.created_at)).where(
        OutboxMessage.delivered_at.is_(None), OutboxMessage.given_up_at.is_(None)
    )
    count, oldest = (await session.execute(query)).one()
    return count, oldest
