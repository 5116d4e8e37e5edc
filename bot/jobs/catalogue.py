"""All jobs, with when they run. What they are called in words stands in content/texts/jobs.yml."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.jobs import office_notices, reports
from bot.jobs.job import Job, Occasion, SkippedError, Work, at
from bot.lessons.reminder import remind_learners
from bot.reminders import remind_of_classes, remind_of_requests, remind_to_close
from content.commune import Commune
from content.library import Library
from content.periods import Period
from db import backup, retention
from db.clock import Clock
from db.engine import Database
from db.outreach.audit import SYSTEM
from office.reports import desk

BACKUPS = "backups"
"""The folder of copies, in that of everything that is not code."""

Remind = Callable[[Database, Callable[[], Library], Clock, Callable[[], None]], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What jobs work with. `told` is called when there is something to send; `var` is where copies are kept."""

    database: Database
    library: Callable[[], Library]
    commune: str
    clock: Clock
    told: Callable[[], None]
    var: Path

    @property
    def profile(self) -> Commune:
        """The commune's profile as it is now."""
        return self.library().communes[self.commune]


def make_jobs(parts: Parts) -> tuple[Job, ...]:
    """The jobs of a commune, in the order of the list."""
    often = {"minute": "*/5"}
    return (
        Job("backup", at(hour=2, minute=30), _backup(parts)),
        # Once is promised for machines that are switched off at night too (the article help.privacy).
        Job("retention", at(hour=3, minute=0), _retention(parts), at_first_start=True),
        Job("request_reminders", at(**often), _reminder(parts, remind_of_requests), by_day=True),
        Job("class_reminders", at(**often), _reminder(parts, remind_of_classes), by_day=True),
        Job("closing_reminders", at(**often), _reminder(parts, remind_to_close), by_day=True),
        Job("lesson_reminders", at(hour=9, minute=0), _reminder(parts, remind_learners), by_day=True),
        Job("digest", at(day_of_week="mon", hour=7, minute=30), _digest(parts), by_day=True),
        Job("content_reviews", at(day=1, hour=8, minute=0), _reviews(parts), by_day=True),
        Job("report_drafts", at(hour=0, minute=30), _drafts(parts)),
        Job("report_notices", at(hour=8, minute=0), _report_notices(parts), by_day=True),
    )


def _retention(parts: Parts) -> Work:
    async def work(occasion: Occasion) -> int:
        async with parts.database.transaction() as session:
            return await retention.delete_old(session, occasion.now)

    return work


def _backup(parts: Parts) -> Work:
    async def work(occasion: Occasion) -> int:
        day = office_notices.day_of(occasion.now)
        try:
            await backup.back_up(parts.database.url, parts.var / BACKUPS, day)
        except backup.NoToolError:
            raise SkippedError("no_pg_dump") from None
        return 1

    return work


def _reminder(parts: Parts, remind: Remind) -> Work:
    async def work(_: Occasion) -> int:
        return await remind(parts.database, parts.library, parts.clock, parts.told)

    return work


def _digest(parts: Parts) -> Work:
    async def work(occasion: Occasion) -> int:
        return _tell(
            parts, await office_notices.send_digest(parts.database, parts.commune, parts.library().texts, occasion)
        )

    return work


def _reviews(parts: Parts) -> Work:
    async def work(occasion: Occasion) -> int:
        return _tell(
            parts, await office_notices.tell_of_reviews(parts.database, parts.commune, parts.library(), occasion)
        )

    return work


def _drafts(parts: Parts) -> Work:
    async def make(commune: Commune, period: Period, now: datetime) -> object:
        return await desk.draft(parts.database, commune, parts.library(), period, actor=SYSTEM, now=now)

    async def work(occasion: Occasion) -> int:
        return await reports.make_drafts(parts.database, parts.profile, make, occasion)

    return work


def _report_notices(parts: Parts) -> Work:
    async def work(occasion: Occasion) -> int:
        texts = parts.library().texts.jobs
        return _tell(parts, await reports.tell_of_reports(parts.database, parts.profile, texts, occasion))

    return work


def _tell(parts: Parts, count: int) -> int:
    if count:
        parts.told()
    return count
