"""Households are found, shown with pillars and visits, printed as a form, and joined when two are one."""

from __future__ import annotations

import re

import pytest

from db.engine import Database
from db.office.models import OfficeRole
from db.outreach import households
from db.outreach.audit import OPERATOR
from db.outreach.households import Survey
from db.outreach.models import Household, OutcomeCode
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.office import Office, OfficeBrowser

PATH = "/office/ho"


@pytest.fixture
async def browser(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.EDITOR)


@pytest.fixture
async def homes(database: Database) -> dict[str, Household]:
    """A surveyed poor household that was visited, one of a like name, one elsewhere."""
    async with database.transaction() as session:
        one, other = [await outreach.hamlet(session, name) for name in ("3", "7")]
        made = {
            "nam": await outreach.household(session, "Hoàng Văn Năm", place=one, number="12"),
            "nam2": await outreach.household(session, "Hoàng Văn Nam", place=one),
            "tam": await outreach.household(session, "Lê Thị Tám", place=other),
        }
        found = Survey(4, 4, 1, 2, 1, 0, is_poor=True, is_ethnic_minority=False, has_elderly=False, has_disabled=False)
        await households.survey(session, made["nam"], found, OPERATOR, NOON.replace(day=1))
        await outreach.log(
            session, outreach.visit(one, made["nam"], people=2, outcomes={OutcomeCode.VNEID_LEVEL2: 2})
        )  # fmt: skip
        return made


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"nam", "nam2", "tam"}),
        ("tim=hoang+van", {"nam", "nam2"}),
        ("tim=12", {"nam"}),
        ("dien=is_poor", {"nam"}),
        ("khao_sat=co", {"nam"}),
        ("khao_sat=chua&tham=chua", {"nam2", "tam"}),
        ("tham=co", {"nam"}),
        ("dien=password&khao_sat=x", {"nam", "nam2", "tam"}),
    ],
)
async def test_households_are_found_by_what_is_known_of_them(
    browser: OfficeBrowser, homes: dict[str, Household], query: str, names: set[str]
) -> None:
    page = await browser.text(f"{PATH}?{query}")
    assert {int(one) for one in re.findall(rf'href="{PATH}/(\d+)"', page)} == {homes[name].id for name in names}


async def test_a_household_shows_its_survey_with_what_visits_added(
    browser: OfficeBrowser, homes: dict[str, Household]
) -> None:
    page = await browser.text(f"{PATH}/{homes['nam'].id}")
    assert re.search(r"<dt>Danh tính số</dt> ?<dd>3 / 4</dd>", page)
    assert "Diện: hộ nghèo." in page
    assert "VNeID mức 2: 2" in page


async def test_two_entries_of_one_household_are_joined_and_both_addresses_lead_there(
    browser: OfficeBrowser, homes: dict[str, Household]
) -> None:
    one, into = homes["nam"].id, homes["nam2"].id
    assert "Nhập vào hộ này" in await browser.text(f"{PATH}/{one}")
    after = await browser.follow(await browser.post(f"{PATH}/{one}/nhap-vao", into=str(into)))
    assert "Đã nhập “Hoàng Văn Năm” vào hộ này" in after
    assert "<h1>Hoàng Văn Nam</h1>" in await browser.text(f"{PATH}/{one}")


@pytest.mark.parametrize("other", ["tam", "nam", "none"])
async def test_households_of_two_hamlets_are_never_joined(
    browser: OfficeBrowser, homes: dict[str, Household], other: str
) -> None:
    await browser.get(f"{PATH}/{homes['nam'].id}")
    into = str(homes[other].id) if other in homes else "x"
    assert "Chưa nhập" in await browser.follow(await browser.post(f"{PATH}/{homes['nam'].id}/nhap-vao", into=into))


async def test_its_form_can_be_printed(browser: OfficeBrowser, homes: dict[str, Household]) -> None:
    response = await browser.get(f"{PATH}/{homes['nam'].id}/phieu.pdf")
    assert response.headers["content-type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
