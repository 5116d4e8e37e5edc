"""/motcua: a session at the one-stop desk in two taps; /sukien: a public event."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.service import Form, Result, Service, Turn, payload
from bot.team.ids import read_id
from bot.team.places import full_name, own_hamlets
from bot.team.receipt import receipt
from db.outreach import sessions
from db.outreach.models import Hamlet, OutcomeCode, Role, SessionKind
from db.outreach.sessions import Content

DESK, EVENT = "mc", "sk"
PEOPLE = (1, 2, 3, 4, 5, 6, 8, 10)
A_ROW = 4
LONGEST_TITLE = 120


async def press_desk(turn: Turn, words: str) -> Result | None:
    """Alone asks what; "h" and "m:3" where people come from; "o:3:0" what; "o:3:0:2" what, and for how many: stored."""
    texts, names = turn.library.texts.quick_sessions, turn.library.texts.log.outcomes
    own = await own_hamlets(turn)
    if not own:
        return Result((Reply(turn.library.texts.log_text.no_own_hamlet),))
    action, *values = words.split(":")
    numbers = [number for one in values if (number := read_id(one)) is not None]
    hamlet = next((one for one in own if numbers and one.id == numbers[0]), None)
    if action == "h" or (action == "" and len(own) > 1):
        choices = [Button(full_name(turn, one), payload(DESK, "m", one.id)) for one in own]
        return Result((Reply(texts.desk_ask_hamlet, _rows(choices, 3)),))
    if action == "" or (action == "m" and hamlet):
        return Result((_ask_outcome(turn, hamlet or own[0], len(own)),))
    codes = list(names)
    if action != "o" or hamlet is None or len(numbers) < 2 or numbers[1] >= len(codes):
        return Result((_ask_outcome(turn, own[0], len(own)),))
    code = codes[numbers[1]]
    if len(numbers) < 3 or not 1 <= numbers[2] <= sessions.MOST_PEOPLE:
        choices = [Button(str(n), payload(DESK, "o", hamlet.id, numbers[1], n)) for n in PEOPLE]
        ask = turn.say(texts.desk_ask_people, outcome=names[code])
        return Result((Reply(f"{ask}\n{texts.desk_more_people}", _rows(choices, A_ROW)),))
    content = Content(
        SessionKind.ONE_STOP_DESK, hamlet.id, turn.today, numbers[2], adults=numbers[2],
        outcomes={OutcomeCode(code): numbers[2]},
    )  # fmt: skip
    return await _stored(turn, content, "desk")


async def press_event(turn: Turn, words: str) -> Result | None:
    """Alone asks which event; "e:market" names it; "m:3" says where."""
    texts = turn.library.texts.quick_sessions
    action, _, value = words.partition(":")
    if action == "stop":
        return Result((Reply(texts.stopped),), {})
    if action == "e" and value in texts.events:
        return await _ask_where(turn, texts.events[value])
    if action == "m" and turn.form.get("step") == "hamlet":
        own = {str(one.id): one for one in await own_hamlets(turn)}
        if value in own:
            return _ask_how_many(turn, turn.form | {"hamlet": own[value].id})
    choices = [Button(name, payload(EVENT, "e", code)) for code, name in texts.events.items()]
    return Result((Reply(texts.event_ask, (*_rows(choices, 1), (_stop(turn),))),), {"step": "title"})


async def say_event(turn: Turn, text: str) -> Result | None:
    """The event's name, or how many people came."""
    texts, form = turn.library.texts.quick_sessions, turn.form
    words = " ".join(text.split())
    if form.get("step") == "title":
        return await _ask_where(turn, words[:LONGEST_TITLE])
    if form.get("step") != "people":
        return None
    if not (words.isdecimal() and len(words) <= 3 and int(words) > 0):
        return Result((Reply(texts.bad_people, ((_stop(turn),),)),))
    own = {one.id for one in await own_hamlets(turn)}
    if form["hamlet"] not in own:
        return Result((Reply(texts.stopped),), {})
    content = Content(SessionKind.PUBLIC_EVENT, form["hamlet"], turn.today, int(words), note=form["title"])
    return await _stored(turn, content, "event")


async def _ask_where(turn: Turn, title: str) -> Result:
    texts = turn.library.texts.quick_sessions
    own = await own_hamlets(turn)
    if not own:
        return Result((Reply(turn.library.texts.log_text.no_own_hamlet),), {})
    if len(own) == 1:
        return _ask_how_many(turn, {"title": title, "hamlet": own[0].id})
    choices = [Button(full_name(turn, one), payload(EVENT, "m", one.id)) for one in own]
    return Result(
        (Reply(texts.event_ask_hamlet, (*_rows(choices, 3), (_stop(turn),))),), {"step": "hamlet", "title": title}
    )


def _ask_how_many(turn: Turn, form: Form) -> Result:
    texts = turn.library.texts.quick_sessions
    return Result((Reply(texts.event_ask_people, ((_stop(turn),),)),), form | {"step": "people"})


def _ask_outcome(turn: Turn, hamlet: Hamlet, choices_of_hamlet: int) -> Reply:
    texts, names = turn.library.texts.quick_sessions, turn.library.texts.log.outcomes
    choices = [Button(name, payload(DESK, "o", hamlet.id, place)) for place, name in enumerate(names.values())]
    rows = list(_rows(choices, 2))
    if choices_of_hamlet > 1:
        rows.append((Button(texts.desk_other_hamlet_button, payload(DESK, "h")),))
    return Reply(turn.say(texts.desk_ask, hamlet=full_name(turn, hamlet)), tuple(rows))


async def _stored(turn: Turn, content: Content, source: str) -> Result:
    logged = await sessions.log(
        turn.session, content, commune=turn.commune.slug, origin=turn.origin, source=source, member_id=turn.staff.id,
        actor=turn.actor, written_at=turn.incoming.sent_at, now=turn.now,
    )  # fmt: skip
    return Result((receipt(turn, [logged.session]),), {})


def _rows(buttons: list[Button], a_row: int) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[start : start + a_row]) for start in range(0, len(buttons), a_row))


def _stop(turn: Turn) -> Button:
    return Button(turn.library.texts.quick_sessions.stop_button, payload(EVENT, "stop"))


DESK_SERVICE = Service(DESK, Role.MEMBER, press_desk, commands=("/motcua",))
EVENT_SERVICE = Service(EVENT, Role.MEMBER, press_event, say=say_event, commands=("/sukien",))
