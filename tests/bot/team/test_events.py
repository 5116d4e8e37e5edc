"""Public events: a name, a place, people and groups, a look at it, saved once."""

from __future__ import annotations

from datetime import date

import pytest

from db.outreach.models import Role, SupportSession
from tests.support.chats import Chats
from tests.support.incoming import pressed
from tests.support.outreach import TODAY

DIGITAL_DAY = "Ngày Chuyển đổi số quốc gia 10/10"


async def test_name_place_people_and_groups(chats: Chats) -> None:
    await chats.member("an", "3", "5")
    await chats.say("an", "/sukien")
    await chats.press("an", "10/10", "ấp 5")
    assert "120 người (30 người cao tuổi, 50 dân tộc thiểu số)" in await chats.say("an", "120, 30 cụ, 50 dân tộc")
    assert "Đã ghi" in await chats.press("an", "Lưu")
    columns = ("kind", "people", "elderly", "ethnic_minority", "note", "source", "occurred_on")
    assert await chats.rows(SupportSession, *columns) == [("public_event", 120, 30, 50, DIGITAL_DAY, "event", TODAY)]


async def test_for_the_whole_commune_with_a_note_of_another_day(chats: Chats) -> None:
    await chats.member("an", "5", role=Role.OFFICE)
    await chats.say("an", "/sukien")
    await chats.say("an", "Ngày hội số ở chợ")
    await chats.press("an", "ấp 9")
    await chats.say("an", "300 người")
    await chats.press("an", "Chung cả xã", "Ghi chú")
    chats.restart()
    await chats.say("an", "phát 200 tờ rơi")
    await chats.say("an", "10/10")
    await chats.say("an", "biết phòng lừa đảo 80")
    assert "Biết phòng lừa đảo: 80" in await chats.press("an", "Lưu")
    assert await chats.rows(SupportSession, "hamlet_id", "people", "note", "occurred_on") == [
        (3, 300, "Ngày hội số ở chợ (chung cả xã) - phát 200 tờ rơi", date(2026, 10, 10))
    ]


async def test_saved_twice_it_is_one(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("an", "/sukien")
    await chats.press("an", "10/10")
    await chats.say("an", "120")
    await chats.press("an", "Lưu")
    assert "đã ghi rồi" in await chats.press("an", "Lưu")
    await chats.say("an", "/sukien")
    assert "đã ghi rồi" in await chats.send(pressed(chats.payload("an", "Lưu"), by="an"))
    assert len(await chats.rows(SupportSession, "id")) == 1


async def test_impossible_numbers_are_refused_and_what_was_told_is_kept(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("an", "/sukien")
    await chats.press("an", "10/10")
    assert "quá 999" in await chats.say("an", "10000")
    assert "quá 999" in await chats.say("an", "10.000 người")
    assert "chưa rõ" in await chats.say("an", "-3")
    assert "chưa rõ" in await chats.say("an", "đông lắm")
    assert "đông hơn" in await chats.say("an", "20, 30 cụ")
    await chats.say("an", "120")
    assert "không thể nhiều hơn" in await chats.say("an", "vneid 200")
    assert "chưa tới" in await chats.say("an", "mai")
    assert "120 người" in await chats.press("an", "Lưu")


async def test_another_s_hamlet_is_refused(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("an", "/sukien")
    await chats.press("an", "10/10")
    await chats.say("an", "120")
    assert "không thuộc nơi bác phụ trách" in await chats.say("an", "ấp 9")
    assert "ấp 3" in await chats.press("an", "Lưu")


async def test_a_member_who_lost_the_hamlet_meanwhile_saves_nothing(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("an", "/sukien")
    await chats.press("an", "10/10")
    await chats.say("an", "120")
    await chats.member("an", "5")
    assert "không thuộc nơi bác phụ trách" in await chats.press("an", "Lưu")
    assert await chats.rows(SupportSession, "id") == []


async def test_back_to_the_beginning_and_stopped(chats: Chats) -> None:
    await chats.member("an", "3", "5")
    await chats.say("an", "/sukien")
    await chats.press("an", "10/10", "ấp 5")
    await chats.say("an", "120")
    await chats.press("an", "Quay lại", "Quay lại", "Quay lại")
    assert "Sự kiện gì" in chats.last("an")
    await chats.press("an", "Ra quân", "ấp 3")
    await chats.say("an", "80")
    assert "không ghi gì thêm" in await chats.press("an", "Thôi")
    assert "lần ghi trước" in await chats.press("an", "Lưu")
    assert await chats.rows(SupportSession, "id") == []


@pytest.mark.parametrize("forged", ["abc", "abc:save", "e:market", ":", "save", "abc:m1:2"])
async def test_made_up_buttons_get_a_kind_answer(chats: Chats, forged: str) -> None:
    await chats.member("an", "3")
    assert await chats.send(pressed(f"do:sk:{forged}", by="an"))
    assert await chats.rows(SupportSession, "id") == []
