"""Periods of the decree run from the 15th to the 14th; every day lies in one, and none is counted twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.periods import Calendar, Period, PeriodKind, period_of, read_period

DECREE, CALENDAR = Calendar.DECREE, Calendar.CALENDAR


@pytest.mark.parametrize(
    ("code", "first", "last", "name"),
    [
        ("2026-10", date(2026, 9, 15), date(2026, 10, 14), "tháng 10/2026"),
        ("2026-01", date(2025, 12, 15), date(2026, 1, 14), "tháng 1/2026"),
        ("2024-03", date(2024, 2, 15), date(2024, 3, 14), "tháng 3/2024"),
        ("2026-Q1", date(2025, 12, 15), date(2026, 3, 14), "quý I/2026"),
        ("2026-Q4", date(2026, 9, 15), date(2026, 12, 14), "quý IV/2026"),
        ("2026-H1", date(2025, 12, 15), date(2026, 6, 14), "6 tháng đầu năm 2026"),
        ("2026-h2", date(2026, 6, 15), date(2026, 12, 14), "6 tháng cuối năm 2026"),
        ("2026", date(2025, 12, 15), date(2026, 12, 14), "năm 2026"),
    ],
)
def test_periods_of_the_decree(code: str, first: date, last: date, name: str) -> None:
    period = read_period(code, DECREE)
    assert (period.first, period.last, period.name) == (first, last, name)
    assert period.code == code.upper()


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-Q2", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods_of_the_calendar(code: str, first: date, last: date) -> None:
    period = read_period(code, CALENDAR)
    assert (period.first, period.last) == (first, last)


def test_the_14th_ends_a_month_of_the_decree_and_the_15th_begins_the_next() -> None:
    assert period_of(date(2026, 12, 14), PeriodKind.MONTH, DECREE).code == "2026-12"
    assert period_of(date(2026, 12, 15), PeriodKind.MONTH, DECREE).code == "2027-01"
    assert period_of(date(2026, 12, 15), PeriodKind.YEAR, DECREE).code == "2027"


@given(
    st.dates(date(2001, 1, 1), date(2099, 12, 31)), st.sampled_from(list(PeriodKind)), st.sampled_from(list(Calendar))
)
def test_every_day_lies_in_its_period_and_neighbours_touch(day: date, kind: PeriodKind, calendar: Calendar) -> None:
    period = period_of(day, kind, calendar)
    assert period.first <= day <= period.last
    assert read_period(period.code, calendar) == period
    assert period.next.first == period.last + timedelta(days=1)
    assert period.previous.last == period.first - timedelta(days=1)
    assert period.next.previous == period


@pytest.mark.parametrize("code", ["", "2026-13", "2026-00", "2026-Q5", "2026-H3", "26-10", "tháng 10"])
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="is no period"):
        read_period(code, DECREE)


def test_a_deadline_is_counted_from_the_last_month() -> None:
    assert Period(PeriodKind.YEAR, 2026, 1, DECREE).month_after(-1) == (2026, 11)
    assert Period(PeriodKind.MONTH, 2026, 12, DECREE).month_after(1) == (2027, 1)
