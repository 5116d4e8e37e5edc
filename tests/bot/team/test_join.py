"""Invitations: opened, used once, with a name; refused kindly when they are used, expired, forged; leaving works."""

from __future__ import annotations

import pytest

from db.outreach.models import Invitation, Member, Role
from tests.support.chats import Chats
from tests.support.clock import FakeClock


async def invitation(chats: Chats, *hamlets: str) -> str:
    """The code of an invitation that the office has made in the chat."""
    if "sep" not in chats.read:
        await chats.member("sep", role=Role.OFFICE)
    await chats.say("sep", "/moi")
    await chats.press("sep", "Thành viên", *hamlets, "Tạo lời mời")
    picture = chats.read["sep"][-1].picture
    assert picture is not None
    return picture.text.partition("start=")[2]


async def test_who_opens_it_and_gives_a_name_is_a_member_of_those_hamlets(chats: Chats) -> None:
    code = await invitation(chats, "ấp 3", "ấp 5")
    assert "phụ trách ấp 3, ấp 5" in await chats.say("an", f"/start {code}")
    assert "là thành viên tổ công nghệ số" in await chats.say("an", "Nguyễn Thị An")
    assert ("Nguyễn Thị An", "member") in await chats.rows(Member, "name", "role")
    assert "/ghi" in await chats.say("an", "/trogiup")


async def test_opening_alone_uses_nothing_up(chats: Chats) -> None:
    code = await invitation(chats, "ấp 3")
    await chats.say("xem-truoc", f"/start {code}")
    await chats.say("an", f"/start {code}")
    assert "là thành viên" in await chats.say("an", "Nguyễn Thị An")
    assert "đã có người dùng rồi" in await chats.say("xem-truoc", "Trần Bình")


@pytest.mark.parametrize("name", ["1", "An 0912345678", "x" * 61, "<b>An</b>"])
async def test_what_is_no_name_is_asked_again(chats: Chats, name: str) -> None:
    await chats.say("an", f"/start {await invitation(chats, 'ấp 3')}")
    assert "nhắn lại họ và tên" in await chats.say("an", name)
    assert "là thành viên" in await chats.say("an", "Y Moan Êban")


async def test_an_expired_a_forged_and_a_used_one_get_a_kind_sentence(chats: Chats, clock: FakeClock) -> None:
    code = await invitation(chats, "ấp 3")
    assert "mã này không dùng được" in await chats.say("an", f"/start {code[:-1]}{'x' if code[-1] != 'x' else 'y'}")
    clock.advance(days=8)
    assert "đã hết hạn" in await chats.say("an", f"/start {code}")


async def test_only_the_hash_of_the_code_is_kept(chats: Chats) -> None:
    code = await invitation(chats, "ấp 3")
    [(kept,)] = [row for row in await chats.rows(Invitation, "code_hash") if row][-1:]
    assert str(kept) not in code
    assert code[2:-8] not in str(kept)


async def test_leaving_is_asked_about_and_ends_it(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("an", "/roito")
    assert "vẫn ở trong tổ" in await chats.press("an", "Ở lại")
    await chats.say("an", "/roito")
    assert "đã rời tổ" in await chats.press("an", "Rời tổ")
    assert "Thùng rác" not in await chats.say("an", "/thungrac")


async def test_the_office_sees_and_removes_members_but_not_its_equals(chats: Chats) -> None:
    await chats.member("sep", role=Role.OFFICE)
    await chats.member("pho", role=Role.OFFICE)
    await chats.member("an", "3")
    await chats.say("sep", "/thanhvien")
    await chats.press("sep", "an -", "Đưa ra khỏi tổ", "Đưa ra")
    await chats.say("sep", "/thanhvien")
    assert not any(label.startswith("an -") for label in chats.labels("sep"))
    await chats.press("sep", "pho -")
    assert "không thay đổi được" in await chats.press("sep", "Đưa ra khỏi tổ")


async def test_a_member_may_invite_nobody_and_the_office_nobody_above_itself(chats: Chats) -> None:
    await chats.member("sep", role=Role.OFFICE)
    await chats.say("sep", "/moi")
    assert chats.labels("sep") == ["Thành viên tổ công nghệ số", "Đại sứ số", "Cán bộ văn phòng"]
