"""An approved broadcast reaches everybody who wants it once: by day, after every answer, whatever goes wrong."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.broadcasts.copy import body_for, broadcast_reply
from bot.broadcasts.sending import Broadcasting
from bot.channels.fitting import splitter
from bot.channels.outbox import BlockedError, OutboxSender, SendError, SlowDownError, UncertainError
from content.library import Library
from content.numbers import TIME_ZONE
from db import persons
from db.broadcasts import broadcasts, subscriptions
from db.broadcasts.broadcasts import LONGEST_TEXT
from db.broadcasts.models import Broadcast, BroadcastRecipient, BroadcastSort, BroadcastState
from db.engine import Database
from db.models import Conversation, OutboxMessage
from tests.bot.channels.test_outbox import Stepwise
from tests.support.broadcasts import ALERT, WRITER, approved, states, subscriber
from tests.support.clock import NOON, FakeClock
from tests.support.fake_channel import DEADLINE_SECONDS, PROCESS_DIES, Arrives, FakeChannel
from tests.support.rows import COMMUNE, open_conversation, write_to
from tests.support.site import shipped_library

LATE = NOON.astimezone(TIME_ZONE).replace(hour=20, minute=59, second=50)
MORNING = LATE.replace(hour=6, minute=30, second=0) + timedelta(days=1)


class Office:
    """A programme that sends, and what the office and people do meanwhile."""

    def __init__(self, database: Database, clock: FakeClock, channel: FakeChannel, *, batch: int = 2) -> None:
        self.database, self.clock, self.channel, self.batch = database, clock, channel, batch
        self.restart()

    def restart(self) -> None:
        """A new process on the same database."""
        self.sending = Broadcasting(
            self.database, COMMUNE, shipped, splitter(shipped), self.clock, told=lambda: None, batch=self.batch
        )

    async def begin(self, *people: str) -> int:
        """An approved alert to these; its id."""
        async with self.database.transaction() as session:
            for who in people:
                await subscriber(session, who)
            return (await approved(session, now=self.clock())).id

    async def post(self) -> None:
        """Sends what the outbox holds, until nothing can be done at this moment."""
        process = PoliteStepwise(self.database, self.channel, self.clock, self.sending)
        run = asyncio.create_task(process.run())
        async with asyncio.timeout(DEADLINE_SECONDS):
            await process.idle.wait()
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run

    async def until_done(self) -> None:
        """Goes on until the broadcast has ended and nothing is left to send."""
        for _ in range(200):
            is_busy = await self.sending.step()
            await self.post()
            async with self.database.snapshot() as session:
                left = select(OutboxMessage.id).where(
                    OutboxMessage.channel == "telegram",
                    OutboxMessage.delivered_at.is_(None),
                    OutboxMessage.given_up_at.is_(None),
                )
                if not is_busy and not (await session.scalars(left)).all():
                    return
            self.clock.advance(seconds=11)
        raise AssertionError("it does not end")

    async def end_for(self, who: str) -> None:
        """Somebody has enough."""
        async with self.database.transaction() as session:
            chat = await open_conversation(session, who)
            await subscriptions.end(session, persons.person_of(chat), None, self.clock())

    async def begun(self) -> set[str]:
        """Whose copies have been handed to the channel, whatever came of it."""
        query = select(Conversation.sender).join(OutboxMessage, OutboxMessage.conversation_id == Conversation.id)
        async with self.database.snapshot() as session:
            return set(await session.scalars(query.where(OutboxMessage.attempts > 0)))

    async def stop(self, broadcast_id: int) -> None:
        """Presses the button, if it is still there."""
        async with self.database.transaction() as session:
            found = await broadcasts.find(session, COMMUNE, broadcast_id, lock=True)
            assert found is not None
            if found.state in broadcasts.LIVE:
                await broadcasts.stop(session, found, actor=WRITER, now=self.clock())

    async def states(self) -> dict[str, str]:
        """Whose copy is in which state."""
        async with self.database.snapshot() as session:
            return await states(session)

    async def state(self) -> str:
        """How far the broadcast is."""
        async with self.database.snapshot() as session:
            return str(await session.scalar(select(Broadcast.state)))


class PoliteStepwise(Stepwise):
    """Sends nothing to many at night, as the programme does."""

    def __init__(self, database: Database, channel: FakeChannel, clock: FakeClock, sending: Broadcasting) -> None:
        OutboxSender.__init__(
            self, database, {"telegram": channel}, clock, may_send_to_many=lambda now: not sending.is_quiet(now)
        )
        self.idle = asyncio.Event()


def shipped() -> Library:
    return shipped_library().current


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: what differs between databases is tests/db's business."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def office(database: Database, clock: FakeClock, channel: FakeChannel) -> Office:
    return Office(database, clock, channel)


def chats(channel: FakeChannel) -> list[str]:
    return [message.chat for message in channel.shown]


async def test_everybody_gets_one_in_batches_and_then_it_is_done(office: Office, channel: FakeChannel) -> None:
    await office.begin("an", "ba", "co")
    await office.sending.step()
    await office.post()
    assert chats(channel) == ["an", "ba"]
    assert await office.state() == BroadcastState.SENDING
    await office.until_done()
    assert chats(channel) == ["an", "ba", "co"]
    assert await office.state() == BroadcastState.DONE
    assert set((await office.states()).values()) == {"sent"}


async def test_at_night_it_waits_also_what_is_already_in_the_outbox(
    office: Office, channel: FakeChannel, clock: FakeClock, database: Database
) -> None:
    clock.now = LATE
    await office.begin("an", "ba", "co")
    assert await office.sending.step()
    clock.advance(seconds=11)
    async with database.transaction() as session:
        await write_to(session, "dung", "đáp dũng", now=clock())
    assert not await office.sending.step()
    await office.post()
    assert channel.texts == ["đáp dũng"]
    clock.now = MORNING
    await office.until_done()
    assert sorted(chats(channel)) == ["an", "ba", "co", "dung"]


async def test_an_answer_waits_for_no_broadcast(office: Office, channel: FakeChannel, database: Database) -> None:
    office.batch = 100
    office.restart()
    await office.begin(*(f"nguoi-{number}" for number in range(30)))
    await office.sending.step()
    async with database.transaction() as session:
        await write_to(session, "nguoi-29", "đáp")
    await office.post()
    assert channel.texts.index("đáp") == 0
    assert len(channel.shown) == 31


async def test_what_is_stopped_goes_no_further(office: Office, channel: FakeChannel) -> None:
    broadcast = await office.begin("an", "ba", "co")
    await office.sending.step()
    await office.stop(broadcast)
    await office.until_done()
    assert channel.shown == []
    assert await office.states() == {"an": "stopped", "ba": "stopped", "co": "stopped"}


async def test_when_the_channel_wants_a_pause_everything_to_it_pauses(
    office: Office, channel: FakeChannel, clock: FakeClock
) -> None:
    await office.begin("an", "ba", "co", "du")
    channel.will(f"send {text_of_the_alert()}", *[SlowDownError(timedelta(minutes=3))] * 2)
    await office.sending.step()
    await office.post()
    calls = len(channel.calls)
    clock.advance(minutes=2)
    await office.sending.step()
    await office.post()
    assert (len(channel.calls), channel.shown) == (calls, [])
    clock.advance(minutes=1, seconds=1)
    await office.until_done()
    assert sorted(chats(channel)) == ["an", "ba", "co", "du"]


async def test_who_has_blocked_us_is_marked(office: Office, channel: FakeChannel) -> None:
    await office.begin("an", "ba")
    channel.will(f"send {text_of_the_alert()}", BlockedError("Forbidden"))
    await office.until_done()
    assert Counter((await office.states()).values()) == {"blocked": 1, "sent": 1}
    async with office.database.snapshot() as session:
        assert len((await session.scalars(select(Conversation).where(Conversation.blocked_at.is_not(None)))).all()) == 1


async def test_the_web_page_fetches_its_copy_and_nobody_waits_for_that(office: Office) -> None:
    async with office.database.transaction() as session:
        await subscriber(session, "an", channel="web")
        await approved(session)
    await office.until_done()
    assert await office.state() == BroadcastState.DONE
    assert await office.states() == {"an": "queued"}


@pytest.mark.parametrize("channel", ["telegram", "web", "zalo", "zalo_bot"])
def test_the_longest_text_is_one_message_with_the_way_out_in_every_channel(channel: str) -> None:
    library = shipped()
    commune = library.communes[COMMUNE]
    reply = broadcast_reply(library, commune, BroadcastSort.SCAM_ALERT, "ă" * LONGEST_TEXT, "scam.fake_police")
    body = body_for(channel, reply, splitter(shipped))
    assert "DỪNG" in body["text"] + (body["note"] or "")
    assert channel == "zalo_bot" or "do:tin:stop" in str(body["buttons"])


def text_of_the_alert() -> str:
    library = shipped()
    return broadcast_reply(library, library.communes[COMMUNE], ALERT.sort, ALERT.text, None).text


PEOPLE = ("an", "ba", "co", "du")
MISHAPS = (
    SendError("no line"), SlowDownError(timedelta(seconds=7)), UncertainError("lost"), PROCESS_DIES,
    Arrives(UncertainError("lost")), Arrives(PROCESS_DIES),
)  # fmt: skip
events = st.one_of(
    st.just("step"), st.just("post"), st.just("restart"), st.just("wait"), st.just("stop"),
    st.tuples(st.just("end"), st.sampled_from(PEOPLE)),
)  # fmt: skip
examples = count(1)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(events, max_size=8), mishaps=st.lists(st.sampled_from(MISHAPS), max_size=6))
async def test_whatever_happens_nobody_gets_it_twice_and_nobody_who_ended_it_in_time(
    database: Database, history: list[str | tuple[str, str]], mishaps: list[BaseException | Arrives]
) -> None:
    clock, channel, example = FakeClock(), FakeChannel(), next(examples)
    await forget_others(database)
    office = Office(database, clock, channel)
    broadcast = await office.begin(*(f"{who}/{example}" for who in PEOPLE))
    channel.will(f"send {text_of_the_alert()}", *mishaps)
    everybody = {f"{who}/{example}" for who in PEOPLE}
    may_get_it = set(everybody)
    must_get_it = set(everybody)
    for event in history:
        if event == "step":  # two programmes look at the same time
            other = Broadcasting(database, COMMUNE, shipped, splitter(shipped), clock, told=lambda: None, batch=1)
            await asyncio.gather(office.sending.step(), other.step())
        elif event == "post":
            await office.post()
        elif event == "restart":
            office.restart()
        elif event == "wait":
            clock.advance(seconds=11)
        elif event == "stop":
            may_get_it &= await office.begun()
            must_get_it = set()
            await office.stop(broadcast)
        else:
            who = f"{event[1]}/{example}"
            may_get_it -= {who} - await office.begun()
            must_get_it -= {who}
            await office.end_for(who)
    await office.until_done()
    got = Counter(chats(channel))
    assert set(got.values()) <= {1}
    assert must_get_it <= set(got) <= may_get_it
    assert await office.state() in {BroadcastState.DONE, BroadcastState.STOPPED}


async def forget_others(database: Database) -> None:
    """Examples share a database: the people and broadcasts of those before are gone."""
    async with database.transaction() as session:
        for table in (Broadcast, Conversation):
            for row in await session.scalars(select(table)):
                await session.delete(row)
    async with database.snapshot() as session:
        assert (await session.scalars(select(BroadcastRecipient))).all() == []
