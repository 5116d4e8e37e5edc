"""The certificate at the end of the course, and the question whether its owner may be counted by the commune.

The name is asked for each certificate and stored in no table: it stands in the message that brings the picture, from
which retention takes it after two days (db/lessons/names.py), and the message in which it was written is emptied.
"""

from __future__ import annotations

import re

from bot.lessons.pages import CERTIFICATE, count_done, lesson_list
from bot.messages import Button, Picture, Reply
from bot.service import TIME_ZONE, Result, Service, Turn, payload
from bot.team.ids import read_id
from bot.team.places import full_name
from db.lessons import counted, names, progress
from db.outreach import hamlets
from db.outreach.models import Hamlet
from db.outreach.names import key
from db.reach import chat

LONGEST_NAME = 48
A_ROW = 2
_OPENING = re.compile(
    r"(?:dạ|vâng|thưa|ạ)?[ ,]*(?:(?:ghi|viết)\s+(?:là\s+|tên\s+)*)?"
    r"(?:(?:tôi|em|cháu|mình|chị|anh|cô|chú|bác)\s+)?(?:tên\s+)?(?:(?:tôi|em|cháu|mình)\s+)?là\s+(?=\S)",
    re.IGNORECASE,
)
"""How people begin who answer in a whole sentence: "tên tôi là", "ghi là"."""
_NAME = re.compile(r"[^\W\d_](?:[^\W_]|[ .,'()\-])*")
_MOST_DIGITS = 3
"""As in "Bà Năm ấp 12": a longer number is one of a card or a telephone."""
_NO = {"thoi", "huy", "khong", "bo qua", "de sau", "thoi de sau", "khong can"}


async def press(turn: Turn, words: str) -> Result:
    """Alone asks for the name; "x" not now; "k" asks for consent: ":y", ":n", ":h:3" hamlet, ":a:3" adult, ":m" not;
    "w" withdraws it.
    """
    action, _, rest = words.partition(":")
    texts = turn.library.texts.certificate
    if action == "x":
        return Result((Reply(texts.cancelled),), {})
    if action == "w":
        was_counted = await counted.withdraw(turn.session, turn.conversation, actor=turn.actor, now=turn.now)
        return Result((Reply(texts.withdrawn if was_counted else texts.not_counted),))
    if not await progress.has_finished(turn.session, turn.conversation, turn.library.lessons, turn.now):
        known = await progress.of_person(turn.session, turn.conversation)
        return Result((await lesson_list(turn, head=turn.say(texts.not_yet, **count_done(turn, known))),), {})
    if action == "k":
        return Result((await _consent(turn, rest),))
    return _ask_name(turn, texts.ask_name)


async def say(turn: Turn, text: str) -> Result | None:
    """The name, typed; what surely is a question goes where it always goes."""
    texts = turn.library.texts.certificate
    if not turn.form or turn.is_question:
        return None
    name = " ".join(text.replace("*", " ").split())
    if key(name) in _NO:
        return Result((Reply(texts.cancelled),), {})
    name = _OPENING.sub("", name, count=1) if _OPENING.match(name) else name
    if not _NAME.fullmatch(name) or re.search(rf"\d{{{_MOST_DIGITS + 1},}}", re.sub(r"[ .\-]", "", name)):
        return _ask_name(turn, texts.bad_name)
    if len(name) > LONGEST_NAME:
        return _ask_name(turn, texts.long_name)
    finished = await progress.finished_at(turn.session, turn.conversation)
    if finished is None:
        return Result((Reply(texts.cancelled),), {})
    await names.unsay(turn.session, turn.conversation, turn.incoming.message_id)
    rename = Button(texts.rename_button, payload(CERTIFICATE))
    shown = Reply(f"{texts.ready}\n\n{texts.keep}", ((rename,),), picture=picture(turn, name))
    if await counted.hamlet_of(turn.session, turn.conversation) is not None:
        return Result((shown,), {})
    return Result((shown, _ask_consent(turn)), {})


def picture(turn: Turn, name: str) -> Picture:
    """The certificate as what it says, top to bottom; drawn when it is sent (bot/certificate_picture.py)."""
    texts, day = turn.library.texts.certificate, turn.today
    date = turn.say(texts.picture_day, day=day.day, month=day.month, year=day.year)
    lines = (
        turn.say(texts.picture_heading).upper(), texts.picture_title, texts.picture_before_name, name,
        texts.picture_course, turn.say(texts.picture_content, total=len(turn.library.lessons)),
        date[:1].upper() + date[1:], texts.picture_small_print,
    )  # fmt: skip
    return Picture(names.SORT, texts.picture_title.capitalize(), lines, text=turn.say(texts.picture_alt, name=name))


async def _consent(turn: Turn, words: str) -> Reply:
    texts = turn.library.texts.certificate
    action, _, value = words.partition(":")
    already = await counted.hamlet_of(turn.session, turn.conversation)
    if action == "n" and already is None:
        return Reply(texts.refused)
    if already is not None:
        return await _counted(turn, already, texts.counted_before)
    if action == "m":
        return Reply(texts.minor)
    place = await hamlets.by_id(turn.session, turn.commune.slug, read_id(value) or 0) if value else None
    if action == "h" and place:
        yes = Button(texts.adult_button, payload(CERTIFICATE, "k", "a", place.id))
        return Reply(
            turn.say(texts.ask_adult, hamlet=full_name(turn, place)),
            ((yes, Button(texts.minor_button, payload(CERTIFICATE, "k", "m"))),),
        )
    if action == "a" and place:
        finished = await progress.finished_at(turn.session, turn.conversation)
        day = (finished or turn.now).astimezone(TIME_ZONE).date()
        await counted.agree(
            turn.session, turn.conversation, hamlet_id=place.id, finished_on=day, actor=turn.actor, now=turn.now
        )
        return await _counted(turn, place.id, texts.counted)
    return _ask_consent(turn) if action not in {"y", "h", "a"} else await _ask_hamlet(turn)


def _ask_consent(turn: Turn) -> Reply:
    texts = turn.library.texts.certificate
    yes = Button(texts.agree_button, payload(CERTIFICATE, "k", "y"))
    return Reply(turn.say(texts.ask_count), ((yes, Button(texts.refuse_button, payload(CERTIFICATE, "k", "n"))),))


async def _ask_hamlet(turn: Turn) -> Reply:
    """The hamlet whose link somebody opened stands first."""
    texts, came_from = turn.library.texts.certificate, await chat.place_of(turn.session, turn.conversation)
    every: list[Hamlet] = await hamlets.all_of(turn.session, turn.commune.slug)
    every.sort(key=lambda one: came_from is None or one.id != came_from.id)
    marks = [Button(full_name(turn, one), payload(CERTIFICATE, "k", "h", one.id)) for one in every]
    rows = [tuple(marks[start : start + A_ROW]) for start in range(0, len(marks), A_ROW)]
    return Reply(turn.say(texts.ask_hamlet), (*rows, (Button(texts.refuse_button, payload(CERTIFICATE, "k", "n")),)))


async def _counted(turn: Turn, hamlet_id: int, text: str) -> Reply:
    texts = turn.library.texts.certificate
    place = await hamlets.by_id(turn.session, turn.commune.slug, hamlet_id)
    withdraw = Button(texts.withdraw_button, payload(CERTIFICATE, "w"))
    return Reply(turn.say(text, hamlet=full_name(turn, place) if place else turn.commune.name), ((withdraw,),))


def _ask_name(turn: Turn, text: str) -> Result:
    cancel = Button(turn.library.texts.certificate.cancel_button, payload(CERTIFICATE, "x"))
    return Result((Reply(turn.say(text), ((cancel,),)),), {"wants": "name"})


SERVICE = Service(CERTIFICATE, None, press, say=say)
