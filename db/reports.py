"""Reports: drafts whose texts the office edits, and issued ones, frozen with their figures and files.

A draft is made anew as often as one likes and keeps the texts that were edited. An issued report never changes: what
sessions change later shows as an adjustment in the next one (office/reports/compose.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.engine import insert_if_new
from db.models import NO_ID_TWICE, Base, BigId
from db.outreach import audit

LONGEST_TEXT = 8000


class StoredReport(Base):
    """A commune's report on a period: a draft until `issued_at`."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("commune", "period"), Index(None, "commune", "kind", "last"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    period: Mapped[str] = mapped_column(String(8))
    """Its code: 2026-10, 2026-Q3, 2026-H1, 2026 (content/periods.py)."""
    kind: Mapped[str] = mapped_column(String(16))
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    edits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Edited texts by their names: {"text": as edited, "over": what had been composed in its place}."""
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The whole report as JSON (office/reports/report.py); its texts as composed, of an issued one as issued."""
    version: Mapped[int] = mapped_column(default=0)
    """Goes up with every change: who issues must have seen the last one."""
    drafted_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    issued_by: Mapped[str] = mapped_column(String(128), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)


class ReportFile(Base):
    """A file of an issued report, kept as it was issued."""

    __tablename__ = "report_file"
    __table_args__ = (UniqueConstraint("report_id", "name"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(128))
    media_type: Mapped[str] = mapped_column(String(128))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


@dataclass(frozen=True, slots=True)
class PeriodKey:
    """The period of a report, as it is stored."""

    code: str
    kind: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class File:
    """A file's name, media type and bytes."""

    name: str
    media_type: str
    content: bytes


class IssuedError(Exception):
    """The report was issued and does not change any more."""


class ChangedError(Exception):
    """Somebody has changed the draft since it was looked at."""


async def find(session: AsyncSession, commune: str, period: str) -> StoredReport | None:
    """A commune's report on a period, by its code."""
    query = select(StoredReport).where(StoredReport.commune == commune, StoredReport.period == period)
    return (await session.scalars(query)).one_or_none()


async def all_of(session: AsyncSession, commune: str) -> list[StoredReport]:
    """A commune's reports, drafts and issued ones, the latest period first."""
    query = (
        select(StoredReport)
        .where(StoredReport.commune == commune)
        .order_by(StoredReport.last.desc(), StoredReport.first, StoredReport.id)
    )
    return list(await session.scalars(query))


async def issued_before(session: AsyncSession, commune: str, key: PeriodKey, limit: int) -> list[StoredReport]:
    """The last issued reports of the same kind on earlier periods, the oldest first."""
    query = (
        select(StoredReport)
        .where(
            StoredReport.commune == commune,
            StoredReport.kind == key.kind,
            StoredReport.last < key.first,
            StoredReport.issued_at.is_not(None),
        )
        .order_by(StoredReport.last.desc())
        .limit(limit)
    )
    return list(await session.scalars(query))[::-1]


async def files_of(session: AsyncSession, report: StoredReport) -> list[File]:
    """The files of an issued report, as they were issued; none of a draft."""
    columns = (ReportFile.name, ReportFile.media_type, ReportFile.content)
    query = select(*columns).where(ReportFile.report_id == report.id).order_by(ReportFile.id)
    return [File(*row) for row in await session.execute(query)]


async def file(session: AsyncSession, commune: str, report_id: int, name: str) -> File | None:
    """One file of a commune's issued report."""
    columns = (ReportFile.name, ReportFile.media_type, ReportFile.content)
    query = select(*columns).where(
        ReportFile.commune == commune, ReportFile.report_id == report_id, ReportFile.name == name
    )
    row = (await session.execute(query)).one_or_none()
    return File(*row) if row else None


async def save_draft(
    session: AsyncSession, commune: str, key: PeriodKey, content: dict[str, Any], *, actor: str, now: datetime
) -> StoredReport:
    """Keeps a draft, in place of the one before; edited texts stay.

    Raises:
        IssuedError: the period's report was issued.
    """
    values = {"kind": key.kind, "first": key.first, "last": key.last, "drafted_at": now}
    await session.execute(
        insert_if_new(session, StoredReport, commune=commune, period=key.code, edits={}, content={}, version=0,
                      issued_by="", is_demo=False, **values)
    )  # fmt: skip
    report = await _locked_draft(session, commune, key.code)
    is_new = report.version == 0
    for name, value in values.items():
        setattr(report, name, value)
    report.content, report.version = content, report.version + 1
    _note(session, report, "report.drafted" if is_new else "report.redrafted", actor, now)
    return report


async def edit_text(
    session: AsyncSession, commune: str, period: str, name: str, text: str | None, *, actor: str, now: datetime
) -> StoredReport:
    """Puts the office's words in place of a composed text; None takes the composed one again.

    Raises:
        LookupError: there is no draft, or no such text.
        IssuedError: the report was issued.
    """
    report = await _locked_draft(session, commune, period)
    composed: dict[str, str] = report.content["texts"]
    if name not in composed:
        raise LookupError(name)
    before = report.edits.get(name, {}).get("text")
    edits = {key: value for key, value in report.edits.items() if key != name}
    if text is not None and (text := text.replace("\r\n", "\n").strip()[:LONGEST_TEXT]) != composed[name]:
        edits[name] = {"text": text, "over": composed[name]}
    report.edits, report.version = edits, report.version + 1
    audit.record(
        session, commune=commune, actor=actor, action="report.edited", subject_id=report.id,
        before={name: before}, after={name: edits.get(name, {}).get("text")}, now=now,
    )  # fmt: skip
    return report


async def issue(
    session: AsyncSession,
    commune: str,
    period: str,
    content: dict[str, Any],
    files: Sequence[File],
    *,
    version: int,
    actor: str,
    now: datetime,
) -> StoredReport:
    """Freezes a report with its files.

    Raises:
        LookupError: there is no draft.
        IssuedError: it was issued before.
        ChangedError: the draft is not the `version` that `content` was made of.
    """
    report = await _locked_draft(session, commune, period)
    if report.version != version:
        raise ChangedError(period)
    report.content, report.version = content, version + 1
    report.issued_at, report.issued_by = now, actor
    for one in files:
        session.add(
            ReportFile(
                commune=commune, report_id=report.id, name=one.name, media_type=one.media_type, content=one.content
            )
        )
    _note(session, report, "report.issued", actor, now)
    await session.flush()
    return report


async def _locked_draft(session: AsyncSession, commune: str, period: str) -> StoredReport:
    query = (
        select(StoredReport)
        .where(StoredReport.commune == commune, StoredReport.period == period)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    report = (await session.scalars(query)).one_or_none()
    if report is None:
        raise LookupError(period)
    if report.issued_at is not None:
        raise IssuedError(period)
    return report


def _note(session: AsyncSession, report: StoredReport, action: str, actor: str, now: datetime) -> None:
    audit.record(
        session, commune=report.commune, actor=actor, action=action, subject_id=report.id, before=None,
        after={"period": report.period}, now=now,
    )  # fmt: skip
