"""Copies of the whole database in a folder, one a day, the oldest deleted. Says nothing of where they are taken then.

SQLite is copied while it is in use, as of one moment, and the copy is checked. PostgreSQL is dumped by its own pg_dump,
to be restored with pg_restore.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import make_url

KEEP_DAYS = 14
PREFIX = "daisuso-"
_ONLY_OURS = 0o600
_FOLDER_ONLY_OURS = 0o700


class NoToolError(Exception):
    """pg_dump is not installed here."""


class BackupError(Exception):
    """The copy could not be made, or is not good; the text says why."""


async def back_up(url: str, folder: Path, day: date) -> Path:
    """Makes the day's copy, in place of an earlier one of that day, and deletes those that are too old.

    Raises:
        NoToolError: it is PostgreSQL, and there is no pg_dump.
        BackupError: it failed; copies of earlier days are all still there.
        OSError: the folder can't be written to.
    """
    address = make_url(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    copy = folder / f"{PREFIX}{day:%Y-%m-%d}{'.sqlite3' if is_sqlite else '.dump'}"
    unfinished = copy.with_suffix(".unfinished")
    _make_private(unfinished)
    try:
        if is_sqlite:
            await asyncio.to_thread(_copy_sqlite, Path(address.database or ""), unfinished)
        else:
            await _dump_postgres(url, unfinished)
        unfinished.replace(copy)
    finally:
        unfinished.unlink(missing_ok=True)
    _delete_old(folder, day - timedelta(days=KEEP_DAYS))
    return copy


def _make_private(file: Path) -> None:
    """An empty file that nobody else on the machine can read."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_ONLY_OURS)
    file.unlink(missing_ok=True)
    file.touch(mode=_ONLY_OURS)


def _copy_sqlite(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(target)) as copy:
            original.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file is the whole copy
            [(verdict,)] = copy.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.Error as error:
        raise BackupError(f"SQLite: {error}") from None
    if verdict != "ok":
        raise BackupError("SQLite: the copy is damaged")


async def _dump_postgres(url: str, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise NoToolError
    address = make_url(url)
    asked = {"PGHOST": address.host, "PGPORT": address.port, "PGUSER": address.username, "PGDATABASE": address.database}
    options = {f"PG{name.upper()}": value for name, value in address.query.items() if isinstance(value, str)}
    secret = {"PGPASSWORD": address.password}  # never among the arguments, which everybody on the machine can read
    given = {name: str(value) for name, value in (options | asked | secret).items() if value is not None}
    process = await asyncio.create_subprocess_exec(
        program, "--format=custom", "--no-password", f"--file={target}",
        env=os.environ | given, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        _, told = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        reason = told.decode(errors="replace").strip().splitlines()
        raise BackupError(reason[0] if reason else f"pg_dump: {process.returncode}")


def _delete_old(folder: Path, last_to_go: date) -> None:
    for copy in folder.glob(f"{PREFIX}*"):
        try:
            made_on = date.fromisoformat(copy.stem.removeprefix(PREFIX))
        except ValueError:
            continue  # somebody else's file
        if made_on <= last_to_go:
            copy.unlink(missing_ok=True)
