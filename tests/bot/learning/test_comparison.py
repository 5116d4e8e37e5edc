"""The rule by which a new model may replace the one in use."""

from __future__ import annotations

from bot.citizen.decision import Way
from bot.evaluation import Question, Result
from bot.learning.comparison import Compared, Comparison

TOPIC, OTHER, OUTSIDE = "vneid.what", "vneid.install", "out_of_scope"
NONE = Compared([], [])


def answered(*topics: str) -> list[Result]:
    """Questions about one topic, each answered with an article; "" is a refusal."""
    return [_result(Question(f"câu {number}", TOPIC), topic) for number, topic in enumerate(topics, start=1)]


def outside(*topics: str) -> list[Result]:
    """The same for questions outside the field."""
    return [_result(Question(f"ngoài {number}", OUTSIDE), topic) for number, topic in enumerate(topics, start=1)]


def _result(question: Question, topic: str) -> Result:
    return Result(question, (topic or OUTSIDE,), Way.ANSWER if topic else Way.FALLBACK, (topic,) if topic else (), ())


def refusal(before: list[Result], after: list[Result], new: Compared = NONE) -> str | None:
    return Comparison(Compared(before, after), new).refusal


def test_a_better_and_an_equal_model_are_taken() -> None:
    assert refusal(answered(TOPIC, OTHER), answered(TOPIC, TOPIC)) is None
    assert refusal(answered(TOPIC, OTHER), answered(OTHER, TOPIC)) is None


def test_fewer_right_outcomes_are_refused_and_the_questions_named() -> None:
    before, after = answered(*[TOPIC] * 200), answered(*[OTHER] * 1, *[TOPIC] * 199)
    assert refusal(before, after) == (
        "Mô hình mới kém hơn nên không dùng: trên 200 câu kiểm tra chỉ đúng 199, trước là 200; các câu kém đi: “câu 1”."
    )


def test_of_many_questions_three_are_named_and_the_rest_counted() -> None:
    told = refusal(answered(*[TOPIC] * 5), answered(*[OTHER] * 5))
    assert told
    assert told.endswith("các câu kém đi: “câu 1”, “câu 2”, “câu 3” và 2 câu khác.")


def test_a_figure_that_falls_is_refused_even_when_the_whole_does_not() -> None:
    before = answered(OTHER, OTHER, TOPIC, TOPIC) + outside("", "")
    after = answered(TOPIC, TOPIC, TOPIC, TOPIC) + outside("", OTHER)
    told = refusal(before, after)
    assert told
    assert "nhận ra câu ngoài phạm vi 100,0 % → 50,0 %" in told
    assert "câu kiểm tra" not in told


def test_a_small_fall_of_one_figure_is_made_up_for_by_the_whole() -> None:
    before = answered(OTHER, *[TOPIC] * 9) + outside(*[""] * 200)
    after = answered(*[TOPIC] * 10) + outside(OTHER, *[""] * 199)
    assert refusal(before, after) is None


def test_a_model_that_unlearns_what_was_taught_is_refused() -> None:
    told = refusal(answered(TOPIC), answered(TOPIC), Compared(answered(TOPIC), answered(OTHER)))
    assert told
    assert "trên 1 câu vừa dạy chỉ đúng 0, trước là 1" in told


def test_what_is_kept_tells_figures_and_every_question_that_got_worse() -> None:
    measured = Comparison(Compared(answered(TOPIC, TOPIC), answered(TOPIC, "")), NONE).measured()
    assert (measured.gate_before["right"], measured.gate_after["right"], measured.gate_after["n"]) == (2, 1, 2)
    assert (measured.new_before["right"], measured.new_before["n"]) == (0, 0)
    [worse] = measured.worse
    assert (worse["text"], worse["before"], worse["decision"]) == ("câu 2", [TOPIC], "fallback")
