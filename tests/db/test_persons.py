"""Linked conversations are one person's: counted once, and apart again when one leaves."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import persons
from db.engine import Database
from db.models import Conversation
from tests.support.rows import open_conversation

CHATS = 6
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("link"), st.integers(0, CHATS - 1), st.integers(0, CHATS - 1)),
        st.tuples(st.just("leave"), st.integers(0, CHATS - 1), st.just(0)),
        st.tuples(st.just("delete"), st.integers(0, CHATS - 1), st.just(0)),
    ),
    max_size=14,
)


async def number_of_persons(session: AsyncSession) -> int:
    return await session.scalar(select(func.count(func.distinct(persons.person())))) or 0


async def ids_of(session: AsyncSession, conversation: Conversation) -> set[int]:
    return {one.id for one in await persons.conversations_of(session, persons.person_of(conversation))}


async def test_two_linked_conversations_are_one_person(database: Database) -> None:
    async with database.transaction() as session:
        phone, page, neighbour = [await open_conversation(session, who) for who in ("phone", "page", "neighbour")]
        await persons.link(session, page, phone)

        assert persons.person_of(phone) == persons.person_of(page) != persons.person_of(neighbour)
        assert await ids_of(session, page) == {phone.id, page.id}
        assert await ids_of(session, neighbour) == {neighbour.id}
        assert await number_of_persons(session) == 2


async def test_a_person_never_spans_communes(database: Database) -> None:
    async with database.transaction() as session:
        here, there = await open_conversation(session), await open_conversation(session, commune="sang-moc")
        with pytest.raises(ValueError, match="two communes"):
            await persons.link(session, here, there)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_whoever_links_leaves_and_goes_the_rest_stay_as_they_were(
    database: Database, steps: list[tuple[str, int, int]]
) -> None:
    """The model: a partition of the chats. What the database says must be the same partition after every step."""
    async with database.transaction() as session:
        before = await number_of_persons(session)  # of the examples before this one
        chats = {n: await open_conversation(session, f"{before}-{n}") for n in range(CHATS)}
        groups = [{n} for n in chats]
        for what, one, other in steps:
            if one not in chats or (what == "link" and other not in chats):
                continue
            mine = next(group for group in groups if one in group)
            if what == "link":
                theirs = next(group for group in groups if other in group)
                await persons.link(session, chats[one], chats[other])
                groups = [group for group in groups if group not in (mine, theirs)] + [mine | theirs]
            else:
                if what == "leave":
                    await persons.separate(session, chats[one])
                    groups.append({one})
                else:
                    await session.delete(chats.pop(one))
                    await session.flush()
                mine.discard(one)
            groups = [group for group in groups if group]

            for group in groups:
                ids = {chats[n].id for n in group}
                assert all([await ids_of(session, chats[n]) == ids for n in group])
                assert all((chats[n].account_hash is not None) or len(group) == 1 for n in group)
            assert await number_of_persons(session) == before + len(groups)
