"""The places of a turn: which hamlets whoever acts may log for, and what the reader of sentences knows of them."""

from __future__ import annotations

from bot.service import Turn
from bot.team import access
from bot.team.quick_log import HouseholdName, KnownPlaces
from db.outreach import hamlets, households
from db.outreach.models import Hamlet


def full_name(turn: Turn, hamlet: Hamlet) -> str:
    """A hamlet with the commune's own word: "ấp 3"."""
    return f"{turn.commune.hamlet_word} {hamlet.name}"


async def own_hamlets(turn: Turn) -> list[Hamlet]:
    """The hamlets that whoever acts may log for, in the commune's order; all of them from the office on."""
    every = await hamlets.all_of(turn.session, turn.commune.slug)
    if turn.may(access.EVERY_HAMLET):
        return every
    own = {hamlet.id for hamlet in turn.own_hamlets}
    return [hamlet for hamlet in every if hamlet.id in own]


async def known_places(turn: Turn) -> KnownPlaces:
    """All hamlets of the commune, so that a foreign one is recognised, and the households of the own ones.

    Those that were merged into another come last: people say the old name for years.
    """
    every = await hamlets.all_of(turn.session, turn.commune.slug)
    merged = [hamlet for hamlet in await hamlets.every(turn.session, turn.commune.slug) if hamlet.merged_into_id]
    names = {hamlet.id: full_name(turn, hamlet) for hamlet in (*every, *merged)}
    own = [hamlet.id for hamlet in await own_hamlets(turn)]
    homes = await households.of_hamlets(turn.session, turn.commune.slug, own)
    return KnownPlaces(
        turn.commune.hamlet_word,
        tuple(names.values()),
        tuple(HouseholdName(home.id, names[home.hamlet_id], home.name, home.number) for home in homes),
    )


async def by_full_name(turn: Turn, name: str) -> Hamlet | None:
    """The hamlet of that full name, or the one into which it was merged."""
    for hamlet in await hamlets.every(turn.session, turn.commune.slug):
        if full_name(turn, hamlet) == name:
            return await hamlets.by_id(turn.session, turn.commune.slug, hamlet.id)
    return None
