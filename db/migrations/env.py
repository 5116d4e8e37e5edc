"""Alembic's entry: runs the migrations against the address that db.engine.alembic_config gives."""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from db.models import Base
from db.types import UtcDateTime


def _render(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Writes our own column type into new migrations by its short name."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogenerate.imports.add("from db.types import UtcDateTime")
        return "UtcDateTime()"
    return False


def _migrate(connection: Connection) -> None:
    # SQLite can't alter tables: batch mode makes them anew.
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _connect_and_migrate() -> None:
    engine = create_async_engine(context.config.get_main_option("sqlalchemy.url") or "")
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(_connect_and_migrate())
