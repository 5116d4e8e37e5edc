"""Linking two chats of one person by a one-time code: made in one, typed in the other, agreed to there.

Whoever has a code can ask to be taken for the person who made it, so a code lasts minutes, opens once, is kept as a
keyed hash, and may not be guessed at. Nothing is linked before the other chat agrees; where the first one carries a
member's role, it must confirm after that, for people can be talked into reading a code aloud. It can undo it, too.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db import links, persons
from db.models import NO_ID_TWICE, Base, BigId, Conversation
from db.outreach import audit, members

CODE_LASTS = timedelta(minutes=15)
LETTERS = "CHKLMNPRTVX23456789"
"""Without pairs that look alike, and without what Vietnamese keyboards turn into other letters (vowels, dd, w)."""
LENGTH = 8

GUESSES_IN = timedelta(hours=1)
GUESSES_OF_ONE, GUESSES_OF_ALL = 5, 100
"""Wrong codes in that time by one chat and in the whole commune: with 50 codes waiting, a chance of 1 in 3 million."""
CODES_OF_ONE = 5
MOST_CHATS = 6
"""Of one person: every channel, and a second browser."""

KEPT_FOR = timedelta(days=30)
"""How long it can be undone from the first chat by one press; /tach works for ever."""


class State(StrEnum):
    """How far a code has come."""

    WAITING = "waiting"
    OPENED = "opened"
    AGREED = "agreed"
    LINKED = "linked"
    ENDED = "ended"


class PersonLink(Base):
    """A code, from the chat that made it to the chat that typed it."""

    __tablename__ = "person_link"
    __table_args__ = (UniqueConstraint("commune", "code_hash"), Index(None, "created_at"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class LinkGuess(Base):
    """A code that led nowhere was typed. For counting alone: what it was is not kept."""

    __tablename__ = "link_guess"
    __table_args__ = (Index(None, "commune", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]


class LinkRefusedError(Exception):
    """Why two chats are not linked. `reason`: a key of the texts `refused` in content/texts/link_chats.yml."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Disowned:
    """The chat that is somebody else's, and whether it was linked when its first one said so."""

    other: Conversation
    was_linked: bool


def normal(text: str) -> str:
    """A code as it is kept, of one that somebody typed: "kxtm 24-79" is KXTM2479."""
    return re.sub(r"[\s.·-]", "", text).upper()


def looks_like_code(text: str) -> bool:
    """Whether a whole message is a code and nothing else. Every code has letters and digits: no number is one."""
    code = normal(text)
    return len(code) == LENGTH and set(code) <= set(LETTERS) and not code.isdigit() and not code.isalpha()


async def make(session: AsyncSession, conversation: Conversation, now: datetime) -> str:
    """A new code of this chat; earlier ones that nobody has opened open nothing any more.

    Raises:
        LinkRefusedError: it has had too many.
    """
    made = select(func.count(PersonLink.id)).where(
        PersonLink.conversation_id == conversation.id, PersonLink.created_at > now - GUESSES_IN
    )
    if (await session.scalar(made) or 0) >= CODES_OF_ONE:
        raise LinkRefusedError("too_many_codes")
    for earlier in await _of(session, conversation, State.WAITING):
        earlier.state = State.ENDED.value
    code = ""
    while not looks_like_code(code):
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    session.add(
        PersonLink(
            commune=conversation.commune, conversation_id=conversation.id, state=State.WAITING.value,
            code_hash=await _hashed(session, conversation.commune, code), created_at=now, expires_at=now + CODE_LASTS,
        )
    )  # fmt: skip
    return code


async def open_code(session: AsyncSession, conversation: Conversation, code: str, now: datetime) -> PersonLink:
    """Takes a code for this chat, which may now agree. The same chat may open it again; no other can.

    Raises:
        LinkRefusedError: it leads nowhere, or these two chats can't be linked.
    """
    if await _guessed_too_often(session, conversation, now):
        raise LinkRefusedError("too_many_guesses")
    hashed = await _hashed(session, conversation.commune, normal(code))
    query = select(PersonLink).where(PersonLink.commune == conversation.commune, PersonLink.code_hash == hashed)
    found = (await session.scalars(query.with_for_update())).one_or_none()
    if found is None:
        session.add(LinkGuess(commune=conversation.commune, conversation_id=conversation.id, at=now))
        raise LinkRefusedError("unknown")
    if found.conversation_id == conversation.id:
        raise LinkRefusedError("same_chat")
    is_own = found.state == State.OPENED and found.opened_by_id == conversation.id
    if found.state != State.WAITING and not is_own:
        raise LinkRefusedError("used")
    if found.expires_at <= now:
        raise LinkRefusedError("expired")
    await _check(session, await maker(session, found), conversation)
    if not is_own:
        found.state, found.opened_by_id, found.expires_at = State.OPENED.value, conversation.id, now + CODE_LASTS
    return found


async def agree(session: AsyncSession, conversation: Conversation, link_id: int, now: datetime) -> PersonLink:
    """The chat that opened the code says yes. That links the two, or asks the first one first: see the state.

    Raises:
        LinkRefusedError: it is too late, or something has changed meanwhile.
    """
    found = await _locked(session, conversation.commune, link_id)
    if found is None or found.opened_by_id != conversation.id or found.state != State.OPENED:
        raise LinkRefusedError("gone")
    if found.expires_at <= now:
        raise LinkRefusedError("expired")
    first = await maker(session, found)
    if await members.of_conversation(session, first):
        await _check(session, first, conversation)
        found.state, found.expires_at = State.AGREED.value, now + CODE_LASTS
    else:
        await _link(session, found, first, conversation, now)
    return found


async def confirm(session: AsyncSession, conversation: Conversation, link_id: int, now: datetime) -> PersonLink:
    """The chat that made the code says that the one which agreed is its owner's: now they are linked.

    Raises:
        LinkRefusedError: it is too late, or something has changed meanwhile.
    """
    found = await _locked(session, conversation.commune, link_id)
    if found is None or found.conversation_id != conversation.id or found.state != State.AGREED:
        raise LinkRefusedError("gone")
    if found.expires_at <= now:
        raise LinkRefusedError("expired")
    await _link(session, found, conversation, await opener(session, found), now)
    return found


async def decline(session: AsyncSession, conversation: Conversation, link_id: int) -> PersonLink | None:
    """The chat that opened the code says no; None when that is decided already."""
    found = await _locked(session, conversation.commune, link_id)
    if found is None or found.opened_by_id != conversation.id or found.state != State.OPENED:
        return None
    found.state = State.ENDED.value
    return found


async def disown(session: AsyncSession, conversation: Conversation, link_id: int, now: datetime) -> Disowned | None:
    """The chat that made the code says that the other one is not its owner's, which stands alone from now on.

    None when there is nothing to end any more: nobody has opened it, or it has ended.
    """
    found = await _locked(session, conversation.commune, link_id)
    endable = {State.OPENED, State.AGREED, State.LINKED}
    if found is None or found.conversation_id != conversation.id or found.state not in endable:
        return None
    other = await opener(session, found)
    found.state = State.ENDED.value
    was_linked = persons.person_of(other) == persons.person_of(conversation)
    if was_linked:
        await _note(session, other, "person.disowned", now)
        await persons.separate(session, other)
    return Disowned(other, was_linked)


async def leave(session: AsyncSession, conversation: Conversation, now: datetime) -> list[Conversation]:
    """Takes a chat out of its person; returns those it was linked with."""
    linked = await persons.conversations_of(session, persons.person_of(conversation))
    others = [one for one in linked if one.id != conversation.id]
    if others:
        await _note(session, conversation, "person.separated", now)
        await persons.separate(session, conversation)
    return others


async def forget(session: AsyncSession, conversation: Conversation, now: datetime) -> None:
    """Takes back what a chat's owner said about other chats: the link, and the codes."""
    await leave(session, conversation, now)
    for column in (PersonLink.conversation_id, PersonLink.opened_by_id):
        await session.execute(delete(PersonLink).where(column == conversation.id))
    await session.execute(delete(LinkGuess).where(LinkGuess.conversation_id == conversation.id))


async def delete_old(session: AsyncSession, now: datetime) -> None:
    """Deletes codes and guesses that serve nothing any more."""
    await session.execute(delete(PersonLink).where(PersonLink.created_at < now - KEPT_FOR))
    await session.execute(delete(LinkGuess).where(LinkGuess.at < now - GUESSES_IN))


async def maker(session: AsyncSession, link: PersonLink) -> Conversation:
    """The chat that made a code."""
    return await session.get_one(Conversation, link.conversation_id)


async def opener(session: AsyncSession, link: PersonLink) -> Conversation:
    """The chat that typed a code which was opened."""
    return await session.get_one(Conversation, link.opened_by_id)


async def _link(
    session: AsyncSession, link: PersonLink, first: Conversation, other: Conversation, now: datetime
) -> None:
    await _check(session, first, other)
    await persons.link(session, first, other)
    link.state = State.LINKED.value
    await _note(session, other, "person.linked", now)


async def _check(session: AsyncSession, one: Conversation, other: Conversation) -> None:
    """Raises LinkRefusedError when these two can't become one person's."""
    if persons.person_of(one) == persons.person_of(other):
        raise LinkRefusedError("already")
    if one.person_id and other.person_id:
        raise LinkRefusedError("both_linked")
    chats = [
        chat
        for person in (persons.person_of(one), persons.person_of(other))
        for chat in await persons.conversations_of(session, person)
    ]
    if len(chats) > MOST_CHATS:
        raise LinkRefusedError("too_many_chats")
    found = {member.id for chat in chats if (member := await members.of_conversation(session, chat))}
    if len(found) > 1:
        raise LinkRefusedError("two_members")


async def _guessed_too_often(session: AsyncSession, conversation: Conversation, now: datetime) -> bool:
    recent = select(func.count(LinkGuess.id)).where(
        LinkGuess.commune == conversation.commune, LinkGuess.at > now - GUESSES_IN
    )
    by_one = await session.scalar(recent.where(LinkGuess.conversation_id == conversation.id)) or 0
    return by_one >= GUESSES_OF_ONE or (await session.scalar(recent) or 0) >= GUESSES_OF_ALL


async def _of(session: AsyncSession, conversation: Conversation, state: State) -> list[PersonLink]:
    query = select(PersonLink).where(
        PersonLink.conversation_id == conversation.id, PersonLink.state == state.value
    )  # fmt: skip
    return list(await session.scalars(query))


async def _locked(session: AsyncSession, commune: str, link_id: int) -> PersonLink | None:
    query = select(PersonLink).where(PersonLink.commune == commune, PersonLink.id == link_id).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def _hashed(session: AsyncSession, commune: str, code: str) -> str:
    return await links.keyed_hash(session, commune, f"person:{code}")


async def _note(session: AsyncSession, conversation: Conversation, action: str, now: datetime) -> None:
    """Into the audit log: by which number the person is known, and on which channels; not who it is."""
    member = await members.of_conversation(session, conversation)
    chats = await persons.conversations_of(session, persons.person_of(conversation))
    audit.record(
        session, commune=conversation.commune, actor=audit.by_member(member) if member else audit.CITIZEN,
        action=action, subject_id=persons.person_of(conversation), before=None,
        after={"channel": conversation.channel, "channels": sorted(chat.channel for chat in chats)}, now=now,
    )  # fmt: skip
