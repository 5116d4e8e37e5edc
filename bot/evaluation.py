"""Measures the real way of answering on labelled questions: what was understood, and what the citizen would see.

Shares are of all rows for answered, clarified and refused; of the in-scope rows for the ranking and for offered,
wrong_outright and in_scope_refused; of the out-of-scope rows for oos_recall. A share over no rows is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.citizen.decision import Decision, Way, for_citizens
from bot.citizen.desk import CitizenDesk, Memory
from bot.errors import OperatorError
from bot.masking import mask
from bot.messages import MAX_TEXT
from bot.nlu import Nlu, NluUnavailableError, Understanding
from bot.tsv import read_rows
from bot.understanding import understand_by_rasa
from content.library import OUT_OF_SCOPE

_WITH_AN_ARTICLE = frozenset({Way.ANSWER, Way.SCAM})


@dataclass(frozen=True, slots=True)
class Question:
    """A labelled question. `also` holds other topics that a fair judge would accept."""

    text: str
    label: str
    also: frozenset[str] = frozenset()
    style: str = ""

    @property
    def accepted(self) -> frozenset[str]:
        return self.also | {self.label}

    @property
    def is_in_scope(self) -> bool:
        return self.label != OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a question: the ranking's first three, and what the citizen saw."""

    question: Question
    ranking: tuple[str, ...]
    way: Way
    topics: tuple[str, ...]
    """What was answered outright: one, or several when the text asked several things."""
    buttons: tuple[str, ...]

    @property
    def offered(self) -> bool:
        """Whether the right topic is the answer or among the buttons."""
        return bool(self.question.accepted & {*self.topics, *self.buttons})

    @property
    def wrong_outright(self) -> bool:
        """Whether something else was given as the answer to a question inside the field."""
        return self.question.is_in_scope and bool(self.topics) and not self.question.accepted & set(self.topics)

    @property
    def is_miss(self) -> bool:
        """Whether the citizen was left without the right thing, or got an article for a question outside the field."""
        return not self.offered if self.question.is_in_scope else self.way in _WITH_AN_ARTICLE


@dataclass(frozen=True, slots=True)
class Figures:
    """The shares, 0 to 1; see the module's first lines for their bases."""

    n: int
    top1: float | None
    top1_also: float | None
    top3_also: float | None
    answered: float | None
    clarified: float | None
    refused: float | None
    offered: float | None
    wrong_outright: float | None
    in_scope_refused: float | None
    oos_recall: float | None

    def to_json(self) -> dict[str, float | int | None]:
        """Field by field."""
        return asdict(self)


def read_questions(file: Path) -> list[Question]:
    """Reads a TSV file with the columns text, label and perhaps also (comma-separated) and style.

    Raises:
        OperatorError: the file can't be read or lacks a column; the message names the line.
    """
    questions = []
    for row in read_rows(file, ("text", "label")):
        also = frozenset(topic.strip() for topic in row.get("also", "").split(",") if topic.strip())
        questions.append(Question(row["text"], row["label"].strip(), also, row.get("style", "").strip()))
    return questions


async def evaluate(
    questions: Iterable[Question], desk: CitizenDesk, nlu: Nlu, done: Callable[[], None]
) -> list[Result]:
    """Asks every question as a citizen would in a new conversation; `done` is called after each.

    Raises:
        OperatorError: Rasa stopped answering; measuring the text search instead would mislead.
    """
    results = []
    for question in questions:
        text = mask(question.text[:MAX_TEXT])
        try:
            understanding = await understand_by_rasa(text, nlu)
        except NluUnavailableError as error:
            raise OperatorError(f"Rasa không trả lời nên không đo được ({error}). Thử lại khi máy rảnh hơn.") from None
        results.append(_result(question, understanding, desk.answer(text, understanding, Memory()).decision))
        done()
    return results


def figures(results: Iterable[Result]) -> Figures:
    """The shares over some results."""
    rows = list(results)
    inside = [row for row in rows if row.question.is_in_scope]
    outside = [row for row in rows if not row.question.is_in_scope]
    return Figures(
        n=len(rows),
        top1=_share(inside, lambda r: r.ranking[:1] == (r.question.label,)),
        top1_also=_share(inside, lambda r: bool(r.question.accepted & set(r.ranking[:1]))),
        top3_also=_share(inside, lambda r: bool(r.question.accepted & set(r.ranking[:3]))),
        answered=_share(rows, lambda r: bool(r.topics)),
        clarified=_share(rows, lambda r: r.way is Way.CLARIFY),
        refused=_share(rows, lambda r: r.way is Way.FALLBACK),
        offered=_share(inside, lambda r: r.offered),
        wrong_outright=_share(inside, lambda r: r.wrong_outright),
        in_scope_refused=_share(inside, lambda r: r.way is Way.FALLBACK),
        oos_recall=_share(outside, lambda r: r.way not in _WITH_AN_ARTICLE),
    )


def by_style(results: Iterable[Result]) -> dict[str, Figures]:
    """The shares for each style, in alphabetical order; rows without a style are left out."""
    rows = list(results)
    styles = sorted({row.question.style for row in rows} - {""})
    return {style: figures(row for row in rows if row.question.style == style) for style in styles}


def miss_to_json(result: Result) -> dict[str, object]:
    """A miss, with what is needed to see why."""
    return {
        "text": result.question.text,
        "label": result.question.label,
        "also": sorted(result.question.also),
        "style": result.question.style,
        "decision": result.way.value,
        "topics": list(result.topics),
        "buttons": list(result.buttons),
        "ranking": list(result.ranking),
    }


def _result(question: Question, understanding: Understanding, decision: Decision | None) -> Result:
    assert decision is not None, "a text always leads to a decision"
    return Result(
        question,
        tuple(guess.intent for guess in for_citizens(understanding.ranking)[:3]),
        decision.way,
        (decision.topic, *decision.also) if decision.topic and decision.way is not Way.CLARIFY else (),
        tuple(guess.intent for guess in decision.candidates) if decision.way is Way.CLARIFY else (),
    )


def _share(rows: list[Result], holds: Callable[[Result], bool]) -> float | None:
    return round(sum(map(holds, rows)) / len(rows), 4) if rows else None
