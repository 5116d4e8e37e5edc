"""Sentences as members write them, with what a careful clerk would enter; the share of fields that come out right.

Rules were tuned on the rows marked "tuned"; those marked "unseen" were scored for the first time when the rules stood.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.team.quick_log import OUTCOMES, KnownPlaces, read_visits
from bot.team.quick_log.words import bare
from content.library import Library

FILE = Path(__file__).with_name("sentences.tsv")
FIELDS = (
    "hamlet", "household", "occurred_on", "kind", "people", "adults", "elderly", "poor", "ethnic_minority", "disabled",
)  # fmt: skip
BAR = 0.95


@dataclass(frozen=True, slots=True)
class Sentence:
    """One row; several visits in one message are several expected ones."""

    text: str
    sent_on: date
    commune: str
    expected: list[dict[str, Any]]
    batch: str


def sentences() -> list[Sentence]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return [
            Sentence(
                row["text"],
                date.fromisoformat(row["sent_on"]),
                row["commune"],
                json.loads(row["expected"]),
                row["batch"],
            )
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def judged(sentence: Sentence, library: Library) -> Iterator[tuple[str, bool]]:
    """Every field, and whether it is right. A visit too many or too few has all its fields wrong."""
    commune = library.communes[sentence.commune]
    places = KnownPlaces(commune.hamlet_word, commune.full_hamlets)
    visits = [visit.to_json() for visit in read_visits(sentence.text, sentence.sent_on, places)]
    for number in range(max(len(visits), len(sentence.expected))):
        if number >= min(len(visits), len(sentence.expected)):
            yield from ((f"{field} of visit {number + 1}", False) for field in FIELDS)
            continue
        got, wanted = visits[number], sentence.expected[number]
        for field in FIELDS:
            if field == "household":  # names lose their diacritics where they are typed without
                yield field, bare(got[field] or "") == bare(wanted[field] or "")
            else:
                yield field, (got[field] or None) == (wanted[field] or None)
        for code in OUTCOMES:
            pair = got["outcomes"].get(code, 0), wanted["outcomes"].get(code, 0)
            if any(pair):
                yield code, pair[0] == pair[1]
    if not visits and not sentence.expected:
        yield "no visit", True


@pytest.mark.parametrize(("batch", "fewest"), [("tuned", 120), ("unseen", 80)])
def test_nearly_all_fields_are_right(batch: str, fewest: int, library: Library) -> None:
    rows = [sentence for sentence in sentences() if sentence.batch == batch]
    assert len(rows) >= fewest
    right, wrong = 0, []
    for sentence in rows:
        for field, is_right in judged(sentence, library):
            right += is_right
            if not is_right:
                wrong.append((sentence.text, field))
    share = right / (right + len(wrong))
    assert share >= BAR, wrong


def test_about_half_of_the_sentences_have_no_diacritics() -> None:
    plain = [sentence for sentence in sentences() if sentence.text.isascii()]
    assert len(plain) >= len(sentences()) / 4
