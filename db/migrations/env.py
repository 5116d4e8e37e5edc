"""Alembic's entry: runs the migrations against the address that db.engine.alembic_config gives.

All of them or none, and one process at a time: replicas start together, and power cuts choose their moment badly.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.pool import ConnectionPoolEntry

from db import content_drafts as _content_drafts  # noqa: F401
from db import jobs as _jobs  # noqa: F401
from db import person_links as _person_links  # noqa: F401
from db import plan_tasks as _plan_tasks  # noqa: F401
from db import reports as _reports  # noqa: F401
from db import zalo as _zalo  # noqa: F401
from db.broadcasts import models as _broadcasts  # noqa: F401
from db.demo import mark as _demo  # noqa: F401
from db.engine import SQLITE_WAIT_SECONDS
from db.indicators import models as _indicators  # noqa: F401 - its tables belong to Base too
from db.lessons import models as _lessons  # noqa: F401
from db.models import Base
from db.office import models as _office  # noqa: F401
from db.outreach import models as _outreach  # noqa: F401
from db.outreach import sheets as _sheets  # noqa: F401
from db.reach import models as _reach  # noqa: F401
from db.types import UtcDateTime

LOCK = 20_040_001
"""The number of our advisory lock on PostgreSQL: any, but nobody else's."""


def _render(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Writes our own column type into new migrations by its short name."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogenerate.imports.add("from db.types import UtcDateTime")
        return "UtcDateTime()"
    return False


def _prepare_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver would begin no transaction for CREATE TABLE


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
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


def _connect_and_migrate() -> None:
    url = make_url(context.config.get_main_option("sqlalchemy.url") or "")
    if is_sqlite := url.get_backend_name() == "sqlite":
        url = url.set(drivername="sqlite")  # aiosqlite leaves a thread and its traceback behind when it can't open
    engine = create_engine(url, connect_args={"timeout": SQLITE_WAIT_SECONDS} if is_sqlite else {})
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        with engine.connect() as connection:
            if is_sqlite:
                connection.begin()  # before Alembic looks: it would commit after each migration, and let others in
            _migrate(connection)
            connection.commit()
    finally:
        engine.dispose()


_connect_and_migrate()
