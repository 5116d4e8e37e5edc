"""What is kept of a commune's Zalo Official Account: its pair of tokens, its troubles, and pictures already uploaded.

The refresh token is good for one use, and nobody can ask Zalo whether a use has succeeded. So a refresh is claimed in a
transaction of its own, under a lock on the row, before Zalo is asked; the new pair is committed before it is used. A
claim whose holder died is never taken over: its token may be used up, and an administrator must consent anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import String, Text, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.engine import insert_if_new
from db.models import Base, Conversation, InboxMessage

CHANNEL = "zalo"
"""The channel's name in conversations and messages."""

REFRESH_AFTER = timedelta(hours=20)
"""An access token lasts 25 hours; that leaves five to mend what is wrong."""

CLAIM_LASTS = timedelta(seconds=90)
"""Whoever has claimed a refresh and has not told its outcome after so long has died."""

LONGEST_REASON = 300


class Trouble(StrEnum):
    """Why nothing can be sent until somebody does something; what each wants is said where it is shown."""

    NO_GRANT = "no_grant"
    REFRESH_REFUSED = "refresh_refused"
    REFRESH_LOST = "refresh_lost"
    """A refresh may have used up the token, and its answer never came."""
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a reason
    """Zalo refuses a token that it has just given."""


class ZaloAccount(Base):
    """A commune's Official Account. Without tokens nobody has consented yet; the rest is known from its webhook."""

    __tablename__ = "zalo_account"

    commune: Mapped[str] = mapped_column(String(64), primary_key=True)
    oa_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    access_token: Mapped[str | None] = mapped_column(Text)
    refresh_token: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime | None]
    """When the access token ends."""
    refreshed_at: Mapped[datetime | None]
    """When this pair came."""
    consented_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    """A refresh is under way since then, and its outcome not known."""
    trouble: Mapped[str | None] = mapped_column(String(32))
    """One of `Trouble`; a new consent ends it."""
    trouble_detail: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    trouble_at: Mapped[datetime | None]
    stopped_by: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    """What Zalo said when it last refused the account as a whole (package, rights, ...); the next success ends it."""
    stopped_at: Mapped[datetime | None]
    event_at: Mapped[datetime | None]
    """When the last genuine event came."""
    refused_at: Mapped[datetime | None]
    refused_why: Mapped[str | None] = mapped_column(String(32))
    """When an event was last turned away, and why (bot/channels/zalo_webhook.py)."""


class ZaloPicture(Base):
    """A picture that Zalo holds for us, by what it shows; nobody's name is in it."""

    __tablename__ = "zalo_picture"

    commune: Mapped[str] = mapped_column(String(64), primary_key=True)
    oa_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    attachment_id: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Account:
    """Which account: a commune's, by its id at Zalo."""

    commune: str
    oa_id: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Tokens as Zalo gives them."""

    access_token: str
    refresh_token: str
    expires_at: datetime


class ClaimedError(Exception):
    """Somebody else is refreshing this moment."""


class TroubledError(Exception):
    """There is nothing to refresh with; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


async def find(session: AsyncSession, account: Account) -> ZaloAccount | None:
    """What is kept of an account."""
    return await session.get(ZaloAccount, (account.commune, account.oa_id), populate_existing=True)


async def lock(session: AsyncSession, account: Account) -> ZaloAccount:
    """The account's row, made when there is none, and nobody else's until the transaction ends."""
    await session.execute(insert_if_new(session, ZaloAccount, commune=account.commune, oa_id=account.oa_id))
    query = (
        select(ZaloAccount)
        .where(ZaloAccount.commune == account.commune, ZaloAccount.oa_id == account.oa_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).one()


async def consent(session: AsyncSession, account: Account, pair: Pair, now: datetime) -> None:
    """Keeps a pair that an administrator's consent gave; whatever was wrong before is over."""
    row = await lock(session, account)
    _store(row, pair, now)
    row.consented_at = now
    row.trouble = row.trouble_detail = row.trouble_at = row.stopped_by = row.stopped_at = None


async def claim_refresh(session: AsyncSession, account: Account, stale: str, now: datetime) -> str | None:
    """Claims the refresh of an access token; commit before Zalo is asked. Returns the refresh token to use.

    None when somebody has refreshed it already.

    Raises:
        ClaimedError: somebody is at it.
        TroubledError: only a new consent helps. The trouble is noted: commit in this case too.
    """
    row = await lock(session, account)
    if row.trouble:
        raise TroubledError(Trouble(row.trouble))
    if row.access_token is None or row.refresh_token is None:
        raise TroubledError(Trouble.NO_GRANT)
    if row.access_token != stale:
        return None
    if row.claimed_at is not None:
        if now - row.claimed_at < CLAIM_LASTS:
            raise ClaimedError
        note_trouble(row, Trouble.REFRESH_LOST, "", now)
        raise TroubledError(Trouble.REFRESH_LOST)
    row.claimed_at = now
    return row.refresh_token


async def keep_refreshed(session: AsyncSession, account: Account, pair: Pair, used: str, now: datetime) -> None:
    """Keeps the pair that came for a refresh token; commit before it is used. A consent given meanwhile stands."""
    row = await lock(session, account)
    if row.refresh_token == used:
        _store(row, pair, now)


async def give_back_claim(session: AsyncSession, account: Account, used: str) -> None:
    """The refresh never reached Zalo: its token is as good as before."""
    row = await lock(session, account)
    if row.refresh_token == used:
        row.claimed_at = None


async def refresh_failed(
    session: AsyncSession, account: Account, used: str, trouble: Trouble, detail: str, now: datetime
) -> None:
    """The refresh was refused, or may have used up the token; a consent given meanwhile stands."""
    row = await lock(session, account)
    if row.refresh_token == used:
        note_trouble(row, trouble, detail, now)


async def token_refused(session: AsyncSession, account: Account, access_token: str, detail: str, now: datetime) -> None:
    """Zalo refuses an access token although it was refreshed."""
    row = await lock(session, account)
    if row.access_token == access_token and row.trouble is None:
        note_trouble(row, Trouble.TOKEN_REFUSED, detail, now)


def note_trouble(row: ZaloAccount, trouble: Trouble, detail: str, now: datetime) -> None:
    """Notes why nothing can be refreshed or sent."""
    row.trouble, row.trouble_detail, row.trouble_at = trouble.value, detail[:LONGEST_REASON], now
    row.claimed_at = None


def _store(row: ZaloAccount, pair: Pair, now: datetime) -> None:
    row.access_token, row.refresh_token, row.expires_at = pair.access_token, pair.refresh_token, pair.expires_at
    row.refreshed_at, row.claimed_at = now, None


async def note_stop(session: AsyncSession, account: Account, reason: str | None, now: datetime) -> None:
    """Notes that Zalo refuses the account as a whole, and why; None when it takes messages again."""
    row = await lock(session, account)
    row.stopped_by, row.stopped_at = (reason[:LONGEST_REASON], now) if reason else (None, None)


async def note_event(session: AsyncSession, account: Account, refused: str | None, now: datetime) -> None:
    """Notes that a genuine event came, or why one was turned away."""
    row = await lock(session, account)
    if refused is None:
        row.event_at = now
    else:
        row.refused_at, row.refused_why = now, refused


# --- pictures ---------------------------------------------------------------------------------------------------------


async def picture(session: AsyncSession, account: Account, digest: str, now: datetime) -> str | None:
    """The id under which Zalo holds a picture, while it does."""
    row = await session.get(ZaloPicture, (account.commune, account.oa_id, digest))
    return row.attachment_id if row and row.expires_at > now else None


async def keep_picture(
    session: AsyncSession, account: Account, digest: str, attachment_id: str, *, until: datetime, now: datetime
) -> None:
    """Notes an uploaded picture; those whose time is over go."""
    await session.execute(delete(ZaloPicture).where(ZaloPicture.expires_at <= now))
    row = ZaloPicture(
        commune=account.commune, oa_id=account.oa_id, digest=digest, attachment_id=attachment_id, expires_at=until
    )
    await session.merge(row)


async def forget_picture(session: AsyncSession, account: Account, digest: str) -> None:
    """Zalo does not hold it any more."""
    await session.execute(
        delete(ZaloPicture).where(
            ZaloPicture.commune == account.commune, ZaloPicture.oa_id == account.oa_id, ZaloPicture.digest == digest
        )
    )


# --- people -----------------------------------------------------------------------------------------------------------


async def last_seen(session: AsyncSession, commune: str, person: str) -> datetime | None:
    """When somebody last did something toward the account, as far as we have heard."""
    query = select(func.max(Conversation.last_seen_at)).where(
        Conversation.commune == commune, Conversation.channel == CHANNEL, Conversation.chat == person
    )
    return await session.scalar(query)


async def left(session: AsyncSession, commune: str, person: str, at: datetime, now: datetime) -> None:
    """Somebody unfollowed the account then: unreachable, unless a message that they wrote later is here already."""
    query = select(Conversation).where(
        Conversation.commune == commune, Conversation.channel == CHANNEL, Conversation.chat == person
    )
    for conversation in await session.scalars(query):
        newest = await session.scalar(
            select(func.max(InboxMessage.sent_at)).where(InboxMessage.conversation_id == conversation.id)
        )
        if newest is None or newest <= at:
            conversation.blocked_at = now


async def reachable(session: AsyncSession, commune: str, since: datetime) -> tuple[int, int]:
    """How many people have a conversation over Zalo and have not left; how many of them were heard of since then."""
    query = select(func.count(), func.count().filter(Conversation.last_seen_at > since)).where(
        Conversation.commune == commune, Conversation.channel == CHANNEL, Conversation.blocked_at.is_(None)
    )
    known, open_now = (await session.execute(query)).one()
    return known, open_now
