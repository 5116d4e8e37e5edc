"""What an entry of the audit log changed in a support session, field by field, with places and households by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach import hamlets, households
from db.outreach.models import AuditEntry, Group, OutcomeCode

Value = str | int | date | None

COUNTS = ("people", *(group.value for group in Group))
OUTCOMES = tuple(code.value for code in OutcomeCode)


@dataclass(frozen=True, slots=True)
class Change:
    """One field: hamlet, household, day, people, a group, the code of an outcome, or note. None: there was nothing."""

    field: str
    before: Value
    after: Value


async def changes(session: AsyncSession, entry: AuditEntry) -> list[Change]:
    """What an edit changed; nothing for other entries."""
    if entry.action != "session.edited":
        return []
    before = await _fields(session, entry.commune, entry.before or {})
    after = await _fields(session, entry.commune, entry.after or {})
    return [Change(name, before[name], after[name]) for name in before if before[name] != after[name]]


async def _fields(session: AsyncSession, commune: str, values: Mapping[str, Any]) -> dict[str, Value]:
    hamlet = await hamlets.by_id(session, commune, values.get("hamlet_id") or 0)
    home = await households.by_id(session, commune, values.get("household_id") or 0)
    on, outcomes = values.get("occurred_on"), values.get("outcomes") or {}
    return {
        "hamlet": hamlet.name if hamlet else None,
        "household": home.name if home else None,
        "day": date.fromisoformat(on) if on else None,
        **{name: int(values.get(name) or 0) for name in COUNTS},
        **{code: int(outcomes.get(code, 0)) for code in OUTCOMES},
        "note": values.get("note") or None,
    }
