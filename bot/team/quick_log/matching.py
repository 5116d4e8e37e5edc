"""Finds the household on record that a member means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.team.quick_log.lexicon import HOUSE, KIN
from bot.team.quick_log.visit import HouseholdName
from bot.team.quick_log.words import bare, is_one_slip, tokens

SHORTEST_WITH_A_SLIP = 6
"""Letters of a name from which one wrong letter is forgiven: shorter names are too near each other."""


@dataclass(frozen=True, slots=True)
class Match:
    """The household on record that is meant, or the candidates among which somebody must choose."""

    household: HouseholdName | None
    candidates: tuple[HouseholdName, ...] = ()


def match_household(name: str, hamlet: str | None, known: Sequence[HouseholdName]) -> Match:
    """Compares without diacritics, words of kinship and order, with one slip; within the hamlet where it is told."""
    near = [household for household in known if hamlet is None or household.hamlet == hamlet]
    number = name.removeprefix("hộ ")
    if name.startswith("hộ ") and number[:1].isdecimal():
        same = [h for h in near if (h.number or "").strip().lstrip("0").lower() == number.lower()]
    else:
        same = _by_name(name, near)
    if len(same) == 1:
        return Match(same[0])
    return Match(None, tuple(same))


def _by_name(name: str, near: Sequence[HouseholdName]) -> list[HouseholdName]:
    wanted = _own_name(name)
    exact = [h for h in near if sorted(_own_name(h.name)) == sorted(wanted) and bare(h.name) == bare(name)]
    same = exact or [h for h in near if sorted(_own_name(h.name)) == sorted(wanted)]
    if not same and len("".join(wanted)) >= SHORTEST_WITH_A_SLIP:
        joined = "".join(sorted(wanted))
        same = [h for h in near if is_one_slip("".join(sorted(_own_name(h.name))), joined)]
    if not same:  # "bác Lan" may be "Nguyễn Thị Lan"
        same = [h for h in near if wanted and _own_name(h.name)[-len(wanted) :] == wanted]
    return same


def _own_name(name: str) -> list[str]:
    words = [token for token in tokens(name) if token.is_word or token.is_number]
    while len(words) > 1 and (words[0] in KIN or words[0] in HOUSE):
        words = words[1:]
    return [word.bare for word in words]
