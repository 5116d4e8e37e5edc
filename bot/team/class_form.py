"""Opening a class in the chat: which hamlet, what about, when, at which place, a look at it, done.

The form asks for the first thing that is not known yet, so what the first sentence told is not asked again. It is part
of the conversation's state and goes on after a restart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.messages import Button, Reply
from bot.service import TIME_ZONE, Form, Result, Turn, payload
from bot.team.class_card import NAME, card, say_when
from bot.team.class_time import read_moment
from bot.team.ids import read_id
from bot.team.places import full_name, own_hamlets
from db.outreach import classes, hamlets
from db.outreach.models import Hamlet, LearningClass
from db.outreach.names import key

FIELDS = ("hamlet", "title", "at", "place")
"""What a form holds, in the order in which it is asked for."""
A_ROW = 3
LONGEST_TITLE = 80
LONGEST_PLACE = 100
PLACES = 2
"""How many earlier places are offered beside the usual one."""


def is_open(form: Form) -> bool:
    """Whether a class is being opened."""
    return "opening" in form


async def begin(turn: Turn, text: str = "") -> Result:
    """A new form. `text` may tell hamlet and time already: "mở lớp ở ấp 3 tối thứ bảy 7h"."""
    own = await own_hamlets(turn)
    if not own:
        return Result((Reply(turn.library.texts.log_text.no_own_hamlet),))
    said = f" {key(text)} "
    named = [one for one in own if f" {key(full_name(turn, one))} " in said]
    values: Form = {}
    if len(own) == 1 or len(named) == 1:
        values["hamlet"] = (named or own)[0].id
    if moment := read_moment(text, turn.incoming.sent_at):
        values["at"] = moment.isoformat()
    return await _ask(turn, values)


async def press(turn: Turn, answer: str) -> Result:
    """A button of the form: "m3" hamlet, "s<subject>", "p0" place, "back", "ok". One that does not fit asks again."""
    texts, values = turn.library.texts.classes, _values(turn.form)
    step = _step(values)
    if answer == "back":
        return await _ask(turn, await _before(turn, values))
    if answer == "ok":
        return await _create(turn, values) if step is None else await _ask(turn, values)
    sort, value = answer[:1], answer[1:]
    if step == "hamlet" and sort == "m" and (hamlet := await _own(turn, read_id(value))):
        values["hamlet"] = hamlet.id
    elif step == "title" and sort == "s" and value in texts.subjects:
        values["title"] = texts.subjects[value]
    elif step == "place" and sort == "p" and (number := read_id(value)) is not None:
        offered = await _places(turn, values)
        if number < len(offered):
            values["place"] = offered[number]
    return await _ask(turn, values)


async def say(turn: Turn, text: str) -> Result | None:
    """A typed answer; None when it answers nothing."""
    values = _values(turn.form)
    words = " ".join(text.split())
    match _step(values):
        case "hamlet":
            return None
        case "title":
            values["title"] = words[:LONGEST_TITLE]
        case "place":
            values["place"] = words[:LONGEST_PLACE]
        case _:
            moment = read_moment(text, turn.incoming.sent_at)
            if moment is None:
                return await _ask(turn, values, turn.library.texts.classes.bad_when)
            values["at"] = moment.isoformat()
    return await _ask(turn, values)


async def _ask(turn: Turn, values: Form, instead: str = "") -> Result:
    """The next question, or `instead` of it another text over its buttons."""
    texts = turn.library.texts.classes
    match _step(values):
        case "hamlet":
            choices = [(f"m{one.id}", full_name(turn, one)) for one in await own_hamlets(turn)]
            shown = _reply(turn, texts.ask_hamlet, choices, A_ROW)
        case "title":
            shown = _reply(turn, texts.ask_title, [(f"s{code}", name) for code, name in texts.subjects.items()])
        case "at":
            shown = _reply(turn, texts.ask_when, ())
        case "place":
            offered = await _places(turn, values)
            shown = _reply(turn, texts.ask_place, [(f"p{number}", place) for number, place in enumerate(offered)])
        case _:
            shown = _reply(turn, await _summary(turn, values), [("ok", texts.confirm_button)])
    return Result((shown.with_text(instead or shown.text),), {"opening": values})


async def _summary(turn: Turn, values: Form) -> str:
    texts = turn.library.texts.classes
    hamlet = await _own(turn, values["hamlet"])
    moment = datetime.fromisoformat(values["at"])
    planned = LearningClass(title=values["title"], place=values["place"], starts_at=moment)
    where = values["place"]
    if hamlet and key(full_name(turn, hamlet)) not in key(where):
        where = f"{where} ({full_name(turn, hamlet)})"
    text = turn.say(texts.confirm, title=planned.title, when=say_when(moment), place=where)
    others = await classes.coming(turn.session, turn.commune.slug, turn.now, hamlet_ids=[values["hamlet"]], limit=50)
    day = moment.astimezone(TIME_ZONE).date()
    same_day = [one for one in others if one.starts_at.astimezone(TIME_ZONE).date() == day]
    warnings = [turn.say(texts.same_day, title=one.title, when=say_when(one.starts_at)) for one in same_day]
    return "\n".join([text, *warnings])


async def _create(turn: Turn, values: Form) -> Result:
    texts = turn.library.texts.classes
    hamlet, moment = await _own(turn, values["hamlet"]), datetime.fromisoformat(values["at"])
    if hamlet is None:
        return Result((Reply(texts.gone),), {})
    if moment < turn.incoming.sent_at - timedelta(minutes=1):  # the form was left open over the day
        return await _ask(turn, {name: value for name, value in values.items() if name != "at"}, texts.bad_when)
    planned = await classes.create(
        turn.session, commune=turn.commune.slug, hamlet_id=hamlet.id, title=values["title"], place=values["place"],
        starts_at=moment, created_by_id=turn.staff.id, actor=turn.actor, now=turn.now,
    )  # fmt: skip
    shown = await card(turn, planned)
    return Result((shown.with_text(f"{texts.created}\n\n{shown.text}"),), {})


async def _before(turn: Turn, values: Form) -> Form:
    """Without what was answered last; the first answer of somebody with one hamlet stays."""
    step = _step(values)
    asked = FIELDS if len(await own_hamlets(turn)) > 1 else FIELDS[1:]
    earlier = [name for name in asked if name in values and (step is None or FIELDS.index(name) < FIELDS.index(step))]
    return {name: value for name, value in values.items() if not earlier or name != earlier[-1]}


async def _places(turn: Turn, values: Form) -> Sequence[str]:
    hamlet = await hamlets.by_id(turn.session, turn.commune.slug, values["hamlet"])
    if hamlet is None:
        return ()
    usual = turn.say(turn.library.texts.classes.usual_place, hamlet=full_name(turn, hamlet))
    known = await classes.places(turn.session, hamlet.id, PLACES + 1)
    return (usual, *[place for place in known if key(place) != key(usual)][:PLACES])


async def _own(turn: Turn, hamlet_id: int | None) -> Hamlet | None:
    return next((one for one in await own_hamlets(turn) if one.id == hamlet_id), None)


def _values(form: Form) -> Form:
    return {name: form["opening"][name] for name in FIELDS if name in form["opening"]}


def _step(values: Form) -> str | None:
    """What is to be asked next; None when all is known."""
    return next((name for name in FIELDS if name not in values), None)


def _reply(turn: Turn, text: str, answers: Sequence[tuple[str, str]], a_row: int = 1) -> Reply:
    texts = turn.library.texts.classes
    choices = [Button(label, payload(NAME, "f", answer)) for answer, label in answers]
    rows = [tuple(choices[start : start + a_row]) for start in range(0, len(choices), a_row)]
    ways_out = (
        Button(texts.back_button, payload(NAME, "f", "back")),
        Button(texts.stop_button, payload(NAME, "stop")),
    )
    return Reply(text, (*rows, ways_out))
