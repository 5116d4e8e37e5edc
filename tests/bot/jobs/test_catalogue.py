"""The jobs of the programme: when they run by the commune's clock, what they are called, what they do at the start."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.jobs.catalogue import BACKUPS, Parts, make_jobs
from bot.jobs.clockwork import running_jobs
from bot.jobs.job import Job
from bot.jobs.runner import Runner
from content.library import Library
from db.models import InboxMessage
from db.retention import KEEP_MESSAGES
from tests.bot.jobs.conftest import Desk
from tests.support.clock import NOON, FakeClock
from tests.support.rows import COMMUNE, answer, arrival, store

DEADLINE_SECONDS = 20


def job(parts: Parts, name: str) -> Job:
    return next(one for one in make_jobs(parts) if one.name == name)


@pytest.mark.parametrize(
    ("name", "before", "moment"),
    [
        ("retention", (2026, 11, 22, 19, 59), (2026, 11, 22, 20, 0)),  # 3:00 on the 23rd in Vietnam
        ("digest", (2026, 11, 23, 0, 29), (2026, 11, 23, 0, 30)),  # Monday 7:30; in UTC Monday has hardly begun
        ("content_reviews", (2026, 12, 1, 0, 59), (2026, 12, 1, 1, 0)),
        ("report_drafts", (2026, 12, 31, 17, 29), (2026, 12, 31, 17, 30)),  # 0:30 on 1 January
        ("request_reminders", (2028, 2, 28, 16, 59), (2028, 2, 28, 17, 0)),  # 29 February begins
        ("backup", (2026, 3, 28, 19, 29), (2026, 3, 28, 19, 30)),  # where summer time begins that night, not here
    ],
)
def test_they_run_by_the_clock_of_vietnam(
    parts: Parts, name: str, before: tuple[int, ...], moment: tuple[int, ...]
) -> None:
    exactly = datetime(*moment, tzinfo=UTC)  # type: ignore[misc,arg-type] # year to minute
    a_minute_before = datetime(*before, tzinfo=UTC)  # type: ignore[misc,arg-type]
    assert job(parts, name).next(a_minute_before) == exactly
    assert job(parts, name).latest(exactly) == exactly
    assert job(parts, name).latest(exactly - timedelta(microseconds=1)) != exactly
    assert job(parts, name).next(exactly) != exactly


def test_the_list_says_in_words_what_the_trigger_says(parts: Parts, library: Library) -> None:
    words = library.texts.jobs.jobs
    assert list(words) == [one.name for one in make_jobs(parts)]
    for one in make_jobs(parts):
        upcoming = one.next(NOON)
        assert upcoming is not None
        if time := re.match(r"\d\d:\d\d", words[one.name].when):
            assert f"{upcoming.astimezone(one.trigger.timezone):%H:%M}" == time[0]
        assert "{n}" in words[one.name].counted


async def test_old_messages_go_as_soon_as_the_programme_runs(desk: Desk) -> None:
    database, long_ago = desk.parts.database, NOON - KEEP_MESSAGES - timedelta(days=1)
    async with database.transaction() as session:
        await answer(session, await store(session, arrival(), now=long_ago), "…", now=long_ago)

    async def messages() -> int:
        async with database.snapshot() as session:
            return await session.scalar(select(func.count()).select_from(InboxMessage)) or 0

    async with asyncio.timeout(DEADLINE_SECONDS):
        async with running_jobs(make_jobs(desk.parts), Runner(database, COMMUNE, desk.parts.clock)):
            while await messages():  # noqa: ASYNC110 - jobs tell nobody
                await asyncio.sleep(0.01)


async def test_the_nightly_copy_lies_with_everything_that_is_not_code(desk: Desk, clock: FakeClock) -> None:
    await Runner(desk.parts.database, COMMUNE, clock).run_now(job(desk.parts, "backup"))
    assert [one.name for one in (desk.parts.var / BACKUPS).iterdir()] == ["daisuso-2026-11-22.sqlite3"]


async def test_one_that_is_run_twice_writes_nothing_twice(desk: Desk, clock: FakeClock) -> None:
    clock.now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    for _turn in range(2):
        for one in make_jobs(desk.parts):
            await Runner(desk.parts.database, COMMUNE, clock).run_now(one)
        clock.advance(minutes=1)
    for who in ("chi-hoa", "anh-son"):
        texts = [notice["text"] for notice in await desk.notices(who)]
        assert len(texts) == len(set(texts)) >= 1
    assert await desk.notices("ba-an") == []
