"""Learned sentences as a file of Rasa training data (YAML), apart from the shipped data.

Citizens wrote them: whatever stands in them must reach the training as text, never as markup of Rasa's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import yaml

from bot.errors import OperatorError
from db.learning import Sentence

_ANNOTATION = re.compile(r"\](?=[(\[{])")
"""Rasa takes "[words](name)" for an entity; "[words] (name)" it leaves alone."""


class _Quoted(str):
    """Text that must stand in quotes: without them Rasa fills in variables of the environment for "${...}".

    The keys must not: Rasa silently skips a file in which it finds no plain `nlu:`.
    """

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes `_Quoted` in double quotes and all else as YAML likes."""


_Dumper.add_representer(
    _Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')
)


def to_yaml(sentences: Sequence[Sentence]) -> str:
    """The training data; the same sentences always give the same text, for models are cached under its hash."""
    by_topic = groupby(sorted(sentences, key=attrgetter("topic", "text")), key=attrgetter("topic"))
    nlu = [
        {"intent": topic, "examples": [{"text": _Quoted(_as_text(sentence.text))} for sentence in members]}
        for topic, members in by_topic
    ]
    data = {"version": _Quoted("3.1"), "nlu": nlu}
    text: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=float("inf"))
    return text


def write(file: Path, sentences: Sequence[Sentence]) -> None:
    """Writes the file as a whole or not at all, and safe from a power cut."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".unfinished")
    with unfinished.open("w", encoding="utf-8") as stream:
        stream.write(to_yaml(sentences))
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(file)


def read(file: Path) -> list[Sentence]:
    """The sentences in a file written by `write`; none when there is no file.

    Raises:
        OperatorError: the file is not of that form.
    """
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        return [
            Sentence(example["text"], intent["intent"])
            for intent in data["nlu"] or ()
            for example in intent["examples"]
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
        raise OperatorError(
            f"Tệp câu đã học {file} bị hỏng. Xoá tệp đó rồi chạy: daisuso learn run (các quyết định vẫn còn trong "
            "cơ sở dữ liệu)."
        ) from None


def without(sentences: Sequence[Sentence], known: Sequence[Sentence]) -> list[Sentence]:
    """Those that a model made from `known` has not learned, or has learned as something else."""
    learned = {(_as_text(sentence.text), sentence.topic) for sentence in known}
    return [sentence for sentence in sentences if (_as_text(sentence.text), sentence.topic) not in learned]


def _as_text(text: str) -> str:
    return _ANNOTATION.sub("] ", " ".join(text.split()))
