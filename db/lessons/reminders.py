"""The reminder to go on learning: only who asked for it, once a week at most, until the course is finished."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db import persons
from db.engine import insert_if_new
from db.lessons.models import LessonCourse, LessonProgress
from db.lessons.progress import blank
from db.models import Conversation

WEEK = timedelta(days=7)
MOST = 4
"""Reminders without anything learnt in between: then it is enough, nobody is pursued."""


def can_remind(who: Conversation) -> bool:
    """Only in a private chat: in a group everybody would read who has not learnt."""
    return who.chat == who.sender


async def want(session: AsyncSession, who: Conversation, now: datetime) -> bool:
    """Somebody wants to be reminded here, and in no other of their chats. False when they did already.

    Raises:
        ValueError: the chat is no private one.
    """
    if not can_remind(who):
        raise ValueError("nobody is reminded before a group")
    if await is_wanted(session, who, only_here=True):
        return False
    await stop(session, who)
    await session.execute(insert_if_new(session, LessonCourse, **blank(who)))
    await session.execute(
        update(LessonCourse)
        .where(LessonCourse.conversation_id == who.id)
        .values(wants_reminder=True, asked_at=now, reminders=0)
    )
    return True


async def is_wanted(session: AsyncSession, who: Conversation, *, only_here: bool = False) -> bool:
    """Whether a person is reminded, in any of their chats."""
    chats = [who.id] if only_here else await _chats(session, who)
    query = select(LessonCourse.conversation_id).where(
        LessonCourse.conversation_id.in_(chats), LessonCourse.wants_reminder.is_(True)
    )
    return (await session.scalars(query.limit(1))).first() is not None


async def stop(session: AsyncSession, who: Conversation) -> bool:
    """Ends the reminders of a person in all their chats; False when there were none."""
    ended = await session.execute(
        update(LessonCourse)
        .where(LessonCourse.conversation_id.in_(await _chats(session, who)), LessonCourse.wants_reminder.is_(True))
        .values(wants_reminder=False)
    )
    return bool(getattr(ended, "rowcount", 0))


async def due(session: AsyncSession, commune: str, now: datetime, limit: int) -> list[Conversation]:
    """The chats to be reminded now, each marked as reminded: nothing learnt, asked for or said for a week."""
    limit_at = now - WEEK
    linked, course = aliased(Conversation), aliased(LessonCourse)
    its_chats = (
        select(linked.id)
        .where(func.coalesce(linked.person_id, linked.id) == persons.person())
        .correlate(Conversation)
        .scalar_subquery()
    )
    learnt = select(LessonProgress.id).where(
        LessonProgress.conversation_id.in_(its_chats), LessonProgress.changed_at > limit_at
    )
    finished = select(course.conversation_id).where(
        course.conversation_id.in_(its_chats), course.finished_at.is_not(None)
    )
    query = (
        select(LessonCourse, Conversation)
        .join(Conversation, Conversation.id == LessonCourse.conversation_id)
        .where(
            LessonCourse.commune == commune,
            LessonCourse.wants_reminder.is_(True),
            LessonCourse.asked_at <= limit_at,
            LessonCourse.reminded_at.is_(None) | (LessonCourse.reminded_at <= limit_at),
            Conversation.blocked_at.is_(None),
            ~learnt.exists(),
            ~finished.exists(),
        )
        .order_by(LessonCourse.conversation_id)
        .limit(limit)
        .with_for_update(of=LessonCourse, skip_locked=True)
    )
    found = []
    for row, who in (await session.execute(query)).all():
        is_new = await _learnt_since(session, who, row.reminded_at)
        row.reminders = 1 if is_new else row.reminders + 1
        row.reminded_at = now
        row.wants_reminder = row.reminders < MOST
        found.append(who)
    await session.flush()
    return found


async def _learnt_since(session: AsyncSession, who: Conversation, moment: datetime | None) -> bool:
    query = select(LessonProgress.id).where(LessonProgress.conversation_id.in_(await _chats(session, who)))
    if moment is not None:
        query = query.where(LessonProgress.changed_at > moment)
    return (await session.scalars(query.limit(1))).first() is not None


async def _chats(session: AsyncSession, who: Conversation) -> list[int]:
    return [chat.id for chat in await persons.conversations_of(session, persons.person_of(who))]
