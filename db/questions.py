"""What citizens told us about our answers: questions that got none, and whether an article helped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Conversation, Feedback, QuestionDecision, UnansweredQuestion
from db.question_groups import AskedQuestion, key


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


async def waiting(session: AsyncSession, commune: str) -> list[AskedQuestion]:
    """The questions that the office has not decided about (db/learning.py), the earliest first.

    One in the very words of a decided one needs no decision of its own.
    """
    asked, verdict = UnansweredQuestion, QuestionDecision.verdict
    rows = await session.execute(
        select(asked, verdict)
        .outerjoin(QuestionDecision, QuestionDecision.question_id == asked.id)
        .where(asked.commune == commune)
        .order_by(asked.asked_at, asked.id)
    )
    questions = list(rows)
    decided = {key(question.text) for question, verdict in questions if verdict is not None}
    return [
        AskedQuestion(question.id, question.text, question.reason, question.topic, question.asked_at)
        for question, verdict in questions
        if verdict is None and key(question.text) not in decided
    ]


async def count_unanswered(session: AsyncSession, commune: str) -> int:
    """How many questions of a commune wait for the office."""
    return len(await waiting(session, commune))
