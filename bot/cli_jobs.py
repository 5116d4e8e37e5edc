"""`daisuso jobs`: what runs by the clock, when it runs next, and how it went last; and one of them now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from bot import app as application
from bot.errors import OperatorError
from bot.jobs.catalogue import Parts, make_jobs
from bot.jobs.job import Job
from bot.jobs.runner import BusyError, Runner
from bot.settings import Settings
from bot.terminal import FAILED, AsJson, or_exit, out, print_json, read_settings, tell_quietly, with_database
from content.job_texts import JobTexts
from content.library import LiveLibrary
from content.numbers import TIME_ZONE, moment, number
from db import jobs
from db.clock import utc_now
from db.engine import Database
from db.jobs import JobRun, Outcome

RUNNING = "running"

app = typer.Typer(help="What runs by the clock.", invoke_without_command=True)


@dataclass(frozen=True, slots=True)
class JobState:
    """A job as the list shows it. `outcome`: of the last run, "running" while it is under way."""

    job: Job
    next_run: datetime | None
    last_run: JobRun | None
    outcome: str | None

    @property
    def seconds(self) -> float | None:
        """How long the last run took."""
        if self.last_run is None or self.last_run.ended_at is None:
            return None
        return (self.last_run.ended_at - self.last_run.started_at).total_seconds()

    def to_json(self, texts: JobTexts) -> dict[str, Any]:
        """As the list tells programs; times are the commune's."""
        run, words = self.last_run, texts.jobs[self.job.name]
        last = run and {
            "scheduled_for": _iso(run.scheduled_for),
            "started_at": _iso(run.started_at),
            "seconds": self.seconds,
            "outcome": self.outcome,
            "count": run.count,
            "detail": run.detail,
            "attempts": run.attempts,
        }
        return {
            "job": self.job.name,
            "what": words.what,
            "when": words.when,
            "next_run": _iso(self.next_run) if self.next_run else None,
            "last_run": last,
        }


@app.callback()
def list_jobs(context: typer.Context, as_json: AsJson = False) -> None:
    """List what runs by the clock: when, the next run, the last one with its outcome and how long it took.

    Example: daisuso jobs --json
    """
    if context.invoked_subcommand:
        return
    settings = read_settings()
    library = or_exit(lambda: application.open_library(settings))
    texts = library.current.texts.jobs

    async def look(database: Database) -> list[JobState]:
        return [await _state(database, settings.commune, job) for job in _jobs(settings, library, database)]

    states: list[JobState] = with_database(settings, look)
    if as_json:
        print_json([state.to_json(texts) for state in states])
        return
    for state in states:
        _show(state, texts)


@app.command("run")
def run_job(name: Annotated[str, typer.Argument(help="The job, as the list names it.")]) -> None:
    """Run a job now; the list tells how it went. Safe while everything runs.

    Example: daisuso jobs run backup
    """
    settings = read_settings()
    library = or_exit(lambda: application.open_library(settings))
    texts = library.current.texts.jobs

    async def do(database: Database) -> JobState:
        known = {job.name: job for job in _jobs(settings, library, database)}
        if name not in known:
            raise OperatorError(f"Không có việc {name}. Đang có: {', '.join(known)}.")
        tell_quietly(texts.jobs[name].what)
        try:
            await Runner(database, settings.commune, utc_now).run_now(known[name])
        except BusyError:
            raise OperatorError(f"Việc {name} đang chạy. Xem lại sau bằng: daisuso jobs") from None
        return await _state(database, settings.commune, known[name])

    state: JobState = with_database(settings, do)
    out.print(escape(_outcome(state, texts)))
    if state.outcome != Outcome.DONE:
        raise typer.Exit(FAILED)


def _jobs(settings: Settings, library: LiveLibrary, database: Database) -> tuple[Job, ...]:
    return make_jobs(
        Parts(database, lambda: library.current, settings.commune, utc_now, lambda: None, settings.var)
    )  # fmt: skip  # nobody needs to be woken here: the running bot finds what is to be sent by itself


async def _state(database: Database, commune: str, job: Job) -> JobState:
    now = utc_now()
    async with database.snapshot() as session:
        last = next(iter(await jobs.runs_of(session, commune, job.name, limit=1)), None)
        outcome = last.outcome if last else None
        if last is not None and last.ended_at is None:
            is_held = await jobs.is_held(session, commune, job.name, now)
            outcome = RUNNING if is_held else Outcome.INTERRUPTED.value
    return JobState(job, job.next(now), last, outcome)


def _show(state: JobState, texts: JobTexts) -> None:
    words = texts.jobs[state.job.name]
    out.print(f"[bold]{state.job.name}[/]: {escape(words.what)} ({escape(words.when)})")
    if state.next_run:
        out.print(f"  lần tới    {moment(state.next_run)}")
    if state.last_run is None:
        out.print("  lần trước  [dim]chưa chạy lần nào[/]")
    else:
        colour = {Outcome.DONE: "green", RUNNING: "cyan"}.get(state.outcome or "", "yellow")
        out.print(f"  lần trước  {moment(state.last_run.started_at)}: [{colour}]{escape(_outcome(state, texts))}[/]")


def _outcome(state: JobState, texts: JobTexts) -> str:
    """How the last run went: "xong, 3 tin đã gửi, 0,2 giây"."""
    run = state.last_run
    assert run is not None, "there has been one"
    parts = [texts.outcomes[state.outcome or RUNNING]]
    if run.count is not None:
        parts.append(texts.jobs[state.job.name].counted.format(n=number(run.count)))
    if state.seconds is not None:
        parts.append(f"{number(state.seconds, 1)} giây")
    told = ", ".join(parts)
    return f"{told}: {texts.skipped.get(run.detail, run.detail)}" if run.detail else told


def _iso(value: datetime) -> str:
    return value.astimezone(TIME_ZONE).isoformat(timespec="seconds")
