"""Each moment of a job is done once, by one at a time: over outages, crashes, failures and two schedulers at once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.jobs.clockwork import running_jobs
from bot.jobs.job import Job, Occasion, SkippedError, at
from bot.jobs.runner import BusyError, Runner
from db import jobs
from db.clock import utc_now
from db.engine import Database
from db.jobs import JobRun, ScheduledJob
from tests.support.broken_database import BreakableDatabase
from tests.support.clock import NOON, FakeClock
from tests.support.rows import COMMUNE

DEADLINE_SECONDS = 20
NAME = "sweeping"


@dataclass
class Sweeper:
    """A job that notes for which moments it was done."""

    done: list[datetime] = field(default_factory=list)

    async def __call__(self, occasion: Occasion) -> int:
        await asyncio.sleep(0)
        self.done.append(occasion.scheduled_for)
        return 1

    def job(self, trigger: Any, **options: bool) -> Job:
        return Job(NAME, trigger, self, **options)


async def runs(database: Database) -> list[JobRun]:
    async with database.snapshot() as session:
        return await jobs.runs_of(session, COMMUNE, NAME)


@pytest.fixture
def runner(database: Database, clock: FakeClock) -> Runner:
    return Runner(database, COMMUNE, clock)


@pytest.mark.parametrize(
    ("trigger", "last_missed"),
    [
        (at(minute="*/5"), datetime(2026, 11, 25, 5, 0, tzinfo=UTC)),
        (at(hour=3, minute=0), datetime(2026, 11, 24, 20, 0, tzinfo=UTC)),
        (at(day_of_week="mon", hour=7, minute=30), datetime(2026, 11, 23, 0, 30, tzinfo=UTC)),
        (at(day=24, hour=0, minute=0), datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
    ],
)
async def test_after_three_days_without_anybody_the_last_moment_is_made_up_for_once(
    runner: Runner, database: Database, clock: FakeClock, trigger: Any, last_missed: datetime
) -> None:
    sweeper = Sweeper()
    clock.now += timedelta(seconds=1)
    await runner.attend(sweeper.job(trigger))
    assert sweeper.done == []  # nothing was missed before anybody was there
    clock.advance(days=3)
    for _look in range(5):
        await Runner(database, COMMUNE, clock).attend(sweeper.job(trigger))
        clock.advance(seconds=50)
    assert sweeper.done == [last_missed]


async def test_what_writes_to_people_waits_for_the_day(runner: Runner, clock: FakeClock) -> None:
    sweeper = Sweeper()
    job = sweeper.job(at(hour=8), by_day=True)
    await runner.attend(job)
    clock.now = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # 23:00 in Vietnam, the machine was off in the morning
    await runner.attend(job)
    assert sweeper.done == []
    clock.advance(hours=8, minutes=30)  # 7:30
    await runner.attend(job)
    assert sweeper.done == [datetime(2026, 11, 23, 1, 0, tzinfo=UTC)]


async def test_a_failure_is_noted_by_its_place_without_what_people_wrote(
    runner: Runner, database: Database, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_: Occasion) -> int:
        async with database.transaction() as session:
            await session.get(JobRun, "số điện thoại của bà An")
        raise AssertionError

    job = Job(NAME, at(minute="*"), fail, at_first_start=True)
    await runner.attend(job)
    [run] = await runs(database)
    assert (run.outcome, run.attempts) == ("failed", 1)
    assert run.detail
    assert "bà An" not in run.detail + caplog.text
    clock.advance(seconds=30)
    await runner.attend(job)
    assert len(await runs(database)) == 1  # not before some minutes have passed


async def test_what_can_not_be_done_here_says_why_and_is_not_tried_again(
    runner: Runner, database: Database, clock: FakeClock
) -> None:
    async def skip(_: Occasion) -> int:
        raise SkippedError("no_pg_dump")

    for _look in range(3):
        await runner.attend(Job(NAME, at(hour=3), skip, at_first_start=True))
        clock.advance(hours=1)
    [run] = await runs(database)
    assert (run.outcome, run.detail, run.attempts) == ("skipped", "no_pg_dump", 1)


async def test_a_database_that_is_away_is_waited_for(
    database_url: str, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    database, sweeper = BreakableDatabase(database_url), Sweeper()
    await database.migrate()
    runner = Runner(database, COMMUNE, clock)
    job = sweeper.job(at(hour=3), at_first_start=True)
    database.is_away = True
    await runner.attend(job)
    assert "database is away" in caplog.text
    database.is_away = False
    await runner.attend(job)
    assert len(sweeper.done) == 1
    await database.close()


async def test_asked_for_it_is_done_at_once_but_not_beside_another(
    runner: Runner, database: Database, clock: FakeClock
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: Occasion) -> int:
        begun.set()
        await go_on.wait()
        return 2

    job = Job(NAME, at(hour=3), slow)
    doing = asyncio.create_task(runner.run_now(job))
    await begun.wait()
    with pytest.raises(BusyError):
        await runner.run_now(job)
    go_on.set()
    await doing
    [run] = await runs(database)
    assert (run.outcome, run.count, run.scheduled_for) == ("done", 2, NOON)


async def test_who_lost_the_job_stops_working_at_it(database: Database, clock: FakeClock) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def endless(_: Occasion) -> int:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return 0

    runner = Runner(database, COMMUNE, clock, lease=timedelta(seconds=0.2))
    doing = asyncio.create_task(runner.run_now(Job(NAME, at(hour=3), endless)))
    async with asyncio.timeout(DEADLINE_SECONDS):
        await begun.wait()
        async with database.transaction() as session:
            state = await session.get(ScheduledJob, (COMMUNE, NAME))
            assert state is not None
            state.holder = "another machine"
        await stopped.wait()
        await doing
    async with database.snapshot() as session:
        assert await session.get(ScheduledJob, (COMMUNE, NAME)) is not None


HOLDER = """
import asyncio, sys
from datetime import timedelta
from bot.jobs.job import Job, at
from bot.jobs.runner import Runner
from db.clock import utc_now
from db.engine import Database

async def endless(occasion):
    print("begun", flush=True)
    await asyncio.Event().wait()

job = Job("sweeping", at(month=1, day=1), endless, at_first_start=True)
asyncio.run(Runner(Database(sys.argv[1]), "tan-loi", utc_now, lease=timedelta(seconds=2)).attend(job))
"""


def begin_and_be_killed(url: str) -> None:
    """Another process takes the job, begins, and dies."""
    with subprocess.Popen([sys.executable, "-c", HOLDER, url], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "begun\n"
        os.kill(holder.pid, signal.SIGKILL)


@pytest.mark.servers
async def test_when_its_holder_is_killed_the_same_run_is_taken_up_after_the_lease(database: Database) -> None:
    await asyncio.to_thread(begin_and_be_killed, database.url)
    sweeper, looks = Sweeper(), 0
    runner = Runner(database, COMMUNE, utc_now)
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not sweeper.done:
            await runner.attend(sweeper.job(at(month=1, day=1), at_first_start=True))
            looks += 1
            await asyncio.sleep(0.05)
    assert looks > 1  # at first the dead one held it
    [run] = await runs(database)
    assert (run.outcome, run.attempts, run.scheduled_for) == ("done", 2, sweeper.done[0])


@pytest.mark.servers
class TestTwoSchedulersOnOnePostgresql:
    @pytest.fixture
    def database_url(self, postgres_url: str) -> str:
        return postgres_url

    async def test_of_many_who_look_at_once_one_does_it(self, database: Database, clock: FakeClock) -> None:
        sweeper, other = Sweeper(), Database(database.url)
        job = sweeper.job(at(hour=3), at_first_start=True)
        runners = [Runner(one, COMMUNE, clock) for one in (database, other) for _ in range(8)]
        await asyncio.gather(*(runner.attend(job) for runner in runners))
        assert len(sweeper.done) == 1
        clock.advance(days=1)
        await asyncio.gather(*(runner.attend(job) for runner in runners))
        assert len(sweeper.done) == 2
        await other.close()

    async def test_each_second_is_done_once_and_never_by_two_at_a_time(self, database: Database) -> None:
        other, at_work = Database(database.url), 0
        done: list[tuple[str, datetime]] = []

        def work_of(who: str) -> Callable[[Occasion], Any]:
            async def work(occasion: Occasion) -> int:
                nonlocal at_work
                at_work += 1
                assert at_work == 1
                await asyncio.sleep(0.1)
                at_work -= 1
                done.append((who, occasion.scheduled_for))
                return 1

            return work

        async with asyncio.timeout(DEADLINE_SECONDS):
            async with (
                running_jobs([Job(NAME, at(second="*"), work_of("one"))], Runner(database, COMMUNE, utc_now)),
                running_jobs([Job(NAME, at(second="*"), work_of("two"))], Runner(other, COMMUNE, utc_now)),
            ):
                while len(done) < 4:  # noqa: ASYNC110 - jobs tell nobody
                    await asyncio.sleep(0.05)
        moments = [moment for _, moment in done]
        assert moments == sorted(set(moments))
        assert {run.outcome for run in await runs(database)} == {"done"}
        await other.close()
