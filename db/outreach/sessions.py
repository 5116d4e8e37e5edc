"""Support sessions: logged once by their origin, edited, voided and restored, whatever order messages arrive in.

Two things are decided separately: what a session says, and whether it is in the trash. Each is decided by whoever wrote
last, by the sender's own stamp - a phone with bad coverage delivers late, twice and out of order. Equal stamps are
decided by content, so that every order of arrival ends in the same tables.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from db.engine import insert_if_new
from db.outreach import audit
from db.outreach.models import OutcomeCode, SessionKind, SessionOutcome, SupportSession

TRASH_DAYS = 30
MOST_PEOPLE = 999
"""More people in one session are a slip of the finger; a larger public event is logged in parts."""

_COUNTS = ("people", "adults", "elderly", "poor", "ethnic_minority", "disabled")


class ImpossibleError(ValueError):
    """Counts that can't be: `reason` is negative, too_many, nobody, group_over_people or outcome_over_people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Content:
    """What a session says. `outcomes` holds only counts of 1 and more."""

    kind: SessionKind
    hamlet_id: int
    occurred_on: date
    people: int
    household_id: int | None = None
    class_id: int | None = None
    adults: int = 0
    elderly: int = 0
    poor: int = 0
    ethnic_minority: int = 0
    disabled: int = 0
    outcomes: Mapping[OutcomeCode, int] = field(default_factory=dict)
    note: str = ""

    def check(self) -> None:
        """Refuses what can't be.

        Raises:
            ImpossibleError: which says why.
        """
        counts = [getattr(self, name) for name in _COUNTS] + list(self.outcomes.values())
        if min(counts) < 0:
            raise ImpossibleError("negative")
        if max(counts) > MOST_PEOPLE:
            raise ImpossibleError("too_many")
        if self.people < 1:
            raise ImpossibleError("nobody")
        if max(getattr(self, name) for name in _COUNTS) > self.people:
            raise ImpossibleError("group_over_people")
        if self.outcomes and max(self.outcomes.values()) > self.people:
            raise ImpossibleError("outcome_over_people")

    def to_json(self) -> dict[str, Any]:
        """As it stands in the audit log."""
        values = asdict(self)
        values |= {"occurred_on": self.occurred_on.isoformat(), "kind": self.kind.value}
        values["outcomes"] = {code.value: count for code, count in sorted(self.outcomes.items()) if count}
        return values

    def _order(self) -> str:
        return json.dumps(self.to_json(), sort_keys=True)


@dataclass(frozen=True, slots=True)
class Logged:
    """What became of a message: the session, and whether this very call made or changed it."""

    session: SupportSession
    is_new: bool
    is_changed: bool


def content_of(stored: SupportSession) -> Content:
    """What a stored session says; its outcomes must be loaded."""
    return Content(
        kind=SessionKind(stored.kind), hamlet_id=stored.hamlet_id, occurred_on=stored.occurred_on,
        household_id=stored.household_id, class_id=stored.class_id, note=stored.note,
        outcomes={OutcomeCode(outcome.code): outcome.count for outcome in stored.outcomes},
        **{name: getattr(stored, name) for name in _COUNTS},
    )  # fmt: skip


async def by_id(session: AsyncSession, commune: str, session_id: int) -> SupportSession | None:
    """That session, if it is this commune's, with its outcomes, hamlet, household and member."""
    return (await session.scalars(_whole().where(_is(commune, session_id)))).one_or_none()


async def of_origin(session: AsyncSession, commune: str, prefix: str) -> list[SupportSession]:
    """The sessions whose origin begins so: all visits of one message, in their order."""
    query = (
        _whole()
        .where(SupportSession.commune == commune, SupportSession.origin.startswith(prefix, autoescape=True))
        .order_by(SupportSession.id)
    )
    return list(await session.scalars(query))


async def same_day(session: AsyncSession, content: Content, *, except_id: int | None = None) -> list[SupportSession]:
    """Other sessions with that household on that day: perhaps the same visit, logged twice."""
    if content.household_id is None:
        return []
    query = _whole().where(
        SupportSession.household_id == content.household_id,
        SupportSession.occurred_on == content.occurred_on,
        SupportSession.voided_at.is_(None),
        SupportSession.id != (except_id or 0),
    )
    return list(await session.scalars(query))


async def has_visited(session: AsyncSession, member_id: int, household_id: int) -> bool:
    """Whether a member has logged a session with that household before."""
    query = select(SupportSession.id).where(
        SupportSession.household_id == household_id,
        SupportSession.member_id == member_id,
        SupportSession.voided_at.is_(None),
    )
    return await session.scalar(query.limit(1)) is not None


async def last_of_kind(session: AsyncSession, member_id: int, kind: SessionKind) -> SupportSession | None:
    """The session of a kind that a member logged last, in the trash or not."""
    query = (
        _whole()
        .where(SupportSession.member_id == member_id, SupportSession.kind == kind.value)
        .order_by(SupportSession.id.desc())
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def log(
    session: AsyncSession,
    content: Content,
    *,
    commune: str,
    origin: str,
    source: str,
    member_id: int | None,
    actor: str,
    written_at: datetime,
    now: datetime,
) -> Logged:
    """Stores a session under its origin; the second time the same origin is an edit, or nothing.

    Raises:
        ImpossibleError: its counts can't be.
    """
    content.check()
    values = _values(content) | {"voided_at": None, "void_reason": "", "is_demo": False}
    inserted_id = await session.scalar(
        insert_if_new(
            session, SupportSession, commune=commune, origin=origin, source=source, member_id=member_id,
            logged_at=now, written_at=written_at, **values,
        ).returning(SupportSession.id)
    )  # fmt: skip
    query = (
        _whole()
        .where(SupportSession.commune == commune, SupportSession.origin == origin)
        .with_for_update(of=SupportSession)
    )
    stored = (await session.scalars(query)).one()
    if inserted_id is None:
        return Logged(stored, False, await edit(session, stored, content, actor=actor, written_at=written_at, now=now))
    _set_outcomes(stored, content)
    await session.flush()
    audit.record(
        session, commune=commune, actor=actor, action="session.created", subject_id=stored.id, before=None,
        after=content.to_json(), now=now,
    )  # fmt: skip
    return Logged(stored, True, True)


async def edit(
    session: AsyncSession, stored: SupportSession, content: Content, *, actor: str, written_at: datetime, now: datetime
) -> bool:
    """Makes a session say something else, unless what it says was written later. True when it changed.

    Raises:
        ImpossibleError: the counts can't be.
    """
    content.check()
    await _lock(session, stored)
    before = content_of(stored)
    if before._order() == content._order():
        stored.written_at = max(stored.written_at, written_at)
        return False
    if (written_at, content._order()) <= (stored.written_at, before._order()):
        return False
    for name, value in _values(content).items():
        setattr(stored, name, value)
    stored.written_at = written_at
    _set_outcomes(stored, content)
    await session.flush()
    await session.refresh(stored, ["hamlet", "household"])
    audit.record(
        session, commune=stored.commune, actor=actor, action="session.edited", subject_id=stored.id,
        before=before.to_json(), after=content.to_json(), now=now,
    )  # fmt: skip
    return True


async def void(
    session: AsyncSession, stored: SupportSession, *, reason: str, actor: str, written_at: datetime, now: datetime
) -> bool:
    """Puts a session into the trash, unless that was decided otherwise later. True when it changed."""
    return await _decide(session, stored, True, reason, actor, written_at, now)


async def restore(
    session: AsyncSession, stored: SupportSession, *, actor: str, written_at: datetime, now: datetime
) -> bool:
    """Takes a session out of the trash, unless that was decided otherwise later. True when it changed."""
    return await _decide(session, stored, False, "", actor, written_at, now)


async def empty_trash(session: AsyncSession, now: datetime) -> int:
    """Deletes for good what has been in the trash for 30 days; returns how many sessions went."""
    gone = await session.execute(
        delete(SupportSession).where(SupportSession.voided_at <= now - timedelta(days=TRASH_DAYS))
    )
    return int(getattr(gone, "rowcount", 0))


async def of_member(
    session: AsyncSession, member_id: int, first: date, last: date, *, hamlet_ids: Collection[int] | None = None
) -> list[SupportSession]:
    """A member's sessions of some days (both included) that count, newest first."""
    query = (
        _whole()
        .where(
            SupportSession.member_id == member_id,
            SupportSession.occurred_on.between(first, last),
            SupportSession.voided_at.is_(None),
        )
        .order_by(SupportSession.occurred_on.desc(), SupportSession.id.desc())
    )
    if hamlet_ids is not None:
        query = query.where(SupportSession.hamlet_id.in_(hamlet_ids))
    return list(await session.scalars(query))


async def voided_by_member(session: AsyncSession, member_id: int, since: datetime, limit: int) -> list[SupportSession]:
    """A member's sessions in the trash, the last thrown away first."""
    query = (
        _whole()
        .where(SupportSession.member_id == member_id, SupportSession.voided_at > since)
        .order_by(SupportSession.voided_at.desc(), SupportSession.id.desc())
        .limit(limit)
    )
    return list(await session.scalars(query))


async def _decide(
    session: AsyncSession,
    stored: SupportSession,
    is_void: bool,
    reason: str,
    actor: str,
    written_at: datetime,
    now: datetime,
) -> bool:
    await _lock(session, stored)
    decided, was_void = stored.void_written_at, stored.voided_at is not None
    if decided is not None and (written_at, is_void, reason) <= (decided, was_void, stored.void_reason):
        return False
    stored.void_written_at, stored.void_reason = written_at, reason
    if is_void == was_void:
        return False
    stored.voided_at = now if is_void else None
    await session.flush()
    audit.record(
        session, commune=stored.commune, actor=actor, action="session.voided" if is_void else "session.restored",
        subject_id=stored.id, before={"void": was_void}, after={"void": is_void, "reason": reason}, now=now,
    )  # fmt: skip
    return True


def _whole() -> Any:
    return select(SupportSession).options(
        selectinload(SupportSession.outcomes),
        selectinload(SupportSession.hamlet),
        selectinload(SupportSession.household),
        selectinload(SupportSession.member),
    )


async def _lock(session: AsyncSession, stored: SupportSession) -> None:
    """Reads a session again and holds it: who compares stamps must not compare with what another has just replaced."""
    query = _whole().where(SupportSession.id == stored.id).with_for_update(of=SupportSession)
    await session.scalars(query.execution_options(populate_existing=True))


def _is(commune: str, session_id: int) -> Any:
    return (SupportSession.commune == commune) & (SupportSession.id == session_id)


def _values(content: Content) -> dict[str, Any]:
    columns = ("kind", "hamlet_id", "household_id", "class_id", "occurred_on", "note", *_COUNTS)
    return {name: getattr(content, name) for name in columns} | {"kind": content.kind.value}


def _set_outcomes(stored: SupportSession, content: Content) -> None:
    wanted = {code.value: count for code, count in content.outcomes.items() if count}
    for outcome in list(stored.outcomes):
        if outcome.code in wanted:
            outcome.count = wanted.pop(outcome.code)
        else:
            stored.outcomes.remove(outcome)
    for code, count in wanted.items():
        stored.outcomes.append(SessionOutcome(code=code, count=count, commune=stored.commune))
