"""What tests of jobs need: a database of its own, and somebody in the office who reads notices."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.jobs.catalogue import Parts
from content.library import Library
from db.engine import Database
from db.models import Conversation, OutboxMessage
from db.outreach.models import Role
from tests.support import outreach
from tests.support.clock import FakeClock
from tests.support.rows import COMMUNE


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: what differs between databases is tests/db's business."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@dataclass
class Woken:
    """Counts how often the sender was told that something waits."""

    times: int = 0

    def __call__(self) -> None:
        self.times += 1


@dataclass
class Desk:
    """Jobs over a database, and what members were written."""

    parts: Parts
    told: Woken = field(default_factory=Woken)

    async def notices(self, who: str) -> list[dict[str, Any]]:
        """What somebody was written, in order."""
        query = (
            select(OutboxMessage.body)
            .join(Conversation, Conversation.id == OutboxMessage.conversation_id)
            .where(Conversation.sender == who)
            .order_by(OutboxMessage.id)
        )
        async with self.parts.database.snapshot() as session:
            return list(await session.scalars(query))


@pytest.fixture
def parts(library: Library, clock: FakeClock, tmp_path: Path) -> Parts:
    """Parts for those who only want to know when jobs run: their database is never opened."""
    return Parts(Database("sqlite+aiosqlite://"), lambda: library, COMMUNE, clock, Woken(), tmp_path)


@pytest.fixture
async def desk(database: Database, library: Library, clock: FakeClock, tmp_path: Path) -> Desk:
    """Everything that jobs work with. The office is chi-hoa and anh-son; ba-an is a member of a team."""
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        await outreach.member(session, "chi-hoa", role=Role.OFFICE)
        await outreach.member(session, "anh-son", role=Role.ADMIN)
        await outreach.member(session, "ba-an", place)
    told = Woken()
    return Desk(Parts(database, lambda: library, COMMUNE, clock, told, tmp_path), told)
