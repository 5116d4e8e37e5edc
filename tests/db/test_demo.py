"""A made-up year holds all that pages show, keeps the rules, and goes again without a trace."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from content.demo import read_demo
from content.library import Library
from db import learning, reports
from db.demo import removal, season
from db.demo.fill import Filled, fill
from db.demo.mark import DemoError, has_demo
from db.demo.scene import Size
from db.engine import Database
from db.indicators import official
from db.indicators.models import OfficialFigure
from db.indicators.values import Basis, values
from db.models import Base, Feedback
from db.outreach import classes, figures, hamlets, households, requests, sessions, tasks
from db.outreach.audit import OPERATOR
from db.outreach.figures import Scope
from db.outreach.models import (
    AuditEntry,
    ClassAttendance,
    HelpRequest,
    Household,
    LearningClass,
    Member,
    OutcomeCode,
    SessionKind,
    SupportSession,
)
from db.outreach.sessions import content_of
from db.reports import PeriodKey
from tests.db.outreach.test_figures import recount
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.outreach import TODAY, visit
from tests.support.rows import COMMUNE, open_conversation

ROOT = Path(__file__).resolve().parent.parent.parent
TEXTS = read_demo(ROOT / "content")
SMALL = Size(households=30, sessions=200, classes=8, requests=12, questions=40, conversations=8)
FEW = ("vneid_account", "health_book", "files_online", "officials_trained", "attendances")
"""Indicators of each way, few enough for a quick test."""
YEAR = Scope(COMMUNE, TODAY - timedelta(days=season.DAYS), TODAY)
LATER = NOON + timedelta(hours=1)
OTHER = "tay-giang"


async def filled(session: AsyncSession, library: Library, *, with_real: bool = False, now: datetime = NOON) -> Filled:
    """A small year, in four hamlets."""
    await hamlets.load(session, COMMUNE, ["1", "2", "3", "4"], NOON)
    texts = read_demo(ROOT / "content")
    return await fill(session, COMMUNE, texts=texts, known=library.indicators, now=now, size=SMALL, with_real=with_real)


async def everything(session: AsyncSession) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, as they stand in the database."""
    await session.flush()
    return {
        table.name: sorted((tuple(row) for row in await session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }


async def real_life(session: AsyncSession) -> None:
    """A member, a household with a survey, a request, a figure, a draft of a report; and a visit in another commune."""
    await hamlets.load(session, COMMUNE, ["1", "2", "3", "4"], NOON)
    place = await outreach.hamlet(session, "1")
    an = await outreach.member(session, "ba-an", place)
    home = await outreach.household(session, place=place)
    await households.survey(session, home, households.Survey(3, 2, 1, 1, 0, 0), "member:1", NOON)
    await requests.make(
        session, await open_conversation(session, "bac-tu"), kind="human", hamlet_id=place.id, topic=None, text="",
        now=NOON,
    )  # fmt: skip
    session.add(
        OfficialFigure(
            commune=COMMUNE, indicator="vneid_account", as_of=date(2026, 9, 30), count=5, total=9, source="Công an xã",
            entered_by=f"member:{an.id}", entered_at=NOON,
        )
    )  # fmt: skip
    key = PeriodKey("2026-10", "month", date(2026, 9, 15), date(2026, 10, 14))
    await reports.save_draft(session, COMMUNE, key, {"lines": []}, actor=OPERATOR, now=NOON - timedelta(days=9))
    far = await outreach.hamlet(session, "Ahu", commune=OTHER)
    await sessions.log(
        session, visit(far), commune=OTHER, origin="a", source="sentence", member_id=None, actor=OPERATOR,
        written_at=NOON, now=NOON,
    )  # fmt: skip


async def test_what_was_there_before_is_there_after_and_nothing_else(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        await real_life(session)
        before = await everything(session)
        await filled(session, library)
        assert await has_demo(session, COMMUNE)
        assert not await has_demo(session, OTHER)
        during = await everything(session)
        assert len(during["audit_entry"]) > len(before["audit_entry"]) + SMALL.sessions
        untouched = {name: set(map(repr, rows)) - set(map(repr, during[name])) for name, rows in before.items()}
        assert not any(untouched.values()), "filling changes nothing that was there"
        await removal.remove(session, COMMUNE, LATER)
        assert await everything(session) == before
        assert not await has_demo(session, COMMUNE)
        with pytest.raises(DemoError, match="nothing"):
            await removal.remove(session, COMMUNE, LATER)
        await filled(session, library)
        again = await everything(session)
        assert {row[3:-1] for row in again["household"]} == {row[3:-1] for row in during["household"]}, "the same year"


async def test_a_made_up_year_has_all_that_pages_show_and_keeps_the_rules(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        told = await filled(session, library)
        every = list(await session.scalars(select(SupportSession).options(selectinload(SupportSession.outcomes))))
        homes = {home.id: home for home in await session.scalars(select(Household))}
        members = {one.id: one for one in await session.scalars(select(Member))}
        assert (told.hamlets, told.sessions, told.households) == (4, len(every), len(homes))
        for one in every:
            content_of(one).check()
            assert one.is_demo
            assert one.logged_at <= NOON
            assert YEAR.first <= one.occurred_on <= one.logged_at.astimezone(households.TIME_ZONE).date()
            assert one.household_id is None or homes[one.household_id].hamlet_id == one.hamlet_id
            is_chat = one.kind == "chat"  # nobody's: the programme counts it
            assert is_chat or members[one.member_id or 0].joined_at.date() <= one.occurred_on
        assert {one.kind for one in every} == {"house_visit", "class", "one_stop_desk", "public_event", "chat"}
        assert {outcome.code for one in every for outcome in one.outcomes} == {code.value for code in OutcomeCode}
        assert any(one.voided_at for one in every)
        assert any((one.logged_at.date() - one.occurred_on).days > 1 for one in every)
        actions = Counter(await session.scalars(select(AuditEntry.action)))
        assert actions["session.created"] == len(every)
        assert set(actions) >= {"session.edited", "session.voided", "official_figure.corrected", "member.removed"}
        months = Counter(one.occurred_on.month for one in every if one.kind == "house_visit")
        assert months[10] > 1.5 * max(months[6], months[7], months[8])

        assert {one.state for one in await session.scalars(select(HelpRequest))} == set(requests.State)
        assert not await requests.unheeded(session, NOON, 50), "nobody is reminded of made-up requests"
        lessons = list(await session.scalars(select(LearningClass)))
        assert {bool(one.closed_at) for one in lessons} == {True, False}
        assert len(await classes.ahead(session, COMMUNE, NOON, 9)) == 3
        assert await session.scalar(select(func.count()).select_from(ClassAttendance))
        assert (await learning.waiting_groups(session, COMMUNE))[0].count > 5
        assert await session.scalar(select(func.count()).select_from(Feedback))
        places = [place.id for place in await hamlets.all_of(session, COMMUNE)]
        assert await tasks.next_visits(session, COMMUNE, places, TODAY, 5)


async def test_its_figures_are_those_of_a_plain_recount(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        await filled(session, library)
        for scope in (YEAR, Scope(COMMUNE, date(2026, 9, 15), date(2026, 10, 14))):
            assert asdict(await figures.count(session, scope)) == asdict(await recount(session, scope))
        known = [library.indicators[name] for name in FEW]
        found = await values(session, COMMUNE, known, as_of=TODAY)
        shares = {name: one.value for name, one in found.items() if name != "attendances"}
        assert all(value is not None and 0 < value <= 100 for value in shares.values()), shares
        assert found["vneid_account"].basis is Basis.OFFICIAL_AND_OUTREACH


async def test_it_is_refused_twice_beside_real_sessions_and_without_hamlets(
    database: Database, library: Library
) -> None:
    with pytest.raises(DemoError, match="no_hamlets"):
        async with database.transaction() as session:
            await fill(session, COMMUNE, texts=TEXTS, known=library.indicators, now=NOON, size=SMALL)
    async with database.transaction() as session:
        await outreach.log(session, visit(await outreach.hamlet(session, "1")))
    with pytest.raises(DemoError, match="real_sessions"):
        async with database.transaction() as session:
            await filled(session, library)
    async with database.transaction() as session:
        assert not await has_demo(session, COMMUNE)
        await filled(session, library, with_real=True)
    with pytest.raises(DemoError, match="already"):
        async with database.transaction() as session:
            await filled(session, library, with_real=True)


async def test_what_real_people_did_meanwhile_stays(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        await real_life(session)
        await filled(session, library)
        place = await outreach.hamlet(session, "2")
        hoa = await outreach.member(session, "chi-hoa", place, now=LATER)
        demo_homes = select(Household).where(Household.is_demo, Household.hamlet_id == place.id)
        visited, edited = list(await session.scalars(demo_homes.order_by(Household.id).limit(2)))
        seen = await outreach.log(session, visit(place, visited, people=1), "real:1", by=hoa, now=LATER)
        plain = await outreach.log(session, visit(place, people=2), "real:2", by=hoa, now=LATER)
        lesson = (await classes.ahead(session, COMMUNE, NOON, 1))[0]
        await classes.check_in(session, lesson, await open_conversation(session, "bac-tu"), LATER)
        held = await outreach.log(
            session, visit(place, kind=SessionKind.CLASS, class_id=lesson.id, people=4), "real:3", by=hoa, now=LATER
        )
        await households.survey(session, edited, households.Survey(2, 2, 2, 2, 2, 2), f"member:{hoa.id}", LATER)
        somebody = (await session.scalars(select(Member).where(Member.is_demo).limit(1))).one()
        [asked] = [one for one in await requests.live(session, COMMUNE, None) if not one.is_demo]
        await requests.take(session, asked, somebody, LATER)
        october = PeriodKey("2026-11", "month", date(2026, 10, 15), date(2026, 11, 14))
        for key in (october, PeriodKey("2026-10", "month", date(2026, 9, 15), date(2026, 10, 14))):
            await reports.save_draft(session, COMMUNE, key, {"lines": [1]}, actor=OPERATOR, now=LATER)
        await session.flush()
        real = {seen.session.id, plain.session.id, held.session.id}
        name, visited_id, edited_id, asked_id = visited.name, visited.id, edited.id, asked.id

        gone = await removal.remove(session, COMMUNE, LATER)
        assert (gone.kept_households, gone.kept_classes, gone.reports) == (1, 1, 1)
        left = set(await session.scalars(select(SupportSession.id).where(SupportSession.commune == COMMUNE)))
        assert left == real
        home = await households.by_id(session, COMMUNE, visited_id)
        assert home is not None
        assert (home.name, home.is_demo, home.adults) == (name, False, None)
        assert await households.by_id(session, COMMUNE, edited_id) is None
        assert [one.person.startswith("demo:") for one in await session.scalars(select(ClassAttendance))] == [False]
        [again] = await requests.live(session, COMMUNE, None)
        assert (again.id, again.state, again.taken_by_id) == (asked_id, "open", None)
        assert [one.period for one in await reports.all_of(session, COMMUNE)] == ["2026-10"]
        assert [one.source for one in await official.all_of(session, COMMUNE)] == ["Công an xã"]
        told = await session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == visited_id))
        assert "household.kept_from_demo" in set(told)


async def test_it_goes_although_the_trash_was_emptied_and_hamlets_merged(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        await hamlets.load(session, COMMUNE, ["1", "2", "3", "4"], NOON)
        before = await everything(session)
        await filled(session, library)
        assert await sessions.empty_trash(session, NOON + timedelta(days=40))
        await session.execute(update(Household).values(created_at=datetime(2026, 1, 1, tzinfo=UTC)))
        one, into = (await hamlets.all_of(session, COMMUNE))[:2]
        await hamlets.merge(session, one, into, OPERATOR, LATER)
        await removal.remove(session, COMMUNE, LATER)
        after = await everything(session)
        merged = {"hamlet", "audit_entry"}
        assert {name: rows for name, rows in after.items() if name not in merged} == {
            name: rows for name, rows in before.items() if name not in merged
        }
        assert await session.scalar(select(func.count()).where(AuditEntry.subject != "hamlet")) == 0


def test_made_up_topics_exist(library: Library) -> None:
    asked = {one.topic for one in TEXTS.requests} | {one.topic for one in TEXTS.questions}
    named = {*TEXTS.feedback_topics, *asked} - {None}
    assert named - set(library.topics) == set()
