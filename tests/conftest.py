"""What many tests need: the real content, a clock that stands still, and a migrated database of each kind."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from bot.nlu import Endpoint
from content.library import Library, read_library
from db.engine import Database
from tests.support import migrated, postgres, rasa
from tests.support.clock import FakeClock
from tests.support.memory import quick_folder

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    """Has pytest's temporary folders made in memory where there is enough of it."""
    if folder := quick_folder():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


@pytest.fixture(scope="session")
def library() -> Library:
    """The content that is shipped."""
    return read_library(ROOT / "content")


@pytest.fixture
def clock() -> FakeClock:
    """A clock that goes only when told to."""
    return FakeClock()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL server's first database."""
    with postgres.cluster() as address:
        yield address


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty database on that server."""
    name = f"test_{uuid4().hex}"
    admin = migrated.plain(postgres_server)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield postgres_server.replace("/postgres", f"/{name}")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: each test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database to copy."""
    return migrated.make_sqlite(tmp_path_factory.mktemp("migrated"))


@pytest.fixture(scope="session")
def migrated_template(postgres_server: str) -> str:
    """The name of a database on PostgreSQL to copy."""
    return migrated.make_postgres(postgres_server)


@pytest.fixture
def migrated_url(database_url: str, request: pytest.FixtureRequest) -> str:
    """The same address, when the database there is migrated."""
    if database_url.startswith("sqlite"):
        migrated.copy_sqlite(request.getfixturevalue("migrated_file"), database_url)
    else:
        server, template = map(request.getfixturevalue, ("postgres_server", "migrated_template"))
        migrated.copy_postgres(server, template, database_url)
    return database_url


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    """A migrated database."""
    database = Database(migrated_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def rasa_server() -> Iterator[Endpoint]:
    """A real Rasa server with the real model; for tests marked `servers`."""
    with rasa.server() as endpoint:
        yield endpoint
