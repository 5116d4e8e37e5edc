"""Hamlets side by side, and the page of each."""

from __future__ import annotations

import re

import pytest

from db.engine import Database
from db.office.models import OfficeRole
from db.outreach import hamlets, households
from db.outreach.audit import OPERATOR
from db.outreach.households import Survey
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.office import Office, OfficeBrowser
from tests.support.rows import COMMUNE


@pytest.fixture
async def browser(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.VIEWER)


async def test_each_hamlet_has_its_figures_households_and_who_serves_it(
    browser: OfficeBrowser, database: Database
) -> None:
    async with database.transaction() as session:
        place, _ = [await outreach.hamlet(session, name) for name in ("3", "7")]
        await outreach.member(session, "Trần Thị Hoa", place)
        home = await outreach.household(session, place=place)
        await outreach.log(session, outreach.visit(place, home, people=3, adults=3))
    page = await browser.text("/office/dia-ban")
    rows = [re.sub(r"<[^>]*>", " ", row).split() for row in re.findall(r'<tr> ?<th scope="row"[^>]*>.*?</tr>', page)]
    assert rows == [
        ["Ấp", "3", "3", "3", "1", "1", "1", "Trần", "Thị", "Hoa"],
        ["Ấp", "7", "0", "0", "0", "0", "0", "chưa", "có", "ai"],
    ]


async def test_a_hamlet_counts_the_pillars_of_its_surveyed_households(
    browser: OfficeBrowser, database: Database
) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
        home = await outreach.household(session, place=place)
        await outreach.household(session, "Lê Thị Tám", place=place)
        found = Survey(4, 4, 3, 2, 1, 0, is_poor=False, is_ethnic_minority=False, has_elderly=False, has_disabled=False)
        await households.survey(session, home, found, OPERATOR, NOON)
    page = await browser.text(f"/office/dia-ban/{place.id}")
    assert "Đã khảo sát 1 trong 2 hộ, 4 người lớn." in page
    assert re.search(r'Danh tính số</th><td class="number">3</td><td class="number">75 %</td>', page)


async def test_a_hamlet_that_was_merged_leads_to_the_one_that_it_is_part_of(
    browser: OfficeBrowser, database: Database
) -> None:
    async with database.transaction() as session:
        one, into = [await outreach.hamlet(session, name) for name in ("3", "7")]
        await outreach.log(session, outreach.visit(one, people=3, adults=3))
        await hamlets.merge(session, one, into, OPERATOR, NOON)
    page = await browser.text(f"/office/dia-ban/{one.id}")
    assert "<h1>Ấp 7</h1>" in page
    assert re.search(r"<dt>Số người</dt> ?<dd><a [^>]*>3<", page)


async def test_another_commune_s_hamlet_is_not_there(browser: OfficeBrowser, database: Database) -> None:
    async with database.transaction() as session:
        other = await outreach.hamlet(session, "Khuổi Mèo", commune="sang-moc")
    assert other.commune != COMMUNE
    assert (await browser.get(f"/office/dia-ban/{other.id}")).status_code == 404
