"""Drafts on the day after a period, or a week before an early deadline; the office gets them, and is reminded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.jobs.job import Occasion
from bot.jobs.reports import make_drafts, tell_of_reports, wanted
from content.commune import Commune
from content.indicators import Plan, ReportDue
from content.library import Library
from content.numbers import TIME_ZONE
from content.periods import Calendar, Period, PeriodKind
from db import reports
from db.documents import fetch
from office.reports import desk as report_desk
from tests.bot.jobs.conftest import Desk
from tests.support.rows import COMMUNE

SINCE = datetime(2026, 10, 1, tzinfo=UTC)


def night(day: date) -> Occasion:
    moment = datetime.combine(day, datetime.min.time(), TIME_ZONE) + timedelta(minutes=30)
    return Occasion(moment, SINCE, moment)


def morning(day: date) -> Occasion:
    moment = datetime.combine(day, datetime.min.time(), TIME_ZONE) + timedelta(hours=8)
    return Occasion(moment, SINCE, moment)


def commune_that_wants(library: Library, *dues: ReportDue, calendar: Calendar = Calendar.DECREE) -> Commune:
    plan = Plan(title="Kế hoạch", source="Kế hoạch", reports=dues)
    return library.communes[COMMUNE].model_copy(update={"plan": plan, "reporting_periods": calendar})


MONTHLY = ReportDue(kind=PeriodKind.MONTH, months_after=1, day=5)
YEARLY = ReportDue(kind=PeriodKind.YEAR, months_after=-1, day=20)


class Office:
    """Lets days pass: at night drafts are made, in the morning the office is told."""

    def __init__(self, desk: Desk, library: Library, commune: Commune) -> None:
        self.desk, self.library, self.commune = desk, library, commune

    async def _draft(self, commune: Commune, period: Period, now: datetime) -> object:
        return await report_desk.draft(self.desk.parts.database, commune, self.library, period, actor="system", now=now)

    async def day(self, day: date) -> tuple[int, int]:
        """How many drafts were made that night, and how many notices written that morning."""
        database = self.desk.parts.database
        made = await make_drafts(database, self.commune, self._draft, night(day))
        return made, await tell_of_reports(database, self.commune, self.library.texts.jobs, morning(day))

    async def days(self, first: date, last: date) -> dict[date, tuple[int, int]]:
        """The days on which something happened."""
        happened = {}
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if (what := await self.day(day)) != (0, 0):
                happened[day] = what
        return happened

    async def issue(self, period: str, now: datetime) -> None:
        opened = await report_desk.read(self.desk.parts.database, COMMUNE, period)
        assert opened is not None
        await report_desk.issue(
            self.desk.parts.database, COMMUNE, period, actor="operator", now=now, version=opened.version
        )


async def test_a_month_is_drafted_on_the_15th_sent_once_and_brought_to_mind_before_the_5th(
    desk: Desk, library: Library
) -> None:
    office = Office(desk, library, commune_that_wants(library, MONTHLY))
    happened = await office.days(date(2026, 10, 13), date(2026, 11, 10))
    assert happened == {
        date(2026, 10, 15): (1, 2),  # to both in the office
        date(2026, 11, 2): (0, 2),
        date(2026, 11, 4): (0, 2),
    }
    drafted, soon, last = await desk.notices("chi-hoa")
    assert "bản nháp báo cáo tháng 10/2026" in drafted["text"]
    assert "hết ngày 14/10/2026" in drafted["text"]
    assert "trước ngày 5/11/2026" in drafted["text"]
    async with desk.parts.database.snapshot() as session:
        file = await fetch(session, drafted["document"]["key"])
    assert file is not None
    assert file.name == "bao-cao-tan-loi-2026-10.docx"
    assert file.content.startswith(b"PK")
    assert "còn 3 ngày" in soon["text"]
    assert "Hôm nay là ngày cuối" in last["text"]


async def test_what_was_issued_is_not_brought_to_mind(desk: Desk, library: Library) -> None:
    office = Office(desk, library, commune_that_wants(library, MONTHLY))
    await office.day(date(2026, 10, 15))
    await office.issue("2026-10", morning(date(2026, 10, 20)).now)
    assert await office.days(date(2026, 10, 21), date(2026, 11, 10)) == {}


async def test_a_year_due_before_its_end_is_drafted_a_week_before_and_anew_at_the_end(
    desk: Desk, library: Library
) -> None:
    office = Office(desk, library, commune_that_wants(library, YEARLY))
    happened = await office.days(date(2026, 11, 11), date(2026, 12, 18))
    assert happened == {
        date(2026, 11, 13): (1, 2),
        date(2026, 11, 17): (0, 2),
        date(2026, 11, 19): (0, 2),
        date(2026, 12, 15): (1, 2),
    }


async def test_an_outage_over_the_end_of_the_period_leaves_nothing_out(desk: Desk, library: Library) -> None:
    office = Office(desk, library, commune_that_wants(library, MONTHLY))
    assert await office.day(date(2026, 10, 10)) == (0, 0)
    assert await office.day(date(2026, 10, 18)) == (1, 2)
    assert await office.day(date(2026, 10, 19)) == (0, 0)


async def test_a_draft_that_the_office_made_before_the_end_counts_anew_after_it_and_keeps_its_texts(
    desk: Desk, library: Library
) -> None:
    office = Office(desk, library, commune_that_wants(library, MONTHLY))
    [month] = [one.period for one in wanted(office.commune, date(2026, 10, 10)) if one.period.number == 10]
    opened = await report_desk.draft(
        desk.parts.database, office.commune, library, month, actor="operator", now=morning(date(2026, 10, 10)).now
    )
    name = next(iter(opened.report.texts))
    await report_desk.edit_text(
        desk.parts.database, COMMUNE, "2026-10", name, "Lời của xã", actor="operator",
        now=morning(date(2026, 10, 10)).now,
    )  # fmt: skip
    assert await office.day(date(2026, 10, 15)) == (1, 2)
    async with desk.parts.database.snapshot() as session:
        stored = await reports.find(session, COMMUNE, "2026-10")
    assert stored is not None
    assert stored.edits[name]["text"] == "Lời của xã"


async def test_periods_that_ended_before_the_programme_was_there_get_no_draft(desk: Desk, library: Library) -> None:
    commune = commune_that_wants(library, ReportDue(kind=PeriodKind.MONTH), YEARLY)
    today = morning(date(2026, 11, 22)).now
    office = Office(desk, library, commune)
    first_night = Occasion(today, today, today)
    assert await make_drafts(desk.parts.database, commune, office._draft, first_night) == 0
    assert await tell_of_reports(desk.parts.database, commune, library.texts.jobs, first_night) == 0


@pytest.mark.parametrize(
    ("calendar", "today", "ended"),
    [
        (Calendar.DECREE, date(2026, 12, 14), date(2026, 11, 15)),
        (Calendar.DECREE, date(2026, 12, 15), date(2026, 12, 15)),
        (Calendar.CALENDAR, date(2028, 2, 29), date(2028, 2, 1)),
        (Calendar.CALENDAR, date(2028, 3, 1), date(2028, 3, 1)),
        (Calendar.CALENDAR, date(2027, 1, 1), date(2027, 1, 1)),
    ],
)
def test_periods_end_by_the_calendar_of_the_commune(
    library: Library, calendar: Calendar, today: date, ended: date
) -> None:
    commune = commune_that_wants(library, MONTHLY, calendar=calendar)
    stages = [one.stage(today, date(2020, 1, 1)) for one in wanted(commune, today)]
    assert stages == [ended, None]
