"""Nothing a citizen wrote is kept for longer than help.privacy promises, and nothing goes that is still needed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from content.library import Library
from db import questions, retention
from db.engine import Database
from db.models import Conversation, Feedback, InboxMessage, OutboxMessage, UnansweredQuestion
from db.retention import KEEP_MESSAGES
from tests.support.clock import NOON
from tests.support.rows import answer, arrival, open_conversation, store

LONG_AGO = NOON - KEEP_MESSAGES - timedelta(seconds=1)


async def clean_up(database: Database) -> int:
    async with database.transaction() as session:
        return await retention.delete_old(session, NOON)


async def left(database: Database) -> dict[str, list[str]]:
    async with database.snapshot() as session:
        replies = await session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        return {
            "people": sorted(await session.scalars(select(Conversation.chat))),
            "messages": list(await session.scalars(select(InboxMessage.text).order_by(InboxMessage.id))),
            "replies": [reply.body["text"] for reply in replies],
        }


def test_the_period_is_the_one_that_citizens_are_told(library: Library) -> None:
    assert f"{KEEP_MESSAGES.days} ngày" in library.articles["help.privacy"].summary


async def test_old_messages_go_with_their_replies_and_with_conversations_that_they_leave_empty(
    database: Database,
) -> None:
    async with database.transaction() as session:
        await answer(session, await store(session, arrival("xưa", by="ba-an"), now=LONG_AGO), "đáp xưa", now=LONG_AGO)
    assert await clean_up(database) == 1
    assert await left(database) == {"people": [], "messages": [], "replies": []}


async def test_newer_messages_stay_with_their_conversation(database: Database) -> None:
    async with database.transaction() as session:
        await answer(session, await store(session, arrival("xưa"), now=LONG_AGO), "đáp xưa", now=LONG_AGO)
        limit = LONG_AGO + timedelta(seconds=1)
        await answer(session, await store(session, arrival("mới"), now=limit), "đáp mới", now=limit)
    assert await clean_up(database) == 1
    assert await left(database) == {"people": ["ba-an"], "messages": ["mới"], "replies": ["đáp mới"]}


async def test_a_message_that_nobody_has_handled_stays(database: Database) -> None:
    async with database.transaction() as session:
        await store(session, arrival("chưa trả lời"), now=LONG_AGO)
    assert await clean_up(database) == 0
    assert (await left(database))["messages"] == ["chưa trả lời"]


async def test_feedback_keeps_its_conversation_for_as_long_as_a_message_would(database: Database) -> None:
    async with database.transaction() as session:
        for who, given_at in (("ba-an", LONG_AGO), ("ong-ba", NOON)):
            conversation = await open_conversation(session, who, now=LONG_AGO)
            await questions.record_feedback(session, conversation, topic="vneid.what", helpful=True, now=given_at)
    assert await clean_up(database) == 0
    assert (await left(database))["people"] == ["ong-ba"]
    async with database.snapshot() as session:
        assert len(list(await session.scalars(select(Feedback)))) == 1


async def test_questions_for_the_office_stay(database: Database) -> None:
    async with database.transaction() as session:
        conversation = await open_conversation(session, now=LONG_AGO)
        questions.keep_unanswered(session, conversation, text="?", reason="refused", topic=None, now=LONG_AGO)
    await clean_up(database)
    async with database.snapshot() as session:
        assert len(list(await session.scalars(select(UnansweredQuestion)))) == 1


async def test_running_it_twice_does_no_harm(database: Database) -> None:
    async with database.transaction() as session:
        await answer(session, await store(session, arrival(), now=LONG_AGO), "…", now=LONG_AGO)
    assert [await clean_up(database), await clean_up(database)] == [1, 0]
