"""From a ranking of intents to what the citizen gets: the answer, a choice of buttons, or an honest "I don't know"."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum

from bot.nlu import Guess, Understanding
from content.library import OUT_OF_SCOPE, SMALL_TALK

MAX_CHOICES = 3
TEAM = "team"
"""Area of intents that only members of the community teams have; a citizen's text never gets there."""

SCAM_AREAS = frozenset({"scam", "safe"})
COURTESY = 0.1
"""Confidence that small talk must leave to the rest for a question to be looked for in there."""

QUESTION = 0.85
"""Confidence from which a clause counts as a question of its own."""


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
    """What is done with a message.

    `candidates` are the likeliest topics that have an article, for buttons; `also` is answered too, after `topic`.
    """

    way: Way
    topic: str | None
    confidence: float
    candidates: tuple[Guess, ...]
    also: tuple[str, ...] = ()
    best: str | None = None
    """The likeliest intent, whatever came of it."""

    @property
    def is_clearly_something_else(self) -> bool:
        """Whether the text is surely no report of a scam: it asks for another topic, or for nothing of ours."""
        if (self.best or "").partition(".")[0] in SCAM_AREAS:
            return False
        return self.way is Way.ANSWER or (self.best == OUT_OF_SCOPE and self.confidence >= QUESTION)


def decide(understanding: Understanding, answerable: Container[str]) -> Decision:
    """Decides by confidence. `answerable` holds the topics that have an article."""
    limits = THRESHOLDS[understanding.by]
    if len(understanding.questions) > 1 and all(guess.intent in answerable for guess in understanding.questions):
        first, *others = understanding.questions
        also = tuple(guess.intent for guess in others)
        return Decision(Way.ANSWER, first.intent, first.confidence, understanding.questions, also, first.intent)
    ranking = _without_courtesy(for_citizens(understanding.ranking), limits.sure)
    candidates = tuple(guess for guess in ranking if guess.intent in answerable)[:MAX_CHOICES]
    if not ranking:
        return Decision(Way.FALLBACK, None, 0.0, ())
    best = ranking[0]
    if _area(best.intent) == SMALL_TALK and best.confidence >= limits.clear:
        return Decision(Way.SMALL_TALK, best.intent, best.confidence, candidates, best=best.intent)

    second = ranking[1].confidence if len(ranking) > 1 else 0.0
    is_sure = best.confidence >= limits.sure or (
        best.confidence >= limits.clear and best.confidence >= limits.lead * second
    )
    if is_sure and best.intent in answerable:
        return Decision(Way.ANSWER, best.intent, best.confidence, candidates, best=best.intent)
    choices = tuple(guess for guess in candidates if guess.confidence >= limits.maybe)
    if choices and not (is_sure and best.intent == OUT_OF_SCOPE):
        return Decision(Way.CLARIFY, None, best.confidence, choices, best=best.intent)
    return Decision(Way.FALLBACK, None, best.confidence, candidates, best=best.intent)


def is_topic(intent: str) -> bool:
    """Whether an intent is something that people ask about: neither small talk, out of scope, nor a member's work."""
    return intent != OUT_OF_SCOPE and _area(intent) not in {SMALL_TALK, TEAM}


def for_citizens(ranking: tuple[Guess, ...]) -> tuple[Guess, ...]:
    """Without what only team members do; the rest share its confidence, as if it had never been among them."""
    rest = tuple(guess for guess in ranking if _area(guess.intent) != TEAM)
    left = 1 - sum(guess.confidence for guess in ranking if _area(guess.intent) == TEAM)
    if len(rest) == len(ranking) or left <= 0:
        return rest
    return tuple(Guess(guess.intent, min(1.0, guess.confidence / left)) for guess in rest)


def _without_courtesy(ranking: tuple[Guess, ...], sure: float) -> tuple[Guess, ...]:
    """A greeting with a question is a question: small talk is left out where one topic holds most of what is left."""
    rest = tuple(guess for guess in ranking if _area(guess.intent) != SMALL_TALK)
    left = 1 - sum(guess.confidence for guess in ranking if _area(guess.intent) == SMALL_TALK)
    if not rest or len(rest) == len(ranking) or left < COURTESY or rest[0].confidence < sure * left:
        return ranking
    return tuple(Guess(guess.intent, min(1.0, guess.confidence / left)) for guess in rest)


def _area(intent: str) -> str:
    return intent.partition(".")[0]
