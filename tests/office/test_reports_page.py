"""A report is drafted, its texts edited, issued and frozen; its files are those that were issued."""

from __future__ import annotations

import re

import pytest

from db.engine import Database
from db.office.models import OfficeRole
from tests.support import outreach
from tests.support.office import Office, OfficeBrowser

PATH = "/office/bao-cao"


@pytest.fixture
async def browser(office: Office, database: Database) -> OfficeBrowser:
    """An editor's, with a draft of the month after a visit with three people."""
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
        await outreach.log(session, outreach.visit(place, people=3, adults=3))
    browser = await office.signed_in(OfficeRole.EDITOR)
    await browser.get(PATH)
    assert "Đã lập bản nháp" in await browser.follow(await browser.post(PATH, period="2026-12"))
    return browser


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


async def test_a_draft_shows_its_figures_and_gives_three_files(browser: OfficeBrowser) -> None:
    page = await browser.text(f"{PATH}/2026-12")
    assert "Kỳ này chưa kết thúc" in page
    assert re.search(r'Lượt người.*?</th><td data-label="Kỳ này" class="number">3 ', page)
    for suffix, begin in (("docx", b"PK"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        assert (await browser.get(f"{PATH}/2026-12/tep.{suffix}")).content.startswith(begin)
    assert (await browser.get(f"{PATH}/2026-12/tep.exe")).status_code == 404


async def test_an_edited_text_stays_when_the_draft_is_made_again_and_the_composed_one_can_be_got_back(
    browser: OfficeBrowser,
) -> None:
    await browser.get(f"{PATH}/2026-12")
    words = {"name": "difficulties", "text": "Sóng yếu ở ấp 3."}
    assert "Đã lưu" in await browser.follow(await browser.post(f"{PATH}/2026-12/sua", **words))
    assert "Sóng yếu ở ấp 3." in await browser.follow(await browser.post(PATH, period="2026-12"))
    after = await browser.follow(await browser.post(f"{PATH}/2026-12/sua", name="difficulties", undo="1"))
    assert "Sóng yếu ở ấp 3." not in after


async def test_an_issued_report_is_frozen(browser: OfficeBrowser, database: Database) -> None:
    page = await browser.text(f"{PATH}/2026-12")
    issued = await browser.follow(await browser.post(f"{PATH}/2026-12/ban-hanh", version=version(page)))
    assert "đã ban hành" in issued
    assert "<textarea" not in issued
    before = (await browser.get(f"{PATH}/2026-12/tep.csv")).content
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
        await outreach.log(session, outreach.visit(place, people=40, adults=40), "telegram:late")
    await browser.get(PATH)
    assert "không thay đổi được" in await browser.follow(await browser.post(PATH, period="2026-12"))
    assert (await browser.get(f"{PATH}/2026-12/tep.csv")).content == before


async def test_a_draft_that_somebody_changed_meanwhile_is_not_issued_unseen(browser: OfficeBrowser) -> None:
    seen = version(await browser.text(f"{PATH}/2026-12"))
    await browser.post(f"{PATH}/2026-12/sua", name="signer", text="Nguyễn Văn An")
    assert "Chưa ban hành" in await browser.follow(await browser.post(f"{PATH}/2026-12/ban-hanh", version=seen))


async def test_periods_that_have_not_begun_or_are_none_are_refused(browser: OfficeBrowser) -> None:
    await browser.get(PATH)
    assert "chưa bắt đầu" in await browser.follow(await browser.post(PATH, period="2027-06"))
    assert (await browser.post(PATH, period="hôm nay")).status_code == 404
    assert (await browser.get(f"{PATH}/2026-01")).status_code == 404
