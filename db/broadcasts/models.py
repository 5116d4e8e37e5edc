"""The tables of broadcasts. Nobody is in them who did not ask to be: a subscription is the citizen's own doing."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models import NO_ID_TWICE, Base, BigId


class Interest(StrEnum):
    """What a citizen can ask to be told of."""

    SCAM_ALERTS = "scam_alerts"
    CLASS_NOTICES = "class_notices"
    COMMUNE_NEWS = "commune_news"
    LESSON_REMINDERS = "lesson_reminders"


class BroadcastSort(StrEnum):
    """What a broadcast is."""

    SCAM_ALERT = "scam_alert"
    CLASS_NOTICE = "class_notice"
    OTHER = "other"


INTEREST_OF = {
    BroadcastSort.SCAM_ALERT: Interest.SCAM_ALERTS,
    BroadcastSort.CLASS_NOTICE: Interest.CLASS_NOTICES,
    BroadcastSort.OTHER: Interest.COMMUNE_NEWS,
}
"""Who asked for scam alerts has not asked for anything else: the sort decides who may get it."""


class BroadcastState(StrEnum):
    """How far a broadcast is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENDING = "sending"
    DONE = "done"
    STOPPED = "stopped"
    REJECTED = "rejected"


class RecipientState(StrEnum):
    """What became of one recipient's copy."""

    PENDING = "pending"
    """Chosen, not yet written to the outbox."""
    QUEUED = "queued"
    """In the outbox; on the web page until that person opens it."""
    SENT = "sent"
    FAILED = "failed"
    BLOCKED = "blocked"
    OPTED_OUT = "opted_out"
    """Wanted nothing any more before the copy was sent, or had everything deleted."""
    STOPPED = "stopped"
    """The broadcast was stopped before."""


class Subscription(Base):
    """Somebody asked, in that conversation, to be told of something; until they say that it is enough."""

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("conversation_id", "interest"),
        Index(None, "commune", "interest"),
        Index(None, "ended_at"),
        NO_ID_TWICE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    interest: Mapped[str] = mapped_column(String(32))
    hamlet_id: Mapped[int | None] = mapped_column(ForeignKey("hamlet.id"), index=True)
    """The hamlet that they said they live in; None when they did not."""
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Broadcast(Base):
    """One text to many. `draft` -> `submitted` -> `approved` -> `sending` -> `done`; or `rejected`, `stopped`."""

    __tablename__ = "broadcast"
    __table_args__ = (Index(None, "commune", "state"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    sort: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    """In the small markup."""
    topic: Mapped[str | None] = mapped_column(String(64))
    """The article that a button under the text opens."""
    hamlet_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Only for people of these; empty: for the whole commune."""
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Only for these: "citizen" and the members' roles; empty: for everybody."""
    state: Mapped[str] = mapped_column(String(16), default=BroadcastState.DRAFT.value)
    created_by: Mapped[str] = mapped_column(String(128))
    """The actor, as in the audit log; whoever edits the draft last."""
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    scheduled_for: Mapped[datetime | None]
    """Nothing is sent before; None: at once when approved."""
    approved_by: Mapped[str | None] = mapped_column(String(128))
    approved_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it was rejected or stopped."""
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """Done, stopped or rejected since."""
    final: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    """What became of it, counted, once the recipients' rows are gone."""


class BroadcastRecipient(Base):
    """One person's copy of a broadcast. Once the conversation is forgotten it still counts, tied to nobody."""

    __tablename__ = "broadcast_recipient"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "conversation_id"),
        UniqueConstraint("broadcast_id", "person"),
        Index(None, "broadcast_id", "state"),
        Index(None, "conversation_id"),
        Index(None, "outbox_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcast.id", ondelete="CASCADE"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    person: Mapped[int | None] = mapped_column(BigId)
    """Whose copy it is (db/persons.py) when it was chosen: linked accounts get one."""
    channel: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), default=RecipientState.PENDING.value)
    reason: Mapped[str] = mapped_column(String(200), default="")
    """Why it failed."""
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_message.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]
