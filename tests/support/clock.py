"""A clock that goes only when told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
"""12:00 on 22/11/2026 in Vietnam."""


class FakeClock:
    """Callable like the real clock."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **passed: float) -> None:
        """Lets time pass; arguments as for timedelta."""
        self.now += timedelta(**passed)
