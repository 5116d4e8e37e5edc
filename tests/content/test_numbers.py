"""Numbers, shares, days and moments are written as Vietnamese readers write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from content.numbers import day, moment, number, percent


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [(1234, 0, "1.234"), (0, 0, "0"), (12.5, 1, "12,5"), (1234567.25, 1, "1.234.567,3"), (Decimal("0.5"), 0, "1")],
)
def test_points_stand_between_thousands_and_a_comma_before_decimals(
    value: float | Decimal, decimals: int, shown: str
) -> None:
    assert number(value, decimals) == shown


@pytest.mark.parametrize(("value", "shown"), [(87.25, "87,3 %"), (100, "100 %"), (99.96, "100 %"), (0, "0 %")])
def test_shares_have_no_decimals_that_are_zero(value: float, shown: str) -> None:
    assert percent(value) == shown


def test_days_have_no_leading_zeros() -> None:
    assert day(date(2026, 9, 2)) == "2/9/2026"


def test_moments_are_those_of_the_clock_in_vietnam() -> None:
    late = datetime(2026, 11, 22, 18, 5, tzinfo=UTC)
    assert day(late) == "23/11/2026"
    assert moment(late) == "01:05, 23/11/2026"
