"""What citizens told us about our answers: questions that got none, and whether an article helped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Conversation, Feedback, UnansweredQuestion


def keep_unanswered(
    session: AsyncSession, conversation: Conversation, *, text: str, reason: str, topic: str | None, now: datetime
) -> None:
    """Keeps a masked question for the office, without a tie to who asked it."""
    session.add(
        UnansweredQuestion(
            commune=conversation.commune,
            channel=conversation.channel,
            text=text,
            reason=reason,
            topic=topic,
            asked_at=now,
        )
    )


async def record_feedback(
    session: AsyncSession, conversation: Conversation, *, topic: str, helpful: bool, now: datetime
) -> None:
    """What this conversation says of an article now; it replaces what it said before."""
    given = await session.scalar(
        select(Feedback).where(Feedback.conversation_id == conversation.id, Feedback.topic == topic)
    )
    if given is None:
        given = Feedback(commune=conversation.commune, conversation_id=conversation.id, topic=topic)
        session.add(given)
    given.helpful = helpful
    given.given_at = now


async def count_unanswered(session: AsyncSession, commune: str) -> int:
    """How many questions of a commune wait for the office."""
    query = select(func.count()).select_from(UnansweredQuestion).where(UnansweredQuestion.commune == commune)
    return await session.scalar(query) or 0
