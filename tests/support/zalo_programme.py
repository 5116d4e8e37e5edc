"""A programme on the Official Account's emulator: the real channel, webhook, inbox, conversation, database and outbox.

It lives by the emulator's clock, so that windows and tokens end for both at once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import func, select

from bot.channels import outbox as sending
from bot.channels import zalo as channel
from bot.channels import zalo_messages, zalo_tokens, zalo_webhook
from bot.channels.fitting import splitter
from bot.channels.outbox import OutboxSender
from bot.channels.zalo_opening import ZaloOA, open_zalo
from bot.citizen.desk import CitizenDesk
from bot.conversation import Conversations
from bot.entrances import Entrances
from bot.inbox import Inbox
from bot.running import Server
from bot.service_desk import ServiceDesk
from bot.services import SERVICES
from bot.settings import Settings
from content.library import Library
from db import outbox, zalo
from db.engine import Database
from db.models import Conversation, InboxMessage
from db.zalo import Pair, ZaloAccount
from tests.support.ports import free_port
from tests.support.rows import COMMUNE
from tests.support.site import make_settings
from tests.support.told_nlu import ToldNlu
from tests.support.zalo_emulator import SentMessage, ZaloOa
from tests.support.zalo_emulator.tokens import ACCESS_LIFE

PATIENCE = 20.0
"""Seconds within which everything here must have come to rest."""
SITE = "https://daisuso.tanloi.vn"


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortens all pauses."""
    monkeypatch.setattr(sending, "FIRST_PAUSE", timedelta(milliseconds=5))
    monkeypatch.setattr(sending, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(zalo_messages, "STOPPED_FOR", timedelta(milliseconds=20))
    monkeypatch.setattr(channel, "NO_TOKEN_FOR", timedelta(milliseconds=20))
    monkeypatch.setattr(channel, "SOON", timedelta(milliseconds=20))
    monkeypatch.setattr(zalo_tokens, "WAIT_SECONDS", 0.02)
    monkeypatch.setattr(zalo_tokens, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(zalo_messages, "uniform", lambda *_: 0.02)


async def until(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    """Waits until something holds."""
    async with asyncio.timeout(PATIENCE):
        while True:
            held = holds()
            if held if isinstance(held, bool) else await held:
                return
            await asyncio.sleep(0.02)


def settings_for(oa: ZaloOa, var: Path) -> Settings:
    """The settings of an operator who has set all four."""
    return make_settings(
        var, public_url=SITE, zalo_app_id=oa.app_id, zalo_app_secret=oa.app_secret, zalo_oa_id=oa.oa_id,
        zalo_oa_secret_key=oa.oa_secret, zalo_openapi=oa.address, zalo_oauth=oa.address,
    )  # fmt: skip


class ZaloProgramme:
    """Runs between `start` and `stop`, with a web server of its own for the webhook."""

    def __init__(self, oa: ZaloOa, database: Database, library: Library, nlu: ToldNlu) -> None:
        self.oa, self.database = oa, database
        self._library, self._nlu = library, nlu
        self._stack = AsyncExitStack()
        self._jobs: list[asyncio.Task[None]] = []
        self.port = free_port()
        self.account: ZaloOA

    async def start(self, *, consents: bool = True) -> None:
        """As `daisuso run` does, and then an administrator saves the address and consents."""
        settings = settings_for(self.oa, Path("unused"))
        opened = await open_zalo(settings, self.database, lambda: self._library.texts, self.oa.now, self._stack)
        assert opened
        self.account = opened
        self.sender = OutboxSender(self.database, {channel.NAME: opened.channel}, self.oa.now)
        turns = Conversations(
            CitizenDesk(lambda: self._library, COMMUNE),
            ServiceDesk(SERVICES),
            self._nlu,
            lambda: self._library,
            lambda: Entrances(None, SITE),
        )
        self.inbox = Inbox(
            self.database,
            turns,
            commune=COMMUNE,
            split=splitter(lambda: self._library),
            clock=self.oa.now,
            answered=self.sender.wake,
        )
        site = FastAPI()
        site.include_router(opened.router(self.inbox))
        config = uvicorn.Config(site, port=self.port, log_config=None, access_log=False, lifespan="off")
        self._server = Server(config)
        self._jobs = [asyncio.create_task(self._server.serve())]
        await until(lambda: self._server.started)
        if consents:
            await self.consent()
        self._jobs += [asyncio.create_task(self.sender.run()), asyncio.create_task(self.inbox.sweep())]
        assert await asyncio.to_thread(self.oa.save_webhook, self.webhook) == 200

    @property
    def webhook(self) -> str:
        """Where events are brought."""
        return f"http://127.0.0.1:{self.port}{zalo_webhook.PATH}"

    async def consent(self) -> None:
        """A pair from the console is stored."""
        pair = self.oa.pair()
        async with self.database.transaction() as session:
            kept = Pair(pair.access, pair.refresh, self.oa.now() + ACCESS_LIFE)
            await zalo.consent(session, self.account.account, kept, self.oa.now())

    async def stop(self) -> None:
        """Lets what has begun come to its end."""
        self._server.should_exit = True
        for job in self._jobs[1:]:
            job.cancel()
        for job in self._jobs:
            with contextlib.suppress(asyncio.CancelledError):
                await job
        await self.inbox.finish()
        await self._stack.aclose()

    async def restart(self) -> None:
        """A new process on the same database and address; what was consented to is still there."""
        await self.stop()
        self._stack = AsyncExitStack()
        await self.start(consents=False)

    async def at_rest(self) -> None:
        """Waits until all that came is answered, and the answers sent or given up."""

        async def all_is_done() -> bool:
            return not self.oa.undelivered() and not await self._unfinished()

        await until(all_is_done)

    async def said_to(self, person: str) -> list[SentMessage]:
        """What stands in a chat once everything is at rest."""
        await self.at_rest()
        return self.oa.messages_to(person)

    async def ask(self, person: str, text: str) -> list[SentMessage]:
        """What is answered to a text."""
        before = len(self.oa.messages_to(person))
        self.oa.says(person, text)
        return (await self.said_to(person))[before:]

    async def row(self) -> ZaloAccount:
        """What is kept of the account."""
        async with self.database.snapshot() as session:
            row = await zalo.find(session, self.account.account)
        assert row
        return row

    async def conversation(self, person: str) -> Conversation:
        """Somebody's conversation."""
        async with self.database.snapshot() as session:
            return (await session.scalars(select(Conversation).where(Conversation.chat == person))).one()

    async def messages_in(self) -> int:
        """How many messages were taken in."""
        async with self.database.snapshot() as session:
            return await session.scalar(select(func.count()).select_from(InboxMessage)) or 0

    async def _unfinished(self) -> int:
        async with self.database.snapshot() as session:
            unsent, _ = await outbox.backlog(session)
            query = select(func.count()).select_from(InboxMessage).where(InboxMessage.handled_at.is_(None))
            return unsent + (await session.scalar(query) or 0)
