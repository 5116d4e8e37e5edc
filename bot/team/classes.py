"""/lop: a member's classes. Opening one is class_form's business, counting and closing it class_close's."""

from __future__ import annotations

import re

from bot.messages import Button, Picture, Reply
from bot.service import Result, Service, Turn, payload
from bot.team import class_close, class_form
from bot.team.class_card import NAME, button, card, line, say_when
from bot.team.ids import read_id
from bot.team.places import own_hamlets
from db import links, outbox
from db.links import Sort
from db.models import Conversation
from db.outreach import classes
from db.outreach.models import LearningClass, Role
from db.outreach.names import key

_WANTS_CODE = re.compile(r"\b(?:ma|qr|diem danh)\b")


async def press(turn: Turn, words: str) -> Result | None:
    """Alone the list; "new" and "f:..." the form; of class 5: "c:5" card, "q" code, "n" count, "x" cancel, "e" close.

    While a class is being closed, "o:5:0" asks for an outcome, "o:5:0:12" notes it, and "w:5" stores.
    """
    texts = turn.library.texts.classes
    action, _, rest = words.partition(":")
    match action:
        case "stop":
            return Result((Reply(texts.stopped),), {})
        case "new":
            return await class_form.begin(turn)
        case "f" if class_form.is_open(turn.form):
            return await class_form.press(turn, rest)
        case "f":
            return await _list(turn, texts.form_over)
        case "c" | "q" | "n" | "x" | "e" | "o" | "w":
            number, _, answer = rest.partition(":")
            planned = await _own(turn, number)
            return await _of_class(turn, planned, action, answer) if planned else Result((Reply(texts.gone),))
        case _:
            return await _list(turn)


async def say(turn: Turn, text: str) -> Result | None:
    """Typed answers of the open form; without one, somebody wants to open a class, or the code of one."""
    if class_form.is_open(turn.form):
        return await class_form.say(turn, text)
    if turn.form:
        planned = await _own(turn, class_close.class_of(turn.form))
        if planned is None or await _is_over(turn, planned):
            return Result((Reply(turn.library.texts.classes.over),), {})
        if turn.form.get("step") == class_close.COUNT:
            return await class_close.say_count(turn, planned, text)
        return await class_close.say_achieved(turn, planned, text)
    if _WANTS_CODE.search(key(text)):
        return await _list(turn)
    return await class_form.begin(turn, text)


async def _of_class(turn: Turn, planned: LearningClass, action: str, answer: str) -> Result:
    if await _is_over(turn, planned):
        return await class_close.show_closed(turn, planned)
    match action:
        case "q" | "x" if planned.closed_at:
            return Result((await card(turn, planned),))
        case "q":
            return await _code(turn, planned)
        case "n":
            return class_close.ask_count(turn, planned)
        case "x":
            return await _cancel(turn, planned, answer)
        case "e":
            return await class_close.ask_achieved(turn, planned)
        case "o" | "w":
            return await class_close.press(turn, planned, action, answer)
        case _:
            return Result((await card(turn, planned),))


async def _is_over(turn: Turn, planned: LearningClass) -> bool:
    """Called off, or closed into a session that was not undone since."""
    if planned.cancelled_at:
        return True
    return planned.closed_at is not None and not await classes.is_undone(turn.session, planned)


async def _list(turn: Turn, head: str = "") -> Result:
    texts = turn.library.texts.classes
    own = [one.id for one in await own_hamlets(turn)]
    found = await classes.coming(turn.session, turn.commune.slug, turn.now, hamlet_ids=own)
    lines = [head, texts.list_title if found else texts.list_none, *(line(turn, one) for one in found)]
    new = Button(texts.new_button, payload(NAME, "new"))
    return Result((Reply("\n".join(filter(None, lines)), (*((button(one),) for one in found), (new,))),))


async def _code(turn: Turn, planned: LearningClass) -> Result:
    code = await links.make(turn.session, turn.commune.slug, Sort.CLASS, planned.id)
    address = turn.entrances.best(code)
    text = turn.say(turn.library.texts.classes.code, title=planned.title, address=address)
    return Result((Reply(text, picture=Picture("qr", planned.title, text=address)),))


async def _cancel(turn: Turn, planned: LearningClass, answer: str) -> Result:
    texts = turn.library.texts.classes
    if answer != "y":
        yes = Button(texts.cancel_yes_button, payload(NAME, "x", planned.id, "y"))
        no = Button(texts.stop_button, payload(NAME, "stop"))
        return Result((Reply(turn.say(texts.cancel_question, title=planned.title), ((yes, no),)),))
    await classes.cancel(turn.session, planned, turn.actor, turn.now)
    told = Reply(turn.say(texts.cancelled_notice, title=planned.title, when=say_when(planned.starts_at)))
    waiting = await classes.signed_up(turn.session, planned.id) if turn.now < planned.starts_at + classes.LESSON else ()
    for attendance in waiting:
        who = await turn.session.get(Conversation, attendance.conversation_id)
        if who is not None:
            origin = f"class:{planned.id}:cancelled:{attendance.id}"
            await outbox.add_notice(turn.session, who, origin, told.to_json(), turn.now)
    return Result((Reply(turn.say(texts.cancelled, title=planned.title)),))


async def _own(turn: Turn, number: str) -> LearningClass | None:
    """That class, locked, if whoever acts may see it."""
    planned = await classes.by_id(turn.session, turn.commune.slug, read_id(number) or 0, lock=True)
    return planned if planned and turn.may_see(planned.hamlet) else None


SERVICE = Service(NAME, Role.MEMBER, press, say=say, commands=("/lop",), intents=("team.new_class",))
