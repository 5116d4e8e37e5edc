"""The audit log as the office reads it: the newest first, by days, actor and subject; in pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for; what is left out narrows nothing. `until` is not included."""

    commune: str
    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    subject: str | None = None


async def total(session: AsyncSession, wanted: Wanted) -> int:
    """How many entries are wanted."""
    return await session.scalar(select(func.count(AuditEntry.id)).where(*_conditions(wanted))) or 0


async def part(session: AsyncSession, wanted: Wanted, offset: int, limit: int) -> list[AuditEntry]:
    """Some of the wanted entries, the newest first."""
    query = select(AuditEntry).where(*_conditions(wanted)).order_by(AuditEntry.id.desc()).offset(offset).limit(limit)
    return list(await session.scalars(query))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [AuditEntry.commune == wanted.commune]
    if wanted.since is not None:
        found.append(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        found.append(AuditEntry.at < wanted.until)
    if wanted.actor is not None:
        found.append(AuditEntry.actor == wanted.actor)
    if wanted.subject is not None:
        found.append(AuditEntry.subject == wanted.subject)
    return found
