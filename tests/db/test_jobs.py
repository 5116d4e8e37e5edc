"""What is due, for whom, and what is kept of it: on each kind of database."""

from __future__ import annotations

from datetime import datetime, timedelta

from db import jobs
from db.engine import Database
from db.jobs import KEEP_RUNS, Claim, JobRun, Outcome
from tests.support.clock import NOON, FakeClock
from tests.support.rows import COMMUNE

LEASE = timedelta(minutes=2)
NIGHT = NOON + timedelta(hours=15)


async def take(
    database: Database, moment: datetime, now: datetime, holder: str = "a", *, counts_before: bool = False
) -> Claim | None:
    async with database.transaction() as session:
        return await jobs.claim(
            session, COMMUNE, "backup", moment, holder=holder, now=now, lease=LEASE, counts_before=counts_before
        )


async def end(database: Database, claimed: Claim | None, outcome: Outcome, now: datetime) -> bool:
    assert claimed is not None
    async with database.transaction() as session:
        return await jobs.finish(session, claimed, outcome, now, count=1)


async def runs(database: Database) -> list[JobRun]:
    async with database.snapshot() as session:
        return await jobs.runs_of(session, COMMUNE, "backup")


async def test_a_moment_before_the_job_was_known_was_not_missed_unless_it_counts(database: Database) -> None:
    assert await take(database, NOON - timedelta(hours=1), NOON) is None
    assert await take(database, NOON - timedelta(hours=1), NOON, counts_before=True) is not None


async def test_one_at_a_time_holds_it_and_a_moment_is_run_once(database: Database) -> None:
    await take(database, NOON - timedelta(days=1), NOON)
    first = await take(database, NIGHT, NIGHT)
    assert await take(database, NIGHT, NIGHT, "b") is None
    assert await end(database, first, Outcome.DONE, NIGHT)
    assert await take(database, NIGHT, NIGHT, "c") is None
    [run] = await runs(database)
    assert (run.outcome, run.count, run.attempts, run.ended_at) == ("done", 1, 1, NIGHT)


async def test_after_the_lease_another_takes_the_run_up_and_the_first_is_not_heard_any_more(database: Database) -> None:
    first = await take(database, NIGHT, NIGHT, counts_before=True)
    assert first is not None
    late = NIGHT + LEASE
    second = await take(database, NIGHT, late, "b")
    assert second is not None
    assert second.run_id == first.run_id
    async with database.transaction() as session:
        assert not await jobs.renew(session, first, late + LEASE)
    assert not await end(database, first, Outcome.FAILED, late)
    assert await end(database, second, Outcome.DONE, late)
    [run] = await runs(database)
    assert (run.outcome, run.attempts, run.holder) == ("done", 2, "b")


async def test_a_holder_that_renews_keeps_it(database: Database) -> None:
    first = await take(database, NIGHT, NIGHT, counts_before=True)
    assert first is not None
    async with database.transaction() as session:
        assert await jobs.renew(session, first, NIGHT + 2 * LEASE)
    assert await take(database, NIGHT, NIGHT + LEASE, "b") is None


async def test_a_run_that_failed_is_tried_again_later_and_not_for_ever(database: Database, clock: FakeClock) -> None:
    clock.now = NIGHT
    tries = 0
    for _minute in range(60):
        if (claimed := await take(database, NIGHT, clock(), f"{tries}", counts_before=True)) is not None:
            tries += 1
            await end(database, claimed, Outcome.FAILED, clock())
        clock.advance(minutes=1)
    assert tries == jobs.MOST_ATTEMPTS


async def test_a_run_that_kills_its_holders_is_left_at_last(database: Database, clock: FakeClock) -> None:
    clock.now = NIGHT
    tries = 0
    for _minute in range(20):
        tries += await take(database, NIGHT, clock(), f"{tries}", counts_before=True) is not None
        clock.advance(minutes=1)
    assert tries == jobs.MOST_ATTEMPTS
    [run] = await runs(database)
    assert run.outcome == Outcome.INTERRUPTED


async def test_a_run_that_was_asked_for_does_for_a_moment_missed_before(database: Database) -> None:
    async with database.transaction() as session:
        asked = await jobs.claim_now(session, COMMUNE, "backup", holder="cli", now=NOON, lease=LEASE)
    async with database.transaction() as session:
        assert await jobs.claim_now(session, COMMUNE, "backup", holder="cli", now=NOON, lease=LEASE) is None
    await end(database, asked, Outcome.DONE, NOON)
    assert await take(database, NOON - timedelta(hours=1), NOON, counts_before=True) is None
    assert await take(database, NIGHT, NIGHT) is not None


async def test_runs_are_kept_for_a_while_and_what_was_left_unfinished_says_so(
    database: Database, clock: FakeClock
) -> None:
    await take(database, NIGHT, NIGHT, counts_before=True)
    for number in range(1, KEEP_RUNS + 5):
        moment = NIGHT + number * LEASE
        await end(database, await take(database, moment, moment, f"{number}"), Outcome.DONE, moment)
        if number == 1:
            assert [run.outcome for run in await runs(database)] == ["done", "interrupted"]
    kept = await runs(database)
    assert len(kept) == KEEP_RUNS
    assert kept[0].scheduled_for == moment
