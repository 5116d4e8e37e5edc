"""Codes that link two chats: each opens once, whoever is at it; and whoever is linked is counted once at a class."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from db import person_links, persons, retention
from db.engine import Database
from db.models import Conversation
from db.outreach import classes
from db.outreach.models import ClassAttendance
from db.person_links import LinkGuess, LinkRefusedError, PersonLink
from tests.db.outreach.test_classes import EVENING, plan
from tests.support.clock import NOON
from tests.support.rows import open_conversation


async def linked(database: Database, first: str, second: str) -> None:
    async with database.transaction() as session:
        one, other = await open_conversation(session, first), await open_conversation(session, second)
        opened = await person_links.open_code(session, other, await person_links.make(session, one, NOON), NOON)
        await session.flush()
        await person_links.agree(session, other, opened.id, NOON)


async def test_of_many_who_type_a_code_at_once_one_opens_it(database: Database) -> None:
    async with database.transaction() as session:
        code = await person_links.make(session, await open_conversation(session), NOON)
        for number in range(4):
            await open_conversation(session, f"other-{number}")

    async def try_it(number: int) -> str:
        async with database.transaction() as session:
            who = await open_conversation(session, f"other-{number}")
            try:
                await person_links.open_code(session, who, code, NOON)
            except LinkRefusedError as error:
                return error.reason
            return "opened"

    assert sorted(await asyncio.gather(*map(try_it, range(4)))) == ["opened", "used", "used", "used"]


async def test_two_chats_that_join_a_third_at_once_are_all_one_person(database: Database) -> None:
    async with database.transaction() as session:
        ids = [(await open_conversation(session, who)).id for who in ("one", "two", "three")]

    async def join(number: int) -> None:
        async with database.transaction() as session:
            mine, first = await session.get_one(Conversation, ids[number]), await session.get_one(Conversation, ids[0])
            await asyncio.sleep(0)  # both have read before either writes
            await persons.link(session, mine, first)

    await asyncio.gather(join(1), join(2))
    async with database.snapshot() as session:
        assert len(await persons.conversations_of(session, ids[0])) == 3


async def test_codes_are_not_kept_as_they_are_and_guesses_are_forgotten(database: Database) -> None:
    async with database.transaction() as session:
        code = await person_links.make(session, await open_conversation(session), NOON)
        with pytest.raises(LinkRefusedError, match="unknown"):
            await person_links.open_code(session, await open_conversation(session, "other"), "HKLM2345", NOON)
        await session.flush()
        assert code not in str((await session.scalars(select(PersonLink.code_hash))).all())
        await retention.delete_old(session, NOON + timedelta(days=31))
        for table in (PersonLink, LinkGuess):
            assert (await session.scalars(select(table.id))).all() == []


async def test_who_checks_in_on_both_linked_phones_is_there_once(database: Database) -> None:
    await linked(database, "phone", "page")
    async with database.transaction() as session:
        phone, page = await open_conversation(session, "phone"), await open_conversation(session, "page")
        lesson = await plan(session)
        await classes.sign_up(session, lesson, phone, NOON)
        assert await classes.check_in(session, lesson, page, EVENING)
        assert not await classes.check_in(session, lesson, phone, EVENING)
        assert await classes.counts(session, lesson.id) == (1, 1)


async def test_who_had_checked_in_on_both_before_linking_is_there_once_too(database: Database) -> None:
    async with database.transaction() as session:
        lesson = await plan(session)
        for who in ("phone", "page", "neighbour"):
            await classes.check_in(session, lesson, await open_conversation(session, who), EVENING)
    await linked(database, "phone", "page")
    async with database.transaction() as session:
        assert await classes.counts(session, lesson.id) == (0, 2)
        await person_links.forget(session, await open_conversation(session, "page"), EVENING)
        assert await classes.counts(session, lesson.id) == (0, 3)


async def test_who_deletes_their_data_where_they_signed_up_gets_no_reminder_there(database: Database) -> None:
    await linked(database, "phone", "page")
    async with database.transaction() as session:
        phone, page = await open_conversation(session, "phone"), await open_conversation(session, "page")
        lesson = await plan(session)
        await classes.sign_up(session, lesson, phone, NOON)
        await classes.sign_up(session, lesson, page, NOON)  # reminded here from now on
        await classes.forget(session, page)
        chats = select(ClassAttendance.conversation_id)
        assert page.id not in (await session.scalars(chats)).all()
