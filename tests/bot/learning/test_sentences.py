"""Whatever citizens wrote reaches the training as text, and a file is whole or not there."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.errors import OperatorError
from bot.learning import sentences
from bot.rasa_model import python_of, rasa_environment
from db.learning import Sentence
from tests.support.rasa import ROOT

TAUGHT = [
    Sentence("giá vàng", "out_of_scope"),
    Sentence("mất mk", "vneid.forgot_password"),
    Sentence("abc", "out_of_scope"),
]


def test_the_file_is_training_data_by_topic_and_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "learned" / "nlu.yml"
    sentences.write(file, TAUGHT)
    assert yaml.safe_load(file.read_text())["nlu"] == [
        {"intent": "out_of_scope", "examples": [{"text": "abc"}, {"text": "giá vàng"}]},
        {"intent": "vneid.forgot_password", "examples": [{"text": "mất mk"}]},
    ]
    assert set(sentences.read(file)) == set(TAUGHT)
    assert list(file.parent.iterdir()) == [file]


def test_the_same_sentences_in_another_order_are_the_same_file() -> None:
    assert sentences.to_yaml(TAUGHT) == sentences.to_yaml(TAUGHT[::-1])


@pytest.mark.parametrize(
    "text",
    [
        "${HOME} là gì",
        '"; - intent: x',
        "- gạch đầu dòng",
        "a: b # c",
        "🙏 giúp với",
        "'ngoặc'",
        "x" * 3000,
        "yes",
        "1.0",
    ],
)
def test_what_looks_like_markup_is_text(tmp_path: Path, text: str) -> None:
    sentences.write(tmp_path / "nlu.yml", [Sentence(text, "out_of_scope")])
    assert sentences.read(tmp_path / "nlu.yml") == [Sentence(text, "out_of_scope")]
    assert '"${HOME' in sentences.to_yaml([Sentence("${HOME}", "x")])  # in quotes Rasa fills nothing in


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("số [đã che](của tôi) với [a]{b} và [c][d]", "số [đã che] (của tôi) với [a] {b} và [c] [d]"),
        ("hai\ndòng\u2028 ba", "hai dòng ba"),
    ],
)
def test_what_rasa_would_take_for_an_entity_or_a_second_sentence_is_parted(text: str, written: str) -> None:
    [intent] = yaml.safe_load(sentences.to_yaml([Sentence(text, "x")]))["nlu"]
    assert intent["examples"] == [{"text": written}]


@pytest.mark.servers
def test_rasa_reads_every_sentence_under_its_topic(tmp_path: Path) -> None:
    """Its own loader, which skips without a word whatever it does not take for training data."""
    texts = ["mất mk", "${HOME} là gì", '"; - intent: x', "- gạch đầu dòng", "a: b # c", "số [đã che](của tôi)", "yes"]
    sentences.write(tmp_path / "data" / "learned.yml", [Sentence(text, "out_of_scope") for text in texts])
    load = (
        "import json, sys; from rasa.shared.importers.importer import TrainingDataImporter as Importer\n"
        "importer = Importer.load_nlu_importer_from_config('config.yml', 'domain.yml', [sys.argv[1]])\n"
        "examples = importer.get_nlu_data().intent_examples\n"
        "print(json.dumps([[example.get('text'), example.get('intent')] for example in examples]))"
    )
    project = ROOT / "rasa_project"
    printed = subprocess.run(
        [python_of(project), "-W", "ignore", "-c", load, str(tmp_path / "data")],
        cwd=project, env=rasa_environment(project), capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert {(text, intent) for text, intent in json.loads(printed.splitlines()[-1])} == {
        (text.replace("](", "] ("), "out_of_scope") for text in texts
    }


def test_new_is_what_was_not_known_or_meant_something_else() -> None:
    known = [TAUGHT[0], Sentence("mất mk", "vneid.locked")]
    assert sentences.without(TAUGHT, known) == [TAUGHT[1], TAUGHT[2]]
    assert sentences.without([Sentence("a  [b](c)", "x")], [Sentence("a [b] (c)", "x")]) == []


def test_no_file_holds_no_sentences(tmp_path: Path) -> None:
    assert sentences.read(tmp_path / "nlu.yml") == []


@pytest.mark.parametrize("broken", ["nlu: [", "[]", "nlu: [{intent: x}]", "nlu: 5", "\xff"])
def test_a_broken_file_is_told_with_its_remedy(tmp_path: Path, broken: str) -> None:
    (tmp_path / "nlu.yml").write_text(broken, encoding="latin-1")
    with pytest.raises(OperatorError, match="daisuso learn run"):
        sentences.read(tmp_path / "nlu.yml")
