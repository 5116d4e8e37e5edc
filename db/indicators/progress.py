"""Progress of an indicator against a target of the plan: gap, days left, pace needed, and whether it lags. Pure.

It lags when its value is below the straight line from its start - the first value that is known, or the day on which
the plan began - to the target; after the target's day, when it has not been reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Protocol

DAYS_OF_A_MONTH = Decimal("30.4375")
"""365.25 / 12: a pace for each month must not depend on which month it is."""
MORE_THAN = "more_than"


class Goal(Protocol):
    """A target of the plan; content.indicators.Target has that shape."""

    @property
    def by(self) -> date: ...

    @property
    def value(self) -> float: ...

    @property
    def aim(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Start:
    """From where the straight line to a target begins."""

    day: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Progress:
    """How an indicator stands to one target on a day; everything in the indicator's unit.

    value: None when there is none, then gap, pace and so on are None too. gap: what is missing, never below 0.
    days_left: 0 on the target's day, negative after it. pace_needed: for each month until the target's day; None when
    it is reached or over. people_missing: how many people the gap is, for a share of people; None without a total.
    expected: where the straight line would be today. lags: None when nobody can tell.
    """

    by: date
    target: Decimal
    is_more_than: bool
    value: Decimal | None
    gap: Decimal | None
    is_met: bool | None
    days_left: int
    pace_needed: Decimal | None
    people_missing: int | None
    pace_so_far: Decimal | None
    expected: Decimal | None
    lags: bool | None

    @property
    def is_over(self) -> bool:
        """Whether the target's day has passed."""
        return self.days_left < 0


def progress(
    value: Decimal | None, goal: Goal, day: date, *, start: Start | None = None, denominator: int | None = None,
    numerator: int | None = None,
) -> Progress:  # fmt: skip
    """How a value of that day stands to a target."""
    target, is_more_than = Decimal(str(goal.value)), str(goal.aim) == MORE_THAN
    days_left = (goal.by - day).days
    if value is None:
        return Progress(
            goal.by, target, is_more_than, None, None, None, days_left, None, None, None, None, None
        )  # fmt: skip
    is_met = value > target if is_more_than else value >= target
    gap = max(target - value, Decimal(0))
    expected = _expected(start, goal.by, target, day)
    return Progress(
        goal.by, target, is_more_than, value, gap, is_met, days_left,
        None if is_met or days_left <= 0 else gap * DAYS_OF_A_MONTH / days_left,
        _people_missing(target, numerator, denominator, is_more_than=is_more_than, is_met=is_met),
        _pace(start, value, day), expected, _lags(value, expected, is_met=is_met, days_left=days_left),
    )  # fmt: skip


def of_goals(
    value: Decimal | None, goals: Iterable[Goal], day: date, *, start: Start | None = None,
    denominator: int | None = None, numerator: int | None = None,
) -> tuple[Progress, ...]:  # fmt: skip
    """The progress to each of several targets, the nearest day first."""
    return tuple(
        progress(value, goal, day, start=start, denominator=denominator, numerator=numerator)
        for goal in sorted(goals, key=lambda one: one.by)
    )


def _expected(start: Start | None, by: date, target: Decimal, day: date) -> Decimal | None:
    if start is None or start.day >= by or day < start.day:
        return None
    gone, whole = min((day - start.day).days, (by - start.day).days), (by - start.day).days
    return start.value + (target - start.value) * gone / whole


def _lags(value: Decimal, expected: Decimal | None, *, is_met: bool, days_left: int) -> bool | None:
    if is_met:
        return False
    if days_left <= 0:
        return True
    return None if expected is None else value < expected


def _pace(start: Start | None, value: Decimal, day: date) -> Decimal | None:
    if start is None or day <= start.day:
        return None
    return (value - start.value) * DAYS_OF_A_MONTH / (day - start.day).days


def _people_missing(
    target: Decimal, numerator: int | None, denominator: int | None, *, is_more_than: bool, is_met: bool
) -> int | None:
    if numerator is None or denominator is None:
        return None
    if is_met:
        return 0
    exact = target * denominator / 100
    needed = int(exact.to_integral_value(ROUND_CEILING))
    if is_more_than and needed == exact:
        needed += 1
    return max(needed - numerator, 0)
