"""After a class: those without a phone are counted, what people achieved is asked, and it becomes a support session."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Button, Reply
from bot.service import TIME_ZONE, Form, Result, Turn, payload
from bot.team.class_card import COUNTED, NAME, card, say_when
from bot.team.draft import Draft, corrected
from bot.team.head_count import read_head_count
from bot.team.ids import read_id
from bot.team.quick_log import KnownPlaces
from bot.team.receipt import receipt
from db.outreach import classes, sessions
from db.outreach.classes import HeadCount
from db.outreach.models import LearningClass, OutcomeCode, SessionKind
from db.outreach.sessions import Content, ImpossibleError

COUNT, CLOSE = "count", "close"
"""The steps of the form."""
A_ROW = 2


def class_of(form: Form) -> str:
    """The class that an open form is about."""
    return str(form.get("class", ""))


def ask_count(turn: Turn, planned: LearningClass) -> Result:
    """Asks for those who could not check in; in the midst of closing a class, that goes on afterwards."""
    form: Form = {"step": COUNT, "class": planned.id}
    if turn.form.get("class") == planned.id and "outcomes" in turn.form:
        form["outcomes"] = turn.form["outcomes"]
    return Result((Reply(turn.library.texts.classes.ask_count, ((_stop(turn),),)),), form)


async def say_count(turn: Turn, planned: LearningClass, text: str) -> Result:
    """The typed head count."""
    texts = turn.library.texts
    counted = HeadCount(0) if text.strip() == "0" else _head_count(read_head_count(turn, text))
    if counted is None:
        return Result((Reply(texts.classes.bad_count, ((_stop(turn),),)),))
    try:
        if counted.people:
            _content(planned, counted).check()
    except ImpossibleError as error:
        return Result((Reply(getattr(texts.log.impossible, error.reason), ((_stop(turn),),)),))
    classes.count_by_hand(turn.session, planned, counted, turn.actor, turn.now)
    if "outcomes" in turn.form and await _people(turn, planned):
        return await ask_achieved(turn, planned)
    return Result((await card(turn, planned),), {})


async def ask_achieved(turn: Turn, planned: LearningClass) -> Result:
    """Begins to close a class, unless it is too early; who came is asked first when nobody has checked in."""
    texts = turn.library.texts.classes
    if turn.now < planned.starts_at - classes.OPEN_BEFORE:
        early = turn.say(texts.close_early, title=planned.title, when=say_when(planned.starts_at))
        return Result((Reply(early),))
    people = await _people(turn, planned)
    if people == 0:
        return _ask_who_came(turn, planned)
    known = _outcomes(turn, planned) or await _achieved_before(turn, planned, people)
    return await _overview(turn, planned, known)


async def press(turn: Turn, planned: LearningClass, action: str, answer: str) -> Result:
    """ "o" with an outcome's place asks how many achieved it, with ":<number>" notes it; "w" stores all."""
    if turn.form.get("step") != CLOSE or turn.form.get("class") != planned.id:
        return await ask_achieved(turn, planned)
    outcomes = _outcomes(turn, planned)
    if action == "w":
        return await _save(turn, planned, outcomes)
    place, _, count = answer.partition(":")
    codes = list(turn.library.texts.log.outcomes)
    number, said = read_id(place), read_id(count)
    if number is None or number >= len(codes):
        return await _overview(turn, planned, outcomes)
    if said is None or said > await _people(turn, planned):
        return await _ask_number(turn, planned, outcomes, number)
    return await _overview(turn, planned, outcomes | {codes[number]: said})


async def say_achieved(turn: Turn, planned: LearningClass, text: str) -> Result:
    """Typed outcomes ("vneid 10, kỹ năng số 12"), or the number that is asked for."""
    texts, outcomes = turn.library.texts, _outcomes(turn, planned)
    people = await _people(turn, planned)
    asked = turn.form.get("asked")
    if asked is not None and text.strip().isdecimal():
        said = {list(texts.log.outcomes)[asked]: int(text.strip()[:9])}
    else:
        blank = Draft(turn.today, kind=SessionKind.CLASS.value, no_household=True, people=people)
        read = corrected(blank, text, turn.today, KnownPlaces(turn.commune.hamlet_word, ()))
        said = dict(read.outcomes) if read and read.outcomes else {}
    if not said:
        return await _overview(turn, planned, outcomes, texts.classes.close_not_understood)
    if max(said.values()) > people:
        return await _overview(turn, planned, outcomes, texts.log.impossible.outcome_over_people)
    return await _overview(turn, planned, outcomes | said)


async def show_closed(turn: Turn, planned: LearningClass) -> Result:
    """For buttons of a class that is over: what is stored of it."""
    texts = turn.library.texts.classes
    stored = await sessions.of_origin(turn.session, turn.commune.slug, classes.origin(planned))
    if planned.closed_at is None or not stored:
        return Result((await card(turn, planned),))
    return Result((receipt(turn, stored[:1], head=texts.closed_before),))


def _ask_who_came(turn: Turn, planned: LearningClass) -> Result:
    texts = turn.library.texts.classes
    ways = [_stop(turn)]
    if planned.closed_at is None:
        ways.append(Button(texts.cancel_button, payload(NAME, "x", planned.id)))
    form = {"step": COUNT, "class": planned.id, "outcomes": _outcomes(turn, planned)}
    return Result((Reply(f"{texts.close_empty}\n\n{texts.ask_count}", (tuple(ways),)),), form)


async def _overview(turn: Turn, planned: LearningClass, outcomes: dict[str, int], head: str = "") -> Result:
    texts, names = turn.library.texts.classes, turn.library.texts.log.outcomes
    question = turn.say(texts.close_question, title=planned.title, people=await _people(turn, planned))
    buttons = [
        Button(f"{name}: {outcomes[code]}" if outcomes.get(code) else name, payload(NAME, "o", planned.id, place))
        for place, (code, name) in enumerate(names.items())
    ]
    rows = [tuple(buttons[start : start + A_ROW]) for start in range(0, len(buttons), A_ROW)]
    count = Button(texts.count_button, payload(NAME, "n", planned.id))
    rows += [(Button(texts.save_button, payload(NAME, "w", planned.id)),), (count, _stop(turn))]
    form = {"step": CLOSE, "class": planned.id, "outcomes": {code: n for code, n in outcomes.items() if n}}
    return Result((Reply(f"{head}\n\n{question}" if head else question, tuple(rows)),), form)


async def _ask_number(turn: Turn, planned: LearningClass, outcomes: dict[str, int], number: int) -> Result:
    texts, names = turn.library.texts.classes, list(turn.library.texts.log.outcomes.values())
    people = await _people(turn, planned)
    choices = (
        Button(turn.say(texts.all_button, people=people), payload(NAME, "o", planned.id, number, people)),
        Button(texts.nobody_button, payload(NAME, "o", planned.id, number, 0)),
    )
    ask = turn.say(texts.ask_achieved, outcome=names[number], people=people)
    form = {"step": CLOSE, "class": planned.id, "outcomes": outcomes, "asked": number}
    return Result((Reply(ask, (choices, (_stop(turn),))),), form)


async def _save(turn: Turn, planned: LearningClass, outcomes: dict[str, int]) -> Result:
    try:
        logged = await classes.close(
            turn.session, planned, {OutcomeCode(code): count for code, count in outcomes.items()},
            occurred_on=planned.starts_at.astimezone(TIME_ZONE).date(), member_id=turn.staff.id, actor=turn.actor,
            written_at=turn.incoming.sent_at, now=turn.now,
        )  # fmt: skip
    except ImpossibleError as error:
        if error.reason == "nobody":
            return _ask_who_came(turn, planned)
        return await _overview(turn, planned, outcomes, getattr(turn.library.texts.log.impossible, error.reason))
    stored = logged.session
    owner = stored.member if stored.member_id != turn.staff.id else None
    remarks = [turn.say(turn.library.texts.classes.closed_for, name=owner.name)] if owner else []
    head = turn.library.texts.log.already_voided if stored.voided_at else ""  # undone by something written later
    return Result((receipt(turn, [stored], head=head, remarks=remarks),), {})


async def _people(turn: Turn, planned: LearningClass) -> int:
    _, present = await classes.counts(turn.session, planned.id)
    return present + planned.without_phone


def _outcomes(turn: Turn, planned: LearningClass) -> dict[str, int]:
    """What was noted so far in the open form of that class."""
    return dict(turn.form.get("outcomes", {})) if turn.form.get("class") == planned.id else {}


async def _achieved_before(turn: Turn, planned: LearningClass, people: int) -> dict[str, int]:
    """What the session said that was undone: whoever closes the class again begins with that."""
    stored = await sessions.of_origin(turn.session, turn.commune.slug, classes.origin(planned))
    return {outcome.code: outcome.count for one in stored[:1] for outcome in one.outcomes if outcome.count <= people}


def _head_count(read: Draft | None) -> HeadCount | None:
    if read is None:
        return None
    return HeadCount(read.people or 0, **{name: getattr(read, name) or 0 for name in COUNTED})


def _content(planned: LearningClass, counted: HeadCount) -> Content:
    """What would be stored if only those counted by hand had come."""
    blank = Content(SessionKind.CLASS, planned.hamlet_id, planned.starts_at.astimezone(TIME_ZONE).date(), 1)
    return replace(blank, people=counted.people, **{name: getattr(counted, name) for name in COUNTED})


def _stop(turn: Turn) -> Button:
    return Button(turn.library.texts.classes.stop_button, payload(NAME, "stop"))
