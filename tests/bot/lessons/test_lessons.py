"""Learning in the chat: cards, explained questions, progress over restarts, the certificate, and consent to count."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.lessons.reminder import remind_learners
from bot.lessons.words import subject_of, wants_list
from bot.messages import Reply
from content.lessons import Lesson
from content.library import Library
from db.lessons import progress
from db.lessons.models import CountedLearner, LessonProgress
from db.models import InboxMessage
from tests.support.chats import Chats
from tests.support.incoming import pressed, said
from tests.support.rows import open_conversation

BA = "ba-an"
_runs = count(1)


def lessons_of(chats: Chats) -> list[Lesson]:
    return list(chats.talk.library.lessons.values())


async def push(chats: Chats, payload: str, who: str = BA) -> str:
    """A button that may be old, forged or pressed twice."""
    return await chats.send(pressed(payload, by=who, sent_at=chats.clock()))


async def take(chats: Chats, lesson: Lesson, who: str = BA) -> None:
    """A whole lesson by its shortest way."""
    await push(chats, f"do:bh:c:{lesson.id}:{len(lesson.cards)}", who)
    for number, question in enumerate(lesson.questions, start=1):
        await push(chats, f"do:bh:a:{lesson.id}:{number}:{question.right}", who)


async def take_all(chats: Chats, who: str = BA) -> None:
    """All of the course; only the last lesson by its buttons."""
    *most, last = lessons_of(chats)
    async with chats.database.transaction() as session:
        learner = await open_conversation(session, who)
        for lesson in most:
            for number in (1, 2, 3):
                await progress.mark(
                    session, learner, lesson.id, cards=len(lesson.cards), questions=3, now=chats.clock(),
                    card=len(lesson.cards), right=number,
                )  # fmt: skip
    await take(chats, last, who)


async def test_a_lesson_is_read_card_by_card_and_its_wrong_answers_are_explained(chats: Chats) -> None:
    lesson = lessons_of(chats)[0]
    await chats.say(BA, "/baihoc")
    first = await chats.press(BA, lesson.title)
    assert f"thẻ 1/{len(lesson.cards)}" in first
    assert chats.labels(BA) == ["Tiếp ›", "Danh sách bài"]
    await chats.press(BA, "Tiếp ›", "‹ Trước")
    await chats.press(BA, *["Tiếp ›"] * (len(lesson.cards) - 1))
    for number, question in enumerate(lesson.questions, start=1):
        asked = await chats.press(BA, "Làm 3 câu hỏi" if number == 1 else "Câu tiếp theo")
        assert question.text in asked
        wrong = next(option for place, option in enumerate(question.options, 1) if not question.is_right(place))
        assert await chats.press(BA, wrong) == f"💡 {question.when_wrong}"
        await chats.press(BA, "Trả lời lại câu này")
        told = await chats.press(BA, question.right_option)
        assert told.startswith(f"✅ {question.when_right}")
    assert f"Bác đã học xong bài **{lesson.title}**" in chats.last(BA)
    assert f"Bài tiếp: {lessons_of(chats)[1].title}" in chats.labels(BA)


async def test_a_question_left_wrong_comes_again_at_the_end(chats: Chats) -> None:
    lesson = lessons_of(chats)[0]
    await push(chats, f"do:bh:c:{lesson.id}:{len(lesson.cards)}")
    wrong = next(place for place in (1, 2) if not lesson.questions[0].is_right(place))
    await push(chats, f"do:bh:a:{lesson.id}:1:{wrong}")
    for number in (2, 3):
        await push(chats, f"do:bh:a:{lesson.id}:{number}:{lesson.questions[number - 1].right}")
    assert chats.labels(BA) == ["Làm lại câu 1 ›"]
    assert "còn câu chưa làm" in await push(chats, f"do:bh:e:{lesson.id}")
    await push(chats, f"do:bh:a:{lesson.id}:1:{lesson.questions[0].right}")
    assert "Bác đã học xong" in chats.last(BA)


async def test_progress_outlives_a_restart_and_goes_on_where_one_left_off(chats: Chats) -> None:
    lesson = lessons_of(chats)[0]
    await push(chats, f"do:bh:c:{lesson.id}:3")
    chats.restart()
    await chats.say(BA, "học tiếp")
    assert f"▶️ 1. {lesson.title}" in chats.labels(BA)
    assert "thẻ 3/" in await chats.press(BA, "▶️ 1.")


@pytest.mark.parametrize("payload", [
    "l:99", "l:x", "g:nothing", "o:gone", "c:zalo", "c:zalo:0", "c:zalo:99", "q:zalo:4", "a:zalo:1", "a:zalo:1:9",
    "a:zalo:9:1", "e:", "e:gone", "r:", "zzz", "c:zalo:-1", "a:zalo:1:²",
])  # fmt: skip
async def test_forged_and_old_buttons_get_a_kind_sentence(chats: Chats, payload: str) -> None:
    assert await push(chats, f"do:bh:{payload}")
    assert chats.labels(BA) or "không nhắc nữa" in chats.last(BA)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    presses=st.lists(st.tuples(st.sampled_from("caqoel"), st.integers(1, 7), st.integers(1, 4)), max_size=6),
    data=st.data(),
)
async def test_presses_late_doubled_and_shuffled_end_in_the_same_progress(
    chats: Chats, presses: list[tuple[str, int, int]], data: st.DataObject
) -> None:
    lesson = lessons_of(chats)[0]
    payloads = [f"do:bh:{action}:{lesson.id}:{number}:{option}" for action, number, option in presses]
    run = next(_runs)
    ends = []
    for name, sent in (
        (f"in-order-{run}", payloads),
        (f"shuffled-{run}", data.draw(st.permutations([*payloads, *payloads[:3]]))),
    ):
        for payload in ("do:bh:c:" + lesson.id + ":1", *sent):
            assert await push(chats, payload, name)
        async with chats.database.transaction() as session:
            who = await open_conversation(session, name)
            ends.append((await progress.of_person(session, who))[lesson.id])
    assert ends[0] == ends[1]


@pytest.mark.parametrize(("text", "subject"), [
    ("cho tôi học về vneid", "vneid"), ("dạ bác muốn học cách dùng zalo", "zalo"), ("hoc ve zalo", "zalo"),
    ("tôi muốn học chống lừa đảo đi", "scam"), ("học vneid ở đâu", None), ("cài vneid thế nào", None),
    ("học về lái xe", None),
])  # fmt: skip
def test_who_names_a_subject_gets_its_lessons(library: Library, text: str, subject: str | None) -> None:
    assert subject_of(text, library.texts.lessons.subjects) == subject


@pytest.mark.parametrize(("text", "wants"), [
    ("học bài", True), ("bài học 5 phút", True), ("cho tôi học bài với", True), ("hoc tiep di", True),
    ("lớp học ở đâu", False), ("con tôi học bài qua mạng thế nào", False), ("tối nay dạy lớp học", False),
])  # fmt: skip
def test_only_who_wants_to_learn_gets_the_list(text: str, *, wants: bool) -> None:
    assert wants_list(text) is wants


async def test_the_certificate_bears_the_chosen_name_and_the_name_is_kept_nowhere_else(chats: Chats) -> None:
    assert "xong hết các bài" in await push(chats, "do:gcn")
    await take_all(chats)
    assert "Chúc mừng bác" in chats.last(BA)
    assert "tên gì" in await chats.press(BA, "Nhận giấy chứng nhận")
    assert "bằng chữ thôi" in await chats.say(BA, "0912345678")
    assert "ngắn hơn" in await chats.say(BA, "Bà " + "Năm " * 20)
    message = said("tên tôi là **Hoàng Thị Năm**", by=BA, sent_at=chats.clock())
    shown, consent = await chats.talk.answer(message)
    assert shown.picture is not None
    assert shown.picture.labels[3] == "Hoàng Thị Năm"
    assert "Không phải văn bằng, chứng chỉ của Nhà nước" in shown.picture.labels[-1]
    assert "Năm" not in shown.text
    assert Reply.from_json(shown.to_json()) == shown
    assert "đồng ý" in consent.text
    written = await chats.rows(InboxMessage, "message_id", "text")
    assert (message.message_id, "") in written


async def test_consent_counts_once_with_hamlet_and_age_and_can_be_withdrawn(chats: Chats) -> None:
    assert "xong hết các bài" in await push(chats, "do:gcn:k:a:1")  # forged: nothing learnt yet
    await take_all(chats)
    await push(chats, "do:gcn:k")
    await chats.press(BA, "Đồng ý", "ấp 5")
    assert "đủ 18 tuổi" in chats.last(BA)
    assert "từ 18 tuổi" in await chats.press(BA, "Chưa đủ")
    assert await chats.rows(CountedLearner, "id") == []
    for _ in range(2):
        await chats.press(BA, "Đủ 18 tuổi")
        assert "ấp 5" in chats.last(BA)
    await push(chats, "do:gcn:k:a:1")  # another hamlet: it stays with the first
    [(place,)] = await chats.rows(CountedLearner, "hamlet_id")
    assert place == next(one.id for one in await chats.places() if one.name == "5")
    await chats.say(BA, "/baihoc")
    assert "kỹ năng số cơ bản của ấp 5" in chats.last(BA)
    await chats.press(BA, "đừng tính tôi")
    assert await chats.rows(CountedLearner, "id") == []
    assert "không cần bỏ gì" in await push(chats, "do:gcn:w")
    assert "gõ /baihoc" in await push(chats, "do:gcn:k:n")


async def test_the_reminder_comes_only_to_who_asked_by_day_and_stops_with_dung(chats: Chats) -> None:
    lesson = lessons_of(chats)[0]
    for who in (BA, "ong-tu"):
        await push(chats, f"do:bh:c:{lesson.id}:1", who)
    await chats.say(BA, "/baihoc")
    await chats.press(BA, "Nhắc tôi học")
    told: list[int] = []

    async def remind() -> int:
        return await remind_learners(
            chats.database, lambda: chats.talk.library, chats.clock, lambda: told.append(1)
        )  # fmt: skip

    assert await remind() == 0
    chats.clock.advance(days=7, hours=12)  # in the night
    assert await remind() == 0
    chats.clock.advance(hours=12)
    assert (await remind(), await remind(), told) == (1, 0, [1])
    await chats.say(BA, "/dung")
    chats.clock.advance(days=8)
    assert await remind() == 0
    assert any("Tuần này bác chưa học" in reply.text for reply in chats.read[BA])
    assert len(await chats.rows(LessonProgress, "id")) == 2
