"""Runs the web server and the long jobs beside it, and lets them come to their end together."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from apscheduler.executors.asyncio import AsyncIOExecutor

from bot.inbox import Inbox

STOP_SECONDS = 2.0


class Server(uvicorn.Server):
    """Leaves the signals to us: stopping is one path for all parts."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class JobsFinish(AsyncIOExecutor):  # type: ignore[misc]  # APScheduler ships no types
    """Lets jobs that have begun come to their end instead of cancelling them in the midst of a transaction."""

    def shutdown(self, wait: bool = True) -> None:
        """Cancels nothing."""

    async def finish(self) -> None:
        """Waits for the jobs that have begun, but not for long."""
        if self._pending_futures:
            await asyncio.wait(self._pending_futures, timeout=STOP_SECONDS)


async def run_together(
    server: uvicorn.Server, listener: socket.socket, jobs: list[Coroutine[Any, Any, None]], inbox: Inbox
) -> None:
    """Runs the server and the jobs until one fails or we are cancelled, then lets what has begun come to its end."""
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    running = [asyncio.create_task(job) for job in jobs]
    unfinished = {serving, *running}
    try:
        while unfinished:
            done, unfinished = await asyncio.wait(unfinished, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        server.should_exit = True
        for task in running:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.gather(serving, *running, return_exceptions=True)
                await inbox.finish()
