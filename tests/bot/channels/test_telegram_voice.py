"""Voice over Telegram: recordings go out as voice; what people say is heard by a real command, and not kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.transcriber import CommandTranscriber
from content.audio import FOLDER
from db.models import InboxMessage, OutboxMessage
from tests.conftest import ROOT
from tests.support.telegram_bot import TelegramBot
from tests.support.telegram_emulator import TelegramEmulator
from tests.support.telegram_emulator.state import FileContent

pytestmark = pytest.mark.servers

AN = 7
QUESTION = "quên mật khẩu VNeID"
VOICE = FileContent("voice.oga", QUESTION.encode(), "audio/ogg")
"""What the listener of these tests hears is what the file holds, letter by letter."""


@pytest.fixture
def listening(bot: TelegramBot, tmp_path: Path) -> TelegramBot:
    """The bot with a command that hears."""
    file = tmp_path / "nghe.py"
    file.write_text("import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())")
    bot.inbox.hear_voice_by(CommandTranscriber(f"{sys.executable} {file}", seconds=20))
    return bot


async def answers(telegram: TelegramEmulator, bot: TelegramBot, voice: FileContent) -> list[str]:
    telegram.user_sends(AN, "voice", file=voice)
    await bot.at_rest()
    return [message.visible_text for message in await bot.messages_to(AN)]


async def test_what_was_heard_is_shown_and_answered_like_a_text(
    telegram: TelegramEmulator, listening: TelegramBot
) -> None:
    listening.nlu.meanings[QUESTION] = "vneid.forgot_password"
    heard, answer = await answers(telegram, listening, VOICE)
    assert heard == f"👂 Tôi nghe được: “{QUESTION}”"
    assert "Quên mật khẩu VNeID" in answer


async def test_nothing_of_it_is_stored_and_numbers_are_masked(
    telegram: TelegramEmulator, listening: TelegramBot
) -> None:
    spoken = FileContent("voice.oga", b"can cuoc cua toi la 001099012345", "audio/ogg")
    heard, *_ = await answers(telegram, listening, spoken)
    assert "001099012345" not in heard
    [(text, file, payload)] = await listening.rows(InboxMessage, "text", "file", "payload")
    assert (text, file, payload) == ("", None, "voice")
    stored = str(await listening.rows(OutboxMessage, "body"))
    assert "001099012345" not in stored


@pytest.mark.parametrize("said", [b" ", b"\xff"])
async def test_what_was_not_heard_is_said_kindly(
    telegram: TelegramEmulator, listening: TelegramBot, said: bytes
) -> None:
    [told] = await answers(telegram, listening, FileContent("voice.oga", said, "audio/ogg"))
    assert "chưa nghe rõ" in told
    assert "Gặp người hỗ trợ" in told


async def test_a_long_one_is_not_even_fetched(telegram: TelegramEmulator, listening: TelegramBot) -> None:
    [told] = await answers(telegram, listening, FileContent("voice.oga", bytes(2 * 1024 * 1024 + 1), "audio/ogg"))
    assert "chưa nghe rõ" in told


async def test_without_a_listener_people_are_told_what_else_they_can_do(
    telegram: TelegramEmulator, bot: TelegramBot
) -> None:
    [told] = await answers(telegram, bot, VOICE)
    assert "chưa nghe được tin nhắn thoại" in told
    [(file,)] = await bot.rows(InboxMessage, "file")
    assert file is None


async def test_an_article_s_recording_comes_as_a_voice_message(telegram: TelegramEmulator, bot: TelegramBot) -> None:
    bot.nlu.meanings["giả công an"] = "scam.fake_police"
    telegram.user_says(AN, "giả công an")
    [article] = await bot.messages_to(AN)
    telegram.user_presses(AN, article.message_id, article.button("🔊 Nghe").data)
    [voice] = [message for message in await bot.messages_to(AN) if message.kind == "voice"]
    assert voice.file is not None
    assert voice.file.content == (ROOT / "content" / FOLDER / "scam.fake_police.vi.ogg").read_bytes()
    assert "giọng máy đọc" in voice.visible_text
