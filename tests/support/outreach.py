"""What tests of outreach need: places, people and support sessions, made the way the programme makes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach import hamlets, households, members, sessions
from db.outreach.audit import OPERATOR
from db.outreach.models import Hamlet, Household, Member, Role, SessionKind
from db.outreach.sessions import Content, Logged
from tests.support.clock import NOON
from tests.support.rows import COMMUNE, open_conversation

TODAY = date(2026, 11, 22)
"""NOON's day in Vietnam."""


async def hamlet(session: AsyncSession, name: str = "Khuổi Mèo", *, commune: str = COMMUNE) -> Hamlet:
    """That hamlet, made when it is not there yet."""
    await hamlets.load(session, commune, [name], NOON)
    found = await hamlets.by_name(session, commune, name)
    assert found is not None
    return found


async def household(
    session: AsyncSession, name: str = "Hoàng Văn Năm", *, place: Hamlet | None = None, number: str | None = None
) -> Household:
    """A new household."""
    place = place or await hamlet(session)
    return await households.add(
        session, commune=place.commune, hamlet_id=place.id, name=name, number=number, created_by_id=None,
        actor=OPERATOR, now=NOON,
    )  # fmt: skip


async def member(
    session: AsyncSession, who: str = "ba-an", *places: Hamlet, role: Role = Role.MEMBER, now: datetime = NOON
) -> Member:
    """Somebody who has opened an invitation in the private chat `who`."""
    code = await members.invite(
        session, commune=COMMUNE, role=role, hamlets=places, created_by=OPERATOR, now=now
    )  # fmt: skip
    invitation = await members.find_invitation(session, COMMUNE, code, now)
    return await members.join(session, invitation, await open_conversation(session, who), who, now)


def visit(place: Hamlet, home: Household | None = None, **said: Any) -> Content:
    """What a session says: a visit today where one adult was helped, unless `said` otherwise."""
    values: dict[str, Any] = {"kind": SessionKind.HOUSE_VISIT, "occurred_on": TODAY, "people": 1} | said
    return Content(hamlet_id=place.id, household_id=home.id if home else None, **values)


async def log(
    session: AsyncSession,
    content: Content,
    origin: str = "telegram:1",
    *,
    by: Member | None = None,
    written_at: datetime = NOON,
    now: datetime = NOON,
) -> Logged:
    """Stores a session as a sentence of a member."""
    return await sessions.log(
        session, content, commune=COMMUNE, origin=origin, source="sentence", member_id=by.id if by else None,
        actor="member:1", written_at=written_at, now=now,
    )  # fmt: skip
