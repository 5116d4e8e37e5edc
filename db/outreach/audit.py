"""The audit log: who changed what, and what it was before. Written in the transaction that makes the change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach.models import AuditEntry, Member

SYSTEM = "system"
OPERATOR = "operator"
CITIZEN = "citizen"


def by_member(member: Member) -> str:
    """How a member stands in the log: by number, so that deleting the name deletes it everywhere."""
    return f"member:{member.id}"


def record(
    session: AsyncSession,
    *,
    commune: str,
    actor: str,
    action: str,
    subject_id: int,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    now: datetime,
) -> None:
    """Notes one change. `action` is subject and verb ("session.voided"); `before` and `after` are plain JSON values."""
    session.add(
        AuditEntry(
            commune=commune, at=now, actor=actor, action=action, subject=action.partition(".")[0],
            subject_id=subject_id, before=before, after=after,
        )
    )  # fmt: skip


async def history(session: AsyncSession, commune: str, subject: str, subject_id: int) -> list[AuditEntry]:
    """All changes of one thing, oldest first."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.commune == commune, AuditEntry.subject == subject, AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.id)
    )
    return list(await session.scalars(query))
