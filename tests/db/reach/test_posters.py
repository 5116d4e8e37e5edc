"""Posters: the same place is the same poster, and each person counts once for it, in whatever order scans arrive."""

from __future__ import annotations

from datetime import timedelta
from itertools import count as counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db import conversations, persons
from db.engine import Database
from db.outreach import audit, hamlets
from db.outreach.audit import OPERATOR
from db.reach import chat, posters
from db.reach.models import ChatPerson, ChatPlace, Poster, PosterScan
from db.reach.posters import Scans
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.outreach import TODAY
from tests.support.rows import COMMUNE, arrival, open_conversation, store

HOUR = timedelta(hours=1)
_names = counter(1)


async def poster(session: AsyncSession, place: str = "Nhà văn hóa ấp 3", *, hamlet_id: int | None = None) -> Poster:
    made = await posters.find_or_make(
        session, COMMUNE, hamlet_id=hamlet_id, topic=None, place=place, actor=OPERATOR, now=NOON
    )
    return made.poster


async def test_the_same_place_printed_again_is_the_same_poster_until_it_is_taken_down(database: Database) -> None:
    async with database.transaction() as session:
        first = await poster(session)
        assert (await poster(session, "nhà Văn hoá  ấp 3")).id == first.id
        assert (await poster(session, "Chợ")).id != first.id
        assert await posters.retire(session, first, OPERATOR, NOON)
        assert not await posters.retire(session, first, OPERATOR, NOON)
        assert (await poster(session)).id != first.id
        assert await posters.restore(session, first, OPERATOR, NOON)
        entries = await audit.history(session, COMMUNE, "poster", first.id)
        assert [one.action for one in entries] == ["poster.created", "poster.retired", "poster.restored"]
        assert await posters.by_id(session, "sang-moc", first.id) is None


async def test_a_poster_says_how_many_people_it_brought_lately_and_when_last(database: Database) -> None:
    async with database.transaction() as session:
        one, other = await poster(session), await poster(session, "Chợ")
        ba, ong = await open_conversation(session, "ba"), await open_conversation(session, "ong")
        assert await posters.scan(session, one, ba, NOON - 30 * HOUR)
        assert not await posters.scan(session, one, ba, NOON)
        assert await posters.scan(session, one, ong, NOON - HOUR)
        assert await posters.scan(session, other, ba, NOON)
        assert await posters.scans(session, COMMUNE, NOON - 24 * HOUR) == {
            one.id: Scans(2, 1, NOON), other.id: Scans(1, 1, NOON)
        }  # fmt: skip
        assert await posters.scans(session, "sang-moc", NOON) == {}


async def test_two_linked_accounts_are_one_person_for_a_poster(database: Database) -> None:
    async with database.transaction() as session:
        one = await poster(session)
        phone, page = await open_conversation(session, "ba"), await open_conversation(session, "ba", channel="web")
        for who in (phone, page):
            await posters.scan(session, one, who, NOON)
        await persons.link(session, phone, page)
        assert (await posters.scans(session, COMMUNE, NOON))[one.id].people == 1


async def test_who_is_forgotten_still_counts_and_is_known_to_nobody(database: Database) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        one = await poster(session, hamlet_id=place.id)
        request = await store(session, arrival("xoá hết"))
        ba = await conversations.lock(session, request.conversation_id)
        await posters.scan(session, one, ba, NOON)
        await chat.come_from(session, ba, place, NOON)
        await chat.answered(session, ba, place.id, TODAY, NOON)
        own = await persons.account_hash(session, ba)
        await conversations.forget(session, ba, keep_inbox_id=request.id, now=NOON)

        kept = [*await session.scalars(select(PosterScan.person)), *await session.scalars(select(ChatPerson.person))]
        assert len(kept) == 2
        assert own not in kept
        assert await chat.place_of(session, ba) is None
        assert (await posters.scans(session, COMMUNE, NOON))[one.id].people == 1


async def test_the_place_that_was_opened_last_is_remembered_also_after_a_merger(database: Database) -> None:
    async with database.transaction() as session:
        first, second, third = [await outreach.hamlet(session, name) for name in ("1", "2", "3")]
        ba = await open_conversation(session, "ba")
        await chat.come_from(session, ba, first, NOON)
        await chat.come_from(session, ba, second, NOON + HOUR)
        await chat.come_from(session, ba, third, NOON - HOUR)  # came late
        await hamlets.merge(session, second, third, OPERATOR, NOON)
        found = await chat.place_of(session, ba)
        assert found is not None
        assert found.id == third.id


scanned = st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 5))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(opened=st.lists(scanned, min_size=1, max_size=8, unique_by=lambda one: one[2]), data=st.data())
async def test_doubled_and_shuffled_scans_end_in_the_same_tables(
    database: Database, opened: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    """Who opened which poster at which hour: what is kept does not depend on how the messages arrived."""
    kept = []
    for order in (opened, data.draw(st.permutations([*opened, *opened[::2]]))):
        run = next(_names)
        async with database.transaction() as session:
            homes = [await outreach.hamlet(session, f"{run} {number}") for number in range(2)]
            hung = [await poster(session, f"{run}-{number}", hamlet_id=homes[number].id) for number in range(2)]
            people = [await open_conversation(session, f"{run}-{number}") for number in range(3)]
            accounts = {await persons.account_hash(session, one): number for number, one in enumerate(people)}
            for who, where, hour in order:
                await posters.scan(session, hung[where], people[who], NOON + hour * HOUR)
                await chat.come_from(session, people[who], homes[where], NOON + hour * HOUR)
            rows = await session.scalars(select(PosterScan).where(PosterScan.poster_id.in_([one.id for one in hung])))
            ids = [one.id for one in hung]
            scans = {(accounts[one.person], ids.index(one.poster_id), one.first_at, one.last_at) for one in rows}
            places = await session.scalars(
                select(ChatPlace).where(ChatPlace.conversation_id.in_([one.id for one in people]))
            )
            by_person = {one.conversation_id - people[0].id: one.hamlet_id - homes[0].id for one in places}
            kept.append((scans, by_person))
    assert kept[0] == kept[1]
    assert len(kept[0][0]) == len({(who, where) for who, where, _ in opened})
