"""What a job is: a name, when it runs, and what it does. Times are the commune's, Asia/Ho_Chi_Minh."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apscheduler.triggers.cron import CronTrigger

from content.numbers import TIME_ZONE

LOOK_BACK = tuple(timedelta(**reach) for reach in ({"hours": 1}, {"days": 1}, {"days": 8}, {"days": 32}, {"days": 367}))
"""How far the latest moment of a job is searched for: the first reach in which there is one."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One run: the moment for which it was scheduled, since when the job is known, and the moment it begins."""

    scheduled_for: datetime
    known_since: datetime
    now: datetime


class SkippedError(Exception):
    """The job can't be done here. `reason` is one of content/texts/jobs.yml, which says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Work = Callable[[Occasion], Awaitable[int]]
"""Does a job and returns how many things it did. It may be done again for the same occasion, after a crash in between,
and must then do only what is missing."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something that runs by the clock.

    by_day: it writes to people, so what is missed is made up for when they are awake. at_first_start: it is due when
    the programme starts for the first time too.
    """

    name: str
    trigger: Any  # APScheduler ships no types
    work: Work
    by_day: bool = False
    at_first_start: bool = False

    def latest(self, now: datetime) -> datetime | None:
        """The last moment, until now, for which it was scheduled; None when there was none within a year."""
        for reach in LOOK_BACK:
            found = self.trigger.get_next_fire_time(None, now - reach)
            if found is None or found > now:
                continue
            while (after := self.next(found)) is not None and after <= now:
                found = after
            return _moment(found)
        return None

    def next(self, now: datetime) -> datetime | None:
        """The first moment after `now` for which it is scheduled."""
        found = self.trigger.get_next_fire_time(None, now + timedelta(microseconds=1))
        return _moment(found) if found else None


def at(**fields: Any) -> Any:
    """A trigger by the commune's clock, as cron understands it: at(hour=3, minute=0)."""
    return CronTrigger(**fields, timezone=TIME_ZONE)


def _moment(found: Any) -> datetime:
    assert isinstance(found, datetime)
    return found
