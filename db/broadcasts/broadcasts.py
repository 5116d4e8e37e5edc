"""Broadcasts: written, submitted, approved by a second person, rejected, stopped. Every step stands in the audit log.

What is written here is only decided; bot/broadcasts sends it. The caller shows `BroadcastError.reason` in words.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.broadcasts import copies
from db.broadcasts.letter import ROLES
from db.broadcasts.letter import Letter as Letter
from db.broadcasts.models import Broadcast, BroadcastState
from db.outreach import audit
from db.outreach.models import Hamlet

LONGEST_TEXT = 1500
"""As UTF-16 counts characters (an emoji is two). With its button and its way out it is one message in every channel;
nobody reads a longer one."""

LIVE = (BroadcastState.APPROVED, BroadcastState.SENDING)
MENDED = (BroadcastState.DRAFT, BroadcastState.REJECTED)


class BroadcastError(Exception):
    """A step that can't be taken. `reason`: empty, too_long, bad_hamlet, bad_role, wrong_state or same_person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def find(session: AsyncSession, commune: str, broadcast_id: int, *, lock: bool = False) -> Broadcast | None:
    """A broadcast of this commune; `lock` holds it until the transaction ends, as every step wants it."""
    query = select(Broadcast).where(Broadcast.commune == commune, Broadcast.id == broadcast_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def part(
    session: AsyncSession, commune: str, offset: int, size: int, states: Collection[BroadcastState] = ()
) -> list[Broadcast]:
    """A page of the list, the newest first; `states` narrows it."""
    query = select(Broadcast).where(Broadcast.commune == commune).order_by(Broadcast.id.desc())
    query = query.where(Broadcast.state.in_(states)) if states else query
    return list(await session.scalars(query.offset(offset).limit(size)))


async def count(session: AsyncSession, commune: str, states: Collection[BroadcastState] = ()) -> int:
    """How many there are in the list of `part`."""
    query = select(func.count()).select_from(Broadcast).where(Broadcast.commune == commune)
    return int(await session.scalar(query.where(Broadcast.state.in_(states)) if states else query) or 0)


async def create(session: AsyncSession, commune: str, letter: Letter, *, actor: str, now: datetime) -> Broadcast:
    """A new draft.

    Raises:
        BroadcastError: empty, too_long, bad_hamlet, bad_role.
    """
    await _check(session, commune, letter)
    broadcast = Broadcast(commune=commune, created_by=actor, created_at=now)
    _write(broadcast, letter)
    broadcast.state = BroadcastState.DRAFT.value
    session.add(broadcast)
    await session.flush()
    _note(session, broadcast, "created", actor, now)
    return broadcast


async def edit(session: AsyncSession, broadcast: Broadcast, letter: Letter, *, actor: str, now: datetime) -> None:
    """Changes a draft; one that was rejected becomes a draft again. Whoever edits it last counts as its writer.

    Raises:
        BroadcastError: wrong_state, empty, too_long, bad_hamlet, bad_role.
    """
    _want(broadcast, *MENDED)
    await _check(session, broadcast.commune, letter)
    _write(broadcast, letter)
    broadcast.created_by, broadcast.reason = actor, ""
    _move(session, broadcast, BroadcastState.DRAFT, "edited", actor, now)


def submit(session: AsyncSession, broadcast: Broadcast, *, actor: str, now: datetime) -> None:
    """Hands a draft to a second person.

    Raises:
        BroadcastError: wrong_state.
    """
    _want(broadcast, BroadcastState.DRAFT)
    broadcast.submitted_at = now
    _move(session, broadcast, BroadcastState.SUBMITTED, "submitted", actor, now)


def approve(session: AsyncSession, broadcast: Broadcast, *, actor: str, now: datetime) -> None:
    """Lets it go out, from its hour on.

    Raises:
        BroadcastError: wrong_state; same_person: who wrote it can't approve it.
    """
    _want(broadcast, BroadcastState.SUBMITTED)
    if actor == broadcast.created_by:
        raise BroadcastError("same_person")
    broadcast.approved_by, broadcast.approved_at = actor, now
    _move(session, broadcast, BroadcastState.APPROVED, "approved", actor, now)


def reject(session: AsyncSession, broadcast: Broadcast, reason: str, *, actor: str, now: datetime) -> None:
    """Gives it back to its writer, who may mend it.

    Raises:
        BroadcastError: wrong_state.
    """
    _want(broadcast, BroadcastState.SUBMITTED)
    broadcast.reason = reason[:500]
    _move(session, broadcast, BroadcastState.REJECTED, "rejected", actor, now)


async def stop(session: AsyncSession, broadcast: Broadcast, *, actor: str, now: datetime, reason: str = "") -> int:
    """Ends it for good: what is not yet sent is not sent any more, also what waits in the outbox. How many that were.

    Raises:
        BroadcastError: wrong_state: it is not approved, or has ended.
    """
    _want(broadcast, *LIVE)
    broadcast.reason, broadcast.ended_at = reason[:500], now
    _move(session, broadcast, BroadcastState.STOPPED, "stopped", actor, now)
    return await copies.stop(session, broadcast.id, now)


async def live(session: AsyncSession, commune: str, now: datetime) -> list[int]:
    """The ids of those that are to be sent now or are being sent, in the order of their approval."""
    query = (
        select(Broadcast.id)
        .where(
            Broadcast.commune == commune,
            Broadcast.state.in_(LIVE),
            or_(Broadcast.scheduled_for.is_(None), Broadcast.scheduled_for <= now),
        )
        .order_by(Broadcast.approved_at, Broadcast.id)
    )
    return list(await session.scalars(query))


def begin(session: AsyncSession, broadcast: Broadcast, *, count: int, now: datetime) -> None:
    """Its recipients are chosen, so many: from now on it is being sent."""
    broadcast.started_at = now
    _move(session, broadcast, BroadcastState.SENDING, "begun", audit.SYSTEM, now, recipients=count)


def finish(session: AsyncSession, broadcast: Broadcast, *, now: datetime) -> None:
    """Nothing of it waits any more."""
    broadcast.ended_at = now
    _move(session, broadcast, BroadcastState.DONE, "done", audit.SYSTEM, now)


async def _check(session: AsyncSession, commune: str, letter: Letter) -> None:
    text = letter.text.strip()
    if not text:
        raise BroadcastError("empty")
    if len(text.encode("utf-16-le")) > 2 * LONGEST_TEXT:
        raise BroadcastError("too_long")
    if set(letter.roles) - set(ROLES):
        raise BroadcastError("bad_role")
    if letter.hamlet_ids and set(letter.hamlet_ids) - await _hamlets(session, commune):
        raise BroadcastError("bad_hamlet")


async def _hamlets(session: AsyncSession, commune: str) -> set[int]:
    return set(await session.scalars(select(Hamlet.id).where(Hamlet.commune == commune)))


def _write(broadcast: Broadcast, letter: Letter) -> None:
    broadcast.sort, broadcast.text, broadcast.topic = letter.sort.value, letter.text.strip(), letter.topic
    broadcast.hamlet_ids, broadcast.roles = sorted(set(letter.hamlet_ids)), sorted(set(letter.roles))
    broadcast.scheduled_for = letter.scheduled_for


def _want(broadcast: Broadcast, *states: BroadcastState) -> None:
    if broadcast.state not in states:
        raise BroadcastError("wrong_state")


def _move(
    session: AsyncSession,
    broadcast: Broadcast,
    state: BroadcastState,
    did: str,
    actor: str,
    now: datetime,
    **more: int,
) -> None:
    before, broadcast.state = broadcast.state, state.value
    _note(session, broadcast, did, actor, now, before=before, **more)


def _note(
    session: AsyncSession, broadcast: Broadcast, did: str, actor: str, now: datetime, before: str = "", **more: int
) -> None:
    audit.record(
        session, commune=broadcast.commune, actor=actor, action=f"broadcast.{did}", subject_id=broadcast.id,
        before={"state": before} if before else None,
        after={"state": broadcast.state, "sort": broadcast.sort, "text": broadcast.text} | more, now=now,
    )  # fmt: skip
