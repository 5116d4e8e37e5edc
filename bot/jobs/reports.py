"""Reports by the clock: drafts when they can be made, the finished draft to the office's chats, and deadlines.

A draft is made the day after its period has ended; one that the plan wants earlier also a week before its deadline.
Both jobs look at what there is, not at what day it is: after an outage nothing is missing, and nothing comes twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.jobs.job import Occasion
from bot.jobs.office_notices import chats_of_office, day_of, tell_office
from bot.messages import Document, Reply
from content.commune import Commune
from content.indicators import ReportDue
from content.job_texts import JobTexts
from content.numbers import TIME_ZONE, day
from content.periods import Period, period_of
from db import documents, outbox, reports
from db.engine import Database
from db.reports import IssuedError, StoredReport
from office.reports import desk

MakeDraft = Callable[[Commune, Period, datetime], Awaitable[object]]

DRAFT_BEFORE = timedelta(days=7)
REMIND_BEFORE = (timedelta(days=1), timedelta(days=3))
"""The nearest first: who is reminded a day before need not hear of three days before."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report that the plan asks for. `deadline`: it is due before that day; `stages`: days when a draft is made."""

    period: Period
    deadline: date | None
    stages: tuple[date, ...]

    def stage(self, today: date, known_since: date) -> date | None:
        """The last day until today on which a draft was to be made, if the programme was there already."""
        return max((one for one in self.stages if known_since < one <= today), default=None)


def wanted(commune: Commune, today: date) -> Iterator[Wanted]:
    """What the plan asks for on the present periods and those before."""
    for due in commune.plan.reports if commune.plan else ():
        present = period_of(today, due.kind, commune.reporting_periods)
        for period in (present.previous, present):
            yield _wanted(period, due)


async def make_drafts(database: Database, commune: Commune, make_draft: MakeDraft, occasion: Occasion) -> int:
    """Makes the drafts that can be made now; those that were made before their stage are made anew."""
    today, count = day_of(occasion.now), 0
    for one in wanted(commune, today):
        stage = one.stage(today, day_of(occasion.known_since))
        if stage is None:
            continue
        async with database.snapshot() as session:
            stored = await reports.find(session, commune.slug, one.period.code)
        if stored is not None and (stored.issued_at or stored.drafted_at >= datetime.combine(stage, time(), TIME_ZONE)):
            continue
        with suppress(IssuedError):  # by the office, in this very moment
            await make_draft(commune, one.period, occasion.now)
            count += 1
    return count


async def tell_of_reports(database: Database, commune: Commune, texts: JobTexts, occasion: Occasion) -> int:
    """Sends finished drafts to the office's chats and reminds of deadlines; returns how many notices were written."""
    today, count = day_of(occasion.now), 0
    for one in wanted(commune, today):
        async with database.snapshot() as session:
            stored = await reports.find(session, commune.slug, one.period.code)
        if stored is not None and stored.issued_at:
            continue
        stage = one.stage(today, day_of(occasion.known_since))
        if stored is not None and stage is not None:
            count += await _send_draft(database, commune, texts, one, stage, stored, occasion.now)
        count += await _remind(database, commune, texts, one, today, occasion.now)
    return count


async def _send_draft(
    database: Database, commune: Commune, texts: JobTexts, one: Wanted, stage: date, stored: StoredReport, now: datetime
) -> int:
    """Sends the Word document with a line about it, once a stage and chat."""
    text = texts.draft_ready.format(name=one.period.name, day=day(desk.opened(stored).report.period.counted_to))
    if one.deadline:
        text += "\n" + texts.deadline.format(day=day(one.deadline))
    count = 0
    async with database.transaction() as session:
        origin = f"report:{one.period.code}:draft:{stage}"
        chats = [
            chat
            for chat in await chats_of_office(session, commune.slug)
            if not await outbox.has_notice(session, commune.slug, f"{origin}:{chat.id}")
        ]
        if not chats:
            return 0
        paper, *_ = await desk.files(database, commune.slug, one.period.code)
        file = documents.File(paper.name, paper.media_type, paper.content)
        for chat in chats:
            document = Document(file.name, await documents.keep(session, chat, file, now))
            body = Reply(text, document=document).to_json()
            count += await outbox.add_notice(session, chat, f"{origin}:{chat.id}", body, now)
    return count


async def _remind(
    database: Database, commune: Commune, texts: JobTexts, one: Wanted, today: date, now: datetime
) -> int:
    if one.deadline is None or today >= one.deadline:
        return 0
    left = one.deadline - today
    near = next((reach for reach in REMIND_BEFORE if left <= reach), None)
    if near is None:
        return 0
    sentence = texts.report_due_tomorrow if left == REMIND_BEFORE[0] else texts.report_due
    text = sentence.format(name=one.period.name, day=day(one.deadline), left=left.days)
    async with database.transaction() as session:
        return await tell_office(
            session, commune.slug, f"report:{one.period.code}:due:{near.days}", Reply(text), now
        )  # fmt: skip


def _wanted(period: Period, due: ReportDue) -> Wanted:
    deadline = None
    if due.day is not None:
        deadline = date(*period.month_after(due.months_after), due.day)
    ended = period.last + timedelta(days=1)
    early = () if deadline is None or deadline > ended else (deadline - DRAFT_BEFORE,)
    return Wanted(period, deadline, (*early, ended))
