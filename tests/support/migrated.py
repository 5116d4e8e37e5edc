"""Migrated databases without migrating each of them: that would take longer than most tests do.

The real migrations run once a test run and kind of database; every test gets a copy of what they made.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
from alembic import command
from sqlalchemy import make_url

from db.engine import alembic_config

TEMPLATE = "migrated_template"


def make_sqlite(folder: Path) -> Path:
    """A migrated database's file."""
    file = folder / "migrated.db"
    command.upgrade(alembic_config(f"sqlite:///{file}"), "head")
    return file


def copy_sqlite(template: Path, url: str) -> None:
    """Puts a copy where `url` points."""
    place = make_url(url).database
    assert place is not None
    shutil.copyfile(template, place)


def make_postgres(server: str) -> str:
    """Makes a migrated database on that server and returns its name."""
    with psycopg.connect(plain(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}".encode())
    command.upgrade(alembic_config(server.replace("/postgres", f"/{TEMPLATE}")), "head")
    return TEMPLATE


def copy_postgres(server: str, template: str, url: str) -> None:
    """Replaces the empty database at `url` by a copy."""
    name = make_url(url).database
    with psycopg.connect(plain(server), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}".encode())
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())


def plain(url: str) -> str:
    """The address as psycopg wants it."""
    return url.replace("+psycopg", "")
