"""The tables. Every one carries its commune. No column holds an ID number: texts are masked before they come here."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from db.types import UtcDateTime

# SQLite counts rows up only for a column of exactly this type; PostgreSQL gets the room of 64 bits.
BigId = BigInteger().with_variant(Integer, "sqlite")

# SQLite would give the id of a deleted row to the next one, while somebody is still at work on the deleted one.
NO_ID_TWICE = {"sqlite_autoincrement": True}


class Base(DeclarativeBase):
    """All tables; constraint names are given so that migrations can name them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: UtcDateTime, dict[str, Any]: JSON, list[int]: JSON}


class Conversation(Base):
    """A commune's talk with one sender in one chat of one channel.

    `state` is what the next turn must know (bot/conversation.py).
    """

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("commune", "channel", "chat", "sender"),
        Index(None, "last_seen_at"),
        Index(None, "person_id"),
        Index(None, "commune", "account_hash"),
        NO_ID_TWICE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(32))
    chat: Mapped[str] = mapped_column(String(128))
    sender: Mapped[str] = mapped_column(String(128))
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    start_code: Mapped[str | None] = mapped_column(String(64))
    """The parameter of the deep link that opened the conversation, as it came."""
    blocked_at: Mapped[datetime | None]
    """When the channel told us that this person wants nothing from us any more."""
    person_id: Mapped[int | None] = mapped_column(BigId)
    """The same number in all conversations that their owner linked (db/persons.py); None in those that stand alone."""
    account_hash: Mapped[str | None] = mapped_column(String(64))
    """Of a linked one, its account as attendance at classes knows it."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class InboxMessage(Base):
    """A message as it arrived, stored before it is acted on. `handled_at` is set in the transaction that acts on it."""

    __tablename__ = "inbox_message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "message_id"),
        Index("ix_inbox_message_waiting", "conversation_id", "id", sqlite_where=text("handled_at IS NULL"),
              postgresql_where=text("handled_at IS NULL")),
        Index(None, "channel", "channel_number"),
        Index(None, "received_at"),
        NO_ID_TWICE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(32))
    message_id: Mapped[str] = mapped_column(String(128))
    edit_of: Mapped[str | None] = mapped_column(String(128))
    """The id of the message that this one changes, when that one had been handled already."""
    channel_number: Mapped[int | None] = mapped_column(BigInteger)
    """The channel's own counter, where it has one (Telegram's message_id); see db/outbox.py."""
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[str] = mapped_column(String(256), default="")
    file: Mapped[dict[str, Any] | None]
    """Name, size and reference of a document that came with it; never what is in it."""
    sent_at: Mapped[datetime]
    first_sent_at: Mapped[datetime | None]
    """When the message was sent that this edit changes; None when it is no edit."""
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)

    conversation: Mapped[Conversation] = relationship()


class OutboxMessage(Base):
    """One message to be sent, written in the transaction that decided on it. Pending until delivered or given up.

    It answers an inbox message, or is a notice of our own accord; a notice's `origin` is unique, so that it is written
    once however often its cause comes up.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("inbox_id", "position"),
        UniqueConstraint("commune", "origin"),
        Index("ix_outbox_message_pending", "conversation_id", "id",
              sqlite_where=text("delivered_at IS NULL AND given_up_at IS NULL"),
              postgresql_where=text("delivered_at IS NULL AND given_up_at IS NULL")),
        Index("ix_outbox_message_to_send", "channel", "priority", "id",
              sqlite_where=text("delivered_at IS NULL AND given_up_at IS NULL"),
              postgresql_where=text("delivered_at IS NULL AND given_up_at IS NULL")),
        Index(None, "conversation_id"),
        Index(None, "channel", "channel_number"),
        Index(None, "created_at"),
        NO_ID_TWICE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox_message.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    origin: Mapped[str | None] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(32))
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    """0: somebody waits for it; 1: one of many alike (a broadcast), which lets all others go first."""
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    in_doubt: Mapped[bool] = mapped_column(Boolean, default=False)
    """True from just before a sending until its outcome is known: it may or may not have reached the channel."""
    sent_after: Mapped[int | None] = mapped_column(BigInteger)
    """The channel's counter when the sending in doubt began."""
    channel_number: Mapped[int | None] = mapped_column(BigInteger)
    delivered_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)

    conversation: Mapped[Conversation] = relationship()
    inbox: Mapped[InboxMessage | None] = relationship()


class OutgoingDocument(Base):
    """The bytes of a file that a reply brings: made in the turn that decided on it, gone after some days.

    Kept, not made anew at sending: a reply that is sent again after a lost line must bring the very same file.
    """

    __tablename__ = "outgoing_document"
    __table_args__ = (UniqueConstraint("key"), Index(None, "conversation_id"), Index(None, "created_at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    """Not to be guessed: whoever has it may fetch the file."""
    name: Mapped[str] = mapped_column(String(128))
    media_type: Mapped[str] = mapped_column(String(128))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime]


class UnansweredQuestion(Base):
    """A masked question that got no good answer, for the office. Not tied to whoever asked."""

    __tablename__ = "unanswered_question"
    __table_args__ = (Index(None, "commune", "asked_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(16))
    """refused: nothing fitted; none_of_these: no button fitted; not_helpful: the article did not help."""
    topic: Mapped[str | None] = mapped_column(String(64))
    """What the bot had taken it for, if anything."""
    asked_at: Mapped[datetime]


class Feedback(Base):
    """Whether an article helped, as one conversation last said. Counted by topic."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("conversation_id", "topic"), Index(None, "commune", "topic"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(String(64))
    helpful: Mapped[bool]
    given_at: Mapped[datetime]


class QuestionDecision(Base):
    """What the office decided about an unanswered question; a later decision replaces it."""

    __tablename__ = "question_decision"
    __table_args__ = (UniqueConstraint("question_id"), Index(None, "commune", "decided_at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    question_id: Mapped[int] = mapped_column(ForeignKey("unanswered_question.id", ondelete="CASCADE"))
    verdict: Mapped[str] = mapped_column(String(64))
    """A topic or out_of_scope, which are learned; or ignore, after which the question is deleted in time."""
    decided_by: Mapped[str] = mapped_column(String(128))
    decided_at: Mapped[datetime]


class LearningRun(Base):
    """One training from the office's decisions: how the new model compared, and what became of it.

    `gate_*` and `new_*` hold the figures of bot/evaluation.py on the fixed test questions and on the sentences that no
    model had learned before; `worse` the questions that were right before and are not any more.
    """

    __tablename__ = "learning_run"
    __table_args__ = (Index(None, "commune", "started_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    started_by: Mapped[str] = mapped_column(String(128))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]
    """When the running bot took the model; None when none ran, for then the next start takes it."""
    outcome: Mapped[str] = mapped_column(String(16), default="running")
    """running, accepted, refused (the new model was worse) or failed (there was none)."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was refused or failed, one sentence for the operator."""
    model: Mapped[str] = mapped_column(String(128))
    sentences: Mapped[int]
    new_sentences: Mapped[int]
    gate_before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    gate_after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    new_before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    new_after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    worse: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class LinkKey(Base):
    """A commune's secret with which the codes in its links are signed (db/links.py); made when first needed."""

    __tablename__ = "link_key"

    commune: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
