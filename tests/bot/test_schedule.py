"""Old messages are deleted at the start and every night, by the commune's clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.schedule import RETENTION, delete_old, make_scheduler
from db.engine import Database
from db.models import InboxMessage
from db.retention import KEEP_MESSAGES
from tests.support.broken_database import BreakableDatabase
from tests.support.clock import NOON, FakeClock
from tests.support.rows import answer, arrival, store

DEADLINE_SECONDS = 10
LONG_AGO = NOON - KEEP_MESSAGES - timedelta(days=1)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: what differs between databases is tests/db's business."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


async def store_an_old_message(database: Database) -> None:
    async with database.transaction() as session:
        await answer(session, await store(session, arrival(), now=LONG_AGO), "…", now=LONG_AGO)


async def messages(database: Database) -> int:
    async with database.snapshot() as session:
        return await session.scalar(select(func.count()).select_from(InboxMessage)) or 0


async def test_old_messages_go_as_soon_as_the_scheduler_runs(database: Database, clock: FakeClock) -> None:
    await store_an_old_message(database)
    scheduler = make_scheduler(database, clock)
    scheduler.start()
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            while await messages(database):  # noqa: ASYNC110 - jobs tell nobody
                await asyncio.sleep(0.01)
    finally:
        scheduler.shutdown(wait=False)


def test_afterwards_they_go_every_night_at_three_in_vietnam() -> None:
    evening = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    first = RETENTION.get_next_fire_time(None, evening)
    assert first == datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # 3:00 on the 23rd
    assert RETENTION.get_next_fire_time(first, first + timedelta(seconds=1)) == first + timedelta(days=1)


async def test_the_nightly_job_survives_a_machine_that_was_asleep(database: Database, clock: FakeClock) -> None:
    scheduler = make_scheduler(database, clock)
    scheduler.start(paused=True)
    [at_start, nightly] = sorted(scheduler.get_jobs(), key=lambda job: job.trigger is RETENTION)
    scheduler.shutdown(wait=False)
    assert nightly.trigger is RETENTION
    for job in (at_start, nightly):
        assert job.misfire_grace_time is None  # late is better than never
        assert job.coalesce  # and once is enough


async def test_what_went_is_told_to_the_log_as_a_number_alone(
    database: Database, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await store_an_old_message(database)
    await delete_old(database, clock)
    await delete_old(database, clock)
    told = [record.getMessage() for record in caplog.records if record.name == "bot.schedule"]
    assert told == ["retention: 1 old messages deleted"]


async def test_a_database_that_is_away_does_not_stop_the_scheduler(
    database_url: str, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    database = BreakableDatabase(database_url)
    database.is_away = True
    scheduler = make_scheduler(database, clock)
    scheduler.start()
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            await database.missed.wait()
            while not caplog.records:  # noqa: ASYNC110 - jobs tell nobody
                await asyncio.sleep(0.01)
        assert scheduler.running
        assert [job.trigger for job in scheduler.get_jobs()] == [RETENTION]
    finally:
        scheduler.shutdown(wait=False)
    await database.close()
