"""One conversation a person and chat; held by one turn at a time; forgotten when its owner asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from db import conversations, questions
from db.engine import Database
from db.models import Base, Conversation, Feedback, InboxMessage, OutboxMessage, UnansweredQuestion
from tests.support.clock import NOON
from tests.support.rows import COMMUNE, answer, arrival, open_conversation, store


async def stored(database: Database, table: type[Base]) -> list[int]:
    async with database.snapshot() as session:
        return list(await session.scalars(select(table.id).order_by(table.id)))  # type: ignore[attr-defined]


async def test_the_first_message_opens_a_conversation_and_the_next_one_finds_it(database: Database) -> None:
    async with database.transaction() as session:
        opened = await open_conversation(session)
        assert (opened.state, opened.created_at, opened.blocked_at) == ({}, NOON, None)
    async with database.transaction() as session:
        assert (await open_conversation(session, now=NOON + timedelta(days=1))).id == opened.id
    assert opened.created_at == NOON


async def test_the_same_person_has_another_conversation_in_another_chat_channel_or_commune(database: Database) -> None:
    async def open_one(commune: str, channel: str, chat: str) -> int:
        conversation = await conversations.find_or_open(
            session, commune=commune, channel=channel, chat=chat, sender="ba-an", now=NOON
        )
        return conversation.id

    async with database.transaction() as session:
        opened = {
            await open_one(COMMUNE, "telegram", "ba-an"),
            await open_one(COMMUNE, "telegram", "a-group"),
            await open_one(COMMUNE, "web", "ba-an"),
            await open_one("sang-moc", "telegram", "ba-an"),
        }
    assert len(opened) == 4


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.servers)], indirect=True)
async def test_a_locked_conversation_is_held_against_other_processes_until_the_turn_ends(database: Database) -> None:
    async with database.transaction() as session:
        conversation_id = (await open_conversation(session)).id
    at_once = select(Conversation.id).with_for_update(nowait=True)

    async with database.transaction() as turn:
        await conversations.lock(turn, conversation_id)
        with pytest.raises(OperationalError, match="could not obtain lock"):
            async with database.transaction() as other:
                await other.scalars(at_once)
    async with database.transaction() as other:
        assert (await other.scalars(at_once)).one() == conversation_id


async def test_who_blocked_us_is_noted_until_they_write_again(database: Database) -> None:
    async with database.transaction() as session:
        conversation_id = (await open_conversation(session)).id
        await conversations.mark_blocked(session, conversation_id, NOON)
    async with database.snapshot() as session:
        assert (await session.get_one(Conversation, conversation_id)).blocked_at == NOON
    async with database.transaction() as session:
        await store(session, arrival(), now=NOON + timedelta(days=1))
    async with database.snapshot() as session:
        found = await session.get_one(Conversation, conversation_id)
        assert (found.blocked_at, found.last_seen_at) == (None, NOON + timedelta(days=1))


async def test_forgetting_deletes_all_but_the_request_itself_and_what_came_after_it(database: Database) -> None:
    async with database.transaction() as session:
        question = await store(session, arrival("VNeID là gì"))
        await answer(session, question, "VNeID là ứng dụng…", "Nguồn")
        conversation = await conversations.lock(session, question.conversation_id)
        conversation.state, conversation.start_code = {"topic": "vneid.what"}, "poster-7"
        await questions.record_feedback(session, conversation, topic="vneid.what", helpful=True, now=NOON)
        request = await store(session, arrival("xoá hết"))
        next_question = await store(session, arrival("lệ phí bao nhiêu"))
    async with database.transaction() as session:
        conversation = await conversations.lock(session, question.conversation_id)
        await conversations.forget(session, conversation, keep_inbox_id=request.id, now=NOON)

    assert await stored(database, InboxMessage) == [request.id, next_question.id]
    assert await stored(database, OutboxMessage) == []
    assert await stored(database, Feedback) == []
    async with database.snapshot() as session:
        found = await session.get_one(Conversation, question.conversation_id)
        assert (found.state, found.start_code) == ({}, None)


async def test_forgetting_one_person_touches_nobody_else(database: Database) -> None:
    async with database.transaction() as session:
        for who in ("ba-an", "ong-ba"):
            question = await store(session, arrival(by=who))
            await answer(session, question, f"trả lời {who}")
            conversation = await conversations.lock(session, question.conversation_id)
            conversation.state = {"topic": "vneid.what"}
            await questions.record_feedback(session, conversation, topic="vneid.what", helpful=True, now=NOON)
            questions.keep_unanswered(session, conversation, text="câu khó", reason="refused", topic=None, now=NOON)
        request = await store(session, arrival(by="ba-an"))
        await conversations.forget(
            session, await conversations.lock(session, request.conversation_id), keep_inbox_id=request.id, now=NOON
        )

    async with database.snapshot() as session:
        assert (await session.scalars(select(OutboxMessage))).one().body["text"] == "trả lời ong-ba"
        assert (await session.scalars(select(Feedback.conversation_id))).one() == question.conversation_id
        assert (await session.get_one(Conversation, question.conversation_id)).state == {"topic": "vneid.what"}
    assert len(await stored(database, UnansweredQuestion)) == 2
