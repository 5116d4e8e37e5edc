"""How fast one bot account may send: one pace for each token, for all messages that go out by it.

Telegram (Bots FAQ, "My bot is hitting limits"): about 30 messages a second over all chats, one a second in one chat,
20 a minute in one group; short bursts are let through. python-telegram-bot's own limiter (AIORateLimiter, an extra with
a library of its own) was judged and left: it queues inside the call, where a sending is already noted as in doubt and
can't be taken back, and it repeats a call after 429 by itself, which the outbox must know of.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

TELEGRAM_A_SECOND = 30.0
CHAT_BURST = 5
"""Messages that may follow each other at once in one chat; several replies to one question are such a burst."""

BURST_SECONDS = 0.1
"""What may go out at once of the account's messages, as a part of a second: three of thirty."""

CHAT_SECONDS = 1.0
GROUP_SECONDS = 3.0
"""Between two messages in one chat, and in a group, in the long run."""

KEPT_CHATS = 10_000


class Pace:
    """Gives out moments for sending."""

    def __init__(
        self, a_second: float = TELEGRAM_A_SECOND, *, clock: Callable[[], float] = monotonic,
        chat_seconds: float = CHAT_SECONDS, group_seconds: float = GROUP_SECONDS,
    ) -> None:  # fmt: skip
        """`a_second`: messages of the whole account."""
        self._between = 1 / a_second
        self._clock = clock
        self._seconds = (chat_seconds, group_seconds)
        self._next = 0.0
        self._chats: dict[str, float] = {}

    async def wait(self, chat: str) -> None:
        """Waits until it is this message's turn."""
        pause = self.reserve(chat)
        if pause > 0:
            await asyncio.sleep(pause)

    def reserve(self, chat: str) -> float:
        """Takes the next free moment for a message to that chat, and returns in how many seconds that is."""
        now = self._clock()
        seconds = self._seconds[chat.startswith("-")]
        due = max(self._next, now - BURST_SECONDS)
        full = max(self._chats.get(chat, 0.0), now)  # when the chat's burst would be used up, had it none
        at = max(now, due, full - (CHAT_BURST - 1) * seconds)
        self._next = due + self._between  # one chat that must wait holds up no other
        self._chats[chat] = max(full, at) + seconds
        if len(self._chats) > KEPT_CHATS:
            self._chats = {chat: until for chat, until in self._chats.items() if until > now}
        return at - now
