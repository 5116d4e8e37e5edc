"""Whom the chat helped, hamlet by hamlet: who opened a hamlet's link or poster, and then got an answer.

A day of a hamlet's chat is one support session of kind chat. Whom it helped is noted beside it, as attendance is beside
a class, so that figures count each person once a period: docs/indicators.md.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import persons
from db.engine import insert_if_new
from db.models import Conversation
from db.outreach import audit, hamlets
from db.outreach.models import Hamlet, SessionKind, SupportSession
from db.outreach.sessions import Content
from db.reach.models import ChatPerson, ChatPlace, PosterScan

SOURCE = "chat"


async def come_from(session: AsyncSession, who: Conversation, hamlet: Hamlet, at: datetime) -> None:
    """Remembers whose link somebody opened at that moment; of several it is the one that was opened last."""
    await session.execute(
        insert_if_new(
            session, ChatPlace, conversation_id=who.id, commune=who.commune, hamlet_id=hamlet.id, opened_at=at
        )
    )
    its = update(ChatPlace).where(ChatPlace.conversation_id == who.id, ChatPlace.opened_at < at)
    await session.execute(its.values(hamlet_id=hamlet.id, opened_at=at))


async def place_of(session: AsyncSession, who: Conversation) -> Hamlet | None:
    """The hamlet whose link somebody opened last; what it was merged into, if it was."""
    hamlet_id = await session.scalar(select(ChatPlace.hamlet_id).where(ChatPlace.conversation_id == who.id))
    return await hamlets.by_id(session, who.commune, hamlet_id) if hamlet_id else None


async def answered(session: AsyncSession, who: Conversation, hamlet_id: int, day: date, now: datetime) -> bool:
    """Counts somebody as helped in a hamlet on a day; False when they were counted there on that day before."""
    person = await persons.account_hash(session, who)
    content = Content(SessionKind.CHAT, hamlet_id, day, people=1)
    is_first, session_id = await _day(session, who.commune, content, now)
    added = await session.scalar(
        insert_if_new(session, ChatPerson, commune=who.commune, session_id=session_id, person=person).returning(
            ChatPerson.id
        )
    )
    if added is None:
        return False
    if not is_first:
        more = update(SupportSession).where(SupportSession.id == session_id)
        await session.execute(more.values(people=SupportSession.people + 1))
    return True


async def forget(session: AsyncSession, who: Conversation) -> None:
    """Whom it helped and which posters they opened still counts, but nothing tells any more that it was them."""
    person, nobody = await persons.account_hash(session, who), f"forgotten:{secrets.token_hex(16)}"
    for table in (PosterScan, ChatPerson):
        its: Any = table
        await session.execute(update(its).where(its.commune == who.commune, its.person == person).values(person=nobody))
    await session.execute(delete(ChatPlace).where(ChatPlace.conversation_id == who.id))


async def _day(session: AsyncSession, commune: str, content: Content, now: datetime) -> tuple[bool, int]:
    """The session of a hamlet's day, and whether it begins with this very call.

    Never an edit of one that is there: what the office made of it stays.
    """
    origin = f"chat-day:{content.hamlet_id}:{content.occurred_on.isoformat()}"
    new_id = await session.scalar(
        insert_if_new(
            session, SupportSession, commune=commune, origin=origin, source=SOURCE, kind=content.kind.value,
            hamlet_id=content.hamlet_id, occurred_on=content.occurred_on, people=content.people, logged_at=now,
            written_at=now, adults=0, elderly=0, poor=0, ethnic_minority=0, disabled=0, note="", void_reason="",
            is_demo=False,
        ).returning(SupportSession.id)
    )  # fmt: skip
    if new_id is not None:
        audit.record(
            session, commune=commune, actor=audit.SYSTEM, action="session.created", subject_id=new_id, before=None,
            after=content.to_json(), now=now,
        )  # fmt: skip
        return True, new_id
    query = select(SupportSession.id).where(SupportSession.commune == commune, SupportSession.origin == origin)
    return False, (await session.scalars(query)).one()
