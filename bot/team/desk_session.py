"""/motcua: a session at the one-stop desk in two taps, what was helped with and for how many.

Where people come from is the hamlet of the last time, told and changed with a button. A keyboard stores one session,
however often it is pressed: its buttons carry a mark of the message that opened it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.messages import Button, Reply
from bot.service import Result, Service, Turn, payload
from bot.team.ids import read_id
from bot.team.places import full_name, own_hamlets
from bot.team.receipt import receipt
from db.outreach import sessions
from db.outreach.models import Hamlet, OutcomeCode, Role, SessionKind
from db.outreach.sessions import Content

NAME = "mc"
PEOPLE = (1, 2, 3, 4, 5, 6, 8, 10)
ADVICE = "x"
"""In the place of an outcome: people were advised, nothing that is counted was achieved."""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Which session the buttons are for: the mark of the message that asked for them, and the hamlet."""

    mark: str
    hamlet: Hamlet


async def press(turn: Turn, words: str) -> Result | None:
    """Alone asks what; "h:<mark>" which hamlet; "m:<mark>:3" takes that; "o:<mark>:3:0" what, ":2" for how many."""
    own = await own_hamlets(turn)
    if not own:
        return Result((Reply(turn.library.texts.log_text.no_own_hamlet),))
    action, mark, number, outcome, count = (words.split(":") + [""] * 5)[:5]
    hamlet = next((one for one in own if one.id == read_id(number)), None)
    if action == "h" and mark:
        return _ask_hamlet(turn, own, mark)
    if action == "m" and hamlet:
        return _ask_outcome(turn, own, Keyboard(mark, hamlet))
    if action == "o" and hamlet and mark and _is_outcome(turn, outcome):
        if count:
            return await _store(turn, Keyboard(mark, hamlet), outcome, read_id(count) or 0)
        return _ask_people(turn, Keyboard(mark, hamlet), outcome)
    return await _begin(turn, own)


async def say(turn: Turn, text: str) -> Result | None:
    """A typed number of people, while it is asked for."""
    if not (turn.form and text.strip().isdecimal()):
        return None
    hamlet = next((one for one in await own_hamlets(turn) if one.id == turn.form["hamlet"]), None)
    if hamlet is None:
        return None
    return await _store(turn, Keyboard(turn.form["mark"], hamlet), turn.form["outcome"], int(text.strip()[:9]))


async def _begin(turn: Turn, own: Sequence[Hamlet]) -> Result:
    mark = hashlib.sha256(turn.origin.encode()).hexdigest()[:12]
    last = await sessions.last_of_kind(turn.session, turn.staff.id, SessionKind.ONE_STOP_DESK)
    known = next((one for one in own if last and one.id == last.hamlet_id), None)
    if known is None and len(own) > 1:
        return _ask_hamlet(turn, own, mark)
    return _ask_outcome(turn, own, Keyboard(mark, known or own[0]))


def _ask_hamlet(turn: Turn, own: Sequence[Hamlet], mark: str) -> Result:
    choices = [Button(full_name(turn, one), payload(NAME, "m", mark, one.id)) for one in own]
    return Result((Reply(turn.library.texts.desk_session.ask_hamlet, _rows(choices, 3)),))


def _ask_outcome(turn: Turn, own: Sequence[Hamlet], keyboard: Keyboard) -> Result:
    texts, names = turn.library.texts.desk_session, turn.library.texts.log.outcomes
    choices = [Button(name, _of(keyboard, place)) for place, name in enumerate(names.values())]
    rows = [*_rows(choices, 2), (Button(texts.advice_button, _of(keyboard, ADVICE)),)]
    if len(own) > 1:
        rows.append((Button(texts.other_hamlet_button, payload(NAME, "h", keyboard.mark)),))
    return Result((Reply(turn.say(texts.ask, hamlet=full_name(turn, keyboard.hamlet)), tuple(rows)),), {})


def _ask_people(turn: Turn, keyboard: Keyboard, outcome: str) -> Result:
    texts = turn.library.texts.desk_session
    choices = [Button(str(count), _of(keyboard, outcome, count)) for count in PEOPLE]
    ask = turn.say(texts.ask_people, outcome=_name(turn, outcome), hamlet=full_name(turn, keyboard.hamlet))
    form = {"mark": keyboard.mark, "hamlet": keyboard.hamlet.id, "outcome": outcome}
    return Result((Reply(ask, _rows(choices, 4)),), form)


async def _store(turn: Turn, keyboard: Keyboard, outcome: str, people: int) -> Result:
    texts = turn.library.texts.desk_session
    if not 1 <= people <= sessions.MOST_PEOPLE:
        return Result((Reply(turn.say(texts.bad_people, most=sessions.MOST_PEOPLE)),))
    origin = f"desk:{turn.conversation.id}:{keyboard.mark}:"
    stored = await sessions.of_origin(turn.session, turn.commune.slug, origin)
    if stored:
        return Result((_with_next(turn, receipt(turn, stored[:1], head=texts.already)),), {})
    code = _code(turn, outcome)
    content = Content(
        SessionKind.ONE_STOP_DESK, keyboard.hamlet.id, turn.today, people, adults=people,
        outcomes={code: people} if code else {},
    )  # fmt: skip
    logged = await sessions.log(
        turn.session, content, commune=turn.commune.slug, origin=origin, source="desk", member_id=turn.staff.id,
        actor=turn.actor, written_at=turn.incoming.sent_at, now=turn.now,
    )  # fmt: skip
    return Result((_with_next(turn, receipt(turn, [logged.session])),), {})


def _with_next(turn: Turn, reply: Reply) -> Reply:
    following = Button(turn.library.texts.desk_session.next_button, payload(NAME, "new"))
    return replace(reply, buttons=(*reply.buttons, (following,)))


def _of(keyboard: Keyboard, *parts: object) -> str:
    return payload(NAME, "o", keyboard.mark, keyboard.hamlet.id, *parts)


def _is_outcome(turn: Turn, outcome: str) -> bool:
    number = read_id(outcome)
    return outcome == ADVICE or (number is not None and number < len(turn.library.texts.log.outcomes))


def _code(turn: Turn, outcome: str) -> OutcomeCode | None:
    return None if outcome == ADVICE else OutcomeCode(list(turn.library.texts.log.outcomes)[int(outcome)])


def _name(turn: Turn, outcome: str) -> str:
    texts = turn.library.texts
    return texts.desk_session.advice_button if outcome == ADVICE else list(texts.log.outcomes.values())[int(outcome)]


def _rows(buttons: Sequence[Button], a_row: int) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[start : start + a_row]) for start in range(0, len(buttons), a_row))


SERVICE = Service(NAME, Role.MEMBER, press, say=say, commands=("/motcua",))
