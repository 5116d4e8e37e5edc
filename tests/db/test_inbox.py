"""Messages that came in are stored once, handed out in the order of their arrival, and found again when they wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from db import inbox
from db.engine import Database
from db.models import InboxMessage
from tests.support.clock import NOON
from tests.support.rows import COMMUNE, answer, arrival, store


async def texts(database: Database) -> list[str]:
    async with database.snapshot() as session:
        return list(await session.scalars(select(InboxMessage.text).order_by(InboxMessage.id)))


async def test_a_message_that_comes_twice_is_stored_once(database: Database) -> None:
    async with database.transaction() as session:
        first = await store(session, arrival("VNeID là gì", message_id="7"))
    async with database.transaction() as session:
        again = await store(session, arrival("VNeID là gì", message_id="7"), now=NOON + timedelta(minutes=5))
    assert again.id == first.id
    assert again.received_at == NOON
    assert await texts(database) == ["VNeID là gì"]


async def test_a_message_that_comes_twice_in_one_batch_is_stored_once(database: Database) -> None:
    async with database.transaction() as session:
        first = await store(session, arrival("a", message_id="7"))
        again = await store(session, arrival("a", message_id="7"))
    assert first.id == again.id


async def test_two_people_may_use_the_same_message_id(database: Database) -> None:
    async with database.transaction() as session:
        await store(session, arrival("của bà An", by="ba-an", message_id="7"))
        await store(session, arrival("của ông Ba", by="ong-ba", message_id="7"))
    assert await texts(database) == ["của bà An", "của ông Ba"]


async def test_the_bots_of_two_communes_may_share_a_database(database: Database) -> None:
    async with database.transaction() as session:
        await store(session, arrival("hỏi Tân Lợi", message_id="7"))
        await store(session, arrival("hỏi Sảng Mộc", message_id="7"), commune="sang-moc")
    assert await texts(database) == ["hỏi Tân Lợi", "hỏi Sảng Mộc"]


async def test_an_edit_changes_a_message_that_still_waits(database: Database) -> None:
    async with database.transaction() as session:
        await store(session, arrival("VNeD là gì", message_id="7"))
        await store(session, arrival("VNeID là gì", message_id="7", is_edit=True))
    assert await texts(database) == ["VNeID là gì"]


async def test_an_edit_of_a_handled_message_is_stored_beside_it_once(database: Database) -> None:
    async with database.transaction() as session:
        await answer(session, await store(session, arrival("VNeD là gì", message_id="7")), "VNeID là…")
    edit = arrival("VNeID là gì", message_id="7", is_edit=True)
    async with database.transaction() as session:
        stored = [await store(session, edit) for _ in range(2)]
    assert stored[0].id == stored[1].id
    assert (stored[0].edit_of, stored[0].handled_at) == ("7", None)
    assert await texts(database) == ["VNeD là gì", "VNeID là gì"]


async def test_an_edit_that_changes_nothing_is_not_stored(database: Database) -> None:
    async with database.transaction() as session:
        await answer(session, await store(session, arrival("VNeID là gì", message_id="7")), "VNeID là…")
        found = await store(session, arrival("VNeID là gì", message_id="7", is_edit=True))
    assert found.edit_of is None
    assert await texts(database) == ["VNeID là gì"]


async def test_of_two_edits_the_later_one_counts_whichever_arrives_first(database: Database) -> None:
    later = replace(arrival("sửa lần hai", message_id="7", is_edit=True), sent_at=NOON + timedelta(seconds=2))
    earlier = replace(arrival("sửa lần một", message_id="7", is_edit=True), sent_at=NOON + timedelta(seconds=1))
    async with database.transaction() as session:
        for message in (arrival("VNeD là gì", message_id="7"), later, earlier):
            await store(session, message)
    assert await texts(database) == ["sửa lần hai"]


async def test_an_older_edit_that_comes_after_a_newer_one_is_not_stored(database: Database) -> None:
    later = replace(arrival("sửa lần hai", message_id="7", is_edit=True), sent_at=NOON + timedelta(seconds=2))
    earlier = replace(arrival("sửa lần một", message_id="7", is_edit=True), sent_at=NOON + timedelta(seconds=1))
    async with database.transaction() as session:
        await answer(session, await store(session, arrival("VNeD là gì", message_id="7")), "VNeID là…")
        stored = [await store(session, message) for message in (later, earlier)]
    assert stored[0].id == stored[1].id
    assert await texts(database) == ["VNeD là gì", "sửa lần hai"]


async def test_an_edit_back_to_the_first_text_is_an_edit(database: Database) -> None:
    there = replace(arrival("VNeID là gì", message_id="7", is_edit=True), sent_at=NOON + timedelta(seconds=1))
    back = replace(arrival("VNeD là gì", message_id="7", is_edit=True), sent_at=NOON + timedelta(seconds=2))
    async with database.transaction() as session:
        await answer(session, await store(session, arrival("VNeD là gì", message_id="7")), "VNeID là…")
        for message in (there, back):
            await store(session, message)
    assert await texts(database) == ["VNeD là gì", "VNeID là gì", "VNeD là gì"]


@pytest.mark.parametrize("is_handled", [True, False])
async def test_an_edit_keeps_when_its_message_was_first_sent(database: Database, is_handled: bool) -> None:
    edit = replace(arrival("VNeID là gì", message_id="7", is_edit=True), sent_at=NOON + timedelta(days=1))
    async with database.transaction() as session:
        first = await store(session, arrival("VNeD là gì", message_id="7"))
        if is_handled:
            await answer(session, first, "VNeID là…")
        stored = await store(session, edit)
    assert (stored.sent_at, stored.first_sent_at) == (NOON + timedelta(days=1), NOON)


async def test_the_original_coming_after_its_edit_does_not_bring_the_old_text_back(database: Database) -> None:
    async with database.transaction() as session:
        await store(session, arrival("VNeID là gì", message_id="7", is_edit=True))
        await store(session, arrival("VNeD là gì", message_id="7"))
    assert await texts(database) == ["VNeID là gì"]


async def test_messages_are_handed_out_in_the_order_of_their_arrival(database: Database) -> None:
    async with database.transaction() as session:
        stored = [await store(session, arrival(text, message_id=text)) for text in ("c", "a", "b")]
        await store(session, arrival("of somebody else", by="ong-ba"))
    handed_out = []
    for _ in stored:
        async with database.transaction() as session:
            waiting = await inbox.next_waiting(session, stored[0].conversation_id)
            assert waiting is not None
            handed_out.append(waiting.text)
            await answer(session, waiting, "…")
    assert handed_out == ["c", "a", "b"]
    async with database.snapshot() as session:
        assert await inbox.next_waiting(session, stored[0].conversation_id) is None


async def test_conversations_wait_while_one_of_their_messages_does(database: Database) -> None:
    async with database.transaction() as session:
        waits = await store(session, arrival(by="ba-an"))
        await store(session, arrival(by="ba-an"))
        await answer(session, await store(session, arrival(by="ong-ba")), "…")
        await store(session, arrival(by="co-tu"), now=NOON + timedelta(seconds=1))
        await store(session, arrival(by="ba-an"), commune="sang-moc")
    async with database.snapshot() as session:
        assert await inbox.conversations_waiting(session, COMMUNE, NOON) == [waits.conversation_id]
