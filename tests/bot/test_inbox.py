"""Whatever comes in is masked and stored once, and every message gets its turn: one at a time in a conversation, in the
order of arrival, in spite of failures, crashes and other processes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.citizen.desk import CitizenDesk
from bot.inbox import ATTEMPTS, LEFT_OVER_AFTER
from bot.masking import HIDDEN
from bot.messages import MAX_TEXT, Incoming
from content.library import Library
from db import inbox
from db.engine import Database
from db.models import InboxMessage, UnansweredQuestion
from tests.support.broken_database import BreakableDatabase
from tests.support.clock import NOON, FakeClock
from tests.support.incoming import edited, pressed, said
from tests.support.talk import COMMUNE, INSTALL, PASSWORD, Talk, all_answers, small_library

DEADLINE_SECONDS = 10
HOW_TO_INSTALL = "**Cài VNeID**\n\nBấm Cài đặt."
NEW_PASSWORD = "**Quên mật khẩu VNeID**\n\nBấm Quên mật khẩu."

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.inbox.RETRY_SECONDS", 0)
    monkeypatch.setattr("bot.inbox.SWEEP_SECONDS", 0.01)


@pytest.fixture
def talk(database: Database, library: Library, clock: FakeClock) -> Talk:
    return Talk(database, library, clock)


@asynccontextmanager
async def sweeping(talk: Talk) -> AsyncIterator[None]:
    sweep = asyncio.create_task(talk.inbox.sweep())
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            yield
        assert not sweep.done()
    finally:
        sweep.cancel()
        with suppress(asyncio.CancelledError):
            await sweep
        await talk.inbox.finish()


async def stored(talk: Talk) -> list[InboxMessage]:
    async with talk.database.snapshot() as session:
        return list(await session.scalars(select(InboxMessage).order_by(InboxMessage.id)))


async def handle(talk: Talk, *messages: Incoming) -> None:
    """Takes messages in and waits until they are handled."""
    talk.inbox.handle_soon(await talk.inbox.receive(messages))
    async with asyncio.timeout(DEADLINE_SECONDS):
        await talk.inbox.finish()


async def answers(talk: Talk) -> list[tuple[str, str]]:
    return [(asked, answer) for _, asked, answer in await all_answers(talk.database)]


# --- stored -----------------------------------------------------------------------------------------------------------


@only_sqlite
async def test_a_message_is_masked_before_it_is_stored_or_understood(talk: Talk) -> None:
    await handle(talk, said("căn cước 001099012345, mã OTP là 482913, mật khẩu là hoahong"))
    [message] = await stored(talk)
    for secret in ("001099012345", "482913", "hoahong"):
        assert secret not in message.text
        assert secret not in talk.nlu.asked[0]
    assert HIDDEN in message.text


@only_sqlite
@pytest.mark.parametrize("beyond", range(13))
async def test_the_cut_after_the_longest_text_leaves_no_part_of_a_number(talk: Talk, beyond: int) -> None:
    number = "001099012345"
    text = "x" * (MAX_TEXT - len(number) + beyond - 1) + " " + number
    await talk.inbox.receive([said(text)])
    [message] = await stored(talk)
    assert len(message.text) <= MAX_TEXT
    assert not any(letter.isdigit() for letter in message.text)


async def test_what_no_database_can_hold_does_not_stop_a_message(talk: Talk) -> None:
    await talk.inbox.receive([said("VNeID\0 là \ud83d gì"), pressed("menu\0")])
    assert [(one.text, one.payload) for one in await stored(talk)] == [("VNeID là ? gì", ""), ("", "menu")]


@only_sqlite
async def test_a_number_can_not_hide_behind_what_is_left_out(talk: Talk) -> None:
    await talk.inbox.receive([said("căn cước 001099\x00012345")])
    assert "001099012345" not in (await stored(talk))[0].text


async def test_messages_are_stored_all_or_none(talk: Talk) -> None:
    broken = said(INSTALL, sent_at=NOON.replace(tzinfo=None))
    with pytest.raises(StatementError):
        await talk.inbox.receive([said(INSTALL), said(PASSWORD, by="ong-ba"), broken])
    assert await stored(talk) == []


async def test_a_message_that_is_delivered_again_is_answered_once(talk: Talk) -> None:
    message = said(INSTALL)
    await handle(talk, message, message)
    await handle(talk, message)
    assert await answers(talk) == [(INSTALL, HOW_TO_INSTALL)]


@only_sqlite
async def test_a_message_that_is_delivered_again_during_its_turn_is_answered_once(talk: Talk) -> None:
    message = said(INSTALL)

    async def deliver_again(_: str) -> None:
        talk.nlu.before_answering = None
        talk.inbox.handle_soon(await talk.inbox.receive([message]))

    talk.nlu.before_answering = deliver_again
    await handle(talk, message)
    assert await answers(talk) == [(INSTALL, HOW_TO_INSTALL)]


@only_sqlite
async def test_whoever_delivers_a_message_again_learns_that_it_is_handled(talk: Talk) -> None:
    message = said(INSTALL)
    [first] = await talk.inbox.receive([message])
    await talk.inbox.handle(first.conversation_id)
    [again] = await talk.inbox.receive([message])
    assert (first.handled_at, again.handled_at, again.id) == (None, NOON, first.id)


# --- in turn ----------------------------------------------------------------------------------------------------------


async def test_messages_are_answered_in_the_order_of_their_arrival(talk: Talk) -> None:
    texts = [PASSWORD, INSTALL, "/menu", INSTALL, PASSWORD]
    await handle(talk, *(said(text) for text in texts))
    assert [asked for asked, _ in await answers(talk)] == texts


@only_sqlite
async def test_a_conversation_has_one_turn_at_a_time(talk: Talk) -> None:
    under_way = Counter[str]()

    async def count_turns(_text: str) -> None:
        under_way["now"] += 1
        under_way["most"] = max(under_way["most"], under_way["now"])
        await talk.inbox.receive([said("of somebody else, which takes a moment", by="ong-ba")])
        under_way["now"] -= 1

    talk.nlu.before_answering = count_turns
    await handle(talk, said("a"), said("b"))
    for text in "cdefgh":
        talk.inbox.handle_soon(await talk.inbox.receive([said(text)]))
    await talk.inbox.finish()
    assert under_way["most"] == 1
    assert talk.nlu.asked == list("abcdefgh")


@only_sqlite
async def test_turns_that_queue_up_while_another_one_ends_still_come_one_at_a_time(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first] = await talk.inbox.receive([said(INSTALL)])
    look, late = inbox.next_waiting, [said(PASSWORD)]

    async def look_and_let_one_slip_in(session: AsyncSession, conversation_id: int) -> InboxMessage | None:
        found = await look(session, conversation_id)
        if found is None and late:
            await talk.inbox.receive([late.pop()])
        return found

    async def queue_up(text: str) -> None:
        talk.inbox.handle_soon([first])
        if text == PASSWORD:
            await talk.answer(said(INSTALL, by="ong-ba"))  # which gives a second turn time to begin

    monkeypatch.setattr(inbox, "next_waiting", look_and_let_one_slip_in)
    talk.nlu.before_answering = queue_up
    await talk.inbox.handle(first.conversation_id)
    await talk.inbox.finish()
    assert talk.nlu.asked.count(PASSWORD) == 1


async def test_many_conversations_have_their_turns_at_once(talk: Talk) -> None:
    people = [f"nguoi-{number}" for number in range(6)]
    all_there = asyncio.Barrier(len(people))

    async def wait_for_the_others(_: str) -> None:
        await all_there.wait()

    talk.nlu.before_answering = wait_for_the_others
    await handle(talk, *(said(INSTALL, by=person) for person in people))
    assert sorted(sender for sender, _, _ in await all_answers(talk.database)) == people


@only_sqlite
async def test_a_slow_turn_holds_up_nobody_else(talk: Talk) -> None:
    may_go_on = asyncio.Event()

    async def be_slow(text: str) -> None:
        if text == PASSWORD:
            await may_go_on.wait()

    talk.nlu.before_answering = be_slow
    slow, fast = await talk.inbox.receive([said(PASSWORD, by="ba-an"), said(INSTALL, by="ong-ba")])
    talk.inbox.handle_soon([slow])
    async with asyncio.timeout(DEADLINE_SECONDS):
        await talk.inbox.handle(fast.conversation_id)
    assert await answers(talk) == [(INSTALL, HOW_TO_INSTALL)]
    may_go_on.set()
    await talk.inbox.finish()
    assert len(await answers(talk)) == 2


@only_sqlite
async def test_the_outbox_is_told_of_every_answer(talk: Talk) -> None:
    await handle(talk, said(INSTALL), said(PASSWORD))
    assert talk.news == 2


# --- edited -----------------------------------------------------------------------------------------------------------


@only_sqlite
async def test_an_edit_that_comes_before_the_turn_is_what_gets_answered(talk: Talk) -> None:
    message = said("cài VNeD")
    await handle(talk, message, edited(message, INSTALL))
    assert await answers(talk) == [(INSTALL, HOW_TO_INSTALL)]


async def test_an_edit_that_comes_during_the_turn_is_what_gets_answered(talk: Talk) -> None:
    message = said("cài VNeD")

    async def edit(text: str) -> None:
        if text == message.text:
            await talk.inbox.receive([edited(message, INSTALL)])

    talk.nlu.before_answering = edit
    await handle(talk, message)
    assert await answers(talk) == [(INSTALL, HOW_TO_INSTALL)]


@only_sqlite
async def test_an_edit_that_comes_after_the_answer_is_not_answered_again(talk: Talk) -> None:
    message = said(INSTALL)
    await handle(talk, message)
    await handle(talk, edited(message, PASSWORD))
    assert await answers(talk) == [(INSTALL, HOW_TO_INSTALL)]


@only_sqlite
async def test_an_edit_is_masked_too(talk: Talk) -> None:
    message = said("căn cước của tôi")
    await talk.inbox.receive([message, edited(message, "căn cước của tôi 001099012345")])
    assert (await stored(talk))[0].text == f"căn cước của tôi {HIDDEN}"


# --- failing ----------------------------------------------------------------------------------------------------------


class Fails:
    """Makes the first turns fail."""

    def __init__(self, times: int) -> None:
        self.times = times

    async def __call__(self, _: str) -> None:
        if self.times:
            self.times -= 1
            raise RuntimeError("something broke")


async def test_a_turn_that_fails_is_tried_again(talk: Talk) -> None:
    talk.nlu.before_answering = Fails(ATTEMPTS - 1)
    await handle(talk, said(INSTALL))
    assert await answers(talk) == [(INSTALL, HOW_TO_INSTALL)]


async def test_after_the_last_failure_the_bot_apologises_and_goes_on(talk: Talk) -> None:
    talk.nlu.before_answering = Fails(ATTEMPTS)
    await handle(talk, said(INSTALL), said(PASSWORD))
    [(_, apology), answer] = await answers(talk)
    assert apology.startswith("Bot đã nhận được tin nhưng máy đang trục trặc")
    assert answer == (PASSWORD, NEW_PASSWORD)
    failed, _ = await stored(talk)
    assert (failed.attempts, failed.error, failed.handled_at) == (ATTEMPTS, "RuntimeError: something broke", NOON)


async def test_a_failed_turn_leaves_nothing_behind(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = [RuntimeError("the channel can't carry this")]

    def split(_channel: str, replies: Sequence[object], _is_asking: bool) -> Sequence[object]:
        if failures:
            raise failures.pop()
        return replies

    monkeypatch.setattr(talk.inbox, "_split", split)
    await handle(talk, said("câu hỏi lạ"))
    assert len(await answers(talk)) == 1
    async with talk.database.snapshot() as session:
        assert await session.scalar(select(func.count()).select_from(UnansweredQuestion)) == 1


# --- left over --------------------------------------------------------------------------------------------------------


async def test_what_a_dead_process_left_is_handled_at_the_next_start(
    talk: Talk, library: Library, clock: FakeClock
) -> None:
    await talk.inbox.receive([said(INSTALL), said(PASSWORD), said(INSTALL, by="ong-ba")])
    next_process = Talk(talk.database, library, clock)
    async with sweeping(next_process):
        await next_process.has_answered(3)
    assert sorted(await answers(talk)) == [
        (INSTALL, HOW_TO_INSTALL),
        (INSTALL, HOW_TO_INSTALL),
        (PASSWORD, NEW_PASSWORD),
    ]


@only_sqlite
async def test_later_only_what_has_waited_for_long_is_taken_for_left_over(talk: Talk, clock: FakeClock) -> None:
    async with sweeping(talk):
        await talk.inbox.receive([said("bỏ lại")])
        clock.advance(seconds=LEFT_OVER_AFTER.total_seconds())
        await talk.inbox.receive([said("đang được xử lý ở nơi khác", by="ong-ba")])
        await talk.has_answered(1)
    assert [asked for asked, _ in await answers(talk)] == ["bỏ lại"]


@only_sqlite
async def test_the_bot_of_another_commune_is_left_its_own_messages(
    talk: Talk, library: Library, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other_bot = Talk(talk.database, library, clock)
    monkeypatch.setattr(other_bot.inbox, "_commune", "sang-moc")
    await other_bot.inbox.receive([said(PASSWORD)])
    await talk.inbox.receive([said(INSTALL)])
    async with sweeping(talk):
        await talk.has_answered(1)
    assert await answers(talk) == [(INSTALL, HOW_TO_INSTALL)]


@pytest.fixture
async def breakable(database_url: str) -> AsyncIterator[BreakableDatabase]:
    database = BreakableDatabase(database_url)
    await database.migrate()
    yield database
    await database.close()


@only_sqlite
async def test_the_sweep_outlives_a_database_that_is_away(
    breakable: BreakableDatabase, library: Library, clock: FakeClock
) -> None:
    talk = Talk(breakable, library, clock)
    await talk.inbox.receive([said(INSTALL)])
    breakable.is_away = True
    async with sweeping(talk):
        await breakable.missed.wait()
        breakable.is_away = False
        await talk.has_answered(1)
    assert await answers(talk) == [(INSTALL, HOW_TO_INSTALL)]


@only_sqlite
async def test_a_turn_that_loses_the_database_is_taken_again(
    breakable: BreakableDatabase, library: Library, clock: FakeClock
) -> None:
    talk = Talk(breakable, library, clock)

    async def lose_the_database(_: str) -> None:
        breakable.is_away = True

    talk.nlu.before_answering = lose_the_database
    [message] = await talk.inbox.receive([said(INSTALL)])
    with pytest.raises(SQLAlchemyError):
        await talk.inbox.handle(message.conversation_id)
    breakable.is_away, talk.nlu.before_answering = False, None
    clock.advance(minutes=1)
    async with sweeping(talk):
        await talk.has_answered(1)
    assert await answers(talk) == [(INSTALL, HOW_TO_INSTALL)]


# --- together ---------------------------------------------------------------------------------------------------------


@pytest.mark.servers
async def test_two_processes_on_one_database_handle_every_message_once_and_in_order(
    postgres_url: str, library: Library, clock: FakeClock
) -> None:
    databases = [Database(postgres_url), Database(postgres_url)]
    await databases[0].migrate()
    processes = [Talk(database, library, clock) for database in databases]
    people = [f"nguoi-{number}" for number in range(5)]
    stream = [said(f"câu {number}", by=person, message_id=f"{number}") for number in range(4) for person in people]

    async def take_in(talk: Talk, messages: Sequence[Incoming]) -> None:
        for message in messages:
            talk.inbox.handle_soon(await talk.inbox.receive([message]))

    async with asyncio.timeout(DEADLINE_SECONDS):
        await asyncio.gather(*(take_in(talk, stream) for talk in processes))
        for talk in processes:
            await talk.inbox.finish()

    answered = await all_answers(databases[0])
    for person in people:
        assert [asked for sender, asked, _ in answered if sender == person] == [f"câu {number}" for number in range(4)]
    for database in databases:
        await database.close()


people = st.sampled_from(["ba-an", "ong-ba", "co-tu", "chu-sau"])
streams = st.lists(st.tuples(people, st.integers(0, 5)), max_size=16).flatmap(st.permutations)
examples = count(1)


@only_sqlite
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stream=streams, cuts=st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=8))
async def test_shuffled_doubled_and_delayed_messages_are_each_handled_once_and_in_the_order_of_their_arrival(
    database: Database, library: Library, stream: list[tuple[str, int]], cuts: list[tuple[int, bool]]
) -> None:
    """Batches come in any order, with repeats; after some of them the process dies before it handles anything."""
    clock, example = FakeClock(), next(examples)
    small = small_library(library)
    desk = CitizenDesk(lambda: small, COMMUNE)  # what it has learnt is no process's own
    talk = Talk(database, small, clock, desk)
    deliveries = [said(f"câu {number}", by=f"{who}/{example}", message_id=f"{number}") for who, number in stream]
    for size, survives in [*cuts, (len(deliveries) or 1, True)]:
        batch, deliveries = deliveries[:size], deliveries[size:]
        arrived = await talk.inbox.receive(batch)
        if survives:
            talk.inbox.handle_soon(arrived)
        else:
            await talk.inbox.finish()
            talk = Talk(database, small, clock, desk)
        clock.advance(seconds=1)
    await talk.inbox.finish()

    talk = Talk(database, small, clock, desk)
    async with sweeping(talk):
        await talk.has_answered(len([one for one in await stored(talk) if one.handled_at is None]))
    answered = [(who, asked) for who, asked, _ in await all_answers(database) if who.endswith(f"/{example}")]
    for who in {sender for sender, _ in stream}:
        expected = dict.fromkeys(f"câu {number}" for sender, number in stream if sender == who)
        assert [asked for sender, asked in answered if sender == f"{who}/{example}"] == list(expected)
