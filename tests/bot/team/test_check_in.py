"""A citizen at a class: reminded if wanted, counted once, and forgotten on request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.reminders import remind_of_classes
from db.outreach.models import ClassAttendance
from tests.bot.team.test_classes import THURSDAY, open_class
from tests.support.chats import Chats
from tests.support.clock import FakeClock
from tests.support.incoming import pressed
from tests.support.site import shipped_library


@pytest.fixture
async def code(chats: Chats) -> str:
    """The check-in code of a class that a member of ấp 3 has opened for Thursday, seven in the evening."""
    await chats.member("an", "3")
    await open_class(chats)
    await chats.press("an", "Mã điểm danh")
    picture = chats.read["an"][-1].picture
    assert picture is not None
    assert picture.sort == "qr"
    return picture.text.partition("start=")[2]


async def remind(chats: Chats) -> int:
    return await remind_of_classes(chats.database, lambda: shipped_library().current, chats.clock, lambda: None)


class TestReminding:
    async def test_the_evening_before_and_an_hour_before_once_each(
        self, chats: Chats, clock: FakeClock, code: str
    ) -> None:
        await chats.say("ba", f"/start {code}")
        assert "tối hôm trước" in await chats.press("ba", "Nhắc tôi")
        assert await remind(chats) == 0
        clock.now = THURSDAY - timedelta(hours=24)
        assert [await remind(chats), await remind(chats)] == [1, 0]
        clock.now = THURSDAY - timedelta(minutes=40)
        assert [await remind(chats), await remind(chats)] == [1, 0]

    async def test_never_at_night(self, chats: Chats, clock: FakeClock, code: str) -> None:
        await chats.say("ba", f"/start {code}")
        await chats.press("ba", "Nhắc tôi")
        clock.now = THURSDAY - timedelta(hours=21, minutes=30)  # half past nine in the evening before
        assert await remind(chats) == 0

    async def test_not_who_did_not_want_it_changed_their_mind_or_is_there_already(
        self, chats: Chats, clock: FakeClock, code: str
    ) -> None:
        for who, answers in {"ba": ["Không cần"], "ong": ["Nhắc tôi", "Thôi nhắc"], "ut": ["Nhắc tôi"]}.items():
            await chats.say(who, f"/start {code}")
            await chats.press(who, *answers)
        clock.now = THURSDAY - timedelta(minutes=50)
        await chats.say("ut", f"/start {code}")
        clock.now = THURSDAY - timedelta(minutes=40)
        assert await remind(chats) == 0

    async def test_called_off_it_is_told_once(self, chats: Chats, code: str) -> None:
        await chats.say("ba", f"/start {code}")
        await chats.press("ba", "Nhắc tôi")
        await chats.say("an", "/lop")
        await chats.press("an", "Cài và dùng", "Huỷ lớp", "Đúng, huỷ lớp", "Đúng, huỷ lớp")
        assert "đã **huỷ**" in chats.last("ba")
        assert len([one for one in chats.read["ba"] if "đã **huỷ**" in one.text]) == 1
        assert "đã huỷ" in await chats.say("ong", f"/start {code}")
        assert "đã bắt đầu hoặc đã huỷ" in await chats.press("ba", "Nhắc tôi")

    async def test_citizens_see_coming_classes_under_the_article(self, chats: Chats, clock: FakeClock) -> None:
        chats.talk.nlu.meanings["lớp học ở đâu"] = "skill.class"
        assert "sắp tới ở xã" not in await chats.say("ba", "lớp học ở đâu")
        await chats.member("an", "3")
        await open_class(chats)
        told = await chats.say("ba", "lớp học ở đâu")
        assert "**Cài và dùng VNeID** - 19:00 thứ năm, 26/11/2026, Nhà văn hóa ấp 3" in told
        assert "bot sẽ nhắc" in await chats.press("ba", "Nhắc tôi: Cài và dùng")
        clock.now = THURSDAY
        assert "sắp tới ở xã" not in await chats.say("ong", "lớp học ở đâu")


class TestCheckingIn:
    async def test_an_account_counts_once(self, chats: Chats, clock: FakeClock, code: str) -> None:
        clock.now = THURSDAY - timedelta(minutes=59)
        assert "đã **điểm danh**" in await chats.say("ba", f"/start {code}")
        assert "rồi" in await chats.say("ba", f"/start {code}")
        clock.now = THURSDAY + timedelta(hours=4)
        assert "không điểm danh được nữa" in await chats.say("ong", f"/start {code}")
        [(person, present)] = await chats.rows(ClassAttendance, "person", "checked_in_at")
        assert present
        assert "ba" not in str(person).split(":")

    async def test_a_message_that_was_long_on_its_way_counts_when_it_was_written(
        self, chats: Chats, clock: FakeClock, code: str
    ) -> None:
        clock.now = THURSDAY + timedelta(hours=5)
        assert "đã **điểm danh**" in await chats.say("ba", f"/start {code}", at=THURSDAY)

    async def test_the_member_sees_how_many_there_are(self, chats: Chats, clock: FakeClock, code: str) -> None:
        clock.now = THURSDAY
        for who in ("ba", "ong", "ba"):
            await chats.say(who, f"/start {code}")
        await chats.say("an", "/lop")
        assert "Đã điểm danh: 2" in await chats.press("an", "Cài và dùng")
        await chats.press("an", "Kết thúc lớp", "Lưu")
        assert "đã kết thúc" in await chats.say("ut", f"/start {code}")

    async def test_forgotten_on_request(self, chats: Chats, clock: FakeClock, code: str) -> None:
        await chats.say("ba", f"/start {code}")
        await chats.press("ba", "Nhắc tôi")
        clock.now = THURSDAY
        await chats.say("ba", f"/start {code}")
        await chats.say("ba", "/xoadulieu")
        await chats.press("ba", "Xoá")
        assert await chats.rows(ClassAttendance, "id") == []

    @pytest.mark.parametrize("forged", ["r", "r:", "r:abc", "r:999", "n", "n:999", "zz:1", "", "r:1:2"])
    async def test_made_up_buttons_get_a_kind_answer(self, chats: Chats, code: str, forged: str) -> None:
        assert code
        assert await chats.send(pressed(f"do:dd:{forged}", by="ba"))
        assert len(await chats.rows(ClassAttendance, "id")) <= 1
