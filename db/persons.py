"""Persons: the conversations that somebody said are one person's, on several channels.

A conversation nobody linked is a person of its own. Linked ones hold the same number, the id that one of them has or
had; it means nothing else, and may change when one leaves. So store conversations, and count persons when you count:

    select(func.count(func.distinct(persons.person()))).join(Conversation, ...)
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, or_, select
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


async def linked_ids(session: AsyncSession, conversation_id: int) -> list[int]:
    """The ids of all conversations of the person whose conversation that is; empty when it is gone."""
    found = await session.get(Conversation, conversation_id)
    return [one.id for one in await conversations_of(session, person_of(found))] if found else []


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
    await _hold(session, Conversation.id.in_((one.id, other.id)))  # nobody can change either's person meanwhile
    both = {person_of(one), person_of(other)}
    for conversation in await _hold(session, Conversation.person_id.in_(both) | Conversation.id.in_(both)):
        if person_of(conversation) in both:
            conversation.person_id = min(both)
            conversation.account_hash = await account_hash(session, conversation)
    await session.flush()


async def separate(session: AsyncSession, conversation: Conversation) -> None:
    """Makes a conversation a person of its own again; the others stay one."""
    await _hold(session, Conversation.id == conversation.id)
    if conversation.person_id is None:
        return
    linked = await _hold(session, Conversation.person_id == conversation.person_id)
    left = [one for one in linked if one.id != conversation.id]
    for other in left:
        other.person_id = left[0].id if len(left) > 1 else None
        other.account_hash = other.account_hash if len(left) > 1 else None
    conversation.person_id = conversation.account_hash = None
    await session.flush()


async def _hold(session: AsyncSession, condition: ColumnElement[bool]) -> list[Conversation]:
    """These conversations as they are now, in one order for everybody, held until the transaction ends."""
    query = select(Conversation).where(condition).order_by(Conversation.id).with_for_update()
    return list(await session.scalars(query.execution_options(populate_existing=True)))
