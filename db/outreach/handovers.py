"""Conversations that were handed to a person: both sides' messages go through the bot until one of them ends it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Conversation
from db.outreach.models import Handover, HelpRequest, Member

SILENCE = timedelta(hours=1)
"""After so long without a word a handover is over: who comes back later talks to the bot."""


async def current(session: AsyncSession, conversation_id: int, now: datetime) -> Handover | None:
    """The handover in which a conversation takes part on either side."""
    query = (
        select(Handover)
        .where(
            or_(
                Handover.citizen_conversation_id == conversation_id,
                Handover.member_conversation_id == conversation_id,
            ),
            Handover.ended_at.is_(None),
            Handover.last_message_at > now - SILENCE,
        )
        .order_by(Handover.id.desc())
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def begin(
    session: AsyncSession, request: HelpRequest, member: Member, conversation: Conversation, now: datetime
) -> Handover | None:
    """Joins a citizen's conversation to a member's; None when the citizen's is gone."""
    if request.conversation_id is None:
        return None
    for side in (request.conversation_id, conversation.id):
        if (one := await current(session, side, now)) is not None:
            one.ended_at = now
    handover = Handover(
        commune=request.commune, request_id=request.id, member_id=member.id, member_conversation_id=conversation.id,
        citizen_conversation_id=request.conversation_id, started_at=now, last_message_at=now,
    )  # fmt: skip
    session.add(handover)
    await session.flush()
    return handover


async def of_request(session: AsyncSession, request_id: int, now: datetime) -> Handover | None:
    """A request's handover that has not ended."""
    query = select(Handover).where(
        Handover.request_id == request_id, Handover.ended_at.is_(None), Handover.last_message_at > now - SILENCE
    )
    return (await session.scalars(query.limit(1))).one_or_none()


async def other_side(session: AsyncSession, handover: Handover, conversation_id: int) -> Conversation:
    """The conversation to which messages of this one go."""
    other = (
        handover.member_conversation_id
        if conversation_id == handover.citizen_conversation_id
        else handover.citizen_conversation_id
    )
    return await session.get_one(Conversation, other)
