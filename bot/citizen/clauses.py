"""Finds two questions in one short message: "làm căn cước hết bao nhiêu, với lại quên mật khẩu vneid thì sao".

Only cuts where a new question begins for sure: at the end of a sentence, and at "với lại", "ngoài ra", "còn", "và".
Commas are no such place: people put half a story before the question. Long messages are left whole, the classifier
finds the question in them by itself (docs/understanding.md has the figures).
"""

from __future__ import annotations

import re

from bot.citizen.facets import is_only_a_facet

LONGEST_MESSAGE = 30
"""Words; a longer message is a story."""

SHORTEST_CLAUSE = 3
"""Words; less is no question of its own."""

_CUT = re.compile(
    r"[.?!;\n…]+|,?\s+(?=(?:với lại|voi lai|ngoài ra|ngoai ra|tiện thể|tien the|sẵn tiện|san tien|còn|và|va)\b)",
    re.IGNORECASE,
)


def clauses(text: str) -> list[str]:
    """The parts of a text that may each be a question of their own; empty when there are not at least two."""
    if len(text.split()) > LONGEST_MESSAGE:
        return []
    parts = [part.strip(" ,") for part in _CUT.split(text)]
    questions = [part for part in parts if len(part.split()) >= SHORTEST_CLAUSE and not is_only_a_facet(part)]
    return questions if len(questions) > 1 else []
