"""Whom to visit next: the neediest first, rested households later, promises kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.outreach import households, sessions, tasks
from db.outreach.audit import OPERATOR
from db.outreach.households import Survey
from db.outreach.models import Household, OutcomeCode
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.outreach import TODAY, household, visit
from tests.support.rows import COMMUNE


async def visited(session: AsyncSession, home: Household, days_ago: int, **said: object) -> sessions.Logged:
    content = visit(home.hamlet, home, occurred_on=TODAY - timedelta(days=days_ago), **said)
    return await outreach.log(session, content, f"visit:{home.id}:{days_ago}")


async def surveyed(session: AsyncSession, name: str, *, identity: int = 2, is_poor: bool = False) -> Household:
    """A household of two adults who have everything, but for identity perhaps."""
    home = await household(session, name)
    await session.refresh(home, ["hamlet"])
    found = Survey(people=3, adults=2, identity=identity, device=2, skill=2, account=2, is_poor=is_poor)
    await households.survey(session, home, found, OPERATOR, NOON - timedelta(days=200))
    return home


async def listed(session: AsyncSession, limit: int = 9) -> list[tuple[str, tuple[str, ...]]]:
    """Names with the codes of their reasons."""
    place = await outreach.hamlet(session)
    found = await tasks.next_visits(session, COMMUNE, [place.id], TODAY, limit)
    return [(task.household.name, tuple(reason.code for reason in task.reasons)) for task in found]


async def test_who_lacks_more_comes_first_and_need_adds_to_it(database: Database) -> None:
    async with database.transaction() as session:
        for name, identity, is_poor in (("Đủ", 2, True), ("Một", 1, False), ("Hai", 0, False), ("Nghèo", 0, True)):
            await visited(session, await surveyed(session, name, identity=identity, is_poor=is_poor), 20)
        assert await listed(session) == [
            ("Nghèo", ("identity", "poor")),
            ("Hai", ("identity",)),
            ("Một", ("identity",)),
        ]  # the poor household that has everything needs no visit
        assert [name for name, _ in await listed(session, 1)] == ["Nghèo"]


async def test_one_never_visited_is_before_one_long_ago_before_one_lately(database: Database) -> None:
    async with database.transaction() as session:
        for name, days_ago in (("Mới", 30), ("Lâu", 90), ("Chưa", None)):
            home = await surveyed(session, name, identity=1)
            if days_ago:
                await visited(session, home, days_ago)
        assert await listed(session) == [
            ("Chưa", ("never", "identity")),
            ("Lâu", ("long", "identity")),
            ("Mới", ("identity",)),
        ]


@pytest.mark.parametrize(("days_ago", "is_on_the_list"), [(0, False), (13, False), (14, True)])
async def test_a_household_rests_for_two_weeks(database: Database, days_ago: int, is_on_the_list: bool) -> None:
    async with database.transaction() as session:
        await visited(session, await surveyed(session, "Năm", identity=0), days_ago)
        assert bool(await listed(session)) == is_on_the_list


async def test_a_promise_comes_before_all_from_the_next_day_until_it_is_kept(database: Database) -> None:
    async with database.transaction() as session:
        home = await surveyed(session, "Năm")
        await visited(session, home, 3, note="hẹn thứ 5 quay lại cài tiếp")
        await surveyed(session, "Chưa", identity=1)
        assert await listed(session) == [("Năm", ("promised",)), ("Chưa", ("never", "identity"))]
        await visited(session, home, 0, note="xong rồi")
        assert [name for name, _ in await listed(session)] == ["Chưa"]


async def test_a_promise_of_today_is_for_another_day(database: Database) -> None:
    async with database.transaction() as session:
        await visited(session, await surveyed(session, "Năm"), 0, note="hẹn lại")
        assert await listed(session) == []


@pytest.mark.parametrize("note", [
    "Hẹn lại", "hen thu 5", "tuần sau quay lại", "lần sau cài tiếp", "hẹn mai tới", "mai cài nốt csk",
    "dvc để hôm khác",
])  # fmt: skip
def test_notes_that_promise(note: str) -> None:
    assert tasks.is_promise(note)


@pytest.mark.parametrize(
    "note", ["", "bà bị hen suyễn", "không cần quay lại", "đã xong", "nhớ mật khẩu", "con gái tên Mai"]
)
def test_notes_that_promise_nothing(note: str) -> None:
    assert not tasks.is_promise(note)


async def test_a_visit_in_the_trash_was_none(database: Database) -> None:
    async with database.transaction() as session:
        logged = await visited(session, await surveyed(session, "Năm", identity=0), 1)
        assert await listed(session) == []
        await sessions.void(session, logged.session, reason="", actor=OPERATOR, written_at=NOON, now=NOON)
        assert await listed(session) == [("Năm", ("never", "identity"))]


async def test_what_a_visit_achieved_is_lacking_no_more(database: Database) -> None:
    async with database.transaction() as session:
        home = await surveyed(session, "Năm", identity=0)
        await visited(session, home, 20, people=2, outcomes={OutcomeCode.VNEID_LEVEL2: 2})
        assert await listed(session) == []


async def test_other_hamlets_and_merged_households_are_not_on_the_list(database: Database) -> None:
    async with database.transaction() as session:
        other = await household(session, "Xa", place=await outreach.hamlet(session, "Khuổi Chạo"))
        one, into = await household(session, "Năm"), await household(session, "Bác Năm")
        await households.merge(session, one, into, OPERATOR, NOON)
        assert await listed(session) == [("Bác Năm", ("never", "not_surveyed"))]
        assert [task.household for task in await tasks.next_visits(session, COMMUNE, [other.hamlet_id], TODAY, 9)] == [
            other
        ]
        assert await tasks.next_visits(session, "sang-moc", [other.hamlet_id], TODAY, 9) == []
        assert await tasks.next_visits(session, COMMUNE, [], TODAY, 9) == []
