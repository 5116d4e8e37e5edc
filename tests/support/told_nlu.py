"""An NLU that is told what texts mean, in the place of Rasa."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.nlu import Guess, NluUnavailableError, Understanding


class ToldNlu:
    """Knows some texts by heart and takes all others for out of scope. `asked` holds what it was asked."""

    def __init__(self, meanings: Mapping[str, str] | None = None) -> None:
        """`meanings` gives the intent of each text that is known."""
        self.meanings = dict(meanings or {})
        self.asked: list[str] = []
        self.is_down = False
        self.before_answering: Callable[[str], Awaitable[None]] | None = None
        """Called with every text: to wait for something, or to raise."""

    async def parse(self, text: str) -> Understanding:
        """Ranks the intents of a text."""
        self.asked.append(text)
        if self.is_down:
            raise NluUnavailableError("Rasa is not running")
        if self.before_answering:
            await self.before_answering(text)
        return Understanding((Guess(self.meanings.get(text, "out_of_scope"), 0.95),))
