"""The commune's web page: the chat's files, and `POST /api/chat` behind them.

A device is known by a random id that it makes itself. The answer to a message is the response to its request; asking
again with the same message id gives the same replies, so a page on a bad line can repeat itself safely.
"""

from __future__ import annotations

import asyncio
import html
import json
import logging
import math
import os
import re
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect
from starlette.types import Scope

from bot.channels import web_notices
from bot.channels.web_files import FileName, Uploads, file_response
from bot.channels.web_notices import NoticesRequest
from bot.entrances import RECORDINGS
from bot.inbox import Inbox
from bot.messages import MAX_FILE_BYTES, MAX_PAYLOAD_BYTES, MAX_TEXT, Incoming, Kind
from content import audio
from content.commune import Commune
from content.phrases import WebPhrases
from db import documents, outbox
from db.clock import Clock
from db.engine import Database

log = logging.getLogger(__name__)

NAME = "web"
PAGE = Path(__file__).parent / "webchat"
MAX_BODY_BYTES = 64 * 1024
TURN_SECONDS = 20.0
RETRY_SECONDS = 3
WINDOW_SECONDS = 60.0
POLLS_PER_MINUTE = 20
DEVICES_AT_AN_ADDRESS = 100
LONGEST_WITHOUT_CONNECTION = timedelta(days=14)
_CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "media-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of emoji, which come with text pasted or cut somewhere. No database takes them all."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[!-~]+$")]
QueryName = Annotated[str, Query(min_length=1, max_length=64, pattern=r"^[!-~]+$")]
RecordingName = Annotated[str, PathParameter(pattern=r"^[a-z0-9_.-]{1,64}\.ogg$")]
Payload = Annotated[str, StringConstraints(min_length=1, max_length=MAX_PAYLOAD_BYTES, pattern=r"^[!-~]+$")]


class ChatRequest(BaseModel):
    """What the page sends: a text, or a pressed button's payload; both ids are the page's own."""

    model_config = ConfigDict(extra="forbid")

    sender: Name
    message_id: Name
    text: str | None = None
    payload: Payload | None = None
    sent_at: AwareDatetime | None = None
    """When it was written: a page without a connection sends it later."""

    @field_validator("text", mode="before")
    @classmethod
    def _readable(cls, text: object) -> object:
        return _UNREADABLE.sub("", text) if isinstance(text, str) else text

    @model_validator(mode="after")
    def _one_of_both(self) -> ChatRequest:
        if (self.text is None) == (self.payload is None):
            raise ValueError("cần đúng một trong hai: text hoặc payload")
        return self


class ChatError(Exception):
    """A request that is refused: HTTP status, code for programs, sentence for people."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after

    def response(self) -> JSONResponse:
        """The answer to the request."""
        headers = {"Retry-After": str(self.retry_after)} if self.retry_after else None
        return JSONResponse({"error": {"code": self.code, "message": self.message}}, self.status, headers)


class RateLimit:
    """How often a sender, and all senders of one address, may write: so many messages in any 60 seconds.

    What is refused counts for nobody: one eager sender must not use up the address of a whole commune.
    """

    def __init__(self, per_sender: int, per_address: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Both are messages a minute; `clock` gives seconds."""
        self._allowed = {"sender": per_sender, "address": per_address}
        self._clock = clock
        self._passed: dict[tuple[str, str], deque[float]] = {}
        """When the last messages of each passed, as many as a minute allows; who wrote last stands last."""

    def seconds_to_wait(self, sender: str, address: str) -> int:
        """0 when the message may pass (and is counted); otherwise after how many seconds to try again."""
        now = self._clock()
        writers = (("address", address), ("sender", sender))
        if wait := max(self._wait(writer, now) for writer in writers):
            return math.ceil(wait)
        for writer in writers:
            times = self._passed.pop(writer, None) or deque(maxlen=self._allowed[writer[0]])
            times.append(now)
            self._passed[writer] = times
        self._forget_before(now - WINDOW_SECONDS)
        return 0

    def _wait(self, writer: tuple[str, str], now: float) -> float:
        times = self._passed.get(writer)
        if times is None or len(times) < self._allowed[writer[0]]:
            return 0
        return max(0, times[0] + WINDOW_SECONDS - now)

    def _forget_before(self, moment: float) -> None:
        while self._passed:
            longest_silent = next(iter(self._passed))
            if self._passed[longest_silent][-1] > moment:
                return
            del self._passed[longest_silent]


class PageFiles(StaticFiles):
    """The page's files besides index.html. Browsers ask each time whether theirs are still the newest (304 if so)."""

    def __init__(self) -> None:
        super().__init__(directory=PAGE)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """A file, or word that the browser's own is current."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


class WebChannel:
    """Answers the page's requests."""

    def __init__(
        self,
        inbox: Inbox,
        database: Database,
        limit: RateLimit,
        *,
        phrases: Callable[[], WebPhrases],
        commune: Callable[[], Commune],
        clock: Clock,
        clips: Path,
    ) -> None:
        """`clips` is the folder of recordings."""
        self._clips = clips
        self._inbox = inbox
        self._database = database
        self._limit = limit
        self._phrases = phrases
        self._commune = commune
        self._clock = clock
        self._polls = RateLimit(POLLS_PER_MINUTE, POLLS_PER_MINUTE * DEVICES_AT_AN_ADDRESS)
        self._uploads = Uploads()
        inbox.fetch_files_by(NAME, self._uploads.fetch)

    def router(self) -> APIRouter:
        """The page at `/` and its API; the page's other files (`PageFiles`) are mounted at /chat by the application."""
        router = APIRouter()
        router.add_api_route("/", self._page, methods=["GET"], response_class=HTMLResponse)
        router.add_api_route("/api/chat", self._chat, methods=["POST"])
        router.add_api_route("/api/notices", self._notices, methods=["POST"])
        router.add_api_route("/api/file", self._file, methods=["POST"])
        router.add_api_route("/api/document/{key}", self._document, methods=["GET"])
        router.add_api_route(f"{RECORDINGS}/{{name}}", self._recording, methods=["GET"])
        return router

    async def _recording(self, name: RecordingName) -> Response:
        """A recording of content/audio: for the page's player, and for channels that lead here."""
        file = self._clips / name
        if not file.is_file():
            return HTMLResponse(self._phrases().document_gone, status_code=404)
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=3600"}
        return FileResponse(file, media_type=audio.TYPE, headers=headers)

    async def _page(self) -> HTMLResponse:
        page = (PAGE / "index.html").read_text(encoding="utf-8")
        headers = {**SECURITY_HEADERS, "Cache-Control": "no-cache"}
        return HTMLResponse(page.replace("__COMMUNE__", html.escape(self._commune().name)), headers=headers)

    async def _chat(self, request: Request) -> Response:
        try:
            return JSONResponse({"replies": await self._replies(request)})
        except ChatError as error:
            return error.response()

    async def _notices(self, request: Request) -> Response:
        """What has come for a device without its asking."""
        phrases = self._phrases()
        try:
            body = await self._read_body(request, MAX_BODY_BYTES, phrases.too_long.format(limit=MAX_TEXT))
            asked = NoticesRequest.model_validate_json(body)
            address = request.client.host if request.client else ""
            if seconds := self._polls.seconds_to_wait(asked.sender, address):
                raise ChatError(429, "too_many_messages", phrases.too_many.format(seconds=seconds), retry_after=seconds)
            found = await web_notices.fetch(
                self._database, asked, commune=self._commune().slug, channel=NAME, now=self._clock()
            )
            return JSONResponse({"notices": found})
        except ValidationError as error:
            return ChatError(422, "bad_request", phrases.bad_request.format(reason=_what_is_wrong(error))).response()
        except ChatError as error:
            return error.response()

    async def _file(self, request: Request, sender: QueryName, message_id: QueryName, name: FileName) -> Response:
        """Takes a file: the body is its content, the rest stands in the address."""
        try:
            if not self._inbox.takes_file(name):
                raise ChatError(415, "unknown_file", self._phrases().unknown_file)
            self._stop_the_hasty(sender, request)
            content = await self._read_body(request, MAX_FILE_BYTES, self._phrases().file_too_large)
            with self._uploads.held(name, content) as attached:
                incoming = Incoming(
                    channel=NAME,
                    chat=sender,
                    sender=sender,
                    message_id=message_id,
                    sent_at=self._clock(),
                    kind=Kind.ATTACHMENT,
                    payload="document",
                    file=attached,
                )
                return JSONResponse({"replies": await self._answer(incoming)})
        except ChatError as error:
            return error.response()

    async def _document(self, key: str) -> Response:
        async with self._database.snapshot() as session:
            file = await documents.fetch(session, key)
        return file_response(file) if file else HTMLResponse(self._phrases().document_gone, status_code=404)

    async def _replies(self, request: Request) -> list[object]:
        asked = await self._read(request)
        self._stop_the_hasty(asked.sender, request)
        incoming = Incoming(
            channel=NAME,
            chat=asked.sender,
            sender=asked.sender,
            message_id=asked.message_id,
            sent_at=self._written_at(asked),
            kind=Kind.TEXT if asked.payload is None else Kind.BUTTON,
            text=asked.text or "",
            payload=asked.payload or "",
        )
        return await self._answer(incoming)

    def _written_at(self, asked: ChatRequest) -> datetime:
        """By the device's clock, as far as it can be true."""
        now = self._clock()
        written = asked.sent_at or now
        return written if now - LONGEST_WITHOUT_CONNECTION < written <= now else now

    def _stop_the_hasty(self, sender: str, request: Request) -> None:
        address = request.client.host if request.client else ""
        if seconds := self._limit.seconds_to_wait(sender, address):
            message = self._phrases().too_many.format(seconds=seconds)
            raise ChatError(429, "too_many_messages", message, retry_after=seconds)

    async def _answer(self, incoming: Incoming) -> list[object]:
        try:
            async with asyncio.timeout(TURN_SECONDS):
                [stored] = await self._inbox.receive([incoming])
                if stored.handled_at is None:
                    await asyncio.shield(self._inbox.handle(stored.conversation_id))
                return await self._deliver(stored.id)
        except (TimeoutError, SQLAlchemyError) as error:
            log.error("web chat is busy: %s", type(error).__name__)
            raise ChatError(503, "busy", self._phrases().busy, retry_after=RETRY_SECONDS) from error

    async def _deliver(self, inbox_id: int) -> list[object]:
        async with self._database.transaction() as session:
            replies = await outbox.replies_to(session, inbox_id)
            for reply in replies:
                if reply.delivered_at is None:
                    outbox.delivered(reply, None, self._clock())
            return [await web_notices.shown(reply.body) for reply in replies]

    async def _read(self, request: Request) -> ChatRequest:
        phrases = self._phrases()
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise ChatError(415, "not_json", phrases.not_json)
        body = await self._read_body(request, MAX_BODY_BYTES, phrases.too_long.format(limit=MAX_TEXT))
        try:
            asked = ChatRequest.model_validate(json.loads(body))
        except ValidationError as error:
            raise ChatError(422, "bad_request", phrases.bad_request.format(reason=_what_is_wrong(error))) from None
        except (ValueError, RecursionError):  # broken JSON or UTF-8, lists in lists
            raise ChatError(400, "not_json", phrases.not_json) from None
        if asked.text is not None and len(asked.text) > MAX_TEXT:
            raise ChatError(413, "too_long", phrases.too_long.format(limit=MAX_TEXT))
        return asked

    async def _read_body(self, request: Request, limit: int, too_long: str) -> bytes:
        body = bytearray()
        try:
            async for piece in request.stream():
                body += piece
                if len(body) > limit:
                    raise ChatError(413, "too_long", too_long)
        except ClientDisconnect:
            raise ChatError(400, "not_json", self._phrases().not_json) from None
        return bytes(body)


def _what_is_wrong(error: ValidationError) -> str:
    first = error.errors()[0]
    if first["type"] == "value_error":
        return first["msg"].removeprefix("Value error, ")
    name = ".".join(str(step) for step in first["loc"]) or "JSON"
    return name[:64]  # that of an unknown field may be very long
