"""A bot on the Telegram emulator: the real channel, way in, conversation, database and outbox; only Rasa is told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from telegram.request import HTTPXRequest

from bot.channels import outbox as sending
from bot.channels import telegram as channel
from bot.channels.fitting import splitter
from bot.channels.outbox import OutboxSender
from bot.channels.telegram import TelegramChannel
from bot.citizen.desk import CitizenDesk
from bot.conversation import Conversations
from bot.entrances import Entrances
from bot.inbox import Inbox
from bot.service_desk import ServiceDesk
from bot.services import SERVICES
from bot.settings import ROOT
from content import audio
from content.library import Library
from db import documents, outbox
from db.clock import utc_now
from db.engine import Database
from db.models import Base, Conversation, InboxMessage
from tests.support.telegram_emulator import SentMessage, TelegramEmulator
from tests.support.told_nlu import ToldNlu

ENTRANCES = Entrances("dai_su_so_bot", "http://localhost:8080")

COMMUNE = "tan-loi"
CLIPS = ROOT / "content" / audio.FOLDER

PlainRequest = partial(HTTPXRequest, httpx_kwargs={"verify": False, "trust_env": False})
"""Loads no certificates, which is slow, and uses no proxy that the environment names."""

PATIENCE = 20.0
"""Seconds within which everything here must have come to rest."""


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortens all pauses."""
    monkeypatch.setattr(channel, "HTTPXRequest", PlainRequest)
    monkeypatch.setattr(channel, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(channel, "FAILURE_SECONDS", 0.02)
    monkeypatch.setattr(channel, "CONFLICT_SECONDS", 0.02)
    monkeypatch.setattr(sending, "FIRST_PAUSE", timedelta(milliseconds=5))
    monkeypatch.setattr(sending, "POLL_SECONDS", 0.1)


class TelegramBot:
    """Runs between `start` and `stop`; may be started again after `die`."""

    def __init__(self, telegram: TelegramEmulator, database: Database, library: Library, nlu: ToldNlu) -> None:
        self.database = database
        self.library = library
        self.nlu = nlu
        self._telegram = telegram
        self._put_together()

    def _put_together(self) -> None:
        self.channel = TelegramChannel(self._telegram.token, self._telegram.base_url, utc_now, self._load, CLIPS)
        self._sender = OutboxSender(self.database, {channel.NAME: self.channel}, utc_now)
        self.inbox = Inbox(
            self.database,
            Conversations(
                CitizenDesk(lambda: self.library, COMMUNE),
                ServiceDesk(SERVICES),
                self.nlu,
                lambda: self.library,
                lambda: ENTRANCES,
            ),
            commune=COMMUNE,
            split=splitter(lambda: self.library),
            clock=utc_now,
            answered=self._sender.wake,
        )
        self.inbox.fetch_files_by(channel.NAME, self.channel.fetch_file)
        self._jobs: list[asyncio.Task[None]] = []

    async def _load(self, key: str) -> documents.File | None:
        async with self.database.snapshot() as session:
            return await documents.fetch(session, key)

    async def start(self, *, polls: bool = True) -> None:
        """As `daisuso run` does; without polling, updates come by `channel.take_in`."""
        await self.channel.check_token()
        async with self.database.snapshot() as session:
            self.channel.start_counting_from(await outbox.highest_numbers(session, COMMUNE, channel.NAME))
        jobs = [self._sender.run(), self.inbox.sweep(), *([self.channel.poll(self.inbox)] if polls else [])]
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

    async def die(self) -> None:
        """Ends without finishing anything, as if it was killed; `start` starts it again."""
        jobs = [*self._jobs, *self.inbox._running]
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        await self.channel.close()
        self._put_together()

    @contextlib.asynccontextmanager
    async def dying_before_it_answers(self) -> AsyncIterator[None]:
        """What is said meanwhile is stored and not answered; at the end the bot is dead."""

        async def never(text: str) -> None:
            await asyncio.Event().wait()

        self.nlu.before_answering = never
        yield
        await self._telegram.wait_until_async(lambda: not self._telegram.pending_updates())
        await self.die()
        self.nlu.before_answering = None

    async def at_rest(self) -> None:
        """Waits until all that was said is stored, answered and delivered or given up."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if not self._telegram.pending_updates() and not await self._unfinished():
                    return
                await asyncio.sleep(0.02)

    async def complains(self, of: str) -> None:
        """Waits until the channel reports a problem in these words."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if of in (self.channel.problem or ""):
                    return
                await asyncio.sleep(0.02)

    async def said_to(self, chat_id: int) -> list[str]:
        """What people read in a chat once everything is at rest."""
        return [message.visible_text for message in await self.messages_to(chat_id)]

    async def messages_to(self, chat_id: int) -> Sequence[SentMessage]:
        """The messages in a chat once everything is at rest."""
        await self.at_rest()
        return self._telegram.messages_to(chat_id)

    async def rows(self, table: type[Base], *columns: str) -> list[tuple[Any, ...]]:
        """What the database holds, in the order of the ids."""
        async with self.database.snapshot() as session:
            found = await session.scalars(select(table).order_by(table.id))  # type: ignore[attr-defined]
            return [tuple(getattr(one, column) for column in columns) for one in found]

    async def conversations(self) -> list[Conversation]:
        """All conversations, the oldest first."""
        async with self.database.snapshot() as session:
            return list(await session.scalars(select(Conversation).order_by(Conversation.id)))

    async def stored(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table."""
        async with self.database.snapshot() as session:
            return {
                table.name: [dict(row) for row in (await session.execute(table.select())).mappings()]
                for table in Base.metadata.sorted_tables
            }

    async def _unfinished(self) -> int:
        async with self.database.snapshot() as session:
            unsent, _ = await outbox.backlog(session)
            query = select(func.count()).select_from(InboxMessage).where(InboxMessage.handled_at.is_(None))
            return unsent + (await session.scalar(query) or 0)
