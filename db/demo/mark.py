"""How demo data is known: that a commune has some, since when, and the marks of rows that have no column for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.models import Base

CHANNEL = "demo"
"""The channel of made-up conversations and questions: no real one is called so, and nothing is sent to it."""
PERSON = "demo:"
"""How the persons of made-up attendances begin; those of real ones are hashes in hexadecimal digits."""


class DemoFill(Base):
    """A commune that holds demo data. One row a commune, so that it can't be filled twice, not even at once."""

    __tablename__ = "demo_fill"

    commune: Mapped[str] = mapped_column(String(64), primary_key=True)
    filled_at: Mapped[datetime]


class DemoError(Exception):
    """Demo data can't be filled in or removed; `reason` is already, real_sessions, no_hamlets or nothing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def has_demo(session: AsyncSession, commune: str) -> bool:
    """Whether a commune holds demo data now: pages then say so."""
    return await session.get(DemoFill, commune) is not None
