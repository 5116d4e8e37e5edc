"""Replies are claimed in order, one a conversation at a time, by one sender at a time; what became of them is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from db import outbox
from db.engine import Database
from db.models import OutboxMessage
from tests.support.clock import NOON
from tests.support.rows import COMMUNE, answer, arrival, store, write_to

LEASE = timedelta(minutes=2)


def said(messages: list[OutboxMessage]) -> list[str]:
    return [message.body["text"] for message in messages]


async def claim(
    database: Database, *, now: datetime = NOON, limit: int = 10, channels: tuple[str, ...] = ("telegram",)
) -> list[str]:
    async with database.transaction() as session:
        return said(await outbox.claim(session, channels, now=now, lease=LEASE, limit=limit))


async def change(database: Database, change: Callable[[OutboxMessage], None], *texts: str) -> None:
    async with database.transaction() as session:
        for message in await session.scalars(select(OutboxMessage)):
            if message.body["text"] in texts:
                change(message)


def is_delivered(message: OutboxMessage) -> None:
    outbox.delivered(message, None, NOON)


async def test_replies_are_written_in_their_order(database: Database) -> None:
    async with database.transaction() as session:
        [first, second] = await write_to(session, "ba-an", "một", "hai")
    assert said([first, second]) == ["một", "hai"]
    assert [first.position, second.position] == [0, 1]
    assert (first.channel, first.due_at, first.attempts, first.in_doubt) == ("telegram", NOON, 0, False)


async def test_the_replies_to_one_message_are_found_by_it(database: Database) -> None:
    async with database.transaction() as session:
        await write_to(session, "ba-an", "của tin khác")
        message = await store(session, arrival())
        await answer(session, message, "một", "hai", "ba")
    async with database.snapshot() as session:
        assert said(await outbox.replies_to(session, message.id)) == ["một", "hai", "ba"]


async def test_a_message_gets_its_replies_once_even_if_it_were_handled_twice(database: Database) -> None:
    async with database.transaction() as session:
        message = await store(session, arrival())
        await answer(session, message, "một")
    with pytest.raises(Exception, match=r"(?i)unique"):
        async with database.transaction() as session:
            await answer(session, message, "một lần nữa")


async def test_the_oldest_are_claimed_first_and_no_more_than_asked_for(database: Database) -> None:
    async with database.transaction() as session:
        for who in ("ba-an", "ong-ba", "co-tu"):
            await write_to(session, who, f"đáp {who}")
    assert await claim(database, limit=2) == ["đáp ba-an", "đáp ong-ba"]
    assert await claim(database, limit=2) == ["đáp co-tu"]


async def test_of_one_conversation_only_the_first_pending_is_claimed(database: Database) -> None:
    async with database.transaction() as session:
        await write_to(session, "ba-an", "một", "hai")
        await write_to(session, "ba-an", "ba")
        await write_to(session, "ong-ba", "bốn")
    assert await claim(database) == ["một", "bốn"]
    assert await claim(database) == []

    await change(database, is_delivered, "một")
    assert await claim(database) == ["hai"]
    await change(database, lambda message: outbox.give_up(message, "refused", NOON), "hai")
    assert await claim(database) == ["ba"]


async def test_a_postponed_message_comes_when_it_is_due_and_holds_back_what_follows_it(database: Database) -> None:
    async with database.transaction() as session:
        await write_to(session, "ba-an", "một", "hai")
    await claim(database)
    later = NOON + timedelta(seconds=30)
    await change(database, lambda message: outbox.postpone(message, later, "no line", in_doubt=False), "một")
    assert await claim(database, now=later - timedelta(seconds=1)) == []
    assert await claim(database, now=later) == ["một"]


async def test_a_claimed_message_is_nobody_elses_until_the_lease_ends(database: Database) -> None:
    async with database.transaction() as session:
        await write_to(session, "ba-an", "một")
    assert await claim(database) == ["một"]
    assert await claim(database, now=NOON + LEASE - timedelta(seconds=1)) == []
    assert await claim(database, now=NOON + LEASE) == ["một"]


async def test_a_renewed_claim_lasts_longer(database: Database) -> None:
    async with database.transaction() as session:
        await write_to(session, "ba-an", "một")
    async with database.transaction() as session:
        [message] = await outbox.claim(session, ["telegram"], now=NOON, lease=LEASE, limit=1)
    async with database.transaction() as session:
        assert await outbox.renew(session, message, until=NOON + 2 * LEASE)
    assert await claim(database, now=NOON + LEASE) == []
    assert await claim(database, now=NOON + 2 * LEASE) == ["một"]


async def test_a_claim_that_somebody_else_has_taken_over_cannot_be_renewed(database: Database) -> None:
    async with database.transaction() as session:
        await write_to(session, "ba-an", "một")
    async with database.transaction() as session:
        [message] = await outbox.claim(session, ["telegram"], now=NOON, lease=LEASE, limit=1)
    assert await claim(database, now=NOON + LEASE) == ["một"]
    async with database.transaction() as session:
        assert not await outbox.renew(session, message, until=NOON + 3 * LEASE)


async def test_only_the_channels_asked_for_are_claimed(database: Database) -> None:
    async with database.transaction() as session:
        for channel in ("web", "telegram", "zalo"):
            await write_to(session, "ba-an", f"qua {channel}", channel=channel)
    assert await claim(database, channels=("telegram", "zalo")) == ["qua telegram", "qua zalo"]


async def test_a_claimed_message_knows_its_chat_and_the_message_that_it_answers(database: Database) -> None:
    async with database.transaction() as session:
        await answer(session, await store(session, arrival(by="ba-an", number=41)), "một")
    async with database.transaction() as session:
        [claimed] = await outbox.claim(session, ["telegram"], now=NOON, lease=LEASE, limit=1)
    assert claimed.inbox is not None
    assert (claimed.conversation.chat, claimed.inbox.channel_number) == ("ba-an", 41)


@pytest.mark.servers
async def test_two_senders_at_once_skip_what_the_other_one_holds(postgres_url: str) -> None:
    database = Database(postgres_url)
    await database.migrate()
    async with database.transaction() as session:
        await write_to(session, "ba-an", "một", "hai")
        await write_to(session, "ong-ba", "ba")

    async with database.transaction() as one, database.transaction() as other:
        assert said(await outbox.claim(one, ["telegram"], now=NOON, lease=LEASE, limit=1)) == ["một"]
        assert said(await outbox.claim(other, ["telegram"], now=NOON, lease=LEASE, limit=9)) == ["ba"]
    assert await claim(database) == []
    await database.close()


async def test_a_sending_is_in_doubt_from_its_beginning_until_its_outcome_is_known(database: Database) -> None:
    async with database.transaction() as session:
        [message] = await write_to(session, "ba-an", "một")
        outbox.begin_sending(message, 41)
        assert (message.in_doubt, message.sent_after, message.attempts) == (True, 41, 1)
        outbox.delivered(message, 42, NOON)
        assert (message.in_doubt, message.channel_number, message.delivered_at) == (False, 42, NOON)


async def test_the_channels_numbers_are_known_from_both_ways(database: Database) -> None:
    async with database.transaction() as session:
        [reply] = await answer(session, await store(session, arrival(by="ba-an", number=41)), "một")
        outbox.delivered(reply, 43, NOON)
        await store(session, arrival(by="ong-ba", number=44))
        await store(session, arrival(by="ong-ba", channel="zalo", number=99))
        await store(session, arrival(by="ong-ba"))
    async with database.snapshot() as session:
        assert await outbox.numbers_after(session, COMMUNE, "telegram", 41) == {("ba-an", 43), ("ong-ba", 44)}
        assert await outbox.highest_numbers(session, COMMUNE, "telegram") == {"ba-an": 43, "ong-ba": 44}
        assert await outbox.highest_numbers(session, COMMUNE, "viber") == {}
        assert await outbox.highest_numbers(session, "sang-moc", "telegram") == {}


async def test_the_highest_number_may_be_that_of_a_reply(database: Database) -> None:
    async with database.transaction() as session:
        [reply] = await answer(session, await store(session, arrival(number=41)), "một")
        outbox.delivered(reply, 42, NOON)
    async with database.snapshot() as session:
        assert await outbox.highest_numbers(session, COMMUNE, "telegram") == {"ba-an": 42}


async def test_the_backlog_counts_what_waits_and_tells_since_when(database: Database) -> None:
    async with database.snapshot() as session:
        assert await outbox.backlog(session) == (0, None)
    async with database.transaction() as session:
        await write_to(session, "ba-an", "đến rồi", now=NOON - timedelta(hours=2))
        await write_to(session, "ba-an", "bỏ rồi", now=NOON - timedelta(hours=1))
        await write_to(session, "ba-an", "chờ", now=NOON)
        await write_to(session, "ong-ba", "chờ nữa", now=NOON + timedelta(minutes=1))
    await change(database, is_delivered, "đến rồi")
    await change(database, lambda message: outbox.give_up(message, "refused", NOON), "bỏ rồi")
    async with database.snapshot() as session:
        assert await outbox.backlog(session) == (2, NOON)
