"""What a citizen's text may mean: by Rasa as a whole and clause by clause; by text search when Rasa is down."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.citizen.clauses import clauses
from bot.citizen.decision import QUESTION, is_topic
from bot.citizen.desk import CitizenDesk
from bot.nlu import Guess, Nlu, NluUnavailableError, Understanding

log = logging.getLogger(__name__)


async def understand(text: str, nlu: Nlu, desk: CitizenDesk) -> Understanding:
    """By Rasa or, when that is down, by text search."""
    try:
        return await understand_by_rasa(text, nlu)
    except NluUnavailableError as reason:
        log.warning("understanding by text search: %s", reason)
        return desk.search(text)


async def understand_by_rasa(text: str, nlu: Nlu) -> Understanding:
    """The text as a whole, and the questions in it if it asks several.

    Raises:
        NluUnavailableError: nobody answers in time.
    """
    understanding = await nlu.parse(text)
    return replace(understanding, questions=await _questions(text, nlu))


async def _questions(text: str, nlu: Nlu) -> tuple[Guess, ...]:
    found: dict[str, Guess] = {}
    for clause in clauses(text):
        best = (await nlu.parse(clause)).ranking[0]
        if best.confidence >= QUESTION and is_topic(best.intent):
            found.setdefault(best.intent, best)
    return tuple(found.values()) if len(found) > 1 else ()
