"""Households: found before they are made twice, surveyed, merged; their pillars from the survey and what came after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.outreach import audit, households, sessions
from db.outreach.households import Survey
from db.outreach.models import Household, OutcomeCode, Pillar
from tests.support.clock import NOON
from tests.support.outreach import TODAY, hamlet, household, log, visit
from tests.support.rows import COMMUNE

FOUND = Survey(people=5, adults=3, identity=1, device=2, skill=0, account=0)
TOMORROW = TODAY + timedelta(days=1)


async def survey(session: AsyncSession, home: Household, found: Survey = FOUND) -> None:
    await households.survey(session, home, found, audit.OPERATOR, NOON)


async def achieve(
    session: AsyncSession, home: Household, origin: str, *, day: Any = TOMORROW, **outcomes: int
) -> sessions.Logged:
    """Logs a visit of a big family in which so many achieved something, by the outcomes' names."""
    achieved = {OutcomeCode(code): count for code, count in outcomes.items()}
    place = await hamlet(session)
    return await log(session, visit(place, home, people=9, occurred_on=day, outcomes=achieved), origin)


async def pillars(session: AsyncSession, home: Household) -> tuple[int, ...]:
    """Identity, device, skill, account."""
    counts = (await households.pillars(session, [home]))[home.id]
    return tuple(counts[pillar] for pillar in Pillar)


class TestPillars:
    async def test_are_what_the_survey_found_and_later_sessions_achieved(self, database: Database) -> None:
        async with database.transaction() as session:
            home = await household(session)
            await survey(session, home)
            await achieve(session, home, "1", vneid_level2=1, basic_digital_skills=2, scam_awareness=3)
            await achieve(session, home, "2", payment_account=1)
            assert await pillars(session, home) == (2, 2, 2, 1)

    async def test_of_more_households_than_a_query_can_name_are_counted_all_the_same(self, database: Database) -> None:
        async with database.transaction() as session:
            home = await household(session)
            await survey(session, home)
            await achieve(session, home, "1", vneid_level2=1)
            none = {pillar.value: 0 for pillar in Pillar}
            others = [Household(id=home.id + number, **none) for number in range(1, 40_000)]
            counts = await households.pillars(session, [*others, home])
            assert len(counts) == 40_000
            assert counts[home.id][Pillar.IDENTITY] == 2

    async def test_sessions_up_to_the_day_of_the_survey_were_counted_by_it(self, database: Database) -> None:
        async with database.transaction() as session:
            home = await household(session)
            await survey(session, home)
            await achieve(session, home, "1", day=TODAY, vneid_level2=1)
            await achieve(session, home, "2", day=TODAY - timedelta(days=1), vneid_level2=1)
            assert await pillars(session, home) == (1, 2, 0, 0)

    async def test_the_day_of_the_survey_is_the_one_in_vietnam(self, database: Database) -> None:
        async with database.transaction() as session:
            home = await household(session)
            after_midnight = NOON.replace(hour=17, minute=30)  # 0:30 of tomorrow
            await households.survey(session, home, FOUND, audit.OPERATOR, after_midnight)
            await achieve(session, home, "1", day=TOMORROW, vneid_level2=1)
            assert await pillars(session, home) == (1, 2, 0, 0)

    async def test_are_never_above_the_adults(self, database: Database) -> None:
        async with database.transaction() as session:
            home = await household(session)
            await survey(session, home)
            for origin in "123":
                await achieve(session, home, origin, vneid_level2=2)
            assert await pillars(session, home) == (3, 2, 0, 0)

    async def test_what_was_voided_does_not_count_until_it_is_restored(self, database: Database) -> None:
        async with database.transaction() as session:
            home = await household(session)
            await survey(session, home)
            logged = await achieve(session, home, "1", vneid_level2=1)
            later = NOON + timedelta(minutes=1)
            await sessions.void(session, logged.session, reason="", actor="member:1", written_at=later, now=later)
            assert await pillars(session, home) == (1, 2, 0, 0)
            later += timedelta(minutes=1)
            await sessions.restore(session, logged.session, actor="member:1", written_at=later, now=later)
            assert await pillars(session, home) == (2, 2, 0, 0)

    async def test_of_a_household_never_surveyed_are_what_sessions_achieved(self, database: Database) -> None:
        async with database.transaction() as session:
            home, neighbour = await household(session), await household(session, "Nông Thị Hường")
            await achieve(session, home, "1", payment_account=4)
            assert await pillars(session, home) == (0, 0, 0, 4)
            assert await pillars(session, neighbour) == (0, 0, 0, 0)


class TestSurvey:
    async def test_replaces_what_was_known_and_the_log_says_what_that_was(self, database: Database) -> None:
        async with database.transaction() as session:
            home = await household(session)
            await survey(session, home)
            await survey(session, home, Survey(4, 2, 2, 1, 1, 1, is_poor=True))
            entries = await audit.history(session, COMMUNE, "household", home.id)
        assert (home.adults, home.identity, home.is_poor, home.surveyed_at) == (2, 2, True, NOON)
        assert [entry.action for entry in entries] == ["household.created", "household.surveyed", "household.surveyed"]
        assert entries[-1].before is not None
        assert (entries[-1].before["adults"], entries[-1].before["is_poor"]) == (3, False)

    @pytest.mark.parametrize(
        "found",
        [Survey(5, 3, 4, 0, 0, 0), Survey(5, 3, 0, -1, 0, 0), Survey(2, 3, 0, 0, 0, 0), Survey(5, -1, 0, 0, 0, 0)],
    )
    async def test_of_impossible_counts_is_refused(self, database: Database, found: Survey) -> None:
        async with database.transaction() as session:
            home = await household(session)
            with pytest.raises(ValueError, match="between 0 and its adults"):
                await survey(session, home, found)
            assert home.surveyed_at is None


class TestFinding:
    async def test_by_words_of_the_name_or_number_without_diacritics(self, database: Database) -> None:
        async with database.transaction() as session:
            home = await household(session, "Hoàng Văn Năm", number="12")
            await household(session, "Nông Thị Hường", number="13")
            for words in ("van nam", "HOÀNG", " 12 ", "bác Năm"):
                found = await households.search(session, home.hamlet_id, words, 5)
                assert [one.name for one in found] == ["Hoàng Văn Năm"], words
            assert await households.search(session, home.hamlet_id, "100%", 5) == []

    async def test_of_a_hamlet_in_the_order_of_their_numbers(self, database: Database) -> None:
        async with database.transaction() as session:
            for number in ("10", "9", "2"):
                home = await household(session, f"Hộ {number}", number=number)
            found = await households.of_hamlets(session, COMMUNE, [home.hamlet_id])
        assert [one.number for one in found] == ["2", "9", "10"]

    async def test_the_last_visited_comes_first(self, database: Database) -> None:
        async with database.transaction() as session:
            home, other = await household(session), await household(session, "Nông Thị Hường")
            later = NOON + timedelta(hours=1)
            await log(session, visit(await hamlet(session), home), now=later)
            assert await households.recent(session, home.hamlet_id, 5) == [home, other]
            assert await households.recent(session, home.hamlet_id, 1) == [home]


class TestMerging:
    async def test_visits_move_and_the_old_number_leads_to_the_new_household(self, database: Database) -> None:
        async with database.transaction() as session:
            one, into = await household(session, "bác Năm"), await household(session)
            await survey(session, into)
            await achieve(session, one, "1", vneid_level2=1)
            await households.merge(session, one, into, audit.OPERATOR, NOON)
            assert await pillars(session, into) == (2, 2, 0, 0)
            assert await households.by_id(session, COMMUNE, one.id) is into
            assert await households.alike(session, one.hamlet_id, "Năm") == [into]
            assert await households.of_hamlets(session, COMMUNE, [one.hamlet_id]) == [into]

    async def test_never_goes_in_a_circle(self, database: Database) -> None:
        async with database.transaction() as session:
            one, into = await household(session, "bác Năm"), await household(session)
            await households.merge(session, one, into, audit.OPERATOR, NOON)
            for merged, target in ((into, one), (one, into), (into, into)):
                with pytest.raises(ValueError, match="can't be merged"):
                    await households.merge(session, merged, target, audit.OPERATOR, NOON)
            assert await households.by_id(session, COMMUNE, one.id) is into
