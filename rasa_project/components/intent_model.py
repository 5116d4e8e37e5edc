"""The intent classifier itself: TF-IDF over both spellings of a text, and a linear model. No Rasa in here.

A text typed without diacritics still meets its training sentences through the stripped words and letters; one typed
with them is told apart more finely by the accented words. Margins become confidences by a softmax whose scale is fitted
on cross-validated margins, so that of answers given with 0.8 about 80 % are right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import joblib
import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.svm import LinearSVC

from components.normalise import normalise, strip_diacritics

# Single letters and digits count as words: "mức 1" is not "mức 2".
WORD = r"(?u)\b\w+\b"

VIEWS = ("words", "bare_words", "bare_letters")
"""How a text can be looked at: its words as typed; without diacritics its words, and its letters (3 to 5 at a time).

The letters run on across the gaps between words: "ra_ng" and "mat_k" are halves of pairs of words, which hold when one
of them is misspelt.
"""

FOLDS = 3
SCALES = (0.5, 20.0)
"""Between these the softmax's scale is looked for."""

RANDOM_STATE = 22
FLOAT = np.float32


class Guess(NamedTuple):
    """One possible meaning of a text; confidences of all guesses for it add up to 1."""

    intent: str
    confidence: float


class IntentModel:
    """Learns intents from example texts and ranks them for a new one."""

    def __init__(self, c: float = 0.5, views: Sequence[str] = VIEWS) -> None:
        """`c`: inverse strength of regularisation of the linear model. `views`: how it looks at a text (`VIEWS`)."""
        self._c = c
        self._pipeline = Pipeline([("features", _features(views)), ("linear", _linear(c))])
        self._scale = 1.0

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> IntentModel:
        """Learns from texts and their intents (same length, at least three different intents, two texts each)."""
        features = self._pipeline["features"].fit_transform(texts)
        self._scale = _fit_scale(features, intents, self._c)
        linear = self._pipeline["linear"].fit(features, intents)
        # Half the memory; the features are of the same type, or every text would cost a copy of all weights.
        linear.coef_ = linear.coef_.astype(FLOAT)
        return self

    def rank(self, text: str) -> list[Guess]:
        """All known intents for a text, the likeliest first."""
        confidences = softmax(self._pipeline.decision_function([text])[0].astype(float) * self._scale)
        guesses = (Guess(str(i), float(p)) for i, p in zip(self._pipeline.classes_, confidences, strict=True))
        return sorted(guesses, key=lambda guess: guess.confidence, reverse=True)

    def save(self, path: Path) -> None:
        """Writes the model to a file that `load` reads. It holds pickled objects: load only what was trained here."""
        joblib.dump((self._pipeline, self._scale), path, compress=3)

    @classmethod
    def load(cls, path: Path) -> IntentModel:
        """Reads a model written by `save`."""
        model = cls()
        model._pipeline, model._scale = joblib.load(path)
        return model


def _bare(text: str) -> str:
    return strip_diacritics(normalise(text))


def _features(views: Sequence[str]) -> FeatureUnion:
    vectorizers = {
        "words": _tfidf(normalise, analyzer="word", ngram_range=(1, 2), token_pattern=WORD),
        "bare_words": _tfidf(_bare, analyzer="word", ngram_range=(1, 2), token_pattern=WORD),
        "bare_letters": _tfidf(_bare, analyzer="char", ngram_range=(3, 5), min_df=2),
    }
    return FeatureUnion([(view, vectorizers[view]) for view in views])


def _tfidf(preprocessor: Any, **options: Any) -> TfidfVectorizer:
    return TfidfVectorizer(preprocessor=preprocessor, lowercase=False, sublinear_tf=True, dtype=FLOAT, **options)


def _linear(c: float) -> LinearSVC:
    return LinearSVC(C=c, random_state=RANDOM_STATE)


def _fit_scale(features: Any, intents: Sequence[str], c: float) -> float:
    """The scale at which the softmax of unseen texts' margins predicts best (least log loss)."""
    folds = min(FOLDS, min(Counter(intents).values()))
    _, truth = np.unique(np.asarray(intents), return_inverse=True)
    split = StratifiedKFold(folds, shuffle=True, random_state=RANDOM_STATE)
    margins = cross_val_predict(_linear(c), features, truth, cv=split, method="decision_function")

    def loss(scale: float) -> float:
        return float(-log_softmax(margins * scale, axis=1)[np.arange(len(truth)), truth].mean())

    return float(minimize_scalar(loss, bounds=SCALES, method="bounded").x)
