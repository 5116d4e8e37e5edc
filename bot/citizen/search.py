"""Plain text search over articles: what the bot understands by when Rasa is down, and what it offers when it is lost.

Titles, example questions and summaries are compared as bags of accent-stripped words and word pairs, weighted by how
rare they are (TF-IDF, cosine). It needs no model and no other process.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

from bot.citizen.spelling import strip_diacritics
from bot.nlu import Guess, Understanding
from content.library import Library

_WORD = re.compile(r"\w+")


class TextSearch:
    """An index over one library."""

    def __init__(self, library: Library) -> None:
        texts = [
            (article.id, text)
            for article in library.articles.values()
            for text in (article.title, article.summary, *article.questions)
        ]
        bags = [(topic, _terms(text)) for topic, text in texts]
        frequency = Counter(term for _, bag in bags for term in bag)
        self._weight = {term: math.log(1 + len(bags) / count) for term, count in frequency.items()}
        self._documents = [(topic, self._vector(bag)) for topic, bag in bags]

    def rank(self, text: str) -> Understanding:
        """Topics by their best text's likeness (0-1) to this one; those with none are left out."""
        query = self._vector(_terms(text))
        best: dict[str, float] = {}
        for topic, document in self._documents:
            likeness = sum(weight * document.get(term, 0.0) for term, weight in query.items())
            if likeness > best.get(topic, 0.0):
                best[topic] = min(likeness, 1.0)
        ranking = sorted(
            (Guess(topic, likeness) for topic, likeness in best.items()), key=lambda guess: -guess.confidence
        )
        return Understanding(tuple(ranking), by="search")

    def _vector(self, bag: Counter[str]) -> dict[str, float]:
        # A word that no article knows still counts in the length: a text about something else is like nothing here.
        unknown = math.log(1 + len(self._weight))
        weighted = {term: count * self._weight.get(term, unknown) for term, count in bag.items()}
        length = math.sqrt(sum(weight * weight for weight in weighted.values())) or 1.0
        return {term: weight / length for term, weight in weighted.items()}


def _terms(text: str) -> Counter[str]:
    words = _WORD.findall(strip_diacritics(text.lower()))
    return Counter([*words, *(f"{first} {second}" for first, second in pairwise(words))])
