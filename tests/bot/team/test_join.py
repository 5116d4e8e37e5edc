"""Invitations: opened, used once, with a name; refused kindly when they are used, expired, forged; leaving works."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from db import links
from db.links import Sort
from db.models import Base, Conversation, InboxMessage, OutboxMessage
from db.outreach.models import Member, Role
from tests.support.chats import Chats
from tests.support.clock import FakeClock
from tests.support.rows import COMMUNE
from tests.support.talk import INSTALL


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


@pytest.mark.parametrize("name", ["1", "An 0912345678", "x" * 61, "<b>An</b>", "a b c d e f g h", "An?"])
async def test_what_is_no_name_is_asked_again(chats: Chats, name: str) -> None:
    await chats.say("an", f"/start {await invitation(chats, 'ấp 3')}")
    assert "nhắn lại họ và tên" in await chats.say("an", name)
    assert "là thành viên" in await chats.say("an", "Y Moan Êban")


@pytest.mark.parametrize(
    "sentence", ["Dạ tên tôi là Lê Thị Na", "em là Lê Thị Na", "Tên em là  Lê Thị Na", "Lê Thị Na"]
)
async def test_a_name_in_a_sentence_is_taken_out_of_it(chats: Chats, sentence: str) -> None:
    await chats.say("an", f"/start {await invitation(chats, 'ấp 3')}")
    await chats.say("an", sentence)
    assert ("Lê Thị Na",) in await chats.rows(Member, "name")


async def test_a_question_at_that_moment_is_answered_and_is_nobody_s_name(chats: Chats) -> None:
    await chats.say("an", f"/start {await invitation(chats, 'ấp 3')}")
    assert "VNeID" in await chats.say("an", INSTALL)
    assert await chats.rows(Member, "name") == [("sep",)]
    assert "là thành viên" in await chats.say("an", "Nguyễn Thị An")


@pytest.mark.parametrize("how", ["button", "Thôi", "huỷ"])
async def test_who_declines_is_asked_for_no_name_any_more_and_may_still_come(chats: Chats, how: str) -> None:
    code = await invitation(chats, "ấp 3")
    await chats.say("an", f"/start {code}")
    answer = await chats.press("an", "Thôi") if how == "button" else await chats.say("an", how)
    assert "vẫn còn dùng được" in answer
    await chats.say("an", "Nguyễn Thị An")
    assert await chats.rows(Member, "name") == [("sep",)]
    await chats.say("an", f"/start {code}")
    assert "là thành viên" in await chats.say("an", "Nguyễn Thị An")
    assert "đã ở trong tổ rồi" in await chats.press("an", "Thôi")


async def test_a_member_is_asked_before_another_invitation_and_stays_the_same_person(chats: Chats) -> None:
    member = await chats.member("an", "3")
    code = await invitation(chats, "ấp 5", "ấp 9")
    question = await chats.say("an", f"/start {code}")
    assert "đang là **an**" in question
    assert "phụ trách ấp 5, ấp 9" in question
    assert "vẫn còn dùng được" in await chats.press("an", "Thôi")
    await chats.say("an", f"/start {code}")
    assert "Từ nay **an** là thành viên tổ công nghệ số, phụ trách ấp 5, ấp 9" in await chats.press("an", "Nhận")
    assert "đã ở trong tổ rồi" in await chats.press("an", "Nhận")
    assert "đã ở trong tổ rồi" in await chats.say("an", f"/start {code}")
    assert await chats.rows(Member, "id", "name") == [(member.id, "an"), (member.id + 1, "sep")]


async def test_a_member_s_visits_are_logged_while_an_invitation_waits_for_the_answer(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("an", f"/start {await invitation(chats, 'ấp 5')}")
    assert "Đã ghi" in await chats.say("an", "ấp 3 nhà bác Năm cài vneid 2 người")
    assert "phụ trách ấp 5" in await chats.press("an", "Nhận lời mời")


async def test_two_who_open_the_same_one_are_one_member(chats: Chats) -> None:
    code = await invitation(chats, "ấp 3")
    for who in ("an", "binh"):
        await chats.say(who, f"/start {code}")
    for who in ("an", "binh"):
        await chats.say(who, f"Nguyễn {who}")
    assert await chats.rows(Member, "name") == [("sep",), ("Nguyễn an",)]


async def test_the_office_takes_an_invitation_back_until_it_is_used(chats: Chats) -> None:
    code = await invitation(chats, "ấp 3")
    await chats.say("an", f"/start {code}")
    assert "đã rút lại" in await chats.press("sep", "Rút lại")
    assert "văn phòng xã rút lại" in await chats.say("an", "Nguyễn Thị An")
    code = await invitation(chats, "ấp 3")
    await chats.say("an", f"/start {code}")
    await chats.say("an", "Nguyễn Thị An")
    assert "không rút lại được" in await chats.press("sep", "Rút lại")


async def test_an_expired_a_forged_and_a_used_one_get_a_kind_sentence(chats: Chats, clock: FakeClock) -> None:
    code = await invitation(chats, "ấp 3")
    assert "mã này không dùng được" in await chats.say("an", f"/start {code[:-1]}{'x' if code[-1] != 'x' else 'y'}")
    clock.advance(days=8)
    assert "đã hết hạn" in await chats.say("an", f"/start {code}")


async def test_one_that_expires_while_the_name_is_typed_is_refused_kindly(chats: Chats, clock: FakeClock) -> None:
    code = await invitation(chats, "ấp 3")
    clock.advance(days=7, minutes=-5)
    await chats.say("an", f"/start {code}")
    clock.advance(minutes=10)
    assert "đã hết hạn" in await chats.say("an", "Nguyễn Thị An")


async def test_one_of_a_commune_s_database_that_is_not_there_any_more_is_unknown(chats: Chats) -> None:
    async with chats.database.transaction() as session:
        code = await links.make(session, COMMUNE, Sort.INVITATION, "khong-con-nua-00")
    assert "lời mời này không đúng" in await chats.say("an", f"/start {code}")


@pytest.mark.parametrize("end", ["used", "accepted", "revoked", "expired", "declined"])
async def test_no_code_can_be_read_in_the_database_afterwards(chats: Chats, clock: FakeClock, end: str) -> None:
    code = await invitation(chats, "ấp 3")
    await chats.say("binh", f"Sếp gửi em https://t.me/dai_su_so_bot?start={code}")
    await chats.say("chi", f"/start {code[:-3]}")
    match end:
        case "used":
            await chats.say("xem-truoc", f"/start {code}")
            await chats.say("an", f"/start {code}")
            await chats.say("an", "Nguyễn Thị An")
        case "accepted":
            await chats.member("an", "5")
            await chats.say("an", f"/start {code}")
            await chats.press("an", "Nhận lời mời")
        case "revoked":
            await chats.press("sep", "Rút lại")
            await chats.say("an", f"/start {code}")
        case "expired":
            clock.advance(days=8)
            await chats.say("an", f"/start@dai_su_so_bot  {code}")
        case "declined":
            await chats.say("an", f"/start {code}")
            await chats.press("an", "Thôi", "Thôi")
            await chats.press("sep", "Rút lại")
    kept = await everything(chats)
    assert "phụ trách ấp 3" in kept
    assert code[2:-8] not in kept


async def test_until_it_is_used_only_the_message_to_whoever_invited_holds_the_code(chats: Chats) -> None:
    code = await invitation(chats, "ấp 3")
    await chats.say("an", f"/start {code}")
    kept = await everything(chats, but=OutboxMessage)
    assert code[2:-8] not in kept
    assert ("/start [đã che]",) in await chats.rows(InboxMessage, "text")
    assert {code for (code,) in await chats.rows(Conversation, "start_code")} == {None}


async def everything(chats: Chats, *, but: type[Base] | None = None) -> str:
    """All that stands in the database."""
    async with chats.database.snapshot() as session:
        tables = [one for one in Base.metadata.sorted_tables if but is None or one.name != but.__tablename__]
        rows = [row for table in tables for row in await session.execute(select(table))]
        return "\n".join(str(tuple(row)) for row in rows)


async def test_leaving_is_asked_about_and_ends_it(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("an", "/roito")
    assert "vẫn ở trong tổ" in await chats.press("an", "Ở lại")
    await chats.say("an", "/roito")
    assert "đã rời tổ" in await chats.press("an", "Rời tổ")
    assert "Thùng rác" not in await chats.say("an", "/thungrac")
