"""For tests of the Telegram channel: the emulator, and a bot that runs on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from content.library import Library
from db.engine import Database
from tests.support import migrated
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


@pytest.fixture
async def telegram_database(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A database of the test's own."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'telegram.db'}"
    migrated.copy_sqlite(migrated_file, url)
    database = Database(url)
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
