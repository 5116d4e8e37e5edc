"""The tables of the office's accounts. Passwords, session tokens and links are kept only as what they hash to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models import NO_ID_TWICE, Base, BigId
from db.outreach.models import Member


class OfficeRole(StrEnum):
    """What an account may do on the page, from least to most: look, change what the outreach is about, manage accounts.

    Not the roles of the chat (db.outreach.models.Role): a member gets in only with an account.
    """

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"

    def may(self, least: OfficeRole) -> bool:
        """Whether this role may do what needs `least`."""
        return _RANK[self] >= _RANK[least]


_RANK = {role: rank for rank, role in enumerate(OfficeRole)}


class OfficeAccount(Base):
    """Somebody who may sign in. Without `password_hash` the person has not opened their link yet."""

    __tablename__ = "office_account"
    __table_args__ = (UniqueConstraint("commune", "user_name"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    user_name: Mapped[str] = mapped_column(String(64))
    """What is typed to sign in, a short name or an e-mail address; in small letters."""
    name: Mapped[str] = mapped_column(String(128))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str | None] = mapped_column(String(256))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    """For codes of an authenticator app (RFC 6238), in base 32; None when the account uses none."""
    totp_used_step: Mapped[int | None] = mapped_column(BigId)
    """The 30 seconds whose code was last accepted: no code counts twice."""
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    """The member in the chat who is the same person, where that is known."""
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(128))
    disabled_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]
    """The last time."""

    member: Mapped[Member | None] = relationship()


class OfficeSession(Base):
    """One sign-in on one device, until it is signed out, silent for too long, or simply old."""

    __tablename__ = "office_session"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "expires_at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int] = mapped_column(ForeignKey("office_account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(64), default="")
    """What kind of browser, for the list of one's own sign-ins: "Chrome, Android"."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    account: Mapped[OfficeAccount] = relationship()


class OfficeLink(Base):
    """A one-time link with which somebody sets their password; without an account it makes the commune's first one."""

    __tablename__ = "office_link"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("office_account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(128))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
