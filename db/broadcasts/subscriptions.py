"""Subscriptions: what citizens asked to be told of, where; and that it is enough. No subscription, no broadcast."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import persons
from db.broadcasts import copies
from db.broadcasts.models import Broadcast, BroadcastState, Interest, Subscription
from db.engine import insert_if_new
from db.models import Conversation

ENDED = (BroadcastState.DONE.value, BroadcastState.STOPPED.value)


def can_subscribe(conversation: Conversation) -> bool:
    """Only in a private chat: what one wants to hear is nothing that a whole group should get."""
    return conversation.chat == conversation.sender


async def subscribe(
    session: AsyncSession,
    conversation: Conversation,
    interest: Interest,
    *,
    now: datetime,
    hamlet_id: int | None = None,
) -> bool:
    """Begins a subscription, at the wish of whoever has that conversation. False when they had it already.

    `hamlet_id` is where they say they live, if they do.

    Raises:
        ValueError: the chat is no private one.
    """
    if not can_subscribe(conversation):
        raise ValueError("nobody can speak for a group")
    of_it = (Subscription.conversation_id == conversation.id, Subscription.interest == interest.value)
    new = await session.scalar(
        insert_if_new(
            session, Subscription, commune=conversation.commune, conversation_id=conversation.id,
            interest=interest.value, hamlet_id=hamlet_id, since=now,
        ).returning(Subscription.id)
    )  # fmt: skip
    if new is not None:
        return True
    again = await session.execute(
        update(Subscription)
        .where(*of_it, Subscription.ended_at.is_not(None))
        .values(since=now, ended_at=None, hamlet_id=func.coalesce(Subscription.hamlet_id, hamlet_id))
    )
    return bool(getattr(again, "rowcount", 0))


async def live_in(session: AsyncSession, person: int) -> set[Interest]:
    """What a person (db/persons.py) is told of, whatever the chat in which they asked for it."""
    query = (
        select(Subscription.interest)
        .join(Conversation, Conversation.id == Subscription.conversation_id)
        .where(persons.person() == person, Subscription.ended_at.is_(None))
    )
    return {Interest(interest) for interest in await session.scalars(query)}


async def is_new_to(session: AsyncSession, person: int, interest: Interest) -> bool:
    """Whether a person has never decided about it: who ended a subscription is not asked again."""
    query = (
        select(Subscription.id)
        .join(Conversation, Conversation.id == Subscription.conversation_id)
        .where(persons.person() == person, Subscription.interest == interest.value)
    )
    return (await session.scalars(query.limit(1))).first() is None


async def note_offer(session: AsyncSession, conversation: Conversation, interest: Interest, now: datetime) -> None:
    """Remembers, as a subscription that ended where it began, that somebody was asked."""
    await session.execute(
        insert_if_new(
            session, Subscription, commune=conversation.commune, conversation_id=conversation.id,
            interest=interest.value, since=now, ended_at=now,
        )
    )  # fmt: skip


async def hamlet_of(session: AsyncSession, person: int) -> int | None:
    """The hamlet in which a person says they live; None when they did not."""
    query = select(Subscription.hamlet_id).where(
        Subscription.conversation_id.in_(await _chats(session, person)), Subscription.hamlet_id.is_not(None)
    )
    return (await session.scalars(query.order_by(Subscription.since.desc()).limit(1))).first()


async def say_hamlet(session: AsyncSession, person: int, hamlet_id: int | None) -> None:
    """Notes in which hamlet a person says they live, for all that they are told of."""
    await session.execute(
        update(Subscription)
        .where(Subscription.conversation_id.in_(await _chats(session, person)))
        .values(hamlet_id=hamlet_id)
    )


async def end(session: AsyncSession, person: int, interest: Interest | None, now: datetime) -> int:
    """Ends what a person is told of, in all their chats: one thing, or everything. How many subscriptions that were.

    What is on its way to them is taken back.
    """
    chats = await _chats(session, person)
    ending: list[ColumnElement[bool]] = [Subscription.conversation_id.in_(chats), Subscription.ended_at.is_(None)]
    if interest is not None:
        ending.append(Subscription.interest == interest.value)
    ended = await session.execute(update(Subscription).where(*ending).values(ended_at=now))
    await copies.opt_out(session, chats, now, interest)
    return int(getattr(ended, "rowcount", 0))


async def forget(session: AsyncSession, conversation: Conversation, now: datetime) -> None:
    """Somebody has everything deleted that is kept of a conversation."""
    await copies.forget(session, conversation, now)
    await session.execute(delete(Subscription).where(Subscription.conversation_id == conversation.id))


async def delete_old(session: AsyncSession, limit: datetime, now: datetime) -> None:
    """Deletes subscriptions that ended before that moment, and counts together the copies of broadcasts that did."""
    await session.execute(delete(Subscription).where(Subscription.ended_at < limit))
    old = select(Broadcast).where(
        Broadcast.state.in_(ENDED), Broadcast.ended_at < limit, Broadcast.final.is_(None),
    )  # fmt: skip
    for broadcast in await session.scalars(old):
        await copies.fold(session, broadcast, now)


async def _chats(session: AsyncSession, person: int) -> Collection[int]:
    return [chat.id for chat in await persons.conversations_of(session, person)]
