"""Members: who serves where, who has gone quiet, inviting with a QR code, changing, removing, the sheet of days."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest

from db.engine import Database
from db.office.models import OfficeRole
from db.outreach import members
from db.outreach.models import Member, Role
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.office import Office, OfficeBrowser
from tests.support.rows import COMMUNE

PATH = "/office/thanh-vien"


@pytest.fixture
async def browser(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.EDITOR)


@pytest.fixture
async def team(database: Database) -> dict[str, Member]:
    """An logged on two days, Bình joined a month ago and logged nothing, Cúc sits in the office."""
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
        made = {
            "An": await outreach.member(session, "An", place),
            "Bình": await outreach.member(session, "Bình", place, now=NOON.replace(month=10)),
            "Cúc": await outreach.member(session, "Cúc", role=Role.OFFICE),
        }
        for number, day in enumerate((date(2026, 11, 20), date(2026, 11, 20), date(2026, 11, 21))):
            visit = outreach.visit(place, occurred_on=day, people=2, adults=2)
            await outreach.log(session, visit, f"telegram:{number}", by=made["An"])
        return made


async def present(database: Database) -> dict[str, tuple[str, list[str], int | None]]:
    async with database.snapshot() as session:
        return {
            one.name: (one.role, [place.name for place in one.hamlets], one.monthly_target)
            for one in await members.all_of(session, COMMUNE)
        }


async def test_who_has_gone_quiet_is_named(browser: OfficeBrowser, team: dict[str, Member]) -> None:
    page = await browser.text(PATH)
    assert "1 người chưa ghi gì hơn hai tuần nay: Bình." in page
    row = re.search(rf'<tr> ?<th scope="row"><a href="{PATH}/{team["An"].id}.*?</tr>', page)
    assert row
    assert re.sub(r"<[^>]*>", " ", row[0]).split()[-5:] == ["3", "6", "0", "2", "21/11/2026"]


async def test_an_invitation_is_shown_once_with_its_link_and_code(browser: OfficeBrowser, database: Database) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
    await browser.get(PATH)
    invited = (await browser.post(f"{PATH}/moi", role="member", hamlet=[str(place.id)])).text
    assert "https://t.me/dai_su_so_bot?start=" in invited
    assert 'alt="Mã QR của lời mời"' in invited
    listed = await browser.text(PATH)
    assert "t.me" not in listed
    number = re.search(r"/loi-moi/(\d+)/rut", listed)
    assert number
    assert "Đã rút" in await browser.follow(await browser.post(f"{PATH}/loi-moi/{number[1]}/rut"))
    assert "Lời mời chưa dùng" not in await browser.text(PATH)


async def test_a_team_member_needs_a_hamlet(browser: OfficeBrowser, team: dict[str, Member]) -> None:
    await browser.get(PATH)
    assert "ít nhất một nơi" in await browser.follow(await browser.post(f"{PATH}/moi", role="member"))
    assert "ít nhất một nơi" in await browser.follow(await browser.post(f"{PATH}/{team['An'].id}", role="member"))


async def test_editors_give_no_role_of_the_office_and_change_nobody_who_has_one(
    browser: OfficeBrowser, database: Database, team: dict[str, Member]
) -> None:
    before = await present(database)
    await browser.get(PATH)
    for path, role in (
        (f"{PATH}/moi", "admin"),
        (f"{PATH}/{team['An'].id}", "admin"),
        (f"{PATH}/{team['Cúc'].id}", "member"),
    ):
        assert "chỉ quản trị viên" in await browser.follow(await browser.post(path, role=role))
    assert "chỉ quản trị viên" in await browser.follow(await browser.post(f"{PATH}/{team['Cúc'].id}/roi-to"))
    assert await present(database) == before


async def test_hamlets_and_the_month_s_target_are_changed(
    browser: OfficeBrowser, database: Database, team: dict[str, Member]
) -> None:
    async with database.transaction() as session:
        other = await outreach.hamlet(session, "7")
    await browser.get(PATH)
    form = {"role": "ambassador", "hamlet": [str(other.id)], "target": "30"}
    assert (await browser.post(f"{PATH}/{team['An'].id}", **form)).status_code == 303
    assert (await present(database))["An"] == ("ambassador", ["7"], 30)
    wrong = form | {"target": "-3"}
    assert "từ 0 đến 999" in await browser.follow(await browser.post(f"{PATH}/{team['An'].id}", **wrong))


async def test_whoever_is_removed_is_gone_from_the_list(
    browser: OfficeBrowser, database: Database, team: dict[str, Member]
) -> None:
    await browser.get(PATH)
    assert "An đã rời đội ngũ" in await browser.follow(await browser.post(f"{PATH}/{team['An'].id}/roi-to"))
    assert set(await present(database)) == {"Bình", "Cúc"}
    assert (await browser.get(f"{PATH}/{team['An'].id}")).status_code == 404


async def test_the_sheet_of_days_counts_each_day_once(browser: OfficeBrowser, team: dict[str, Member]) -> None:
    text = (await browser.get(f"{PATH}/ngay-hoat-dong.csv")).content.decode("utf-8-sig")
    rows = {row[0]: row[2:] for row in csv.reader(io.StringIO(text))}
    assert rows["An"] == ["2", "3", "20/11/2026, 21/11/2026"]
    assert rows["Bình"] == ["0", "0", ""]
    assert "20/11, 21/11" in await browser.text(f"{PATH}/ngay-hoat-dong")
