"""/lop: a member opens a class, shows its check-in code, counts those without a phone, closes it into a session."""

from __future__ import annotations

from datetime import datetime

from bot.messages import Button, Picture, Reply
from bot.service import TIME_ZONE, Form, Result, Service, Turn, payload
from bot.team.class_time import read_moment
from bot.team.ids import read_id
from bot.team.places import full_name, own_hamlets
from bot.team.receipt import receipt
from db import links, outbox
from db.links import Sort
from db.models import Conversation
from db.outreach import classes, hamlets, sessions
from db.outreach.models import LearningClass, OutcomeCode, Role, SessionKind
from db.outreach.sessions import Content

NAME = "lop"
A_ROW = 3
LONGEST_TITLE = 80
LONGEST_LABEL = 40
MOST_COUNTED = 900


async def press(turn: Turn, words: str) -> Result | None:
    """Alone the list; "new", "m:3", "s:vneid" of the form; "c:5" card, "q" code, "n" count, "e" close, "x" cancel."""
    texts = turn.library.texts.classes
    action, _, rest = words.partition(":")
    if not words:
        return await _list(turn)
    if action == "stop":
        return Result((Reply(texts.stopped),), {})
    if action == "new":
        return await _begin(turn)
    if action == "m" and turn.form.get("step") == "hamlet":
        return await _where(turn, rest)
    if action == "s" and turn.form.get("step") == "title" and rest in texts.subjects:
        return _ask(turn, texts.ask_when, turn.form | {"step": "when", "title": texts.subjects[rest]})
    number, _, answer = rest.partition(":")
    planned = await _own(turn, number)
    if planned is None:
        return Result((Reply(texts.gone),))
    if action == "c":
        return Result((await _card(turn, planned),))
    if planned.closed_at or planned.cancelled_at:
        return Result((Reply(texts.over),))
    match action:
        case "q":
            return await _code(turn, planned)
        case "n":
            return _ask(turn, texts.ask_count, {"step": "count", "class": planned.id})
        case "x":
            return await _cancel(turn, planned, answer)
        case "e":
            return await _close(turn, planned, answer)
        case _:
            return None


async def say(turn: Turn, text: str) -> Result | None:
    """Typed answers of the form; without one, somebody wants to open a class."""
    texts = turn.library.texts.classes
    words = " ".join(text.split())
    match turn.form.get("step"):
        case "title":
            return _ask(turn, texts.ask_when, turn.form | {"step": "when", "title": words[:LONGEST_TITLE]})
        case "when":
            moment = read_moment(text, turn.incoming.sent_at)
            if moment is None:
                return _ask(turn, texts.bad_when, turn.form)
            return _ask(turn, texts.ask_place, turn.form | {"step": "place", "at": moment.isoformat()})
        case "place":
            return await _create(turn, words[:LONGEST_TITLE])
        case "count":
            return await _count(turn, words)
        case "hamlet":
            return None
        case _:
            return await _begin(turn)


def say_when(moment: datetime) -> str:
    """ "19:00 thứ năm, 26/11/2026"."""
    days = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
    here = moment.astimezone(TIME_ZONE)
    return f"{here:%H:%M} {days[here.weekday()]}, {here.day}/{here.month}/{here.year}"


def say_place(word: str, planned: LearningClass) -> str:
    """Where a class is held: the place, and the hamlet."""
    hamlet = f"{word} {planned.hamlet.name}"
    return f"{planned.place} ({hamlet})" if planned.place else hamlet


async def _list(turn: Turn) -> Result:
    texts = turn.library.texts.classes
    own = [one.id for one in await own_hamlets(turn)]
    found = await classes.coming(turn.session, turn.commune.slug, turn.now, hamlet_ids=own)
    lines = [texts.list_title if found else texts.list_none, *(_line(turn, one) for one in found)]
    rows = [(Button(one.title[:LONGEST_LABEL], payload(NAME, "c", one.id)),) for one in found]
    rows.append((Button(texts.new_button, payload(NAME, "new")),))
    return Result((Reply("\n".join(lines), tuple(rows)),))


def _line(turn: Turn, planned: LearningClass) -> str:
    place = say_place(turn.commune.hamlet_word, planned)
    return turn.say(turn.library.texts.classes.line, title=planned.title, when=say_when(planned.starts_at), place=place)


async def _begin(turn: Turn) -> Result:
    texts = turn.library.texts.classes
    own = await own_hamlets(turn)
    if not own:
        return Result((Reply(turn.library.texts.log_text.no_own_hamlet),))
    if len(own) == 1:
        return _ask_title(turn, own[0].id)
    choices = [Button(full_name(turn, one), payload(NAME, "m", one.id)) for one in own]
    rows = [tuple(choices[start : start + A_ROW]) for start in range(0, len(choices), A_ROW)]
    return Result((Reply(texts.ask_hamlet, (*rows, (_stop(turn),))),), {"step": "hamlet"})


async def _where(turn: Turn, value: str) -> Result:
    for hamlet in await own_hamlets(turn):
        if str(hamlet.id) == value:
            return _ask_title(turn, hamlet.id)
    return await _begin(turn)


def _ask_title(turn: Turn, hamlet_id: int) -> Result:
    texts = turn.library.texts.classes
    rows = tuple((Button(name, payload(NAME, "s", code)),) for code, name in texts.subjects.items())
    return Result((Reply(texts.ask_title, (*rows, (_stop(turn),))),), {"step": "title", "hamlet": hamlet_id})


def _ask(turn: Turn, question: str, form: Form) -> Result:
    return Result((Reply(question, ((_stop(turn),),)),), form)


async def _create(turn: Turn, place: str) -> Result:
    texts, form = turn.library.texts.classes, turn.form
    hamlet = await hamlets.by_id(turn.session, turn.commune.slug, form["hamlet"])
    if hamlet is None or not turn.may_see(hamlet):
        return Result((Reply(texts.gone),), {})
    planned = await classes.create(
        turn.session, commune=turn.commune.slug, hamlet_id=hamlet.id, title=form["title"], place=place,
        starts_at=datetime.fromisoformat(form["at"]), created_by_id=turn.staff.id, actor=turn.actor, now=turn.now,
    )  # fmt: skip
    shown = await _card(turn, planned)
    return Result((shown.with_text(f"{texts.created}\n\n{shown.text}"),), {})


async def _card(turn: Turn, planned: LearningClass) -> Reply:
    texts = turn.library.texts.classes
    signed_up, present = await classes.counts(turn.session, planned.id)
    text = turn.say(
        texts.card, title=planned.title, when=say_when(planned.starts_at), signed_up=signed_up, checked_in=present,
        place=say_place(turn.commune.hamlet_word, planned), without_phone=planned.without_phone,
    )  # fmt: skip
    if planned.closed_at or planned.cancelled_at:
        return Reply(f"{text}\n{texts.over}")
    labels = {"q": texts.code_button, "n": texts.count_button, "e": texts.close_button, "x": texts.cancel_button}
    buttons = [Button(label, payload(NAME, action, planned.id)) for action, label in labels.items()]
    return Reply(text, (tuple(buttons[:2]), tuple(buttons[2:])))


async def _code(turn: Turn, planned: LearningClass) -> Result:
    texts = turn.library.texts.classes
    code = await links.make(turn.session, turn.commune.slug, Sort.CLASS, planned.id)
    address = turn.entrances.best(code)
    text = turn.say(texts.code, title=planned.title, address=address)
    return Result((Reply(text, picture=Picture("qr", planned.title, text=address)),))


async def _count(turn: Turn, words: str) -> Result:
    texts = turn.library.texts.classes
    planned = await _own(turn, str(turn.form["class"]))
    if planned is None or planned.closed_at or planned.cancelled_at:
        return Result((Reply(texts.over),), {})
    if not (words.isdecimal() and len(words) <= 3 and int(words) <= MOST_COUNTED):
        return _ask(turn, texts.bad_count, turn.form)
    planned.without_phone = int(words)
    return Result((await _card(turn, planned),), {})


async def _cancel(turn: Turn, planned: LearningClass, answer: str) -> Result:
    texts = turn.library.texts.classes
    if answer != "y":
        yes = Button(texts.cancel_yes_button, payload(NAME, "x", planned.id, "y"))
        question = turn.say(texts.cancel_question, title=planned.title)
        return Result((Reply(question, ((yes, _stop(turn)),)),))
    await classes.cancel(turn.session, planned, turn.actor, turn.now)
    told = Reply(turn.say(texts.cancelled_notice, title=planned.title, when=say_when(planned.starts_at)))
    for attendance in await classes.signed_up(turn.session, planned.id):
        who = await turn.session.get(Conversation, attendance.conversation_id)
        if who is not None:
            origin = f"class:{planned.id}:cancelled:{attendance.id}"
            await outbox.add_notice(turn.session, who, origin, told.to_json(), turn.now)
    return Result((Reply(turn.say(texts.cancelled, title=planned.title)),))


async def _close(turn: Turn, planned: LearningClass, answer: str) -> Result:
    texts = turn.library.texts.classes
    _, present = await classes.counts(turn.session, planned.id)
    people = present + planned.without_phone
    if people == 0:
        return Result((Reply(texts.close_empty),))
    if answer not in {"all", "none"}:
        choices = (
            Button(turn.say(texts.all_button, people=people), payload(NAME, "e", planned.id, "all")),
            Button(texts.none_button, payload(NAME, "e", planned.id, "none")),
        )
        return Result((Reply(turn.say(texts.close_question, people=people), (choices,)),))
    planned.closed_at = turn.now
    content = Content(
        SessionKind.CLASS, planned.hamlet_id, planned.starts_at.astimezone(TIME_ZONE).date(),
        min(people, sessions.MOST_PEOPLE), class_id=planned.id, adults=min(people, sessions.MOST_PEOPLE),
        note=planned.title, outcomes={OutcomeCode.BASIC_DIGITAL_SKILLS: people} if answer == "all" else {},
    )  # fmt: skip
    logged = await sessions.log(
        turn.session, content, commune=turn.commune.slug, origin=f"class:{planned.id}:", source="class",
        member_id=turn.staff.id, actor=turn.actor, written_at=turn.incoming.sent_at, now=turn.now,
    )  # fmt: skip
    return Result((receipt(turn, [logged.session]),))


async def _own(turn: Turn, number: str) -> LearningClass | None:
    planned = await classes.by_id(turn.session, turn.commune.slug, read_id(number) or 0, lock=True)
    return planned if planned and turn.may_see(planned.hamlet) else None


def _stop(turn: Turn) -> Button:
    return Button(turn.library.texts.classes.stop_button, payload(NAME, "stop"))


SERVICE = Service(NAME, Role.MEMBER, press, say=say, commands=("/lop",), intents=("team.new_class",))
