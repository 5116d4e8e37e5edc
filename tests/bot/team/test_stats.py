"""/thongke: a member sees own figures, target and hamlets, month by month, as the office sees them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.messages import Picture
from db.outreach import figures, members
from db.outreach.audit import OPERATOR
from db.outreach.figures import Scope
from db.outreach.models import Member, OutcomeCode, Role
from tests.support import outreach
from tests.support.chats import Chats
from tests.support.clock import NOON
from tests.support.incoming import pressed
from tests.support.outreach import TODAY, visit
from tests.support.rows import COMMUNE

LAST_MONTH = date(2026, 11, 14)
"""The last day of tháng 11/2026 of the decree; TODAY lies in tháng 12/2026."""


@pytest.fixture
async def an(chats: Chats) -> Member:
    """A member of ấp 3 with visits in this reporting month and the one before."""
    one, other = await chats.member("an", "3"), await chats.member("binh", "5")
    async with chats.database.transaction() as session:
        three, five = await outreach.hamlet(session, "3"), await outreach.hamlet(session, "5")
        nam, bay = [await outreach.household(session, name, place=three) for name in ("Năm", "Bảy")]
        achieved = {OutcomeCode.VNEID_LEVEL2: 3, OutcomeCode.PAYMENT_ACCOUNT: 1}
        await outreach.log(session, visit(three, nam, people=3, outcomes=achieved), "1", by=one)
        await outreach.log(session, visit(three, nam, people=2, occurred_on=TODAY - timedelta(days=1)), "2", by=one)
        await outreach.log(session, visit(three, bay, people=4, occurred_on=LAST_MONTH), "3", by=one)
        await outreach.log(session, visit(three, bay, people=1), "4", by=other)
        await outreach.log(session, visit(five, people=7), "5", by=other)
    return one


async def set_target(chats: Chats, member: Member, households: int) -> None:
    async with chats.database.transaction() as session:
        one = await session.get_one(Member, member.id)
        await members.set_target(session, one, households, OPERATOR, NOON)


def picture(chats: Chats, who: str = "an") -> Picture:
    found = chats.read[who][-1].picture
    assert found is not None
    return found


@pytest.mark.usefixtures("an")
async def test_own_figures_of_this_reporting_month_and_the_one_before(chats: Chats) -> None:
    told = (await chats.say("an", "/thongke")).splitlines()
    assert told == [
        "**Tháng 12/2026** (15/11/2026 - 14/12/2026)",
        "Bác đã ghi **2 đợt**, 5 lượt người (3 người), đến 1 hộ.",
        "Bà con làm được - VNeID mức 2: 3 · Tài khoản thanh toán: 1.",
        "Kỳ trước: 1 đợt, 4 lượt người, 1 hộ.",
        "",
        "ấp 3 cả tổ: 3 đợt, 6 lượt người (4 người), 2 hộ.",
    ]


@pytest.mark.usefixtures("an")
async def test_buttons_lead_to_the_month_before_and_back_but_not_into_the_future(chats: Chats) -> None:
    await chats.say("an", "/thongke")
    assert chats.labels("an") == ["⬅️ Kỳ trước"]
    assert "**Tháng 11/2026** (15/10/2026 - 14/11/2026)" in await chats.press("an", "Kỳ trước")
    assert "**Tháng 12/2026**" in await chats.press("an", "Kỳ sau")


@pytest.mark.usefixtures("an")
async def test_the_chart_shows_what_people_achieved(chats: Chats) -> None:
    await chats.say("an", "/thongke")
    shown = picture(chats)
    assert shown.values == (3, 1)
    assert shown.target is None
    assert "3 người" in shown.text


async def test_with_a_target_the_chart_shows_the_months_beside_it(chats: Chats, an: Member) -> None:
    await set_target(chats, an, 2)
    assert "Mục tiêu của bác: 2 hộ mỗi tháng - **đã đến 1, còn 1 hộ**." in await chats.say("an", "/thongke")
    shown = picture(chats)
    assert (shown.values, shown.target) == ((0, 0, 1, 1), 2)
    assert shown.labels == ("Tháng 9/2026", "Tháng 10/2026", "Tháng 11/2026", "Tháng 12/2026")


async def test_a_target_that_is_met_is_said_so(chats: Chats, an: Member) -> None:
    await set_target(chats, an, 1)
    assert "**đã đến 1 hộ, đủ rồi**" in await chats.say("an", "/thongke")


async def test_who_has_logged_nothing_is_told_so_kindly(chats: Chats) -> None:
    await chats.member("moi", "9")
    told = await chats.say("moi", "/thongke")
    assert "Kỳ này bác chưa ghi đợt nào." in told
    assert "ấp 9 cả tổ: 0 đợt" in told
    assert chats.read["moi"][-1].picture is None


@pytest.mark.usefixtures("an")
async def test_the_office_sees_the_whole_commune(chats: Chats) -> None:
    await chats.member("sep", role=Role.OFFICE)
    assert "Cả xã Tân Lợi: 4 đợt, 13 lượt người (11 người), 2 hộ." in await chats.say("sep", "/thongke")


async def test_a_member_s_figures_are_those_that_the_office_counts(chats: Chats, an: Member) -> None:
    told = await chats.say("an", "/thongke")
    scope = Scope(COMMUNE, date(2026, 11, 15), date(2026, 12, 14), member_id=an.id)
    async with chats.database.snapshot() as session:
        found = await figures.count(session, scope)
    assert f"**{found.sessions} đợt**, {found.attendances} lượt người ({found.people} người)" in told


@pytest.mark.usefixtures("an")
@pytest.mark.parametrize("code", ["2026-13", "9999", "2999-12", "x" * 40, "2026-Q3", "1000-01", ":"])
async def test_made_up_periods_do_no_harm(chats: Chats, code: str) -> None:
    assert "bác" in (await chats.send(pressed(f"do:tk:{code}", by="an"))).lower()
