"""Does jobs: each moment once, by one holder at a time, however many programmes look at the clock (db/jobs.py)."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import traceback
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from bot.jobs.job import Job, Occasion, SkippedError
from bot.reminders import is_quiet
from db import jobs
from db.backup import BackupError
from db.clock import Clock
from db.engine import Database
from db.jobs import Claim, Outcome

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
RENEWALS_A_LEASE = 4
ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("bot", "content", "db", "office")
SAYS_WHY = (BackupError,)
"""Errors whose text is made to be read, and holds nobody's data."""


class BusyError(Exception):
    """Somebody else does the job just now."""


class Runner:
    """Does the jobs of one commune."""

    def __init__(self, database: Database, commune: str, clock: Clock, lease: timedelta = LEASE) -> None:
        """`lease`: after so long a holder that died is replaced."""
        self._database = database
        self._commune = commune
        self._clock = clock
        self._lease = lease

    async def attend(self, job: Job) -> None:
        """Does the job if it is due and nobody else does it: for the latest moment for which it was scheduled."""
        try:
            claimed = await self._claim(job)
            if claimed is not None:
                await self._do(job, claimed)
        except SQLAlchemyError as error:
            log.warning("job %s: the database is away (%s)", job.name, type(error).__name__)

    async def run_now(self, job: Job) -> None:
        """Does the job because somebody asks for it, whether it is due or not.

        Raises:
            BusyError: it is being done.
        """
        async with self._database.transaction() as session:
            claimed = await jobs.claim_now(
                session, self._commune, job.name, holder=_new_holder(), now=self._clock(), lease=self._lease
            )
        if claimed is None:
            raise BusyError(job.name)
        await self._do(job, claimed)

    async def _claim(self, job: Job) -> Claim | None:
        now = self._clock()
        moment = None if job.by_day and is_quiet(now) else job.latest(now)
        if moment is None:
            return None
        async with self._database.snapshot() as session:
            if not await jobs.is_due(session, self._commune, job.name, moment, now, counts_before=job.at_first_start):
                return None
        async with self._database.transaction() as session:
            return await jobs.claim(
                session, self._commune, job.name, moment, holder=_new_holder(), now=now, lease=self._lease,
                counts_before=job.at_first_start,
            )  # fmt: skip

    async def _do(self, job: Job, claimed: Claim) -> None:
        """Works as long as the job is ours, and notes how it ended."""
        outcome, count, detail = Outcome.DONE, None, ""
        try:
            count = await self._work_while_held(job, claimed)
        except SkippedError as error:
            outcome, detail = Outcome.SKIPPED, error.reason
        except Exception as error:
            outcome, detail = Outcome.FAILED, _without_data(error)
            log.error("job %s failed: %s", job.name, detail)  # without a traceback: it may hold what people wrote
        async with self._database.transaction() as session:
            is_ours = await jobs.finish(session, claimed, outcome, self._clock(), count=count, detail=detail)
        if not is_ours:
            log.warning("job %s: somebody else had taken it over", job.name)
        elif count:
            log.info("job %s: %d done", job.name, count)

    async def _work_while_held(self, job: Job, claimed: Claim) -> int:
        occasion = Occasion(claimed.scheduled_for, claimed.known_since, self._clock())
        work = asyncio.ensure_future(job.work(occasion))
        hold = asyncio.create_task(self._keep(claimed))
        try:
            await asyncio.wait({work, hold}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise LostError
            return work.result()
        finally:
            for task in (work, hold):
                task.cancel()
            await asyncio.gather(work, hold, return_exceptions=True)

    async def _keep(self, claimed: Claim) -> None:
        """Renews the lease; comes to its end when the job is somebody else's."""
        while True:
            await asyncio.sleep(self._lease.total_seconds() / RENEWALS_A_LEASE)
            try:
                async with self._database.transaction() as session:
                    if not await jobs.renew(session, claimed, self._clock() + self._lease):
                        return
            except SQLAlchemyError as error:  # SQLite may be busy with the work itself
                log.warning("job %s: its lease was not renewed (%s)", claimed.job, type(error).__name__)


class LostError(Exception):
    """The lease was over and somebody else has taken the job."""


def _new_holder() -> str:
    """Says where somebody works, and is never the same twice."""
    return f"{socket.gethostname()[:64]}:{os.getpid()}:{uuid4().hex}"


def _without_data(error: Exception) -> str:
    """An error by its sort and place alone: its text may hold what somebody wrote."""
    if isinstance(error, SAYS_WHY):
        return f"{type(error).__name__}: {error}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in OURS:
            return f"{type(error).__name__} ({path.relative_to(ROOT)}:{frame.lineno})"
    return type(error).__name__
