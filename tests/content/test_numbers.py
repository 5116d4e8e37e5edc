"""Numbers, days and moments as Vietnamese readers write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.numbers import day, moment, number, percent


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (0, 0, "0"), (1234, 0, "1.234"), (1234567, 0, "1.234.567"), (-1234, 0, "-1.234"), (12345.678, 1, "12.345,7"),
        (0.5, 0, "1"), (2.5, 0, "3"), (1.005, 2, "1,01"), (Decimal("999.95"), 1, "1.000,0"), (3, 2, "3,00"),
    ],
)  # fmt: skip
def test_numbers(value: float | Decimal, decimals: int, shown: str) -> None:
    assert number(value, decimals) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(87.25, "87,3 %"), (100, "100 %"), (0, "0 %"), (99.96, "100 %"), (0.04, "0 %"), (1234.5, "1.234,5 %")],
)
def test_percents_have_decimals_only_where_they_say_something(value: float, shown: str) -> None:
    assert percent(value) == shown


@settings(max_examples=50)
@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_keep_all_their_digits(value: int) -> None:
    assert int(number(value).replace(".", "")) == value


def test_days_and_moments_are_those_in_vietnam() -> None:
    assert day(date(2026, 9, 2)) == "2/9/2026"
    late = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)
    assert day(late) == "1/1/2027"
    assert moment(late) == "00:05, 1/1/2027"
