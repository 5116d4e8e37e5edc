"""POST /user/...: speaking as a person by hand, with curl or from another process.

``POST /user/says`` with ``{"user_id": 7, "text": "xin chào"}`` calls ``user_says(7, "xin chào")``; in the same way
``edits``, ``presses``, ``sends``, ``blocks``, ``unblocks``. ``GET /user/messages?chat_id=7`` shows the bot's messages.
"""

import dataclasses
import json
from collections.abc import Callable
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from .observing import SentMessage

ACTIONS = ("says", "edits", "presses", "sends", "blocks", "unblocks")


class Played(Protocol):
    """What the endpoints need of an emulator (``user_...`` methods are found by name)."""

    def messages_to(self, chat_id: int) -> list[SentMessage]:
        """The bot's messages in a chat."""
        ...


class PlayingEndpoints:
    """Answers GET and POST /user/{action} on behalf of an emulator."""

    def __init__(self, emulator: Played) -> None:
        self._emulator = emulator

    async def answer(self, request: Request) -> Response:
        """200 with ``{"result": ...}``, 400 with ``{"error": ...}`` for what can't be done, 404 for another action."""
        action = request.path_params["action"]
        if action == "messages":
            messages = self._emulator.messages_to(int(request.query_params["chat_id"]))
            return _json({"result": [_readable(message) for message in messages]})
        if action not in ACTIONS:
            return _json({"error": f"no such action, known are {', '.join(ACTIONS)} and messages"}, 404)
        act: Callable[..., Any] = getattr(self._emulator, f"user_{action}")
        try:
            return _json({"result": act(**json.loads(await request.body()))})
        except (TypeError, ValueError, LookupError) as error:
            return _json({"error": str(error)}, 400)


def _readable(message: SentMessage) -> dict[str, Any]:
    fields = dataclasses.asdict(message)
    fields["file"] = message.file.name if message.file else None
    return fields


def _json(body: dict[str, Any], status: int = 200) -> Response:
    text = json.dumps(body, ensure_ascii=False, default=str)
    return Response(text, status_code=status, media_type="application/json")
