"""Who would get a broadcast, on which channel, and who would not, and why. Counts persons: linked accounts are one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import persons
from db.broadcasts import channels
from db.broadcasts.letter import CITIZEN, Letter
from db.broadcasts.models import INTEREST_OF, Interest, Subscription
from db.models import Conversation
from db.outreach import hamlets
from db.outreach.models import Member, MemberAccount, MemberHamlet


class Unreached(StrEnum):
    """Why somebody who asked for it would not get a copy."""

    BLOCKED = "blocked"
    """They have blocked us; whoever writes again is back."""
    WINDOW_CLOSED = "window_closed"
    """Zalo: they wrote too long ago. Only a paid template would reach them."""
    NO_HAMLET = "no_hamlet"
    """The broadcast is for some hamlets, and we don't know theirs."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One person's copy: where it goes."""

    person: int
    conversation_id: int
    channel: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Who gets it, and how many don't, by channel and reason. `paid` would each cost a Zalo template."""

    copies: tuple[Copy, ...]
    unreached: dict[tuple[str, Unreached], int]

    @property
    def by_channel(self) -> dict[str, int]:
        """How many get it on each channel. Those on the web page get it when they open it."""
        return dict(sorted(Counter(copy.channel for copy in self.copies).items()))

    @property
    def count(self) -> int:
        """How many get it."""
        return len(self.copies)

    @property
    def paid(self) -> int:
        """How many could be reached by paid messages alone, and so are not."""
        return sum(count for (_, why), count in self.unreached.items() if why is Unreached.WINDOW_CLOSED)


@dataclass(frozen=True, slots=True)
class _Chat:
    id: int
    channel: str
    last_seen_at: datetime
    is_blocked: bool
    role: str


@dataclass(frozen=True, slots=True)
class _Person:
    number: int
    chats: tuple[_Chat, ...]
    hamlets: frozenset[int]

    @property
    def roles(self) -> set[str]:
        return {chat.role for chat in self.chats} - {CITIZEN} or {CITIZEN}


async def reach(session: AsyncSession, commune: str, letter: Letter, now: datetime) -> Reach:
    """Whom a broadcast that says this reaches now: the preview, and the choice when it begins."""
    people = await _subscribers(session, commune, INTEREST_OF[letter.sort])
    present = await hamlets.present_ids(session, commune)
    wanted = {present.get(one, one) for one in letter.hamlet_ids}
    copies: list[Copy] = []
    unreached: Counter[tuple[str, Unreached]] = Counter()
    for person in people:
        if letter.roles and not person.roles & set(letter.roles):
            continue
        at_home = {present.get(one, one) for one in person.hamlets}
        if wanted and at_home and not at_home & wanted:
            continue
        latest = max(person.chats, key=lambda chat: (chat.last_seen_at, chat.id))
        if wanted and not at_home:
            unreached[latest.channel, Unreached.NO_HAMLET] += 1
        elif chat := _way_to(person.chats, now):
            copies.append(Copy(person.number, chat.id, chat.channel))
        else:
            why = Unreached.BLOCKED if latest.is_blocked else Unreached.WINDOW_CLOSED
            unreached[latest.channel, why] += 1
    return Reach(tuple(copies), dict(unreached))


async def subscribers(session: AsyncSession, commune: str) -> dict[Interest, int]:
    """How many persons want to be told of each thing."""
    query = (
        select(Subscription.interest, func.count(func.distinct(persons.person())))
        .join(Conversation, Conversation.id == Subscription.conversation_id)
        .where(Subscription.commune == commune, Subscription.ended_at.is_(None))
        .group_by(Subscription.interest)
    )
    found = {interest: int(count) for interest, count in await session.execute(query)}
    return {interest: found.get(interest, 0) for interest in Interest}


def _way_to(chats: Iterable[_Chat], now: datetime) -> _Chat | None:
    """Of a person's chats that can be written to for nothing, the one used last."""
    ways = [chat for chat in chats if not chat.is_blocked and channels.is_open(chat.channel, chat.last_seen_at, now)]
    return max(ways, key=lambda chat: (chat.last_seen_at, chat.id), default=None)


async def _subscribers(session: AsyncSession, commune: str, interest: Interest) -> list[_Person]:
    """Persons who asked for it, with all their private chats, in a lasting order."""
    asked = (
        select(persons.person())
        .join(Subscription, Subscription.conversation_id == Conversation.id)
        .where(
            Subscription.commune == commune,
            Subscription.interest == interest.value,
            Subscription.ended_at.is_(None),
        )
    )
    query = (
        select(
            persons.person().label("person"), Conversation.id, Conversation.channel, Conversation.last_seen_at,
            Conversation.blocked_at, Member.id.label("member_id"), Member.role,
        )
        .outerjoin(
            MemberAccount,
            and_(
                MemberAccount.commune == Conversation.commune,
                MemberAccount.channel == Conversation.channel,
                MemberAccount.sender == Conversation.sender,
            ),
        )
        .outerjoin(Member, and_(Member.id == MemberAccount.member_id, Member.removed_at.is_(None)))
        .where(
            Conversation.commune == commune,
            Conversation.chat == Conversation.sender,
            persons.person().in_(asked),
        )
        .order_by(Conversation.id)
    )  # fmt: skip
    rows = (await session.execute(query)).all()
    homes = await _homes(session, commune, rows)
    by_person: defaultdict[int, list[_Chat]] = defaultdict(list)
    for row in rows:
        chat = _Chat(row.id, row.channel, row.last_seen_at, row.blocked_at is not None, row.role or CITIZEN)
        by_person[row.person].append(chat)
    return [_Person(number, tuple(chats), frozenset(homes[number])) for number, chats in by_person.items()]


async def _homes(session: AsyncSession, commune: str, rows: Sequence[Any]) -> dict[int, set[int]]:
    """The hamlets of each person: as they said themselves, and those that members serve."""
    homes: defaultdict[int, set[int]] = defaultdict(set)
    said = select(Subscription).where(Subscription.commune == commune, Subscription.hamlet_id.is_not(None))
    of_chat = {one.conversation_id: one.hamlet_id for one in await session.scalars(said) if one.hamlet_id}
    serve = select(MemberHamlet.member_id, MemberHamlet.hamlet_id).where(MemberHamlet.commune == commune)
    of_member: defaultdict[int, set[int]] = defaultdict(set)
    for member, hamlet in await session.execute(serve):
        of_member[member].add(hamlet)
    for row in rows:
        if row.id in of_chat:
            homes[row.person].add(of_chat[row.id])
        homes[row.person] |= of_member.get(row.member_id, set())
    return homes
