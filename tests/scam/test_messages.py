"""The scam check warns of the scams of messages.tsv, and does not cry wolf over the honest messages.

messages.tsv: text, label (scam or honest), topic, kind; no row is an example in content/scam_examples.tsv. Rows that
fail are reasons for a more general sign or for other examples of their kind, never for a pattern that fits one row.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from bot.citizen.scam_check import Danger, ScamCheck
from bot.masking import mask
from content.library import Library

MESSAGES = Path(__file__).parent / "messages.tsv"
FLAGGED_SCAMS = 0.97
FLAGGED_HONEST = 0.05
"""The bars. How the check does on messages that were put aside till it was done: docs/understanding.md."""


@dataclass(frozen=True, slots=True)
class Message:
    """One row of messages.tsv."""

    text: str
    label: str
    topic: str
    kind: str


@cache
def messages() -> tuple[Message, ...]:
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(Message(row["text"], row["label"], row["topic"] or "", row["kind"] or "") for row in rows)


def flagged(check: ScamCheck, message: Message) -> bool:
    """Whether the message gets a warning, once it has come in as the inbox lets it in."""
    return check.check(mask(message.text)).level is not Danger.NONE


@pytest.fixture(scope="module")
def verdicts(library: Library) -> dict[Message, bool]:
    check = ScamCheck(library.scam_signals, library.official_domains)
    return {message: flagged(check, message) for message in messages()}


def test_no_row_was_learnt(library: Library) -> None:
    learnt = {example.text for example in library.scam_signals.examples}
    assert [message.text for message in messages() if message.text in learnt] == []


def test_every_row_is_labelled() -> None:
    assert {message.label for message in messages()} == {"scam", "honest"}


def test_nearly_every_scam_is_flagged(verdicts: dict[Message, bool]) -> None:
    scams = [message for message in verdicts if message.label == "scam"]
    missed = [message for message in scams if not verdicts[message]]
    listed = "\n".join(f"{message.topic} {message.kind}: {message.text}" for message in missed)
    assert len(missed) <= (1 - FLAGGED_SCAMS) * len(scams), f"{len(missed)} of {len(scams)} missed:\n{listed}"


def test_honest_messages_are_left_in_peace(verdicts: dict[Message, bool]) -> None:
    honest = [message for message in verdicts if message.label == "honest"]
    blamed = [message for message in honest if verdicts[message]]
    listed = "\n".join(f"{message.topic} {message.kind}: {message.text}" for message in blamed)
    assert len(blamed) <= FLAGGED_HONEST * len(honest), f"{len(blamed)} of {len(honest)} blamed:\n{listed}"
