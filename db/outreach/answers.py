"""Which message answered which question about a support session, so that editing the message corrects the answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_if_new
from db.outreach.models import SessionAnswer, SupportSession


async def note(session: AsyncSession, stored: SupportSession, *, origin: str, wants: str, written_at: datetime) -> None:
    """Notes that the message of that origin told of a session what a question `wants` to know, and when it was written.

    A message answers one question; of its versions the one that was written last counts.
    """
    await session.execute(
        insert_if_new(
            session, SessionAnswer, commune=stored.commune, origin=origin, session_id=stored.id, wants=wants,
            written_at=written_at,
        )
    )  # fmt: skip
    noted = await of_origin(session, stored.commune, origin)
    if noted is not None and noted.session_id == stored.id:
        noted.written_at = max(noted.written_at, written_at)


async def of_origin(session: AsyncSession, commune: str, origin: str) -> SessionAnswer | None:
    """What the message of that origin answered, if it did and its session is still there."""
    query = select(SessionAnswer).where(SessionAnswer.commune == commune, SessionAnswer.origin == origin)
    return (await session.scalars(query)).one_or_none()
