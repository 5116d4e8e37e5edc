"""A citizen at a class: signs up to be reminded, checks in by its QR code, sees which classes come.

Nothing is asked but the press on a button, and only for the reminder is it kept in which chat somebody is. /xoadulieu
takes it all back.
"""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.service import Result, Service, Turn, payload
from bot.team.class_card import LONGEST_LABEL, line, say_place, say_when
from bot.team.ids import read_id
from db.links import Sort
from db.outreach import classes
from db.outreach.models import LearningClass
from db.reach import chat

NAME = "dd"
MOST_CONSIDERED, MOST_OFFERED = 40, 4
"""Classes of the hamlet whose link somebody opened are offered first."""


async def open_class(turn: Turn, value: str) -> Result:
    """The code at the door, or on a poster: checks in when it is time, else offers to remind."""
    texts = turn.library.texts.classes
    planned = await _class(turn, value)
    if planned is None:
        return Result((Reply(texts.check_in_gone),))
    if planned.cancelled_at:
        return Result((Reply(turn.say(texts.check_in_cancelled, title=planned.title)),))
    if classes.is_open(planned, turn.now) or classes.is_open(planned, turn.incoming.sent_at):
        is_new = await classes.check_in(turn.session, planned, turn.conversation, turn.now)
        text = texts.check_in_done if is_new else texts.check_in_again
        return Result((Reply(turn.say(text, title=planned.title)),))
    if planned.closed_at or turn.now > planned.starts_at:
        return Result((Reply(turn.say(texts.check_in_late, title=planned.title)),))
    yes = Button(texts.remind_button, payload(NAME, "r", planned.id))
    no = Button(texts.remind_no_button, payload(NAME, "n", planned.id))
    place = say_place(turn.commune.hamlet_word, planned)
    told = turn.say(texts.check_in_early, title=planned.title, when=say_when(planned.starts_at), place=place)
    return Result((Reply(told, ((yes, no),)),))


async def press(turn: Turn, words: str) -> Result | None:
    """ "r:5" wants to be reminded of class 5, "n:5" does not."""
    texts = turn.library.texts.classes
    action, _, value = words.partition(":")
    planned = await _class(turn, value)
    if planned is None:
        return Result((Reply(texts.check_in_gone),))
    if action == "n":
        await classes.sign_off(turn.session, planned, turn.conversation)
        return Result((Reply(texts.remind_no),))
    if planned.cancelled_at or planned.closed_at or planned.starts_at <= turn.now:
        return Result((Reply(turn.say(texts.remind_late, title=planned.title)),))
    await classes.sign_up(turn.session, planned, turn.conversation, turn.now)
    off = Button(texts.remind_off_button, payload(NAME, "n", planned.id))
    told = turn.say(texts.remind_yes, title=planned.title, when=say_when(planned.starts_at))
    return Result((Reply(told, ((off,),)),))


async def offer(turn: Turn, _topic: str) -> Result | None:
    """The coming classes under the article about classes."""
    texts = turn.library.texts.classes
    own = await chat.place_of(turn.session, turn.conversation)
    ahead = await classes.ahead(turn.session, turn.commune.slug, turn.now, MOST_CONSIDERED)
    if not ahead:
        return None
    ahead = sorted(ahead, key=lambda one: own is None or one.hamlet_id != own.id)[:MOST_OFFERED]
    rows = tuple(
        (Button(turn.say(texts.offer_button, title=one.title[:LONGEST_LABEL]), payload(NAME, "r", one.id)),)
        for one in ahead
    )
    return Result((Reply("\n".join([turn.say(texts.offer), *(line(turn, one) for one in ahead)]), rows),))


async def _class(turn: Turn, value: str) -> LearningClass | None:
    """That class, locked: who checks in while it is being closed is counted before or not at all."""
    return await classes.by_id(turn.session, turn.commune.slug, read_id(value) or 0, lock=True)


SERVICE = Service(NAME, None, press, open=open_class, offer=offer, links=(Sort.CLASS,), topics=("skill.class",))
