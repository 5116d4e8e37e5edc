"""Accounts of the office's page: who there is, what they may do, and every change of it, audited."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.office.models import OfficeAccount, OfficeRole
from db.outreach import audit

USER_NAME = re.compile(r"[a-z0-9][a-z0-9._+-]*(?:@[a-z0-9-]+(?:\.[a-z0-9-]+)+)?")
SHORTEST_USER_NAME, LONGEST_USER_NAME = 3, 64
LONGEST_NAME = 128


class AccountError(Exception):
    """A change that is refused. `reason`: bad_user_name, no_name, taken, last_admin or unknown_member."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def by_account(account: OfficeAccount) -> str:
    """How an account stands in the audit log."""
    return f"office:{account.user_name}"


def tidy_user_name(typed: str) -> str:
    """The user name as it is kept: people type capitals and blanks."""
    return typed.strip().lower()


async def count(session: AsyncSession, commune: str) -> int:
    """How many accounts somebody could sign in with: those that have a password."""
    query = (
        select(func.count())
        .select_from(OfficeAccount)
        .where(OfficeAccount.commune == commune, OfficeAccount.password_hash.is_not(None))
    )
    return int(await session.scalar(query) or 0)


async def all_of(session: AsyncSession, commune: str) -> list[OfficeAccount]:
    """A commune's accounts, by name, the disabled ones last."""
    query = (
        select(OfficeAccount)
        .where(OfficeAccount.commune == commune)
        .order_by(OfficeAccount.disabled_at.is_not(None), OfficeAccount.name, OfficeAccount.id)
    )
    return list(await session.scalars(query))


async def by_id(session: AsyncSession, commune: str, account_id: int) -> OfficeAccount | None:
    """One of the commune's accounts."""
    query = select(OfficeAccount).where(OfficeAccount.commune == commune, OfficeAccount.id == account_id)
    return (await session.scalars(query)).one_or_none()


async def by_user_name(session: AsyncSession, commune: str, typed: str) -> OfficeAccount | None:
    """The account that somebody means by what they typed."""
    query = select(OfficeAccount).where(
        OfficeAccount.commune == commune, OfficeAccount.user_name == tidy_user_name(typed)
    )
    return (await session.scalars(query)).one_or_none()


async def add(
    session: AsyncSession, commune: str, *, user_name: str, name: str, role: OfficeRole, actor: str, now: datetime
) -> OfficeAccount:
    """A new account, without a password yet.

    Raises:
        AccountError: bad_user_name, no_name or taken.
    """
    user_name, name = tidy_user_name(user_name), " ".join(name.split())[:LONGEST_NAME]
    if not (SHORTEST_USER_NAME <= len(user_name) <= LONGEST_USER_NAME and USER_NAME.fullmatch(user_name)):
        raise AccountError("bad_user_name")
    if not name:
        raise AccountError("no_name")
    if await by_user_name(session, commune, user_name):
        raise AccountError("taken")
    account = OfficeAccount(
        commune=commune, user_name=user_name, name=name, role=role.value, created_at=now, created_by=actor
    )
    session.add(account)
    await session.flush()
    _note(session, account, "created", actor, now, None, {"user_name": user_name, "role": role.value})
    return account


async def set_role(session: AsyncSession, account: OfficeAccount, role: OfficeRole, actor: str, now: datetime) -> None:
    """Gives an account another role.

    Raises:
        AccountError: last_admin; nobody could manage accounts any more.
    """
    if account.role == role:
        return
    if role is not OfficeRole.ADMIN:
        await _keep_an_admin(session, account)
    before, account.role = account.role, role.value
    _note(session, account, "role_set", actor, now, {"role": before}, {"role": role.value})


async def disable(session: AsyncSession, account: OfficeAccount, actor: str, now: datetime) -> None:
    """Nobody signs in with the account any more; its sign-ins end with their next request.

    Raises:
        AccountError: last_admin.
    """
    if account.disabled_at is not None:
        return
    await _keep_an_admin(session, account)
    account.disabled_at = now
    _note(session, account, "disabled", actor, now, None, None)


async def enable(session: AsyncSession, account: OfficeAccount, actor: str, now: datetime) -> None:
    """Takes `disable` back."""
    if account.disabled_at is not None:
        account.disabled_at = None
        _note(session, account, "enabled", actor, now, None, None)


async def link_member(
    session: AsyncSession, account: OfficeAccount, member_id: int | None, actor: str, now: datetime
) -> None:
    """Notes which member in the chat is the same person."""
    before, account.member_id = account.member_id, member_id
    if before != member_id:
        _note(session, account, "member_linked", actor, now, {"member_id": before}, {"member_id": member_id})


def set_password(session: AsyncSession, account: OfficeAccount, password_hash: str, actor: str, now: datetime) -> None:
    """Gives an account a new password."""
    account.password_hash = password_hash
    _note(session, account, "password_set", actor, now, None, None)


def set_totp(session: AsyncSession, account: OfficeAccount, secret: str | None, actor: str, now: datetime) -> None:
    """Switches codes of an authenticator app on, or off with None."""
    if (account.totp_secret is None) == (secret is None) and secret is None:
        return
    account.totp_secret, account.totp_used_step = secret, None
    _note(session, account, "totp_on" if secret else "totp_off", actor, now, None, None)


def note_sign_in(session: AsyncSession, account: OfficeAccount, device: str, now: datetime) -> None:
    """Notes that the account was signed in with, on what kind of device."""
    _note(session, account, "signed_in", by_account(account), now, None, {"device": device})


def note_link(session: AsyncSession, account: OfficeAccount, actor: str, now: datetime) -> None:
    """Notes that somebody made a link with which the account's password can be set anew."""
    _note(session, account, "link_made", actor, now, None, None)


async def use_totp_step(session: AsyncSession, account: OfficeAccount, step: int) -> bool:
    """Notes that a code was used; False when it, or a later one, was used before: somebody may have looked on."""
    query = (
        update(OfficeAccount)
        .where(
            OfficeAccount.id == account.id,
            or_(OfficeAccount.totp_used_step.is_(None), OfficeAccount.totp_used_step < step),
        )
        .values(totp_used_step=step)
        .returning(OfficeAccount.id)
    )
    return await session.scalar(query) is not None


async def _keep_an_admin(session: AsyncSession, account: OfficeAccount) -> None:
    query = (
        select(OfficeAccount.id)
        .where(
            OfficeAccount.commune == account.commune,
            OfficeAccount.role == OfficeRole.ADMIN.value,
            OfficeAccount.disabled_at.is_(None),
            OfficeAccount.password_hash.is_not(None),
        )
        .with_for_update()
    )
    admins = set(await session.scalars(query))
    if admins == {account.id}:
        raise AccountError("last_admin")


def _note(
    session: AsyncSession,
    account: OfficeAccount,
    what: str,
    actor: str,
    now: datetime,
    before: dict[str, str | int | None] | None,
    after: dict[str, str | int | None] | None,
) -> None:
    audit.record(
        session, commune=account.commune, actor=actor, action=f"account.{what}", subject_id=account.id,
        before=before, after=after, now=now,
    )  # fmt: skip
