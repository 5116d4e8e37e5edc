"""When outreach happens in a year: more on week-ends and evenings' days, slow in summer, a peak in October."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

DAYS = 365
MONTHS: Sequence[float] = (0.8, 0.5, 0.9, 1.0, 0.9, 0.6, 0.5, 0.6, 1.1, 1.9, 1.3, 1.0)
"""How busy January to December are: Tết in February, harvest and rain in June to August, the digital day on 10/10."""
WEEKDAYS: Sequence[float] = (0.8, 0.9, 0.9, 0.9, 1.0, 1.5, 1.2)
DIGITAL_DAY = (10, 10)
DIGITAL_DAY_WEIGHT = 2.5


def days(today: date) -> list[date]:
    """The year up to and with that day."""
    return [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


def weight(day: date) -> float:
    """How much of the year's outreach happens on a day, compared with others."""
    its_day = DIGITAL_DAY_WEIGHT if (day.month, day.day) == DIGITAL_DAY else 1.0
    return MONTHS[day.month - 1] * WEEKDAYS[day.weekday()] * its_day
