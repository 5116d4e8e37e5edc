"""Persons: the conversations that somebody said are one person's, on several channels.

A conversation nobody linked is a person of its own. Linked ones hold the same number, the id that one of them has or
had; it means nothing else, and may change when one leaves. So store conversations, and count persons when you count:

    select(func.count(func.distinct(persons.person()))).join(Conversation, ...)
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import links
from db.models import Conversation


def person_of(conversation: Conversation) -> int:
    """The number of the person whose conversation this is; the same for all that are linked."""
    return conversation.person_id or conversation.id


def person() -> ColumnElement[int]:
    """`person_of` in a query that has the table of conversations: for counting distinct people."""
    return func.coalesce(Conversation.person_id, Conversation.id)


async def conversations_of(session: AsyncSession, person: int) -> list[Conversation]:
    """All conversations of a person, the oldest first."""
    query = (
        select(Conversation)
        .where(
            or_(Conversation.person_id == person, (Conversation.id == person) & Conversation.person_id.is_(None)),
        )
        .order_by(Conversation.id)
    )
    return list(await session.scalars(query))


async def account_hash(session: AsyncSession, conversation: Conversation) -> str:
    """The account, as attendance at classes knows it: nobody reads the account from it, and each account is one."""
    return await links.keyed_hash(session, conversation.commune, f"{conversation.channel}:{conversation.sender}")


async def link(session: AsyncSession, one: Conversation, other: Conversation) -> None:
    """Makes two conversations of a commune, with all that are linked to either, those of one person.

    Raises:
        ValueError: they are of different communes.
    """
    if one.commune != other.commune:
        raise ValueError("a person of two communes is one in each")
    number = min(person_of(one), person_of(other))
    for each in {person_of(one), person_of(other)}:
        for conversation in await conversations_of(session, each):
            conversation.person_id = number
            conversation.account_hash = await account_hash(session, conversation)
    await session.flush()


async def separate(session: AsyncSession, conversation: Conversation) -> None:
    """Makes a conversation a person of its own again; the others stay one."""
    if conversation.person_id is None:
        return
    query = select(Conversation).where(
        Conversation.person_id == conversation.person_id, Conversation.id != conversation.id
    )
    left = list(await session.scalars(query))
    number = min((other.id for other in left), default=None) if len(left) > 1 else None
    for other in left:
        other.person_id = number
        other.account_hash = other.account_hash if number else None
    await session.execute(
        update(Conversation).where(Conversation.id == conversation.id).values(person_id=None, account_hash=None)
    )
    conversation.person_id = conversation.account_hash = None
    await session.flush()
