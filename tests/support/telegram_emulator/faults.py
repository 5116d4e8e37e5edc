"""Trouble on order: refusals, hangs and dropped connections for the next calls, and Telegram's rate limits.

Nothing here sleeps or talks: the server asks what shall happen and does it.
"""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from .errors import BLOCKED, ApiError, too_many_requests

PER_CHAT_PER_SECOND = 1  # Bot FAQ: about one message a second in one chat
PER_GROUP_PER_MINUTE = 20  # Bot FAQ: 20 messages a minute to the same group
GLOBAL_PER_SECOND = 30  # Bot FAQ: bulk notifications, about 30 messages a second over all chats

_DEFAULT_DESCRIPTIONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: f"Forbidden: {BLOCKED}",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(frozen=True)
class Failure:
    """The call has no effect and is answered with this error."""

    error: ApiError


@dataclass(frozen=True)
class Hang:
    """The answer comes ``seconds`` late; with ``after_effect`` the call took effect at once, else it never does."""

    seconds: float
    after_effect: bool


@dataclass(frozen=True)
class Drop:
    """The connection closes without an answer, after or before the call took effect."""

    after_effect: bool


Fault = Failure | Hang | Drop


class FaultPlan:
    """What shall go wrong next, by method; each entry is used once, in the order of asking."""

    def __init__(self) -> None:
        self._next: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        """Plans the fault for the next ``times`` calls of the method (its name in any case)."""
        self._next[method.lower()].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The fault that befalls this call, which is thereby used up."""
        planned = self._next[method.lower()]
        return planned.popleft() if planned else None


def failure(status: int, retry_after: int | None, description: str | None) -> Failure:
    """An error answer; without a description, the words that Telegram uses for the status."""
    if status == 429:
        retry_after = retry_after or 1
        description = description or too_many_requests(retry_after).description
    text = description or _DEFAULT_DESCRIPTIONS.get(status, f"Error {status}")
    return Failure(ApiError(status, text, retry_after=retry_after))


class RateLimits:
    """Sliding windows over what the bot sends; a limit of None is not checked. Refused calls do not count.

    ``per_chat_per_second`` and ``global_per_second`` count calls in any second, ``per_group_per_minute`` in any minute.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.per_chat_per_second: int | None = None
        self.global_per_second: int | None = None
        self.per_group_per_minute: int | None = None
        self._monotonic = monotonic
        self._sent: dict[str, deque[float]] = defaultdict(deque)

    def count(self, chat_id: int) -> None:
        """Counts one call to the chat (a group if its id is negative) or raises ApiError 429 with retry_after."""
        now = self._monotonic()
        windows = [(f"chat {chat_id}", self.per_chat_per_second, 1.0), ("all", self.global_per_second, 1.0)]
        if chat_id < 0:
            windows.append((f"group {chat_id}", self.per_group_per_minute, 60.0))
        for name, limit, seconds in windows:
            sent = self._sent[name]
            while sent and sent[0] <= now - seconds:
                sent.popleft()
            if limit is not None and len(sent) >= limit:
                raise too_many_requests(max(1, math.ceil(sent[-limit] + seconds - now)))
        for name, _, _ in windows:
            self._sent[name].append(now)
