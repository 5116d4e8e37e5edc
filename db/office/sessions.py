"""Sign-ins of the office's page: begun, recognised by their token, ended. Only what a token hashes to is stored."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from db.office.models import OfficeAccount, OfficeSession

IDLE = timedelta(hours=12)
"""A sign-in that nobody used for so long is over: shared computers are left on."""

LONGEST = timedelta(days=7)

SEEN_EVERY = timedelta(minutes=5)
"""How exactly `last_seen_at` is kept, so that looking at pages does not write all the time."""

_TOKEN_BYTES = 32
_LONGEST_DEVICE = 64


async def begin(session: AsyncSession, account: OfficeAccount, device: str, now: datetime) -> str:
    """A new sign-in; its token, which is not kept. Old ones of everybody are cleared away meanwhile."""
    await session.execute(delete(OfficeSession).where(OfficeSession.expires_at <= now - LONGEST))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        OfficeSession(
            commune=account.commune, account_id=account.id, token_hash=_hash(token), device=device[:_LONGEST_DEVICE],
            created_at=now, last_seen_at=now, expires_at=now + LONGEST,
        )
    )  # fmt: skip
    account.signed_in_at = now
    await session.flush()
    return token


async def find(session: AsyncSession, commune: str, token: str, now: datetime) -> OfficeSession | None:
    """The sign-in of a token, with its account; None when it is over or the account is disabled."""
    query = (
        select(OfficeSession)
        .join(OfficeAccount, OfficeAccount.id == OfficeSession.account_id)
        .where(
            OfficeSession.commune == commune,
            OfficeSession.token_hash == _hash(token),
            OfficeSession.revoked_at.is_(None),
            OfficeSession.expires_at > now,
            OfficeSession.last_seen_at > now - IDLE,
            OfficeAccount.disabled_at.is_(None),
        )
        .options(joinedload(OfficeSession.account))
    )
    return (await session.scalars(query)).one_or_none()


async def seen(session: AsyncSession, session_id: int, now: datetime) -> None:
    """Notes that a sign-in is in use."""
    query = update(OfficeSession).where(OfficeSession.id == session_id, OfficeSession.last_seen_at < now)
    await session.execute(query.values(last_seen_at=now))


async def present_of(session: AsyncSession, account_id: int, now: datetime) -> list[OfficeSession]:
    """Where an account is signed in, the last used first."""
    query = (
        select(OfficeSession)
        .where(
            OfficeSession.account_id == account_id,
            OfficeSession.revoked_at.is_(None),
            OfficeSession.expires_at > now,
            OfficeSession.last_seen_at > now - IDLE,
        )
        .order_by(OfficeSession.last_seen_at.desc(), OfficeSession.id.desc())
    )
    return list(await session.scalars(query))


async def end(session: AsyncSession, session_id: int, now: datetime) -> None:
    """Signs out one device."""
    query = update(OfficeSession).where(OfficeSession.id == session_id, OfficeSession.revoked_at.is_(None))
    await session.execute(query.values(revoked_at=now))


async def end_all(session: AsyncSession, account_id: int, now: datetime, *, but: int | None = None) -> None:
    """Signs an account out everywhere, `but` for one sign-in."""
    query = update(OfficeSession).where(OfficeSession.account_id == account_id, OfficeSession.revoked_at.is_(None))
    if but is not None:
        query = query.where(OfficeSession.id != but)
    await session.execute(query.values(revoked_at=now))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
