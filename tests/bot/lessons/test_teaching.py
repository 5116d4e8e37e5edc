"""A member gives a lesson: the cards are read aloud, the questions asked together, and one visit is logged of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from content.lessons import Lesson
from db.outreach import classes, hamlets
from db.outreach.models import SessionOutcome, SupportSession
from tests.support import outreach
from tests.support.chats import Chats
from tests.support.clock import NOON
from tests.support.incoming import pressed
from tests.support.rows import COMMUNE

TU = "tu"


@pytest.fixture
async def home(chats: Chats) -> int:
    """Hộ Hoàng Văn Năm in ấp 3, which Tư serves."""
    await chats.member(TU, "3", "5")
    async with chats.database.transaction() as session:
        place = await hamlets.by_name(session, COMMUNE, "3")
        return (await outreach.household(session, "Hoàng Văn Năm", place=place)).id


def lesson_of(chats: Chats, place: int = 0) -> Lesson:
    return list(chats.talk.library.lessons.values())[place]


async def push(chats: Chats, payload: str, who: str = TU) -> str:
    return await chats.send(pressed(payload, by=who, sent_at=chats.clock()))


async def outcomes(chats: Chats) -> list[tuple[str, int]]:
    async with chats.database.snapshot() as session:
        return [(one.code, one.count) for one in await session.scalars(select(SessionOutcome))]


async def test_a_household_is_taught_and_one_visit_logged_however_often_it_is_pressed(chats: Chats, home: int) -> None:
    lesson = lesson_of(chats)
    await push(chats, f"do:bh:o:{lesson.id}")
    await chats.press(TU, "Dạy bài này", "ấp 3")
    assert "Đọc to" not in await chats.say(TU, "hoang van nam")  # in the small print
    assert "Hoàng Văn Năm (ấp 3)" in chats.last(TU)
    await chats.press(TU, *["Tiếp ›"] * (len(lesson.cards) - 1), "Làm 3 câu hỏi")
    assert "A. " in chats.last(TU)
    await chats.press(TU, "Xem câu đúng")
    assert lesson.questions[0].right_option in chats.last(TU)
    await chats.press(TU, "Câu tiếp theo", "Xem câu đúng", "Câu tiếp theo", "Xem câu đúng", "Xong bài")
    assert "từ 1 đến" in await chats.say(TU, "500")
    await chats.say(TU, "4 người")
    await chats.press(TU, "2")
    assert "Kỹ năng số cơ bản: 2" in chats.last(TU)
    await push(chats, f"do:dh:w:{lesson.id}:h{home}:4:2")
    assert await chats.rows(SupportSession, "kind", "source", "people", "household_id") == [
        ("house_visit", "lesson", 4, home)
    ]
    assert await outcomes(chats) == [("basic_digital_skills", 2)]
    assert "Đã bỏ đợt này" in await chats.press(TU, "Hoàn tác")


async def test_a_second_lesson_on_that_day_joins_the_visit_and_nobody_achieved_unless_said(
    chats: Chats, home: int
) -> None:
    one, other = lesson_of(chats), lesson_of(chats, 1)
    await push(chats, f"do:dh:w:{one.id}:h{home}:3:0")
    assert await outcomes(chats) == []
    await push(chats, f"do:dh:w:{one.id}:h{home}:2:0")  # put right
    chats.clock.advance(minutes=20)
    await push(chats, f"do:dh:w:{other.id}:h{home}:4:1")
    [(people, note)] = await chats.rows(SupportSession, "people", "note")
    assert people == 4
    assert one.title in str(note)
    assert other.title in str(note)
    assert await outcomes(chats) == [("basic_digital_skills", 1)]


async def test_a_class_is_taught_and_logged_when_it_is_closed(chats: Chats, home: int) -> None:
    lesson = lesson_of(chats)
    async with chats.database.transaction() as session:
        place = await hamlets.by_name(session, COMMUNE, "3")
        assert place is not None
        planned = await classes.create(
            session, commune=COMMUNE, hamlet_id=place.id, title="Lớp tối", place="Nhà văn hóa", starts_at=NOON,
            created_by_id=None, actor="operator", now=NOON,
        )  # fmt: skip
        number = planned.id
    await push(chats, f"do:lop:c:{number}")
    await chats.press(TU, "Dạy một bài 5 phút", lesson.title)
    assert "Lớp tối" in chats.last(TU)
    await push(chats, f"do:dh:e:{lesson.id}:k{number}")
    assert "Kết thúc lớp" in str(chats.labels(TU))
    assert await chats.rows(SupportSession, "id") == []
    await push(chats, f"do:lop:x:{number}:y")
    assert "đã kết thúc hoặc đã hủy" in await push(chats, f"do:dh:s:{lesson.id}:k{number}:1")


async def test_forged_buttons_and_other_peoples_hamlets_lead_nowhere(chats: Chats, home: int) -> None:
    lesson = lesson_of(chats).id
    await chats.member("xa", "9")
    assert "không thuộc nơi bác" in await push(chats, f"do:dh:s:{lesson}:h{home}:1", "xa")
    assert "không thuộc nơi bác" in await push(chats, f"do:dh:w:{lesson}:h{home}:2:2", "xa")
    for payload in ("", "s", "s:gone:h1:1", f"s:{lesson}", f"s:{lesson}:z9:1", f"p:{lesson}:99:0", "b:k99:0",
                    f"q:{lesson}:h{home}:9", f"w:{lesson}:h{home}:0:9", f"w:{lesson}:h{home}:2:5"):  # fmt: skip
        assert await push(chats, f"do:dh:{payload}")
    assert await chats.rows(SupportSession, "id") == []
    citizen = await push(chats, f"do:dh:w:{lesson}:h{home}:2:2", "ba-an")
    assert "Đã ghi" not in citizen
