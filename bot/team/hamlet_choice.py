"""Choosing some of the commune's hamlets by buttons that go on and off: for inviting somebody, and for members."""

from __future__ import annotations

from collections.abc import Collection

from bot.messages import Button
from bot.service import Turn, payload
from bot.team.ids import read_id
from bot.team.places import full_name
from db.outreach.models import Hamlet

ROW = 3


def toggled(every: list[Hamlet], chosen: Collection[int], words: str) -> set[int]:
    """The hamlets' ids after "h:12" (one on or off) or "all" (all on, or all off) was pressed."""
    ids = {one.id for one in every}
    left = set(chosen) & ids
    action, _, value = words.partition(":")
    if action == "all":
        return set() if left == ids else ids
    pressed = read_id(value) if action == "h" else None
    return left ^ {pressed} if pressed is not None and pressed in ids else left


def rows(
    turn: Turn, service: str, every: list[Hamlet], chosen: Collection[int], done: Button
) -> tuple[tuple[Button, ...], ...]:
    """A button for each hamlet, then "all" and the one that ends it."""
    marks = [
        Button(("☑ " if one.id in chosen else "☐ ") + full_name(turn, one), payload(service, "h", one.id))
        for one in every
    ]
    lines = [tuple(marks[start : start + ROW]) for start in range(0, len(marks), ROW)]
    whole = Button(turn.library.texts.people.every_hamlet_button, payload(service, "all"))
    return (*lines, (whole, done))
