"""The copies of a broadcast: one row a person, chosen once, handed to the outbox in batches, taken back, counted.

Every step is a transaction of its own that can be repeated: after a crash the next one goes on where the rows stand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import outbox, persons
from db.broadcasts import channels
from db.broadcasts.audience import Copy
from db.broadcasts.models import (
    INTEREST_OF,
    Broadcast,
    BroadcastRecipient,
    BroadcastSort,
    Interest,
    RecipientState,
    Subscription,
)
from db.models import Conversation, OutboxMessage

AT_ONCE = 1000
"""Rows written by one statement; SQLite takes 32,766 values."""

WINDOW_CLOSED = "window_closed"
LINKED = "linked"
"""Why a copy failed: the channel does not let us write for nothing any more; the person has got it elsewhere."""

_R = BroadcastRecipient
_WAITING = (RecipientState.PENDING, RecipientState.QUEUED)


@dataclass(frozen=True, slots=True)
class Count:
    """How many copies of a channel are in a state."""

    channel: str
    state: RecipientState
    count: int


async def choose(session: AsyncSession, broadcast: Broadcast, chosen: Sequence[Copy], now: datetime) -> None:
    """Writes down whose copies are to be sent. Once a broadcast: afterwards nobody is added."""
    for first in range(0, len(chosen), AT_ONCE):
        await session.execute(
            insert(BroadcastRecipient),
            [
                {
                    "commune": broadcast.commune, "broadcast_id": broadcast.id, "person": copy.person,
                    "conversation_id": copy.conversation_id, "channel": copy.channel, "changed_at": now,
                    "state": RecipientState.PENDING.value, "reason": "",
                }
                for copy in chosen[first : first + AT_ONCE]
            ],
        )  # fmt: skip


async def hand_over(
    session: AsyncSession, broadcast: Broadcast, body_for: Callable[[str], dict[str, Any]], limit: int, now: datetime
) -> int:
    """Writes up to `limit` copies to the outbox, and returns of how many it decided.

    `body_for` makes the message for a channel. Who has said meanwhile that it is enough, or has blocked us, is left out
    and marked.
    """
    query = (
        select(BroadcastRecipient, Conversation)
        .join(Conversation, Conversation.id == _R.conversation_id)
        .where(_R.broadcast_id == broadcast.id, _R.state == RecipientState.PENDING.value)
        .order_by(_R.id)
        .limit(limit)
    )
    rows = [(recipient, chat) for recipient, chat in await session.execute(query)]
    if not rows:
        return 0
    willing = await _willing(session, broadcast, [persons.person_of(chat) for _, chat in rows])
    served = await _served(session, broadcast, [chat for _, chat in rows])
    writing: list[tuple[BroadcastRecipient, Conversation]] = []
    for recipient, chat in rows:
        recipient.changed_at = now
        if persons.person_of(chat) not in willing:
            recipient.state = RecipientState.OPTED_OUT.value
        elif chat.blocked_at is not None:
            recipient.state = RecipientState.BLOCKED.value
        elif persons.person_of(chat) in served:
            recipient.state, recipient.reason = RecipientState.FAILED.value, LINKED
        elif not channels.is_open(chat.channel, chat.last_seen_at, now):
            recipient.state, recipient.reason = RecipientState.FAILED.value, WINDOW_CLOSED
        else:
            recipient.state = RecipientState.QUEUED.value
            served.add(persons.person_of(chat))
            writing.append((recipient, chat))
    for channel in sorted({chat.channel for _, chat in writing}):
        notices = [
            outbox.BulkNotice(chat.id, channel, origin(broadcast.id, chat.id))
            for _, chat in writing
            if chat.channel == channel
        ]
        written = await outbox.add_bulk(session, broadcast.commune, notices, body_for(channel), now)
        for recipient, chat in writing:
            recipient.outbox_id = written.get(origin(broadcast.id, chat.id), recipient.outbox_id)
    await session.flush()
    return len(rows)


def origin(broadcast_id: int, conversation_id: int) -> str:
    """By which the outbox knows a copy: it is written once."""
    return f"broadcast:{broadcast_id}:{conversation_id}"


async def settle(session: AsyncSession, broadcast: Broadcast, now: datetime) -> None:
    """Notes what has become of the copies in the outbox."""
    left = (_R.broadcast_id == broadcast.id, _R.state == RecipientState.QUEUED.value)
    taken_back = (RecipientState.STOPPED.value, RecipientState.OPTED_OUT.value)
    await session.execute(
        update(_R).where(*left, _R.id.in_(_with_message(broadcast, OutboxMessage.delivered_at.is_not(None))))
        .values(state=RecipientState.SENT.value, changed_at=now)
    )  # fmt: skip
    await session.execute(  # was on its way when it was taken back
        update(_R)
        .where(
            _R.broadcast_id == broadcast.id, _R.state.in_(taken_back), _R.outbox_id.is_not(None),
            _R.id.in_(_with_message(broadcast, OutboxMessage.delivered_at.is_not(None), *taken_back)),
        )
        .values(state=RecipientState.SENT.value, changed_at=now)
    )  # fmt: skip
    given_up = OutboxMessage.given_up_at.is_not(None)
    blocked = exists().where(Conversation.id == OutboxMessage.conversation_id, Conversation.blocked_at.is_not(None))
    for state, condition in ((RecipientState.BLOCKED, given_up & blocked), (RecipientState.FAILED, given_up)):
        await session.execute(
            update(_R).where(*left, _R.id.in_(_with_message(broadcast, condition)))
            .values(state=state.value, changed_at=now)
        )  # fmt: skip


async def waiting(session: AsyncSession, broadcast_id: int) -> tuple[int, int]:
    """How many copies are not yet in the outbox, and how many wait there to be sent (not those to be fetched)."""
    query = select(_R.state, func.count()).where(_R.broadcast_id == broadcast_id, _R.state.in_(_WAITING))
    query = query.where((_R.state == RecipientState.PENDING.value) | _R.channel.not_in(channels.FETCHED))
    found = {state: int(count) for state, count in await session.execute(query.group_by(_R.state))}
    return found.get(RecipientState.PENDING, 0), found.get(RecipientState.QUEUED, 0)


async def stop(session: AsyncSession, broadcast_id: int, now: datetime) -> int:
    """Takes back all that is not sent yet; how many that are."""
    return await _take_back(session, RecipientState.STOPPED, now, _R.broadcast_id == broadcast_id)


async def opt_out(
    session: AsyncSession, conversations: Collection[int], now: datetime, interest: Interest | None = None
) -> None:
    """Takes back what is on its way to these conversations: everything, or all of an interest."""
    mine: list[ColumnElement[bool]] = [_R.conversation_id.in_(conversations)]
    if interest is not None:
        sorts = [sort.value for sort, its in INTEREST_OF.items() if its is interest]
        mine.append(_R.broadcast_id.in_(select(Broadcast.id).where(Broadcast.sort.in_(sorts))))
    await _take_back(session, RecipientState.OPTED_OUT, now, *mine)


async def forget(session: AsyncSession, conversation: Conversation, now: datetime) -> None:
    """Somebody has everything deleted: their copies still count, tied to nobody."""
    await opt_out(session, [conversation.id], now)
    await session.execute(
        update(_R)
        .where(_R.conversation_id == conversation.id)
        .values(conversation_id=None, person=None, outbox_id=None)
    )


async def progress(session: AsyncSession, broadcast: Broadcast) -> list[Count]:
    """What has become of the copies, by channel and state, as it is at this moment."""
    if broadcast.final is not None:
        return [Count(one["channel"], RecipientState(one["state"]), one["count"]) for one in broadcast.final]
    is_sent = _has_arrived().label("is_sent")
    of_it = select(_R.channel, _R.state, is_sent).where(_R.broadcast_id == broadcast.id).subquery()
    columns = (of_it.c.channel, of_it.c.state, of_it.c.is_sent)
    query = select(*columns, func.count()).group_by(*columns)
    counts: dict[tuple[str, RecipientState], int] = {}
    for channel, state, sent, count in await session.execute(query):
        key = (channel, RecipientState.SENT if sent else RecipientState(state))
        counts[key] = counts.get(key, 0) + int(count)
    return [Count(channel, state, count) for (channel, state), count in sorted(counts.items())]


async def fold(session: AsyncSession, broadcast: Broadcast, now: datetime) -> None:
    """Keeps of an ended broadcast's copies only how many they were."""
    await settle(session, broadcast, now)
    broadcast.final = [
        {"channel": one.channel, "state": one.state.value, "count": one.count}
        for one in await progress(session, broadcast)
    ]
    of_it = select(_R.outbox_id).where(_R.broadcast_id == broadcast.id, _R.outbox_id.is_not(None))
    await session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(of_it)))
    await session.execute(delete(_R).where(_R.broadcast_id == broadcast.id))


def _has_arrived() -> ColumnElement[bool]:
    return exists().where(OutboxMessage.id == _R.outbox_id, OutboxMessage.delivered_at.is_not(None))


def _with_message(broadcast: Broadcast, condition: ColumnElement[bool], *states: str) -> Select[Any]:
    """The waiting copies of a broadcast whose message in the outbox is like that."""
    return (
        select(_R.id)
        .join(OutboxMessage, OutboxMessage.id == _R.outbox_id)
        .where(_R.broadcast_id == broadcast.id, _R.state.in_(states or (RecipientState.QUEUED.value,)), condition)
    )


async def _take_back(session: AsyncSession, state: RecipientState, now: datetime, *which: ColumnElement[bool]) -> int:
    """What is under way in this very moment, `settle` puts right."""
    waiting = select(_R.outbox_id).where(*which, _R.state == RecipientState.QUEUED.value, _R.outbox_id.is_not(None))
    await outbox.take_back(session, waiting, state.value, now)
    changed = await session.execute(
        update(_R).where(*which, _R.state.in_(_WAITING), ~_has_arrived()).values(state=state.value, changed_at=now)
    )
    return int(getattr(changed, "rowcount", 0))


async def _willing(session: AsyncSession, broadcast: Broadcast, people: Sequence[int]) -> set[int]:
    """Those of them who still want to be told of such things."""
    query = (
        select(persons.person())
        .join(Subscription, Subscription.conversation_id == Conversation.id)
        .where(
            Subscription.interest == INTEREST_OF[BroadcastSort(broadcast.sort)].value,
            Subscription.ended_at.is_(None),
            persons.person().in_(people),
        )
    )
    return set(await session.scalars(query))


async def _served(session: AsyncSession, broadcast: Broadcast, chats: Sequence[Conversation]) -> set[int]:
    """Those who get it in another chat: somebody may have linked two after both were chosen."""
    linked = {chat.person_id for chat in chats if chat.person_id is not None}
    if not linked:
        return set()
    query = (
        select(Conversation.person_id)
        .join(_R, _R.conversation_id == Conversation.id)
        .where(
            _R.broadcast_id == broadcast.id,
            Conversation.person_id.in_(linked),
            _R.state.in_((RecipientState.QUEUED.value, RecipientState.SENT.value)),
        )
    )
    return {person for person in await session.scalars(query) if person is not None}
