"""Requests for help on both databases: of two who take one at the same moment, one has it."""

from __future__ import annotations

import asyncio

from db.engine import Database
from db.outreach import requests
from db.outreach.models import HelpRequest, Member
from db.outreach.requests import State
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.rows import COMMUNE, open_conversation


async def a_request(database: Database) -> tuple[int, list[int]]:
    """A citizen's request, and two members of its hamlet."""
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        people = [await outreach.member(session, who, place) for who in ("an", "binh")]
        who = await open_conversation(session, "ba")
        request = await requests.make(
            session, who, kind="human", hamlet_id=place.id, topic=None, text="giúp với", now=NOON
        )
        return request.id, [member.id for member in people]


async def test_two_at_once_one_wins(database: Database) -> None:
    request_id, ids = await a_request(database)

    async def take(member_id: int) -> bool:
        async with database.transaction() as session:
            request = await requests.locked(session, COMMUNE, request_id)
            assert request is not None
            return await requests.take(session, request, await session.get_one(Member, member_id), NOON)

    assert sorted(await asyncio.gather(*map(take, ids))) == [False, True]


async def test_what_has_ended_is_not_ended_twice_and_not_taken(database: Database) -> None:
    request_id, ids = await a_request(database)
    async with database.transaction() as session:
        request = await session.get_one(HelpRequest, request_id)
        assert await requests.close(session, request, State.CANCELLED, "citizen", NOON)
        assert not await requests.close(session, request, State.DONE, "member:1", NOON)
        assert not await requests.take(session, request, await session.get_one(Member, ids[0]), NOON)
        assert await requests.live(session, COMMUNE, None) == []
