"""An indicator's page tells its value, how it came about, and how it stands to the plan."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from content.library import Library
from db.engine import Database
from db.indicators import official
from db.indicators.official import Entry
from db.lessons import counted
from db.office.models import OfficeRole
from db.outreach.audit import CITIZEN, OPERATOR
from db.outreach.models import OutcomeCode
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.office import Office, OfficeBrowser
from tests.support.outreach import TODAY
from tests.support.rows import COMMUNE, open_conversation


@pytest.fixture
async def browser(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.VIEWER)


@pytest.fixture
async def measured(database: Database, library: Library) -> None:
    """700 of 1,000 adults ten days ago, and three more whom a visit reached since."""
    day = TODAY - timedelta(days=10)
    async with database.transaction() as session:
        await official.enter(
            session, COMMUNE, Entry("vneid_account", day, "Công an xã", count=700, total=1000),
            known=library.indicators, actor=OPERATOR, now=NOON, today=TODAY,
        )  # fmt: skip
        place = await outreach.hamlet(session, "3")
        await outreach.log(session, outreach.visit(place, people=4, adults=4, outcomes={OutcomeCode.VNEID_LEVEL2: 3}))


@pytest.mark.usefixtures("measured")
async def test_the_value_is_told_with_what_it_is_made_of(browser: OfficeBrowser) -> None:
    page = await browser.text("/office/chi-tieu/vneid_account")
    assert '<p class="headline">70,3 %' in page
    assert "703 trong 1.000" in page
    assert "Gồm 700 theo số chính thức và 3 do tổ ghi sau ngày chốt. Nguồn: Công an xã." in page
    assert re.search(r'href="/office/dot-ho-tro\?chi_tieu=vneid_account&(amp;)?ky=2026-12">Xem 1 đợt hỗ trợ', page)
    assert "đang dùng" in page


@pytest.mark.usefixtures("measured")
async def test_a_hamlet_without_an_official_figure_shows_what_the_team_recorded_there(
    browser: OfficeBrowser, database: Database
) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
    page = await browser.text(f"/office/chi-tieu/vneid_account?dia_ban={place.id}")
    assert "tổ ghi 3 người" in page
    assert "Chưa có số chính thức, chỉ có số tổ ghi" in page


async def test_who_learnt_alone_is_told_apart_from_whom_the_team_recorded(
    browser: OfficeBrowser, database: Database
) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
        who = await open_conversation(session, "ba")
        await counted.agree(session, who, hamlet_id=place.id, finished_on=TODAY, actor=CITIZEN, now=NOON)
    page = await browser.text("/office/chi-tieu/basic_digital_skills")
    assert '<p class="headline">tự học 1 người' in page
    assert "Chưa có số chính thức, chỉ có số người tự học" in page
    assert "tổ ghi 0 người, 1 người tự học xong" in page
    assert "đồng ý được tính" in page


async def test_every_indicator_has_a_page_even_without_any_data(browser: OfficeBrowser, library: Library) -> None:
    for name, indicator in library.indicators.items():
        assert f"<h1>{indicator.name}</h1>" in await browser.text(f"/office/chi-tieu/{name}?ky=2026")


async def test_what_is_none_is_not_there(browser: OfficeBrowser) -> None:
    assert (await browser.get("/office/chi-tieu/nope")).status_code == 404
