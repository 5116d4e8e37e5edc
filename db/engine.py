"""The connection to SQLite or PostgreSQL: transactions that write, snapshots that read, and migrations.

On SQLite a writing transaction takes the write lock at its start (BEGIN IMMEDIATE), so that two turns wait for each
other instead of failing half-way; readers never wait (WAL).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from db.models import Base

SQLITE_WAIT_SECONDS = 30
POSTGRES_CONNECTIONS = 20
_READS_ONLY = "reads_only"


class Database:
    """One database. Its two context managers are the only ways in."""

    def __init__(self, url: str) -> None:
        """`url` is an SQLAlchemy one: sqlite+aiosqlite:///path or postgresql+psycopg://..."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        options: dict[str, Any] = (
            {"connect_args": {"timeout": SQLITE_WAIT_SECONDS}}
            if self.is_sqlite
            else {"pool_size": POSTGRES_CONNECTIONS, "pool_pre_ping": True}
        )
        self._engine = create_async_engine(url, **options)
        if self.is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)
            event.listen(self._engine.sync_engine, "invalidate", _release_sqlite)
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)
        self._readers = async_sessionmaker(
            self._engine.execution_options(**{_READS_ONLY: True}), expire_on_commit=False, autoflush=False
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose changes are all kept when the block ends well, and all dropped when it raises."""
        async with self._sessions() as session, session.begin():
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """A session for reading; on SQLite it waits for no writer."""
        async with self._readers() as session:
            yield session

    async def migrate(self) -> None:
        """Brings the schema to the newest version. The connection is its own, so that it works before anything else."""
        await asyncio.to_thread(command.upgrade, alembic_config(self.url), "head")

    async def ping(self) -> None:
        """Raises SQLAlchemyError when the database can't be reached."""
        async with self.snapshot() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Gives the connections back."""
        await self._engine.dispose()


def alembic_config(url: str) -> Config:
    """Alembic's settings without an ini file; % is doubled because Alembic interpolates."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def insert_if_new(session: AsyncSession, model: type[Base], **values: Any) -> Any:
    """An INSERT that does nothing, instead of failing, when a unique key is already there."""
    return insert_new(session, model, [values])


def insert_new(session: AsyncSession, model: type[Base], rows: list[dict[str, Any]]) -> Any:
    """`insert_if_new` for several rows, of which those are left out that are already there."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(model).values(rows).on_conflict_do_nothing()


def _prepare_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN, see below, not the driver
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # a power cut loses no committed visit
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _release_sqlite(connection: Any, _record: ConnectionPoolEntry, _error: BaseException | None) -> None:
    """Lets go of the write lock before the connection of a cancelled statement is closed.

    SQLite keeps a closed connection, lock and all, until its last statement is gone, and Python keeps that statement
    for as long as somebody holds the traceback.
    """
    connection.rollback()


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get(_READS_ONLY)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
