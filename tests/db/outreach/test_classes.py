"""Classes: who comes counts once, what was counted becomes one session, and who wants to be forgotten is."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db import conversations, retention
from db.engine import Database
from db.models import Conversation
from db.outreach import audit, classes, sessions
from db.outreach.classes import HeadCount
from db.outreach.models import ClassAttendance, LearningClass, OutcomeCode, SupportSession
from db.outreach.sessions import ImpossibleError
from tests.support.clock import NOON
from tests.support.outreach import TODAY, hamlet
from tests.support.rows import COMMUNE, open_conversation

EVENING = NOON + timedelta(hours=7)
"""19:00 in Vietnam, when the class begins."""


async def plan(
    session: AsyncSession, place: str = "Khuổi Mèo", *, starts_at: datetime = EVENING, held_at: str = "Nhà văn hóa"
) -> LearningClass:
    """A class of this evening, unless said otherwise."""
    return await classes.create(
        session, commune=COMMUNE, hamlet_id=(await hamlet(session, place)).id, title="Cài VNeID", place=held_at,
        starts_at=starts_at, created_by_id=None, actor="member:1", now=NOON,
    )  # fmt: skip


async def locked(session: AsyncSession, planned: LearningClass) -> LearningClass:
    """The class, as whoever changes it takes it."""
    found = await classes.by_id(session, COMMUNE, planned.id, lock=True)
    assert found is not None
    return found


async def close(
    session: AsyncSession, planned: LearningClass, outcomes: dict[OutcomeCode, int] | None = None
) -> sessions.Logged:
    return await classes.close(
        session, await locked(session, planned), outcomes or {}, occurred_on=TODAY, member_id=None, actor="member:1",
        written_at=EVENING, now=EVENING,
    )  # fmt: skip


async def come(session: AsyncSession, planned: LearningClass, *people: str, channel: str = "telegram") -> list[bool]:
    """People check in, one after the other."""
    return [
        await classes.check_in(session, planned, await open_conversation(session, who, channel=channel), EVENING)
        for who in people
    ]


class TestCheckingIn:
    async def test_an_account_counts_once_a_class(self, database: Database) -> None:
        async with database.transaction() as session:
            first, second = await plan(session), await plan(session)
            assert await come(session, first, "ba-an", "ba-an", "ong-ba") == [True, False, True]
            assert await come(session, second, "ba-an") == [True]
            assert await classes.counts(session, first.id) == (0, 2)

    async def test_the_same_number_on_another_channel_is_somebody_else(self, database: Database) -> None:
        async with database.transaction() as session:
            planned = await plan(session)
            await come(session, planned, "1")
            await come(session, planned, "1", channel="web")
            assert await classes.counts(session, planned.id) == (0, 2)

    async def test_at_the_same_moment_twice_counts_once(self, database: Database) -> None:
        async with database.transaction() as session:
            planned = await plan(session)
            await open_conversation(session)

        async def scan() -> bool:
            async with database.transaction() as session:
                return (await come(session, await locked(session, planned), "ba-an"))[0]

        assert sorted(await asyncio.gather(*(scan() for _ in range(5)))) == [False] * 4 + [True]
        async with database.snapshot() as session:
            assert await classes.counts(session, planned.id) == (0, 1)

    async def test_nothing_kept_tells_who_it_was(self, database: Database) -> None:
        async with database.transaction() as session:
            await come(session, await plan(session), "ba-an")
            [attendance] = await session.scalars(select(ClassAttendance))
            assert "ba-an" not in attendance.person
            assert attendance.conversation_id is None

    @pytest.mark.parametrize(("hours", "is_open"), [(-1.1, False), (-1, True), (0, True), (3, True), (3.1, False)])
    async def test_is_possible_from_an_hour_before_until_three_after(
        self, database: Database, hours: float, is_open: bool
    ) -> None:
        async with database.transaction() as session:
            assert classes.is_open(await plan(session), EVENING + timedelta(hours=hours)) is is_open


class TestClosing:
    async def test_who_checked_in_and_who_was_counted_are_one_session(self, database: Database) -> None:
        async with database.transaction() as session:
            planned = await plan(session)
            await come(session, planned, "ba-an", "ong-ba")
            classes.count_by_hand(session, planned, HeadCount(10, elderly=6, poor=2), "member:1", NOON)
            logged = await close(session, planned, {OutcomeCode.VNEID_LEVEL2: 7, OutcomeCode.HEALTH_BOOK: 0})
            said = sessions.content_of(logged.session)
            assert (said.people, said.elderly, said.poor, said.class_id) == (12, 6, 2, planned.id)
            assert said.outcomes == {OutcomeCode.VNEID_LEVEL2: 7}
            assert not classes.is_open(planned, EVENING)
            done = [one.action for one in await audit.history(session, COMMUNE, "class", planned.id)]
            assert done == ["class.created", "class.counted", "class.closed"]

    async def test_twice_at_once_is_one_session(self, database: Database) -> None:
        async with database.transaction() as session:
            planned = await plan(session)
            await come(session, planned, "ba-an")

        async def end() -> None:
            async with database.transaction() as session:
                await close(session, planned)

        await asyncio.gather(*(end() for _ in range(3)))
        async with database.snapshot() as session:
            assert len(list(await session.scalars(select(SupportSession)))) == 1

    async def test_without_anybody_or_with_more_than_came_is_refused(self, database: Database) -> None:
        async with database.transaction() as session:
            planned = await plan(session)
            with pytest.raises(ImpossibleError, match="nobody"):
                await close(session, planned)
            await come(session, planned, "ba-an")
            with pytest.raises(ImpossibleError, match="outcome_over_people"):
                await close(session, planned, {OutcomeCode.VNEID_LEVEL2: 2})
            assert planned.closed_at is None

    async def test_a_class_whose_session_is_in_the_trash_waits_to_be_closed_again(self, database: Database) -> None:
        async with database.transaction() as session:
            planned = await plan(session)
            await come(session, planned, "ba-an")
            stored = (await close(session, planned)).session
            await sessions.void(session, stored, reason="", actor="member:1", written_at=EVENING, now=EVENING)
            assert await classes.is_undone(session, planned)
            assert await classes.coming(session, COMMUNE, EVENING) == [planned]
            await classes.close(
                session, planned, {}, occurred_on=TODAY, member_id=None, actor="member:2",
                written_at=EVENING + timedelta(minutes=1), now=EVENING,
            )  # fmt: skip
            assert await classes.coming(session, COMMUNE, EVENING) == []
            assert [one.voided_at for one in await session.scalars(select(SupportSession))] == [None]


class TestReminding:
    async def test_those_who_want_it_and_are_not_there_yet(self, database: Database) -> None:
        async with database.transaction() as session:
            planned, called_off = await plan(session), await plan(session)
            for who in ("ba-an", "ong-ba", "co-ut"):
                await classes.sign_up(session, planned, await open_conversation(session, who), NOON)
            await classes.sign_up(session, called_off, await open_conversation(session), NOON)
            await classes.sign_off(session, planned, await open_conversation(session, "ong-ba"))
            await come(session, planned, "co-ut")
            await classes.cancel(session, called_off, "member:1", NOON)
            await session.flush()
            found = await classes.to_remind(session, NOON, EVENING)
            told = [await session.get_one(Conversation, attendance.conversation_id) for _, attendance in found]
            assert [conversation.sender for conversation in told] == ["ba-an"]

    async def test_somebody_who_waits_for_a_class_is_not_deleted_with_old_messages(self, database: Database) -> None:
        later = NOON + timedelta(days=40)
        async with database.transaction() as session:
            planned = await plan(session, starts_at=later)
            await classes.sign_up(session, planned, await open_conversation(session), NOON)
        async with database.transaction() as session:
            await retention.delete_old(session, later - timedelta(days=1))
            assert len(await classes.signed_up(session, planned.id)) == 1
            await retention.delete_old(session, later + timedelta(days=1))
            assert list(await session.scalars(select(Conversation))) == []


class TestForgetting:
    async def test_sign_ups_go_and_presence_at_a_closed_class_counts_without_a_person(self, database: Database) -> None:
        async with database.transaction() as session:
            who = await open_conversation(session)
            held, running, coming = [await plan(session) for _ in range(3)]
            await come(session, held, "ba-an", "ong-ba")
            await close(session, held)
            await come(session, running, "ba-an")
            await classes.sign_up(session, coming, who, NOON)
            before = {one.person for one in await session.scalars(select(ClassAttendance))}
        async with database.transaction() as session:
            who = await conversations.lock(session, who.id)
            await conversations.forget(session, who, keep_inbox_id=1, now=EVENING)
        async with database.snapshot() as session:
            kept = list(await session.scalars(select(ClassAttendance)))
            assert [(one.class_id, one.conversation_id) for one in kept] == [(held.id, None)] * 2
            assert len({one.person for one in kept} & before) == 1


async def test_the_list_of_a_member_holds_own_hamlets_classes_in_their_order(database: Database) -> None:
    async with database.transaction() as session:
        late = await plan(session, starts_at=EVENING + timedelta(days=1))
        soon = await plan(session)
        foreign = await plan(session, "Nà Lay")
        await plan(session, starts_at=NOON - classes.KEPT_OPEN)
        own = await classes.coming(session, COMMUNE, NOON, hamlet_ids=[late.hamlet_id])
        assert [one.id for one in own] == [soon.id, late.id]
        every = await classes.coming(session, COMMUNE, NOON)
        assert [one.id for one in every] == [soon.id, foreign.id, late.id]
        assert await classes.by_id(session, "nghia-dan", soon.id) is None


async def test_places_are_remembered_for_the_next_class(database: Database) -> None:
    async with database.transaction() as session:
        for held_at in ("Nhà văn hóa", "Trường học", "", "Nhà văn hóa"):
            planned = await plan(session, held_at=held_at)
        assert await classes.places(session, planned.hamlet_id, 5) == ["Nhà văn hóa", "Trường học"]
