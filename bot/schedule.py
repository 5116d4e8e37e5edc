"""What runs by the clock. Times are the commune's, Asia/Ho_Chi_Minh."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from db import retention
from db.clock import Clock
from db.engine import Database

log = logging.getLogger(__name__)

TIME_ZONE = "Asia/Ho_Chi_Minh"
REMIND_EVERY_MINUTES = 5
RETENTION = CronTrigger(hour=3, minute=0, timezone=TIME_ZONE)


def make_scheduler(database: Database, clock: Clock) -> AsyncIOScheduler:
    """A scheduler with every job, not yet started.

    Retention runs at the start too, for machines that are switched off at night; running it twice does no harm.
    """
    scheduler = AsyncIOScheduler(timezone=TIME_ZONE)
    for trigger in (None, RETENTION):
        scheduler.add_job(delete_old, trigger, args=(database, clock), coalesce=True, misfire_grace_time=None)
    return scheduler


def add_reminders(scheduler: AsyncIOScheduler, remind: Sequence[Callable[[], Awaitable[int]]]) -> None:
    """Adds what brings things to people's minds, every few minutes; each does its work once, however often it runs."""
    for job in remind:
        scheduler.add_job(job, IntervalTrigger(minutes=REMIND_EVERY_MINUTES), coalesce=True, misfire_grace_time=None)


async def delete_old(database: Database, clock: Clock) -> None:
    """Keeps the promise of help.privacy: see db/retention.py."""
    async with database.transaction() as session:
        count = await retention.delete_old(session, clock())
    if count:
        log.info("retention: %d old messages deleted", count)
