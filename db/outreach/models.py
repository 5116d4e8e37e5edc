"""The tables of outreach. Every one carries its commune; none holds an ID number, a code or a picture.

Words: docs/architecture.md. Rows that people delete are marked, not removed: the trash keeps them for 30 days.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models import NO_ID_TWICE, Base, BigId


class Role(StrEnum):
    """What a member of the commune's staff may do, from least to most. See bot/team/access.py."""

    MEMBER = "member"
    AMBASSADOR = "ambassador"
    OFFICE = "office"
    ADMIN = "admin"


class SessionKind(StrEnum):
    """Kinds of support sessions (đợt hỗ trợ)."""

    HOUSE_VISIT = "house_visit"
    CLASS = "class"
    ONE_STOP_DESK = "one_stop_desk"
    PUBLIC_EVENT = "public_event"
    CHAT = "chat"


class OutcomeCode(StrEnum):
    """What people may have achieved in a session."""

    VNEID_LEVEL2 = "vneid_level2"
    PAYMENT_ACCOUNT = "payment_account"
    DIGITAL_SIGNATURE = "digital_signature"
    HEALTH_BOOK = "health_book"
    DVC_ACCOUNT = "dvc_account"
    SOCIAL_SECURITY_ACCOUNT = "social_security_account"
    BASIC_DIGITAL_SKILLS = "basic_digital_skills"
    SCAM_AWARENESS = "scam_awareness"


class Group(StrEnum):
    """Who was helped: adults, and the groups that have priority. One person may be in several."""

    ADULTS = "adults"
    ELDERLY = "elderly"
    POOR = "poor"
    ETHNIC_MINORITY = "ethnic_minority"
    DISABLED = "disabled"


class Pillar(StrEnum):
    """The four pillars of a digital citizen, counted in adults of a household."""

    IDENTITY = "identity"
    DEVICE = "device"
    SKILL = "skill"
    ACCOUNT = "account"


class Hamlet(Base):
    """A thôn, xóm, ấp or bản. `name` is without the word: "3", "Khuổi Mèo"."""

    __tablename__ = "hamlet"
    __table_args__ = (UniqueConstraint("commune", "name_key"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(128))
    name_key: Mapped[str] = mapped_column(String(128))
    """The name as names are compared: `db.outreach.names.key`."""
    position: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("hamlet.id"), index=True)
    """Set when the hamlet was merged into another: its sessions count there."""
    created_at: Mapped[datetime]


class Household(Base):
    """A household (hộ), known by the name that neighbours use, and its adults on the four pillars."""

    __tablename__ = "household"
    __table_args__ = (Index(None, "commune", "hamlet_id"), Index(None, "commune", "name_key"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    hamlet_id: Mapped[int] = mapped_column(ForeignKey("hamlet.id"), index=True)
    name: Mapped[str] = mapped_column(String(128))
    name_key: Mapped[str] = mapped_column(String(128))
    number: Mapped[str | None] = mapped_column(String(16))
    """The household's number in the hamlet's list, where it has one."""
    adults: Mapped[int | None]
    people: Mapped[int | None]
    is_poor: Mapped[bool] = mapped_column(default=False)
    is_ethnic_minority: Mapped[bool] = mapped_column(default=False)
    has_elderly: Mapped[bool] = mapped_column(default=False)
    has_disabled: Mapped[bool] = mapped_column(default=False)
    identity: Mapped[int] = mapped_column(default=0)
    device: Mapped[int] = mapped_column(default=0)
    skill: Mapped[int] = mapped_column(default=0)
    account: Mapped[int] = mapped_column(default=0)
    surveyed_at: Mapped[datetime | None]
    """When the pillars were last counted in the house; visits since then add to them."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)

    hamlet: Mapped[Hamlet] = relationship()


class Member(Base):
    """Somebody who works for the outreach: team member, digital ambassador, office, admin."""

    __tablename__ = "member"
    __table_args__ = (Index(None, "commune", "removed_at"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(128))
    role: Mapped[str] = mapped_column(String(16))
    joined_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    monthly_target: Mapped[int | None]
    """Households to visit in a reporting month, where the commune sets it for a person."""
    is_demo: Mapped[bool] = mapped_column(default=False)

    hamlets: Mapped[list[Hamlet]] = relationship(secondary="member_hamlet", order_by="Hamlet.position, Hamlet.id")


class MemberHamlet(Base):
    """Which hamlets a member serves."""

    __tablename__ = "member_hamlet"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    hamlet_id: Mapped[int] = mapped_column(ForeignKey("hamlet.id"), primary_key=True, index=True)
    commune: Mapped[str] = mapped_column(String(64))


class MemberAccount(Base):
    """A chat account that speaks for a member. One account speaks for one member of a commune at a time."""

    __tablename__ = "member_account"
    __table_args__ = (UniqueConstraint("commune", "channel", "sender"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(32))
    sender: Mapped[str] = mapped_column(String(128))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"), index=True)
    """Where the member's notices go: the private chat in which the invitation was opened."""
    linked_at: Mapped[datetime]


class Invitation(Base):
    """A one-time link that makes whoever opens it a member. Only the code's hash is kept."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("code_hash"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    hamlet_ids: Mapped[list[int]]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(128))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)


class SupportSession(Base):
    """One đợt hỗ trợ: who was helped where and when, by whom.

    Its origin (the message and line, the sheet's row, the form) is unique: what comes twice is stored once. Content and
    voiding are each decided by the change written last, by the time it was written, whatever order they arrive in.
    """

    __tablename__ = "support_session"
    __table_args__ = (
        UniqueConstraint("commune", "origin"),
        Index(None, "commune", "occurred_on"),
        Index(None, "commune", "hamlet_id", "occurred_on"),
        NO_ID_TWICE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(16))
    """buttons, sentence, excel, class, desk, event, office or lesson."""
    kind: Mapped[str] = mapped_column(String(16))
    hamlet_id: Mapped[int] = mapped_column(ForeignKey("hamlet.id"), index=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("learning_class.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    """Who logged it."""
    occurred_on: Mapped[date] = mapped_column(Date)
    """The day in the commune's time zone."""
    logged_at: Mapped[datetime]
    """When we got to know of it."""
    people: Mapped[int]
    adults: Mapped[int] = mapped_column(default=0)
    elderly: Mapped[int] = mapped_column(default=0)
    poor: Mapped[int] = mapped_column(default=0)
    ethnic_minority: Mapped[int] = mapped_column(default=0)
    disabled: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime]
    """When the present content was written, by the sender's stamp: older edits that arrive later change nothing."""
    voided_at: Mapped[datetime | None]
    """In the trash since then; gone after 30 days."""
    void_reason: Mapped[str] = mapped_column(String(256), default="")
    void_written_at: Mapped[datetime | None]
    """When it was last decided whether the session is void, by the sender's stamp."""
    is_demo: Mapped[bool] = mapped_column(default=False)

    outcomes: Mapped[list[SessionOutcome]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    hamlet: Mapped[Hamlet] = relationship()
    household: Mapped[Household | None] = relationship()
    member: Mapped[Member | None] = relationship()


class SessionOutcome(Base):
    """How many people achieved one thing in a session; `count` is at least 1."""

    __tablename__ = "session_outcome"

    session_id: Mapped[int] = mapped_column(ForeignKey("support_session.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    count: Mapped[int]
    commune: Mapped[str] = mapped_column(String(64))


class SessionAnswer(Base):
    """A message that answered a question about a session: when it is edited, the answer is corrected.

    `origin` is the message's ("chat:12:345:"), `wants` what the question was about (bot/team/log_questions.py).
    """

    __tablename__ = "session_answer"
    __table_args__ = (UniqueConstraint("commune", "origin"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(200))
    session_id: Mapped[int] = mapped_column(ForeignKey("support_session.id", ondelete="CASCADE"), index=True)
    wants: Mapped[str] = mapped_column(String(16))
    written_at: Mapped[datetime]
    """When what it says now was written, by the sender's stamp."""


class LearningClass(Base):
    """A class on digital skills: planned, held, closed into a support session."""

    __tablename__ = "learning_class"
    __table_args__ = (Index(None, "commune", "starts_at"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    hamlet_id: Mapped[int] = mapped_column(ForeignKey("hamlet.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    without_phone: Mapped[int] = mapped_column(default=0)
    """People counted by hand because they could not check in."""
    elderly: Mapped[int] = mapped_column(default=0)
    """Of those counted by hand; they overlap: one person may be elderly and poor."""
    poor: Mapped[int] = mapped_column(default=0)
    ethnic_minority: Mapped[int] = mapped_column(default=0)
    disabled: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)

    hamlet: Mapped[Hamlet] = relationship()


class ClassAttendance(Base):
    """One chat account checked in to a class, or wants to come. `person` is a keyed hash of the account."""

    __tablename__ = "class_attendance"
    __table_args__ = (UniqueConstraint("class_id", "person"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    class_id: Mapped[int] = mapped_column(ForeignKey("learning_class.id", ondelete="CASCADE"))
    person: Mapped[str] = mapped_column(String(64), index=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"), index=True)
    """For the reminder of those who signed up."""
    signed_up_at: Mapped[datetime | None]
    checked_in_at: Mapped[datetime | None]


class HelpRequest(Base):
    """A citizen asks for a person. `open` -> `taken` -> `done`, or `cancelled` by the citizen at any time."""

    __tablename__ = "help_request"
    __table_args__ = (Index(None, "commune", "state"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    """human, home_visit or not_helped."""
    hamlet_id: Mapped[int | None] = mapped_column(ForeignKey("hamlet.id"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"), index=True)
    topic: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text, default="")
    """What the citizen wrote, masked; the household to go to, in the citizen's words."""
    state: Mapped[str] = mapped_column(String(16), default="open")
    created_at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    taken_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)
    helped: Mapped[bool | None]
    """What the citizen said afterwards."""
    session_id: Mapped[int | None] = mapped_column(ForeignKey("support_session.id", ondelete="SET NULL"), index=True)
    """The visit that came of it."""
    is_demo: Mapped[bool] = mapped_column(default=False)

    hamlet: Mapped[Hamlet | None] = relationship()
    taken_by: Mapped[Member | None] = relationship()


class Handover(Base):
    """A conversation handed to a person: messages of both sides go through the bot until it ends."""

    __tablename__ = "handover"
    __table_args__ = (
        Index(None, "citizen_conversation_id", "ended_at"),
        Index(None, "member_conversation_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    request_id: Mapped[int] = mapped_column(ForeignKey("help_request.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    citizen_conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    member_conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    started_at: Mapped[datetime]
    last_message_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AuditEntry(Base):
    """Who changed what, when, and what it was before. Written in the same transaction as the change."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "commune", "at"), Index(None, "subject", "subject_id"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(128))
    """"member:12", "office:thu-hoai", "citizen", "system" or the command line's "operator"."""
    action: Mapped[str] = mapped_column(String(48))
    """Subject and verb: "session.created", "member.removed"."""
    subject: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int] = mapped_column(BigId)
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
