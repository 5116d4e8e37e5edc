"""Sure: the answer. Unsure: at most three buttons. Lost: says so."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citizen.decision import MAX_CHOICES, THRESHOLDS, Decision, Way, decide, is_topic
from bot.nlu import Guess, Understanding

ANSWERABLE = frozenset({"vneid.install", "vneid.what", "cccd.renew", "scam.check"})
INTENTS = [*sorted(ANSWERABLE), "vneid.unwritten", "chat.greet", "chat.deny", "out_of_scope"]


def decide_on(*guesses: tuple[str, float], by: str = "rasa") -> Decision:
    return decide(Understanding(tuple(Guess(*guess) for guess in guesses), by), ANSWERABLE)


def topics(decision: Decision) -> list[str]:
    return [guess.intent for guess in decision.candidates]


SURE, CLEAR, LEAD, MAYBE = (getattr(THRESHOLDS["rasa"], name) for name in ("sure", "clear", "lead", "maybe"))


@pytest.mark.parametrize("by", THRESHOLDS)
def test_the_thresholds_stand_in_a_sensible_order(by: str) -> None:
    limits = THRESHOLDS[by]
    assert 0 < limits.maybe < limits.clear < limits.sure < 1
    assert limits.lead > 1


def test_sure_gets_the_answer() -> None:
    decision = decide_on(("vneid.install", SURE), ("vneid.what", SURE - 0.01))
    assert (decision.way, decision.topic, decision.confidence) == (Way.ANSWER, "vneid.install", SURE)
    assert topics(decision) == ["vneid.install", "vneid.what"]


def test_less_than_sure_is_enough_far_ahead_of_the_next() -> None:
    second = CLEAR / LEAD
    assert decide_on(("vneid.install", CLEAR), ("vneid.what", second - 0.001)).way is Way.ANSWER
    assert decide_on(("vneid.install", CLEAR), ("vneid.what", second + 0.001)).way is Way.CLARIFY
    assert decide_on(("vneid.install", CLEAR)).way is Way.ANSWER
    assert decide_on(("vneid.install", CLEAR - 0.001)).way is Way.CLARIFY


def test_what_only_members_do_is_nothing_for_citizens() -> None:
    decision = decide_on(("team.log_visit", 0.9), ("vneid.install", 0.08), ("vneid.what", 0.01))
    assert (decision.way, decision.topic) == (Way.ANSWER, "vneid.install")
    assert decide_on(("team.log_visit", 1.0)).way is Way.FALLBACK
    assert not is_topic("team.log_visit")


def test_unsure_gets_a_choice() -> None:
    decision = decide_on(("vneid.install", 0.15), ("vneid.what", 0.14), ("cccd.renew", MAYBE - 0.001))
    assert (decision.way, decision.topic) == (Way.CLARIFY, None)
    assert topics(decision) == ["vneid.install", "vneid.what"]


def test_a_choice_is_never_of_more_than_three() -> None:
    decision = decide_on(("vneid.install", 0.15), ("vneid.what", 0.14), ("cccd.renew", 0.13), ("scam.check", 0.12))
    assert len(decision.candidates) == MAX_CHOICES == 3


def test_nothing_likely_is_a_fallback() -> None:
    decision = decide_on(("vneid.install", MAYBE - 0.001))
    assert (decision.way, decision.topic) == (Way.FALLBACK, None)


def test_nothing_at_all_is_a_fallback() -> None:
    assert decide_on() == Decision(Way.FALLBACK, None, 0.0, ())


def test_surely_outside_the_field_is_a_fallback_whatever_else_it_may_be() -> None:
    assert decide_on(("out_of_scope", SURE), ("vneid.install", 0.3)).way is Way.FALLBACK


def test_perhaps_outside_the_field_gets_a_choice() -> None:
    decision = decide_on(("out_of_scope", CLEAR - 0.01), ("vneid.install", 0.18))
    assert decision.way is Way.CLARIFY
    assert topics(decision) == ["vneid.install"]


def test_a_topic_without_an_article_is_never_the_answer() -> None:
    decision = decide_on(("vneid.unwritten", 0.9), ("vneid.what", 0.08))
    assert decision.way is Way.CLARIFY
    assert topics(decision) == ["vneid.what"]
    assert decide_on(("vneid.unwritten", 0.9)).way is Way.FALLBACK


def test_small_talk_is_small_talk() -> None:
    decision = decide_on(("chat.greet", CLEAR), ("vneid.what", 0.1))
    assert (decision.way, decision.topic) == (Way.SMALL_TALK, "chat.greet")
    assert decide_on(("chat.greet", CLEAR - 0.01), ("vneid.what", 0.1)).way is Way.CLARIFY


def test_text_search_must_be_surer_than_rasa() -> None:
    guesses = (("vneid.install", SURE), ("vneid.what", SURE - 0.01))
    assert decide_on(*guesses).way is Way.ANSWER
    assert decide_on(*guesses, by="search").way is Way.CLARIFY
    assert decide_on(("vneid.install", THRESHOLDS["search"].sure), by="search").way is Way.ANSWER


def as_ranking(guesses: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """The likeliest first, all together at most 1, as a classifier gives them."""
    total = max(1.0, sum(confidence for _, confidence in guesses))
    return sorted(((intent, confidence / total) for intent, confidence in guesses), key=lambda guess: -guess[1])


RANKINGS = st.lists(st.tuples(st.sampled_from(INTENTS), st.floats(0, 1)), unique_by=lambda guess: guess[0]).map(
    as_ranking
)


@given(RANKINGS, st.sampled_from(sorted(THRESHOLDS)))
def test_whatever_is_understood_only_existing_articles_are_shown(guesses: list[tuple[str, float]], by: str) -> None:
    decision = decide_on(*guesses, by=by)
    assert set(topics(decision)) <= ANSWERABLE
    assert len(decision.candidates) <= MAX_CHOICES
    assert all(first.confidence >= second.confidence for first, second in pairwise(decision.candidates))
    match decision.way:
        case Way.ANSWER:
            assert decision.topic in ANSWERABLE
            assert decision.topic == next(intent for intent, _ in guesses if not intent.startswith("chat."))
        case Way.CLARIFY:
            assert decision.topic is None
            assert decision.candidates
        case Way.SMALL_TALK:
            assert decision.topic == guesses[0][0]
        case _:
            assert decision.topic is None


def test_a_greeting_with_a_question_is_a_question() -> None:
    decision = decide_on(("chat.greet", 0.54), ("vneid.what", 0.45))
    assert (decision.way, decision.topic) == (Way.ANSWER, "vneid.what")


def test_two_questions_are_both_answered_in_their_order() -> None:
    questions = (Guess("vneid.install", 0.9), Guess("vneid.what", 0.95))
    decision = decide(Understanding((Guess("vneid.what", 0.6),), questions=questions), {"vneid.install", "vneid.what"})
    assert (decision.way, decision.topic, decision.also) == (Way.ANSWER, "vneid.install", ("vneid.what",))
