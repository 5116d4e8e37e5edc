"""The way in, the same for every channel: a message is masked and stored once, then taken in its turn.

One turn at a time for one conversation, many conversations at once. What a process stored and did not get to handle is
handled after its restart, or by another one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from bot import choices
from bot.conversation import Conversations
from bot.masking import mask
from bot.messages import MAX_FILE_BYTES, MAX_TEXT, Attached, Incoming, Kind, Reply
from bot.service import ReceivedFile
from bot.start_code import needs_its_code, with_command, without_invitations
from bot.transcriber import NOT_HEARD, VOICE, Transcriber
from db import conversations, inbox, outbox
from db.clock import Clock
from db.engine import Database
from db.models import Conversation, InboxMessage

log = logging.getLogger(__name__)

ATTEMPTS = 3
RETRY_SECONDS = 1.0
SWEEP_SECONDS = 5.0
LONGEST_FILE_NAME = 64
LEFT_OVER_AFTER = timedelta(seconds=10)
"""A message that waits for longer was left by a process that died, or failed and is due again."""

Split = Callable[[str, Sequence[Reply], bool], Sequence[Reply]]
"""Makes of a turn's replies messages that a channel (named first) can carry; told whether any words may answer it."""

Fetch = Callable[[str], Awaitable[bytes | None]]
"""Gets the content of a document by the reference that its channel gave it; None when it is gone for good."""


class Inbox:
    """Stores messages and takes turns on them."""

    def __init__(
        self,
        database: Database,
        turns: Conversations,
        *,
        commune: str,
        split: Split,
        clock: Clock,
        answered: Callable[[], None],
    ) -> None:
        """`answered` is called after every transaction that wrote replies: the outbox need not poll."""
        self._database = database
        self._turns = turns
        self._commune = commune
        self._split = split
        self._clock = clock
        self._answered = answered
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()  # kept while somebody uses them
        self._running: set[asyncio.Task[None]] = set()
        self._fetch: dict[str, Fetch] = {}
        self._transcriber: Transcriber | None = None

    def fetch_files_by(self, channel: str, fetch: Fetch) -> None:
        """Says how documents that came through a channel are fetched."""
        self._fetch[channel] = fetch

    def hear_voice_by(self, transcriber: Transcriber) -> None:
        """Says what turns voice messages into text; without it they are answered by a kind sentence."""
        self._transcriber = transcriber

    def takes_file(self, name: str) -> bool:
        """Whether anybody's document of that name would be of use."""
        return self._turns.takes_file(name)

    async def receive(self, messages: Iterable[Incoming]) -> list[InboxMessage]:
        """Stores messages, all or none, and returns what is stored under their ids. Safe to repeat."""
        now = self._clock()
        async with self._database.transaction() as session:
            return [
                await inbox.store(session, self._arrival(message), commune=self._commune, now=now)
                for message in messages
            ]

    def handle_soon(self, stored: Iterable[InboxMessage]) -> None:
        """Starts the turns of stored messages in the background."""
        for conversation_id in dict.fromkeys(message.conversation_id for message in stored if not message.handled_at):
            self._start(conversation_id)

    async def handle(self, conversation_id: int) -> None:
        """Takes all turns that wait in a conversation, in order."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            while await self._take_next(conversation_id):
                pass

    async def sweep(self) -> None:
        """Handles what was left over, at once and then every few seconds, until cancelled."""
        older_than = timedelta(0)
        while True:
            try:
                async with self._database.snapshot() as session:
                    waiting = await inbox.conversations_waiting(session, self._commune, self._clock() - older_than)
            except Exception:
                log.exception("what was left over could not be read, trying again")
            else:
                older_than = LEFT_OVER_AFTER
                for conversation_id in waiting:
                    self._start(conversation_id)
            await asyncio.sleep(SWEEP_SECONDS)

    async def finish(self) -> None:
        """Waits for the turns that have begun."""
        while self._running:
            await asyncio.wait(self._running)

    def _start(self, conversation_id: int) -> None:
        task = asyncio.create_task(self.handle(conversation_id))
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("turns stopped, the sweep will take them up again", exc_info=error)

    async def _take_next(self, conversation_id: int) -> bool:
        async with self._database.snapshot() as session:
            waiting = await inbox.next_waiting(session, conversation_id)
            if waiting is None:
                return False
            incoming = await self._meant(session, waiting)
            attached = _attached(waiting)
            wants_file = attached and await self._turns.takes_file_of(session, conversation_id, attached.name)
        try:
            spoken = await self._heard(waiting.channel, incoming, attached)
            incoming = spoken or incoming
            understanding = await self._turns.understand(incoming)
            file = await self._received(waiting.channel, attached) if attached and wants_file else None
            async with self._database.transaction() as session:
                conversation = await conversations.lock(session, conversation_id)
                message = await inbox.next_waiting(session, conversation_id)
                if message is None or message.id != waiting.id or message.text != waiting.text:
                    return True  # another process was faster, or an edit came in: look again
                now = self._clock()
                replies = await self._turns.take_turn(
                    session, conversation, incoming, understanding, inbox_id=message.id, now=now, file=file
                )
                if spoken and spoken.text:
                    replies = (self._turns.heard(spoken.text), *replies)
                is_asking = await self._is_asking(session, conversation)
                messages = self._split(conversation.channel, replies, is_asking)
                outbox.add(session, conversation, message, [one.to_json() for one in messages], now)
                _handled(message, now)
        except Exception as error:
            return await self._failed(waiting, error)
        self._answered()
        return True

    async def _meant(self, session: AsyncSession, waiting: InboxMessage) -> Incoming:
        """The message as the desks get it: a "1" under a list of choices is the first one, pressed."""
        if waiting.channel not in choices.MOST_BUTTONS:
            return _incoming(waiting)
        conversation = await session.get_one(Conversation, waiting.conversation_id)
        is_asking = await self._is_asking(session, conversation)
        return await choices.read(session, conversation, _incoming(waiting), waiting.received_at, is_asking=is_asking)

    async def _is_asking(self, session: AsyncSession, conversation: Conversation) -> bool:
        """Whether words may be an answer, where that makes a difference to how choices are marked."""
        if conversation.channel not in choices.MOST_BUTTONS:
            return False
        return await self._turns.is_asking(session, conversation, self._clock())

    async def _received(self, channel: str, attached: Attached) -> ReceivedFile:
        """The document with its content, fetched before the transaction: it may take time, and fail."""
        fetch = self._fetch.get(channel)
        content = await fetch(attached.ref) if fetch and attached.size <= MAX_FILE_BYTES else None
        return ReceivedFile(attached.name, attached.size, content)

    async def _heard(self, channel: str, incoming: Incoming, attached: Attached | None) -> Incoming | None:
        """A voice message as the masked text of what was said; None when it is none, or nobody listens.

        The audio is fetched, heard and dropped before the transaction: nothing of it is stored, the text neither.
        """
        fetch = self._fetch.get(channel)
        if self._transcriber is None or fetch is None or attached is None or incoming.payload != VOICE:
            return None
        audio = await fetch(attached.ref) if attached.size <= MAX_FILE_BYTES else None
        text = _masked((await self._transcriber.transcribe(audio)).lstrip("/ ") if audio else "")[:MAX_TEXT]
        if not text:
            return replace(incoming, payload=NOT_HEARD)
        return replace(incoming, kind=Kind.TEXT, text=text, payload="", file=None)

    def _is_of_use(self, message: Incoming) -> bool:
        """Whether anybody here could use the file of a message."""
        is_voice = message.kind is Kind.ATTACHMENT and message.payload == VOICE
        if message.file is None:
            return False
        return self._transcriber is not None if is_voice else self._turns.takes_file(message.file.name)

    def _arrival(self, message: Incoming) -> inbox.Arrival:
        # What nobody here could use is not even remembered: it may be a picture of somebody's papers.
        file = message.file if self._is_of_use(message) else None
        return inbox.Arrival(
            channel=message.channel,
            chat=message.chat,
            sender=message.sender,
            message_id=message.message_id,
            kind=message.kind,
            text=_masked(with_command(message.text))[:MAX_TEXT],
            payload=_storable(message.payload),
            sent_at=message.sent_at,
            number=message.number,
            is_edit=message.is_edit,
            first_sent_at=message.first_sent_at,
            file=asdict(replace(file, name=_file_name(file.name))) if file else None,
        )

    async def _failed(self, waiting: InboxMessage, error: Exception) -> bool:
        """Counts the failure; after the last one apologises instead of blocking the conversation for ever."""
        log.error("turn failed for message %d", waiting.id, exc_info=error)
        async with self._database.transaction() as session:
            conversation = await conversations.lock(session, waiting.conversation_id)
            message = await inbox.next_waiting(session, waiting.conversation_id)
            if message is None or message.id != waiting.id:
                return True
            message.attempts += 1
            message.error = f"{type(error).__name__}: {error}"
            if message.attempts >= ATTEMPTS:
                now = self._clock()
                _handled(message, now)
                outbox.add(session, conversation, message, [reply.to_json() for reply in self._turns.trouble()], now)
        self._answered()
        if message.handled_at is None:
            await asyncio.sleep(RETRY_SECONDS)
        return True


def _attached(message: InboxMessage) -> Attached | None:
    return Attached(**message.file) if message.file else None


def _file_name(name: str) -> str:
    """On one line, masked, and with its end, which tells what sort of file it is."""
    masked = " ".join(mask(_storable(name)).split())
    return masked if len(masked) <= LONGEST_FILE_NAME else f"…{masked[1 - LONGEST_FILE_NAME :]}"


def _masked(text: str) -> str:
    masked = mask(_storable(text))
    return masked if needs_its_code(masked) else without_invitations(masked)


def _handled(message: InboxMessage, now: datetime) -> None:
    message.handled_at = now
    message.text = without_invitations(message.text)  # whoever opened the invitation is known by now
    if message.payload == VOICE:
        message.file = None  # nobody fetches it again


def _storable(text: str) -> str:
    """Without what no database takes: NUL (PostgreSQL) and halves of surrogate pairs (they have no UTF-8)."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _incoming(stored: InboxMessage) -> Incoming:
    """What is stored, as the desks get it: who wrote it is the conversation's business, not theirs."""
    return Incoming(
        channel=stored.channel,
        chat="",
        sender="",
        message_id=stored.edit_of or stored.message_id,
        sent_at=stored.sent_at,
        kind=Kind(stored.kind),
        text=stored.text,
        payload=stored.payload,
        number=stored.channel_number,
        is_edit=stored.edit_of is not None,
        first_sent_at=stored.first_sent_at,
        file=_attached(stored),
    )
