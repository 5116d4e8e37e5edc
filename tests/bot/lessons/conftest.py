"""For tests of the pocket lessons in the chat: ấp 3, ấp 5 and ấp 9, and whoever writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.engine import Database
from tests.support.chats import Chats
from tests.support.clock import FakeClock


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: what differs between databases is tests/db's business."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
async def chats(database: Database, clock: FakeClock) -> Chats:
    made = Chats(database, clock)
    await made.places("3", "5", "9")
    return made
