"""Whom the chat helped: a day of a hamlet is one session, also when several people are answered at the same moment."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from db.engine import Database
from db.outreach import figures, sessions
from db.outreach.audit import OPERATOR
from db.outreach.figures import Scope
from db.outreach.models import AuditEntry, SupportSession
from db.outreach.sessions import content_of
from db.reach import chat
from db.reach.models import ChatPerson
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.outreach import TODAY
from tests.support.rows import COMMUNE, open_conversation

PEOPLE = 6


async def test_people_answered_at_once_are_each_counted_once_in_one_session(database: Database) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        chats = [await open_conversation(session, f"ba-{number}") for number in range(PEOPLE)]

    async def answered(number: int) -> bool:
        async with database.transaction() as session:
            return await chat.answered(session, chats[number % PEOPLE], place.id, TODAY, NOON)

    counted = await asyncio.gather(*(answered(number) for number in range(2 * PEOPLE)))
    assert sum(counted) == PEOPLE
    async with database.snapshot() as session:
        [held] = list(await session.scalars(select(SupportSession)))
        assert (held.kind, held.people, held.hamlet_id, held.member_id) == ("chat", PEOPLE, place.id, None)
        assert len(list(await session.scalars(select(ChatPerson)))) == PEOPLE
        assert list(await session.scalars(select(AuditEntry.action))) == ["session.created"]


async def test_what_the_office_decided_about_a_day_stays_when_more_people_come(database: Database) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        ba, ong, co = [await open_conversation(session, who) for who in ("ba", "ong", "co")]
        await chat.answered(session, ba, place.id, TODAY, NOON)
        [held] = await sessions.of_origin(session, COMMUNE, "chat-day:")
        later = NOON + timedelta(hours=1)
        said = replace(content_of(held), note="cả người đi cùng", people=3)
        await sessions.edit(session, held, said, actor=OPERATOR, written_at=later, now=later)
        assert await chat.answered(session, ong, place.id, TODAY, NOON)
        await session.refresh(held)
        assert (held.people, held.note) == (4, "cả người đi cùng")
        scope = Scope(COMMUNE, TODAY, TODAY)
        assert (await figures.count(session, scope)).people == 4

        await sessions.void(session, held, reason="quét thử", actor=OPERATOR, written_at=later, now=later)
        assert await chat.answered(session, co, place.id, TODAY, NOON)
        assert (await figures.count(session, scope)).people == 0


async def test_a_session_that_leaves_the_trash_takes_its_people_with_it(database: Database) -> None:
    async with database.transaction() as session:
        place, ba = await outreach.hamlet(session), await open_conversation(session, "ba")
        await chat.answered(session, ba, place.id, TODAY, NOON)
        [held] = await sessions.of_origin(session, COMMUNE, "chat-day:")
        await sessions.void(session, held, reason="x", actor=OPERATOR, written_at=NOON, now=NOON)
        await sessions.empty_trash(session, NOON + timedelta(days=31))
        assert list(await session.scalars(select(ChatPerson))) == []
