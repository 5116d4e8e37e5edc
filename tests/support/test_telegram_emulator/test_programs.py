"""Whole programs: an Application of python-telegram-bot, and the emulator run by hand."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Bot, Update
from telegram.ext import (
    Application,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from tests.support.telegram_emulator import TelegramEmulator

from .scene import BA, bot_on, keyboard, there


async def greet(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    await there(update.message).reply_text("Chào bác", reply_markup=keyboard([("Lệ phí", "fee")]))


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    await there(update.message).reply_text(there(there(update.message).text))


async def show_fee(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    query = there(update.callback_query)
    await query.answer()
    await query.edit_message_text("0 đồng")


async def test_a_python_telegram_bot_application_polls_answers_and_edits(telegram: TelegramEmulator) -> None:
    bot = bot_on(telegram)
    application: Application[Bot, CallbackContext[Any, Any, Any, Any], Any, Any, Any, Any]
    application = Application.builder().bot(bot).build()
    application.add_handler(CommandHandler("start", greet))
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    application.add_handler(CallbackQueryHandler(show_fee))
    async with application:
        await application.start()
        updater = there(application.updater)
        await updater.start_polling(allowed_updates=["message", "callback_query"])
        telegram.user_says(BA, "/start")
        button = await telegram.wait_until_async(lambda: telegram.last_message_to(BA).button("Lệ phí"))
        greeting = telegram.last_message_to(BA)
        telegram.user_presses(BA, greeting.message_id, button.data)
        await telegram.wait_until_async(lambda: telegram.last_message_to(BA).visible_text == "0 đồng")
        telegram.user_says(BA, "cảm ơn")
        await telegram.wait_until_async(lambda: telegram.last_message_to(BA).visible_text == "cảm ơn")
        await updater.stop()
        await application.stop()
    assert telegram.total_sent() == 2
    assert telegram.pending_updates() == 0
    assert len(telegram.calls("answerCallbackQuery")) == 1


@pytest.mark.servers
def test_the_emulator_runs_by_itself_to_play_with_by_hand() -> None:
    command = [sys.executable, "-m", "tests.support.telegram_emulator", "--port", "0"]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        try:
            name, base_url = there(process.stdout).readline().split()
            origin = base_url.removesuffix("/bot")
            assert name == "base_url"
            assert there(process.stdout).readline().split() == ["base_file_url", f"{origin}/file/bot"]
            with httpx.Client(base_url=origin, trust_env=False) as person:
                said = person.post("/user/says", json={"user_id": BA, "text": "xin chào"})
                assert said.json() == {"result": 1}
                person.post("/bot123456:TEST/sendMessage", json={"chat_id": BA, "text": "chào bác"})
                seen = person.get("/user/messages", params={"chat_id": BA}).json()["result"]
                assert [message["visible_text"] for message in seen] == ["chào bác"]
                assert person.post("/user/presses", json={"user_id": BA}).status_code == 400
                assert person.post("/user/dances", json={}).status_code == 404
        finally:
            process.terminate()
