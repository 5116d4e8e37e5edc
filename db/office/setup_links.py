"""One-time links with which people of the office set their password: made, checked, used up."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.office.models import OfficeAccount, OfficeLink

GOOD_FOR = timedelta(hours=24)
KEPT_FOR = timedelta(days=30)
"""After their end; the audit log keeps that they were made."""

_TOKEN_BYTES = 24


async def make(
    session: AsyncSession, commune: str, account: OfficeAccount | None, created_by: str, now: datetime
) -> str:
    """A link's token, shown once and not kept; earlier ones for the same account (None: the first one) end with it."""
    await session.execute(delete(OfficeLink).where(OfficeLink.expires_at <= now - KEPT_FOR))
    await end_all(session, commune, account.id if account else None, now)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        OfficeLink(
            commune=commune, account_id=account.id if account else None, token_hash=_hash(token), created_at=now,
            created_by=created_by, expires_at=now + GOOD_FOR,
        )
    )  # fmt: skip
    await session.flush()
    return token


async def find(session: AsyncSession, commune: str, token: str, now: datetime) -> OfficeLink | None:
    """The link that a token opens, locked until the transaction ends; None when it is used, old, or none."""
    query = (
        select(OfficeLink)
        .where(
            OfficeLink.commune == commune,
            OfficeLink.token_hash == _hash(token),
            OfficeLink.used_at.is_(None),
            OfficeLink.revoked_at.is_(None),
            OfficeLink.expires_at > now,
        )
        .with_for_update()
    )
    return (await session.scalars(query)).one_or_none()


async def end_all(session: AsyncSession, commune: str, account_id: int | None, now: datetime) -> None:
    """Takes back what is still open for an account, or for making the first one."""
    query = update(OfficeLink).where(
        OfficeLink.commune == commune,
        OfficeLink.account_id.is_(None) if account_id is None else OfficeLink.account_id == account_id,
        OfficeLink.used_at.is_(None),
        OfficeLink.revoked_at.is_(None),
    )
    await session.execute(query.values(revoked_at=now))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
