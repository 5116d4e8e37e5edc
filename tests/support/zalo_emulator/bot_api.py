"""The methods of the Zalo Bot Platform over HTTP."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import Response

from tests.support.telegram_emulator.requests import read_params

from .bot_errors import WORDS, BotError
from .pushing import TRUSTING_NOBODY
from .served import Answer

if TYPE_CHECKING:
    from .bot import ZaloBotPlatform

LONGEST_TEXT = 2000
LARGEST_PICTURE = 5 * 1024 * 1024
POLL_SECONDS = 30.0
LOOK_AGAIN = 0.02  # seconds between two looks for an update
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

__all__ = ["WORDS", "BotApi", "BotMessage"]


@dataclass(frozen=True)
class BotMessage:
    """A message of the bot in a chat; ``text`` is the caption of a picture."""

    chat_id: str
    message_id: str
    text: str
    picture: bytes | None
    at: datetime


class BotApi:
    """bot-api.zaloplatforms.com for one token."""

    def __init__(self, bot: ZaloBotPlatform) -> None:
        self._bot = bot

    async def call(self, request: Request) -> Response:
        """Any method, known by its name."""
        method = request.path_params["method"]
        params = (await read_params(request)).values
        has_token = request.path_params["token"] == self._bot.token

        async def act() -> Answer:
            try:
                if not has_token:
                    raise BotError(401)
                return Answer({"ok": True, "result": await self._carry_out(method, params, request)})
            except BotError as error:
                status = error.code if self._bot.knobs.errors_have_http_status else 200
                return Answer({"ok": False, "error_code": error.code, "description": str(error)}, status)

        return await self._bot.answered(request, method, params, act)

    async def _carry_out(self, method: str, params: dict[str, Any], request: Request) -> Any:
        match method:
            case "getMe":
                return {
                    "id": "1234567890",
                    "account_name": "bot.dai_su_so",
                    "display_name": "Bot Đại sứ số",
                    "account_type": "BASIC",
                    "can_join_groups": False,
                }
            case "getUpdates":
                return await self._update(params, request)
            case "setWebhook":
                return self._set_webhook(params)
            case "deleteWebhook":
                with self._bot.changed:
                    self._bot.pusher.url, self._bot.secret = None, ""
                return {"url": ""}
            case "getWebhookInfo":
                if self._bot.pusher.url is None:
                    raise BotError(404)
                return {"url": self._bot.pusher.url, "updated_at": self._bot.milliseconds()}
            case "sendMessage":
                return self._post(params, _text(params.get("text"), "text"), None)
            case "sendPhoto":
                return await self._photo(params)
            case "sendChatAction":
                self._bot.typing.append(self._chat(params))
                return True
            case _:
                raise BotError(404)

    async def _update(self, params: dict[str, Any], request: Request) -> dict[str, Any]:
        """One update, which is thereby gone; 408 when none came in time."""
        if self._bot.pusher.url is not None:
            raise BotError(409, "Conflict: webhook is active")
        until = time.monotonic() + min(float(params.get("timeout", POLL_SECONDS)), POLL_SECONDS)
        self._bot.pollers += 1
        self._bot.in_hand = 0
        try:
            while not await request.is_disconnected():
                with self._bot.changed:
                    if self._bot.updates:
                        self._bot.in_hand = 1
                        return self._bot.updates.pop(0)
                if time.monotonic() >= until:
                    raise BotError(408)
                await asyncio.sleep(LOOK_AGAIN)
            raise BotError(408)
        finally:
            self._bot.pollers -= 1

    def _set_webhook(self, params: dict[str, Any]) -> dict[str, Any]:
        url, secret = str(params.get("url", "")), str(params.get("secret_token", ""))
        address = urlsplit(url)
        if address.scheme != "https" and address.hostname not in _LOOPBACK:
            raise BotError(400, "Bad Request: url must be a public https address")
        if not 8 <= len(secret) <= 256:
            raise BotError(400, "Bad Request: secret_token must have 8 to 256 characters")
        with self._bot.changed:
            self._bot.pusher.url, self._bot.pusher.was_switched_off, self._bot.secret = url, False, secret
            waiting, self._bot.updates = self._bot.updates, []
        for update in waiting:
            self._bot.event(update["event_name"], update["message"], whose=update["message"]["chat"]["id"])
        self._bot.pusher.wake()
        return {"url": url, "updated_at": self._bot.milliseconds()}

    async def _photo(self, params: dict[str, Any]) -> dict[str, Any]:
        """Fetches the address, as Zalo's servers do: there is no upload."""
        caption = _text(params["caption"], "caption") if params.get("caption") else ""
        try:
            async with httpx.AsyncClient(verify=TRUSTING_NOBODY, trust_env=False, timeout=5) as client:
                fetched = await client.get(str(params.get("photo", "")))
        except (httpx.HTTPError, httpx.InvalidURL):
            raise BotError(400, "Bad Request: photo can't be fetched") from None
        is_picture = fetched.headers.get("content-type", "").startswith("image/")
        if fetched.status_code != 200 or not is_picture or len(fetched.content) > LARGEST_PICTURE:
            raise BotError(400, "Bad Request: photo can't be fetched")
        return self._post(params, caption, fetched.content)

    def _post(self, params: dict[str, Any], text: str, picture: bytes | None) -> dict[str, Any]:
        bot = self._bot
        with bot.changed:
            chat = self._chat(params)
            if bot.knobs.messages_left is not None:
                if bot.knobs.messages_left <= 0:
                    raise BotError(429)
                bot.knobs.messages_left -= 1
            message = BotMessage(chat, secrets.token_hex(10), text, picture, bot.now())
            bot.sent.append(message)
            bot.changed.notify_all()
        return {"message_id": message.message_id, "date": bot.milliseconds()}

    def _chat(self, params: dict[str, Any]) -> str:
        chat, bot = str(params.get("chat_id", "")), self._bot
        if chat not in bot.chats:
            raise BotError(403, "Forbidden: chat not found")
        if bot.knobs.most_people is not None and chat in list(bot.names)[bot.knobs.most_people :]:
            raise BotError(403, "Forbidden: the bot's plan has no room for more people")
        return chat


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_TEXT:
        raise BotError(400, f"Bad Request: {name} must have 1 to 2000 characters")
    return value
