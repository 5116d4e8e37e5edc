"""Puts like questions together, so that the office decides once about what many asked.

Questions are compared as bags of accent-stripped words, word pairs and letter triples (these stand typos and slang),
weighted by how rare they are (TF-IDF, cosine). A group grows around its first question alone: chains of small steps
from one subject to another can't form. Pure: no database.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

ALIKE = 0.5
"""Likeness (0-1) to a group's first wording from which another one joins."""

EXAMPLES = 5
_DOUBLED = re.compile(r"([a-z])\1+")  # "vàngg", "đii": stress or slip, hardly ever spelling


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A masked question that got no good answer; `reason` and `topic` as in db.models.UnansweredQuestion."""

    id: int
    text: str
    reason: str
    topic: str | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions that ask the same, the earliest first."""

    representative: AskedQuestion
    """The wording that was asked most often; of several the earliest."""
    questions: tuple[AskedQuestion, ...]

    @property
    def count(self) -> int:
        """How many times it was asked."""
        return len(self.questions)

    @property
    def ids(self) -> tuple[int, ...]:
        """What a decision about the group names."""
        return tuple(question.id for question in self.questions)

    @property
    def reasons(self) -> dict[str, int]:
        """How often it was refused, not among the buttons, or answered unhelpfully."""
        return dict(Counter(question.reason for question in self.questions).most_common())

    @property
    def topics(self) -> dict[str, int]:
        """What the bot had taken it for, the most frequent first."""
        return dict(Counter(question.topic for question in self.questions if question.topic).most_common())

    @property
    def first_asked(self) -> datetime:
        """When it was asked for the first time."""
        return self.questions[0].asked_at

    @property
    def last_asked(self) -> datetime:
        """When it was asked for the last time so far."""
        return self.questions[-1].asked_at

    @property
    def examples(self) -> tuple[str, ...]:
        """Up to five different wordings beside the representative."""
        seen = {key(self.representative.text)}
        found = []
        for question in self.questions:
            if (bare := key(question.text)) not in seen:
                seen.add(bare)
                found.append(question.text)
        return tuple(found[:EXAMPLES])


def key(text: str) -> str:
    """What makes two wordings one: the words without diacritics, capitals, punctuation ("Vay tiền?" -> "vay tien")."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join(re.findall(r"\w+", "".join(letter for letter in decomposed if not unicodedata.combining(letter))))


def group(questions: Iterable[AskedQuestion]) -> list[QuestionGroup]:
    """The groups, the one asked most often first, then the one asked last."""
    by_wording: dict[str, list[AskedQuestion]] = defaultdict(list)
    for question in sorted(questions, key=lambda question: (question.asked_at, question.id)):
        by_wording[key(question.text)].append(question)
    # Wordings asked often are the better centres.
    wordings = sorted(by_wording, key=lambda wording: -len(by_wording[wording]))
    members: list[list[AskedQuestion]] = []
    for wording, number in zip(wordings, _centres(wordings), strict=True):
        if number == len(members):
            members.append([])
        members[number].extend(by_wording[wording])
    groups = [
        QuestionGroup(asked[0], tuple(sorted(asked, key=lambda question: (question.asked_at, question.id))))
        for asked in members
    ]
    return sorted(groups, key=lambda group: (-group.count, -group.last_asked.timestamp()))


def _centres(wordings: Sequence[str]) -> list[int]:
    """For each wording the number of its group; a group's first wording is its centre."""
    bags = [_terms(wording) for wording in wordings]
    frequency = Counter(term for bag in bags for term in bag)
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    groups, numbers = 0, []
    for bag in bags:
        vector = _vector(bag, frequency, len(bags))
        likeness: dict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            for number, other in postings[term]:
                likeness[number] += weight * other
        best = max(likeness, key=likeness.__getitem__, default=-1)
        if best >= 0 and likeness[best] >= ALIKE:
            numbers.append(best)
            continue
        for term, weight in vector.items():
            postings[term].append((groups, weight))
        numbers.append(groups)
        groups += 1
    return numbers


def _vector(bag: Counter[str], frequency: Counter[str], total: int) -> dict[str, float]:
    weighted = {term: (1 + math.log(n)) * math.log(1 + total / frequency[term]) for term, n in bag.items()}
    length = math.sqrt(sum(weight * weight for weight in weighted.values())) or 1.0
    return {term: weight / length for term, weight in weighted.items()}


def _terms(wording: str) -> Counter[str]:
    words = _DOUBLED.sub(r"\1", wording).split()
    pairs = (f"{first} {second}" for first, second in pairwise(words))
    triples = (f"~{word[i : i + 3]}" for word in (f"_{word}_" for word in words) for i in range(len(word) - 2))
    return Counter([*words, *pairs, *triples])
