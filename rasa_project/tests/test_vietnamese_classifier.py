"""The component works in Rasa: trained by Rasa's own machinery with our configuration, kept, loaded, asked."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from components.vietnamese_classifier import RANKING_LENGTH, VietnameseIntentClassifier
from examples import EXAMPLES, INTENTS, PROJECT, TEXTS
from rasa.core.agent import Agent, load_agent
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.model_training import train_nlu
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

EXECUTION = ExecutionContext(GraphSchema({}))
RESOURCE = Resource("classifier")


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


def training_data(examples: list[tuple[str, str]] | None = None) -> TrainingData:
    pairs = examples if examples is not None else list(zip(TEXTS, INTENTS, strict=True))
    return TrainingData([Message.build(text=text, intent=intent) for text, intent in pairs])


def untrained(storage: LocalModelStorage) -> VietnameseIntentClassifier:
    config = VietnameseIntentClassifier.get_default_config()
    return VietnameseIntentClassifier.create(config, storage, RESOURCE, EXECUTION)


def understood(component: VietnameseIntentClassifier, text: str) -> dict[str, Any]:
    [message] = component.process([Message.build(text=text)])
    return message.as_dict(only_output_properties=True)


def test_what_it_has_stored_another_process_loads_with_the_same_confidences(storage: LocalModelStorage) -> None:
    trained = untrained(storage)
    assert trained.train(training_data()) == RESOURCE
    config = VietnameseIntentClassifier.get_default_config()
    loaded = VietnameseIntentClassifier.load(config, storage, RESOURCE, EXECUTION)
    for text in ("quen mat khau vneid", "đăng ký mức 2", "trời mưa", ""):
        assert understood(loaded, text) == understood(trained, text)


def test_the_intent_is_the_first_of_the_ranking(storage: LocalModelStorage) -> None:
    component = untrained(storage)
    component.train(training_data())
    answer = understood(component, "quen mat khau vneid")
    assert answer["intent"] == answer["intent_ranking"][0]
    assert answer["intent"]["name"] == "vneid.forgot_password"
    assert {guess["name"] for guess in answer["intent_ranking"]} == set(EXAMPLES)


def test_a_long_ranking_is_cut(storage: LocalModelStorage) -> None:
    component = untrained(storage)
    component.train(training_data([(f"câu {number} {word}", f"t{number}") for number in range(15) for word in "ab"]))
    assert len(understood(component, "câu 3 a")["intent_ranking"]) == RANKING_LENGTH


def test_examples_without_text_are_left_out(storage: LocalModelStorage) -> None:
    data = training_data()
    data.training_examples.append(Message.build(text="", intent="vneid.forgot_password"))
    untrained(storage).train(data)


def test_without_training_it_says_what_is_missing(storage: LocalModelStorage) -> None:
    with pytest.raises(RuntimeError, match="train it first"):
        understood(untrained(storage), "quên mật khẩu")


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    """A model that Rasa has trained by our config.yml on the small set, packed, and loaded again."""
    folder = tmp_path_factory.mktemp("rasa")
    blocks = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in EXAMPLES.items()
    ]
    (folder / "nlu.yml").write_text('version: "3.1"\nnlu:\n' + "".join(blocks), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RASA_MAX_CACHE_SIZE", "0")
        patch.chdir(folder)
        model = train_nlu(str(PROJECT / "config.yml"), str(folder / "nlu.yml"), str(folder))
    return asyncio.run(load_agent(model))


@pytest.mark.parametrize(
    ("text", "intent"), [("quen mat khau vneid", "vneid.forgot_password"), ("mức 2", "vneid.register_level2")]
)
def test_rasa_understands_by_our_pipeline(agent: Agent, text: str, intent: str) -> None:
    answer = asyncio.run(agent.parse_message(text))
    assert answer["intent"]["name"] == intent
    assert len(answer["intent_ranking"]) == len(EXAMPLES)


@pytest.mark.parametrize("text", ["👍", "a" * 11_000, "\x00"], ids=["emoji", "long", "control character"])
def test_rasa_stays_calm_with_odd_input(agent: Agent, text: str) -> None:
    assert len(asyncio.run(agent.parse_message(text))["intent_ranking"]) == len(EXAMPLES)
