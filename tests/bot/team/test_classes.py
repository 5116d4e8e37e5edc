"""Classes: opened in a few words, counted, closed into a session; own hamlets alone, whatever is pressed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.reminders import remind_to_close
from bot.service import TIME_ZONE, payload
from db.outreach.models import AuditEntry, LearningClass, Role, SessionOutcome, SupportSession
from tests.support.chats import Chats
from tests.support.clock import FakeClock
from tests.support.incoming import pressed
from tests.support.site import shipped_library

THURSDAY = datetime(2026, 11, 26, 19, 0, tzinfo=TIME_ZONE)


async def open_class(chats: Chats, who: str = "an") -> None:
    """Somebody with one hamlet opens a class on VNeID for Thursday, seven in the evening."""
    await chats.say(who, "/lop")
    await chats.press(who, "Mở lớp mới", "Cài và dùng VNeID")
    await chats.say(who, "thứ 5 19h")
    await chats.press(who, "Nhà văn hóa", "✅ Mở lớp")


async def nudge(chats: Chats, clock: FakeClock, hours: float) -> int:
    """How many notices go out so long after the class has begun."""
    clock.now = THURSDAY + timedelta(hours=hours)
    return await remind_to_close(chats.database, lambda: shipped_library().current, clock, lambda: None)


@pytest.fixture
async def an(chats: Chats) -> Chats:
    """An, a member of ấp 3, has opened a class."""
    await chats.member("an", "3")
    await open_class(chats)
    return chats


@pytest.fixture
async def held(an: Chats, clock: FakeClock) -> Chats:
    """The class is over, and 13 people were there, five of them old."""
    clock.now = THURSDAY + timedelta(hours=2)
    await an.press("an", "Đếm người")
    await an.say("an", "13 người, 5 cụ")
    return an


class TestOpening:
    async def test_a_class_is_opened_after_a_look_at_it(self, chats: Chats) -> None:
        await chats.member("an", "3", "5")
        await chats.say("an", "/lop")
        await chats.press("an", "Mở lớp mới", "ấp 5", "Nhận biết lừa đảo")
        assert "chỗ nào" in await chats.say("an", "15/12 7 giờ tối")
        assert "19:00 thứ ba, 15/12/2026\n📍 chợ Tân Lợi (ấp 5)" in await chats.say("an", "chợ Tân Lợi")
        assert await chats.rows(LearningClass, "id") == []
        assert "Đã mở lớp" in await chats.press("an", "✅ Mở lớp")
        assert await chats.rows(LearningClass, "title", "place", "starts_at") == [
            ("Nhận biết lừa đảo", "chợ Tân Lợi", datetime(2026, 12, 15, 19, 0, tzinfo=TIME_ZONE))
        ]

    async def test_confirming_twice_opens_one(self, an: Chats) -> None:
        again = await an.press("an", "✅ Mở lớp")
        assert "đã xong" in again
        assert "Cài và dùng VNeID" in again
        assert len(await an.rows(LearningClass, "id")) == 1

    async def test_a_day_that_is_past_or_unclear_is_asked_again(self, chats: Chats) -> None:
        await chats.member("an", "3")
        await chats.say("an", "/lop")
        await chats.press("an", "Mở lớp mới", "Nhận biết lừa đảo")
        assert "chưa rõ ngày giờ" in await chats.say("an", "hôm qua 8h")
        assert "chưa rõ ngày giờ" in await chats.say("an", "tối thứ bảy")
        assert "chỗ nào" in await chats.say("an", "thứ bảy 7h tối")

    async def test_it_goes_on_after_a_restart_and_back_again(self, chats: Chats) -> None:
        await chats.member("an", "3", "5")
        await chats.say("an", "/lop")
        await chats.press("an", "Mở lớp mới", "ấp 3", "Cài và dùng")
        chats.restart()
        await chats.say("an", "thứ 5 19h")
        await chats.press("an", "Quay lại", "Quay lại", "Quay lại")
        chats.restart()
        await chats.press("an", "ấp 5", "Nhận biết")
        await chats.say("an", "thứ 5 20h")
        assert "ấp 5" in await chats.press("an", "Nhà văn hóa ấp 5")
        assert "19:30" in await chats.say("an", "thứ 5 19h30")

    async def test_what_the_first_sentence_tells_is_not_asked_again(self, chats: Chats) -> None:
        sentence = "mở lớp ở nhà văn hoá ấp 5 thứ 5 7 giờ tối"
        chats.talk.nlu.meanings[sentence] = "team.new_class"
        await chats.member("an", "3", "5")
        assert "về gì" in await chats.say("an", sentence)
        assert "chỗ nào" in await chats.say("an", "Dạy Zalo")
        assert "19:00 thứ năm" in await chats.press("an", "Nhà văn hóa ấp 5")

    async def test_who_asks_for_the_code_gets_the_list(self, an: Chats) -> None:
        an.talk.nlu.meanings["cho em mã QR điểm danh"] = "team.new_class"
        assert "Lớp học sắp tới" in await an.say("an", "cho em mã QR điểm danh")

    async def test_a_second_class_on_that_day_is_told(self, an: Chats) -> None:
        await an.press("an", "Mở lớp mới")
        await an.say("an", "Dạy Zalo")
        await an.say("an", "thứ 5 20h")
        assert "đã có lớp **Cài và dùng VNeID** lúc 19:00" in await an.press("an", "Nhà văn hóa")

    async def test_left_open_until_its_time_is_past_the_time_is_asked_again(
        self, chats: Chats, clock: FakeClock
    ) -> None:
        await chats.member("an", "3")
        await chats.say("an", "/lop")
        await chats.press("an", "Mở lớp mới", "Cài và dùng")
        await chats.say("an", "hôm nay 14h")
        await chats.press("an", "Nhà văn hóa")
        clock.advance(hours=3)
        assert "giờ đó đã qua" in await chats.press("an", "✅ Mở lớp")
        assert await chats.rows(LearningClass, "id") == []

    async def test_stopped_nothing_is_left(self, chats: Chats) -> None:
        await chats.member("an", "3")
        await chats.say("an", "/lop")
        await chats.press("an", "Mở lớp mới", "Thôi")
        assert "đã xong hoặc đã bỏ" in await chats.press("an", "Cài và dùng")


class TestCounting:
    @pytest.mark.parametrize(
        ("said", "counted"),
        [
            ("12", (12, 0, 0, 0, 0)),
            ("0", (0, 0, 0, 0, 0)),
            ("12 người, 5 cụ, 2 hộ nghèo, 3 dân tộc, 1 khuyết tật", (12, 5, 2, 3, 1)),
            ("12, 5 cu 3 dan toc", (12, 5, 0, 3, 0)),
        ],
    )
    async def test_people_without_a_phone_and_their_groups(
        self, an: Chats, said: str, counted: tuple[int, ...]
    ) -> None:
        await an.press("an", "Đếm người")
        an.restart()
        await an.say("an", said)
        columns = ("without_phone", "elderly", "poor", "ethnic_minority", "disabled")
        assert await an.rows(LearningClass, *columns) == [counted]

    @pytest.mark.parametrize("said", ["nhiều lắm", "-5", "10000", "12, 20 cụ", "1" * 5000])
    async def test_what_cannot_be_is_asked_again(self, an: Chats, said: str) -> None:
        await an.press("an", "Đếm người")
        assert "nhắn" in await an.say("an", said)
        assert await an.rows(LearningClass, "without_phone", "elderly") == [(0, 0)]
        await an.say("an", "12")
        assert await an.rows(LearningClass, "without_phone") == [(12,)]


class TestClosing:
    async def test_it_becomes_a_session_with_what_people_achieved(self, held: Chats) -> None:
        await held.press("an", "Kết thúc lớp", "VNeID mức 2", "Cả 13 người", "Biết phòng lừa đảo")
        held.restart()
        await held.say("an", "6")
        await held.say("an", "kỹ năng số 12")
        assert "13 người" in await held.press("an", "Lưu")
        columns = ("kind", "people", "elderly", "occurred_on", "class_id", "source")
        assert await held.rows(SupportSession, *columns) == [("class", 13, 5, THURSDAY.date(), 1, "class")]
        async with held.database.snapshot() as session:
            achieved = {
                code: await session.get(SessionOutcome, (1, code))
                for code in ("vneid_level2", "basic_digital_skills", "scam_awareness")
            }
        assert [one and one.count for one in achieved.values()] == [13, 12, 6]

    async def test_twice_it_is_one_session_and_the_receipt_comes_again(self, held: Chats) -> None:
        await held.press("an", "Kết thúc lớp", "Lưu")
        assert "Đang ghi là" in await held.press("an", "Lưu")
        assert "Đang ghi là" in await held.press("an", "Kết thúc lớp")
        assert len(await held.rows(SupportSession, "id")) == 1

    async def test_editing_it_later_keeps_it_the_class_s(self, held: Chats) -> None:
        await held.press("an", "Kết thúc lớp", "Lưu", "Sửa")
        await held.say("an", "15 người, vneid 9")
        assert await held.rows(SupportSession, "kind", "people", "elderly", "class_id") == [("class", 15, 5, 1)]

    async def test_closed_by_another_it_is_the_leader_s_and_the_closer_can_correct_it(self, held: Chats) -> None:
        closer = await held.member("binh", "3")
        await held.say("binh", "/lop")
        assert "tính vào số liệu của **an**" in await held.press("binh", "Cài và dùng", "Kết thúc lớp", "Lưu")
        assert await held.rows(SupportSession, "member_id") == [(1,)]
        done = [row for row in await held.rows(AuditEntry, "action", "actor") if row[0] == "class.closed"]
        assert done == [("class.closed", f"member:{closer.id}")]
        await held.press("binh", "Sửa")
        await held.say("binh", "15 người")
        assert await held.rows(SupportSession, "people", "member_id") == [(15, 1)]

    async def test_after_its_leader_has_left_it_is_whoever_s_who_closes_it(self, held: Chats) -> None:
        closer = await held.member("binh", "3")
        await held.say("an", "/roito")
        await held.press("an", "Rời tổ")
        await held.say("binh", "/lop")
        await held.press("binh", "Cài và dùng", "Kết thúc lớp", "Lưu")
        assert await held.rows(SupportSession, "member_id") == [(closer.id,)]

    async def test_undone_it_can_be_closed_again_with_other_figures_as_the_same_session(
        self, held: Chats, clock: FakeClock
    ) -> None:
        await held.press("an", "Kết thúc lớp", "VNeID mức 2", "Cả 13 người", "Lưu", "Hoàn tác")
        assert "✅ Kết thúc lại lớp" in held.labels("an")
        clock.advance(minutes=1)
        await held.say("an", "/lop")
        assert "đã bị **hoàn tác**" in await held.press("an", "Cài và dùng")
        await held.press("an", "Đếm người")
        await held.say("an", "15 người, 6 cụ")
        await held.press("an", "Kết thúc lại lớp")
        assert "VNeID mức 2: 13" in "".join(held.labels("an"))
        assert "Đã ghi" in await held.press("an", "Lưu")
        assert await held.rows(SupportSession, "people", "elderly", "voided_at", "origin") == [
            (15, 6, None, "class:1:")
        ]
        assert [action for (action,) in await held.rows(AuditEntry, "action")][-5:] == [
            "session.voided", "class.counted", "session.edited", "session.restored", "class.closed"
        ]  # fmt: skip
        assert "Đang ghi là" in await held.press("an", "Kết thúc lại lớp")

    async def test_got_back_it_is_over_as_it_was(self, held: Chats, clock: FakeClock) -> None:
        await held.press("an", "Kết thúc lớp", "Lưu", "Hoàn tác")
        clock.advance(minutes=1)
        await held.press("an", "Lấy lại")
        assert "Đang ghi là" in await held.press("an", "Kết thúc lại lớp")
        assert "Chưa có lớp nào" in await held.say("an", "/lop")

    async def test_more_than_came_cannot_have_achieved_it(self, held: Chats) -> None:
        await held.press("an", "Kết thúc lớp")
        assert "không thể nhiều hơn" in await held.say("an", "vneid 14")
        await held.press("an", "Chữ ký số")
        assert "không thể nhiều hơn" in await held.say("an", "14")
        assert "chưa hiểu" in await held.say("an", "đông vui lắm")

    async def test_when_fewer_are_counted_afterwards_it_is_asked_again(self, held: Chats) -> None:
        await held.press("an", "Kết thúc lớp", "VNeID mức 2", "Cả 13 người")
        later = held.payload("an", "Lưu")
        await held.press("an", "Đếm người")
        await held.say("an", "4")
        assert "4 người" in await held.send(pressed(later, by="an"))
        assert await held.rows(SupportSession, "id") == []

    async def test_without_anybody_or_before_its_time_it_is_not_closed(self, an: Chats, clock: FakeClock) -> None:
        assert "chưa tới giờ" in await an.press("an", "Kết thúc lớp")
        clock.now = THURSDAY
        assert "chưa có ai điểm danh" in await an.press("an", "Kết thúc lớp")

    async def test_who_came_is_asked_on_the_way_and_counted_again_from_there(self, an: Chats, clock: FakeClock) -> None:
        clock.now = THURSDAY + timedelta(hours=2)
        assert "không điểm danh bằng mã" in await an.press("an", "Kết thúc lớp")
        assert "**9 người**" in await an.say("an", "9")
        await an.press("an", "VNeID mức 2", "Cả 9 người", "Đếm người")
        assert "**11 người**" in await an.say("an", "11 người, 4 cụ")
        assert "VNeID mức 2: 9" in "".join(an.labels("an"))
        await an.press("an", "Lưu")
        assert await an.rows(SupportSession, "people", "elderly") == [(11, 4)]


class TestNudging:
    async def test_its_leader_is_told_that_evening_and_the_next_morning_once_each(
        self, an: Chats, clock: FakeClock
    ) -> None:
        await an.member("binh", "3")
        told = {
            hours: [await nudge(an, clock, hours), await nudge(an, clock, hours)] for hours in (1, 1.6, 2.1, 13, 20)
        }
        assert told == {1: [0, 0], 1.6: [1, 0], 2.1: [0, 0], 13: [1, 0], 20: [0, 0]}
        assert await nudge(an, clock, 37) == 0
        assert "binh" not in an.read

    async def test_its_button_closes_with_the_head_count(self, an: Chats, clock: FakeClock) -> None:
        await nudge(an, clock, 1.6)
        await an.say("ba", "/menu")
        assert "**chưa kết thúc**" in an.last("an")
        await an.press("an", "Kết thúc lớp")
        await an.say("an", "12")
        await an.press("an", "Lưu")
        assert await an.rows(SupportSession, "people") == [(12,)]
        assert await nudge(an, clock, 13) == 0

    async def test_a_class_that_was_not_held_is_called_off_and_nobody_else_is_bothered(
        self, an: Chats, clock: FakeClock
    ) -> None:
        await an.press("an", "Mã điểm danh")
        picture = an.read["an"][-1].picture
        await an.say("ba", f"/start {picture.text.partition('start=')[2] if picture else ''}")
        await an.press("ba", "Nhắc tôi")
        await nudge(an, clock, 13)
        await an.say("an", "/homnay")
        await an.press("an", "Huỷ lớp", "Đúng, huỷ lớp")
        assert "bot sẽ nhắc" in an.last("ba")
        assert await nudge(an, clock, 14) == 0

    async def test_without_its_leader_the_hamlet_s_team_hears_of_it_and_else_the_office(
        self, an: Chats, clock: FakeClock
    ) -> None:
        await an.member("sep", role=Role.OFFICE)
        await an.member("an", "5")  # another hamlet from now on
        assert await nudge(an, clock, 1.6) == 1
        await an.member("binh", "3")
        await nudge(an, clock, 13)
        await an.say("ba", "/menu")
        assert {who for who in ("an", "binh", "sep") if any("chưa kết thúc" in one.text for one in an.read[who])} == {
            "binh", "sep"
        }  # fmt: skip


class TestWhoMay:
    async def test_a_member_of_another_hamlet_does_not_see_it(self, an: Chats) -> None:
        await an.member("la", "5")
        assert "Chưa có lớp nào" in await an.say("la", "/lop")
        for action in ("c", "q", "n", "e", "x", "o", "w"):
            told = await an.send(pressed(payload("lop", action, 1, "y"), by="la"))
            assert "không thuộc nơi bác phụ trách" in told
        assert await an.rows(LearningClass, "cancelled_at", "closed_at") == [(None, None)]

    async def test_a_member_who_loses_the_hamlet_while_counting_counts_nothing(self, an: Chats) -> None:
        await an.press("an", "Đếm người")
        await an.member("an", "5")
        await an.say("an", "12")
        assert await an.rows(LearningClass, "without_phone") == [(0,)]

    @pytest.mark.parametrize(
        "forged",
        ["c", "c:", "c:abc", "c:999", "o:1:99:99", "o:1:0:-1", "o:1:0:9999999999999999999", "w:1", "f", "f:m9", "f:ok",
         "f:sxyz", "f:p99", "zz:1", "x:1:n", "e:1:all", "::::", "m:1", "s:vneid"],
    )  # fmt: skip
    async def test_made_up_buttons_get_a_kind_answer_and_change_nothing(self, an: Chats, forged: str) -> None:
        assert await an.send(pressed(f"do:lop:{forged}", by="an"))
        assert await an.rows(LearningClass, "cancelled_at", "closed_at") == [(None, None)]
        assert await an.rows(SupportSession, "id") == []

    async def test_late_buttons_of_a_class_that_was_called_off(self, an: Chats) -> None:
        count = an.payload("an", "Đếm người")
        await an.press("an", "Huỷ lớp", "Đúng, huỷ lớp")
        assert "đã huỷ" in await an.press("an", "Đúng, huỷ lớp")
        assert "đã kết thúc hoặc đã huỷ" in await an.send(pressed(count, by="an"))
