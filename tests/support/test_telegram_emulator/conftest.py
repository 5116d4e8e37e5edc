"""An emulator for each test, and bots on it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from telegram import Bot

from tests.support.telegram_emulator import TelegramEmulator

from .scene import PATIENCE, bot_on


@pytest.fixture(autouse=True)
def no_deprecated_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """RetryAfter of python-telegram-bot 22 warns when it is made, unless it may use timedelta."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def telegram() -> Iterator[TelegramEmulator]:
    with TelegramEmulator() as emulator:
        yield emulator


@pytest.fixture
async def bot(telegram: TelegramEmulator) -> AsyncIterator[Bot]:
    async with bot_on(telegram) as bot:
        yield bot


@pytest.fixture
async def impatient_bot(telegram: TelegramEmulator) -> AsyncIterator[Bot]:
    async with bot_on(telegram, patience=PATIENCE) as bot:
        yield bot
