"""Choices where buttons are few or none: each gets a mark in the text, and typing the mark presses the button.

Marks are numbers. While something else waits for words - a service's question, a talk with a member of the team - they
are letters, for a number may be the answer to it ("bao nhiêu người?"): "A" chooses, "1" answers. Notices come unasked,
and have letters too. What was offered last stands in the outbox, so it survives a restart and is deleted with all else
of the person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Button, Choice, Incoming, Kind, Reply
from db import outbox
from db.models import Conversation, OutboxMessage

MOST_BUTTONS = {"zalo": 5, "zalo_bot": 0}
"""Channels on which a message can't have any number of buttons, and how many it can have."""

VALID_FOR = timedelta(hours=48)
"""A number typed later is not an answer to that list."""

LONGEST = 120
"""Characters of a text that may be a choice's mark or name."""

LOOKED_AT = 40
"""Messages of ours, newest first, among which the last list is looked for."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WORDS = {"mot": "1", "hai": "2", "ba": "3", "bon": "4", "nam": "5", "sau": "6", "bay": "7", "tam": "8", "chin": "9"}
_MARK = re.compile(r"(?:chon\s+)?(?P<before>(?:so|cau|muc|y|chu)\s+)?(?P<mark>\d{1,2}|[a-z]\d?|[a-z]{2,4})")
_EDGES = " \t\n.,;:()[]{}*#\"'“”‘’-–!"


@dataclass(frozen=True, slots=True)
class Offer:
    """The choices that were offered last; `is_newest` when nothing else was answered since."""

    choices: tuple[Choice, ...]
    is_newest: bool


def marked(buttons: Sequence[Button], *, first: int = 1, is_asking: bool = False) -> tuple[Choice, ...]:
    """Buttons with their marks; `first` is the number of the first one, for a turn may bring several lists.

    A button whose name is a number is its own mark: it answers the question as the number does.
    """
    if is_asking:
        marks = (letter + (str(lap) if lap else "") for lap in count() for letter in _LETTERS)
        for _ in range(first - 1):
            next(marks)
        return tuple(
            Choice(
                button.label.strip() if button.label.strip().isdigit() else next(marks), button.label, button.payload
            )
            for button in buttons
        )
    return tuple(Choice(str(number), one.label, one.payload) for number, one in enumerate(buttons, start=first))


def chosen(text: str, offer: Offer, *, is_asking: bool = False) -> str | None:
    """The payload of the choice that a text names by its mark ("1", "2.", "số 1", "chọn B") or its whole name.

    With a question open only the choices of that very question count. "A" is a mark, "à" is a word.
    """
    if len(text) > LONGEST or (is_asking and not offer.is_newest):
        return None
    plain = _plain(text)
    if not plain:
        return None
    found = _MARK.fullmatch(plain)
    mark = _as_mark(found) if found else None
    if mark and mark[0].isalpha() and not text.strip(_EDGES).lower().endswith(mark):
        mark = None
    for choice in offer.choices:
        is_number = choice.mark.isdigit() and choice.mark != choice.label.strip()
        if mark == choice.mark.lower() and not (is_asking and is_number):
            return choice.payload
    return next((choice.payload for choice in offer.choices if _plain(choice.label) == plain), None)


async def read(
    session: AsyncSession, conversation: Conversation, incoming: Incoming, received_at: datetime, *, is_asking: bool
) -> Incoming:
    """A message; a text that names one of the choices offered last, as the button that it stands for."""
    if incoming.channel not in MOST_BUTTONS or incoming.kind is not Kind.TEXT or len(incoming.text) > LONGEST:
        return incoming
    since = received_at - VALID_FOR
    said = await outbox.said_between(session, conversation.id, since, received_at, LOOKED_AT)
    offer = last_offer(said)
    payload = chosen(incoming.text, offer, is_asking=is_asking) if offer else None
    return replace(incoming, kind=Kind.BUTTON, text="", payload=payload) if payload else incoming


def last_offer(said: Sequence[OutboxMessage]) -> Offer | None:
    """The newest choices among messages of ours, which come newest first; a turn's lists count as one."""
    for message in said:
        if _choices_of(message):
            turn = [one for one in said if one is message or (message.inbox_id and one.inbox_id == message.inbox_id)]
            offered = tuple(choice for one in reversed(turn) for choice in _choices_of(one))
            newest = next((one for one in said if one.inbox_id), message)
            return Offer(offered, is_newest=newest in turn or message.inbox_id is None)
    return None


def _choices_of(message: OutboxMessage) -> tuple[Choice, ...]:
    reply = Reply.from_json(message.body)
    if reply.choices or message.inbox_id is not None:
        return reply.choices
    return needed(reply, MOST_BUTTONS.get(message.channel, 0), is_asking=True)  # a notice gets them when it is sent


def needed(reply: Reply, most: int, *, first: int = 1, is_asking: bool = False) -> tuple[Choice, ...]:
    """The marks that a reply's buttons need where a message has at most that many; none when they fit."""
    buttons = [button for row in reply.buttons for button in row]
    if reply.choices or len(buttons) <= most:
        return ()
    return marked(buttons, first=first, is_asking=is_asking)


def _as_mark(found: re.Match[str]) -> str | None:
    mark = found["mark"]
    if mark in _WORDS:
        return _WORDS[mark] if found["before"] else None
    return mark.lstrip("0") if mark.isdigit() else mark


def _plain(text: str) -> str:
    """Small letters without diacritics, and without what stands around a mark; 1️⃣ and ① are 1."""
    letters = unicodedata.normalize("NFKD", text.replace("\ufe0f", "").replace("\u20e3", "").casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("đ", "d")
    return " ".join(plain.strip(_EDGES).split())
