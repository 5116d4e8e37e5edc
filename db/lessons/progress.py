"""How far a person is with the lessons, whatever the chat in which they learnt."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import persons
from db.engine import insert_if_new
from db.lessons.models import LessonCourse, LessonProgress
from db.models import Conversation

KEPT_FOR = timedelta(days=365)
"""Without a lesson for that long the conversation, and all learning with it, goes as others do (db/retention.py)."""
LAST = 32
"""More cards than any lesson has: a forged number is no progress."""


@dataclass(frozen=True, slots=True)
class Known:
    """How far somebody is with one lesson: the furthest card, the questions answered right, whether it is finished."""

    card: int = 0
    right: frozenset[int] = frozenset()
    is_finished: bool = False


async def of_person(session: AsyncSession, who: Conversation) -> Mapping[str, Known]:
    """Every lesson that this person has begun, by its id."""
    query = select(LessonProgress).where(LessonProgress.conversation_id.in_(await _chats(session, who)))
    found: dict[str, Known] = {}
    for row in await session.scalars(query):
        before = found.get(row.lesson, Known())
        found[row.lesson] = Known(
            max(before.card, row.card), before.right | set(row.right), before.is_finished or row.finished_at is not None
        )
    return found


async def mark(
    session: AsyncSession,
    who: Conversation,
    lesson: str,
    *,
    cards: int,
    questions: int,
    now: datetime,
    card: int = 0,
    right: int | None = None,
) -> Known:
    """Notes that a card was shown or a question answered right, and says how far the person is now.

    `cards` and `questions` are how many the lesson has; the lesson is finished once all were there.
    """
    await session.execute(
        insert_if_new(
            session, LessonProgress, commune=who.commune, conversation_id=who.id, lesson=lesson, card=0, right=[],
            changed_at=now,
        )
    )  # fmt: skip
    own = await _own(session, who, lesson)
    if card > own.card and card <= min(cards, LAST):
        own.card, own.changed_at = card, now
    if right is not None and 1 <= right <= questions and right not in own.right:
        own.right, own.changed_at = sorted({*own.right, right}), now
    await session.flush()
    known = (await of_person(session, who))[lesson]
    if known.is_finished or known.card < cards or len(known.right) < questions:
        return known
    own.finished_at = now
    await session.flush()
    return Known(known.card, known.right, is_finished=True)


async def has_finished(session: AsyncSession, who: Conversation, lessons: Collection[str], now: datetime) -> bool:
    """Whether a person has finished the course: all of these lessons, or all that there were at an earlier time."""
    if await finished_at(session, who) is not None:
        return True
    done = {lesson for lesson, known in (await of_person(session, who)).items() if known.is_finished}
    if not lessons or not done.issuperset(lessons):
        return False
    await session.execute(insert_if_new(session, LessonCourse, **blank(who)))
    await session.execute(
        update(LessonCourse)
        .where(LessonCourse.conversation_id == who.id, LessonCourse.finished_at.is_(None))
        .values(finished_at=now)
    )
    return True


async def finished_at(session: AsyncSession, who: Conversation) -> datetime | None:
    """When a person finished the course first; None when they have not."""
    query = select(LessonCourse.finished_at).where(
        LessonCourse.conversation_id.in_(await _chats(session, who)), LessonCourse.finished_at.is_not(None)
    )
    return min((moment for moment in await session.scalars(query) if moment), default=None)


async def forget(session: AsyncSession, who: Conversation) -> None:
    """Deletes all that is kept of a conversation's learning."""
    for table in (LessonProgress, LessonCourse):
        await session.execute(delete(table).where(table.conversation_id == who.id))


def blank(who: Conversation) -> dict[str, object]:
    """The values of a new row of LessonCourse."""
    return {"conversation_id": who.id, "commune": who.commune, "wants_reminder": False, "reminders": 0}


async def _chats(session: AsyncSession, who: Conversation) -> list[int]:
    return [chat.id for chat in await persons.conversations_of(session, persons.person_of(who))]


async def _own(session: AsyncSession, who: Conversation, lesson: str) -> LessonProgress:
    query = (
        select(LessonProgress)
        .where(LessonProgress.conversation_id == who.id, LessonProgress.lesson == lesson)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).one()
