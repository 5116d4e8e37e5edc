"""How much a text sounds like the scams of content/scam_examples.tsv, and like which kind of them.

A naive Bayes classifier over words and pairs of words. The signs of scam_signals.yml say what is wrong with a message;
this one hears the tone where no sign fits, and calms the signs where a message sounds like every honest bill.
Learning takes a second or two, so nothing learnt is stored: whoever adds an example changes the check.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from bot.citizen.scam_text import PlainText
from content.scam import Example

_WORD = re.compile(r"<\w+>|[a-z]+|\d+")
_SMOOTHING = 0.3
_TOPIC_SMOOTHING = 0.3

LONGEST_STRETCH = 6
"""So many words at most are shown to the citizen."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, and where it stands in the plain text."""

    word: str
    start: int
    end: int


class Wording:
    """What was learnt from examples, each with its text as the check reads it."""

    def __init__(self, examples: Iterable[tuple[Example, PlainText]]) -> None:
        counts = {True: Counter[str](), False: Counter[str]()}
        topics: dict[str, Counter[str]] = {}
        for example, text in examples:
            words = _features(text.text)
            if example.is_scam is not None:
                counts[example.is_scam].update(words)
            if example.topic:
                topics.setdefault(example.topic, Counter()).update(words)
        self._odds = _odds(counts[True], counts[False])
        every = sum(topics.values(), Counter[str]())
        self._topics = {topic: _odds(own, every, _TOPIC_SMOOTHING) for topic, own in topics.items()}

    def likeness(self, text: PlainText) -> float:
        """Above 0: more like the scams; below: more like the honest messages. Seldom beyond 4 either way."""
        known = [self._odds[word] for word in _features(text.text) if word in self._odds]
        return sum(known) / math.sqrt(len(known) + 4)

    def telling_words(self, text: PlainText) -> str:
        """The stretch of the message that speaks most for a scam; empty when none does."""
        words = _words(text.text)
        best, found = 0.0, ""
        for first in range(len(words)):
            speaks = 0.0
            for last in range(first, min(first + LONGEST_STRETCH, len(words))):
                speaks += self._odds.get(words[last].word, 0)
                if last > first:
                    speaks += self._odds.get(f"{words[last - 1].word} {words[last].word}", 0)
                if speaks > best:
                    best, found = speaks, text.words(words[first].start, words[last].end)
        return found

    def topics(self, text: PlainText) -> dict[str, float]:
        """How well each kind of scam fits, the best at 0 and the others below."""
        words = _features(text.text)
        fits = {}
        for topic, odds in self._topics.items():
            known = [odds[word] for word in words if word in odds]
            fits[topic] = sum(known) / math.sqrt(len(words) + 4)
        best = max(fits.values(), default=0.0)
        return {topic: fit - best for topic, fit in fits.items()}


def _words(text: str) -> list[_Word]:
    return [
        _Word("#" if match[0][0].isdigit() else match[0], match.start(), match.end()) for match in _WORD.finditer(text)
    ]


def _features(text: str) -> set[str]:
    """The words of a plain text and its pairs of neighbours; any number is as good as another."""
    words = [word.word for word in _words(text)]
    return {*words, *(f"{one} {two}" for one, two in pairwise(words))}


def _odds(for_it: Counter[str], against: Counter[str], smoothing: float = _SMOOTHING) -> dict[str, float]:
    """Each word's log-odds between two bags of words."""
    words = for_it.keys() | against.keys()
    totals = [sum(bag.values()) + smoothing * len(words) for bag in (for_it, against)]
    return {
        word: math.log((for_it[word] + smoothing) / totals[0]) - math.log((against[word] + smoothing) / totals[1])
        for word in words
    }
