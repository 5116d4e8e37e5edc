"""Who gets a broadcast: those alone who asked for such things, each once, where they can be written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from db import conversations, persons
from db.broadcasts import audience, subscriptions
from db.broadcasts.audience import Unreached
from db.broadcasts.letter import Letter
from db.broadcasts.models import Interest
from db.engine import Database
from db.models import Conversation
from db.outreach import hamlets
from db.outreach.models import Role
from tests.support import outreach
from tests.support.broadcasts import ALERT, subscriber
from tests.support.clock import NOON
from tests.support.rows import COMMUNE, open_conversation


async def reached(session: AsyncSession, letter: Letter = ALERT) -> list[str]:
    """Who gets it, by the name of the chat."""
    reach = await audience.reach(session, COMMUNE, letter, NOON)
    found = [await session.get_one(Conversation, copy.conversation_id) for copy in reach.copies]
    return [f"{chat.channel}:{chat.sender}" for chat in found]


async def test_only_who_asked_for_it_gets_it(database: Database) -> None:
    async with database.transaction() as session:
        await subscriber(session, "an")
        await subscriber(session, "ba", interest=Interest.CLASS_NOTICES)
        ended = await subscriber(session, "co")
        await open_conversation(session, "never-asked")
        await subscriptions.end(session, ended.id, None, NOON)
        assert await reached(session) == ["telegram:an"]
        assert (await audience.subscribers(session, COMMUNE))[Interest.SCAM_ALERTS] == 1


async def test_linked_chats_are_one_person_who_gets_it_where_they_wrote_last(database: Database) -> None:
    async with database.transaction() as session:
        old = await subscriber(session, "an")
        new = await open_conversation(session, "an-web", channel="web")
        new.last_seen_at = NOON + timedelta(hours=1)
        await persons.link(session, old, new)
        assert await reached(session) == ["web:an-web"]
        await conversations.mark_blocked(session, new.id, NOON)
        await session.refresh(new)
        assert await reached(session) == ["telegram:an"]
        await subscriptions.end(session, persons.person_of(new), None, NOON)
        assert await reached(session) == []


async def test_who_cannot_be_reached_is_counted_by_why(database: Database) -> None:
    async with database.transaction() as session:
        await subscriber(session, "an")
        blocked = await subscriber(session, "ba")
        await conversations.mark_blocked(session, blocked.id, NOON)
        await subscriber(session, "lately", channel="zalo", now=NOON - timedelta(hours=47))
        await subscriber(session, "long-ago", channel="zalo", now=NOON - timedelta(hours=48))
        reach = await audience.reach(session, COMMUNE, ALERT, NOON)
        assert reach.by_channel == {"telegram": 1, "zalo": 1}
        assert reach.unreached == {("telegram", Unreached.BLOCKED): 1, ("zalo", Unreached.WINDOW_CLOSED): 1}
        assert (reach.count, reach.paid) == (2, 1)


async def test_it_can_be_for_hamlets_also_after_they_were_merged_and_for_roles(database: Database) -> None:
    async with database.transaction() as session:
        one, two = await outreach.hamlet(session, "1"), await outreach.hamlet(session, "2")
        await subscriber(session, "of-one", hamlet_id=one.id)
        await subscriber(session, "of-two", hamlet_id=two.id)
        await subscriber(session, "of-nowhere")
        await outreach.member(session, "member", one, role=Role.MEMBER)
        await subscriber(session, "member")
        to_one = replace(ALERT, hamlet_ids=(one.id,))
        assert await reached(session, to_one) == ["telegram:of-one", "telegram:member"]
        unreached = (await audience.reach(session, COMMUNE, to_one, NOON)).unreached
        assert unreached == {("telegram", Unreached.NO_HAMLET): 1}
        assert await reached(session, replace(to_one, roles=("member", "ambassador"))) == ["telegram:member"]
        assert await reached(session, replace(to_one, roles=("citizen",))) == ["telegram:of-one"]
        await hamlets.merge(session, two, one, "system", NOON)
        assert await reached(session, replace(to_one, roles=("citizen",))) == ["telegram:of-one", "telegram:of-two"]


async def test_a_group_cannot_subscribe(database: Database) -> None:
    async with database.transaction() as session:
        group = await conversations.find_or_open(
            session, commune=COMMUNE, channel="telegram", chat="-5", sender="an", now=NOON
        )
        assert not subscriptions.can_subscribe(group)
