"""What runs by the clock: who holds each job, and how its runs went. Decides what is due; bot/jobs does the work.

A job is held under a lease, by one at a time; a holder that died is replaced when its lease is over. Each moment for
which a job was scheduled is run once: its row is made by the first who takes it, and taken up again, by whoever holds
the job then, when that one died or failed. Of moments that were missed only the latest is run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.engine import insert_if_new
from db.models import NO_ID_TWICE, Base, BigId

KEEP_RUNS = 100
"""So many runs of each job are kept to look at."""
MOST_ATTEMPTS = 3
TRY_AGAIN_AFTER = timedelta(minutes=10)
LONGEST_DETAIL = 300


class Outcome(StrEnum):
    """How a run ended. skipped: it could not be done here, for a reason that an operator can mend."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    INTERRUPTED = "interrupted"


class ScheduledJob(Base):
    """A job of a commune: since when it is known, and who holds it until when."""

    __tablename__ = "scheduled_job"

    commune: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    known_since: Mapped[datetime]
    """Moments before were not missed: nobody was there yet."""
    holder: Mapped[str | None] = mapped_column(String(128))
    held_until: Mapped[datetime | None]


class JobRun(Base):
    """A run of a job for one moment. Without `ended_at` it is under way, or its holder died."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("commune", "job", "scheduled_for"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    job: Mapped[str] = mapped_column(String(64))
    scheduled_for: Mapped[datetime]
    """Of a run that somebody asked for, the moment when it was asked for."""
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    count: Mapped[int | None]
    """How many things it did: messages deleted, notices written."""
    detail: Mapped[str] = mapped_column(String(LONGEST_DETAIL), default="")
    """Why it did not end well. Never what was in the database."""
    holder: Mapped[str] = mapped_column(String(128))
    attempts: Mapped[int] = mapped_column(default=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that its holder is to do now."""

    commune: str
    job: str
    run_id: int
    scheduled_for: datetime
    known_since: datetime
    holder: str


async def is_due(
    session: AsyncSession, commune: str, job: str, scheduled_for: datetime, now: datetime, *, counts_before: bool
) -> bool:
    """Whether somebody should try to claim that run; reads only."""
    state = await session.get(ScheduledJob, (commune, job))
    return state is None or await _may_begin(session, state, scheduled_for, now, counts_before=counts_before)


async def claim(
    session: AsyncSession,
    commune: str,
    job: str,
    scheduled_for: datetime,
    *,
    holder: str,
    now: datetime,
    lease: timedelta,
    counts_before: bool = False,
) -> Claim | None:
    """Takes the job and its run for a moment, the latest for which it was scheduled; None when there is nothing to do.

    `holder` must be a new name each time. `counts_before`: a moment before the job was known counts as missed.
    """
    state = await _locked(session, commune, job, now)
    if not await _may_begin(session, state, scheduled_for, now, counts_before=counts_before):
        return None
    run = await _run_for(session, commune, job, scheduled_for)
    if run is not None and run.attempts >= MOST_ATTEMPTS:  # it has ended its holders' lives often enough
        run.ended_at, run.outcome = now, Outcome.INTERRUPTED.value
        return None
    return await _begin(session, state, run, scheduled_for, holder, now, lease)


async def claim_now(
    session: AsyncSession, commune: str, job: str, *, holder: str, now: datetime, lease: timedelta
) -> Claim | None:
    """Takes the job for a run that somebody asks for; None when it is being done by another."""
    state = await _locked(session, commune, job, now)
    if _is_held(state, now):
        return None
    return await _begin(session, state, await _run_for(session, commune, job, now), now, holder, now, lease)


async def renew(session: AsyncSession, claimed: Claim, until: datetime) -> bool:
    """Keeps the job longer; False when it is somebody else's by now."""
    kept = await session.execute(
        update(ScheduledJob)
        .where(
            ScheduledJob.commune == claimed.commune,
            ScheduledJob.name == claimed.job,
            ScheduledJob.holder == claimed.holder,
        )
        .values(held_until=until)
    )
    return bool(getattr(kept, "rowcount", 0))


async def finish(
    session: AsyncSession,
    claimed: Claim,
    outcome: Outcome,
    now: datetime,
    *,
    count: int | None = None,
    detail: str = "",
) -> bool:
    """Notes how the run ended and lets the job go; False when it was taken over meanwhile."""
    await session.execute(
        update(ScheduledJob)
        .where(
            ScheduledJob.commune == claimed.commune,
            ScheduledJob.name == claimed.job,
            ScheduledJob.holder == claimed.holder,
        )
        .values(holder=None, held_until=None)
    )
    ended = await session.execute(
        update(JobRun)
        .where(JobRun.id == claimed.run_id, JobRun.holder == claimed.holder)
        .values(ended_at=now, outcome=outcome.value, count=count, detail=detail[:LONGEST_DETAIL])
    )
    return bool(getattr(ended, "rowcount", 0))


async def runs_of(session: AsyncSession, commune: str, job: str, limit: int = KEEP_RUNS) -> list[JobRun]:
    """A job's runs, that which began last first."""
    query = (
        select(JobRun)
        .where(JobRun.commune == commune, JobRun.job == job)
        .order_by(JobRun.started_at.desc(), JobRun.id.desc())
        .limit(limit)
    )
    return list(await session.scalars(query))


async def is_held(session: AsyncSession, commune: str, job: str, now: datetime) -> bool:
    """Whether somebody does the job just now."""
    state = await session.get(ScheduledJob, (commune, job))
    return state is not None and _is_held(state, now)


async def _may_begin(
    session: AsyncSession, state: ScheduledJob, scheduled_for: datetime, now: datetime, *, counts_before: bool
) -> bool:
    if _is_held(state, now):
        return False
    run = await _run_for(session, state.commune, state.name, scheduled_for)
    if run is None:
        if scheduled_for < state.known_since and not counts_before:
            return False
        return not await _done_since(session, state.commune, state.name, scheduled_for)
    if run.ended_at is None:  # nobody holds the job: who did it died
        return True
    failed = run.outcome == Outcome.FAILED and run.attempts < MOST_ATTEMPTS
    return failed and run.ended_at + TRY_AGAIN_AFTER <= now


def _is_held(state: ScheduledJob, now: datetime) -> bool:
    return state.held_until is not None and state.held_until > now


async def _locked(session: AsyncSession, commune: str, job: str, now: datetime) -> ScheduledJob:
    """The job's row, made when it is new, and nobody else's until the transaction ends."""
    await session.execute(
        insert_if_new(session, ScheduledJob, commune=commune, name=job, known_since=now, holder=None, held_until=None)
    )
    query = (
        select(ScheduledJob)
        .where(ScheduledJob.commune == commune, ScheduledJob.name == job)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).one()


async def _run_for(session: AsyncSession, commune: str, job: str, moment: datetime) -> JobRun | None:
    query = select(JobRun).where(JobRun.commune == commune, JobRun.job == job, JobRun.scheduled_for == moment)
    return (await session.scalars(query)).one_or_none()


async def _done_since(session: AsyncSession, commune: str, job: str, moment: datetime) -> bool:
    """Whether a later run, as one that was asked for, has done what this one would."""
    query = select(
        exists().where(
            JobRun.commune == commune,
            JobRun.job == job,
            JobRun.scheduled_for > moment,
            JobRun.outcome == Outcome.DONE.value,
        )
    )
    return bool(await session.scalar(query))


async def _begin(
    session: AsyncSession,
    state: ScheduledJob,
    run: JobRun | None,
    scheduled_for: datetime,
    holder: str,
    now: datetime,
    lease: timedelta,
) -> Claim:
    state.holder, state.held_until = holder, now + lease
    if run is None:
        run = JobRun(
            commune=state.commune, job=state.name, scheduled_for=scheduled_for, started_at=now, holder=holder,
            attempts=1,
        )  # fmt: skip
        session.add(run)
    else:
        run.started_at, run.holder, run.attempts = now, holder, run.attempts + 1
        run.ended_at, run.outcome, run.detail = None, None, ""
    await session.flush()
    of_this_job = (JobRun.commune == state.commune, JobRun.job == state.name)
    await session.execute(
        update(JobRun)
        .where(*of_this_job, JobRun.ended_at.is_(None), JobRun.id != run.id)
        .values(ended_at=now, outcome=Outcome.INTERRUPTED.value)
    )
    too_many = select(JobRun.id).where(*of_this_job).order_by(JobRun.scheduled_for.desc()).offset(KEEP_RUNS)
    await session.execute(delete(JobRun).where(JobRun.id.in_(list(await session.scalars(too_many)))))
    return Claim(state.commune, state.name, run.id, scheduled_for, state.known_since, holder)
