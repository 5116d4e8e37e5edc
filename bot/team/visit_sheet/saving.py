"""Does what a plan says, in the caller's transaction; and takes an import back as a whole."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.team.visit_sheet.planning import Fate, Plan, PlannedRow
from db.outreach import households, sessions, sheets
from db.outreach.models import SupportSession
from db.outreach.sessions import Content
from db.outreach.sheets import ImportedRow

SOURCE = "excel"


@dataclass(frozen=True, slots=True)
class Author:
    """Who imports: as in the audit log, and the member, if it is one."""

    actor: str
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What an import has done. `batch` is by what it is taken back."""

    batch: str
    new: int
    changed: int
    households: int


async def save(
    session: AsyncSession, plan: Plan, *, commune: str, author: Author, written_at: datetime, now: datetime
) -> Saved:
    """Saves the right rows of a plan; what is wrong in others is the caller's to judge.

    `written_at` is when somebody said that they are to be saved: an edit in the chat after that stands.
    """
    batch = secrets.token_hex(8)
    changed = 0
    homes = await _add_households(session, plan, commune=commune, author=author, now=now)
    for row in plan.to_save:
        content = _complete(row, homes)
        if row.fate is Fate.CHANGED and row.known and row.known.session:
            stored = row.known.session
            is_changed = await sessions.edit(
                session, stored, content, actor=author.actor, written_at=written_at, now=now
            )  # fmt: skip
            changed += is_changed
            if is_changed or stored.written_at <= written_at:  # else what stands was written later, and stays
                row.known.digest, row.known.imported_at = row.row.digest, now
                row.known.household_id, row.known.occurred_on = content.household_id, content.occurred_on
            continue
        logged = await sessions.log(
            session, content, commune=commune, origin=f"sheet:{batch}:{row.row.number}", source=SOURCE,
            member_id=author.member_id, actor=author.actor, written_at=written_at, now=now,
        )  # fmt: skip
        session.add(
            ImportedRow(
                commune=commune, mark=row.row.mark, digest=row.row.digest, session_id=logged.session.id,
                household_id=content.household_id, occurred_on=content.occurred_on, batch=batch, imported_at=now,
            )
        )  # fmt: skip
    await session.flush()
    return Saved(batch, len(plan.of(Fate.NEW)), changed, len(homes))


async def undo(
    session: AsyncSession, batch: str, *, commune: str, author: Author, reason: str, written_at: datetime, now: datetime
) -> list[SupportSession]:
    """Puts the sessions that an import added into the trash and makes its rows unknown: it may come again, mended.

    Returns the sessions that went. What it changed in older ones stays changed: each has its own history.
    """
    rows = await sheets.of_batch(session, commune, batch)
    gone = []
    for row in rows:
        if row.session and row.session.voided_at is None:
            await sessions.void(
                session, row.session, reason=reason, actor=author.actor, written_at=written_at, now=now
            )  # fmt: skip
            gone.append(row.session)
    await sheets.forget(session, rows)
    return gone


async def _add_households(
    session: AsyncSession, plan: Plan, *, commune: str, author: Author, now: datetime
) -> dict[tuple[int, str], int]:
    added = {}
    for new in plan.new_households:
        home = await households.add(
            session, commune=commune, hamlet_id=new.hamlet_id, name=new.name, number=new.number,
            created_by_id=author.member_id, actor=author.actor, now=now,
        )  # fmt: skip
        added[new.same] = home.id
    return added


def _complete(row: PlannedRow, homes: dict[tuple[int, str], int]) -> Content:
    assert row.content is not None, "what is to be saved has been understood"
    return replace(row.content, household_id=homes[row.new_household.same]) if row.new_household else row.content
