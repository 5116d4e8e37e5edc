"""Sheets of visits: the rows of one that waits for its member's word, and the rows that were imported before.

A row is known again by its mark - the hidden id that our template gives it, or else a hash of what it says - and by a
digest of what it said when it was last imported. So a sheet that comes again adds nothing, whatever was edited, put
into the trash or deleted for good since: what a row leaves here outlives its session.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, UniqueConstraint, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from db.models import NO_ID_TWICE, Base, BigId, Conversation
from db.outreach.models import SupportSession

WAITS_FOR = timedelta(days=1)
"""A sheet that was sent and not decided on is forgotten: sending it again costs nothing."""

_AT_ONCE = 400
"""Values in one question to the database; SQLite takes some thousand."""


class WaitingSheet(Base):
    """The rows of a sheet that a member has sent, until the member says whether to save them. Notes are masked."""

    __tablename__ = "waiting_sheet"
    __table_args__ = (Index(None, "conversation_id"), Index(None, "created_at"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(128))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime]


class ImportedRow(Base):
    """A row of a sheet that was imported: its mark, and what it said the last time."""

    __tablename__ = "imported_row"
    __table_args__ = (
        UniqueConstraint("commune", "mark", "digest"),
        Index(None, "commune", "digest"),
        Index(None, "commune", "batch"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(32))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("support_session.id", ondelete="SET NULL"), index=True)
    """None once the session was deleted for good."""
    household_id: Mapped[int | None] = mapped_column(BigId)
    """The household then; no foreign key, for it must not keep one alive."""
    occurred_on: Mapped[date] = mapped_column(Date)
    batch: Mapped[str] = mapped_column(String(32))
    """The import that made the session: what is undone together."""
    imported_at: Mapped[datetime]

    session: Mapped[SupportSession | None] = relationship()


async def keep(
    session: AsyncSession, conversation: Conversation, name: str, rows: list[dict[str, Any]], now: datetime
) -> int:
    """Keeps the rows of a sheet in place of an earlier one of that conversation; returns the number to ask for."""
    await session.execute(delete(WaitingSheet).where(WaitingSheet.conversation_id == conversation.id))
    sheet = WaitingSheet(
        commune=conversation.commune, conversation_id=conversation.id, name=name, rows=rows, created_at=now
    )
    session.add(sheet)
    await session.flush()
    return sheet.id


async def waiting(session: AsyncSession, conversation: Conversation, sheet_id: int) -> WaitingSheet | None:
    """That sheet, if it waits in that conversation."""
    query = select(WaitingSheet).where(WaitingSheet.conversation_id == conversation.id, WaitingSheet.id == sheet_id)
    return (await session.scalars(query)).one_or_none()


async def drop(session: AsyncSession, sheet: WaitingSheet) -> None:
    """Forgets a sheet that was decided on."""
    await session.delete(sheet)
    await session.flush()


async def delete_old(session: AsyncSession, now: datetime) -> None:
    """Forgets the sheets that nobody has decided on in time."""
    await session.execute(delete(WaitingSheet).where(WaitingSheet.created_at < now - WAITS_FOR))


async def known(
    session: AsyncSession, commune: str, marks: Collection[str], digests: Collection[str]
) -> list[ImportedRow]:
    """The imported rows that have one of the marks, or said one of these things, oldest first; with their sessions."""
    found: dict[int, ImportedRow] = {}
    for column, values in ((ImportedRow.mark, marks), (ImportedRow.digest, digests)):
        for part in _parts(values):
            query = (
                select(ImportedRow)
                .where(ImportedRow.commune == commune, column.in_(part))
                .options(
                    selectinload(ImportedRow.session).selectinload(SupportSession.outcomes),
                    selectinload(ImportedRow.session).selectinload(SupportSession.household),
                )
                .execution_options(populate_existing=True)
            )
            found |= {row.id: row for row in await session.scalars(query)}
    return [found[row_id] for row_id in sorted(found)]


async def of_batch(session: AsyncSession, commune: str, batch: str) -> list[ImportedRow]:
    """What one import added, with the sessions."""
    query = (
        select(ImportedRow)
        .where(ImportedRow.commune == commune, ImportedRow.batch == batch)
        .options(selectinload(ImportedRow.session).selectinload(SupportSession.hamlet))
        .order_by(ImportedRow.id)
    )
    return list(await session.scalars(query))


async def forget(session: AsyncSession, rows: Iterable[ImportedRow]) -> None:
    """Makes rows unknown again: their import was undone, and the sheet may come again, mended."""
    for row in rows:
        await session.delete(row)
    await session.flush()


async def near(
    session: AsyncSession, commune: str, household_ids: Collection[int], first: date, last: date
) -> list[SupportSession]:
    """Sessions that count, with one of the households, in some days: perhaps the visits of a sheet, logged already."""
    found: list[SupportSession] = []
    for part in _parts(household_ids):
        query = select(SupportSession).where(
            SupportSession.commune == commune,
            SupportSession.household_id.in_(part),
            SupportSession.occurred_on.between(first, last),
            SupportSession.voided_at.is_(None),
        )
        found += list(await session.scalars(query))
    return found


def _parts(values: Collection[Any]) -> Iterable[list[Any]]:
    ordered = sorted(values)
    return (ordered[at : at + _AT_ONCE] for at in range(0, len(ordered), _AT_ONCE))
