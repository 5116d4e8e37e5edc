"""What tests of the office's pages need: the page over a migrated SQLite database, with the shipped content."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.library import Library
from db.engine import Database
from office import passwords
from tests.support.clock import FakeClock
from tests.support.office import QUICK_HASHER, Office


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: what differs between databases is tests/db's business."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(autouse=True)
def _passwords_are_hashed_quickly(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests sign in hundreds of times; those of the passwords themselves hash as the programme does."""
    if request.module.__name__.rpartition(".")[2] != "test_passwords":
        monkeypatch.setattr(passwords, "_hasher", QUICK_HASHER)


@pytest.fixture
def office(library: Library, database: Database, clock: FakeClock) -> Office:
    """The page, without any account."""
    return Office(library, database, clock)
