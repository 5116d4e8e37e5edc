"""Deletes what is no longer needed. The periods are promised to citizens in the article help.privacy."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import documents, learning
from db.models import Conversation, Feedback, InboxMessage
from db.outreach import sessions, sheets
from db.outreach.models import ClassAttendance, HelpRequest, LearningClass, MemberAccount

KEEP_MESSAGES = timedelta(days=30)


async def delete_old(session: AsyncSession, now: datetime) -> int:
    """Deletes handled messages, with the replies to them, older than the period, and conversations left empty by it.

    Returns how many messages went. Feedback keeps its conversation until the period after it has passed too, and so
    does a class of which somebody wants to be reminded. Unanswered questions, which are tied to nobody, stay to be
    learned from; those decided to teach nothing go after the period.
    """
    limit = now - KEEP_MESSAGES
    gone = await session.execute(
        delete(InboxMessage).where(InboxMessage.received_at < limit, InboxMessage.handled_at.is_not(None))
    )
    await session.execute(
        delete(Conversation).where(
            Conversation.last_seen_at < limit,
            ~exists().where(InboxMessage.conversation_id == Conversation.id),
            ~exists().where(Feedback.conversation_id == Conversation.id, Feedback.given_at >= limit),
            ~exists().where(MemberAccount.conversation_id == Conversation.id),
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
    return int(getattr(gone, "rowcount", 0))
