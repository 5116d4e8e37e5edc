"""The classifier learns a few topics, ranks them for questions in any spelling, and stays calm with odd input."""

import math
from pathlib import Path

import pytest
from components.intent_model import IntentModel
from examples import EXAMPLES, INTENTS, TEXTS


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return IntentModel().fit(TEXTS, INTENTS)


def first(model: IntentModel, text: str) -> str:
    """The likeliest topic."""
    return model.rank(text)[0].intent


def test_every_topic_is_ranked_the_likeliest_first(model: IntentModel) -> None:
    ranking = model.rank("quên mật khẩu")
    assert {guess.intent for guess in ranking} == set(EXAMPLES)
    confidences = [guess.confidence for guess in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1)


@pytest.mark.parametrize(("text", "intent"), list(zip(TEXTS, INTENTS, strict=True)))
def test_what_it_was_taught_it_knows(model: IntentModel, text: str, intent: str) -> None:
    assert first(model, text) == intent


@pytest.mark.parametrize(
    "text",
    [
        "quen mat khau vneid thi lam sao",
        "QUÊN MẬT KHẨU VNEID",
        "quên mk vned r",
        "con ơi bác quênnnn mất mật khẩu rồi",
        "que\u0302n ma\u0302\u0323t kha\u0302\u0309u",  # letters and marks apart, as some phones type them
    ],
)
def test_another_spelling_finds_the_accented_example(model: IntentModel, text: str) -> None:
    assert first(model, text) == "vneid.forgot_password"


@pytest.mark.parametrize(
    ("one", "two"), [("đăng ký mức 1", "đăng ký mức 2"), ("dang ky muc 1", "dang ky muc 2"), ("mức 1", "mức 2")]
)
def test_a_digit_makes_all_the_difference(model: IntentModel, one: str, two: str) -> None:
    assert first(model, one) == "vneid.register_level1"
    assert first(model, two) == "vneid.register_level2"


def test_it_is_surer_of_a_question_that_it_was_taught_than_of_one_about_something_else(model: IntentModel) -> None:
    about_it, about_something_else = model.rank(TEXTS[0])[0], model.rank("xyz")[0]
    assert about_it.confidence > about_something_else.confidence


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\t", "👍", "❤️❤️", "???", "1", "\x00", "\u200b", "mật khẩu " * 1_223, "a" * 11_000, "ศูนย์", "\ud83d"],
    ids=lambda text: ascii(text[:10]),
)
def test_odd_input_gets_a_ranking_like_any_other(model: IntentModel, text: str) -> None:
    confidences = [guess.confidence for guess in model.rank(text)]
    assert len(confidences) == len(EXAMPLES)
    assert all(math.isfinite(confidence) for confidence in confidences)
    assert sum(confidences) == pytest.approx(1)


def test_a_saved_model_is_the_same_when_it_is_loaded(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    loaded = IntentModel.load(tmp_path / "model")
    for text in [*TEXTS, "quen mat khau", "trời mưa", ""]:
        assert loaded.rank(text) == model.rank(text)


def test_the_same_examples_make_the_same_model(model: IntentModel) -> None:
    again = IntentModel().fit(TEXTS, INTENTS)
    assert again.rank("quen mat khau") == model.rank("quen mat khau")
