"""A programme on the Zalo Bot Platform's emulator: the real channel, inbox, conversation, database and outbox."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from datetime import timedelta

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import func, select

from bot.channels import outbox as sending
from bot.channels import zalo_bot, zalo_bot_webhook
from bot.channels.fitting import splitter
from bot.channels.outbox import OutboxSender
from bot.channels.zalo_bot import NAME, ZaloBotChannel
from bot.channels.zalo_bot_pictures import ShownPictures
from bot.citizen.desk import CitizenDesk
from bot.conversation import Conversations
from bot.entrances import Entrances
from bot.inbox import Inbox
from bot.running import Server
from bot.service_desk import ServiceDesk
from bot.services import SERVICES
from content.library import Library
from db import outbox
from db.clock import utc_now
from db.engine import Database
from db.models import InboxMessage
from tests.support.told_nlu import ToldNlu
from tests.support.zalo_emulator import ZaloBotPlatform

COMMUNE = "tan-loi"
SECRET = "bi-mat-cua-webhook"
PATIENCE = 20.0
"""Seconds within which everything here must have come to rest."""


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortens all pauses."""
    monkeypatch.setattr(zalo_bot, "FAILURE_SECONDS", 0.02)
    monkeypatch.setattr(zalo_bot, "SLOW_SECONDS", 0.05)
    monkeypatch.setattr(zalo_bot, "STORE_SECONDS", 0.02)
    monkeypatch.setattr(zalo_bot, "POLL_SECONDS", 1)
    monkeypatch.setattr(sending, "FIRST_PAUSE", timedelta(milliseconds=5))
    monkeypatch.setattr(sending, "POLL_SECONDS", 0.1)


class ZaloBotProgramme:
    """Runs between `start` and `stop`, with a site of its own that serves pictures and the webhook."""

    def __init__(self, zalo: ZaloBotPlatform, database: Database, library: Library, nlu: ToldNlu) -> None:
        self.database = database
        self.zalo = zalo
        site = FastAPI()
        self._server = Server(uvicorn.Config(site, lifespan="off", log_config=None, access_log=False))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.pictures = ShownPictures(database, COMMUNE, self.address, utc_now)
        self.channel = ZaloBotChannel(
            zalo.token,
            zalo.address,
            utc_now,
            self.pictures,
            lambda: (library.texts.choices, library.texts.zalo_bot),
            lambda key: f"{self.address}/api/document/{key}",
        )
        self.sender = OutboxSender(database, {NAME: self.channel}, utc_now)
        turns = Conversations(
            CitizenDesk(lambda: library, COMMUNE),
            ServiceDesk(SERVICES),
            nlu,
            lambda: library,
            lambda: Entrances(None, self.address),
        )
        self.inbox = Inbox(
            database,
            turns,
            commune=COMMUNE,
            split=splitter(lambda: library),
            clock=utc_now,
            answered=self.sender.wake,
        )
        site.include_router(self.pictures.router())
        site.include_router(zalo_bot_webhook.webhook_router(self.channel, self.inbox, SECRET))
        self._jobs: list[asyncio.Task[None]] = []
        self._serving: asyncio.Task[None] | None = None

    async def start(self, *, polls: bool = True) -> None:
        """As `daisuso run` does; without polling, by the webhook."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._listener]))
        if not polls:
            await self.channel.use_webhook(self.address + zalo_bot_webhook.PATH, SECRET)
        jobs = [self.sender.run(), self.inbox.sweep(), *([self.channel.poll(self.inbox)] if polls else [])]
        self._jobs = [asyncio.create_task(job) for job in jobs]

    async def stop(self) -> None:
        """Lets what has begun come to its end."""
        for job in self._jobs:
            job.cancel()
        for job in self._jobs:
            with contextlib.suppress(asyncio.CancelledError):
                await job
        await self.inbox.finish()
        await self.channel.close()
        self._server.should_exit = True
        if self._serving:
            await self._serving
        self._listener.close()

    async def said_to(self, person: str) -> list[str]:
        """What stands in a chat once everything is at rest."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if not self.zalo.pending_updates() and not await self._unfinished():
                    break
                await asyncio.sleep(0.02)
        return [message.text for message in self.zalo.messages_to(person)]

    async def post(self, body: bytes, secret: str = SECRET) -> int:
        """Anything at the webhook's address; the answer's status."""
        async with httpx.AsyncClient(trust_env=False) as http:
            headers = {zalo_bot_webhook.HEADER: secret}
            response = await http.post(self.address + zalo_bot_webhook.PATH, content=body, headers=headers)
            return response.status_code

    async def _unfinished(self) -> int:
        async with self.database.snapshot() as session:
            unsent, _ = await outbox.backlog(session)
            query = select(func.count()).select_from(InboxMessage).where(InboxMessage.handled_at.is_(None))
            return unsent + (await session.scalar(query) or 0)
