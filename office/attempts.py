"""How often passwords may be tried: by account and address together, by account alone, by address alone.

Kept in memory: a restart forgets the counts, and each replica counts for itself. That is enough against guessing (a
handful of tries in a quarter of an hour, each with a slow hash), and there is no table to fill up from outside.
"""

from __future__ import annotations

import math
from collections import deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)

MOST_FOR_PAIR = 5
MOST_FOR_ACCOUNT = 30
"""From all addresses together: high enough that a stranger does not lock a colleague out with a few wrong tries."""

MOST_FOR_ADDRESS = 60
"""A whole office, or a whole provider, may share one address."""

MOST_REMEMBERED = 10_000


class Attempts:
    """Counts failed tries; every try is counted before it is made, and taken back when it succeeds."""

    def __init__(self) -> None:
        self._failed: dict[tuple[str, str], deque[datetime]] = {}

    def minutes_to_wait(self, account: str, address: str, now: datetime) -> int:
        """0 when it may be tried (and is counted as failed until `succeeded`), else after how many minutes."""
        keys = self._keys(account, address)
        if waits := [wait for key, most in keys.items() if (wait := self._wait(key, most, now))]:
            return math.ceil(max(waits) / timedelta(minutes=1))
        for key, most in keys.items():
            times = self._failed.pop(key, None) or deque(maxlen=most)
            times.append(now)
            self._failed[key] = times
        self._forget(now)
        return 0

    def succeeded(self, account: str, address: str) -> None:
        """The last try was right: it counts for nobody, and the account's owner begins anew at that address."""
        pair, *others = self._keys(account, address)
        self._failed.pop(pair, None)
        for key in others:
            if times := self._failed.get(key):
                times.pop()

    def forget_all(self) -> None:
        """Begins anew."""
        self._failed.clear()

    def _wait(self, key: tuple[str, str], most: int, now: datetime) -> timedelta:
        times = self._failed.get(key)
        if times is None or len(times) < most:
            return timedelta(0)
        return max(timedelta(0), times[0] + WINDOW - now)

    def _keys(self, account: str, address: str) -> dict[tuple[str, str], int]:
        return {
            (account, address): MOST_FOR_PAIR,
            (account, ""): MOST_FOR_ACCOUNT,
            ("", address): MOST_FOR_ADDRESS,
        }

    def _forget(self, now: datetime) -> None:
        """Drops who has been silent longest: what is over, and what is too much to remember."""
        while self._failed:
            oldest = next(iter(self._failed))
            times = self._failed[oldest]
            if times and times[-1] > now - WINDOW and len(self._failed) <= MOST_REMEMBERED:
                return
            del self._failed[oldest]
