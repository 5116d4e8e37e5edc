"""getUpdates: one long poll at a time, woken by new updates, ended by a later poll or by a webhook."""

import asyncio
from typing import Any

from .errors import POLL_ENDED_BY_WEBHOOK, POLL_TAKEN_OVER, WEBHOOK_IS_ACTIVE, conflict
from .requests import Params
from .state import World

LONGEST_POLL = 50  # seconds, tdlib/telegram-bot-api Client.h LONG_POLL_MAX_TIMEOUT
LARGEST_BATCH = 100  # updates, Bot API "getUpdates"


async def any_of(*events: asyncio.Event, within: float | None) -> None:
    """Waits until one of the events is set, or ``within`` seconds have passed."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


class Polling:
    """Answers getUpdates. Lives in the server's event loop."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._latest: object = None

    async def get_updates(self, params: Params, gone: asyncio.Event) -> list[dict[str, Any]]:
        """Updates from ``offset`` on, at once or within ``timeout`` seconds; none if the client is ``gone``.

        Raises ApiError 409 while a webhook is set and when a later poll takes over: Telegram ends the earlier one.
        """
        world, loop = self._world, asyncio.get_running_loop()
        woken = asyncio.Event()
        offset = params.number("offset", 0)
        limit = min(max(params.number("limit", LARGEST_BATCH), 1), LARGEST_BATCH)
        end = loop.time() + min(max(params.number("timeout", 0), 0), LONGEST_POLL)

        def wake() -> None:
            loop.call_soon_threadsafe(woken.set)

        with world.changed:
            if world.webhook.url:
                raise conflict(WEBHOOK_IS_ACTIVE)
            world.updates.allow(params.get("allowed_updates"))
            world.updates.wake_receivers()  # an earlier poll sees that it is no longer the latest
            world.updates.listeners.add(wake)
        self._latest = woken
        try:
            while not gone.is_set():
                woken.clear()
                batch = self._look(woken, offset, limit)
                if batch or loop.time() >= end:
                    return batch
                await any_of(woken, gone, within=end - loop.time())
            return []
        finally:
            with world.changed:
                world.updates.listeners.discard(wake)

    def _look(self, poll: object, offset: int, limit: int) -> list[dict[str, Any]]:
        with self._world.changed:
            if self._world.webhook.url:
                raise conflict(POLL_ENDED_BY_WEBHOOK)
            if self._latest is not poll:
                raise conflict(POLL_TAKEN_OVER)
            batch = self._world.updates.fetch(offset, limit)
            self._world.changed.notify_all()
            return batch
