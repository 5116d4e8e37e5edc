"""What a member sees of support sessions: in words, and as the receipt with what can still be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.messages import Button, Reply
from bot.service import TIME_ZONE, Turn, payload
from bot.team.class_card import NAME as CLASSES
from content import numbers
from db.outreach.models import Group, SupportSession

OWN_SESSIONS = "dot"
"""The service behind the receipt's buttons (bot/team/own_sessions.py)."""

MOST_WITH_BUTTONS = 6
"""More sessions of one message get no buttons each: they are changed by editing the message."""


def describe(turn: Turn, stored: SupportSession) -> str:
    """A session in a few lines: where, when, whom, what was achieved, note."""
    texts = turn.library.texts.log
    place = f"{turn.commune.hamlet_word} {stored.hamlet.name}"
    what = stored.household.name if stored.household else texts.kinds[stored.kind]
    groups = [
        f"{getattr(stored, group.value)} {texts.groups[group.value]}" for group in Group if getattr(stored, group.value)
    ]
    achieved = {one.code: one.count for one in stored.outcomes}
    lines = [
        f"{place} · {what} · {say_day(turn, stored.occurred_on)}",
        f"{stored.people} {texts.groups['people']}" + (f" ({', '.join(groups)})" if groups else ""),
        " · ".join(f"{name}: {achieved[code]}" for code, name in texts.outcomes.items() if code in achieved),
        turn.say(texts.note, note=stored.note) if stored.note else "",
    ]
    return "\n".join(line for line in lines if line)


def say_day(turn: Turn, day: date) -> str:
    """A day as people say it: "hôm qua, 26/11/2026"."""
    texts = turn.library.texts.log
    shown = numbers.day(day)
    words = {turn.today: texts.today, turn.today - timedelta(days=1): texts.yesterday}
    return f"{words[day]}, {shown}" if day in words else shown


def say_time(turn: Turn, moment: datetime) -> str:
    """A moment, shorter when it was today: "10:05", "10:05 22/11/2026"."""
    local = moment.astimezone(TIME_ZONE)
    clock = f"{local:%H:%M}"
    return clock if local.date() == turn.today else f"{clock} {numbers.day(local)}"


def receipt(turn: Turn, logged: Sequence[SupportSession], *, head: str = "", remarks: Sequence[str] = ()) -> Reply:
    """One reply for what was saved (at least one session), with buttons to change it or take it back.

    `head` stands in for "Đã ghi"; `remarks` are sentences that the member should read besides. What is in the trash is
    shown as such, with a button that gets it back.
    """
    texts = turn.library.texts.log
    head = head or (texts.saved_one if len(logged) == 1 else turn.say(texts.saved_many, count=len(logged)))
    if len(logged) == 1:
        [one] = logged
        return Reply("\n".join([head, describe(turn, one), *remarks]), (_buttons(turn, one, None),))
    parts = [
        f"**{number}.** {describe(turn, one)}{f' {texts.in_trash}' if one.voided_at else ''}"
        for number, one in enumerate(logged, start=1)
    ]
    more = [texts.more_in_today] if len(logged) > MOST_WITH_BUTTONS else []
    rows = tuple(_buttons(turn, one, number) for number, one in enumerate(logged[:MOST_WITH_BUTTONS], start=1))
    return Reply("\n\n".join([head, *parts, *more, *remarks]), rows)


def _buttons(turn: Turn, one: SupportSession, number: int | None) -> tuple[Button, ...]:
    """What can be done with a session; `number` is its place in a list."""
    texts = turn.library.texts.log

    def button(label: str, label_of: str, action: str) -> Button:
        named = label if number is None else turn.say(label_of, number=number)
        return Button(named, payload(OWN_SESSIONS, action, one.id))

    if one.voided_at:
        restore = button(texts.restore_button, texts.trash_restore_button, "r")
        if one.class_id is None or number is not None:
            return (restore,)
        again = turn.library.texts.classes.close_again_button
        return (restore, Button(again, payload(CLASSES, "e", one.class_id)))
    return (
        button(texts.edit_button, texts.edit_button_of, "e"),
        button(texts.undo_button, texts.undo_button_of, "u"),
    )
