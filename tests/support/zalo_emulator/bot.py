"""ZaloBotPlatform: one bot of the Zalo Bot Platform, the people who write to it, and what stands in their chats."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from . import bot_api
from .bot_api import BotMessage
from .pushing import Event
from .served import SAMPLE_JPG, Fault, Served, utc_now

SECRET_HEADER = "X-Bot-Api-Secret-Token"
PRIVATE, GROUP = "PRIVATE", "GROUP"


@dataclass
class BotKnobs:
    """Where sources disagree, or plans differ."""

    wraps_webhook_body: bool = True
    """``{"ok": true, "result": {...}}`` as the documentation has it; False is flat, as seen live."""

    picture_field: str = "photo_url"
    """Or "photo"."""

    errors_have_http_status: bool = True
    """False answers HTTP 200 with ``"ok": false``."""

    most_people: int | None = None
    messages_left: int | None = None
    """50 and 3,000 a month in the free plan; None has no end."""

    keeps_updates: bool = True
    """False loses what is said while nobody polls."""


class ZaloBotPlatform(Served):
    """A bot and its people. Ids are hex strings; dates are milliseconds."""

    token = "1234567890:bi-mat-cua-bot"

    def __init__(self, *, port: int | None = None, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(port=port, now=now)
        self.knobs = BotKnobs()
        self.names: dict[str, str] = {}
        self.chats: set[str] = set()
        self.sent: list[BotMessage] = []
        self.typing: list[str] = []
        self.updates: list[dict[str, Any]] = []
        self.pollers = 0
        self.secret = ""
        self.pictures: dict[str, bytes] = {}
        self.in_hand = 0
        """Updates that the poller got and has not asked for the next one since: perhaps not stored yet."""
        self._last: dict[str, Any] = {}
        self._held: list[dict[str, Any]] | None = None

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/bot{token}/{method}", bot_api.BotApi(self).call, methods=["GET", "POST"]),
            Route("/media/{name}", self._media),
        ]

    def fail_next(self, method: str, code: int, description: str = "", times: int = 1) -> None:
        """The next calls of the method have no effect and get this error; 429 comes without a pause to keep."""
        words = description or bot_api.WORDS.get(code, "Bad Request")
        status = code if self.knobs.errors_have_http_status else 200
        self.plan(method, Fault({"ok": False, "error_code": code, "description": words}, status), times)

    # --- people -----------------------------------------------------------------------------------------------------

    def add_person(self, user_id: str, name: str = "Bà Lan") -> None:
        """Somebody who has the bot's link and has said nothing yet."""
        with self.changed:
            self.names[user_id] = name
            self.chats.add(user_id)

    def says(self, user_id: str, text: str, *, group: str | None = None) -> str:
        """A person writes, alone with the bot or in a group (mentioning it); returns the message's id."""
        return self._tells("message.text.received", user_id, {"text": text}, group)

    def sends_picture(self, user_id: str, content: bytes = SAMPLE_JPG, caption: str = "") -> str:
        """A person sends a picture, which can be fetched here."""
        name = f"{secrets.token_hex(6)}.jpg"
        self.pictures[name] = content
        more = {self.knobs.picture_field: f"{self.address}/media/{name}", "caption": caption}
        return self._tells("message.image.received", user_id, more)

    def sends(self, user_id: str, sort: str, **more: Any) -> str:
        """A person sends something else: sticker, voice, link, unsupported."""
        return self._tells(f"message.{sort}.received", user_id, more)

    def event(self, event_name: str, message: dict[str, Any], *, whose: str = "") -> None:
        """Any update: to the webhook if there is one, else to whoever polls."""
        update = {"event_name": event_name, "message": message}
        with self.changed:
            if self._held is not None:
                self._held.append(update)
                return
            is_pushed = self.pusher.url is not None or self.pusher.was_switched_off
            if not is_pushed and (self.pollers or self.knobs.keeps_updates):
                self.updates.append(update)
            self.changed.notify_all()
        if is_pushed:
            body = {"ok": True, "result": update} if self.knobs.wraps_webhook_body else update
            raw = json.dumps(body, ensure_ascii=False).encode()
            self.pusher.put(Event(event_name, whose, raw, {SECRET_HEADER: self.secret} if self.secret else {}))

    def hold(self) -> None:
        """What comes now waits for ``release``."""
        with self.changed:
            self._held = []

    def release(self, *, is_reversed: bool = False, copies: int = 1) -> None:
        """Lets out what was held, each so many times."""
        with self.changed:
            held, self._held = self._held or [], None
        for update in held[::-1] if is_reversed else held:
            for _ in range(copies):
                self.event(update["event_name"], update["message"], whose=update["message"]["chat"]["id"])

    def repeat_last_update(self) -> None:
        """The newest update comes once more."""
        with self.changed:
            last = self.updates[-1] if self.updates else self._last
        self.event(last["event_name"], last["message"], whose=last["message"]["chat"]["id"])

    # --- observing --------------------------------------------------------------------------------------------------

    def messages_to(self, chat_id: str) -> list[BotMessage]:
        """What the bot has put into a chat."""
        with self.changed:
            return [message for message in self.sent if message.chat_id == chat_id]

    def last_message_to(self, chat_id: str) -> BotMessage:
        """The newest one; raises LookupError if there is none."""
        messages = self.messages_to(chat_id)
        if not messages:
            raise LookupError(f"nothing was sent to {chat_id}")
        return messages[-1]

    def pending_updates(self) -> int:
        """Updates that nobody has fetched, or not yet finished with, and events not delivered."""
        with self.changed:
            return len(self.updates) + self.in_hand + self.pusher.waiting()

    def _tells(self, event_name: str, user_id: str, more: dict[str, Any], group: str | None = None) -> str:
        with self.changed:
            name = self.names.setdefault(user_id, "Bà Lan")
            number = secrets.token_hex(10)
            self.chats.add(group or user_id)
            chat = {"id": group, "chat_type": GROUP} if group else {"id": user_id, "chat_type": PRIVATE}
            sender = {"id": user_id, "display_name": name, "is_bot": False}
            message = {"message_id": number, "date": self.milliseconds(), "from": sender, "chat": chat, **more}
            self._last = {"event_name": event_name, "message": message}
        self.event(event_name, message, whose=str(chat["id"]))
        return number

    async def _media(self, request: Request) -> Response:
        content = self.pictures.get(request.path_params["name"])
        return Response(content or b"", status_code=404 if content is None else 200, media_type="image/jpeg")
