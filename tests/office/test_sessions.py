"""Support sessions are found by what they say, taken away as files, voided with a reason and got back."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from content.library import Library
from db.engine import Database
from db.office.models import OfficeRole
from db.outreach import hamlets
from db.outreach import sessions as stored_sessions
from db.outreach.audit import OPERATOR
from db.outreach.models import OutcomeCode, SessionKind, SupportSession
from tests.support import outreach
from tests.support.clock import NOON, FakeClock
from tests.support.office import Office, OfficeBrowser
from tests.support.rows import COMMUNE

PATH = "/office/dot-ho-tro"


@pytest.fixture
async def browser(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.EDITOR)


@pytest.fixture
async def logged(database: Database) -> dict[str, SupportSession]:
    """Three sessions: a visit, a visit of last month elsewhere, an event."""
    async with database.transaction() as session:
        one, other = [await outreach.hamlet(session, name) for name in ("3", "7")]
        an = await outreach.member(session, "An", one)
        nam = await outreach.household(session, "Hoàng Văn Năm", place=one, number="12")
        tam = await outreach.household(session, "Lê Thị Tám", place=other)
        said = {
            "visit": outreach.visit(one, nam, people=3, adults=3, elderly=1, outcomes={OutcomeCode.VNEID_LEVEL2: 2}),
            "late": outreach.visit(other, tam, occurred_on=date(2026, 10, 20), people=2, note="=HYPERLINK(1)"),
            "event": outreach.visit(one, kind=SessionKind.PUBLIC_EVENT, people=40),
        }
        return {
            name: (await outreach.log(session, content, f"telegram:{name}", by=an)).session
            for name, content in said.items()
        }


async def found(browser: OfficeBrowser, query: str = "") -> set[int]:
    """The ids of the sessions in the list."""
    return {int(one) for one in re.findall(rf'href="{PATH}/(\d+)"', await browser.text(f"{PATH}?{query}"))}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"visit", "late", "event"}),
        ("tim=nam", {"visit"}),
        ("tim=12", {"visit"}),
        ("tim=hyperlink", {"late"}),
        ("loai=public_event", {"event"}),
        ("ket_qua=vneid_level2", {"visit"}),
        ("nhom=elderly", {"visit"}),
        ("tu=2026-11-01", {"visit", "event"}),
        ("den=2026-10-31", {"late"}),
        ("ky=2026-11", {"late"}),
        ("ky=2026-12&loai=house_visit", {"visit"}),
        ("tu=hôm+qua&loai=nope&dia_ban=x&thanh_vien=-1", {"visit", "late", "event"}),
        ("thanh_vien=999", set()),
        ("da_bo=1", set()),
    ],
)
async def test_sessions_are_found_by_what_they_say(
    browser: OfficeBrowser, logged: dict[str, SupportSession], query: str, names: set[str]
) -> None:
    assert await found(browser, query) == {logged[name].id for name in names}


async def test_behind_a_figure_stand_exactly_the_sessions_that_it_counts(
    browser: OfficeBrowser, logged: dict[str, SupportSession], library: Library
) -> None:
    assert await found(browser, "chi_tieu=households_visited&ky=2026-12") == {logged["visit"].id}
    assert await found(browser, "chi_tieu=vneid_account&ky=2026-12") == {logged["visit"].id}
    assert await found(browser, "chi_tieu=people_reached&ky=2026-11") == {logged["late"].id}


async def test_sessions_of_a_merged_hamlet_are_found_under_the_one_it_is_part_of(
    browser: OfficeBrowser, logged: dict[str, SupportSession], database: Database
) -> None:
    async with database.transaction() as session:
        one, into = [await outreach.hamlet(session, name) for name in ("7", "3")]
        await hamlets.merge(session, one, into, OPERATOR, NOON)
    assert await found(browser, f"dia_ban={into.id}") == {one.id for one in logged.values()}


async def test_a_session_is_voided_only_with_a_reason_and_can_be_got_back(
    browser: OfficeBrowser, logged: dict[str, SupportSession], clock: FakeClock
) -> None:
    address = f"{PATH}/{logged['visit'].id}"
    await browser.get(address)
    assert "thiếu lý do" in await browser.follow(await browser.post(f"{address}/bo", reason=" "))
    after = await browser.follow(await browser.post(f"{address}/bo", reason="ghi hai lần"))
    assert "ghi hai lần" in after
    assert await found(browser) == {logged["late"].id, logged["event"].id}
    assert await found(browser, "da_bo=1") == {logged["visit"].id}
    clock.now += timedelta(seconds=1)
    await browser.get(address)
    assert "được tính như cũ" in await browser.follow(await browser.post(f"{address}/lay-lai"))
    assert len(await found(browser)) == 3


async def test_the_history_tells_who_changed_what(
    browser: OfficeBrowser, logged: dict[str, SupportSession], database: Database
) -> None:
    async with database.transaction() as session:
        stored = await stored_sessions.by_id(session, COMMUNE, logged["visit"].id)
        assert stored
        before = stored_sessions.content_of(stored)
        later = NOON + timedelta(hours=1)
        changed = outreach.visit(stored.hamlet, stored.household, people=4, adults=3, outcomes=dict(before.outcomes))
        await stored_sessions.edit(session, stored, changed, actor="member:1", written_at=later, now=later)
    page = await browser.text(f"{PATH}/{logged['visit'].id}")
    assert "An sửa: người 3 → 4; người cao tuổi 1 → 0" in page


async def test_the_list_is_taken_away_as_it_is_filtered_and_no_text_becomes_a_formula(
    browser: OfficeBrowser, logged: dict[str, SupportSession]
) -> None:
    text = (await browser.get(f"{PATH}/tai-ve.csv?den=2026-10-31")).content.decode("utf-8-sig")
    _, row = list(csv.reader(io.StringIO(text)))
    assert (row[1], row[3], row[4], row[6]) == ("20/10/2026", "7", "Lê Thị Tám", "2")
    assert row[-1] == "'=HYPERLINK(1)"
    book = load_workbook(io.BytesIO((await browser.get(f"{PATH}/tai-ve.xlsx")).content))
    assert book.worksheets[0].max_row == 1 + len(logged)


async def test_another_commune_s_sessions_are_not_there(browser: OfficeBrowser, database: Database) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "Khuổi Mèo", commune="sang-moc")
        done = await stored_sessions.log(
            session, outreach.visit(place), commune="sang-moc", origin="x:1", source="sentence", member_id=None,
            actor=OPERATOR, written_at=NOON, now=NOON,
        )  # fmt: skip
    assert await found(browser) == set()
    assert (await browser.get(f"{PATH}/{done.session.id}")).status_code == 404
