"""Emulators for each test, and something that answers their webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.support.http_server import Connections, HttpServer
from tests.support.zalo_emulator import ZaloBotPlatform, ZaloOa


@dataclass
class Hook:
    """A webhook target: answers with `statuses` in turn (then 200), after `seconds`; keeps what it got."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    seconds: float = 0.0
    got: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)

    async def receive(self, request: Request) -> Response:
        self.got.append((await request.body(), dict(request.headers)))
        await asyncio.sleep(self.seconds)
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    server = HttpServer(Starlette(routes=[Route("/hook", hook.receive, methods=["POST"])]), Connections(), None)
    server.start()
    hook.url = f"http://127.0.0.1:{server.port}/hook"
    yield hook
    server.stop()


@pytest.fixture
def oa() -> Iterator[ZaloOa]:
    with ZaloOa() as emulator:
        emulator.add_person("246", has_interacted=True)
        yield emulator


@pytest.fixture
def bot() -> Iterator[ZaloBotPlatform]:
    with ZaloBotPlatform() as emulator:
        emulator.add_person("6ede")
        yield emulator


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        yield client


async def call(http: httpx.AsyncClient, bot: ZaloBotPlatform, method: str, **params: Any) -> Any:
    """A call of the Bot Platform, and what it says."""
    return (await http.post(f"{bot.address}/bot{bot.token}/{method}", json=params)).json()
