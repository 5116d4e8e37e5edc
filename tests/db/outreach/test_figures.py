"""Figures equal a slow, plain recount of the sessions, whatever was logged, voided or merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count as counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from db import persons
from db.engine import Database
from db.models import Conversation
from db.outreach import figures, hamlets, sessions
from db.outreach.audit import OPERATOR
from db.outreach.figures import Figures, Scope
from db.outreach.models import (
    ClassAttendance,
    Group,
    Hamlet,
    LearningClass,
    OutcomeCode,
    SessionKind,
    SupportSession,
)
from db.reach import chat
from db.reach.models import ChatPerson
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.outreach import TODAY, visit
from tests.support.rows import COMMUNE, open_conversation

WEEK = Scope(COMMUNE, TODAY - timedelta(days=6), TODAY)


async def recount(session: AsyncSession, scope: Scope) -> Figures:
    """The rules of docs/indicators.md, one session at a time."""
    every = await session.scalars(
        select(SupportSession).options(selectinload(SupportSession.outcomes), selectinload(SupportSession.hamlet))
    )
    attendances = list(await session.scalars(select(ClassAttendance)))
    in_chat = list(await session.scalars(select(ChatPerson)))
    linked = {
        one.account_hash: str(one.person_id) for one in await session.scalars(select(Conversation)) if one.account_hash
    }
    counted = [
        one
        for one in every
        if one.commune == scope.commune
        and one.voided_at is None
        and scope.first <= one.occurred_on <= scope.last
        and scope.member_id in (None, one.member_id)
        and (scope.hamlet_ids is None or (one.hamlet.merged_into_id or one.hamlet.id) in scope.hamlet_ids)
    ]

    def people(one: SupportSession) -> int:
        return int(getattr(one, scope.group.value)) if scope.group else one.people

    largest: dict[int, int] = {}
    accounts: set[str] = set()
    anonymous = 0
    outcomes: dict[OutcomeCode, int] = {}
    for one in counted:
        if one.household_id is not None:
            largest[one.household_id] = max(largest.get(one.household_id, 0), people(one))
        else:
            here = {
                attendance.person
                for attendance in attendances
                if one.class_id is not None and attendance.class_id == one.class_id and attendance.checked_in_at
            }
            here |= {chatter.person for chatter in in_chat if chatter.session_id == one.id}
            if scope.group is None:
                accounts |= {linked.get(person, person) for person in here}
                anonymous += max(0, people(one) - len(here))
            else:
                anonymous += people(one)
        for outcome in one.outcomes:
            code = OutcomeCode(outcome.code)
            outcomes[code] = outcomes.get(code, 0) + outcome.count
    return Figures(
        len(counted), sum(map(people, counted)), sum(largest.values()) + len(accounts) + anonymous,
        len({one.household_id for one in counted if one.kind == "house_visit" and one.household_id}),
        sum(one.kind == "class" for one in counted), outcomes,
    )  # fmt: skip


async def in_chat(session: AsyncSession, place: Hamlet, people: Sequence[str], day: date) -> None:
    """Each of them was answered in the chat on a day, for a hamlet."""
    for who in people:
        await chat.answered(session, await open_conversation(session, who), place.id, day, NOON)


async def a_class(session: AsyncSession, place: Hamlet, people: Sequence[str], day: date, size: int) -> None:
    """A class that has become a session, with the accounts that checked in."""
    held = LearningClass(commune=COMMUNE, hamlet_id=place.id, title="Lớp", starts_at=NOON, created_at=NOON)
    session.add(held)
    await session.flush()
    session.add_all(
        ClassAttendance(commune=COMMUNE, class_id=held.id, person=person, checked_in_at=NOON) for person in people
    )
    content = visit(place, kind=SessionKind.CLASS, class_id=held.id, people=size, occurred_on=day)
    await outreach.log(session, content, f"class:{held.id}")


async def test_a_household_counts_with_its_largest_session_and_an_account_once(database: Database) -> None:
    async with database.transaction() as session:
        place, other = await outreach.hamlet(session), await outreach.hamlet(session, "Khuổi Chạo")
        home = await outreach.household(session, place=place)
        await outreach.log(session, visit(place, home, people=2), "a")
        await outreach.log(session, visit(place, home, people=3, occurred_on=TODAY - timedelta(days=1)), "b")
        await a_class(session, place, ["x", "y"], TODAY, 5)
        await a_class(session, other, ["x"], TODAY, 1)

        found = await figures.count(session, WEEK)
        assert (found.sessions, found.attendances, found.people) == (4, 11, 3 + 2 + 3)
        by_hamlet = await figures.count_by_hamlet(session, WEEK)
        assert {by_hamlet[place.id].people, by_hamlet[other.id].people} == {8, 1}


async def test_who_was_helped_in_the_chat_counts_each_day_and_once_as_a_person(database: Database) -> None:
    async with database.transaction() as session:
        place, other = await outreach.hamlet(session), await outreach.hamlet(session, "Khuổi Chạo")
        await in_chat(session, place, ["ba", "ong", "ba"], TODAY)
        await in_chat(session, place, ["ba"], TODAY - timedelta(days=1))
        await in_chat(session, other, ["ba"], TODAY)

        found = await figures.count(session, WEEK)
        assert (found.sessions, found.attendances, found.people) == (3, 4, 2)
        by_hamlet = await figures.count_by_hamlet(session, WEEK)
        assert (by_hamlet[place.id].attendances, by_hamlet[place.id].people, by_hamlet[other.id].people) == (3, 2, 1)


async def test_the_same_account_at_a_class_and_in_the_chat_is_one_person(database: Database) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        phone, page = await open_conversation(session, "ba"), await open_conversation(session, "ba", channel="web")
        await a_class(session, place, [await persons.account_hash(session, phone)], TODAY, 1)
        await in_chat(session, place, ["ba"], TODAY)
        await chat.answered(session, page, place.id, TODAY, NOON)
        assert (await figures.count(session, WEEK)).people == 2  # nobody knows yet that the page is hers
        await persons.link(session, phone, page)
        found = await figures.count(session, WEEK)
        assert (found.attendances, found.people) == (3, 1)
        assert found == await recount(session, WEEK)


async def test_a_merged_hamlet_counts_where_it_went(database: Database) -> None:
    async with database.transaction() as session:
        place, other = await outreach.hamlet(session), await outreach.hamlet(session, "Khuổi Chạo")
        await outreach.log(session, visit(place, people=2), "a")
        await hamlets.merge(session, place, other, OPERATOR, NOON)
        await session.flush()
        assert list(await figures.count_by_hamlet(session, WEEK)) == [other.id]
        inside = Scope(COMMUNE, TODAY, TODAY, hamlet_ids=[other.id])
        assert (await figures.count(session, inside)).attendances == 2


async def test_nothing_adds_up_to_nothing(database: Database) -> None:
    async with database.snapshot() as session:
        assert await figures.count(session, WEEK) == Figures()
        assert await figures.count_by_hamlet(session, WEEK) == {}


days = st.integers(0, 9).map(lambda back: TODAY - timedelta(days=back))
visits = st.tuples(st.integers(0, 2), st.integers(0, 3), days, st.integers(1, 5), st.integers(0, 5), st.booleans())
chats = st.tuples(st.integers(0, 2), st.sampled_from("vwxyz"), days)
classes = st.tuples(st.integers(0, 2), st.sets(st.sampled_from("vwxyz")), days, st.integers(1, 6))
_names = counter(1)


@pytest.mark.parametrize("group", [None, Group.ELDERLY])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(visits, max_size=6), held=st.lists(classes, max_size=3), chatted=st.lists(chats, max_size=6),
    merges=st.booleans(),
)  # fmt: skip
async def test_figures_equal_a_plain_recount(
    database: Database,
    group: Group | None,
    told: list[tuple[int, int, date, int, int, bool]],
    held: list[tuple[int, set[str], date, int]],
    chatted: list[tuple[int, str, date]],
    merges: bool,
) -> None:
    run = next(_names)
    async with database.transaction() as session:
        places = [await outreach.hamlet(session, f"Xóm {run} {number}") for number in range(3)]
        homes = [
            await outreach.household(session, f"Hộ {run} {number}", place=places[number % 3]) for number in range(3)
        ]
        an, binh = [await outreach.member(session, f"{who} {run}") for who in ("an", "binh")]
        for number, (place, home, day, people, elderly, is_void) in enumerate(told):
            content = visit(
                places[place], homes[home] if home < 3 else None, people=people, elderly=min(elderly, people),
                occurred_on=day, outcomes={OutcomeCode.VNEID_LEVEL2: min(elderly, people)} if elderly else {},
            )  # fmt: skip
            logged = await outreach.log(session, content, f"{run}:{number}", by=(an, binh)[number % 2])
            if is_void:
                await sessions.void(session, logged.session, reason="x", actor=OPERATOR, written_at=NOON, now=NOON)
        for place, people_in, day, size in held:
            came = [await open_conversation(session, f"{run}{one}") for one in sorted(people_in)]
            accounts = [await persons.account_hash(session, one) for one in came]
            await a_class(session, places[place], accounts, day, max(size, len(came)))
        for place, who, day in chatted:
            await in_chat(session, places[place], [f"{run}{who}"], day)
        if merges:
            await hamlets.merge(session, places[0], places[1], OPERATOR, NOON)
        await session.flush()
        ids = [place.id for place in places]
        scope = Scope(COMMUNE, TODAY - timedelta(days=6), TODAY, hamlet_ids=ids, group=group)
        assert await figures.count(session, scope) == await recount(session, scope)
        own = replace(scope, member_id=an.id)
        assert await figures.count(session, own) == await recount(session, own)
        for place, found in (await figures.count_by_hamlet(session, scope)).items():
            assert found == await recount(session, Scope(COMMUNE, scope.first, scope.last, [place], group=group))
