"""/homnay: what was logged today can be corrected; what waits today and tomorrow is below."""

from __future__ import annotations

import pytest

from db.outreach.models import SupportSession
from tests.bot.team.test_tasks import a_class, a_household, a_request
from tests.support.chats import Chats


@pytest.fixture(autouse=True)
async def an(chats: Chats) -> None:
    await chats.member("an", "3")


async def test_an_empty_day_says_how_to_begin(chats: Chats) -> None:
    told = await chats.say("an", "/homnay")
    assert told.startswith("**Hôm nay, 22/11/2026**\nHôm nay bác chưa ghi đợt nào.")
    assert told.endswith("Chưa có việc nào đang chờ bác.")


async def test_what_was_logged_today_is_shown_also_of_yesterday_and_can_be_corrected(chats: Chats) -> None:
    await chats.say("an", "ấp 3 nhà bác Năm cài vneid 2 người")
    await chats.say("an", "hôm qua ấp 3 nhà bác Bảy cài vneid 3 người")
    told = await chats.say("an", "/homnay")
    assert "Đã ghi 2 đợt:\n**1.** ấp 3 · Bác Năm · hôm nay, 22/11/2026" in told
    assert "**2.** ấp 3 · Bác Bảy · hôm qua, 21/11/2026" in told
    await chats.press("an", "Sửa đợt 2")
    await chats.say("an", "4 người")
    assert await chats.rows(SupportSession, "people") == [(2,), (4,)]


async def test_another_s_and_voided_visits_are_not_mine(chats: Chats) -> None:
    await chats.member("binh", "3")
    await chats.say("binh", "ấp 3 nhà bác Sáu cài vneid 2 người")
    await chats.say("an", "ấp 3 nhà bác Năm cài vneid 2 người")
    await chats.press("an", "Hoàn tác")
    told = await chats.say("an", "/homnay")
    assert "chưa ghi đợt nào" in told
    assert "Bác Sáu" not in told.partition("Nên đến thăm")[0]


async def test_many_are_counted_and_the_first_ones_shown(chats: Chats) -> None:
    for number in range(1, 9):
        await chats.say("an", f"ấp 3 hộ {number} cài vneid 2 người")
    told = await chats.say("an", "/homnay")
    assert "Đã ghi 8 đợt:" in told
    assert "... và 2 đợt nữa." in told
    assert chats.labels("an") == [f"✏️ Sửa đợt {number}" for number in range(1, 7)]


async def test_requests_classes_of_two_days_and_three_visits_follow(chats: Chats) -> None:
    number = await a_request(chats)
    for title, hours in (("Lớp nay", 4), ("Lớp mai", 24), ("Lớp mốt", 48)):
        await a_class(chats, title, hours)
    for name in ("Hộ A", "Hộ B", "Hộ C", "Hộ D"):
        await a_household(chats, name)
    told = await chats.say("an", "/homnay")
    assert f"**Số {number}**" in told
    assert ["Lớp nay" in told, "Lớp mai" in told, "Lớp mốt" in told] == [True, True, False]
    assert ["**3. Hộ C**" in told, "Hộ D" in told] == [True, False]
    assert told.index("Số") < told.index("Lớp nay") < told.index("Hộ A")
