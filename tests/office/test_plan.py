"""The plan's tasks stand with the late ones first, and the office notes how far each is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from content.indicators import Plan, PlanTask
from content.library import Library
from db.engine import Database
from db.office.models import OfficeRole
from db.outreach import audit
from tests.support import outreach
from tests.support.office import Office, OfficeBrowser
from tests.support.rows import COMMUNE

PATH = "/office/ke-hoach"
TASKS = (
    PlanTask(id="always", title="Truyền thông", result="có bài"),
    PlanTask(id="late", title="Ngày hội", result="đã tổ chức", deadline=date(2026, 10, 10)),
    PlanTask(id="soon", title="Thu phiếu", result="đủ phiếu", deadline=date(2026, 12, 1)),
)


@pytest.fixture
async def browser(office: Office, library: Library) -> OfficeBrowser:
    plan = Plan(title="Kế hoạch thử", source="Kế hoạch thử", tasks=TASKS)
    commune = library.communes[COMMUNE].model_copy(update={"plan": plan})
    communes = MappingProxyType(dict(library.communes) | {COMMUNE: commune})
    office.library = replace(library, communes=communes)
    return await office.signed_in(OfficeRole.EDITOR)


def titles(page: str) -> list[str]:
    return re.findall(r"<h3>(.*?) ?<span", page)


async def test_late_tasks_come_first_and_done_ones_last(browser: OfficeBrowser) -> None:
    assert titles(await browser.text(PATH)) == ["Ngày hội", "Thu phiếu", "Truyền thông"]
    after = await browser.follow(await browser.post(f"{PATH}/late", state="done", note="đã làm ở đình"))
    assert titles(after) == ["Thu phiếu", "Truyền thông", "Ngày hội"]
    assert "đã làm ở đình" in after
    assert "việc quá hạn" not in after


async def test_the_same_again_changes_nothing_and_each_change_stands_in_the_log(
    browser: OfficeBrowser, database: Database
) -> None:
    await browser.get(PATH)
    for said in ("Đã lưu", "Không có gì thay đổi"):
        assert said in await browser.follow(await browser.post(f"{PATH}/soon", state="doing", note=""))
    async with database.snapshot() as session:
        [entry] = await audit.history(session, COMMUNE, "plan_task", 1)
    assert entry.after == {"task": "soon", "state": "doing", "note": ""}


async def test_a_task_that_is_not_in_the_plan_is_not_there(browser: OfficeBrowser) -> None:
    await browser.get(PATH)
    assert (await browser.post(f"{PATH}/nope", state="done")).status_code == 404
    assert (await browser.post(f"{PATH}/soon", state="burnt")).status_code == 422


async def test_hamlets_are_ranked_by_the_share_of_their_households_that_were_visited(
    browser: OfficeBrowser, database: Database
) -> None:
    async with database.transaction() as session:
        idle, busy = [await outreach.hamlet(session, name) for name in ("3", "7")]
        home = await outreach.household(session, place=busy)
        await outreach.household(session, "Lê Thị Tám", place=busy)
        await outreach.household(session, place=idle)
        an = await outreach.member(session, "An", busy)
        await outreach.log(session, outreach.visit(busy, home, people=3, adults=3), by=an)
    page = await browser.text(PATH)
    rows = [re.sub(r"<[^>]*>", " ", row).split() for row in re.findall(r'<tr><td class="number">\d.*?</tr>', page)]
    assert rows == [
        ["1", "7", "1", "2", "50", "%", "3", "0"],
        ["2", "3", "0", "1", "0", "%", "0", "0"],
        ["1", "An", "1", "1", "3", "1"],
    ]
