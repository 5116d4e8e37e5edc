"""Classes: planned, signed up for, checked in to, and closed into a support session."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from db import links
from db.engine import insert_if_new
from db.models import Conversation
from db.outreach import audit
from db.outreach.models import ClassAttendance, LearningClass

OPEN_BEFORE, OPEN_AFTER = timedelta(hours=1), timedelta(hours=3)
"""Around its beginning one can check in."""
KEPT_OPEN = timedelta(days=3)
"""So long after its beginning a class that nobody has closed stays on the list."""


async def by_id(session: AsyncSession, commune: str, class_id: int, *, lock: bool = False) -> LearningClass | None:
    """That class, if it is this commune's; locked for whoever will change it."""
    query = _whole().where(LearningClass.commune == commune, LearningClass.id == class_id)
    if lock:
        query = query.with_for_update(of=LearningClass).execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def coming(
    session: AsyncSession, commune: str, now: datetime, *, hamlet_ids: Collection[int] | None = None, limit: int = 6
) -> list[LearningClass]:
    """Classes that are ahead, or may still be closed, the next one first."""
    query = (
        _whole()
        .where(
            LearningClass.commune == commune,
            LearningClass.cancelled_at.is_(None),
            LearningClass.closed_at.is_(None),
            LearningClass.starts_at > now - KEPT_OPEN,
        )
        .order_by(LearningClass.starts_at, LearningClass.id)
        .limit(limit)
    )
    if hamlet_ids is not None:
        query = query.where(LearningClass.hamlet_id.in_(hamlet_ids))
    return list(await session.scalars(query))


async def create(
    session: AsyncSession,
    *,
    commune: str,
    hamlet_id: int,
    title: str,
    place: str,
    starts_at: datetime,
    created_by_id: int | None,
    actor: str,
    now: datetime,
) -> LearningClass:
    """A new class."""
    planned = LearningClass(
        commune=commune, hamlet_id=hamlet_id, title=title, place=place, starts_at=starts_at, created_at=now,
        created_by_id=created_by_id,
    )  # fmt: skip
    session.add(planned)
    await session.flush()
    await session.refresh(planned, ["hamlet"])
    after = {"title": title, "place": place, "starts_at": starts_at.isoformat(), "hamlet_id": hamlet_id}
    audit.record(
        session, commune=commune, actor=actor, action="class.created", subject_id=planned.id, before=None, after=after,
        now=now,
    )  # fmt: skip
    return planned


async def cancel(session: AsyncSession, planned: LearningClass, actor: str, now: datetime) -> bool:
    """Calls a class off; False when it is over or called off already."""
    if planned.cancelled_at or planned.closed_at:
        return False
    planned.cancelled_at = now
    audit.record(
        session, commune=planned.commune, actor=actor, action="class.cancelled", subject_id=planned.id, before=None,
        after=None, now=now,
    )  # fmt: skip
    return True


def is_open(planned: LearningClass, now: datetime) -> bool:
    """Whether one can check in at that moment."""
    if planned.cancelled_at or planned.closed_at:
        return False
    return planned.starts_at - OPEN_BEFORE <= now <= planned.starts_at + OPEN_AFTER


async def sign_up(session: AsyncSession, planned: LearningClass, who: Conversation, now: datetime) -> None:
    """Notes that somebody wants to come and be reminded."""
    attendance = await _attendance(session, planned, who)
    attendance.signed_up_at = attendance.signed_up_at or now
    attendance.conversation_id = who.id


async def check_in(session: AsyncSession, planned: LearningClass, who: Conversation, now: datetime) -> bool:
    """Counts somebody as present, once an account; False when they were counted before."""
    attendance = await _attendance(session, planned, who)
    if attendance.checked_in_at is not None:
        return False
    attendance.checked_in_at = now
    return True


async def counts(session: AsyncSession, class_id: int) -> tuple[int, int]:
    """How many accounts want to be reminded, and how many have checked in."""
    query = select(func.count(ClassAttendance.signed_up_at), func.count(ClassAttendance.checked_in_at)).where(
        ClassAttendance.class_id == class_id
    )
    signed_up, checked_in = (await session.execute(query)).one()
    return signed_up, checked_in


async def signed_up(session: AsyncSession, class_id: int) -> list[ClassAttendance]:
    """Who wants to be reminded and can still be reached."""
    query = select(ClassAttendance).where(
        ClassAttendance.class_id == class_id,
        ClassAttendance.signed_up_at.is_not(None),
        ClassAttendance.conversation_id.is_not(None),
    )
    return list(await session.scalars(query))


async def to_remind(
    session: AsyncSession, first: datetime, last: datetime
) -> list[tuple[LearningClass, ClassAttendance]]:
    """Who wants to be reminded of the classes that begin between two moments."""
    query = (
        select(LearningClass, ClassAttendance)
        .join(ClassAttendance, ClassAttendance.class_id == LearningClass.id)
        .where(
            LearningClass.starts_at > first,
            LearningClass.starts_at <= last,
            LearningClass.cancelled_at.is_(None),
            ClassAttendance.signed_up_at.is_not(None),
            ClassAttendance.conversation_id.is_not(None),
        )
        .options(selectinload(LearningClass.hamlet))
        .order_by(ClassAttendance.id)
    )
    return [(planned, attendance) for planned, attendance in await session.execute(query)]


async def _attendance(session: AsyncSession, planned: LearningClass, who: Conversation) -> ClassAttendance:
    person = await links.keyed_hash(session, planned.commune, f"{who.channel}:{who.sender}")
    await session.execute(
        insert_if_new(session, ClassAttendance, commune=planned.commune, class_id=planned.id, person=person)
    )
    query = (
        select(ClassAttendance)
        .where(ClassAttendance.class_id == planned.id, ClassAttendance.person == person)
        .with_for_update()
    )
    return (await session.scalars(query)).one()


def _whole() -> Select[LearningClass]:
    return select(LearningClass).options(selectinload(LearningClass.hamlet))
