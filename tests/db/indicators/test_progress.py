"""Progress against a target: gap, pace, days left, and whether it lags behind the straight line."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.indicators import Aim, Target
from content.library import Library
from db.engine import Database
from db.indicators import official
from db.indicators.official import Entry
from db.indicators.plan import against_plan
from db.indicators.progress import DAYS_OF_A_MONTH, Start, of_goals, progress
from db.indicators.values import values
from db.outreach.audit import OPERATOR
from tests.support.clock import NOON
from tests.support.outreach import TODAY
from tests.support.rows import COMMUNE

END = date(2026, 12, 31)
GOAL = Target(indicator="vneid_account", by=END, value=80)
START = Start(date(2026, 1, 1), Decimal(44))


def test_below_the_line_it_lags_and_the_pace_is_what_is_missing_by_month() -> None:
    found = progress(Decimal(70), GOAL, date(2026, 12, 1), start=START, numerator=700, denominator=1000)
    assert (found.gap, found.days_left, found.lags, found.is_met) == (Decimal(10), 30, True, False)
    assert found.pace_needed == 10 * DAYS_OF_A_MONTH / 30
    assert found.people_missing == 100
    assert found.expected is not None
    assert 76 < found.expected < 78


def test_on_the_line_or_above_it_does_not_lag() -> None:
    half = START.day + timedelta(days=182)
    assert progress(Decimal(62), GOAL, half, start=START).expected == Decimal(62)
    assert progress(Decimal(62), GOAL, half, start=START).lags is False
    assert progress(Decimal("61.9"), GOAL, half, start=START).lags is True


@pytest.mark.parametrize(("aim", "is_met", "missing"), [(Aim.AT_LEAST, True, 0), (Aim.MORE_THAN, False, 1)])
def test_more_than_is_more_than(aim: Aim, is_met: bool, missing: int) -> None:
    goal = Target(indicator="vneid_account", by=END, value=80, aim=aim)
    found = progress(Decimal(80), goal, date(2026, 12, 1), numerator=800, denominator=1000)
    assert (found.is_met, found.gap, found.people_missing) == (is_met, Decimal(0), missing)


def test_after_its_day_a_target_that_was_not_reached_lags_and_has_no_pace() -> None:
    found = progress(Decimal(79), GOAL, date(2027, 1, 1))
    assert (found.lags, found.is_over, found.pace_needed, found.days_left) == (True, True, None, -1)
    assert progress(Decimal(80), GOAL, date(2027, 1, 1)).lags is False


def test_without_a_value_or_a_start_nobody_can_tell() -> None:
    assert progress(None, GOAL, TODAY).lags is None
    assert progress(Decimal(1), GOAL, TODAY).lags is None


def test_horizons_come_with_the_nearest_first() -> None:
    later = Target(indicator="vneid_account", by=date(2030, 12, 31), value=95)
    found = of_goals(Decimal(85), [later, GOAL], TODAY)
    assert [(one.by.year, one.is_met) for one in found] == [(2026, True), (2030, False)]


@settings(max_examples=60)
@given(
    value=st.decimals(0, 100, places=2), aim=st.sampled_from(Aim), target=st.integers(1, 100),
    days=st.integers(-40, 400), total=st.integers(1, 9000),
)  # fmt: skip
def test_people_and_pace_that_are_said_to_be_missing_reach_the_target(
    value: Decimal, aim: Aim, target: int, days: int, total: int
) -> None:
    reached = int(value * total / 100)
    share = Decimal(reached * 100) / total
    goal = Target(indicator="x", by=TODAY + timedelta(days=days), value=target, aim=aim)
    found = progress(share, goal, TODAY, numerator=reached, denominator=total)
    assert found.people_missing is not None
    assert found.gap is not None
    with_them = Decimal((reached + found.people_missing) * 100) / total
    if aim is Aim.AT_LEAST or target < 100:
        assert progress(with_them, goal, TODAY).is_met
    if found.people_missing:
        assert not progress(Decimal((reached + found.people_missing - 1) * 100) / total, goal, TODAY).is_met
    if found.pace_needed is not None:
        assert abs(share + found.pace_needed * found.days_left / DAYS_OF_A_MONTH - target) < Decimal("0.000001")
    assert (found.pace_needed is None) == (bool(found.is_met) or days <= 0)


async def test_the_line_starts_at_the_first_official_share(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        for day, count in (date(2026, 7, 1), 500), (date(2026, 11, 1), 790):
            await official.enter(
                session, COMMUNE, Entry("vneid_account", day, "Công an xã", count=count, total=1000),
                known=library.indicators, actor=OPERATOR, now=NOON, today=TODAY,
            )  # fmt: skip
        found = await values(session, COMMUNE, library.indicators.values(), as_of=TODAY)
        told = await against_plan(session, COMMUNE, found, [GOAL], TODAY)
        [one] = told["vneid_account"]
        assert list(told) == ["vneid_account"]
        assert (one.value, one.lags, one.people_missing) == (Decimal(79), False, 10)
        assert one.expected == 50 + Decimal(30) * (TODAY - date(2026, 7, 1)).days / 183
