"""Pocket lessons are refused with file and field; those that are shipped keep what docs/content-format.md says."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from content.article import ContentError
from content.lessons import OPTION_CHARACTERS, PRACTICE, Domain, Group, Lesson, Question, read_lessons
from content.library import Library, read_library
from tests.conftest import ROOT

SHIPPED = sorted((ROOT / "content" / "lessons").glob("*.yml"))
TOPICS = {"scam.fake_police"}

ASKS_FOR_SECRETS = re.compile(
    r"\b(gõ|nhập|gửi|nhắn|đọc|cho biết|trả lời)\b[^.!?\n]{0,40}"
    r"(số căn cước|số định danh|mật khẩu|passcode|mã pin|mã otp)"
    r"[^.!?\n]{0,30}\b(vào đây|ở đây|cho bot|tại đây|dưới đây)",
    re.IGNORECASE,
)

Change = Callable[[dict[str, Any]], None]


def a_lesson(lesson: str = "first", order: int = 1, domain: str = "device") -> dict[str, Any]:
    """A good lesson as its file says it."""
    question = {"text": "Làm gì?", "options": ["Dừng", "Đi"], "right": 2, "when_right": "Đúng.", "when_wrong": "Đi."}
    return {
        "id": lesson,
        "order": order,
        "title": "Bài đầu",
        "minutes": 3,
        "domain": domain,
        "group": "phone",
        "cards": ["Một", "Hai hỏi {cong_an_xa}", f"{PRACTICE} Mở máy."],
        "questions": [deepcopy(question) for _ in range(3)],
        "sources": [{"title": "Báo", "url": "https://example.vn", "date": "2026-01", "checked": "2026-11-22"}],
        "related": ["scam.fake_police"],
    }


def save(folder: Path, *lessons: dict[str, Any], name: str | None = None) -> None:
    (folder / "lessons").mkdir(parents=True, exist_ok=True)
    for lesson in lessons:
        file = folder / "lessons" / f"{name or lesson['id']}.yml"
        file.write_text(yaml.safe_dump(lesson, allow_unicode=True, sort_keys=False), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "content"


def problems(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as refusal:
        read_lessons(folder, TOPICS)
    return [str(problem) for problem in refusal.value.problems]


def test_a_folder_without_lessons_has_none(folder: Path) -> None:
    assert read_lessons(folder, TOPICS) == {}


def test_lessons_come_in_the_order_of_the_course(folder: Path) -> None:
    save(folder, a_lesson("b", 20, "safety"), a_lesson("c", 10), a_lesson("a", 30, "ai"))
    assert list(read_lessons(folder, TOPICS)) == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda it: it.update(title="x" * 49), "title: dài quá 48 ký tự"),
        (lambda it: it.update(minutes=6), "minutes: "),
        (lambda it: it.update(domain="cooking"), "domain: "),
        (lambda it: it.update(group="cooking"), "group: "),
        (lambda it: it.update(id="Bài một"), "id: không đúng dạng"),
        (lambda it: it.update(colour="red"), "colour: không có khoá này"),
        (lambda it: it.pop("related"), "related: còn thiếu"),
        (lambda it: it.update(related=["scam.nothing"]), "related.0: scam.nothing không có trong topics.yml"),
        (lambda it: it.update(cards=["a", "b"]), "cards: cần ít nhất 3"),
        (lambda it: it.update(cards=["x" * 351, "b", "c"]), "cards.0: dài quá 350 ký tự"),
        (lambda it: it.update(cards=["a", f"{PRACTICE} b", "c"]), "cards: thẻ 2: .* chỉ đứng ở thẻ cuối"),
        (lambda it: it.update(cards=["a **b", "b", "c"]), "cards: thẻ 1: dấu .* thành cặp"),
        (lambda it: it.update(cards=["a", "b", "[chữ](https://a.vn)"]), "cards: thẻ 3: liên kết"),
        (lambda it: it.update(cards=["a", "{ten} ơi", "c"]), r"cards.1: \{ten\} không phải là chỗ điền"),
        (lambda it: it["questions"].pop(), "questions: cần ít nhất 3"),
        (lambda it: it["questions"][0].update(options=["Một"]), "questions.0.options: cần ít nhất 2"),
        (lambda it: it["questions"][1].update(options=["x" * 41, "b"]), "questions.1.options.0: dài quá 40 ký tự"),
        (lambda it: it["questions"][1].update(options=["Đi", "đi"]), "questions.1.options: .* giống nhau"),
        (lambda it: it["questions"][1].update(options=["{xa}", "đi"]), "questions.1.options: .* không chỗ điền"),
        (lambda it: it["questions"][2].update(right=3), "questions.2.right: chỉ có 2 câu trả lời"),
        (lambda it: it["questions"][2].update(right=0), "questions.2.right: "),
        (lambda it: it["questions"][0].pop("when_wrong"), "questions.0.when_wrong: còn thiếu"),
        (lambda it: it.update(sources=[]), "sources: cần ít nhất 1"),
        (lambda it: it["sources"][0].pop("checked"), "sources.0.checked: còn thiếu"),
        (lambda it: it["sources"][0].update(url="Báo Nhân Dân"), "sources.0.url: không đúng dạng"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_field(folder: Path, change: Change, told: str) -> None:
    lesson = a_lesson()
    change(lesson)
    save(folder, lesson, name="first")
    [problem] = [problem for problem in problems(folder) if "tệp tên là" not in problem]
    assert re.match(rf"content/lessons/first\.yml:\d+: {told}", problem, re.DOTALL), problem


def test_the_line_of_a_wrong_option_is_told(folder: Path) -> None:
    lesson = a_lesson()
    lesson["questions"][1]["options"][1] = "x" * 41
    save(folder, lesson)
    line = 1 + next(
        number for number, text in enumerate((folder / "lessons/first.yml").read_text().split("\n")) if "x" * 41 in text
    )
    assert problems(folder) == [f"content/lessons/first.yml:{line}: questions.1.options.1: dài quá 40 ký tự"]


def test_a_file_has_its_lessons_name(folder: Path) -> None:
    save(folder, a_lesson(), name="other")
    assert problems(folder) == ["content/lessons/other.yml:1: id: là first nhưng tệp tên là other.yml"]


def test_two_lessons_have_not_one_place(folder: Path) -> None:
    save(folder, a_lesson("a", 5), a_lesson("b", 5))
    assert problems(folder) == ["content/lessons/b.yml:1: order: 5 đã là của bài a"]


def test_the_course_does_not_come_back_to_an_area_it_left(folder: Path) -> None:
    save(folder, a_lesson("a", 1, "safety"), a_lesson("b", 2, "device"))
    [problem] = problems(folder)
    assert problem.startswith("content/lessons/b.yml:1: order: 2 đứng sau bài a (domain: safety)")


def test_broken_topics_are_not_blamed_on_lessons(folder: Path) -> None:
    save(folder, a_lesson())
    assert list(read_lessons(folder, ())) == ["first"]


def test_the_library_refuses_a_broken_lesson(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    lesson = folder / "lessons" / "zalo.yml"
    lesson.write_text(lesson.read_text().replace("minutes: 4", "minutes: 40"))
    with pytest.raises(ContentError, match=r"content/lessons/zalo\.yml:\d+: minutes: "):
        read_library(folder)


def test_an_answer_is_checked_by_its_number() -> None:
    question = Question.model_validate(a_lesson()["questions"][0])
    assert (question.is_right(1), question.is_right(2), question.right_option) == (False, True, "Đi")
    with pytest.raises(ValidationError):
        Question.model_validate(a_lesson()["questions"][0] | {"right": 9})


# What is shipped


def words_of(lesson: Lesson) -> list[str]:
    """Every text that a learner reads."""
    asked = [
        text
        for question in lesson.questions
        for text in (question.text, *question.options, question.when_right, question.when_wrong)
    ]
    return [lesson.title, *lesson.cards, *asked]


def test_the_course_has_its_lessons_in_all_areas(library: Library) -> None:
    lessons = list(library.lessons.values())
    assert len(lessons) == len(SHIPPED) >= 12
    assert [domain for domain in Domain if domain in {lesson.domain for lesson in lessons}] == list(Domain)
    assert {lesson.group for lesson in lessons} == set(Group)
    ranks = [list(Domain).index(lesson.domain) for lesson in lessons]
    assert ranks == sorted(ranks)


def test_every_area_and_subject_has_words() -> None:
    assert all(domain.shown for domain in Domain)
    assert all(group.shown for group in Group)


def test_every_lesson_ends_with_something_to_do(library: Library) -> None:
    assert [lesson.id for lesson in library.lessons.values() if not lesson.cards[-1].startswith(PRACTICE)] == []


def test_related_topics_have_articles(library: Library) -> None:
    named = {topic for lesson in library.lessons.values() for topic in lesson.related}
    assert named - library.articles.keys() == set()


def test_the_right_answer_is_not_always_in_the_same_place(library: Library) -> None:
    for lesson in library.lessons.values():
        assert len({question.right for question in lesson.questions}) > 1, lesson.id
    places = Counter(question.right for lesson in library.lessons.values() for question in lesson.questions)
    assert max(places.values()) < sum(places.values()) * 0.45, places


def test_the_right_answer_is_not_given_away_by_its_length(library: Library) -> None:
    questions = [question for lesson in library.lessons.values() for question in lesson.questions]
    longest = sum(len(question.right_option) == max(map(len, question.options)) for question in questions)
    assert longest < len(questions) * 0.6


def test_options_fit_on_buttons_in_every_commune(library: Library) -> None:
    for lesson in library.lessons.values():
        for question in lesson.questions:
            assert all(len(option) <= OPTION_CHARACTERS for option in question.options)


def test_no_lesson_asks_for_what_only_its_owner_knows(library: Library) -> None:
    for lesson in library.lessons.values():
        for text in words_of(lesson):
            assert not ASKS_FOR_SECRETS.search(text), (lesson.id, text)
        practice = lesson.cards[-1]  # what is really done: nothing with a secret
        assert not re.search(r"\b(gửi|(?<!tin )nhắn|đọc to|chụp)\b[^.]*(căn cước|mật khẩu|passcode|OTP)", practice), (
            lesson.id
        )


def test_only_official_addresses_are_written_out(library: Library) -> None:
    """A false one, as an example, would become a link that somebody presses."""
    official = {domain for owner in library.official_domains.official for domain in owner.domains}
    for lesson in library.lessons.values():
        for text in words_of(lesson):
            for address in re.findall(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", text):
                assert any(address == domain or address.endswith(f".{domain}") for domain in official), address


def test_a_foreign_word_is_explained_where_a_lesson_first_uses_it(library: Library) -> None:
    """Each lesson may be the first that somebody reads."""
    for lesson in library.lessons.values():
        text = "\n".join(lesson.cards)
        for word, explained in (
            ("OTP", "dãy số"),
            ("passcode", "mã 6 số"),
            ("QR", "hình vuông"),
            ("VssID", "ứng dụng"),
        ):
            assert word not in text or explained in text, (lesson.id, word)


def test_ids_leave_room_in_buttons(library: Library) -> None:
    assert all(len(f"do:lesson:answer:{lesson}:3:4".encode()) <= 64 for lesson in library.lessons)


def test_nothing_filled_in_is_left_in_a_commune(library: Library) -> None:
    for commune in library.communes.values():
        for lesson in library.lessons.values():
            for text in words_of(lesson):
                assert "{" not in commune.fill(text)
