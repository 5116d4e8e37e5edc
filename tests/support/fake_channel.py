"""A messenger that does with each sending what the test has told it, and numbers what it delivers, as Telegram does."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Set
from dataclasses import dataclass

from bot.messages import Reply

DEADLINE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Arrives:
    """The message reaches its chat, and then something happens on our side."""

    then: BaseException


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as people see it."""

    chat: str
    text: str
    number: int


PROCESS_DIES = asyncio.CancelledError("the process dies here")
"""As an outcome: whoever waits for it gets no further, not even to note the failure."""


class FakeChannel:
    """`shown` is what people see; `calls` is what was asked of the channel, in order."""

    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self.calls: list[str] = []
        self.number = 100
        self.gate = asyncio.Event()
        self.gate.set()
        self.most_at_once = 0
        self._at_once = 0
        self._outcomes: dict[str, deque[BaseException | Arrives]] = defaultdict(deque)
        self._progress = asyncio.Event()

    def will(self, call: str, *outcomes: BaseException | Arrives) -> None:
        """What comes of the next calls, such as "send Chào bà"; after these, all is well again."""
        self._outcomes[call].extend(outcomes)

    async def has_been_called(self, times: int) -> None:
        """Waits until it has."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while len(self.calls) < times:
                self._progress.clear()
                await self._progress.wait()

    @property
    def texts(self) -> list[str]:
        """What people see, in order."""
        return [message.text for message in self.shown]

    def counter(self, chat: str, in_reply_to: int | None) -> int | None:
        """See `Sender`."""
        return self.number

    async def send(self, chat: str, reply: Reply) -> int | None:
        """See `Sender`."""
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            outcome = await self._call(f"send {reply.text}")
        finally:
            self._at_once -= 1
        if isinstance(outcome, BaseException):
            raise outcome
        self.number += 1
        self.shown.append(Shown(chat, reply.text, self.number))
        if outcome:
            raise outcome.then
        return self.number

    async def find(self, chat: str, reply: Reply, after: int, known: Set[tuple[str, int]]) -> int | None:
        """See `Sender`."""
        outcome = await self._call(f"find {reply.text}")
        if isinstance(outcome, BaseException):
            raise outcome
        for message in self.shown:
            is_there = (message.chat, message.text) == (chat, reply.text)
            if is_there and message.number > after and (chat, message.number) not in known:
                return message.number
        return None

    async def _call(self, call: str) -> BaseException | Arrives | None:
        self.calls.append(call)
        self._progress.set()
        await self.gate.wait()
        return self._outcomes[call].popleft() if self._outcomes[call] else None


class FakeChannelWithoutNumbers(FakeChannel):
    """A messenger in which nothing can be looked for."""

    def counter(self, chat: str, in_reply_to: int | None) -> int | None:
        """See `Sender`."""
        return None

    async def send(self, chat: str, reply: Reply) -> int | None:
        """See `Sender`."""
        await super().send(chat, reply)
        return None
