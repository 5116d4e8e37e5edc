"""What tests of the office's pages need: the page over a migrated SQLite database, with the shipped content."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command

from content.library import Library
from db.engine import Database, alembic_config
from office import passwords
from tests.support.clock import FakeClock
from tests.support.office import QUICK_HASHER, Office


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that is migrated once: each test begins with a copy."""
    file = tmp_path_factory.mktemp("office") / "empty.db"
    command.upgrade(alembic_config(f"sqlite:///{file}"), "head")
    return file


@pytest.fixture
def database_url(tmp_path: Path, migrated_file: Path) -> str:
    """SQLite alone: what differs between databases is tests/db's business."""
    return f"sqlite+aiosqlite:///{shutil.copy(migrated_file, tmp_path / 'test.db')}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture(autouse=True)
def _passwords_are_hashed_quickly(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests sign in hundreds of times; those of the passwords themselves hash as the programme does."""
    if request.module.__name__.rpartition(".")[2] != "test_passwords":
        monkeypatch.setattr(passwords, "_hasher", QUICK_HASHER)


@pytest.fixture
def office(library: Library, database: Database, clock: FakeClock) -> Office:
    """The page, without any account."""
    return Office(library, database, clock)
