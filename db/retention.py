"""Deletes what is no longer needed. The periods are promised to citizens in the article help.privacy."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db import documents, learning, person_links
from db.broadcasts import subscriptions
from db.broadcasts.models import Subscription
from db.lessons import names, progress
from db.lessons.models import LessonProgress
from db.models import Conversation, Feedback, InboxMessage
from db.outreach import sessions, sheets
from db.outreach.models import ClassAttendance, HelpRequest, LearningClass, MemberAccount

KEEP_MESSAGES = timedelta(days=30)


async def delete_old(session: AsyncSession, now: datetime) -> int:
    """Deletes handled messages, with the replies to them, older than the period, and conversations left empty by it.

    Returns how many messages went. Feedback keeps its conversation until the period after it has passed too, and so
    does a class of which somebody wants to be reminded; a linked chat stays while its person writes in another one,
    and one in which somebody learns for a year after the last lesson.
    Unanswered questions, which are tied to nobody, stay to be learned from; those decided to teach nothing go after the
    period.
    """
    limit = now - KEEP_MESSAGES
    await subscriptions.delete_old(session, limit, now)  # counts what goes with conversations below
    other = aliased(Conversation)
    gone = await session.execute(
        delete(InboxMessage).where(InboxMessage.received_at < limit, InboxMessage.handled_at.is_not(None))
    )
    await session.execute(
        delete(Conversation).where(
            Conversation.last_seen_at < limit,
            ~exists().where(InboxMessage.conversation_id == Conversation.id),
            ~exists().where(Feedback.conversation_id == Conversation.id, Feedback.given_at >= limit),
            ~exists().where(MemberAccount.conversation_id == Conversation.id),
            ~exists().where(
                Subscription.conversation_id == Conversation.id,
                Subscription.ended_at.is_(None),
                Conversation.blocked_at.is_(None),
            ),
            ~exists().where(
                LessonProgress.conversation_id == Conversation.id,
                LessonProgress.changed_at >= now - progress.KEPT_FOR,
                Conversation.blocked_at.is_(None),
            ),
            ~exists().where(other.person_id == Conversation.person_id, other.last_seen_at >= limit),
            ~exists().where(HelpRequest.conversation_id == Conversation.id, HelpRequest.state.in_(("open", "taken"))),
            ~exists().where(
                ClassAttendance.conversation_id == Conversation.id,
                ClassAttendance.class_id == LearningClass.id,
                LearningClass.starts_at > now,
            ),
        )
    )
    await session.execute(update(HelpRequest).where(HelpRequest.closed_at < limit).values(text=""))
    await sessions.empty_trash(session, now)
    await learning.delete_ignored(session, limit)
    await documents.delete_old(session, now)
    await sheets.delete_old(session, now)
    await person_links.delete_old(session, now)
    await names.forget_old(session, now)
    return int(getattr(gone, "rowcount", 0))
