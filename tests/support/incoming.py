"""Messages as a channel hands them in: who says what."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from bot.messages import Incoming, Kind
from tests.support.clock import NOON

_ids = count(1)


def said(
    text: str,
    *,
    by: str = "ba-an",
    channel: str = "telegram",
    message_id: str | None = None,
    number: int | None = None,
    sent_at: datetime = NOON,
    is_edit: bool = False,
) -> Incoming:
    """A text from somebody's private chat, under an id of its own unless one is given."""
    return Incoming(
        channel, by, by, message_id or f"id-{next(_ids)}", sent_at, Kind.TEXT, text=text, number=number, is_edit=is_edit
    )


def edited(message: Incoming, text: str) -> Incoming:
    """The same message after its writer has changed it."""
    return said(text, by=message.sender, channel=message.channel, message_id=message.message_id, is_edit=True)


def pressed(payload: str, *, by: str = "ba-an", channel: str = "telegram", sent_at: datetime = NOON) -> Incoming:
    """A pressed button."""
    return Incoming(channel, by, by, f"id-{next(_ids)}", sent_at, Kind.BUTTON, payload=payload)


def shared(sort: str, *, by: str = "ba-an", channel: str = "telegram") -> Incoming:
    """A photo, a sticker, a contact, ..."""
    return Incoming(channel, by, by, f"id-{next(_ids)}", NOON, Kind.ATTACHMENT, payload=sort)
