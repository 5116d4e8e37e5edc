"""The articles' questions are part of the training data, as the articles stand now."""

import csv

import pytest
import yaml

from content.library import read_library
from scripts import article_examples
from scripts.article_examples import FILE, JUDGED_BY, ROOT, training_data


def written() -> dict[str, list[str]]:
    """The examples of the file, by topic."""
    entries = yaml.safe_load(training_data())["nlu"]
    return {entry["intent"]: [line[2:] for line in entry["examples"].splitlines()] for entry in entries}


def test_the_file_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == training_data(), "articles have changed: run `make examples`"


def test_every_question_stands_under_the_article_that_asks_it() -> None:
    articles = read_library(ROOT / "content").articles
    assert written()
    for topic, questions in written().items():
        assert set(questions) <= set(articles[topic].questions)


def test_no_question_is_one_by_which_the_model_is_judged() -> None:
    with JUDGED_BY.open(encoding="utf-8", newline="") as lines:
        judged_by = {row["text"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
    assert judged_by
    assert judged_by & {question for questions in written().values() for question in questions} == set()


def test_a_question_that_the_training_data_has_in_another_spelling_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topic, [question, *_] = next(iter(written().items()))
    monkeypatch.setattr(article_examples, "_other_examples", lambda: iter([question.upper().rstrip("?") + " ."]))
    assert question not in written()[topic]
