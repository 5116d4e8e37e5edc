"""Like questions come together whatever their spelling, and different ones stay apart."""

from __future__ import annotations

from datetime import timedelta

from db.question_groups import AskedQuestion, group, key
from tests.support.clock import NOON

OTHERS = (
    "thời tiết ngày mai thế nào",
    "ai là chủ tịch xã",
    "trồng sầu riêng bị vàng lá",
    "đăng ký khai sinh cho con",
    "mất xe thì báo ai",
    "lịch cúp điện tuần này",
    "tuyển nghĩa vụ quân sự năm nay",
)


def asked(*texts: str, reason: str = "refused", topic: str | None = None) -> list[AskedQuestion]:
    """Questions, one an hour."""
    return [
        AskedQuestion(number, text, reason, topic, NOON + timedelta(hours=number))
        for number, text in enumerate(texts, start=1)
    ]


def texts_together(*texts: str) -> list[set[str]]:
    """The groups among some texts, which were asked among others."""
    groups = [{question.text for question in found.questions} for found in group(asked(*texts, *OTHERS))]
    return [together for together in groups if together & set(texts)]


def test_spelling_and_filler_words_part_nothing() -> None:
    texts = ("giá vàng hôm nay bao nhiêu", "gia vang hom nay", "Giá vàng hôm nay bao nhiêu vậy?", "giá vàngg hôm nay")
    assert texts_together(*texts) == [set(texts)]


def test_different_questions_with_words_in_common_stay_apart() -> None:
    assert len(texts_together("sang tên xe máy cũ ở đâu", "mất bằng lái xe máy thì làm sao", "mua xe máy trả góp")) == 3


def test_one_question_is_a_group_and_none_is_no_group() -> None:
    [only] = group(asked("giá vàng hôm nay"))
    assert (only.representative.text, only.count, only.examples) == ("giá vàng hôm nay", 1, ())
    assert group([]) == []


def test_a_group_tells_who_stands_for_it_how_often_why_and_when() -> None:
    questions = [
        *asked("gia vang hom nay", "giá vàng hôm nay thế nào", "Giá vàng hôm nay?"),
        AskedQuestion(9, "giá vàng hôm nay", "not_helpful", "proc.business", NOON),
    ]
    [gold] = group(questions)
    assert gold.representative.text == "giá vàng hôm nay"  # asked most often, and of those words first
    assert gold.ids == (9, 1, 2, 3)
    assert gold.examples == ("giá vàng hôm nay thế nào",)
    assert (gold.count, gold.reasons, gold.topics) == (4, {"refused": 3, "not_helpful": 1}, {"proc.business": 1})
    assert (gold.first_asked, gold.last_asked) == (NOON, NOON + timedelta(hours=3))


def test_what_many_ask_comes_first_then_what_was_asked_last() -> None:
    groups = group(asked("giá vàng hôm nay", *OTHERS[:2], "gia vang hom nay"))
    assert [found.representative.text for found in groups] == ["giá vàng hôm nay", OTHERS[1], OTHERS[0]]


def test_texts_without_words_do_no_harm() -> None:
    assert [found.count for found in group(asked("???", "!!", "👍"))] == [3]


def test_the_key_is_what_is_said_not_how_it_is_written() -> None:
    assert key("  Quên MẬT-khẩu, đâu rồi?! ") == "quen mat khau dau roi"
