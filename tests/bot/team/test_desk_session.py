"""The one-stop desk: two taps, one session a keyboard."""

from __future__ import annotations

import pytest

from db.outreach.models import Role, SupportSession
from tests.support.chats import Chats
from tests.support.incoming import pressed


@pytest.mark.parametrize("role", [Role.MEMBER, Role.AMBASSADOR])
async def test_two_taps_store_a_session_and_give_its_receipt(chats: Chats, role: Role) -> None:
    await chats.member("an", "3", role=role)
    await chats.say("an", "/motcua")
    assert "Tài khoản dịch vụ công: 4" in await chats.press("an", "Tài khoản dịch vụ công", "4")
    assert {"✏️ Sửa", "↩️ Hoàn tác", "➕ Ghi lượt nữa"} == set(chats.labels("an"))
    assert await chats.rows(SupportSession, "kind", "people", "source") == [("one_stop_desk", 4, "desk")]


async def test_a_keyboard_pressed_again_stores_nothing_more(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("an", "/motcua")
    await chats.press("an", "Chữ ký số", "2")
    chats.restart()
    assert "đã ghi rồi" in await chats.press("an", "2")
    assert "đã ghi rồi" in await chats.press("an", "3")
    assert len(await chats.rows(SupportSession, "id")) == 1
    await chats.press("an", "Ghi lượt nữa", "Chữ ký số", "2")
    assert len(await chats.rows(SupportSession, "id")) == 2


async def test_the_hamlet_of_the_last_time_is_not_asked_again(chats: Chats) -> None:
    await chats.member("an", "3", "5")
    assert "người ở đâu" in await chats.say("an", "/motcua")
    await chats.press("an", "ấp 5", "VNeID mức 2", "1")
    assert "**ấp 5**" in await chats.say("an", "/motcua")
    await chats.press("an", "nơi khác", "ấp 3", "VNeID mức 2", "1")
    assert "**ấp 3**" in await chats.say("an", "/motcua")


async def test_larger_numbers_are_typed_and_impossible_ones_refused(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("an", "/motcua")
    await chats.press("an", "Chỉ hướng dẫn")
    for impossible in ("10000", "0"):
        assert "từ 1 đến 999" in await chats.say("an", impossible)
    chats.restart()
    assert "12 người" in await chats.say("an", "12")
    assert await chats.rows(SupportSession, "people") == [(12,)]


async def test_another_member_s_button_stores_a_session_of_one_s_own(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.member("la", "3")
    await chats.say("an", "/motcua")
    await chats.press("an", "Chữ ký số", "2")
    await chats.send(pressed(chats.payload("an", "3"), by="la"))
    assert sorted(await chats.rows(SupportSession, "member_id", "people")) == [(1, 2), (2, 3)]


@pytest.mark.parametrize(
    "forged",
    ["o", "o:abc", "o:abc:1", "o:abc:1:99:1", "o:abc:1:0:0", "o:abc:1:0:10000", "o:abc:1:0:-1", "o::1:0:1",
     "o:abc:2:0:1", "o:abc:99:0:1", "m:abc:2", "h", "zz", ":::::::"],
)  # fmt: skip
async def test_made_up_buttons_get_a_kind_answer_and_store_nothing(chats: Chats, forged: str) -> None:
    await chats.member("an", "3")  # hamlet 2 is somebody else's
    assert await chats.send(pressed(f"do:mc:{forged}", by="an"))
    assert await chats.rows(SupportSession, "id") == []
