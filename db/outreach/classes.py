"""Classes: planned, signed up for, checked in to, and closed into a support session."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Exists, Select, case, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from db import persons
from db.engine import insert_if_new
from db.models import Conversation
from db.outreach import audit, sessions
from db.outreach.models import ClassAttendance, LearningClass, Member, OutcomeCode, SessionKind, SupportSession
from db.outreach.sessions import Content, Logged
from db.reach.accounts import person_behind

OPEN_BEFORE, OPEN_AFTER = timedelta(hours=1), timedelta(hours=3)
"""Around its beginning one can check in."""
LESSON = timedelta(minutes=90)
"""So long after its beginning a class is held to be over: nobody needs to be told any more that it was called off."""
KEPT_OPEN = timedelta(days=3)
"""So long after its beginning a class that nobody has closed stays on the list."""


@dataclass(frozen=True, slots=True)
class HeadCount:
    """People counted by hand, and of them those of each group, which overlap."""

    people: int
    elderly: int = 0
    poor: int = 0
    ethnic_minority: int = 0
    disabled: int = 0


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
            or_(LearningClass.closed_at.is_(None), ~_session_counts()),
            LearningClass.starts_at > now - KEPT_OPEN,
        )
        .order_by(LearningClass.starts_at, LearningClass.id)
        .limit(limit)
    )
    if hamlet_ids is not None:
        query = query.where(LearningClass.hamlet_id.in_(hamlet_ids))
    return list(await session.scalars(query))


async def ahead(session: AsyncSession, commune: str, now: datetime, limit: int) -> list[LearningClass]:
    """Classes that have not begun, the next one first: for people who want to come."""
    query = (
        _whole()
        .where(
            LearningClass.commune == commune,
            LearningClass.cancelled_at.is_(None),
            LearningClass.closed_at.is_(None),
            LearningClass.starts_at > now,
        )
        .order_by(LearningClass.starts_at, LearningClass.id)
        .limit(limit)
    )
    return list(await session.scalars(query))


async def places(session: AsyncSession, hamlet_id: int, limit: int) -> list[str]:
    """Where the last classes of a hamlet were held, each place once, the newest first."""
    query = (
        select(LearningClass.place)
        .where(LearningClass.hamlet_id == hamlet_id, LearningClass.place != "")
        .group_by(LearningClass.place)
        .order_by(func.max(LearningClass.id).desc())
        .limit(limit)
    )
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


def count_by_hand(session: AsyncSession, planned: LearningClass, counted: HeadCount, actor: str, now: datetime) -> None:
    """Notes how many came without checking in, in place of what was counted before."""
    before, after = _counted(planned), _without_phone(counted)
    for name, count in after.items():
        setattr(planned, name, count)
    if before != after:
        audit.record(
            session, commune=planned.commune, actor=actor, action="class.counted", subject_id=planned.id, before=before,
            after=after, now=now,
        )  # fmt: skip


async def close(
    session: AsyncSession,
    planned: LearningClass,
    outcomes: Mapping[OutcomeCode, int],
    *,
    occurred_on: date,
    member_id: int | None,
    actor: str,
    written_at: datetime,
    now: datetime,
) -> Logged:
    """Ends a class, which must be locked: who checked in and who was counted by hand become one support session.

    A class whose session was undone is closed again with its present figures: the same session comes out of the trash.
    The session is the leader's, whoever closes the class; `member_id` is whose it is when there is no leader any more.

    Raises:
        ImpossibleError: nobody came, or more achieved something than came.
    """
    _, present = await counts(session, planned.id)
    people = present + planned.without_phone
    leader = await leader_of(session, planned)
    content = Content(
        SessionKind.CLASS, planned.hamlet_id, occurred_on, people, class_id=planned.id, adults=people,
        elderly=planned.elderly, poor=planned.poor, ethnic_minority=planned.ethnic_minority,
        disabled=planned.disabled, outcomes={code: count for code, count in outcomes.items() if count},
        note=planned.title,
    )  # fmt: skip
    logged = await sessions.log(
        session, content, commune=planned.commune, origin=origin(planned), source="class",
        member_id=leader.id if leader else member_id, actor=actor, written_at=written_at, now=now,
    )  # fmt: skip
    if logged.session.voided_at:
        await sessions.restore(session, logged.session, actor=actor, written_at=written_at, now=now)
    before = {"closed_at": planned.closed_at.isoformat()} if planned.closed_at else None
    planned.closed_at = now
    audit.record(
        session, commune=planned.commune, actor=actor, action="class.closed", subject_id=planned.id, before=before,
        after={"session": logged.session.id, "checked_in": present} | _counted(planned), now=now,
    )  # fmt: skip
    return logged


async def leader_of(session: AsyncSession, planned: LearningClass) -> Member | None:
    """Who opened the class, if still a member."""
    leader = await session.get(Member, planned.created_by_id) if planned.created_by_id else None
    return leader if leader and leader.removed_at is None else None


async def is_undone(session: AsyncSession, planned: LearningClass) -> bool:
    """Whether a class was closed, and its session then thrown away: it can be closed again."""
    if planned.closed_at is None or planned.cancelled_at:
        return False
    counts = select(_session_counts()).where(LearningClass.id == planned.id)
    return not await session.scalar(counts)


def origin(planned: LearningClass) -> str:
    """Of the session that a class becomes: one, however often it is closed."""
    return f"class:{planned.id}:"


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


async def sign_off(session: AsyncSession, planned: LearningClass, who: Conversation) -> None:
    """Notes that somebody wants no reminder after all."""
    attendance = await _attendance(session, planned, who)
    if attendance.checked_in_at is None:
        await session.delete(attendance)
    else:
        attendance.signed_up_at = attendance.conversation_id = None


async def forget(session: AsyncSession, who: Conversation) -> None:
    """Takes back what an account told about itself: sign-ups, and its presence at classes that are not closed yet.

    A class that is closed keeps its number of people, but nothing tells any more which account was there.
    """
    person = await persons.account_hash(session, who)
    is_closed = select(LearningClass.closed_at.is_not(None)).where(LearningClass.id == ClassAttendance.class_id)
    query = select(ClassAttendance, is_closed.scalar_subquery()).where(
        ClassAttendance.commune == who.commune, ClassAttendance.person == person
    )
    for attendance, closed in (await session.execute(query)).all():
        if closed and attendance.checked_in_at is not None:
            attendance.person, attendance.conversation_id = f"forgotten:{secrets.token_hex(16)}", None
        else:
            await session.execute(delete(ClassAttendance).where(ClassAttendance.id == attendance.id))
    await session.execute(  # signed up here, known by a linked chat
        update(ClassAttendance)
        .where(ClassAttendance.conversation_id == who.id)
        .values(conversation_id=None, signed_up_at=None)
    )


async def check_in(session: AsyncSession, planned: LearningClass, who: Conversation, now: datetime) -> bool:
    """Counts somebody as present, once an account; False when they were counted before."""
    attendance = await _attendance(session, planned, who)
    if attendance.checked_in_at is not None:
        return False
    attendance.checked_in_at = now
    return True


async def counts(session: AsyncSession, class_id: int) -> tuple[int, int]:
    """How many people want to be reminded, and how many have checked in; one with linked accounts is one."""
    person = person_behind(ClassAttendance.person, ClassAttendance.commune)
    signed, present = ClassAttendance.signed_up_at.is_not(None), ClassAttendance.checked_in_at.is_not(None)
    query = select(
        func.count(func.distinct(case((signed, person)))), func.count(func.distinct(case((present, person))))
    ).where(ClassAttendance.class_id == class_id)
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
    """Who wants to be reminded of the classes that begin between two moments, and is not there already."""
    query = (
        select(LearningClass, ClassAttendance)
        .join(ClassAttendance, ClassAttendance.class_id == LearningClass.id)
        .where(
            LearningClass.starts_at > first,
            LearningClass.starts_at <= last,
            LearningClass.cancelled_at.is_(None),
            LearningClass.closed_at.is_(None),
            ClassAttendance.signed_up_at.is_not(None),
            ClassAttendance.checked_in_at.is_(None),
            ClassAttendance.conversation_id.is_not(None),
        )
        .options(selectinload(LearningClass.hamlet))
        .order_by(ClassAttendance.id)
    )
    return [(planned, attendance) for planned, attendance in await session.execute(query)]


async def to_close(session: AsyncSession, first: datetime, last: datetime) -> list[LearningClass]:
    """Classes that began between two moments (the last one not included), and are neither closed nor called off."""
    query = (
        _whole()
        .where(
            LearningClass.starts_at >= first,
            LearningClass.starts_at < last,
            LearningClass.cancelled_at.is_(None),
            LearningClass.closed_at.is_(None),
        )
        .order_by(LearningClass.id)
    )
    return list(await session.scalars(query))


async def _attendance(session: AsyncSession, planned: LearningClass, who: Conversation) -> ClassAttendance:
    person = await persons.account_hash(session, who)
    if elsewhere := await _from_linked_chat(session, planned, who):
        return elsewhere
    await session.execute(
        insert_if_new(session, ClassAttendance, commune=planned.commune, class_id=planned.id, person=person)
    )
    query = (
        select(ClassAttendance)
        .where(ClassAttendance.class_id == planned.id, ClassAttendance.person == person)
        .with_for_update()
    )
    return (await session.scalars(query)).one()


async def _from_linked_chat(session: AsyncSession, planned: LearningClass, who: Conversation) -> ClassAttendance | None:
    """The presence that somebody has by another chat of theirs (db/persons.py): a person is counted once a class."""
    if who.person_id is None:
        return None
    accounts = select(Conversation.account_hash).where(Conversation.person_id == who.person_id)
    query = (
        select(ClassAttendance)
        .where(ClassAttendance.class_id == planned.id, ClassAttendance.person.in_(accounts))
        .order_by(ClassAttendance.checked_in_at.is_(None), ClassAttendance.id)  # present rather than signed up
        .limit(1)
        .with_for_update()
    )
    return (await session.scalars(query)).one_or_none()


def _counted(planned: LearningClass) -> dict[str, int]:
    names = ("without_phone", "elderly", "poor", "ethnic_minority", "disabled")
    return {name: getattr(planned, name) for name in names}


def _without_phone(counted: HeadCount) -> dict[str, int]:
    return {
        "without_phone": counted.people, "elderly": counted.elderly, "poor": counted.poor,
        "ethnic_minority": counted.ethnic_minority, "disabled": counted.disabled,
    }  # fmt: skip


def _session_counts() -> Exists:
    """Whether the session that a class became is there and not in the trash."""
    return exists().where(SupportSession.class_id == LearningClass.id, SupportSession.voided_at.is_(None))


def _whole() -> Select[LearningClass]:
    return select(LearningClass).options(selectinload(LearningClass.hamlet))
