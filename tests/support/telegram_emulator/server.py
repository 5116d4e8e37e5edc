"""The Bot API over HTTP: checks the token, finds the method, applies faults and rate limits, answers in JSON."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.support.http_server import Connections

from . import methods_bot, methods_media, methods_messages
from .errors import ApiError
from .faults import Drop, Failure, FaultPlan, Hang, RateLimits
from .polling import Polling, any_of
from .registry import METHODS
from .requests import Params, read_params
from .state import RecordedCall, World
from .webhook import WebhookPusher

# Importing these modules fills METHODS (webhook.py is imported above).
__all__ = ["BotApi", "methods_bot", "methods_media", "methods_messages"]

GET_UPDATES = "getUpdates"  # the one method that waits, so it is not in METHODS

_NOT_FOUND = ApiError(404, "Not Found")
_NO_SUCH_METHOD = ApiError(404, "Not Found: method not found")
_UNAUTHORIZED = ApiError(401, "Unauthorized")


class BotApi:
    """Telegram's servers as one bot sees them; ``application`` makes a fresh ASGI application on the lasting world."""

    def __init__(self, world: World, token: str, faults: FaultPlan, limits: RateLimits) -> None:
        self.connections = Connections()
        self._world = world
        self._token = token
        self._faults = faults
        self._limits = limits
        self._polling = Polling(world)

    def application(self, more_routes: Sequence[BaseRoute] = ()) -> Starlette:
        """The ASGI application for one run of the server; its lifespan also pushes to the webhook."""
        routes = [
            Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._download),
            *more_routes,
        ]
        return Starlette(
            routes=routes,
            lifespan=self._lifespan,
            exception_handlers={404: lambda *_: _refusal(_NOT_FOUND).as_response()},
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        pusher = asyncio.create_task(WebhookPusher(self._world).run())
        try:
            yield
        finally:
            pusher.cancel()
            await asyncio.gather(pusher, return_exceptions=True)

    async def _call(self, request: Request) -> Response:
        if request.path_params["token"] != self._token:
            return _refusal(_UNAUTHORIZED).as_response()
        try:
            params = await read_params(request)
        except ApiError as error:
            return _refusal(error).as_response()
        method = _canonical(request.path_params["method"])
        call = RecordedCall(method, params.values, params.files, time.monotonic())
        with self._world.changed:
            self._world.calls.append(call)
            self._world.changed.notify_all()
        answer = await self._with_faults(call, params, request)
        if answer is None:
            await self._cut(request)
            return Response()
        with self._world.changed:
            call.status, call.error = answer.status, answer.body.get("description")
            self._world.changed.notify_all()
        return answer.as_response()

    async def _with_faults(self, call: RecordedCall, params: Params, request: Request) -> "_Answer | None":
        """The answer, or None if the connection shall close without one."""
        gone = asyncio.Event()
        watch = asyncio.create_task(_watch(request, gone))
        try:
            match self._faults.take(call.method):
                case Failure(error):
                    return _refusal(error)
                case Drop(after_effect):
                    if after_effect:
                        await self._answer(call, params, gone)
                    return None
                case Hang(seconds, after_effect):
                    response = await self._answer(call, params, gone) if after_effect else None
                    await any_of(gone, within=seconds)
                    return None if gone.is_set() else response
                case _:
                    response = await self._answer(call, params, gone)
                    return None if gone.is_set() else response
        finally:
            watch.cancel()

    async def _answer(self, call: RecordedCall, params: Params, gone: asyncio.Event) -> "_Answer":
        try:
            if call.method == GET_UPDATES:
                return _result(await self._polling.get_updates(params, gone))
            return _result(self._carry_out(call.method, params))
        except ApiError as error:
            return _refusal(error)

    def _carry_out(self, name: str, params: Params) -> Any:
        known = METHODS.get(name.lower())
        if known is None:
            raise _NO_SUCH_METHOD
        with self._world.changed:
            if known.posts:
                self._limits.count(self._world.chat(params.text("chat_id")).id)
            try:
                return known.handler(self._world, params)
            finally:
                self._world.changed.notify_all()

    async def _download(self, request: Request) -> Response:
        if request.path_params["token"] != self._token:
            return _refusal(_UNAUTHORIZED).as_response()
        with self._world.changed:
            for stored in self._world.files.values():
                if stored.path == request.path_params["path"]:
                    return Response(stored.content.content, media_type=stored.content.mime_type)
        return _refusal(_NOT_FOUND).as_response()

    async def _cut(self, request: Request) -> None:
        if request.client is not None:
            self.connections.cut((request.client.host, request.client.port))
            await _watch(request, asyncio.Event())


def _canonical(method: str) -> str:
    """The method's name as the documentation spells it: Telegram takes any case."""
    if method.lower() == GET_UPDATES.lower():
        return GET_UPDATES
    known = METHODS.get(method.lower())
    return known.name if known else method


async def _watch(request: Request, gone: asyncio.Event) -> None:
    """Sets ``gone`` when the client has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    gone.set()


@dataclass(frozen=True)
class _Answer:
    status: int
    body: dict[str, Any]

    def as_response(self) -> Response:
        return JSONResponse(self.body, status_code=self.status)


def _result(result: Any) -> _Answer:
    return _Answer(200, {"ok": True, "result": result})


def _refusal(error: ApiError) -> _Answer:
    body: dict[str, Any] = {"ok": False, "error_code": error.status, "description": error.description}
    if error.retry_after is not None:
        body["parameters"] = {"retry_after": error.retry_after}
    return _Answer(error.status, body)
