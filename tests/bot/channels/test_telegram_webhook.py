"""Updates that Telegram brings: who may bring them, what they must look like, and when they count as delivered."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.telegram import ALLOWED_UPDATES
from bot.channels.telegram_webhook import MAX_BODY_BYTES, PATH, webhook_router
from content.library import Library
from db.engine import Database
from tests.support.ports import free_port
from tests.support.site import RunningSite, make_settings
from tests.support.telegram_bot import TelegramBot, hurry
from tests.support.telegram_emulator import TelegramEmulator
from tests.support.told_nlu import ToldNlu

pytestmark = pytest.mark.servers

BA = 7
SECRET = "bi-mat_1"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def brought(text: str) -> dict[str, Any]:
    """A citizen's text as Telegram brings it."""
    return {
        "update_id": 1,
        "message": {
            "message_id": 1,
            "from": {"id": BA, "is_bot": False, "first_name": "Ba"},
            "chat": {"id": BA, "type": "private", "first_name": "Ba"},
            "date": 1_795_000_000,
            "text": text,
        },
    }


MENU = brought("/menu")


@pytest.fixture
async def pushed_bot(
    telegram: TelegramEmulator,
    telegram_database: Database,
    library: Library,
    nlu: ToldNlu,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[TelegramBot]:
    """A bot that does not poll."""
    hurry(monkeypatch)
    telegram.add_user(BA, "Ba")
    bot = TelegramBot(telegram, telegram_database, library, nlu)
    await bot.start(polls=False)
    yield bot
    await bot.stop()


@pytest.fixture
async def http(pushed_bot: TelegramBot) -> AsyncIterator[httpx.AsyncClient]:
    """Telegram's side of the webhook."""
    site = FastAPI()
    site.include_router(webhook_router(pushed_bot.channel, pushed_bot.inbox, SECRET))
    transport = httpx.ASGITransport(site, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://xa.example.vn") as client:
        yield client


async def push(http: httpx.AsyncClient, update: Any, secret: str | None = SECRET) -> int:
    """Brings an update; returns the status of the answer."""
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    headers = {} if secret is None else {HEADER.encode(): secret.encode()}
    return (await http.post(PATH, content=body, headers=headers)).status_code


async def test_an_update_is_answered_once_even_if_it_is_brought_twice(
    http: httpx.AsyncClient, pushed_bot: TelegramBot, library: Library
) -> None:
    assert [await push(http, MENU), await push(http, MENU)] == [200, 200]
    assert await pushed_bot.said_to(BA) == [library.phrases.menu]


@pytest.mark.parametrize("secret", [None, "", "bi-mat_2", SECRET + "x", "bí mật"])
async def test_without_the_right_secret_nothing_is_taken(
    http: httpx.AsyncClient, pushed_bot: TelegramBot, secret: str | None
) -> None:
    assert await push(http, MENU, secret) == 403
    assert not any((await pushed_bot.stored()).values())


async def test_the_secret_is_asked_for_before_anything_is_read(http: httpx.AsyncClient) -> None:
    assert await push(http, b"{", secret="wrong") == 403


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[]", b"null", b"7", b'"text"', b"{}", b'{"update_id": 1, "message": 5}',
     b'{"update_id": 1, "message": {"text": "/menu"}}', b'{"message": {}}'],
)  # fmt: skip
async def test_what_is_no_update_is_refused(http: httpx.AsyncClient, pushed_bot: TelegramBot, body: bytes) -> None:
    assert await push(http, body) == 400
    assert not any((await pushed_bot.stored()).values())


async def test_an_update_of_a_kind_that_we_do_not_serve_is_taken_and_ignored(
    http: httpx.AsyncClient, pushed_bot: TelegramBot
) -> None:
    assert await push(http, {"update_id": 1, "poll_of_the_future": {"id": "1"}}) == 200
    assert not any((await pushed_bot.stored()).values())


async def test_what_telegram_itself_says_in_a_chat_is_taken_and_ignored(
    http: httpx.AsyncClient, pushed_bot: TelegramBot
) -> None:
    update = brought("")
    del update["message"]["text"]
    update["message"]["message_auto_delete_timer_changed"] = {"message_auto_delete_time": 86_400}
    assert await push(http, update) == 200
    assert not any((await pushed_bot.stored()).values())


async def test_what_is_too_large_is_refused(http: httpx.AsyncClient) -> None:
    assert await push(http, b"x" * (MAX_BODY_BYTES + 1)) == 413


async def test_an_update_is_stored_before_telegram_hears_that_it_is_taken(
    http: httpx.AsyncClient, pushed_bot: TelegramBot, library: Library
) -> None:
    async with pushed_bot.dying_before_it_answers():
        assert await push(http, brought("quen mat khau")) == 200
        [message] = (await pushed_bot.stored())["inbox_message"]
        assert (message["text"], message["handled_at"]) == ("quen mat khau", None)
    await pushed_bot.start(polls=False)
    [answer] = await pushed_bot.said_to(BA)
    assert answer.startswith(library.articles["vneid.forgot_password"].title)


async def test_an_update_that_can_not_be_stored_is_not_taken(
    http: httpx.AsyncClient, pushed_bot: TelegramBot, library: Library
) -> None:
    file = Path(pushed_bot.database.url.partition("///")[2])
    await asyncio.to_thread(damage, file)
    assert await push(http, MENU) == 500
    await asyncio.to_thread(repair, file)
    assert await push(http, MENU) == 200
    assert await pushed_bot.said_to(BA) == [library.phrases.menu]


class TestRunningSite:
    """The whole programme with a public address, and Telegram that really pushes."""

    @pytest.fixture
    def var(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        hurry(monkeypatch)
        return tmp_path

    def test_telegram_is_told_the_address_and_its_updates_are_answered(
        self, telegram: TelegramEmulator, var: Path, library: Library
    ) -> None:
        telegram.user_says(BA, "/menu")
        with site(telegram, var) as running:
            assert menus(telegram, 1) == [library.phrases.menu]
        [call] = telegram.calls("setWebhook")
        assert call.params["url"] == f"{running.address}{PATH}"
        assert call.params["allowed_updates"] == list(ALLOWED_UPDATES)
        assert len(call.params["secret_token"]) == 64
        assert not telegram.calls("getUpdates")

    def test_a_failing_database_makes_telegram_bring_the_update_again(
        self, telegram: TelegramEmulator, var: Path, library: Library
    ) -> None:
        with site(telegram, var):
            damage(var / "daisuso.db")
            telegram.user_says(BA, "/menu")
            telegram.wait_until(lambda: "500" in (telegram.webhook_error() or ""))
            assert telegram.pending_updates() == 1
            repair(var / "daisuso.db")
            assert menus(telegram, 1) == [library.phrases.menu]

    def test_without_the_public_address_the_bot_goes_back_to_polling_and_with_it_again_to_the_webhook(
        self, telegram: TelegramEmulator, var: Path, library: Library
    ) -> None:
        for said, public in enumerate((True, False, True), start=1):
            telegram.user_says(BA, "/menu")
            with site(telegram, var, public=public):
                assert menus(telegram, said) == [library.phrases.menu] * said
        assert [call.method for call in telegram.calls() if call.method.endswith("Webhook")] == [
            "setWebhook", "deleteWebhook", "setWebhook",
        ]  # fmt: skip


@contextlib.contextmanager
def site(telegram: TelegramEmulator, var: Path, *, public: bool = True) -> Iterator[RunningSite]:
    """The programme, on a port of its own."""
    port = free_port()
    address = f"http://127.0.0.1:{port}" if public else None
    given = {"telegram_token": telegram.token, "telegram_api": telegram.base_url}
    running = RunningSite(make_settings(var, port=port, public_url=address, **given))
    running.start()
    try:
        yield running
    finally:
        running.stop()


def menus(telegram: TelegramEmulator, number: int) -> list[str]:
    """What has been said to the citizen once so many messages are there and no update waits."""
    telegram.wait_until(lambda: len(telegram.messages_to(BA)) >= number and not telegram.pending_updates())
    return [message.visible_text for message in telegram.messages_to(BA)]


def damage(database: Path) -> None:
    """From now on nothing can be stored."""
    _execute(database, "ALTER TABLE inbox_message RENAME TO elsewhere")


def repair(database: Path) -> None:
    """Takes back what `damage` did."""
    _execute(database, "ALTER TABLE elsewhere RENAME TO inbox_message")


def _execute(database: Path, sql: str) -> None:
    with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection:
        connection.execute(sql)
