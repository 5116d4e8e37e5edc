"""For tests of the Telegram channel: the emulator, and a bot that runs on it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from alembic import command

from content.library import Library
from db.engine import Database, alembic_config
from tests.support.telegram_bot import TelegramBot, hurry
from tests.support.telegram_emulator import TelegramEmulator
from tests.support.told_nlu import ToldNlu


@pytest.fixture
def telegram() -> Iterator[TelegramEmulator]:
    """Telegram."""
    with TelegramEmulator() as emulator:
        yield emulator


@pytest.fixture
def nlu() -> ToldNlu:
    """Knows two questions."""
    return ToldNlu({"quen mat khau": "vneid.forgot_password", "doi can cuoc": "cccd.renew"})


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database to copy: migrating is slow."""
    file = tmp_path_factory.mktemp("migrated") / "empty.db"
    command.upgrade(alembic_config(f"sqlite+aiosqlite:///{file}"), "head")
    return file


@pytest.fixture
async def telegram_database(migrated: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A database of the test's own."""
    database = Database(f"sqlite+aiosqlite:///{shutil.copy(migrated, tmp_path / 'telegram.db')}")
    yield database
    await database.close()


@pytest.fixture
async def bot(
    telegram: TelegramEmulator,
    telegram_database: Database,
    library: Library,
    nlu: ToldNlu,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[TelegramBot]:
    """A bot that polls Telegram."""
    hurry(monkeypatch)
    bot = TelegramBot(telegram, telegram_database, library, nlu)
    await bot.start()
    yield bot
    await bot.stop()
