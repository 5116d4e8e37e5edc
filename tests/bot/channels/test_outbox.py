"""Every reply reaches its chat once and in order, whatever the channel, the line or our own process do meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.channels.outbox import (
    AT_ONCE,
    ATTEMPTS,
    LEASE,
    LONGEST_PAUSE,
    BlockedError,
    OutboxSender,
    RefusedError,
    SendError,
    SlowDownError,
    UncertainError,
)
from db import conversations
from db.engine import Database
from db.models import Conversation, OutboxMessage
from tests.support.broken_database import BreakableDatabase
from tests.support.clock import NOON, FakeClock
from tests.support.fake_channel import (
    DEADLINE_SECONDS,
    PROCESS_DIES,
    Arrives,
    FakeChannel,
    FakeChannelWithoutNumbers,
)
from tests.support.rows import answer, arrival, store, write_to


class Post:
    """A process that sends, and the database behind it."""

    def __init__(self, database: Database, clock: FakeClock, channels: Mapping[str, FakeChannel]) -> None:
        self.database = database
        self.clock = clock
        self.channels = dict(channels)
        self.sender = OutboxSender(database, self.channels, clock)

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Sends meanwhile. At the end it stops as the programme does: what is under way is finished."""
        run = asyncio.create_task(self.sender.run())
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                yield
        except BaseException:
            for channel in self.channels.values():
                channel.gate.set()  # or a test that fails would wait for ever
            raise
        finally:
            run.cancel()
            with suppress(asyncio.CancelledError):
                await run

    async def send(self, calls: int) -> None:
        """Sends until the first channel has been called so many times in all, and notes what came of it."""
        async with self.sending():
            await next(iter(self.channels.values())).has_been_called(calls)

    async def write(self, who: str, *texts: str, channel: str = "telegram") -> None:
        """Replies for somebody."""
        async with self.database.transaction() as session:
            await write_to(session, who, *texts, channel=channel, now=self.clock())

    async def rows(self) -> list[OutboxMessage]:
        """The outbox, in order."""
        async with self.database.snapshot() as session:
            return list(await session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))

    async def pending(self) -> list[str]:
        """The texts that wait."""
        return [row.body["text"] for row in await self.rows() if not (row.delivered_at or row.given_up_at)]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: what differs between databases is tests/db's business."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def post(database: Database, clock: FakeClock, channel: FakeChannel) -> Post:
    return Post(database, clock, {"telegram": channel})


# --- all is well ------------------------------------------------------------------------------------------------------


async def test_replies_reach_their_chat_in_order(post: Post, channel: FakeChannel) -> None:
    await post.write("ba-an", "một", "hai", "ba")
    await post.send(calls=3)
    assert [(message.chat, message.text) for message in channel.shown] == [
        ("ba-an", "một"),
        ("ba-an", "hai"),
        ("ba-an", "ba"),
    ]
    rows = await post.rows()
    assert [row.delivered_at for row in rows] == [NOON] * 3
    assert [row.channel_number for row in rows] == [message.number for message in channel.shown]
    assert [row.attempts for row in rows] == [1, 1, 1]


async def test_many_chats_are_served_at_once_but_not_all(post: Post, channel: FakeChannel) -> None:
    people = [f"nguoi-{number}" for number in range(AT_ONCE + 3)]
    for person in people:
        await post.write(person, f"chào {person}")
    channel.gate.clear()
    async with post.sending():
        await channel.has_been_called(AT_ONCE)
        channel.gate.set()
        await channel.has_been_called(len(people))
    assert channel.most_at_once == AT_ONCE
    assert sorted(message.chat for message in channel.shown) == sorted(people)


async def test_a_new_reply_is_sent_at_once_when_we_are_told_of_it(
    post: Post, channel: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.outbox.POLL_SECONDS", 3600)
    await post.write("ba-an", "một")
    async with post.sending():
        await channel.has_been_called(1)
        await post.write("ong-ba", "hai")
        post.sender.wake()
        await channel.has_been_called(2)
    assert channel.texts == ["một", "hai"]


async def test_a_reply_that_another_process_wrote_is_found_by_looking(
    post: Post, channel: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.outbox.POLL_SECONDS", 0.01)
    async with post.sending():
        await post.write("ba-an", "một")
        await channel.has_been_called(1)
    assert channel.texts == ["một"]


async def test_replies_for_channels_that_are_not_ours_are_left_alone(post: Post, channel: FakeChannel) -> None:
    await post.write("ba-an", "của trang web", channel="web")
    await post.write("ba-an", "của Telegram")
    await post.send(calls=1)
    assert channel.texts == ["của Telegram"]
    assert await post.pending() == ["của trang web"]


# --- the channel fails ------------------------------------------------------------------------------------------------


async def test_a_sending_that_fails_is_repeated_after_pauses_that_double(
    post: Post, channel: FakeChannel, clock: FakeClock
) -> None:
    await post.write("ba-an", "một")
    channel.will("send một", *(SendError("no line") for _ in range(10)))
    pauses = []
    for attempt in range(1, 11):
        await post.send(calls=attempt)
        [row] = await post.rows()
        assert (row.error, row.in_doubt, row.claimed_until) == ("no line", False, None)
        pauses.append((row.due_at - clock()).total_seconds())
        clock.now = row.due_at
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, LONGEST_PAUSE.total_seconds()]

    await post.send(calls=11)
    assert channel.texts == ["một"]
    assert "find một" not in channel.calls


async def test_a_failed_message_is_not_sent_before_it_is_due_and_holds_back_only_its_own_chat(
    post: Post, channel: FakeChannel
) -> None:
    await post.write("ba-an", "một", "hai")
    channel.will("send một", SendError("no line"))
    await post.send(calls=1)
    await post.write("ong-ba", "ba")
    await post.send(calls=2)
    assert channel.calls == ["send một", "send ba"]
    assert await post.pending() == ["một", "hai"]


async def test_after_the_last_attempt_a_message_is_given_up_and_the_next_one_goes(
    post: Post, channel: FakeChannel
) -> None:
    await post.write("ba-an", "một", "hai")
    async with post.database.transaction() as session:
        message = await session.get_one(OutboxMessage, (await post.rows())[0].id)
        message.attempts = ATTEMPTS - 1
    channel.will("send một", SendError("no line"))
    await post.send(calls=2)
    first, _ = await post.rows()
    assert (first.given_up_at, first.error, first.attempts) == (NOON, "no line", ATTEMPTS)
    assert channel.texts == ["hai"]


async def test_a_channel_that_wants_a_pause_gets_it_and_other_channels_go_on(
    database: Database, clock: FakeClock, channel: FakeChannel
) -> None:
    zalo = FakeChannel()
    post = Post(database, clock, {"telegram": channel, "zalo": zalo})
    await post.write("ba-an", "một")
    channel.will("send một", SlowDownError(timedelta(seconds=30)))
    await post.send(calls=1)

    clock.advance(seconds=29)
    await post.write("ong-ba", "hai")
    await post.write("co-tu", "ba", channel="zalo")
    async with post.sending():
        await zalo.has_been_called(1)
    assert channel.calls == ["send một"]

    clock.advance(seconds=1)
    await post.send(calls=3)
    assert sorted(channel.texts) == ["hai", "một"]
    assert zalo.texts == ["ba"]


async def test_a_message_that_may_have_arrived_is_looked_for_and_not_sent_again(
    post: Post, channel: FakeChannel, clock: FakeClock
) -> None:
    await post.write("ba-an", "một")
    channel.will("send một", Arrives(UncertainError("no answer in time")))
    await post.send(calls=1)
    [row] = await post.rows()
    assert (row.in_doubt, row.error) == (True, "no answer in time")

    clock.now = row.due_at
    await post.send(calls=2)
    assert channel.calls == ["send một", "find một"]
    assert channel.texts == ["một"]
    [row] = await post.rows()
    assert (row.channel_number, row.in_doubt, row.error, row.delivered_at) == (101, False, None, clock())


@pytest.mark.parametrize("error", [UncertainError("no answer in time"), ValueError("something nobody thought of")])
async def test_a_message_that_may_have_arrived_and_did_not_is_sent_again(
    post: Post, channel: FakeChannel, clock: FakeClock, error: Exception
) -> None:
    await post.write("ba-an", "một")
    channel.will("send một", error)
    await post.send(calls=1)
    clock.advance(seconds=1)
    await post.send(calls=3)
    assert channel.calls == ["send một", "find một", "send một"]
    assert channel.texts == ["một"]


@pytest.mark.parametrize("trouble", [SendError("no line"), SlowDownError(timedelta(seconds=1)), UncertainError("?")])
async def test_a_search_that_fails_is_repeated_before_anything_is_sent(
    post: Post, channel: FakeChannel, clock: FakeClock, trouble: Exception
) -> None:
    await post.write("ba-an", "một")
    channel.will("send một", Arrives(UncertainError("no answer in time")))
    channel.will("find một", trouble)
    for calls in (1, 2, 3):
        await post.send(calls)
        clock.advance(seconds=2)
    assert channel.calls == ["send một", "find một", "find một"]
    assert channel.texts == ["một"]


async def test_once_looked_for_in_vain_a_message_is_no_longer_in_doubt(
    post: Post, channel: FakeChannel, clock: FakeClock
) -> None:
    await post.write("ba-an", "một")
    channel.will("send một", UncertainError("no answer in time"), SendError("no line"))
    for calls in (1, 3, 4):
        await post.send(calls)
        clock.advance(seconds=10)
    assert channel.calls == ["send một", "find một", "send một", "send một"]
    assert channel.texts == ["một"]


async def test_where_nothing_can_be_looked_for_a_message_in_doubt_is_sent_again(
    database: Database, clock: FakeClock
) -> None:
    channel = FakeChannelWithoutNumbers()
    post = Post(database, clock, {"telegram": channel})
    await post.write("ba-an", "một")
    channel.will("send một", Arrives(UncertainError("no answer in time")))
    await post.send(calls=1)
    clock.advance(seconds=1)
    await post.send(calls=2)
    assert channel.calls == ["send một", "send một"]


async def test_the_same_answer_to_somebody_else_in_the_group_is_not_taken_for_this_one(
    post: Post, channel: FakeChannel, clock: FakeClock
) -> None:
    async with post.database.transaction() as session:
        for who in ("ba-an", "ong-ba"):
            await answer(session, await store(session, arrival(by=who, chat="to-cong-nghe")), "như nhau")
    channel.will("send như nhau", UncertainError("no answer in time"))
    await post.send(calls=2)
    assert len(channel.shown) == 1

    clock.advance(seconds=1)
    await post.send(calls=4)
    assert [message.text for message in channel.shown] == ["như nhau", "như nhau"]
    assert await post.pending() == []


async def test_who_has_blocked_us_is_noted_and_gets_nothing_more_of_what_waits(
    post: Post, channel: FakeChannel, clock: FakeClock
) -> None:
    await post.write("ba-an", "một")
    await post.write("ong-ba", "hai")
    channel.will("send một", BlockedError("bot was blocked by the user"))
    await post.send(calls=2)
    clock.advance(days=1)
    assert channel.texts == ["hai"]
    assert await post.pending() == []
    given_up, _ = await post.rows()
    assert (given_up.given_up_at, given_up.error) == (NOON, "bot was blocked by the user")
    async with post.database.snapshot() as session:
        blocked = (await session.scalars(select(Conversation).order_by(Conversation.id))).all()
    assert [conversation.blocked_at for conversation in blocked] == [NOON, None]


async def test_a_message_that_the_channel_refuses_is_given_up_and_the_next_one_goes(
    post: Post, channel: FakeChannel
) -> None:
    await post.write("ba-an", "một", "hai")
    channel.will("send một", RefusedError("can't parse entities"))
    await post.send(calls=2)
    assert channel.calls == ["send một", "send hai"]
    assert channel.texts == ["hai"]
    refused, _ = await post.rows()
    assert (refused.given_up_at, refused.error) == (NOON, "can't parse entities")
    async with post.database.snapshot() as session:
        assert (await session.scalars(select(Conversation.blocked_at))).one() is None


# --- our process fails ------------------------------------------------------------------------------------------------


async def test_a_crash_between_sending_and_noting_it_doubles_nothing(
    post: Post, channel: FakeChannel, clock: FakeClock
) -> None:
    await post.write("ba-an", "một", "hai")
    channel.will("send một", Arrives(PROCESS_DIES))
    await post.send(calls=1)

    clock.advance(seconds=LEASE.total_seconds())
    next_process = Post(post.database, clock, post.channels)
    await next_process.send(calls=3)
    assert channel.calls == ["send một", "find một", "send hai"]
    assert channel.texts == ["một", "hai"]
    assert await post.pending() == []


async def test_a_crash_just_before_the_message_arrives_loses_nothing(
    post: Post, channel: FakeChannel, clock: FakeClock
) -> None:
    await post.write("ba-an", "một", "hai")
    channel.will("send một", PROCESS_DIES)
    await post.send(calls=1)
    clock.advance(seconds=LEASE.total_seconds())
    await Post(post.database, clock, post.channels).send(calls=4)
    assert channel.texts == ["một", "hai"]


async def test_what_a_dead_process_had_claimed_is_left_to_it_until_its_lease_ends(
    post: Post, channel: FakeChannel, clock: FakeClock
) -> None:
    await post.write("ba-an", "một")
    channel.will("send một", PROCESS_DIES)
    await post.send(calls=1)
    clock.advance(seconds=LEASE.total_seconds() - 1)
    await post.write("ong-ba", "hai")
    await Post(post.database, clock, post.channels).send(calls=2)
    assert channel.calls == ["send một", "send hai"]


async def test_a_process_that_works_for_long_keeps_its_claim(
    post: Post, channel: FakeChannel, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.outbox.RENEWAL_SECONDS", 0.01)
    await post.write("ba-an", "một")
    channel.gate.clear()
    async with post.sending():
        await channel.has_been_called(1)
        for _ in range(3):
            clock.advance(seconds=LEASE.total_seconds() - 1)
            await until_claimed(post, clock() + LEASE)
        await post.write("ong-ba", "hai")
        async with Post(post.database, clock, post.channels).sending():
            await channel.has_been_called(2)
            channel.gate.set()
    assert channel.calls == ["send một", "send hai"]


async def until_claimed(post: Post, moment: datetime) -> None:
    while (await post.rows())[0].claimed_until != moment:  # noqa: ASYNC110 - a renewal tells nobody
        await asyncio.sleep(0.01)


async def test_a_process_that_was_held_up_does_not_send_what_another_one_has_taken_over(
    post: Post, channel: FakeChannel, clock: FakeClock
) -> None:
    await post.write("ba-an", "một")
    channel.will("send một", UncertainError("no answer in time"))
    await post.send(calls=1)
    clock.advance(seconds=1)

    channel.gate.clear()
    held_up = asyncio.create_task(post.send(calls=2))  # it is stopped while it looks for the message
    await channel.has_been_called(2)
    clock.advance(seconds=LEASE.total_seconds())
    other = FakeChannel()
    await Post(post.database, clock, {"telegram": other}).send(calls=2)
    channel.gate.set()
    await held_up
    assert other.texts == ["một"]
    assert channel.texts == []
    assert [row.channel_number for row in await post.rows()] == [101]


async def test_stopping_finishes_what_is_under_way(post: Post, channel: FakeChannel) -> None:
    await post.write("ba-an", "một", "hai")
    channel.gate.clear()
    run = asyncio.create_task(post.sender.run())
    await channel.has_been_called(1)
    run.cancel()
    await asyncio.sleep(0)
    assert not run.done()
    channel.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert channel.texts == ["một"]
    first, second = await post.rows()
    assert (first.delivered_at, second.delivered_at, second.claimed_until) == (NOON, None, None)


async def test_a_message_that_its_owner_has_had_deleted_meanwhile_breaks_nothing(
    post: Post, channel: FakeChannel
) -> None:
    await post.write("ba-an", "một", "hai")
    channel.gate.clear()
    async with post.sending():
        await channel.has_been_called(1)
        async with post.database.transaction() as session:
            conversation = (await session.scalars(select(Conversation))).one()
            await conversations.forget(session, conversation, keep_inbox_id=10**6, now=NOON)
        await post.write("ong-ba", "ba")
        channel.gate.set()
        await channel.has_been_called(2)
    assert channel.texts == ["một", "ba"]
    assert [row.body["text"] for row in await post.rows()] == ["ba"]


async def test_a_database_that_is_away_for_a_while_stops_nothing_for_good(
    database_url: str, clock: FakeClock, channel: FakeChannel
) -> None:
    database = BreakableDatabase(database_url)
    await database.migrate()
    post = Post(database, clock, {"telegram": channel})
    await post.write("ba-an", "một")
    database.is_away = True
    async with post.sending():
        await database.missed.wait()
        database.is_away = False
        post.sender.wake()
        await channel.has_been_called(1)
    assert channel.texts == ["một"]
    await database.close()


async def test_a_database_that_is_away_when_the_outcome_is_to_be_noted_doubles_nothing(
    database_url: str, clock: FakeClock, channel: FakeChannel
) -> None:
    database = BreakableDatabase(database_url)
    await database.migrate()
    post = Post(database, clock, {"telegram": channel})
    await post.write("ba-an", "một")
    channel.gate.clear()
    async with post.sending():
        await channel.has_been_called(1)
        database.is_away = True
        channel.gate.set()
        await database.missed.wait()
    database.is_away = False
    clock.advance(seconds=LEASE.total_seconds())
    await post.send(calls=2)
    assert channel.calls == ["send một", "find một"]
    assert channel.texts == ["một"]
    await database.close()


# --- together ---------------------------------------------------------------------------------------------------------


class Stepwise(OutboxSender):
    """Says when there is nothing to do at the moment."""

    def __init__(self, database: Database, channels: Mapping[str, FakeChannel], clock: FakeClock) -> None:
        super().__init__(database, channels, clock)
        self.idle = asyncio.Event()

    async def _wait(self) -> None:
        if not self._under_way:
            self.idle.set()
        await super()._wait()


FAILURES = (
    SendError("no line"),
    SlowDownError(timedelta(seconds=7)),
    UncertainError("lost"),
    PROCESS_DIES,
    ValueError("something nobody thought of"),
)
mishaps_of_a_sending = st.lists(
    st.sampled_from((*FAILURES, Arrives(UncertainError("lost")), Arrives(PROCESS_DIES))), max_size=3
)
mishaps_of_a_search = st.lists(st.sampled_from(FAILURES), max_size=3)
histories = st.lists(
    st.tuples(st.sampled_from(["ba-an", "ong-ba", "co-tu"]), mishaps_of_a_sending, mishaps_of_a_search),
    min_size=1,
    max_size=6,
)
examples = count(1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(messages=histories)
async def test_whatever_happens_everybody_gets_every_answer_once_and_in_order(
    database: Database, messages: list[tuple[str, list[BaseException | Arrives], list[BaseException]]]
) -> None:
    clock, channel, example = FakeClock(), FakeChannel(), next(examples)
    post = Post(database, clock, {"telegram": channel})
    for number, (who, sendings, searches) in enumerate(messages):
        await post.write(f"{who}/{example}", f"{number}")
        channel.will(f"send {number}", *sendings)
        channel.will(f"find {number}", *searches)
    while await post.pending():
        post.sender = process = Stepwise(database, post.channels, clock)
        async with post.sending():
            await process.idle.wait()
        clock.advance(minutes=5)
    assert sorted(channel.texts) == [f"{number}" for number in range(len(messages))]
    for chat in {message.chat for message in channel.shown}:
        own = [message.text for message in channel.shown if message.chat == chat]
        assert own == sorted(own)


@pytest.mark.servers
async def test_two_processes_share_the_work_and_double_nothing(
    postgres_url: str, clock: FakeClock, channel: FakeChannel
) -> None:
    databases = [Database(postgres_url), Database(postgres_url)]
    await databases[0].migrate()
    processes = [Post(database, clock, {"telegram": channel}) for database in databases]
    people = [f"nguoi-{number}" for number in range(10)]
    for person in people:
        await processes[0].write(person, *(f"{person} {number}" for number in range(3)))
    async with processes[0].sending(), processes[1].sending():
        await channel.has_been_called(30)
    for person in people:
        assert [message.text for message in channel.shown if message.chat == person] == [
            f"{person} {number}" for number in range(3)
        ]
    assert len(channel.shown) == 30
    assert await processes[0].pending() == []
    for database in databases:
        await database.close()
