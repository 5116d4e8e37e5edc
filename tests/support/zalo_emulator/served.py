"""What both emulators share: a server that can stop and start again, trouble on order, a clock, waiting for something.

A fault is planned by the call's name: the last part of the path ("cs", "image", "access_token", "sendMessage").
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import threading
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from tests.support.http_server import Connections, Restartable

from .pushing import Delivery, Pusher

SAMPLE_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SAMPLE_JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(20) + b"\xff\xd9"


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Call:
    """One call by the programme under test: its name, parameters, and the answer once given (None: cut off)."""

    name: str
    params: dict[str, Any]
    at: datetime
    answer: dict[str, Any] | None = None


@dataclass(frozen=True)
class Fault:
    """What befalls one call. Without an answer the connection closes, after ``seconds``."""

    answer: dict[str, Any] | None = None
    status: int = 200
    after_effect: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What a call gets."""

    body: dict[str, Any]
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()

    def as_response(self) -> Response:
        return JSONResponse(self.body, status_code=self.status, headers=dict(self.headers))


class Served(Restartable):
    """An emulator on 127.0.0.1; use it as a context manager or call ``start`` and ``stop``. Safe from any thread."""

    def __init__(self, *, port: int | None = None, now: Callable[[], datetime] = utc_now) -> None:
        """``port`` None takes a free one; ``now`` is the time before ``advance`` moves it."""
        super().__init__(port)
        self.changed = threading.Condition()
        self.recorded: list[Call] = []
        self.pusher = Pusher(self.changed)
        self._now = now
        self._ahead = timedelta(0)
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._connections = Connections()

    # --- running ----------------------------------------------------------------------------------------------------

    def _served(self) -> tuple[ASGIApp, Connections]:
        return Starlette(routes=list(self.routes()), lifespan=self._lifespan), self._connections

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        pushing = asyncio.create_task(self.pusher.run())
        try:
            yield
        finally:
            pushing.cancel()
            await asyncio.gather(pushing, return_exceptions=True)

    def routes(self) -> Sequence[BaseRoute]:
        """What is served."""
        raise NotImplementedError

    # --- the clock --------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """Zalo's time."""
        return self._now() + self._ahead

    def advance(self, **passed: float) -> None:
        """Lets time pass here alone; arguments as for timedelta."""
        self._ahead += timedelta(**passed)

    def milliseconds(self) -> int:
        """Zalo's time as it writes it."""
        return int(self.now().timestamp() * 1000)

    # --- trouble ----------------------------------------------------------------------------------------------------

    def plan(self, name: str, fault: Fault, times: int = 1) -> None:
        """The next ``times`` calls of that name meet the fault."""
        self._faults[name.lower()].extend([fault] * times)

    def hang_next(self, name: str, seconds: float, *, after_effect: bool = True) -> None:
        """The next call's connection closes unanswered after ``seconds``; with ``after_effect`` it took effect."""
        self.plan(name, Fault(seconds=seconds, after_effect=after_effect))

    def drop_connection_next(self, name: str, *, after_effect: bool = False, times: int = 1) -> None:
        """The next calls lose their connection without an answer, after or before they took effect."""
        self.plan(name, Fault(after_effect=after_effect), times)

    async def answered(
        self, request: Request, name: str, params: dict[str, Any], act: Callable[[], Any], *, is_public: bool = True
    ) -> Response:
        """Records a call, lets it meet its fault or carries it out (``act`` gives an Answer, or awaits one)."""
        call = Call(name, params, self.now())
        with self.changed:
            self.recorded.append(call)
            self.changed.notify_all()
            planned = self._faults[name.lower()]
            fault = planned.popleft() if planned else None
        answer = None
        if fault is None or (fault.after_effect and fault.answer is None):
            answer = act()
            if asyncio.iscoroutine(answer):
                answer = await answer
        if fault is not None:
            await asyncio.sleep(fault.seconds)
            answer = Answer(fault.answer, fault.status) if fault.answer is not None else None
        if answer is None:
            return await self._cut(request)
        with self.changed:
            call.answer = answer.body
            self.changed.notify_all()
        response: Response = answer.as_response()
        return response

    async def _cut(self, request: Request) -> Response:
        if request.client is not None:
            self._connections.cut((request.client.host, request.client.port))
        return Response()

    # --- observing --------------------------------------------------------------------------------------------------

    def calls(self, name: str | None = None) -> list[Call]:
        """The calls of that name (None: all), refused and unanswered ones included."""
        with self.changed:
            return [call for call in self.recorded if name is None or call.name.lower() == name.lower()]

    def wait_until(self, predicate: Callable[[], Any], timeout: float = 5.0) -> Any:
        """Blocks until the predicate holds and returns what it gave; a LookupError from it means "not yet".

        Raises TimeoutError after ``timeout`` seconds. Don't call it in the event loop that runs the programme under
        test: use ``wait_until_async`` there.
        """
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                with contextlib.suppress(LookupError):
                    if result := predicate():
                        return result
                left = deadline - time.monotonic()
                if left <= 0:
                    last = [f"{call.name} -> {call.answer}" for call in self.recorded[-6:]]
                    deliveries = [f"{d.event_name} -> {d.status}" for d in self.pusher.deliveries[-6:]]
                    raise TimeoutError(f"not so after {timeout} s; last calls {last}; last deliveries {deliveries}")
                self.changed.wait(left)

    def wait_until_async(self, predicate: Callable[[], Any], timeout: float = 5.0) -> Awaitable[Any]:
        """As ``wait_until``, for tests whose event loop also runs the programme under test."""
        return asyncio.to_thread(self.wait_until, predicate, timeout)

    def deliveries(self, event_name: str | None = None) -> list[Delivery]:
        """What was delivered to the webhook, attempt by attempt."""
        with self.changed:
            return [one for one in self.pusher.deliveries if event_name in (None, one.event_name)]

    def undelivered(self) -> int:
        """How many events wait to be delivered to the webhook, held ones not counted."""
        with self.changed:
            return self.pusher.waiting()


def post(path: str, endpoint: Callable[[Request], Any]) -> Route:
    """A route for POST."""
    return Route(path, endpoint, methods=["POST"])
