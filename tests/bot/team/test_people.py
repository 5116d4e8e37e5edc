"""The office's list of members: pages, other hamlets, removal; everybody concerned is told."""

from __future__ import annotations

import pytest

from bot.service import payload
from bot.team import people
from db.outreach import members
from db.outreach.models import AuditEntry, Member, Role
from tests.support.chats import Chats
from tests.support.incoming import pressed
from tests.support.rows import COMMUNE

VISIT = "ấp 3 nhà bác Năm cài vneid 2 người"


@pytest.fixture(autouse=True)
async def office(chats: Chats) -> None:
    await chats.member("sep", role=Role.OFFICE)


async def hamlets_of(chats: Chats, name: str) -> list[str]:
    async with chats.database.snapshot() as session:
        return [p.name for one in await members.all_of(session, COMMUNE) if one.name == name for p in one.hamlets]


async def test_who_is_removed_is_told_and_can_do_nothing_from_that_moment(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("an", "/ghi")
    await chats.say("sep", "/thanhvien")
    assert "an" in await chats.press("sep", "an -", "Đưa ra khỏi tổ")
    assert "Đã đưa **an**" in await chats.press("sep", "Đưa ra")
    assert "đã đưa bác ra khỏi tổ" in chats.last("an")
    assert "không còn trong tổ" in await chats.press("sep", "Đưa ra")
    assert "Đã ghi" not in await chats.say("an", VISIT)
    await chats.say("sep", "/thanhvien")
    assert chats.labels("sep") == ["sep - cán bộ văn phòng"]


async def test_no_stays_no(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("sep", "/thanhvien")
    assert "không thay đổi" in await chats.press("sep", "an -", "Đưa ra khỏi tổ", "Thôi")
    assert "Đã ghi" in await chats.say("an", VISIT)


async def test_a_member_gets_other_hamlets_and_is_told(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("sep", "/thanhvien")
    await chats.press("sep", "an -", "Đổi nơi phụ trách")
    assert chats.labels("sep") == ["☑ ấp 3", "☐ ấp 5", "☐ ấp 9", "Tất cả", "✅ Lưu"]
    assert "phụ trách: ấp 5, ấp 9" in await chats.press("sep", "ấp 3", "ấp 5", "ấp 9", "Lưu")
    assert "đổi nơi bác phụ trách: **ấp 5, ấp 9**" in chats.last("an")
    assert await hamlets_of(chats, "an") == ["5", "9"]
    assert "Đã ghi" not in await chats.say("an", VISIT)


async def test_saving_what_was_there_tells_nobody(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("sep", "/thanhvien")
    assert "phụ trách: ấp 3" in await chats.press("sep", "an -", "Đổi nơi phụ trách", "Lưu")
    assert "an" not in chats.read
    await chats.press("sep", "ấp 5")  # a keyboard that is left from before
    assert await hamlets_of(chats, "an") == ["3"]


async def test_a_member_who_left_meanwhile_gets_no_hamlets(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("sep", "/thanhvien")
    await chats.press("sep", "an -", "Đổi nơi phụ trách", "ấp 5")
    await chats.say("an", "/roito")
    await chats.press("an", "Rời tổ")
    assert "không còn trong tổ" in await chats.press("sep", "Lưu")


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ADMIN])
@pytest.mark.parametrize("action", ["r", "y", "p", "t", "z"])
async def test_the_office_changes_nobody_of_its_role_or_above(chats: Chats, role: Role, action: str) -> None:
    pho = await chats.member("pho", role=role)
    answer = await chats.send(pressed(payload(people.NAME, action, pho.id), by="sep"))
    assert "không thay đổi được" in answer
    assert (pho.id, None) in await chats.rows(Member, "id", "removed_at")


async def test_the_admin_removes_an_admin_but_not_oneself(chats: Chats) -> None:
    one, other = await chats.member("mot", role=Role.ADMIN), await chats.member("hai", role=Role.ADMIN)
    assert "không thay đổi được" in await chats.send(pressed(payload(people.NAME, "y", one.id), by="mot"))
    assert "Đã đưa **hai**" in await chats.send(pressed(payload(people.NAME, "y", other.id), by="mot"))


async def test_the_office_sets_a_month_s_target_and_takes_it_back_and_the_member_is_told(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("sep", "/thanhvien")
    assert "bao nhiêu hộ mỗi tháng" in await chats.press("sep", "an -", "Chỉ tiêu tháng")
    chats.restart()
    for unclear in ("nhiều", "-5", "1000", "mười lăm"):
        assert "từ 0 đến 999" in await chats.say("sep", unclear)
    assert "15 hộ mỗi tháng" in await chats.say("sep", "15 hộ")
    assert "**15 hộ mỗi tháng**" in chats.last("an")
    assert "Mục tiêu của bác: 15 hộ" in await chats.say("an", "/thongke")
    await chats.say("sep", "/thanhvien")
    assert "Chỉ tiêu: 15 hộ" in await chats.press("sep", "an -")
    assert "không còn chỉ tiêu" in await chats.press("sep", "Chỉ tiêu tháng", "Bỏ chỉ tiêu")
    assert "bỏ chỉ tiêu" in chats.last("an")
    await chats.press("sep", "Bỏ chỉ tiêu")
    told = [row for row in await chats.rows(AuditEntry, "action", "before", "after") if row[0] == "member.target_set"]
    assert [after for _, _, after in told] == [{"monthly_target": 15}, {"monthly_target": None}]


async def test_a_target_for_somebody_who_left_meanwhile_is_set_for_nobody(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.say("sep", "/thanhvien")
    await chats.press("sep", "an -", "Chỉ tiêu tháng")
    await chats.say("an", "/roito")
    await chats.press("an", "Rời tổ")
    assert "không còn trong tổ" in await chats.say("sep", "15")
    assert {target for (target,) in await chats.rows(Member, "monthly_target")} == {None}


async def test_many_members_are_shown_in_pages(chats: Chats) -> None:
    for number in range(11, 35):
        await chats.member(f"an {number}", "3")
    assert "25 người" in await chats.say("sep", "/thanhvien")
    assert chats.labels("sep")[-2:] == ["an 20 - thành viên tổ công nghệ số", "Trang sau ›"]
    await chats.press("sep", "Trang sau", "Trang sau")
    assert chats.labels("sep") == [*(f"an {n} - thành viên tổ công nghệ số" for n in range(31, 35)),
                                   "sep - cán bộ văn phòng", "‹ Trang trước"]  # fmt: skip


@pytest.mark.parametrize("parts", [("l", "99"), ("l", "x"), ("c", "99"), ("y", "x"), ("p", "9" * 30), ("h", "1"),
                                   ("save",), ("all",), ("zz", "1"), ("t", "99"), ("z", "x")])  # fmt: skip
async def test_made_up_buttons_get_a_kind_answer_and_change_nothing(chats: Chats, parts: tuple[str, ...]) -> None:
    before = await chats.rows(Member, "name", "role", "removed_at")
    assert await chats.send(pressed(payload(people.NAME, *parts), by="sep"))
    assert await chats.rows(Member, "name", "role", "removed_at") == before
