"""People talking with the real desk over a real database: what they send is stored and answered, as for any channel."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy import select

from bot.citizen.desk import CitizenDesk
from bot.conversation import Conversations
from bot.entrances import Entrances
from bot.inbox import Inbox
from bot.messages import Incoming, Reply
from bot.service_desk import ServiceDesk
from bot.services import SERVICES
from content.library import Library
from db import outbox
from db.engine import Database
from db.models import Conversation, InboxMessage, OutboxMessage
from tests.support.articles import article, library_of
from tests.support.clock import FakeClock
from tests.support.told_nlu import ToldNlu

ENTRANCES = Entrances("dai_su_so_bot", "http://localhost:8080")

COMMUNE = "tan-loi"
INSTALL = "cài VNeID thế nào"
PASSWORD = "quên mật khẩu VNeID"
MEANINGS = {INSTALL: "vneid.install", PASSWORD: "vneid.forgot_password"}


def small_library(shipped: Library) -> Library:
    """Two articles, with everything else as it is shipped."""
    fee = {"Lệ phí": "Không mất tiền."}
    return library_of(
        shipped,
        article("vneid.install", "Cài VNeID", summary="Bấm Cài đặt.", sections=fee),
        article("vneid.forgot_password", "Quên mật khẩu VNeID", summary="Bấm Quên mật khẩu."),
    )


def keep_whole(_channel: str, replies: Sequence[Reply], _is_asking: bool) -> Sequence[Reply]:
    """A channel that carries replies of any length."""
    return replies


class Talk:
    """One process that answers. `nlu` knows the two questions above."""

    def __init__(self, database: Database, shipped: Library, clock: FakeClock, desk: CitizenDesk | None = None) -> None:
        """`desk` answers from the shipped content; without one, there are the two articles."""
        self.database = database
        self._desk = desk
        self.nlu = ToldNlu(MEANINGS)
        self.library = shipped if desk else small_library(shipped)
        self.news = 0
        self._news = asyncio.Event()
        self.inbox = self._make_inbox(clock)

    async def has_answered(self, times: int) -> None:
        """Waits until it has."""
        while self.news < times:
            self._news.clear()
            await self._news.wait()

    async def answer(self, *messages: Incoming) -> list[Reply]:
        """Takes messages in and returns what is said to the last one."""
        stored = await self.inbox.receive(messages)
        for message in stored:
            await self.inbox.handle(message.conversation_id)
        async with self.database.snapshot() as session:
            return [Reply.from_json(reply.body) for reply in await outbox.replies_to(session, stored[-1].id)]

    async def said(self, *messages: Incoming) -> str:
        """Like `answer`, and only the words of the one reply."""
        [reply] = await self.answer(*messages)
        return reply.text

    def _make_inbox(self, clock: FakeClock) -> Inbox:
        def answered() -> None:
            self.news += 1
            self._news.set()

        desk = self._desk or CitizenDesk(lambda: self.library, COMMUNE)
        turns = Conversations(desk, ServiceDesk(SERVICES), self.nlu, lambda: self.library, lambda: ENTRANCES)
        return Inbox(self.database, turns, commune=COMMUNE, split=keep_whole, clock=clock, answered=answered)


async def all_answers(database: Database) -> list[tuple[str, str, str]]:
    """Who was answered what to which text, in the order of the outbox."""
    query = (
        select(Conversation.sender, InboxMessage.text, OutboxMessage.body)
        .select_from(OutboxMessage)
        .join(OutboxMessage.inbox)
        .join(InboxMessage.conversation)
        .order_by(OutboxMessage.id)
    )
    async with database.snapshot() as session:
        return [(sender, asked, body["text"]) for sender, asked, body in await session.execute(query)]
