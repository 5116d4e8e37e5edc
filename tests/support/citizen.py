"""A citizen in a small conversation with the desk: says things, presses what is shown, and sees what comes back."""

from __future__ import annotations

from collections.abc import Mapping

from bot.citizen.desk import CitizenDesk, Memory, Outcome
from bot.messages import Reply
from bot.nlu import Guess, Understanding
from content.library import Library
from tests.support.articles import COMMUNE


class Citizen:
    """Understands no Rasa: what a text may mean is said along with it."""

    def __init__(self, library: Library) -> None:
        self.desk = CitizenDesk(lambda: library, COMMUNE.slug)
        self.memory = Memory()
        self.outcome: Outcome | None = None

    def says(self, text: str, **meanings: float) -> str:
        """Types a text that means each intent with a confidence (`vneid__install=0.9`); the reply's text."""
        ranking = {intent.replace("__", "."): confidence for intent, confidence in meanings.items()}
        return self.says_meaning(text, ranking)

    def says_meaning(self, text: str, ranking: Mapping[str, float]) -> str:
        """The same with intents as they are written."""
        guesses = tuple(Guess(intent, confidence) for intent, confidence in ranking.items())
        return self._sees(self.desk.answer(text, Understanding(guesses), self.memory))

    def says_without_rasa(self, text: str) -> str:
        """Types a text while Rasa is down."""
        return self._sees(self.desk.answer(text, self.desk.search(text), self.memory))

    def presses(self, label: str) -> str:
        """Presses a button of the reply just seen; the next reply's text."""
        payloads = {button.label: button.payload for row in self.reply.buttons for button in row}
        assert label in payloads, f"there is no {label!r} among {list(payloads)}"
        return self.sends_payload(payloads[label])

    def sends_payload(self, payload: str) -> str:
        """What an old button does, a command, or somebody who makes up payloads."""
        return self._sees(self.desk.press(payload, self.memory))

    def shares(self, sort: str) -> str:
        """Sends a photo, a contact, ..."""
        return self._sees(self.desk.attachment(sort, self.memory))

    @property
    def reply(self) -> Reply:
        """The reply just seen."""
        assert self.outcome is not None, "nothing was said yet"
        [reply] = self.outcome.replies
        return reply

    @property
    def buttons(self) -> list[list[str]]:
        """The labels under the reply just seen, row by row."""
        return [[button.label for button in row] for row in self.reply.buttons]

    def _sees(self, outcome: Outcome) -> str:
        self.outcome, self.memory = outcome, outcome.memory
        return self.reply.text
