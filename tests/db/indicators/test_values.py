"""Coverage: official figures, whom sessions reached since, never above the total; nothing that nobody said."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from content.library import Library
from content.periods import Calendar, Period, PeriodKind
from db.engine import Database
from db.indicators import official
from db.indicators.behind import session_ids
from db.indicators.official import Entry
from db.indicators.values import Basis, Value, trend, values, values_by_hamlet
from db.outreach import hamlets, sessions
from db.outreach.audit import OPERATOR
from db.outreach.models import Group, Hamlet, OutcomeCode
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.outreach import TODAY, visit
from tests.support.rows import COMMUNE

VNEID = "vneid_account"


async def enter(session: AsyncSession, library: Library, **said: Any) -> None:
    """An official figure, of the commune and VNeID unless `said` otherwise."""
    told: dict[str, Any] = {"indicator": VNEID, "as_of": TODAY - timedelta(days=30), "source": "Công an xã"} | said
    now = told.pop("now", NOON)
    await official.enter(
        session, COMMUNE, Entry(**told), known=library.indicators, actor=OPERATOR, now=now, today=TODAY
    )  # fmt: skip


async def activated(session: AsyncSession, place: Hamlet, origin: str, people: int, days_ago: int = 0) -> int:
    """A visit that brought so many people to level 2; its id."""
    told = visit(
        place, people=people, occurred_on=TODAY - timedelta(days=days_ago),
        outcomes={OutcomeCode.VNEID_LEVEL2: people},
    )  # fmt: skip
    return (await outreach.log(session, told, origin)).session.id


async def of_vneid(session: AsyncSession, library: Library, **said: Any) -> Value:
    return (await values(session, COMMUNE, [library.indicators[VNEID]], **({"as_of": TODAY} | said)))[VNEID]


async def test_an_official_figure_and_whom_sessions_reached_after_its_day(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        await enter(session, library, count=600, total=1000)
        await activated(session, place, "on the day itself", 50, days_ago=30)
        first, second = await activated(session, place, "a", 3, 29), await activated(session, place, "b", 4)
        found = await of_vneid(session, library)
        assert (found.value, found.numerator, found.denominator) == (Decimal("60.7"), 607, 1000)
        assert (found.basis, found.official, found.since) == (Basis.OFFICIAL_AND_OUTREACH, 600, 7)
        assert (found.as_of, found.source) == (TODAY - timedelta(days=30), "Công an xã")
        assert await session_ids(session, found.behind) == [second, first]
        yesterday = await of_vneid(session, library, as_of=TODAY - timedelta(days=1))
        assert yesterday.numerator == 603


async def test_never_above_the_total_and_it_says_so(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        await enter(session, library, count=998, total=1000)
        await activated(session, place, "a", 5)
        found = await of_vneid(session, library)
        assert (found.value, found.numerator, found.since, found.is_capped) == (Decimal(100), 1000, 5, True)


async def test_without_an_official_figure_only_what_the_team_recorded(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        assert (await of_vneid(session, library)).basis is Basis.NOTHING
        await activated(session, await outreach.hamlet(session), "a", 5, 400)
        found = await of_vneid(session, library)
        assert (found.value, found.numerator, found.denominator, found.basis) == (None, 5, None, Basis.OUTREACH)


async def test_a_hamlet_uses_its_own_official_figure_or_says_that_there_is_none(
    database: Database, library: Library
) -> None:
    async with database.transaction() as session:
        one, other = await outreach.hamlet(session, "1"), await outreach.hamlet(session, "2")
        await enter(session, library, count=600, total=1000)
        await enter(session, library, count=40, total=80, hamlet_id=one.id, source="Trưởng ấp")
        await activated(session, one, "a", 2)
        await activated(session, other, "b", 3)
        by_hamlet = await values_by_hamlet(session, COMMUNE, [library.indicators[VNEID]], as_of=TODAY)
        assert (by_hamlet[one.id][VNEID].value, by_hamlet[one.id][VNEID].source) == (Decimal("52.5"), "Trưởng ấp")
        assert (by_hamlet[other.id][VNEID].basis, by_hamlet[other.id][VNEID].numerator) == (Basis.OUTREACH, 3)
        assert by_hamlet[one.id][VNEID] == await of_vneid(session, library, hamlet_ids=[one.id])


async def test_figures_of_all_hamlets_make_the_communes_where_it_has_none(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        one, other = await outreach.hamlet(session, "1"), await outreach.hamlet(session, "2")
        await enter(session, library, count=40, total=80, hamlet_id=one.id, source="Trưởng ấp 1")
        assert (await of_vneid(session, library)).basis is Basis.NOTHING
        await enter(session, library, count=10, total=20, hamlet_id=other.id, as_of=TODAY, source="Trưởng ấp 2")
        await activated(session, one, "a", 5)
        await activated(session, other, "same day, is in the figure", 5)
        found = await of_vneid(session, library)
        assert (found.numerator, found.denominator, found.as_of) == (55, 100, TODAY - timedelta(days=30))
        assert found.source == "Trưởng ấp 1; Trưởng ấp 2"


async def test_a_merged_hamlets_figure_is_added_until_one_for_both_is_entered(
    database: Database, library: Library
) -> None:
    async with database.transaction() as session:
        one, into = await outreach.hamlet(session, "1"), await outreach.hamlet(session, "2")
        await enter(session, library, count=10, total=20, hamlet_id=into.id)
        await hamlets.merge(session, one, into, OPERATOR, NOON + timedelta(hours=1))
        assert (await of_vneid(session, library, hamlet_ids=[into.id])).basis is Basis.NOTHING  # nothing about `one`

        both = NOON + timedelta(hours=2)
        await enter(session, library, count=30, total=60, hamlet_id=into.id, as_of=TODAY - timedelta(days=9), now=both)
        await activated(session, one, "a", 3)
        found = await of_vneid(session, library, hamlet_ids=[one.id])
        assert (found.numerator, found.denominator) == (33, 60)


async def test_two_merged_hamlets_with_figures_of_their_own_add_up(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        one, into = await outreach.hamlet(session, "1"), await outreach.hamlet(session, "2")
        await enter(session, library, count=10, total=20, hamlet_id=into.id)
        await enter(session, library, count=39, total=40, hamlet_id=one.id, as_of=TODAY - timedelta(days=5))
        await activated(session, one, "before its figure", 3, 6)
        await activated(session, one, "more than are missing", 3)
        await activated(session, into, "a", 2, 6)
        await hamlets.merge(session, one, into, OPERATOR, NOON + timedelta(hours=1))
        found = await of_vneid(session, library, hamlet_ids=[into.id])
        assert (found.numerator, found.denominator, found.since, found.is_capped) == (40 + 12, 60, 5, True)


async def test_a_share_alone_is_told_as_it_is(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        await enter(session, library, percent=Decimal("87.25"))
        await activated(session, await outreach.hamlet(session), "a", 2)
        found = await of_vneid(session, library)
        assert (found.value, found.numerator, found.since, found.basis) == (
            Decimal("87.25"), None, 2, Basis.OFFICIAL,
        )  # fmt: skip


async def test_withdrawn_voided_and_later_figures_count_nowhere(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        await enter(session, library, count=500, total=1000, as_of=TODAY - timedelta(days=60))
        await enter(session, library, count=900, total=1000, as_of=TODAY - timedelta(days=10))
        wrong = (await official.all_of(session, COMMUNE))[0]
        await official.withdraw(session, wrong, reason="nhầm xã", actor=OPERATOR, now=NOON)
        void = await activated(session, place, "a", 7)
        stored = await sessions.by_id(session, COMMUNE, void)
        assert stored is not None
        await sessions.void(session, stored, reason="x", actor=OPERATOR, written_at=NOON, now=NOON)
        found = await of_vneid(session, library)
        assert (found.numerator, found.basis) == (500, Basis.OFFICIAL)
        assert (await of_vneid(session, library, as_of=TODAY - timedelta(days=61))).basis is Basis.NOTHING


async def test_the_trend_takes_each_periods_own_figures(database: Database, library: Library) -> None:
    november = Period(PeriodKind.MONTH, 2026, 11, Calendar.DECREE)
    months = [november.previous, november]
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        await enter(session, library, count=600, total=1000, as_of=date(2026, 10, 1))
        await enter(session, library, count=700, total=1000, as_of=date(2026, 11, 14))
        for day, people in (date(2026, 10, 14), 1), (date(2026, 10, 15), 2), (date(2026, 11, 14), 4):
            told = visit(place, people=people, occurred_on=day, outcomes={OutcomeCode.VNEID_LEVEL2: people})
            await outreach.log(session, told, f"{day}")
        found = await trend(
            session, COMMUNE, [library.indicators[one] for one in (VNEID, "attendances", "people_reached")], months
        )
        assert [one.numerator for one in found[VNEID]] == [601, 700]
        assert [one.in_period for one in found[VNEID]] == [1, 6]
        assert [one.value for one in found["attendances"]] == [1, 6]


async def test_of_a_priority_group_only_people_are_told(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        await outreach.log(session, visit(place, people=3, elderly=2), "a")
        found = await values(
            session, COMMUNE, library.indicators.values(), as_of=TODAY, group=Group.ELDERLY
        )  # fmt: skip
        assert (found["attendances"].numerator, found["people_reached"].numerator) == (2, 2)
        assert {one.basis for one in found.values()} == {Basis.OUTREACH, Basis.NOT_OF_GROUP}
