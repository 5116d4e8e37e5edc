"""Conversations: found or opened, locked for a turn, forgotten on request."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import person_links
from db.broadcasts import subscriptions
from db.engine import insert_if_new
from db.lessons import counted, progress
from db.models import Conversation, Feedback, InboxMessage, OutboxMessage, OutgoingDocument
from db.outreach import classes
from db.outreach.models import HelpRequest
from db.outreach.sheets import WaitingSheet
from db.reach import chat


async def find_or_open(
    session: AsyncSession, *, commune: str, channel: str, chat: str, sender: str, now: datetime
) -> Conversation:
    """The conversation of that sender in that chat, opened if this is its first message.

    The bots of two communes may share a database, and in private chats messengers count for each of them anew.
    """
    await session.execute(
        insert_if_new(
            session, Conversation, commune=commune, channel=channel, chat=chat, sender=sender, state={},
            created_at=now, last_seen_at=now,
        )
    )  # fmt: skip
    found = await find(session, commune=commune, channel=channel, chat=chat, sender=sender)
    assert found is not None, "it was there or has just been inserted"
    return found


async def find(session: AsyncSession, *, commune: str, channel: str, chat: str, sender: str) -> Conversation | None:
    """The conversation of that sender in that chat, if there was a message."""
    query = select(Conversation).where(
        Conversation.commune == commune,
        Conversation.channel == channel,
        Conversation.chat == chat,
        Conversation.sender == sender,
    )
    return (await session.scalars(query)).one_or_none()


async def lock(session: AsyncSession, conversation_id: int) -> Conversation:
    """The conversation, held until the transaction ends: one turn at a time, across processes too."""
    query = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    return (await session.scalars(query)).one()


async def mark_blocked(session: AsyncSession, conversation_id: int, now: datetime) -> None:
    """The channel says that this person no longer wants our messages."""
    await session.execute(update(Conversation).where(Conversation.id == conversation_id).values(blocked_at=now))


async def forget(session: AsyncSession, conversation: Conversation, keep_inbox_id: int, now: datetime) -> None:
    """Deletes what is kept of a conversation, at its owner's request.

    The message that asks for it (`keep_inbox_id`) stays, without text, until its confirmation is sent; retention takes
    it. So do messages that came in after it: they still wait for their answers. Requests for help are cancelled and
    lose their words; presence at a class that is closed, and scanned posters, still count, tied to no account.
    """
    conversation.state = {}
    conversation.start_code = None
    for table in (OutboxMessage, OutgoingDocument, WaitingSheet, Feedback):
        await session.execute(delete(table).where(table.conversation_id == conversation.id))
    await session.execute(
        update(HelpRequest)
        .where(HelpRequest.conversation_id == conversation.id, HelpRequest.state.in_(("open", "taken")))
        .values(state="cancelled", closed_at=now)
    )
    await session.execute(
        update(HelpRequest).where(HelpRequest.conversation_id == conversation.id).values(text="", conversation_id=None)
    )
    await classes.forget(session, conversation)
    await progress.forget(session, conversation)
    await counted.forget(session, conversation, now)
    await subscriptions.forget(session, conversation, now)
    await person_links.forget(session, conversation, now)
    await chat.forget(session, conversation)
    await session.execute(
        delete(InboxMessage).where(InboxMessage.conversation_id == conversation.id, InboxMessage.id < keep_inbox_id)
    )
