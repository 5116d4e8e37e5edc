"""The tables of posters and of people whom the chat helped. No names: an account is a keyed hash, as at classes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models import NO_ID_TWICE, Base, BigId
from db.outreach.models import Hamlet


class Poster(Base):
    """A place where a poster hangs. Its code leads here for ever, in whatever size it is printed again."""

    __tablename__ = "poster"
    __table_args__ = (Index(None, "commune", "retired_at"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    hamlet_id: Mapped[int | None] = mapped_column(ForeignKey("hamlet.id"), index=True)
    """None: for the commune as a whole, as at the one-stop desk."""
    topic: Mapped[str | None] = mapped_column(String(64))
    """The article that it opens; None: it is about everything."""
    place: Mapped[str] = mapped_column(String(128), default="")
    """Where it hangs, in the office's words: "Nhà văn hóa ấp 3"; empty when nobody said."""
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(128))
    retired_at: Mapped[datetime | None]
    """Taken down: its code still greets, but counts no more."""

    hamlet: Mapped[Hamlet | None] = relationship()


class PosterScan(Base):
    """Somebody opened a poster's code: once a person and poster, however often they did."""

    __tablename__ = "poster_scan"
    __table_args__ = (UniqueConstraint("poster_id", "person"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    poster_id: Mapped[int] = mapped_column(ForeignKey("poster.id", ondelete="CASCADE"))
    person: Mapped[str] = mapped_column(String(64), index=True)
    """A keyed hash of the chat account."""
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class ChatPlace(Base):
    """The hamlet whose link or poster somebody opened last: for what they ask of a hamlet, and where they count."""

    __tablename__ = "chat_place"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    hamlet_id: Mapped[int] = mapped_column(ForeignKey("hamlet.id"), index=True)
    opened_at: Mapped[datetime]


class ChatPerson(Base):
    """Somebody was answered in the chat on the day and for the hamlet of a support session of kind chat."""

    __tablename__ = "chat_person"
    __table_args__ = (UniqueConstraint("session_id", "person"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    session_id: Mapped[int] = mapped_column(ForeignKey("support_session.id", ondelete="CASCADE"))
    person: Mapped[str] = mapped_column(String(64), index=True)
    """A keyed hash of the chat account, the same as at classes: who does both is one person."""
