"""The intent classifier itself: TF-IDF over both spellings of a text, and a linear model. No Rasa in here.

A text typed without diacritics still meets its training sentences through the stripped words and letters; one typed
with them is told apart more finely by the accented words.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from components.normalise import normalise, strip_diacritics

# Single letters and digits count as words: "mức 1" is not "mức 2".
WORD = r"(?u)\b\w+\b"


class Guess(NamedTuple):
    """One possible meaning of a text; confidences of all guesses for it add up to 1."""

    intent: str
    confidence: float


def _bare(text: str) -> str:
    return strip_diacritics(normalise(text))


class IntentModel:
    """Learns intents from example texts and ranks them for a new one."""

    def __init__(self, c: float = 20.0) -> None:
        """`c` is the inverse strength of regularisation of the logistic regression."""
        features = FeatureUnion(
            [
                ("words", _tfidf(normalise, analyzer="word", ngram_range=(1, 2), token_pattern=WORD)),
                ("bare_words", _tfidf(_bare, analyzer="word", ngram_range=(1, 2), token_pattern=WORD)),
                ("bare_letters", _tfidf(_bare, analyzer="char_wb", ngram_range=(2, 4))),
            ]
        )
        self._pipeline = Pipeline([("features", features), ("linear", LogisticRegression(C=c, max_iter=200))])

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> IntentModel:
        """Learns from texts and their intents (same length, at least two different intents)."""
        self._pipeline.fit(texts, intents)
        return self

    def rank(self, text: str) -> list[Guess]:
        """All known intents for a text, the likeliest first."""
        confidences = self._pipeline.predict_proba([text])[0]
        guesses = (Guess(str(intent), float(p)) for intent, p in zip(self._pipeline.classes_, confidences, strict=True))
        return sorted(guesses, key=lambda guess: guess.confidence, reverse=True)

    def save(self, path: Path) -> None:
        """Writes the model to a file that `load` reads. It holds pickled objects: load only what was trained here."""
        joblib.dump(self._pipeline, path, compress=3)

    @classmethod
    def load(cls, path: Path) -> IntentModel:
        """Reads a model written by `save`."""
        model = cls()
        model._pipeline = joblib.load(path)
        return model


def _tfidf(preprocessor, **options) -> TfidfVectorizer:  # type: ignore[no-untyped-def]
    return TfidfVectorizer(preprocessor=preprocessor, lowercase=False, sublinear_tf=True, **options)
