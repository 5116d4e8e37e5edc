"""What the Zalo Bot Platform tells, read as messages. Nothing of it is trusted to be there, or to be of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.messages import Incoming, Kind

NAME = "zalo_bot"
LONGEST_ID = 100

_ATTACHMENTS = {"image": "photo", "sticker": "sticker", "voice": "voice", "link": "other", "unsupported": "document"}
"""What an event brings when it brings no words. The platform does not say what the unsupported is; mostly a file."""


@dataclass(frozen=True, slots=True)
class FromGroup:
    """Somebody mentioned the bot in a group, where it does not answer."""

    group: str


def update_in(body: Any) -> Any:
    """The update in what a webhook or a poll brings: documented as `{"ok", "result"}`, seen flat as well."""
    wrapped = body.get("result") if isinstance(body, dict) and "event_name" not in body else None
    return body if wrapped is None else wrapped


def read(update: Any, now: datetime) -> Incoming | FromGroup | None:
    """The message of an update; None for what is none of ours: events without a person, of bots, without an id."""
    if not isinstance(update, dict) or not isinstance(message := update.get("message"), dict):
        return None
    event = str(update.get("event_name") or "")
    chat, sender = _part(message, "chat"), _part(message, "from")
    chat_id, sender_id, number = _id(chat.get("id")), _id(sender.get("id")), _id(message.get("message_id"))
    if not event.startswith("message.") or not chat_id or not sender_id or not number or sender.get("is_bot") is True:
        return None
    if str(chat.get("chat_type") or "PRIVATE").upper() != "PRIVATE":
        return FromGroup(chat_id)
    sort = event.removeprefix("message.").partition(".")[0]
    words = message.get("text") or message.get("caption")
    text = words if isinstance(words, str) else ""
    is_picture = bool(message.get("photo_url") or message.get("photo"))
    attachment = "photo" if is_picture else _ATTACHMENTS.get(sort, "other")
    return Incoming(
        channel=NAME,
        chat=chat_id,
        sender=sender_id,
        message_id=f"{sort[:20]}:{number}",  # the same message comes again under the same event
        sent_at=_moment(message.get("date"), now),
        kind=Kind.TEXT if text.strip() else Kind.ATTACHMENT,
        text=text,
        payload="" if text.strip() else attachment,
    )


def _part(message: dict[str, Any], name: str) -> dict[str, Any]:
    part = message.get(name)
    return part if isinstance(part, dict) else {}


def _id(value: Any) -> str:
    """Ids are hex strings; a number is taken too, anything else is no id."""
    known = isinstance(value, str | int) and not isinstance(value, bool)
    return text if known and len(text := str(value).strip()) <= LONGEST_ID else ""


def _moment(value: Any, now: datetime) -> datetime:
    """Milliseconds; what is no date, or lies ahead, is now."""
    try:
        return min(datetime.fromtimestamp(int(value) / 1000, UTC), now)
    except (TypeError, ValueError, OverflowError, OSError):
        return now
