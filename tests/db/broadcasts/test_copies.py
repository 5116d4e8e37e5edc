"""Copies go to the outbox once, are taken back when somebody has enough, and count after everybody is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import conversations, outbox, persons, retention
from db.broadcasts import audience, broadcasts, copies, subscriptions
from db.broadcasts.letter import letter_of
from db.broadcasts.models import Broadcast, BroadcastRecipient, Interest, Subscription
from db.engine import Database
from db.models import OutboxMessage
from tests.support.broadcasts import ALERT, WRITER, approved, states, subscriber
from tests.support.clock import NOON
from tests.support.rows import COMMUNE, arrival, open_conversation, store, write_to

LEASE = timedelta(seconds=10)


def body(_channel: str) -> dict[str, Any]:
    return {"text": "cảnh báo", "note": None, "buttons": []}


async def begin(session: AsyncSession, *people: str) -> Broadcast:
    """A broadcast to these, that has begun."""
    for who in people:
        await subscriber(session, who)
    broadcast = await approved(session)
    reach = await audience.reach(session, COMMUNE, letter_of(broadcast), NOON)
    await copies.choose(session, broadcast, reach.copies, NOON)
    broadcasts.begin(session, broadcast, count=reach.count, now=NOON)
    return broadcast


async def to_send(session: AsyncSession, **how: int) -> list[OutboxMessage]:
    """What a sender would claim now."""
    return await outbox.claim(session, ["telegram"], now=NOON, lease=LEASE, limit=10, **how)


async def counted(session: AsyncSession, broadcast: Broadcast) -> dict[str, int]:
    return {one.state.value: one.count for one in await copies.progress(session, broadcast)}


async def test_batches_take_each_copy_once(database: Database) -> None:
    async with database.transaction() as session:
        broadcast = await begin(session, "an", "ba", "co")
        assert [await copies.hand_over(session, broadcast, body, 2, NOON) for _ in range(3)] == [2, 1, 0]
        assert await states(session) == {"an": "queued", "ba": "queued", "co": "queued"}
        assert await copies.waiting(session, broadcast.id) == (0, 3)
        for message in await to_send(session):
            outbox.delivered(message, 7, NOON)
        await session.flush()
        await copies.settle(session, broadcast, NOON)
        assert await copies.waiting(session, broadcast.id) == (0, 0)
        assert await counted(session, broadcast) == {"sent": 3}
        assert await session.scalar(select(func.count()).select_from(OutboxMessage)) == 3


async def test_answers_go_before_copies_also_in_one_conversation(database: Database) -> None:
    async with database.transaction() as session:
        broadcast = await begin(session, "an", "ba")
        await copies.hand_over(session, broadcast, body, 9, NOON)
        await write_to(session, "ba", "đáp ba")
        assert [message.body["text"] for message in await to_send(session)] == ["đáp ba", "cảnh báo"]
    async with database.transaction() as session:
        assert await to_send(session, priority=0) == []


async def test_stopping_takes_back_what_waits_and_counts_what_got_through(database: Database) -> None:
    async with database.transaction() as session:
        broadcast = await begin(session, "an", "ba", "co")
        await copies.hand_over(session, broadcast, body, 2, NOON)
        [first, *_] = await to_send(session)
        outbox.begin_sending(first, 5)
        await session.flush()
        assert await broadcasts.stop(session, broadcast, actor=WRITER, now=NOON) == 3
    async with database.transaction() as session:
        assert await to_send(session) == []
        on_its_way = await session.get_one(OutboxMessage, first.id)
        outbox.delivered(on_its_way, 9, NOON)
        await session.flush()
        assert await counted(session, broadcast) == {"sent": 1, "stopped": 2}
        await copies.settle(session, broadcast, NOON)
        assert await states(session) == {"an": "sent", "ba": "stopped", "co": "stopped"}


async def test_who_has_enough_gets_nothing_that_was_not_sent(database: Database) -> None:
    async with database.transaction() as session:
        broadcast = await begin(session, "an", "ba", "co")
        await copies.hand_over(session, broadcast, body, 1, NOON)
        for who in ("an", "ba"):
            chat = await open_conversation(session, who)
            await subscriptions.end(session, persons.person_of(chat), Interest.SCAM_ALERTS, NOON)
        other = await open_conversation(session, "co")
        await subscriptions.end(session, other.id, Interest.CLASS_NOTICES, NOON)
        await copies.hand_over(session, broadcast, body, 9, NOON)
        assert await states(session) == {"an": "opted_out", "ba": "opted_out", "co": "queued"}
        assert [message.conversation_id for message in await to_send(session)] == [other.id]


async def test_who_links_a_second_chat_in_the_middle_still_gets_one(database: Database) -> None:
    async with database.transaction() as session:
        broadcast = await begin(session, "an", "an-too")
        await copies.hand_over(session, broadcast, body, 1, NOON)
        await persons.link(session, await open_conversation(session, "an"), await open_conversation(session, "an-too"))
        await copies.hand_over(session, broadcast, body, 9, NOON)
        assert await states(session) == {"an": "queued", "an-too": "failed"}


async def test_who_blocked_us_is_marked_and_is_back_when_they_write(database: Database) -> None:
    async with database.transaction() as session:
        broadcast = await begin(session, "an", "ba")
        await copies.hand_over(session, broadcast, body, 1, NOON)
        for message in await to_send(session):
            outbox.give_up(message, "Forbidden", NOON)
            await conversations.mark_blocked(session, message.conversation_id, NOON)
        await conversations.mark_blocked(session, (await open_conversation(session, "ba")).id, NOON)
        for who in ("an", "ba"):
            await session.refresh(await open_conversation(session, who))
        await copies.settle(session, broadcast, NOON)
        await copies.hand_over(session, broadcast, body, 9, NOON)
        assert await states(session) == {"an": "blocked", "ba": "blocked"}
        assert (await audience.reach(session, COMMUNE, ALERT, NOON)).count == 0
        await store(session, arrival("chào", by="an"))
        assert (await audience.reach(session, COMMUNE, ALERT, NOON)).count == 1


async def test_deleting_ones_data_ends_it_and_leaves_a_number(database: Database) -> None:
    async with database.transaction() as session:
        broadcast = await begin(session, "an", "ba")
        await copies.hand_over(session, broadcast, body, 1, NOON)
        message = await store(session, arrival("xoá", by="an"))
        chat = await open_conversation(session, "an")
        await conversations.forget(session, chat, keep_inbox_id=message.id, now=NOON)
        assert await states(session) == {"ba": "pending"}
        assert await counted(session, broadcast) == {"opted_out": 1, "pending": 1}
        assert await to_send(session) == []
        assert await subscriptions.live_in(session, persons.person_of(chat)) == set()


async def test_after_a_month_only_numbers_are_left_and_subscribers_stay_known(database: Database) -> None:
    later = NOON + retention.KEEP_MESSAGES + timedelta(days=1)
    async with database.transaction() as session:
        broadcast = await begin(session, "an", "ba")
        await copies.hand_over(session, broadcast, body, 9, NOON)
        for message in await to_send(session):
            outbox.delivered(message, 7, NOON)
        broadcasts.finish(session, broadcast, now=NOON)
        ended = await open_conversation(session, "ba")
        await subscriptions.end(session, ended.id, None, NOON)
    async with database.transaction() as session:
        await retention.delete_old(session, later)
    async with database.snapshot() as session:
        assert await session.scalar(select(func.count()).select_from(BroadcastRecipient)) == 0
        assert await counted(session, await session.get_one(Broadcast, broadcast.id)) == {"sent": 2}
        assert await session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
        assert list(await session.scalars(select(Subscription.interest))) == ["scam_alerts"]
