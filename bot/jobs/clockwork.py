"""The clockwork: APScheduler looks at each job when its time comes, at the start, and once a minute.

It only says when to look. What is due stands in the database: a moment that was missed is made up for at the start, and
a run whose holder died is taken up by whoever looks next after the lease.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.jobs.job import Job
from bot.jobs.runner import Runner
from bot.running import JobsFinish
from content.numbers import TIME_ZONE

LOOK_AGAIN_SECONDS = 60
SIDE_BY_SIDE = 3
"""Who looks while the job is done finds it held, and leaves at once."""


@asynccontextmanager
async def running_jobs(jobs: Sequence[Job], runner: Runner) -> AsyncIterator[None]:
    """Does the jobs when they are due, until the block ends; what has begun then may finish."""
    scheduler, executor = AsyncIOScheduler(timezone=TIME_ZONE), JobsFinish()
    scheduler.add_executor(executor)
    for job in jobs:
        scheduler.add_job(
            runner.attend,
            OrTrigger([job.trigger, IntervalTrigger(seconds=LOOK_AGAIN_SECONDS)]),
            args=(job,),
            id=job.name,
            next_run_time=datetime.now(TIME_ZONE),
            coalesce=True,
            misfire_grace_time=None,
            max_instances=SIDE_BY_SIDE,
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        await executor.finish()
