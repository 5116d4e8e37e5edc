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
from functools import partial
from typing import Protocol

from bot.channels.outbox_notes import OutboxNotes
from bot.channels.pace import Pace
from bot.messages import Reply
from db import conversations, outbox
from db.clock import Clock
from db.engine import Database
from db.models import OutboxMessage

log = logging.getLogger(__name__)

AT_ONCE = 16
"""Sendings under way at the same time."""

KEPT_FREE = 2
"""Of these, how many no message to many may take: an answer finds a place at once, whatever else is sent."""

CLAIMED_AHEAD = 64
"""Messages to many that are claimed at once; they wait here for a place."""

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

    def __init__(
        self,
        database: Database,
        senders: Mapping[str, Sender],
        clock: Clock,
        paces: Mapping[str, Pace] | None = None,
        may_send_to_many: Callable[[datetime], bool] = lambda _: True,
    ) -> None:
        """`paces`: how fast each channel may send; `may_send_to_many` says when broadcasts may go out."""
        self._database = database
        self._senders = senders
        self._clock = clock
        self._paces = paces or {}
        self._may_send_to_many = may_send_to_many
        self._notes = OutboxNotes(database)
        self._news = asyncio.Event()
        self._held_until: dict[str, datetime] = {}
        self._ahead: list[OutboxMessage] = []
        self._there_is_more = False
        self._shall_look = True
        self._under_way: dict[int, OutboxMessage] = {}

    def wake(self) -> None:
        """Says that there may be something new to send."""
        self._shall_look = True
        self._news.set()

    async def run(self) -> None:
        """Sends until cancelled. A sending that is under way then is finished first."""
        tasks: set[asyncio.Task[None]] = set()
        renewal = asyncio.create_task(self._keep_claims())
        try:
            while True:
                self._news.clear()
                chosen = await self._choose(AT_ONCE - len(tasks))
                for message in chosen:
                    self._under_way[message.id] = message
                    task = asyncio.create_task(self._deliver(message))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
                    task.add_done_callback(partial(self._ended, message))
                if not chosen or len(tasks) >= AT_ONCE:
                    await self._wait()
        finally:
            try:
                if tasks:
                    await asyncio.shield(asyncio.gather(*tasks, return_exceptions=True))
                await self._release()
            finally:
                renewal.cancel()
                await asyncio.gather(renewal, return_exceptions=True)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._news.wait()
        except TimeoutError:
            self._shall_look = True

    def _ended(self, message: OutboxMessage, _: asyncio.Task[None]) -> None:
        if message.priority == outbox.BULK:
            self._news.set()  # what comes next is here already, or is looked for when it runs short
        else:
            self.wake()  # the next answer in the same conversation

    def _is_held(self, channel: str) -> bool:
        now = self._clock()
        return self._held_until.get(channel, now) > now

    async def _choose(self, room: int) -> list[OutboxMessage]:
        """What is to be sent now, at most so many: answers first, then messages to many in the places left to them."""
        if room < 1:
            return []
        shall_look, self._shall_look = self._shall_look, False
        chosen = await self._claim(room, priority=0) if shall_look else []
        to_many = sum(message.priority == outbox.BULK for message in self._under_way.values())
        places = min(room - len(chosen), AT_ONCE - KEPT_FREE - to_many)
        if places < 1 or not self._may_send_to_many(self._clock()):
            return chosen
        if (shall_look or self._there_is_more) and len(self._ahead) < AT_ONCE:
            wanted = CLAIMED_AHEAD - len(self._ahead)
            found = await self._claim(wanted, priority=outbox.BULK)
            self._there_is_more = len(found) == wanted
            self._ahead.extend(found)
        ready = [message for message in self._ahead if not self._is_held(message.channel)][:places]
        self._ahead = [message for message in self._ahead if message not in ready]
        return chosen + ready

    async def _claim(self, room: int, priority: int) -> list[OutboxMessage]:
        channels = [channel for channel in self._senders if not self._is_held(channel)]
        if not channels:
            return []
        try:
            async with self._database.transaction() as session:
                claimed = await outbox.claim(
                    session, channels, now=self._clock(), lease=LEASE, limit=room, priority=priority
                )
        except Exception:
            log.exception("outbox could not be read, trying again")
            return []
        ours = self._ours()
        for message in claimed:
            if known := ours.get(message.id):  # we were held up, and have claimed it anew
                known.claimed_until = message.claimed_until
        return [message for message in claimed if message.id not in ours]

    def _ours(self) -> dict[int, OutboxMessage]:
        return self._under_way | {message.id: message for message in self._ahead}

    async def _release(self) -> None:
        """Lets go of what is claimed and not begun, so that the next process need not wait for the lease's end."""
        try:
            async with self._database.transaction() as session:
                for message in self._ahead:
                    await outbox.renew(session, message, until=None)
        except Exception:
            log.exception("claims could not be released; they end by themselves")
        self._ahead = []

    async def _keep_claims(self) -> None:
        """Renews the claims on what is under way, so that a long search does not lose them."""
        while True:
            await asyncio.sleep(RENEWAL_SECONDS)
            try:
                async with self._database.transaction() as session:
                    until = self._clock() + LEASE
                    for message in self._ours().values():
                        if await outbox.renew(session, message, until=until):
                            message.claimed_until = until
            except Exception:
                log.exception("claims could not be renewed, trying again")

    async def _deliver(self, message: OutboxMessage) -> None:
        """Sends one message and notes the outcome. `message` is a detached copy: changes go through `_note`."""
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
        if pace := self._paces.get(message.channel):
            await pace.wait(chat)
            if self._is_held(message.channel):  # another message was told so meanwhile
                raise SlowDownError(self._held_until[message.channel] - self._clock())
        counter = sender.counter(chat, message.inbox.channel_number if message.inbox else None)
        await self._begin(message, counter)
        return await sender.send(chat, Reply.from_json(message.body))

    async def _begin(self, message: OutboxMessage, counter: int | None) -> None:
        def change(stored: OutboxMessage | None) -> None:
            if stored is None or stored.claimed_until is None or stored.claimed_until != message.claimed_until:
                raise ClaimLostError
            outbox.begin_sending(stored, counter)
            message.attempts = stored.attempts

        await self._notes.write(message.id, change)

    async def _note(self, message: OutboxMessage, change: Callable[[OutboxMessage], None]) -> None:
        def note(stored: OutboxMessage | None) -> None:
            if stored is not None:  # its owner may have had everything deleted meanwhile
                change(stored)
                message.attempts = stored.attempts

        await self._notes.write(message.id, note)

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
