"""Writes the articles' own questions as training examples: `make examples`, after articles have been edited.

Each article names questions that it answers. As further examples they are worth about a point of accuracy on questions
of other people (docs/understanding.md). Rasa's project reads nothing of the content folder, so they are written into
its data; a test tells when that file is no longer current. Left out: what the other training data has already, and what
the model is judged by.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import yaml

from content.library import read_library

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "rasa_project" / "data" / "nlu"
FILE = DATA / "articles.yml"
JUDGED_BY = ROOT / "tests" / "nlu" / "questions.tsv"


def training_data() -> str:
    """The file's content: the questions of all articles that are not known in any spelling."""
    known = {_bare(text) for text in (*_other_examples(), *_test_questions())}
    blocks = ["# Written by `make examples` from the articles' questions: do not edit.", 'version: "3.1"', "nlu:"]
    for topic, article in sorted(read_library(ROOT / "content").articles.items()):
        if new := [question for question in article.questions if _bare(question) not in known]:
            blocks += [f"- intent: {topic}", "  examples: |", *(f"    - {question}" for question in new)]
            known.update(map(_bare, new))
    return "\n".join(blocks) + "\n"


def _other_examples() -> Iterator[str]:
    for file in DATA.glob("*.yml"):
        if file != FILE:
            for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
                yield from (line.removeprefix("- ") for line in entry["examples"].splitlines())


def _test_questions() -> Iterator[str]:
    with JUDGED_BY.open(encoding="utf-8", newline="") as lines:
        yield from (row["text"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _bare(text: str) -> str:
    """Letters and digits alone, without case and diacritics."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c)).split())


if __name__ == "__main__":
    FILE.write_text(training_data(), encoding="utf-8")
