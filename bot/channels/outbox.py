"""Sends what the outbox holds: in order within a conversation, many conversations at once, again after failures.

A sending is noted as in doubt before it starts. One that is still in doubt later - the process died, the line dropped -
is looked for in the chat before it is repeated, so that nobody gets an answer twice and nobody gets none. Each channel
says how.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Set
from datetime import datetime, timedelta
from typing import Protocol

from bot.messages import Reply
from db import conversations, outbox
from db.clock import Clock
from db.engine import Database
from db.models import OutboxMessage

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Sendings under way at the same time."""

LEASE = timedelta(seconds=10)
"""After so long without renewal a claimed message is anybody's again: whoever claimed it has died."""

RENEWAL_SECONDS = 3.0

POLL_SECONDS = 1.0
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)
ATTEMPTS = 40
"""With the pauses above about two and a half hours of trying, then the message is given up."""


class SendError(Exception):
    """A sending failed and the message has certainly not reached the channel; it is tried again."""


class UncertainError(Exception):
    """A sending failed and the message may have reached the channel all the same."""


class SlowDownError(Exception):
    """The channel wants a pause; nothing was sent."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__(f"the channel wants a pause of {pause.total_seconds():g} s")
        self.pause = pause


class BlockedError(Exception):
    """The person has blocked us or is gone; nothing will ever be delivered."""


class RefusedError(Exception):
    """The channel refuses this very message, now and later."""


class ClaimLostError(Exception):
    """A message is no longer ours to send: we were held up for longer than the lease, or it has been deleted."""


class Sender(Protocol):
    """A channel's way out."""

    def counter(self, chat: str, in_reply_to: int | None) -> int | None:
        """A number above which anything sent to that chat from now on will be; None if the channel has no numbers."""

    async def send(self, chat: str, reply: Reply) -> int | None:
        """Sends a message and returns the channel's number for it, if it has numbers.

        Raises:
            SendError, UncertainError, SlowDownError, BlockedError, RefusedError: as each says.
        """

    async def find(self, chat: str, reply: Reply, after: int, known: Set[tuple[str, int]]) -> int | None:
        """Looks for a message sent to that chat after that number; None if absent.

        It is none of the `known` ones, which are given as (chat, number).

        Raises: as `send`.
        """


class OutboxSender:
    """Takes messages from the outbox and sends them until stopped."""

    def __init__(self, database: Database, senders: Mapping[str, Sender], clock: Clock) -> None:
        self._database = database
        self._senders = senders
        self._clock = clock
        self._news = asyncio.Event()
        self._held_until: dict[str, datetime] = {}
        self._under_way: dict[int, OutboxMessage] = {}

    def wake(self) -> None:
        """Says that there may be something new to send."""
        self._news.set()

    async def run(self) -> None:
        """Sends until cancelled. A sending that is under way then is finished first."""
        tasks: set[asyncio.Task[None]] = set()
        renewal = asyncio.create_task(self._keep_claims())
        try:
            while True:
                self._news.clear()
                claimed = await self._claim(AT_ONCE - len(tasks))
                for message in claimed:
                    task = asyncio.create_task(self._deliver(message))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
                    task.add_done_callback(lambda _: self.wake())
                if not claimed or len(tasks) >= AT_ONCE:
                    await self._wait()
        finally:
            try:
                if tasks:
                    await asyncio.shield(asyncio.gather(*tasks, return_exceptions=True))
            finally:
                renewal.cancel()
                await asyncio.gather(renewal, return_exceptions=True)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._news.wait()
        except TimeoutError:
            pass

    def _ready_channels(self) -> list[str]:
        now = self._clock()
        return [channel for channel in self._senders if self._held_until.get(channel, now) <= now]

    async def _claim(self, room: int) -> list[OutboxMessage]:
        channels = self._ready_channels()
        if room < 1 or not channels:
            return []
        try:
            async with self._database.transaction() as session:
                claimed = await outbox.claim(session, channels, now=self._clock(), lease=LEASE, limit=room)
        except Exception:
            log.exception("outbox could not be read, trying again")
            return []
        for message in claimed:
            if running := self._under_way.get(message.id):  # we were held up, and have claimed it anew
                running.claimed_until = message.claimed_until
        return [message for message in claimed if message.id not in self._under_way]

    async def _keep_claims(self) -> None:
        """Renews the claims on what is under way, so that a long search does not lose them."""
        while True:
            await asyncio.sleep(RENEWAL_SECONDS)
            try:
                async with self._database.transaction() as session:
                    until = self._clock() + LEASE
                    for message in list(self._under_way.values()):
                        if await outbox.renew(session, message, until=until):
                            message.claimed_until = until
            except Exception:
                log.exception("claims could not be renewed, trying again")

    async def _deliver(self, message: OutboxMessage) -> None:
        """Sends one message and notes the outcome. `message` is a detached copy: changes go through `_note`."""
        self._under_way[message.id] = message
        try:
            await self._try_to_deliver(message)
        except ClaimLostError:
            log.warning("message %d is somebody else's by now", message.id)
        finally:
            del self._under_way[message.id]

    async def _try_to_deliver(self, message: OutboxMessage) -> None:
        in_doubt = message.in_doubt
        try:
            number = await self._find_earlier(message)
            if number is None:
                in_doubt = False  # looked for and not found
                number = await self._send(message)
            await self._note(message, lambda stored: outbox.delivered(stored, number, self._clock()))
        except SlowDownError as error:
            self._held_until[message.channel] = self._clock() + error.pause
            await self._postpone(message, error, pause=error.pause, in_doubt=in_doubt)
        except SendError as error:
            await self._postpone(message, error, pause=_pause(message.attempts), in_doubt=in_doubt)
        except BlockedError as error:
            await self._give_up(message, error, blocked=True)
        except RefusedError as error:
            await self._give_up(message, error, blocked=False)
        except ClaimLostError:
            raise
        except Exception as error:
            if not isinstance(error, UncertainError):
                log.exception("sending message %d failed in an unknown way", message.id)
            await self._postpone(message, error, pause=_pause(message.attempts), in_doubt=True)

    async def _find_earlier(self, message: OutboxMessage) -> int | None:
        if not message.in_doubt or message.sent_after is None:
            return None
        async with self._database.snapshot() as session:
            known = await outbox.numbers_after(session, message.commune, message.channel, message.sent_after)
        sender = self._senders[message.channel]
        reply = Reply.from_json(message.body)
        return await sender.find(message.conversation.chat, reply, message.sent_after, known)

    async def _send(self, message: OutboxMessage) -> int | None:
        sender = self._senders[message.channel]
        chat = message.conversation.chat
        counter = sender.counter(chat, message.inbox.channel_number if message.inbox else None)
        await self._begin(message, counter)
        return await sender.send(chat, Reply.from_json(message.body))

    async def _begin(self, message: OutboxMessage, counter: int | None) -> None:
        async with self._database.transaction() as session:
            stored = await session.get(OutboxMessage, message.id, with_for_update=True)
            if stored is None or stored.claimed_until != message.claimed_until:
                raise ClaimLostError
            outbox.begin_sending(stored, counter)
            message.attempts = stored.attempts

    async def _note(self, message: OutboxMessage, change: Callable[[OutboxMessage], None]) -> None:
        async with self._database.transaction() as session:
            stored = await session.get(OutboxMessage, message.id)
            if stored is not None:  # its owner may have had everything deleted meanwhile
                change(stored)
                message.attempts = stored.attempts

    async def _postpone(self, message: OutboxMessage, error: Exception, *, pause: timedelta, in_doubt: bool) -> None:
        if message.attempts >= ATTEMPTS:
            await self._give_up(message, error, blocked=False)
            return
        log.warning("message %d is sent later: %s", message.id, error)
        until = self._clock() + pause
        await self._note(message, lambda m: outbox.postpone(m, until, str(error), in_doubt=in_doubt))

    async def _give_up(self, message: OutboxMessage, error: Exception, *, blocked: bool) -> None:
        log.warning("message %d is given up: %s", message.id, error)
        now = self._clock()
        async with self._database.transaction() as session:
            if stored := await session.get(OutboxMessage, message.id):
                outbox.give_up(stored, str(error), now)
            if blocked:
                await conversations.mark_blocked(session, message.conversation_id, now)


def _pause(attempts: int) -> timedelta:
    """The pause after so many attempts: doubles with every one, up to the longest."""
    return min(FIRST_PAUSE * 2.0 ** min(max(attempts - 1, 0), 16), LONGEST_PAUSE)
