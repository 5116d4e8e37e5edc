"""Copies of the database can be restored, are private, replace that of the same day, and go after two weeks."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from db.backup import KEEP_DAYS, BackupError, NoToolError, back_up
from db.engine import Database
from tests.support.rows import open_conversation

DAY = date(2026, 11, 22)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def files(folder: Path) -> dict[str, bytes]:
    """What lies there, by name."""
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir())}


def is_private(path: Path) -> bool:
    return path.stat().st_mode & 0o077 == 0


async def test_a_copy_made_while_others_write_holds_what_was_committed(database: Database, folder: Path) -> None:
    async with database.transaction() as session:
        await open_conversation(session, "ba-an")
    async with database.transaction() as session:
        await open_conversation(session, "ong-binh")
        await session.flush()
        copy = await back_up(database.url, folder, DAY)
    assert restored_senders(database, copy) == ["ba-an"]
    assert is_private(copy)
    assert is_private(folder)
    assert list(files(folder)) == [copy.name]


def restored_senders(database: Database, copy: Path) -> list[str]:
    """Who is in a database made from the copy alone."""
    question = "SELECT sender FROM conversation"
    if database.is_sqlite:
        with sqlite3.connect(f"file:{copy}?mode=ro", uri=True) as connection:
            return [sender for (sender,) in connection.execute(question)]
    address = database.url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE restored")
        try:
            target = address.rpartition("/")[0] + "/restored"
            subprocess.run(["pg_restore", f"--dbname={target}", "--no-owner", copy], check=True)
            with psycopg.connect(target) as restored:
                return [sender for (sender,) in restored.execute(question)]
        finally:
            connection.execute("DROP DATABASE restored WITH (FORCE)")


async def test_one_a_day_for_two_weeks_and_nobody_elses_files(tmp_path: Path, folder: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    await database.ping()
    others = (await back_up(database.url, folder, DAY)).rename(folder / "daisuso-before-the-upgrade.sqlite3")
    for number in range(KEEP_DAYS + 3):
        for _twice in range(2):
            await back_up(database.url, folder, DAY + timedelta(days=number))
    await database.close()
    days = [DAY + timedelta(days=number) for number in range(3, KEEP_DAYS + 3)]
    wanted = [f"daisuso-{day}.sqlite3" for day in days] + [others.name]
    assert list(files(folder)) == wanted


async def test_a_database_that_is_damaged_takes_no_good_copy_away(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "test.db"
    database = Database(f"sqlite+aiosqlite:///{file}")
    await database.ping()
    await database.close()
    good = await back_up(database.url, folder, DAY)
    before = files(folder)
    file.write_bytes(b"SQLite format 3\x00" + b"\x13" * 8000)
    with pytest.raises(BackupError):
        await back_up(database.url, folder, DAY)
    assert files(folder) == before
    assert list(before) == [good.name]


async def test_postgresql_without_pg_dump_is_told_apart(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(NoToolError):
        await back_up("postgresql+psycopg://daisuso:secret@127.0.0.1:1/daisuso", folder, DAY)
    assert files(folder) == {}


async def test_a_server_that_is_away_is_told_without_the_password(folder: Path) -> None:
    with pytest.raises(BackupError) as told:
        await back_up("postgresql+psycopg://daisuso:secret@127.0.0.1:1/daisuso", folder, DAY)
    assert "secret" not in str(told.value)
    assert files(folder) == {}
