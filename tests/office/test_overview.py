"""The first page tells how the commune stands to its plan, what was done in the period, and what waits."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from content.library import Library
from db import questions
from db.engine import Database
from db.indicators import official
from db.indicators.official import Entry
from db.office.models import OfficeRole
from db.outreach.audit import OPERATOR
from db.outreach.models import OutcomeCode
from tests.support import outreach
from tests.support.articles import article, library_of
from tests.support.clock import NOON, FakeClock
from tests.support.office import Office, OfficeBrowser
from tests.support.outreach import TODAY
from tests.support.rows import COMMUNE, open_conversation


@pytest.fixture
async def browser(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.VIEWER)


async def figure(browser: OfficeBrowser, name: str, path: str = "/office/") -> str:
    """A figure in a frame of its own."""
    page = await browser.text(path)
    found = re.search(rf"<dt>{name}</dt> ?<dd>(?:<a [^>]*>)?([\d.]+)", page)
    assert found, name
    return found[1]


async def enter(database: Database, library: Library, count: int, total: int, day: date) -> None:
    """An official figure of VNeID accounts."""
    async with database.transaction() as session:
        await official.enter(
            session, COMMUNE, Entry("vneid_account", day, "Công an xã", count=count, total=total),
            known=library.indicators, actor=OPERATOR, now=NOON, today=TODAY,
        )  # fmt: skip


async def test_without_any_data_it_says_what_to_do(browser: OfficeBrowser) -> None:
    page = await browser.text("/office/")
    assert "Dữ liệu mẫu" not in page
    assert "Nhập số chính thức" in page
    assert "Chưa có ấp nào" in page


async def test_visits_of_the_period_are_counted_beside_those_of_the_period_before(
    browser: OfficeBrowser, database: Database
) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
        for day, people in ((TODAY, 2), (date(2026, 11, 14), 5)):
            await outreach.log(
                session, outreach.visit(place, occurred_on=day, people=people, adults=people), f"telegram:{people}"
            )
    assert await figure(browser, "Số người") == "2"
    assert await figure(browser, "Số người", "/office/?ky=2026-11") == "5"
    assert "kỳ trước 5" in await browser.text("/office/")


async def test_hamlets_stand_side_by_side_and_idle_ones_are_named(browser: OfficeBrowser, database: Database) -> None:
    async with database.transaction() as session:
        busy, idle = [await outreach.hamlet(session, name) for name in ("3", "7")]
        await outreach.log(
            session, outreach.visit(busy, people=4, adults=4, outcomes={OutcomeCode.VNEID_LEVEL2: 3})
        )  # fmt: skip
    page = await browser.text("/office/")
    assert f'Chưa có đợt hỗ trợ nào trong kỳ ở: <a href="/office/dia-ban/{idle.id}">ấp 7</a>.' in page
    row = re.search(rf'<tr> ?<th scope="row"><a href="/office/dia-ban/{busy.id}.*?</tr>', page)
    assert row
    assert re.sub(r"<[^>]*>", " ", row[0]).split() == ["3", "4", "1", "0", "3", "3"]


async def test_what_lags_behind_the_plan_is_said_in_a_sentence(
    browser: OfficeBrowser, database: Database, library: Library
) -> None:
    await enter(database, library, 500, 1000, TODAY - timedelta(days=200))
    await enter(database, library, 510, 1000, TODAY - timedelta(days=20))
    page = await browser.text("/office/")
    assert "1 chỉ tiêu chậm so với kế hoạch" in page
    assert "Tài khoản VNeID (đang 51 %, kế hoạch 80 % đến 31/12/2026)." in page
    assert "Công an xã" in page


async def test_what_has_met_its_target_does_not_lag(
    browser: OfficeBrowser, database: Database, library: Library
) -> None:
    await enter(database, library, 900, 1000, TODAY)
    page = await browser.text("/office/")
    assert "không chỉ tiêu nào chậm" in page
    assert ">đạt</span>" in page


async def test_a_period_that_has_not_begun_or_is_none_is_the_present_one(browser: OfficeBrowser) -> None:
    for asked in ("2030-01", "tuần này", "9999-12", "2026-Q5"):
        assert "Tháng 12/2026 (15/11/2026 - 14/12/2026)" in await browser.text(f"/office/?ky={asked}")


async def test_unanswered_questions_of_this_commune_are_counted_and_not_shown(
    browser: OfficeBrowser, database: Database
) -> None:
    async with database.transaction() as session:
        for commune in (COMMUNE, COMMUNE, "sang-moc"):
            conversation = await open_conversation(session, "ba-an-0912", commune=commune)
            questions.keep_unanswered(
                session, conversation, text="đổi biển số xe", reason="refused", topic=None, now=NOON
            )
    assert await figure(browser, "Câu hỏi chưa trả lời được") == "2"
    page = await browser.text("/office/")
    assert "đổi biển số xe" not in page
    assert "ba-an-0912" not in page


async def test_articles_are_due_from_their_day_on_by_the_commune_s_clock(
    browser: OfficeBrowser, office: Office, library: Library, clock: FakeClock
) -> None:
    due = [
        article(topic, topic).model_copy(update={"review_by": day})
        for topic, day in (("vneid.install", date(2026, 11, 22)), ("vneid.what", date(2026, 11, 23)))
    ]
    office.library = library_of(library, *due)
    assert await figure(browser, "Bài đến hạn kiểm tra lại") == "1"
    clock.now = NOON.replace(hour=17)  # midnight in Vietnam
    await browser.sign_in("viewer")
    assert await figure(browser, "Bài đến hạn kiểm tra lại") == "2"
