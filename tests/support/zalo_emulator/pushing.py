"""Deliveries to a webhook: one person's events one after the other, again when it fails, held and mixed on order.

Zalo wants its 200 within 2 s, repeats after 30 s, 5 min, 15 min, 30 min and 1 h with the header ``num_retry``, and
then switches the webhook off. Here the pauses are short; ``retry_pauses`` says how long.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

ANSWER_WITHIN = 2.0  # seconds
RETRIES = 5
TRUSTING_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # made at once; webhooks of tests are plain HTTP


@dataclass(frozen=True)
class Delivery:
    """One attempt: what was sent, the status (None: no answer), how long it took, which repetition it was."""

    event_name: str
    body: bytes
    status: int | None
    seconds: float
    num_retry: int

    @property
    def was_in_time(self) -> bool:
        """Answered as Zalo wants it."""
        return self.status == 200 and self.seconds <= ANSWER_WITHIN


@dataclass
class Event:
    """Something to deliver, as the very bytes that are signed."""

    name: str
    whose: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    retries: int = 0
    not_before: float = 0.0
    in_flight: bool = False


class Pusher:
    """Delivers what is put in while a webhook is set. ``run`` lives in the server's event loop."""

    def __init__(self, changed: threading.Condition) -> None:
        self.url: str | None = None
        self.deliveries: list[Delivery] = []
        self.retry_pauses = (0.02,) * RETRIES
        self.was_switched_off = False
        self._changed = changed
        self._events: list[Event] = []
        self._held: list[Event] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()

    def put(self, event: Event) -> None:
        """Takes an event; without a webhook it is kept for the one to come."""
        with self._changed:
            (self._events if self._held is None else self._held).append(event)
        self.wake()

    def hold(self) -> None:
        """What comes now waits for ``release``."""
        with self._changed:
            self._held = self._held or []

    def release(self, *, order: str = "as said", copies: int = 1) -> None:
        """Delivers what was held: "as said", "reversed" or "shuffled", each so many times, without waiting in turn."""
        with self._changed:
            held, self._held = self._held or [], None
            events = [Event(e.name, f"{e.whose}#{n}", e.body, e.headers) for e in held for n in range(copies)]
            if order == "reversed":
                events.reverse()
            elif order == "shuffled":
                random.Random(7).shuffle(events)
            for event in events:
                event.whose = events[0].whose  # one after the other in this order
            self._events.extend(events)
        self.wake()

    def waiting(self) -> int:
        """Events not delivered yet, held ones not counted."""
        return len(self._events)

    def wake(self) -> None:
        """Says that there may be something to do."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def run(self) -> None:
        """Works until cancelled."""
        self._loop, self._woken = asyncio.get_running_loop(), asyncio.Event()
        with self._changed:
            for event in self._events:
                event.in_flight = False
        pushes: set[asyncio.Task[None]] = set()
        async with httpx.AsyncClient(verify=TRUSTING_NOBODY, trust_env=False, timeout=ANSWER_WITHIN) as client:
            try:
                while True:
                    self._woken.clear()
                    due, pause = self._due()
                    for event in due:
                        push = asyncio.create_task(self._push(client, event))
                        pushes.add(push)
                        push.add_done_callback(pushes.discard)
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(pause):
                            await self._woken.wait()
            finally:
                for push in pushes:
                    push.cancel()
                await asyncio.gather(*pushes, return_exceptions=True)

    def _due(self) -> tuple[list[Event], float | None]:
        with self._changed:
            if self.url is None:
                return [], None
            first: dict[str, Event] = {}
            for event in self._events:
                first.setdefault(event.whose, event)
            now = time.monotonic()
            idle = [event for event in first.values() if not event.in_flight]
            due = [event for event in idle if event.not_before <= now]
            for event in due:
                event.in_flight = True
            return due, min((e.not_before - now for e in idle if e.not_before > now), default=None)

    async def _push(self, client: httpx.AsyncClient, event: Event) -> None:
        url, begun = self.url, time.monotonic()
        status: int | None = None
        headers = {"Content-Type": "application/json", **event.headers}
        if event.retries:
            headers["num_retry"] = str(event.retries)
        with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL):
            status = (await client.post(url or "", content=event.body, headers=headers)).status_code
        delivery = Delivery(event.name, event.body, status, time.monotonic() - begun, event.retries)
        with self._changed:
            event.in_flight = False
            self.deliveries.append(delivery)
            if delivery.was_in_time:
                self._events = [other for other in self._events if other is not event]
            elif event.retries >= RETRIES:
                self.url, self.was_switched_off = None, True
            else:
                event.not_before = time.monotonic() + self.retry_pauses[event.retries]
                event.retries += 1
            self._changed.notify_all()
        self._woken.set()
