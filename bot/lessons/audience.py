"""To whom a member gives a lesson: a household or a class, as buttons carry it ("h12", "k5") and as it is called."""

from __future__ import annotations

from dataclasses import dataclass

from bot.service import Turn
from bot.team.ids import read_id
from bot.team.places import full_name
from db.outreach import classes, hamlets, households
from db.outreach.models import Hamlet, Household, LearningClass

HOUSEHOLD, CLASS = "h", "k"


@dataclass(frozen=True, slots=True)
class Audience:
    """Either a household with its hamlet, or a class that is not over."""

    code: str
    name: str
    place: Hamlet
    home: Household | None = None
    planned: LearningClass | None = None


async def read_audience(turn: Turn, code: str) -> Audience | None:
    """Whom a button names; None when it is gone, over, or no business of this member."""
    number = read_id(code[1:]) or 0
    if code.startswith(HOUSEHOLD):
        return await of_household(turn, await households.by_id(turn.session, turn.commune.slug, number))
    if code.startswith(CLASS):
        return await of_class(turn, await classes.by_id(turn.session, turn.commune.slug, number))
    return None


async def of_household(turn: Turn, home: Household | None) -> Audience | None:
    """A household of a hamlet that the member serves."""
    place = await hamlets.by_id(turn.session, turn.commune.slug, home.hamlet_id) if home else None
    if home is None or place is None or not turn.may_see(place):
        return None
    return Audience(f"{HOUSEHOLD}{home.id}", f"{home.name} ({full_name(turn, place)})", place, home=home)


async def of_class(turn: Turn, planned: LearningClass | None) -> Audience | None:
    """A class of such a hamlet, as long as it may be closed."""
    if planned is None or planned.cancelled_at or not turn.may_see(planned.hamlet):
        return None
    if planned.closed_at and not await classes.is_undone(turn.session, planned):
        return None
    return Audience(f"{CLASS}{planned.id}", planned.title, planned.hamlet, planned=planned)
