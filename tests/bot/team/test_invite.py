"""The office invites in the chat: nobody above itself, to hamlets that exist, and each time with a link of its own."""

from __future__ import annotations

import pytest

from bot.service import payload
from bot.team import invite
from db.outreach.models import Invitation, Role
from tests.support.chats import Chats
from tests.support.incoming import pressed

MEMBER, AMBASSADOR, OFFICE, ADMIN = "Thành viên tổ công nghệ số", "Đại sứ số", "Cán bộ văn phòng", "Quản trị"


@pytest.mark.parametrize(
    ("role", "offered"),
    [(Role.OFFICE, [MEMBER, AMBASSADOR, OFFICE]), (Role.ADMIN, [MEMBER, AMBASSADOR, OFFICE, ADMIN])],
)
async def test_nobody_is_invited_above_the_one_who_invites(chats: Chats, role: Role, offered: list[str]) -> None:
    await chats.member("sep", role=role)
    await chats.say("sep", "/moi")
    assert chats.labels("sep") == offered


async def test_a_made_up_button_invites_no_admin(chats: Chats) -> None:
    await chats.member("sep", role=Role.OFFICE)
    for parts in (("r", "admin"), ("make",), ("r", "king"), ("h", "99"), ("v", "99"), ("v", "x")):
        await chats.send(pressed(payload(invite.NAME, *parts), by="sep"))
    assert [role for (role,) in await chats.rows(Invitation, "role")] == ["office"]  # the one by which sep has come


async def test_hamlets_go_on_and_off_and_one_is_needed(chats: Chats) -> None:
    await chats.member("sep", role=Role.OFFICE)
    await chats.say("sep", "/moi")
    await chats.press("sep", MEMBER)
    assert chats.labels("sep") == ["☐ ấp 3", "☐ ấp 5", "☐ ấp 9", "Tất cả", "✅ Tạo lời mời"]
    assert "ít nhất một nơi" in await chats.press("sep", "Tạo lời mời")
    await chats.press("sep", "Tất cả", "ấp 5")
    assert chats.labels("sep")[:3] == ["☑ ấp 3", "☐ ấp 5", "☑ ấp 9"]
    told = await chats.press("sep", "Tạo lời mời")
    assert "phụ trách ấp 3, ấp 9" in told
    assert "đến 12:00, 29/11/2026" in told


async def test_the_office_serves_every_hamlet_and_is_not_asked_which(chats: Chats) -> None:
    await chats.member("sep", role=Role.OFFICE)
    await chats.say("sep", "/moi")
    assert "Lời mời cán bộ văn phòng" in await chats.press("sep", OFFICE)


async def test_the_picture_holds_the_first_of_the_links_that_are_written(chats: Chats) -> None:
    await chats.member("sep", role=Role.ADMIN)
    await chats.say("sep", "/moi")
    told = await chats.press("sep", ADMIN)
    picture = chats.read["sep"][-1].picture
    assert picture is not None
    assert picture.sort == "qr"
    assert picture.text in told
    assert picture.text.startswith("https://t.me/dai_su_so_bot?start=1i")
    assert "http://localhost:8080/?s=1i" in told
