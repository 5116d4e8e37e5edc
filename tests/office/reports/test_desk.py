"""Reports are drafted, edited and issued; their figures are those of the database, and issued ones stay as they are."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from content.library import Library
from db import plan_tasks, reports
from db.engine import Database
from db.indicators import official
from db.indicators.official import Entry
from db.indicators.values import FIGURES, values
from db.outreach import figures, hamlets, sessions
from db.outreach.figures import Scope
from db.outreach.models import Group
from db.plan_tasks import TaskState
from db.reports import ChangedError, IssuedError
from office.reports import desk
from office.reports.compose import NotBegunError
from office.reports.desk import Opened
from office.reports.report import Adjustment, Report
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.outreach import visit
from tests.support.reports import OCTOBER, SEPTEMBER, fill, period

TAN_LOI = "tan-loi"


async def draft(database: Database, library: Library, code: str = "2026-10") -> Opened:
    """The office makes a draft."""
    commune = library.communes[TAN_LOI]
    return await desk.draft(database, commune, library, period(code, commune), actor="account:1", now=NOON)


async def issue(database: Database, library: Library, code: str) -> Opened:
    """The office makes a draft and issues it."""
    seen = await draft(database, library, code)
    return await desk.issue(database, TAN_LOI, code, actor="account:1", now=NOON, version=seen.version)


async def edit(database: Database, name: str, text: str | None) -> Opened:
    """The office writes a text."""
    return await desk.edit_text(database, TAN_LOI, "2026-10", name, text, actor="account:1", now=NOON)


@pytest.fixture
async def filled(database: Database, library: Library) -> Database:
    """A database with some months of outreach."""
    async with database.transaction() as session:
        await fill(session, library.communes[TAN_LOI])
    return database


async def test_figures_are_those_of_the_database(filled: Database, library: Library) -> None:
    report = (await draft(filled, library)).report
    span = report.period
    assert (f"{span.first:%d/%m}", f"{span.last:%d/%m}", span.counted_to) == ("15/09", "14/10", span.last)
    scope = Scope(TAN_LOI, span.first, span.last)
    async with filled.snapshot() as session:
        whole = await figures.count(session, scope)
        elderly = await figures.count(session, replace(scope, group=Group.ELDERLY))
        by_hamlet = await figures.count_by_hamlet(session, scope)
        places = await hamlets.all_of(session, TAN_LOI)
    told = {line.code: line.value for line in report.lines}
    assert (told["sessions"], told["attendances"], told["people"]) == (whole.sessions, whole.attendances, whole.people)
    assert (told["households"], told["classes"]) == (whole.households, len(report.classes))
    assert {code: told[f"outcome.{code.value}"] for code in whole.outcomes} == whole.outcomes
    assert (report.groups[0].attendances, report.groups[0].people) == (elderly.attendances, elderly.people)
    assert [line.values["people"] for line in report.hamlets] == [
        by_hamlet[place.id].people if place.id in by_hamlet else 0 for place in places
    ]
    asked = report.requests
    assert (asked.received, asked.done, asked.taken, asked.waiting, asked.cancelled) == (5, 2, 1, 1, 1)
    assert [line.before for line in report.lines[:3]] == [1, 2, 2]


async def test_indicators_are_those_of_the_page_with_official_figures(filled: Database, library: Library) -> None:
    async with filled.transaction() as session:
        for indicator, counted, total in (("vneid_account", 3490, 4000), ("health_book", 3999, 4000)):
            entry = Entry(indicator, SEPTEMBER, "Công văn 12", count=counted, total=total)
            await official.enter(
                session, TAN_LOI, entry, known=library.indicators, actor="account:1", now=NOON, today=outreach.TODAY
            )
    report = (await draft(filled, library)).report
    wanted = period("2026-10", library.communes[TAN_LOI])
    async with filled.snapshot() as session:
        told = await values(session, TAN_LOI, library.indicators.values(), period=wanted)
    assert len(report.indicators) == 11
    for line in report.indicators:
        value = told[line.id]
        assert (line.value, line.numerator, line.since) == (value.value, value.numerator, value.since)
    assert [report.value(FIGURES[one]) for one in FIGURES] == [told[one].value for one in FIGURES]
    vneid = next(line for line in report.indicators if line.id == "vneid_account")
    assert (vneid.official, vneid.since, vneid.value, vneid.targets[0].is_met) == (3490, 2, Decimal("87.3"), True)
    assert "1 chỉ tiêu đã đạt" not in report.texts["indicators"]
    assert "2 chỉ tiêu đã đạt, 9 chỉ tiêu chưa có số liệu chính thức." in report.texts["indicators"]
    assert Report.from_json(report.to_json()) == report


async def test_texts_say_what_the_figures_show(filled: Database, library: Library) -> None:
    texts = (await draft(filled, library)).report.texts
    assert "4 đợt hỗ trợ với 1.229 lượt người, tính mỗi người một lần là 1.227 người" in texts["general"]
    assert "số đợt tăng 3 (kỳ trước 1, kỳ này 4)" in texts["general"]
    assert "VNeID mức 2: 2 người" in texts["general"]
    assert "Số ấp có đợt hỗ trợ trong kỳ: 2/14" in texts["hamlets"]
    assert "11 chỉ tiêu chưa có số liệu chính thức" in texts["indicators"]
    assert set(texts["difficulties"]) <= {".", "\n"}


async def test_tasks_of_the_plan_are_ahead_or_overdue_until_the_office_notes_them_as_done(
    filled: Database, library: Library
) -> None:
    day = "Hoạt động Ngày Chuyển đổi số quốc gia 10/10"
    assert f"{day}: hoàn thành trước hoặc đúng ngày 10/10/2026" in await _next_tasks(filled, library, "2026-09")
    assert f"{day}: đã quá hạn ngày 10/10/2026" in await _next_tasks(filled, library, "2026-10")
    async with filled.transaction() as session:
        await plan_tasks.change(
            session, TAN_LOI, "digital_day", TaskState.DONE, "", actor="office:an", now=NOON
        )  # fmt: skip
    assert day not in await _next_tasks(filled, library, "2026-10")


async def _next_tasks(database: Database, library: Library, code: str) -> str:
    return (await draft(database, library, code)).report.texts["next_tasks"]


async def test_a_period_without_anything_says_so(filled: Database, library: Library) -> None:
    texts = (await draft(filled, library, "2026-03")).report.texts
    assert texts["general"] == "Trong kỳ chưa ghi nhận đợt hỗ trợ nào."
    assert (texts["groups"], texts["hamlets"], texts["adjustments"]) == ("", "", "")


async def test_a_period_that_goes_on_says_up_to_when_it_counts(filled: Database, library: Library) -> None:
    report = (await draft(filled, library, "2026-Q4")).report
    assert report.period.counted_to == outreach.TODAY
    assert "đến hết ngày 22/11/2026; kỳ báo cáo kết thúc ngày 14/12/2026" in report.texts["opening"]
    assert {line.before for line in report.lines} == {None}
    with pytest.raises(NotBegunError):
        await draft(filled, library, "2027-02")


async def test_edited_texts_outlive_a_new_draft_and_are_marked_when_their_figures_changed(
    filled: Database, library: Library
) -> None:
    await draft(filled, library)
    opened = await edit(filled, "general", "Kết quả tốt.\r\nTiếp tục phát huy.")
    assert opened.report.texts["general"] == "Kết quả tốt.\nTiếp tục phát huy."
    opened = await draft(filled, library)
    assert (opened.edited, opened.outdated) == (("general",), ())
    async with filled.transaction() as session:
        place = (await hamlets.all_of(session, TAN_LOI))[2]
        await outreach.log(session, visit(place, people=1, occurred_on=OCTOBER), "late")
    opened = await draft(filled, library)
    assert opened.report.texts["general"].startswith("Kết quả tốt.")
    assert opened.outdated == ("general",)
    opened = await edit(filled, "general", None)
    assert "5 đợt hỗ trợ" in opened.report.texts["general"]
    with pytest.raises(LookupError):
        await edit(filled, "no_such_text", "x")


async def test_an_issued_report_stays_and_what_comes_later_is_an_adjustment_once(
    filled: Database, library: Library
) -> None:
    await issue(filled, library, "2026-09")
    frozen = await desk.files(filled, TAN_LOI, "2026-09")
    async with filled.transaction() as session:
        place = (await hamlets.all_of(session, TAN_LOI))[2]
        await outreach.log(session, visit(place, people=6, occurred_on=SEPTEMBER), "late")

    assert await desk.files(filled, TAN_LOI, "2026-09") == frozen
    with pytest.raises(IssuedError):
        await draft(filled, library, "2026-09")
    october = (await issue(filled, library, "2026-10")).report
    assert [(one.period, one.code, one.reported, one.now) for one in october.adjustments] == [
        ("2026-09", "sessions", 1, 2),
        ("2026-09", "attendances", 2, 8),
        ("2026-09", "people", 2, 8),
    ]
    assert (await draft(filled, library, "2026-11")).report.adjustments == ()
    assert (await draft(filled, library, "2026-Q3")).report.adjustments == ()

    async with filled.transaction() as session:
        [late] = await sessions.of_origin(session, TAN_LOI, "late")
        await sessions.void(session, late, reason="trùng", actor="account:1", written_at=NOON, now=NOON)
    november = (await draft(filled, library, "2026-11")).report
    assert november.adjustments[0] == Adjustment("2026-09", "tháng 9/2026", "sessions", "Đợt hỗ trợ", "đợt", 2, 1)


async def test_nobody_issues_a_draft_that_they_have_not_seen(filled: Database, library: Library) -> None:
    seen = await draft(filled, library)
    await edit(filled, "difficulties", "Sóng yếu.")
    with pytest.raises(ChangedError):
        await desk.issue(filled, TAN_LOI, "2026-10", actor="account:1", now=NOON, version=seen.version)
    issued = await issue(filled, library, "2026-10")
    assert issued.report.texts["difficulties"] == "Sóng yếu."
    with pytest.raises(IssuedError):
        await edit(filled, "difficulties", "Khác.")
    async with filled.snapshot() as session:
        [stored] = await reports.all_of(session, TAN_LOI)
        assert Report.from_json(stored.content) == issued.report
        name = (await desk.files(filled, TAN_LOI, "2026-10"))[0].name
        assert (await reports.file(session, TAN_LOI, stored.id, name)) is not None
        assert await reports.file(session, "tay-giang", stored.id, name) is None


@pytest.mark.servers
async def test_on_postgresql_a_report_is_counted_edited_issued_and_adjusted_too(
    postgres_url: str, library: Library
) -> None:
    database = Database(postgres_url)
    await database.migrate()
    async with database.transaction() as session:
        await fill(session, library.communes[TAN_LOI])
    await issue(database, library, "2026-09")
    async with database.transaction() as session:
        place = (await hamlets.all_of(session, TAN_LOI))[2]
        await outreach.log(session, visit(place, people=6, occurred_on=SEPTEMBER), "late")
    await draft(database, library)
    await edit(database, "difficulties", "Sóng yếu.")
    issued = await issue(database, library, "2026-10")
    assert issued.report.value("attendances") == 1229
    assert [(one.code, one.now) for one in issued.report.adjustments][:2] == [("sessions", 2), ("attendances", 8)]
    assert [len(file.content) > 1000 for file in await desk.files(database, TAN_LOI, "2026-10")] == [True] * 3
    await database.close()
