"""The desk at which reports are drafted, edited and issued, and from which their files are fetched.

A draft counts anew each time it is made and keeps the texts that the office has edited. Issuing freezes the draft as it
was seen, with its files; what is logged afterwards is an adjustment in the next report.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from content.commune import Commune
from content.library import Library
from content.periods import Period
from db import reports
from db.engine import Database
from db.reports import File, IssuedError, StoredReport
from office.reports import annex, docx, table, workbook
from office.reports.compose import as_of_one_moment, compose, key_of
from office.reports.report import Report
from office.reports.words import HEADINGS


@dataclass(frozen=True, slots=True)
class Opened:
    """A report as the office sees it. `report` has the edited texts in place.

    edited: names of the texts that the office wrote. outdated: those of them whose figures have changed since.
    """

    report: Report
    edited: tuple[str, ...]
    outdated: tuple[str, ...]
    version: int
    drafted_at: datetime
    issued_at: datetime | None


async def draft(
    database: Database, commune: Commune, library: Library, period: Period, *, actor: str, now: datetime
) -> Opened:
    """Makes or renews the draft of a period.

    Raises:
        IssuedError: the period's report was issued.
        NotBegunError: the period lies in the future.
    """
    async with database.snapshot() as session:
        await as_of_one_moment(session)
        stored = await reports.find(session, commune.slug, period.code)
        if stored and stored.issued_at:
            raise IssuedError(period.code)
        report = await compose(session, commune, library, period, now)
    async with database.transaction() as session:
        return opened(
            await reports.save_draft(
                session, commune.slug, key_of(period), report.to_json(), actor=actor, now=now
            )
        )  # fmt: skip


async def read(database: Database, commune: str, period: str) -> Opened | None:
    """The draft or issued report of a period, by its code."""
    async with database.snapshot() as session:
        stored = await reports.find(session, commune, period)
    return opened(stored) if stored else None


async def edit_text(
    database: Database, commune: str, period: str, name: str, text: str | None, *, actor: str, now: datetime
) -> Opened:
    """Puts the office's words in place of one text; None takes the composed one again.

    Raises:
        LookupError: there is no draft, or no text of that name.
        IssuedError: the report was issued.
    """
    async with database.transaction() as session:
        return opened(await reports.edit_text(session, commune, period, name, text, actor=actor, now=now))


async def issue(database: Database, commune: str, period: str, *, actor: str, now: datetime, version: int) -> Opened:
    """Freezes a draft with its files. `version` is that of the draft which whoever issues has seen.

    Raises:
        LookupError: there is no draft.
        IssuedError: it was issued before.
        ChangedError: the draft has changed since.
    """
    seen = await read(database, commune, period)
    if seen is None:
        raise LookupError(period)
    files = await asyncio.to_thread(write_files, seen.report, now)
    async with database.transaction() as session:
        return opened(
            await reports.issue(
                session, commune, period, seen.report.to_json(), files, version=version, actor=actor, now=now
            )
        )


async def files(database: Database, commune: str, period: str) -> tuple[File, ...]:
    """The files of a report: of an issued one those that were issued, of a draft as it is now.

    Raises:
        LookupError: there is neither.
    """
    async with database.snapshot() as session:
        stored = await reports.find(session, commune, period)
        if stored is None:
            raise LookupError(period)
        if stored.issued_at:
            return tuple(await reports.files_of(session, stored))
    return await asyncio.to_thread(write_files, opened(stored).report, stored.drafted_at)


def write_files(report: Report, made_at: datetime) -> tuple[File, ...]:
    """The report as .docx, its annex as .xlsx and its figures as .csv."""
    name = f"{HEADINGS['annex.file']}-{report.commune}-{report.period.code}"
    return (
        File(f"{name}.docx", docx.MEDIA_TYPE, docx.write(report, made_at)),
        File(f"{name}.xlsx", workbook.MEDIA_TYPE, annex.write(report)),
        File(f"{name}.csv", table.MEDIA_TYPE, table.write(report)),
    )


def opened(stored: StoredReport) -> Opened:
    """A stored report with the edited texts in place."""
    report = Report.from_json(stored.content)
    if stored.issued_at:
        edits = {}
        outdated: tuple[str, ...] = ()
    else:
        edits = {name: edit["text"] for name, edit in stored.edits.items() if name in report.texts}
        outdated = tuple(name for name in edits if stored.edits[name]["over"] != report.texts[name])
    return Opened(
        report.with_texts(report.texts | edits), tuple(stored.edits), outdated, stored.version, stored.drafted_at,
        stored.issued_at,
    )  # fmt: skip
