"""What waits for a member: citizens who ask for help, households to visit, classes; in lines, with what can be pressed.

/nhiemvu (tasks) and /homnay (today) are put together from these parts.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages import Button, Reply
from bot.service import TIME_ZONE, Turn, payload
from bot.team import access, class_card, help_card, log_form_steps
from bot.team.places import full_name
from db.outreach import classes, requests, tasks
from db.outreach.models import Hamlet, HelpRequest
from db.outreach.requests import State
from db.outreach.tasks import Reason

MOST_REASONS = 3
MOST_REQUESTS = 3
LONGEST_LABEL = 30
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a reply and the buttons that belong to them. Without lines there is nothing to say."""

    lines: tuple[str, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()


def joined(parts: Sequence[Part]) -> Reply:
    """One reply of those parts that say anything."""
    text = "\n\n".join("\n".join(part.lines) for part in parts if part.lines)
    return Reply(text, tuple(row for part in parts for row in part.rows))


async def asked_for(turn: Turn, places: Sequence[Hamlet]) -> Part:
    """Requests for help that the member has taken or may take, the own ones first."""
    texts = turn.library.texts.work
    hamlet_ids = None if turn.may(access.EVERY_HAMLET) else [place.id for place in places]
    live = await requests.live(turn.session, turn.commune.slug, hamlet_ids)
    found = [one for one in live if one.state == State.OPEN or one.taken_by_id == turn.staff.id]
    if not found:
        return Part()
    found.sort(key=lambda one: one.state == State.OPEN)
    lines, buttons = [texts.requests_title], []
    for one in found[:MOST_REQUESTS]:
        lines.append(_request_line(turn, one))
        label = texts.request_take_button if one.state == State.OPEN else texts.request_open_button
        buttons.append(Button(turn.say(label, number=one.id), payload(help_card.TAKE, "n", one.id)))
    if len(found) > MOST_REQUESTS:
        lines.append(turn.say(texts.more_requests, count=len(found) - MOST_REQUESTS))
    return Part(tuple(lines), (tuple(buttons),))


async def visits(turn: Turn, places: Sequence[Hamlet], most: int) -> Part:
    """Households to visit and why, each with a button that opens its log form."""
    texts = turn.library.texts.work
    names = {place.id: full_name(turn, place) for place in places}
    found = await tasks.next_visits(turn.session, turn.commune.slug, list(names), turn.today, most)
    if not found:
        return Part()
    lines, rows = [texts.tasks_title], []
    for number, task in enumerate(found, start=1):
        home = task.household
        why = ", ".join(_why(turn, reason) for reason in task.reasons[:MOST_REASONS])
        lines.append(turn.say(texts.task, number=number, name=home.name, hamlet=names[home.hamlet_id], why=why))
        label = turn.say(texts.task_button, name=_shortened(home.name, LONGEST_LABEL))
        rows.append((Button(label, payload(log_form_steps.NAME, "new", home.id)),))
    return Part(tuple(lines), tuple(rows))


async def classes_until(turn: Turn, places: Sequence[Hamlet], last: date) -> Part:
    """Classes up to a day, and those that were held and are not closed yet."""
    texts = turn.library.texts.work
    hamlet_ids = [place.id for place in places]
    coming = await classes.coming(turn.session, turn.commune.slug, turn.now, hamlet_ids=hamlet_ids)
    found = [one for one in coming if one.starts_at.astimezone(TIME_ZONE).date() <= last]
    if not found:
        return Part()
    lines = [texts.classes_title]
    for one in found:
        line = class_card.line(turn, one)
        lines.append(f"• {turn.say(texts.class_to_close, line=line) if one.starts_at <= turn.now else line}")
    return Part(tuple(lines), tuple((class_card.button(one),) for one in found))


def _request_line(turn: Turn, one: HelpRequest) -> str:
    texts, said = turn.library.texts.work, turn.library.texts.help_request
    return turn.say(
        texts.request,
        number=one.id,
        kind=said.kinds[one.kind],
        place=full_name(turn, one.hamlet) if one.hamlet else said.anywhere,
        state=texts.request_open if one.state == State.OPEN else texts.request_yours,
        text=_shortened(one.text, LONGEST_TEXT) or said.no_text,
    )


def _why(turn: Turn, reason: Reason) -> str:
    return turn.say(turn.library.texts.work.why[reason.code], count=reason.count)


def _shortened(text: str, length: int) -> str:
    return textwrap.shorten(text, length, placeholder="…")
