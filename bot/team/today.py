"""/homnay: what was logged for today, and what waits - requests, classes of today and tomorrow, the first visits."""

from __future__ import annotations

from datetime import timedelta

from bot.messages import Button
from bot.service import TIME_ZONE, Result, Service, Turn, payload
from bot.team import waiting
from bot.team.places import own_hamlets
from bot.team.receipt import OWN_SESSIONS, describe
from bot.team.waiting import Part
from content.numbers import day
from db.outreach import sessions
from db.outreach.models import Role

NAME = "hn"
MOST_VISITS = 3
MOST_LOGGED = 6
EDITS_IN_A_ROW = 3
LATE = timedelta(days=30)
"""So long afterwards a visit that is logged today still shows."""


async def press(turn: Turn, _words: str) -> Result | None:
    """The day."""
    places = await own_hamlets(turn)
    parts = (
        await waiting.asked_for(turn, places),
        await waiting.classes_until(turn, places, turn.today + timedelta(days=1)),
        await waiting.visits(turn, places, MOST_VISITS),
    )
    nothing = Part((turn.library.texts.work.today_nothing_to_do,))
    return Result(
        (waiting.joined((await _logged(turn), *(parts if any(part.lines for part in parts) else (nothing,)))),)
    )


async def say(turn: Turn, _text: str) -> Result | None:
    """Asked in words."""
    return await press(turn, "")


async def _logged(turn: Turn) -> Part:
    """What happened today, and what was logged today of the days before; each can be corrected."""
    texts, log = turn.library.texts.work, turn.library.texts.log
    title = turn.say(texts.today_title, day=day(turn.today))
    late = await sessions.of_member(turn.session, turn.staff.id, turn.today - LATE, turn.today)
    logged = [one for one in late if turn.today in (one.occurred_on, one.logged_at.astimezone(TIME_ZONE).date())]
    if not logged:
        return Part((title, texts.today_none))
    shown = list(enumerate(logged[:MOST_LOGGED], start=1))
    lines = [title, turn.say(texts.today_logged, count=len(logged))]
    lines += [f"**{number}.** {describe(turn, one)}" for number, one in shown]
    if len(logged) > MOST_LOGGED:
        lines.append(turn.say(texts.today_more, count=len(logged) - MOST_LOGGED))
    edits = [
        Button(turn.say(log.edit_button_of, number=number), payload(OWN_SESSIONS, "e", one.id)) for number, one in shown
    ]
    rows = tuple(tuple(edits[at : at + EDITS_IN_A_ROW]) for at in range(0, len(edits), EDITS_IN_A_ROW))
    return Part(tuple(lines), rows)


SERVICE = Service(NAME, Role.MEMBER, press, say=say, commands=("/homnay",), intents=("team.today",))
