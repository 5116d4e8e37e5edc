"""Receiving updates by a webhook."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import BadRequest, Conflict

from tests.support.http_server import Connections, HttpServer
from tests.support.telegram_emulator import TelegramEmulator

from .scene import BA, CHI, updates_of


@dataclass
class Hook:
    """A webhook target: answers each text with a status; keeps what it got."""

    url: str = ""
    status_for: Callable[[str], int] = lambda text: 200
    texts: list[str] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)

    async def receive(self, request: Request) -> Response:
        update: dict[str, Any] = await request.json()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.texts.append(update["message"]["text"])
        return Response(status_code=self.status_for(self.texts[-1]))


@contextmanager
def hook_target(port: int | None = None) -> Iterator[Hook]:
    hook = Hook()
    server = HttpServer(Starlette(routes=[Route("/hook", hook.receive, methods=["POST"])]), Connections(), port)
    server.start()
    hook.url = f"http://127.0.0.1:{server.port}/hook"
    try:
        yield hook
    finally:
        server.stop()


async def all_delivered(telegram: TelegramEmulator) -> None:
    await telegram.wait_until_async(lambda: telegram.pending_updates() == 0)


async def test_a_webhook_gets_waiting_and_new_updates_with_the_secret(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.user_says(BA, "trước")
    with hook_target() as hook:
        await bot.set_webhook(hook.url, secret_token="bi-mat_1")
        telegram.user_says(BA, "sau")
        await all_delivered(telegram)
    assert hook.texts == ["trước", "sau"]
    assert hook.secrets == ["bi-mat_1", "bi-mat_1"]


async def test_a_webhook_that_fails_gets_the_update_again_and_in_order(telegram: TelegramEmulator, bot: Bot) -> None:
    with hook_target() as hook:
        statuses = iter([500, 403])
        hook.status_for = lambda text: next(statuses, 200)
        await bot.set_webhook(hook.url)
        telegram.user_says(BA, "một")
        telegram.user_says(BA, "hai")
        await all_delivered(telegram)
        info = await bot.get_webhook_info()
    assert hook.texts == ["một", "một", "một", "hai"]
    assert info.last_error_message == "Wrong response from the webhook: 403 Forbidden"


async def test_a_chat_whose_updates_fail_does_not_hold_up_another(telegram: TelegramEmulator, bot: Bot) -> None:
    with hook_target() as hook:
        hook.status_for = lambda text: 200 if "chi" in hook.texts else 500
        await bot.set_webhook(hook.url)
        telegram.user_says(BA, "ba")
        await telegram.wait_until_async(lambda: "ba" in hook.texts)
        telegram.user_says(CHI, "chi")
        await all_delivered(telegram)
    assert hook.texts[0] == hook.texts[-1] == "ba"


async def test_a_webhook_that_refuses_connections_gets_everything_when_it_is_back(
    telegram: TelegramEmulator, bot: Bot
) -> None:
    with hook_target() as hook:
        url = hook.url
    await bot.set_webhook(url)
    telegram.user_says(BA, "có ai không")
    await telegram.wait_until_async(lambda: telegram.webhook_error() == "Connection refused")
    assert (await bot.get_webhook_info()).pending_update_count == 1
    with hook_target(port=int(url.split(":")[2].split("/")[0])) as hook:
        await all_delivered(telegram)
    assert hook.texts == ["có ai không"]


async def test_an_update_can_be_pushed_twice(telegram: TelegramEmulator, bot: Bot) -> None:
    with hook_target() as hook:
        await bot.set_webhook(hook.url)
        telegram.user_says(BA, "một")
        await all_delivered(telegram)
        telegram.deliver_again(telegram.last_update_id)
        await all_delivered(telegram)
    assert hook.texts == ["một", "một"]


async def test_polling_and_webhook_exclude_each_other(telegram: TelegramEmulator, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await telegram.wait_until_async(lambda: telegram.calls("getUpdates"))
    await bot.set_webhook("https://xa.example.vn/hook")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active; use deleteWebhook"):
        await bot.get_updates(timeout=0)
    await bot.delete_webhook(drop_pending_updates=True)
    assert await updates_of(bot) == []


async def test_a_webhook_needs_https_and_a_plain_secret(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="an https url must be provided"):
        await bot.set_webhook("http://xa.example.vn/hook")
    with pytest.raises(BadRequest, match=r"^Secret token contains unallowed characters$"):
        await bot.set_webhook("https://xa.example.vn/hook", secret_token="bí mật")
