"""The migrations make exactly the tables of the models, and every foreign key can be followed quickly both ways."""

from __future__ import annotations

import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from db.engine import Database, alembic_config
from db.models import Base


async def test_migrated_database_is_what_the_models_say(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    engine = create_async_engine(database.url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    await database.migrate()
    await database.ping()


@pytest.mark.servers
def test_processes_that_start_together_may_all_migrate(database_url: str) -> None:
    programme = "import sys, asyncio; from db.engine import Database; asyncio.run(Database(sys.argv[1]).migrate())"
    processes = [subprocess.Popen([sys.executable, "-c", programme, database_url]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]


async def test_a_migration_that_breaks_half_way_leaves_nothing_behind(database_url: str) -> None:
    database = Database(database_url)
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE outbox_message (in_the_way INTEGER)"))
    with pytest.raises(SQLAlchemyError):
        await database.migrate()

    async with database.transaction() as session:
        tables = await session.run_sync(lambda at: inspect(at.connection()).get_table_names())
        assert set(tables) - {"alembic_version"} == {"outbox_message"}
        await session.execute(text("DROP TABLE outbox_message"))
    await database.migrate()
    await database.close()


def test_migrations_can_be_taken_back(database_url: str) -> None:
    config = alembic_config(database_url)
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    command.upgrade(config, "head")


async def test_both_sides_of_every_foreign_key_have_a_full_index(database: Database) -> None:
    def without_index(connection: Connection) -> list[str]:
        inspector = inspect(connection)
        lacking = []
        for table in Base.metadata.sorted_tables:
            leading = {
                index["column_names"][0] for index in inspector.get_indexes(table.name) if not _is_partial(index)
            }
            leading |= {unique["column_names"][0] for unique in inspector.get_unique_constraints(table.name)}
            leading |= set(inspector.get_pk_constraint(table.name)["constrained_columns"][:1])
            for key in inspector.get_foreign_keys(table.name):
                if key["constrained_columns"][0] not in leading:
                    lacking.append(f"{table.name}.{key['constrained_columns'][0]}")
        return lacking

    engine = create_async_engine(database.url)
    async with engine.connect() as connection:
        assert await connection.run_sync(without_index) == []
    await engine.dispose()


def _is_partial(index: object) -> bool:
    assert isinstance(index, dict)
    return any(key.endswith("_where") for key in index.get("dialect_options", {}))


def test_every_table_carries_its_commune() -> None:
    assert [table.name for table in Base.metadata.sorted_tables if "commune" not in table.columns] == []
