"""How a class is told of: when and where it is, its line in a list, its card with what a member can do with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.messages import Button, Reply
from bot.service import TIME_ZONE, Turn, payload
from db.outreach import classes
from db.outreach.models import Group, LearningClass

NAME = "lop"
"""The service that members have for classes (bot/team/classes.py)."""
LESSONS = "dh"
"""The service that gives a pocket lesson to the class (bot/lessons/teaching.py)."""
LONGEST_LABEL = 40
COUNTED = tuple(group.value for group in Group if group is not Group.ADULTS)
"""The groups that a head count names."""
_DAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")


def say_when(moment: datetime) -> str:
    """ "19:00 thứ năm, 26/11/2026"."""
    here = moment.astimezone(TIME_ZONE)
    return f"{here:%H:%M} {_DAYS[here.weekday()]}, {here.day}/{here.month}/{here.year}"


def say_place(word: str, planned: LearningClass) -> str:
    """Where a class is held: the place, and the hamlet if the place does not name it. `word` is ấp, thôn, ..."""
    hamlet = f"{word} {planned.hamlet.name}"
    if not planned.place:
        return hamlet
    return planned.place if hamlet.casefold() in planned.place.casefold() else f"{planned.place} ({hamlet})"


def line(turn: Turn, planned: LearningClass) -> str:
    """A class in a list."""
    place = say_place(turn.commune.hamlet_word, planned)
    return turn.say(turn.library.texts.classes.line, title=planned.title, when=say_when(planned.starts_at), place=place)


def button(planned: LearningClass) -> Button:
    """Opens the card of a class."""
    return Button(planned.title[:LONGEST_LABEL], payload(NAME, "c", planned.id))


async def card(turn: Turn, planned: LearningClass) -> Reply:
    """All about a class, for a member."""
    texts = turn.library.texts.classes
    signed_up, present = await classes.counts(turn.session, planned.id)
    text = turn.say(
        texts.card, title=planned.title, when=say_when(planned.starts_at), signed_up=signed_up, checked_in=present,
        place=say_place(turn.commune.hamlet_word, planned), without_phone=planned.without_phone,
    )  # fmt: skip
    names = turn.library.texts.log.groups
    groups = ", ".join(f"{getattr(planned, name)} {names[name]}" for name in COUNTED if getattr(planned, name))
    if groups:
        text += "\n" + turn.say(texts.counted, groups=groups)
    if await classes.is_undone(turn.session, planned):
        again = {"n": texts.count_button, "e": texts.close_again_button}
        return Reply(f"{text}\n{texts.undone}", (_buttons(planned, again),))
    if planned.closed_at or planned.cancelled_at:
        return Reply(f"{text}\n{texts.over}")
    labels = {"q": texts.code_button, "n": texts.count_button, "e": texts.close_button, "x": texts.cancel_button}
    buttons = _buttons(planned, labels)
    lesson = Button(turn.library.texts.classes.lesson_button, payload(LESSONS, "b", f"k{planned.id}", 0))
    return Reply(text, (buttons[:2], buttons[2:], (lesson,)))


def _buttons(planned: LearningClass, labels: Mapping[str, str]) -> tuple[Button, ...]:
    return tuple(Button(label, payload(NAME, action, planned.id)) for action, label in labels.items())
