"""Which hamlet and household of those on record a draft means, as far as that is certain; and new households.

A name that is only like one on record is never taken for it here: whoever asks the questions asks about `alike` ones.
"""

from __future__ import annotations

from dataclasses import replace

from bot.service import Turn
from bot.team.draft import Draft
from bot.team.places import by_full_name
from db.outreach import households, sessions
from db.outreach.models import Hamlet, Household
from db.outreach.names import contradict, key, person_key

MOST_ALIKE = 5
NUMBERED = "hộ "
"""How the reader of sentences names a household by its number in the hamlet's list: "hộ 12"."""


async def placed(turn: Turn, draft: Draft) -> Draft:
    """The draft with the ids of hamlet and household, where they are certain and the member's own."""
    if draft.hamlet and draft.hamlet_id is None:
        hamlet = await by_full_name(turn, draft.hamlet)
        if hamlet is not None and turn.may_see(hamlet):
            draft = replace(draft, hamlet_id=hamlet.id)
    if draft.household_id is not None:
        home = await households.by_id(turn.session, turn.commune.slug, draft.household_id)
        if home is None or not await _is_meant(turn, draft, home):
            draft = replace(draft, household_id=None)
        elif draft.hamlet_id is None and turn.may_see(await turn.session.get_one(Hamlet, home.hamlet_id)):
            draft = replace(draft, hamlet_id=home.hamlet_id, household_id=home.id)
    if draft.hamlet_id is not None and draft.household and draft.household_id is None and not draft.is_new:
        same = await households.named(turn.session, draft.hamlet_id, draft.household)
        if len(same) == 1 and await _is_meant(turn, draft, same[0]):
            draft = replace(draft, household_id=same[0].id)
    return draft


async def alike(turn: Turn, draft: Draft) -> list[Household]:
    """Households of the draft's hamlet that its household may be: to be asked about before a new one is made."""
    if draft.hamlet_id is None or not draft.household:
        return []
    return (await households.alike(turn.session, draft.hamlet_id, draft.household))[:MOST_ALIKE]


async def with_household(turn: Turn, draft: Draft) -> Draft:
    """The draft with a household on record, which is made when it is a new one."""
    if draft.hamlet_id is None or not draft.household or draft.household_id is not None or draft.no_household:
        return draft
    number = draft.household.removeprefix(NUMBERED) if draft.household.startswith(NUMBERED) else ""
    home = await households.add(
        turn.session, commune=turn.commune.slug, hamlet_id=draft.hamlet_id,
        name=draft.household[:1].upper() + draft.household[1:], number=number if number[:1].isdecimal() else None,
        created_by_id=turn.staff.id, actor=turn.actor, now=turn.now,
    )  # fmt: skip
    return replace(draft, household_id=home.id)


async def _is_meant(turn: Turn, draft: Draft, home: Household) -> bool:
    """Whether a household is certainly the one that was named.

    A part of its name ("bác Năm" for "Hoàng Văn Năm") is enough for who has been there before: they were asked then.
    """
    if draft.hamlet_id is not None and home.hamlet_id != draft.hamlet_id:
        return False
    if draft.household is None or draft.household.startswith(NUMBERED):
        return True
    if not draft.is_plain and contradict(draft.household, home.name):
        return False
    if key(draft.household) == key(home.name):
        return True
    is_full_name = key(home.name) == person_key(home.name)
    is_part = set(person_key(draft.household).split()) <= set(person_key(home.name).split())
    return is_full_name and is_part and await sessions.has_visited(turn.session, turn.staff.id, home.id)
