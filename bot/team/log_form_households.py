"""The lists of households in the form for a visit: the last ones, all of them, those found, those of like names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.team.draft_places import NUMBERED
from db.outreach import households
from db.outreach.models import Household

AT_ONCE = 5
"""Households shown at once: each has a row of its own."""
MOST_FOUND = 30
_NUMBER = re.compile(r"(?:(?:hộ|ho|số|so|nhà|nha)\s+)*(\d{1,6})", re.IGNORECASE)


class Look(StrEnum):
    """Which households are shown to choose from; with NAME a new one's name is asked for instead."""

    RECENT = "recent"
    FOUND = "found"
    ALIKE = "alike"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Shown:
    """Some households, and which page comes next: the first one after the last, None where there is one page."""

    homes: list[Household]
    next_page: int | None


async def shown(session: AsyncSession, commune: str, hamlet_id: int, look: Look, words: str, page: int) -> Shown:
    """A page of a list. Behind the recent ones come all of the hamlet, by number and name."""
    if look is Look.FOUND:
        return _page(await households.search(session, hamlet_id, number_in(words) or words, MOST_FOUND), page)
    if look is Look.ALIKE:
        return _page(await like(session, hamlet_id, words), page)
    every = await households.of_hamlets(session, commune, [hamlet_id])
    if len(every) <= AT_ONCE:
        return Shown(await households.recent(session, hamlet_id, AT_ONCE), None)
    if page == 0:
        return Shown(await households.recent(session, hamlet_id, AT_ONCE), 1)
    found = _page(every, page - 1)
    return Shown(found.homes, found.next_page + 1 if found.next_page else 0)


async def like(session: AsyncSession, hamlet_id: int, name: str) -> list[Household]:
    """Households that may be meant by the name or number of a new one: to be asked about before it is made."""
    number = number_in(name)
    if number is None:
        return await households.alike(session, hamlet_id, name)
    found = await households.search(session, hamlet_id, number, MOST_FOUND)
    return [home for home in found if home.number == number or number in home.name.split()]


def number_in(words: str) -> str | None:
    """The number in the hamlet's list, when words are nothing else: "12", "hộ số 12"."""
    found = _NUMBER.fullmatch(words)
    return found[1] if found else None


def name_of_new(words: str) -> str:
    """How a new household is called: a bare number is that in the hamlet's list."""
    number = number_in(words)
    return f"{NUMBERED}{number}" if number else words


def _page(homes: list[Household], page: int) -> Shown:
    pages = max(1, -(-len(homes) // AT_ONCE))
    begin = page % pages * AT_ONCE
    return Shown(homes[begin : begin + AT_ONCE], (page % pages + 1) % pages if pages > 1 else None)
