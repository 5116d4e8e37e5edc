"""Classes: opened in a few words, checked in to by code, counted, closed into a session; reminders once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.reminders import remind_of_classes
from bot.service import TIME_ZONE
from db.outreach.models import ClassAttendance, LearningClass, SupportSession
from tests.support.chats import Chats
from tests.support.clock import FakeClock
from tests.support.site import shipped_library

THURSDAY = datetime(2026, 11, 26, 19, 0, tzinfo=TIME_ZONE)


@pytest.fixture
async def code(chats: Chats) -> str:
    """The check-in code of a class that a member of ấp 3 has opened for Thursday, seven in the evening."""
    await chats.member("an", "3")
    await chats.say("an", "/lop")
    await chats.press("an", "Mở lớp mới", "Cài và dùng VNeID")
    await chats.say("an", "thứ 5 19h")
    await chats.say("an", "nhà văn hóa")
    await chats.press("an", "Mã điểm danh")
    picture = chats.read["an"][-1].picture
    assert picture is not None
    return picture.text.partition("start=")[2]


async def remind(chats: Chats) -> int:
    return await remind_of_classes(chats.database, lambda: shipped_library().current, chats.clock, lambda: None)


async def test_a_day_that_is_past_or_unclear_is_asked_again(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("an", "/lop")
    await chats.press("an", "Mở lớp mới", "Nhận biết lừa đảo")
    assert "chưa rõ ngày giờ" in await chats.say("an", "hôm qua 8h")
    assert "chỗ nào" in await chats.say("an", "15/12 7 giờ tối")
    assert await chats.rows(LearningClass, "id") == []


async def test_who_signs_up_is_reminded_the_evening_before_and_an_hour_before_once_each(
    chats: Chats, clock: FakeClock, code: str
) -> None:
    await chats.say("ba", f"/start {code}")
    await chats.press("ba", "Nhắc tôi")
    assert await remind(chats) == 0
    clock.now = THURSDAY - timedelta(hours=24)
    assert [await remind(chats), await remind(chats)] == [1, 0]
    clock.now = THURSDAY - timedelta(minutes=40)
    assert [await remind(chats), await remind(chats)] == [1, 0]


async def test_who_does_not_want_to_be_reminded_is_not(chats: Chats, clock: FakeClock, code: str) -> None:
    await chats.say("ba", f"/start {code}")
    await chats.press("ba", "Không cần")
    clock.now = THURSDAY - timedelta(minutes=40)
    assert await remind(chats) == 0


async def test_an_account_checks_in_once_when_it_is_time(chats: Chats, clock: FakeClock, code: str) -> None:
    clock.now = THURSDAY
    assert "đã **điểm danh**" in await chats.say("ba", f"/start {code}")
    assert "rồi ạ" in await chats.say("ba", f"/start {code}")
    clock.now = THURSDAY + timedelta(hours=4)
    assert "không điểm danh được nữa" in await chats.say("ong", f"/start {code}")
    [(person, present)] = await chats.rows(ClassAttendance, "person", "checked_in_at")
    assert present
    assert "ba" not in str(person).split(":")


async def test_it_becomes_a_session_of_all_who_came_once(chats: Chats, clock: FakeClock, code: str) -> None:
    clock.now = THURSDAY
    await chats.say("ba", f"/start {code}")
    await chats.say("an", "/lop")
    await chats.press("an", "Cài và dùng", "Đếm người")
    assert "số từ 0 đến 900" in await chats.say("an", "nhiều lắm")
    await chats.say("an", "12")
    await chats.press("an", "Kết thúc lớp")
    assert "13 người" in await chats.press("an", "Cả 13 người")
    again = await chats.press("an", "Cả 13 người")
    assert "đã kết thúc" in again
    assert await chats.rows(SupportSession, "kind", "people", "occurred_on", "class_id") == [
        ("class", 13, THURSDAY.date(), 1)
    ]


async def test_a_class_without_anybody_is_not_closed(chats: Chats, code: str) -> None:
    assert code
    await chats.say("an", "/lop")
    await chats.press("an", "Cài và dùng")
    assert "chưa có ai điểm danh" in await chats.press("an", "Kết thúc lớp")


async def test_called_off_it_is_told_to_who_signed_up(chats: Chats, code: str) -> None:
    await chats.say("ba", f"/start {code}")
    await chats.press("ba", "Nhắc tôi")
    await chats.say("an", "/lop")
    await chats.press("an", "Cài và dùng", "Huỷ lớp", "Huỷ lớp")
    assert "đã **huỷ**" in chats.last("ba")
    assert "đã huỷ" in await chats.say("ong", f"/start {code}")


async def test_citizens_see_coming_classes_under_the_article(chats: Chats, code: str) -> None:
    assert code
    chats.talk.nlu.meanings["lớp học ở đâu"] = "skill.class"
    assert "**Cài và dùng VNeID** - 19:00 thứ năm, 26/11/2026, nhà văn hóa (ấp 3)" in await chats.say(
        "ba", "lớp học ở đâu"
    )


async def test_a_member_of_another_hamlet_does_not_see_it(chats: Chats, code: str) -> None:
    assert code
    await chats.member("la", "5")
    assert "Chưa có lớp nào" in await chats.say("la", "/lop")
    chats.read["la"] = chats.read["an"][-2:-1]
    assert "không thuộc nơi bác phụ trách" in await chats.press("la", "Kết thúc lớp")


class TestQuickSessions:
    async def test_the_desk_takes_two_taps(self, chats: Chats) -> None:
        await chats.member("an", "3")
        await chats.say("an", "/motcua")
        assert "Tài khoản dịch vụ công: 4" in await chats.press("an", "Tài khoản dịch vụ công", "4")
        assert await chats.rows(SupportSession, "kind", "people", "source") == [("one_stop_desk", 4, "desk")]

    async def test_an_event_takes_its_name_its_place_and_a_number(self, chats: Chats) -> None:
        await chats.member("an", "3", "5")
        await chats.say("an", "/sukien")
        await chats.press("an", "Ngày Chuyển đổi số", "ấp 5")
        assert "từ 1 đến 999" in await chats.say("an", "10000")
        assert "120 người" in await chats.say("an", "120")
        assert await chats.rows(SupportSession, "kind", "people", "note") == [
            ("public_event", 120, "Ngày Chuyển đổi số quốc gia 10/10")
        ]
