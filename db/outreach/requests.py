"""Requests of citizens for a person: made, taken by one member, passed on, closed, cancelled, reopened.

Every change locks the request first, so that of two who press at once one wins and the other learns who did.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from db import persons
from db.models import Conversation
from db.outreach import audit, members
from db.outreach.models import HelpRequest, Member, Role

TEAM = (Role.MEMBER, Role.AMBASSADOR)
OFFICE = (Role.OFFICE, Role.ADMIN)
LONGEST_TEXT = 500


class State(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    CANCELLED = "cancelled"


LIVE = (State.OPEN.value, State.TAKEN.value)


async def live_of(session: AsyncSession, conversation_id: int) -> HelpRequest | None:
    """The request, not closed, of the person whose conversation that is; in all their linked chats there is one.

    Chats that were linked when each had its own may have two; the older one is meant first.
    """
    chats = await persons.linked_ids(session, conversation_id)
    query = _whole().where(HelpRequest.conversation_id.in_(chats), HelpRequest.state.in_(LIVE)).order_by(HelpRequest.id)
    return (await session.scalars(query.limit(1))).one_or_none()


async def locked(session: AsyncSession, commune: str, request_id: int) -> HelpRequest | None:
    """That request, held until the transaction ends, as it is now."""
    query = (
        _whole()
        .where(HelpRequest.commune == commune, HelpRequest.id == request_id)
        .with_for_update(of=HelpRequest)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).one_or_none()


async def live(session: AsyncSession, commune: str, hamlet_ids: Collection[int] | None) -> list[HelpRequest]:
    """A commune's requests that are not closed, the longest waiting first; of some hamlets and of none, or of all."""
    query = _whole().where(HelpRequest.commune == commune, HelpRequest.state.in_(LIVE)).order_by(HelpRequest.id)
    if hamlet_ids is not None:
        query = query.where(HelpRequest.hamlet_id.in_(hamlet_ids) | HelpRequest.hamlet_id.is_(None))
    return list(await session.scalars(query))


async def make(
    session: AsyncSession,
    conversation: Conversation,
    *,
    kind: str,
    hamlet_id: int | None,
    topic: str | None,
    text: str,
    now: datetime,
) -> HelpRequest:
    """A new request. `text` must be masked."""
    request = HelpRequest(
        commune=conversation.commune, kind=kind, hamlet_id=hamlet_id, conversation_id=conversation.id, topic=topic,
        text=text[:LONGEST_TEXT], state=State.OPEN.value, created_at=now,
    )  # fmt: skip
    session.add(request)
    await session.flush()
    _note(session, request, "request.created", audit.CITIZEN, now, kind=kind, hamlet_id=hamlet_id)
    await session.refresh(request, ["hamlet", "taken_by"])
    return request


async def take(session: AsyncSession, request: HelpRequest, member: Member, now: datetime) -> bool:
    """Makes a member the one who cares for it; False when somebody else does, or it is closed."""
    if request.state != State.OPEN:
        return False
    request.state, request.taken_by_id, request.taken_at = State.TAKEN.value, member.id, now
    await session.flush()
    await session.refresh(request, ["taken_by"])
    _note(session, request, "request.taken", audit.by_member(member), now, by=member.id)
    return True


async def give_back(session: AsyncSession, request: HelpRequest, actor: str, now: datetime) -> None:
    """Opens it for everybody again."""
    request.state, request.taken_by_id, request.taken_at = State.OPEN.value, None, None
    request.closed_at, request.reminded_at, request.reminders = None, None, 0
    await session.flush()
    await session.refresh(request, ["taken_by"])
    _note(session, request, "request.opened", actor, now)


async def close(session: AsyncSession, request: HelpRequest, state: State, actor: str, now: datetime) -> bool:
    """Ends it as done or cancelled; False when it has ended."""
    if request.state not in LIVE:
        return False
    request.state, request.closed_at = state.value, now
    _note(session, request, f"request.{state.value}", actor, now)
    return True


async def unheeded(session: AsyncSession, since: datetime, limit: int) -> list[HelpRequest]:
    """Open requests about which nobody was told after that moment, locked; those that others hold are left out.

    Made-up ones (db/demo) wait for nobody.
    """
    query = (
        _whole()
        .where(
            HelpRequest.state == State.OPEN.value,
            ~HelpRequest.is_demo,
            HelpRequest.created_at <= since,
            HelpRequest.reminded_at.is_(None) | (HelpRequest.reminded_at <= since),
        )
        .order_by(HelpRequest.id)
        .limit(limit)
        .with_for_update(of=HelpRequest, skip_locked=True)
    )
    return list(await session.scalars(query))


async def recipients(session: AsyncSession, request: HelpRequest, *, is_urgent: bool = False) -> list[Member]:
    """Whom to tell: the hamlet's team; without one the ambassadors and the office. `is_urgent`: the office too."""
    commune, found = request.commune, list[Member]()
    if request.hamlet_id is not None:
        found = await members.serving(session, commune, request.hamlet_id, TEAM)
    if not found:
        found = await members.serving(session, commune, None, (Role.AMBASSADOR, *OFFICE))
    if not found and request.hamlet_id is None:
        found = await members.serving(session, commune, None, TEAM)
    if is_urgent:
        found += await members.serving(session, commune, None, OFFICE)
    return list({member.id: member for member in found}.values())


def _whole() -> Select[HelpRequest]:
    return select(HelpRequest).options(selectinload(HelpRequest.hamlet), selectinload(HelpRequest.taken_by))


def _note(session: AsyncSession, request: HelpRequest, action: str, actor: str, now: datetime, **after: object) -> None:
    audit.record(
        session, commune=request.commune, actor=actor, action=action, subject_id=request.id, before=None,
        after=after or None, now=now,
    )  # fmt: skip
