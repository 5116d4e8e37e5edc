"""Support sessions: one row an origin, whoever wrote last decides, and no order of arrival makes a difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.outreach import audit, members, sessions
from db.outreach.models import Hamlet, Member, OutcomeCode, SessionKind, SessionOutcome, SupportSession
from db.outreach.sessions import Content, ImpossibleError
from tests.support.clock import NOON
from tests.support.outreach import TODAY, hamlet, household, log, member, visit
from tests.support.rows import COMMUNE

LATER = NOON + timedelta(minutes=1)


async def edit(session: AsyncSession, stored: SupportSession, content: Content, written_at: datetime) -> bool:
    return await sessions.edit(session, stored, content, actor="member:2", written_at=written_at, now=LATER)


async def void(session: AsyncSession, stored: SupportSession, written_at: datetime, reason: str = "nhầm hộ") -> bool:
    return await sessions.void(
        session, stored, reason=reason, actor="member:2", written_at=written_at, now=written_at
    )  # fmt: skip


async def restore(session: AsyncSession, stored: SupportSession, written_at: datetime) -> bool:
    return await sessions.restore(session, stored, actor="member:2", written_at=written_at, now=written_at)


async def actions(session: AsyncSession, stored: SupportSession) -> list[str]:
    """What the audit log says happened."""
    return [entry.action for entry in await audit.history(session, COMMUNE, "session", stored.id)]


class TestLogging:
    async def test_the_same_origin_twice_is_one_session(self, database: Database) -> None:
        async with database.transaction() as session:
            content = visit(await hamlet(session), people=2, outcomes={OutcomeCode.VNEID_LEVEL2: 1})
            first = await log(session, content)
        async with database.transaction() as session:
            again = await log(session, content)
            assert (first.is_new, first.is_changed, again.is_new, again.is_changed) == (True, True, False, False)
            assert again.session.id == first.session.id
            assert sessions.content_of(again.session) == content
            assert await session.scalar(select(func.count()).select_from(SupportSession)) == 1
            assert await actions(session, again.session) == ["session.created"]

    async def test_the_same_origin_with_other_words_is_an_edit(self, database: Database) -> None:
        async with database.transaction() as session:
            place = await hamlet(session)
            await log(session, visit(place, people=2, outcomes={OutcomeCode.VNEID_LEVEL2: 2}))
            said = visit(place, people=3, outcomes={OutcomeCode.PAYMENT_ACCOUNT: 1})
            again = await log(session, said, written_at=LATER)
            assert (again.is_new, again.is_changed) == (False, True)
        async with database.snapshot() as session:
            stored = await sessions.by_id(session, COMMUNE, again.session.id)
            assert stored is not None
            assert sessions.content_of(stored) == said
            assert await actions(session, stored) == ["session.created", "session.edited"]

    async def test_visits_of_one_message_are_found_by_its_origin(self, database: Database) -> None:
        async with database.transaction() as session:
            place = await hamlet(session)
            for origin in ("telegram:1:0", "telegram:1:1", "telegram:2:0", "telegram_1:0"):
                await log(session, visit(place), origin)
            found = await sessions.of_origin(session, COMMUNE, "telegram:1:")
            assert [one.origin for one in found] == ["telegram:1:0", "telegram:1:1"]
            assert await sessions.of_origin(session, COMMUNE, "telegram_1:") != found
            assert await sessions.by_id(session, "sang-moc", found[0].id) is None

    async def test_a_second_visit_to_a_household_on_one_day_is_noticed(self, database: Database) -> None:
        async with database.transaction() as session:
            place, home = await hamlet(session), await household(session)
            first = (await log(session, visit(place, home), "1")).session
            assert await sessions.same_day(session, visit(place, home)) == [first]
            assert await sessions.same_day(session, visit(place, home), except_id=first.id) == []
            assert await sessions.same_day(session, visit(place, home, occurred_on=TODAY - timedelta(days=1))) == []
            assert await sessions.same_day(session, visit(place)) == []
            await void(session, first, LATER)
            assert await sessions.same_day(session, visit(place, home)) == []

    async def test_a_member_s_sessions_that_count_come_newest_first(self, database: Database) -> None:
        async with database.transaction() as session:
            three, four, by = await hamlet(session, "3"), await hamlet(session, "4"), await member(session)
            days = [TODAY - timedelta(days=days) for days in (2, 1, 0)]
            made = [
                (await log(session, visit(place, occurred_on=day), str(day), by=by)).session
                for day, place in zip(days, (three, four, three), strict=True)
            ]
            assert await sessions.of_member(session, by.id, days[0], days[2]) == made[::-1]
            assert await sessions.of_member(session, by.id, days[1], days[2], hamlet_ids=[three.id]) == [made[2]]
            await void(session, made[2], LATER)
            assert await sessions.of_member(session, by.id, days[1], days[2]) == [made[1]]


class TestImpossibleCounts:
    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            ({"people": -1}, "negative"),
            ({"people": 2, "poor": -1}, "negative"),
            ({"people": 2, "outcomes": {OutcomeCode.HEALTH_BOOK: -1}}, "negative"),
            ({"people": 1000}, "too_many"),
            ({"people": 0}, "nobody"),
            ({"people": 2, "elderly": 3}, "group_over_people"),
            ({"people": 2, "outcomes": {OutcomeCode.HEALTH_BOOK: 3}}, "outcome_over_people"),
        ],
    )
    async def test_are_neither_logged_nor_edited_in(
        self, database: Database, said: dict[str, Any], reason: str
    ) -> None:
        async with database.transaction() as session:
            place = await hamlet(session)
            impossible = visit(place, **said)
            with pytest.raises(ImpossibleError) as refused:
                await log(session, impossible, "1")
            assert refused.value.reason == reason
            stored = (await log(session, visit(place), "2")).session
            with pytest.raises(ImpossibleError):
                await edit(session, stored, impossible, LATER)
            assert list(await session.scalars(select(SupportSession.people))) == [1]

    async def test_the_largest_possible_ones_are_stored(self, database: Database) -> None:
        async with database.transaction() as session:
            everybody: dict[str, Any] = dict.fromkeys(
                ("people", "adults", "elderly", "poor", "ethnic_minority", "disabled"), 999
            )
            content = visit(await hamlet(session), outcomes=dict.fromkeys(OutcomeCode, 999), **everybody)
            assert sessions.content_of((await log(session, content)).session) == content


class TestEditing:
    async def test_an_older_edit_that_arrives_later_changes_nothing(self, database: Database) -> None:
        async with database.transaction() as session:
            place = await hamlet(session)
            stored = (await log(session, visit(place, people=2))).session
            assert await edit(session, stored, visit(place, people=5), LATER)
            assert not await edit(session, stored, visit(place, people=4), NOON)
            assert not (await log(session, visit(place, people=2), written_at=NOON)).is_changed
            assert (stored.people, stored.written_at) == (5, LATER)
            assert await actions(session, stored) == ["session.created", "session.edited"]

    async def test_an_edited_message_may_arrive_before_the_message(self, database: Database) -> None:
        async with database.transaction() as session:
            place = await hamlet(session)
            await log(session, visit(place, people=5), written_at=LATER)
            late = await log(session, visit(place, people=2), written_at=NOON)
            assert (late.is_new, late.is_changed, late.session.people) == (False, False, 5)

    async def test_another_hamlet_and_household_are_there_at_once(self, database: Database) -> None:
        async with database.transaction() as session:
            stored = (await log(session, visit(await hamlet(session), await household(session)))).session
            other = await hamlet(session, "3")
            neighbour = await household(session, "Nông Thị Hường", place=other)
            await edit(session, stored, visit(other, neighbour), LATER)
            assert (stored.hamlet, stored.household) == (other, neighbour)

    async def test_an_outcome_of_nobody_is_no_change(self, database: Database) -> None:
        async with database.transaction() as session:
            place = await hamlet(session)
            stored = (await log(session, visit(place))).session
            assert not await edit(session, stored, visit(place, outcomes={OutcomeCode.HEALTH_BOOK: 0}), LATER)
            assert await actions(session, stored) == ["session.created"]

    @pytest.mark.servers
    async def test_one_that_began_before_a_newer_one_was_stored_sees_it(self, postgres_url: str) -> None:
        database = Database(postgres_url)
        await database.migrate()
        async with database.transaction() as session:
            place = await hamlet(session)
            made = (await log(session, visit(place))).session
        async with database.transaction() as slow:
            seen = await sessions.by_id(slow, COMMUNE, made.id)
            assert seen is not None
            async with database.transaction() as quick:
                newer = await sessions.by_id(quick, COMMUNE, made.id)
                assert newer is not None
                assert await edit(quick, newer, visit(place, people=5), LATER + timedelta(minutes=1))
                assert await void(quick, newer, LATER + timedelta(minutes=1))
            assert not await edit(slow, seen, visit(place, people=4), LATER)
            assert not await restore(slow, seen, LATER)
            assert (seen.people, seen.voided_at is not None) == (5, True)
        await database.close()


class TestTrash:
    async def test_void_and_restore_are_decided_by_the_stamp(self, database: Database) -> None:
        async with database.transaction() as session:
            stored = (await log(session, visit(await hamlet(session)))).session
            assert await void(session, stored, NOON)
            assert not await void(session, stored, NOON)
            assert await restore(session, stored, LATER)
            assert not await void(session, stored, NOON)
            assert (stored.voided_at, stored.void_reason) == (None, "")
            assert await actions(session, stored) == ["session.created", "session.voided", "session.restored"]

    async def test_a_restore_that_overtakes_its_void_wins_all_the_same(self, database: Database) -> None:
        async with database.transaction() as session:
            stored = (await log(session, visit(await hamlet(session)))).session
            assert not await restore(session, stored, LATER)
            assert not await void(session, stored, NOON)
            assert stored.voided_at is None

    async def test_an_edit_changes_what_is_in_the_trash_and_leaves_it_there(self, database: Database) -> None:
        async with database.transaction() as session:
            place = await hamlet(session)
            stored = (await log(session, visit(place))).session
            await void(session, stored, LATER)
            assert await edit(session, stored, visit(place, people=3), LATER)
            assert (stored.people, stored.voided_at) == (3, LATER)

    async def test_it_is_emptied_after_30_days(self, database: Database) -> None:
        async with database.transaction() as session:
            place = await hamlet(session)
            achieved = visit(place, outcomes={OutcomeCode.VNEID_LEVEL2: 1})
            made = [(await log(session, achieved, origin)).session for origin in ("old", "young", "restored", "kept")]
            await void(session, made[0], NOON)
            await void(session, made[1], LATER)
            await void(session, made[2], NOON)
            await restore(session, made[2], LATER)
        async with database.transaction() as session:
            assert await sessions.empty_trash(session, NOON + timedelta(days=30) - timedelta(seconds=1)) == 0
            assert await sessions.empty_trash(session, NOON + timedelta(days=30)) == 1
        async with database.snapshot() as session:
            left = list(await session.scalars(select(SupportSession.origin).order_by(SupportSession.id)))
            assert left == ["young", "restored", "kept"]
            assert await session.scalar(select(func.count()).select_from(SessionOutcome)) == 3


@dataclass(frozen=True, slots=True)
class Message:
    """Something that a member's phone sent at `minute`. All but logs name a session by the number in its receipt."""

    verb: Literal["log", "edit", "void", "restore"]
    origin: int
    by: int
    minute: int
    people: int
    achieved: int
    reason: str


MESSAGES = st.builds(
    Message,
    verb=st.sampled_from(["log", "edit", "void", "restore"]),
    origin=st.integers(0, 1),
    by=st.integers(0, 2),
    minute=st.integers(0, 4),
    people=st.integers(2, 4),
    achieved=st.integers(0, 2),
    reason=st.sampled_from(["nhầm hộ", "ghi hai lần"]),
)


@st.composite
def two_arrivals(draw: st.DrawFn) -> tuple[list[Message], list[Message]]:
    """One stream of messages as it may arrive: each twice, in two orders."""
    logs = [Message("log", origin, origin, 0, 2, 1, "") for origin in (0, 1)]
    sent = logs + draw(st.lists(MESSAGES, min_size=2, max_size=8))
    first, second = draw(st.permutations(sent * 2)), draw(st.permutations(sent * 2))
    return first, second


async def present(session: AsyncSession, who: str) -> Member:
    """That member, who joins when not there yet."""
    return await members.by_account(session, COMMUNE, "telegram", who) or await member(session, who)


async def deliver(session: AsyncSession, arrived: Sequence[Message], place: Hamlet, team: Sequence[Member]) -> None:
    """Handles messages in this order; one that needs a receipt waits for the log that gets it."""
    ids: dict[int, int] = {}
    waiting: list[Message] = []
    for message in arrived:
        if message.verb != "log" and message.origin not in ids:
            waiting.append(message)
            continue
        await handle(session, message, place, team, ids)
        for one in [one for one in waiting if one.origin in ids]:
            waiting.remove(one)
            await handle(session, one, place, team, ids)
    assert not waiting


async def handle(
    session: AsyncSession, message: Message, place: Hamlet, team: Sequence[Member], ids: dict[int, int]
) -> None:
    at = NOON + timedelta(minutes=message.minute)
    kind = SessionKind.HOUSE_VISIT if message.achieved else SessionKind.CHAT
    outcomes = {OutcomeCode.VNEID_LEVEL2: message.achieved} if message.achieved else {}
    content = visit(place, kind=kind, people=message.people, outcomes=outcomes)
    if message.verb == "log":  # a message is edited by who sent it
        by = team[message.origin]
        logged = await log(session, content, f"telegram:{message.origin}", by=by, written_at=at, now=at)
        ids[message.origin] = logged.session.id
        return
    stored = await sessions.by_id(session, COMMUNE, ids[message.origin])
    assert stored is not None
    actor = audit.by_member(team[message.by])
    if message.verb == "edit":
        await sessions.edit(session, stored, content, actor=actor, written_at=at, now=at)
    elif message.verb == "void":
        await sessions.void(session, stored, reason=message.reason, actor=actor, written_at=at, now=at)
    else:
        await sessions.restore(session, stored, actor=actor, written_at=at, now=at)


async def tables(session: AsyncSession) -> tuple[list[Any], list[Any]]:
    """All that the tables hold but numbers of rows and moments of arrival."""
    row = SupportSession
    kept = select(
        row.origin, row.source, row.kind, row.hamlet_id, row.household_id, row.member_id, row.occurred_on, row.people,
        row.adults, row.note, row.written_at, row.voided_at.is_(None), row.void_reason, row.void_written_at,
    ).order_by(row.origin)  # fmt: skip
    achieved = (
        select(row.origin, SessionOutcome.code, SessionOutcome.count)
        .join(SessionOutcome, SessionOutcome.session_id == row.id)
        .order_by(row.origin, SessionOutcome.code)
    )
    return [tuple(one) for one in await session.execute(kept)], [tuple(one) for one in await session.execute(achieved)]


class TestAnyOrder:
    @pytest.fixture
    def database_url(self, tmp_path: Path) -> str:
        """SQLite alone: the rules are the same, and many streams pass."""
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(arrivals=two_arrivals())
    async def test_of_arrival_ends_in_the_same_tables(
        self, database: Database, arrivals: tuple[list[Message], list[Message]]
    ) -> None:
        ends = []
        for arrived in arrivals:
            async with database.transaction() as session:
                await session.execute(delete(SupportSession))
                place = await hamlet(session)
                team = [await present(session, who) for who in ("ba-an", "anh-tu", "co-hanh")]
                await deliver(session, arrived, place, team)
                ends.append(await tables(session))
        assert ends[0] == ends[1]
