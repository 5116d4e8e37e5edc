"""Reporting periods: those of Nghị định 09/2019/NĐ-CP, which run from the 15th to the 14th, or of the calendar.

A month of the decree runs from the 15th of the month before to the 14th of its own; quarter, half-year and year
likewise, so that the year is 15 December to 14 December. A period is named after the months that it ends in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FIRST_DAY_OF_THE_DECREE = 15


class Calendar(StrEnum):
    """Whose periods a commune reports for."""

    DECREE = "decree"
    CALENDAR = "calendar"


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF_YEAR: 6, PeriodKind.YEAR: 12}
_SHORT = {PeriodKind.MONTH: "", PeriodKind.QUARTER: "Q", PeriodKind.HALF_YEAR: "H"}
_ROMAN = ("I", "II", "III", "IV")
_CODE = re.compile(r"(?P<year>[12]\d{3})(?:-(?:(?P<sort>[QH])(?P<part>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


@dataclass(frozen=True, slots=True)
class Period:
    """A period, the `number`-th of its kind in `year` (1 to 12 for months, 1 to 4, 1 to 2; 1 for a year)."""

    kind: PeriodKind
    year: int
    number: int
    calendar: Calendar

    @property
    def first(self) -> date:
        """The first day."""
        year, month = self._months_on(1 - MONTHS[self.kind])
        if self.calendar is Calendar.CALENDAR:
            return date(year, month, 1)
        year, month = self._months_on(-MONTHS[self.kind])
        return date(year, month, FIRST_DAY_OF_THE_DECREE)

    @property
    def last(self) -> date:
        """The last day."""
        if self.calendar is Calendar.DECREE:
            return date(self.year, self._last_month, FIRST_DAY_OF_THE_DECREE - 1)
        year, month = self._months_on(1)
        return date(year, month, 1) - timedelta(days=1)

    @property
    def code(self) -> str:
        """As commands take it: 2026-10, 2026-Q3, 2026-H1, 2026."""
        if self.kind is PeriodKind.YEAR:
            return str(self.year)
        number = f"{self.number:02}" if self.kind is PeriodKind.MONTH else str(self.number)
        return f"{self.year}-{_SHORT[self.kind]}{number}"

    @property
    def name(self) -> str:
        """As reports say it: "tháng 10/2026", "quý III/2026", "6 tháng đầu năm 2026", "năm 2026"."""
        match self.kind:
            case PeriodKind.MONTH:
                return f"tháng {self.number}/{self.year}"
            case PeriodKind.QUARTER:
                return f"quý {_ROMAN[self.number - 1]}/{self.year}"
            case PeriodKind.HALF_YEAR:
                return f"6 tháng {('đầu', 'cuối')[self.number - 1]} năm {self.year}"
            case PeriodKind.YEAR:
                return f"năm {self.year}"

    @property
    def previous(self) -> Period:
        """The one before."""
        return period_of(self.first - timedelta(days=1), self.kind, self.calendar)

    @property
    def next(self) -> Period:
        """The one after."""
        return period_of(self.last + timedelta(days=1), self.kind, self.calendar)

    def month_after(self, months: int) -> tuple[int, int]:
        """Year and month so many months after the period's last one; deadlines are counted so."""
        return self._months_on(months)

    @property
    def _last_month(self) -> int:
        return self.number * MONTHS[self.kind]

    def _months_on(self, months: int) -> tuple[int, int]:
        years, month = divmod(self._last_month - 1 + months, 12)
        return self.year + years, month + 1


def period_of(day: date, kind: PeriodKind, calendar: Calendar) -> Period:
    """The period of that kind in which a day lies."""
    year, month = day.year, day.month
    if calendar is Calendar.DECREE and day.day >= FIRST_DAY_OF_THE_DECREE:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return Period(kind, year, (month - 1) // MONTHS[kind] + 1, calendar)


def read_period(code: str, calendar: Calendar) -> Period:
    """The period that a code means.

    Raises:
        ValueError: none.
    """
    match = _CODE.fullmatch(code.strip().upper())
    if match is None:
        raise ValueError(f"{code} is no period: 2026-10, 2026-Q3, 2026-H1 or 2026")
    year = int(match["year"])
    if match["month"]:
        return Period(PeriodKind.MONTH, year, int(match["month"]), calendar)
    if match["sort"] is None:
        return Period(PeriodKind.YEAR, year, 1, calendar)
    kind = PeriodKind.QUARTER if match["sort"] == "Q" else PeriodKind.HALF_YEAR
    if int(match["part"]) * MONTHS[kind] > MONTHS[PeriodKind.YEAR]:
        raise ValueError(f"{code} is no period: a year has two halves")
    return Period(kind, year, int(match["part"]), calendar)
