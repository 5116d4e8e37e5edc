"""The training data, the domain and the topics that the bot can answer agree with each other."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from components.normalise import strip_diacritics
from examples import PROJECT, ROOT

OUT_OF_SCOPE = "out_of_scope"
TEAM = "team"
TEAM_INTENTS = {f"{TEAM}.{name}" for name in ("log_visit", "my_stats", "tasks", "today", "new_class", "help")}
"""What members of the community teams do; they are no topics, because citizens do not ask for them."""
ENTITY = re.compile(r"\[([^\]]+)\]\((\w+)\)")
FEWEST_EXAMPLES = 30
NAME_WORDS = 5
"""A question of no more words is a topic's bare name ("chữ ký số"), which everybody who writes examples comes upon."""
FILES = sorted((PROJECT / "data" / "nlu").glob("*.yml"))
AREA_FILES = [file for file in FILES if file.name != "articles.yml"]
"""All but the one that `make examples` writes from the articles' questions."""


class Example(NamedTuple):
    """One line of training data."""

    text: str
    intent: str
    file: Path

    @property
    def bare(self) -> str:
        """As it is compared: without case, diacritics and doubled spaces."""
        return bare(self.text)


def bare(text: str) -> str:
    return " ".join(strip_diacritics(text.lower()).split())


def read(file: Path) -> Iterator[Example]:
    for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
        for line in entry["examples"].splitlines():
            text = line.removeprefix("- ").strip()
            yield Example(ENTITY.sub(r"\1", text) if file.stem == TEAM else text, entry["intent"], file)


EXAMPLES = [example for file in FILES for example in read(file)]


def topics() -> set[str]:
    groups = yaml.safe_load((ROOT / "content" / "topics.yml").read_text(encoding="utf-8"))
    return {topic["id"] for group in groups.values() for topic in group}


def domain() -> list[str]:
    return yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))["intents"]


def test_the_domain_holds_every_topic_once_and_what_is_out_of_scope() -> None:
    assert sorted(domain()) == sorted(topics() | {OUT_OF_SCOPE} | TEAM_INTENTS)


def test_every_intent_of_the_data_is_in_the_domain() -> None:
    assert {example.intent for example in EXAMPLES} - set(domain()) == set()


def test_every_topic_has_enough_examples() -> None:
    counts = Counter(example.intent for example in EXAMPLES)
    assert {intent: counts[intent] for intent in domain() if counts[intent] < FEWEST_EXAMPLES} == {}


def test_no_example_stands_under_two_intents() -> None:
    intents: dict[str, set[str]] = defaultdict(set)
    for example in EXAMPLES:
        intents[example.bare].add(example.intent)
    assert {text: found for text, found in intents.items() if len(found) > 1} == {}


def test_no_example_is_a_question_by_which_the_model_is_judged() -> None:
    with (ROOT / "tests" / "nlu" / "questions.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    judged_by = {bare(row["text"]) for row in rows if len(row["text"].split()) > NAME_WORDS}
    assert judged_by
    assert [example.text for example in EXAMPLES if example.bare in judged_by] == []


@pytest.mark.parametrize("file", AREA_FILES, ids=lambda file: file.name)
def test_a_file_holds_the_intents_of_its_area_each_once(file: Path) -> None:
    intents = [entry["intent"] for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]]
    assert len(intents) == len(set(intents))
    assert {intent for intent in intents if intent != file.stem and intent.partition(".")[0] != file.stem} == set()


def test_visits_are_told_in_many_ways_and_name_only_entities_of_the_domain() -> None:
    text = (PROJECT / "data" / "nlu" / "team.yml").read_text(encoding="utf-8")
    entities = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))["entities"]
    assert {match[2] for match in ENTITY.finditer(text)} == set(entities)
    assert sum(example.intent == "team.log_visit" for example in EXAMPLES) >= 120


def test_examples_are_plain_text() -> None:
    """Rasa would read [words](in_brackets) as an entity."""
    assert [example.text for example in EXAMPLES if "](" in example.text or not example.text] == []
