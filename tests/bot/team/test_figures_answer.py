"""Members and the office ask for figures in words; they are those of the page, and a citizen never gets them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.team.figure_question import Asked, read_question
from content.library import Library
from content.periods import Calendar, read_period
from db.engine import Database
from db.indicators import official
from db.indicators.official import Entry
from db.outreach.audit import OPERATOR
from db.outreach.models import OutcomeCode, Role
from tests.support import outreach
from tests.support.chats import Chats
from tests.support.clock import NOON
from tests.support.outreach import TODAY
from tests.support.rows import COMMUNE

DECREE = Calendar.DECREE


@pytest.mark.parametrize(
    ("text", "indicator", "period", "of_commune"),
    [
        ("tháng này xã mình định danh được bao nhiêu người?", "vneid_account", "2026-12", True),
        ("thang truoc ca xa mo duoc may lop", "classes_held", "2026-11", True),
        ("ấp 3 quý này thế nào", None, "2026-Q4", False),
        ("tỷ lệ vneid tới đâu rồi", "vneid_account", None, False),
        ("quý 3 tham duoc bao nhieu ho", "households_visited", "2026-Q3", False),
        ("năm 2025 bao nhiêu người được hỗ trợ", "people_reached", "2025", False),
        ("tháng 10 có mấy lượt người?", "attendances", "2026-10", False),
    ],
)
def test_a_question_for_a_figure_is_read_with_and_without_diacritics(
    text: str, indicator: str | None, period: str | None, of_commune: bool
) -> None:
    expected = Asked(indicator, read_period(period, DECREE) if period else None, of_commune)
    assert read_question(text, TODAY, DECREE) == expected


@pytest.mark.parametrize("text", ["hôm qua ấp 3 nhà bác Năm cài vneid cho 2 cụ", "cảm ơn", "ấp 3", "4 người"])
def test_what_is_no_question_is_left_alone(text: str) -> None:
    assert read_question(text, TODAY, DECREE) is None


@pytest.fixture
async def measured(chats: Chats, database: Database, library: Library) -> None:
    """An of ấp 3 and Sếp of the office; 700 of 1,000 adults ten days ago, three more in ấp 3 since, one in ấp 9."""
    await chats.member("an", "3")
    await chats.member("sep", role=Role.OFFICE)
    places = {one.name: one for one in await chats.places()}
    async with database.transaction() as session:
        await official.enter(
            session, COMMUNE, Entry("vneid_account", date(2026, 11, 12), "Công an xã", count=700, total=1000),
            known=library.indicators, actor=OPERATOR, now=NOON, today=TODAY,
        )  # fmt: skip
        for name, people in (("3", 3), ("9", 1)):
            visit = outreach.visit(
                places[name], people=people, adults=people, outcomes={OutcomeCode.VNEID_LEVEL2: people}
            )
            await outreach.log(session, visit, f"telegram:{name}")


@pytest.mark.usefixtures("measured")
async def test_the_office_gets_the_commune_s_figure_with_the_plan_and_how_it_was_counted(chats: Chats) -> None:
    told = await chats.say("sep", "tháng này xã mình định danh được bao nhiêu người?")
    assert "Hiện có **70,4 %** (704 trong 1.000)." in told
    assert "Riêng kỳ này tổ ghi **4 người**." in told
    assert "Kế hoạch: 80 % đến 31/12/2026" in told
    assert "Còn 96 người nữa." in told


@pytest.mark.usefixtures("measured")
async def test_a_member_gets_the_own_hamlet_s_figure_and_no_other(chats: Chats) -> None:
    assert "**3 người**" in await chats.say("an", "tháng này định danh được bao nhiêu người")
    assert "ấp 3, tháng 12/2026" in await chats.say("an", "ấp 3 tháng này thế nào")
    for asked in ("ấp 9 tháng này định danh được bao nhiêu người", "tháng này cả xã định danh được bao nhiêu người"):
        assert "chỉ xem được số của nơi mình phụ trách" in await chats.say("an", asked)


@pytest.mark.usefixtures("measured")
async def test_other_figures_and_periods_are_a_tap_away(chats: Chats) -> None:
    assert "số nào" in await chats.say("sep", "/chitieu")
    assert "**4 người**" in await chats.press("sep", "Số người")
    assert "tháng 11/2026" in await chats.press("sep", "Kỳ trước")
    assert "số nào" in await chats.press("sep", "Số khác")


@pytest.mark.usefixtures("measured")
async def test_a_citizen_gets_no_figure(chats: Chats) -> None:
    told = await chats.say("ba-an", "tháng này xã mình định danh được bao nhiêu người?")
    assert "704" not in told
    assert "704" not in await chats.say("ba-an", "/chitieu")
