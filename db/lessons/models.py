"""The tables of pocket lessons. The name on a certificate is in none of them: it is drawn, sent and forgotten."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models import NO_ID_TWICE, Base, BigId


class LessonProgress(Base):
    """How far somebody came with a lesson in one conversation; of linked ones the furthest of each counts.

    Card and answers only ever grow, so whatever order presses arrive in, and however often, they end in the same row.
    """

    __tablename__ = "lesson_progress"
    __table_args__ = (UniqueConstraint("conversation_id", "lesson"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    lesson: Mapped[str] = mapped_column(String(20))
    card: Mapped[int] = mapped_column(default=0)
    """The furthest card that was shown, counted from 1."""
    right: Mapped[list[int]] = mapped_column(default=list)
    """The questions answered right at some time, counted from 1; wrong answers are nobody's business."""
    changed_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    """When all cards had been read and all questions answered right; doing it again changes nothing."""


class LessonCourse(Base):
    """What a conversation's owner decided about the course as a whole."""

    __tablename__ = "lesson_course"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    wants_reminder: Mapped[bool] = mapped_column(default=False)
    """Only at their own wish; one chat of linked ones."""
    asked_at: Mapped[datetime | None]
    """When the reminder was asked for."""
    reminded_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)
    """Since something was learnt last."""
    finished_at: Mapped[datetime | None]
    """When every lesson that there was then had been finished; lessons that are added later take nothing away."""


class CountedLearner(Base):
    """Somebody who finished the course and agreed to count as an adult with basic digital skills of a hamlet."""

    __tablename__ = "counted_learner"
    __table_args__ = (UniqueConstraint("commune", "person"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the chat account, the same as at classes: nobody reads the account from it."""
    hamlet_id: Mapped[int] = mapped_column(ForeignKey("hamlet.id"), index=True)
    finished_on: Mapped[date] = mapped_column(Date)
    """The day on which the course was finished, in the commune's time zone: it counts from there on."""
    agreed_at: Mapped[datetime]
