"""Drafts of articles: who wrote what on which text, who approved it, and so the versions that went live.

The text that a draft was begun from is kept whole: it tells whether the file has changed since, what the draft changes,
and what stood there before the first version. What may go live is checked by the caller (content/editing.py).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.models import NO_ID_TWICE, Base, BigId
from db.outreach import audit


class DraftState(StrEnum):
    """How far a draft is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"


OPEN = (DraftState.DRAFT, DraftState.SUBMITTED, DraftState.REJECTED)


class ContentDraft(Base):
    """One draft of an article; an approved one is a version."""

    __tablename__ = "content_draft"
    __table_args__ = (Index(None, "commune", "article"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    article: Mapped[str] = mapped_column(String(128))
    """The topic's id."""
    text: Mapped[str] = mapped_column(Text)
    base_text: Mapped[str] = mapped_column(Text)
    """The file when the draft was begun; empty for a new article."""
    state: Mapped[str] = mapped_column(String(16), default=DraftState.DRAFT.value)
    written_by: Mapped[str] = mapped_column(String(128))
    written_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(128))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it was rejected."""
    rolls_back: Mapped[bool] = mapped_column(default=False)
    """It brings back a text that was live before, word by word."""


async def find(session: AsyncSession, commune: str, draft_id: int, *, lock: bool = False) -> ContentDraft | None:
    """A draft of this commune."""
    query = select(ContentDraft).where(ContentDraft.commune == commune, ContentDraft.id == draft_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def of_article(session: AsyncSession, commune: str, article: str) -> list[ContentDraft]:
    """All drafts of an article, the newest first."""
    query = select(ContentDraft).where(ContentDraft.commune == commune, ContentDraft.article == article)
    return list(await session.scalars(query.order_by(ContentDraft.id.desc())))


async def waiting(session: AsyncSession, commune: str) -> list[ContentDraft]:
    """Drafts that are open, those that wait for approval first."""
    query = select(ContentDraft).where(ContentDraft.commune == commune, ContentDraft.state.in_(OPEN))
    found = list(await session.scalars(query.order_by(ContentDraft.id)))
    return sorted(found, key=lambda draft: draft.state != DraftState.SUBMITTED)


async def begin(
    session: AsyncSession, commune: str, article: str, text: str, base_text: str, *, actor: str, now: datetime,
    rolls_back: bool = False,
) -> ContentDraft:  # fmt: skip
    """A new draft; one that rolls back waits for approval at once."""
    draft = ContentDraft(
        commune=commune, article=article, text=text, base_text=base_text, written_by=actor, written_at=now,
        state=(DraftState.SUBMITTED if rolls_back else DraftState.DRAFT).value, rolls_back=rolls_back,
    )  # fmt: skip
    session.add(draft)
    await session.flush()
    _note(session, draft, "rolled_back" if rolls_back else "drafted", actor, now)
    return draft


def edit(session: AsyncSession, draft: ContentDraft, text: str, *, submit: bool, actor: str, now: datetime) -> None:
    """Keeps the writer's text, as a draft again or for approval."""
    draft.rolls_back = draft.rolls_back and draft.text == text
    draft.text, draft.written_at = text, now
    draft.state = (DraftState.SUBMITTED if submit else DraftState.DRAFT).value
    _note(session, draft, "submitted" if submit else "edited", actor, now)


def begin_anew(session: AsyncSession, draft: ContentDraft, base_text: str, *, actor: str, now: datetime) -> None:
    """Puts the draft upon the file as it is now; the writer has seen what that changes."""
    draft.base_text, draft.state, draft.written_at = base_text, DraftState.DRAFT.value, now
    _note(session, draft, "edited", actor, now)


def decide(
    session: AsyncSession, draft: ContentDraft, state: DraftState, *, actor: str, now: datetime, reason: str = ""
) -> None:
    """Approves or rejects it."""
    draft.state, draft.decided_by, draft.decided_at, draft.reason = state.value, actor, now, reason[:500]
    _note(session, draft, state.value, actor, now)


def _note(session: AsyncSession, draft: ContentDraft, did: str, actor: str, now: datetime) -> None:
    audit.record(
        session, commune=draft.commune, actor=actor, action=f"article.{did}", subject_id=draft.id, before=None,
        after={"article": draft.article, "state": draft.state}, now=now,
    )  # fmt: skip
