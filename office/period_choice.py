"""Which reporting period a page is about: what its address asks for (?ky=2026-10), and what it offers to choose."""

from __future__ import annotations

from fastapi import Request

from content.periods import Period, PeriodKind, period_of, read_period
from office.site import Site

PARAMETER = "ky"
OFFERED = {PeriodKind.MONTH: 13, PeriodKind.QUARTER: 5, PeriodKind.HALF_YEAR: 3, PeriodKind.YEAR: 2}
"""How many of each kind, the present one included."""


def chosen_period(request: Request, site: Site) -> Period:
    """The period of the address if it has begun, else the month of today."""
    calendar, today = site.profile.reporting_periods, site.today()
    present = period_of(today, PeriodKind.MONTH, calendar)
    try:
        asked = read_period(request.query_params.get(PARAMETER, ""), calendar)
        return asked if asked.first <= today else present
    except (ValueError, OverflowError):
        return present


def offered_periods(site: Site, chosen: Period) -> list[Period]:
    """What can be chosen: of each kind the last ones, the latest first, and the chosen one wherever it lies."""
    found = []
    for kind, count in OFFERED.items():
        one = period_of(site.today(), kind, site.profile.reporting_periods)
        some = [one]
        while len(some) < count:
            some.append(some[-1].previous)
        found += some
    return found if chosen in found else [chosen, *found]


def last_months(period: Period, count: int) -> list[Period]:
    """So many months up to the one in which a period ends, the earliest first."""
    months = [period_of(period.last, PeriodKind.MONTH, period.calendar)]
    while len(months) < count:
        months.insert(0, months[0].previous)
    return months
