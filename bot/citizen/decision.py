"""From a ranking of intents to what the citizen gets: the answer, a choice of buttons, or an honest "I don't know"."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum

from bot.nlu import Guess, Understanding
from content.library import OUT_OF_SCOPE, SMALL_TALK

MAX_CHOICES = 3


class Way(StrEnum):
    """How a message was answered."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    FALLBACK = "fallback"
    SCAM = "scam"
    SMALL_TALK = "small_talk"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidences (0-1) from which something is done.

    sure: answer outright. clear: answer already when the best is `lead` times as likely as the next one. maybe: worth a
    button.
    """

    sure: float
    clear: float
    lead: float
    maybe: float


# Measured with `daisuso evaluate tests/nlu/questions.tsv`; docs/understanding.md says how.
THRESHOLDS = {
    "rasa": Thresholds(sure=0.65, clear=0.35, lead=4.0, maybe=0.03),
    "search": Thresholds(sure=0.80, clear=0.60, lead=1.5, maybe=0.20),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with a message. `candidates` are the likeliest topics that have an article, for buttons."""

    way: Way
    topic: str | None
    confidence: float
    candidates: tuple[Guess, ...]


def decide(understanding: Understanding, answerable: Container[str]) -> Decision:
    """Decides by confidence. `answerable` holds the topics that have an article."""
    limits = THRESHOLDS[understanding.by]
    ranking = understanding.ranking
    candidates = tuple(guess for guess in ranking if guess.intent in answerable)[:MAX_CHOICES]
    if not ranking:
        return Decision(Way.FALLBACK, None, 0.0, ())
    best = ranking[0]
    if _area(best.intent) == SMALL_TALK and best.confidence >= limits.clear:
        return Decision(Way.SMALL_TALK, best.intent, best.confidence, candidates)

    second = ranking[1].confidence if len(ranking) > 1 else 0.0
    is_sure = best.confidence >= limits.sure or (
        best.confidence >= limits.clear and best.confidence >= limits.lead * second
    )
    if is_sure and best.intent in answerable:
        return Decision(Way.ANSWER, best.intent, best.confidence, candidates)
    choices = tuple(guess for guess in candidates if guess.confidence >= limits.maybe)
    if choices and not (is_sure and best.intent == OUT_OF_SCOPE):
        return Decision(Way.CLARIFY, None, best.confidence, choices)
    return Decision(Way.FALLBACK, None, best.confidence, candidates)


def _area(intent: str) -> str:
    return intent.partition(".")[0]
