"""What an event of a Zalo Official Account says, read from the webhook's JSON without trusting any of it.

A pressed button is no event of its own: its payload comes as a text. Ours begin with a mark; whoever types one gets
what the button gives, and handlers stand forged payloads on every channel anyway.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.channels.zalo_api import moment
from bot.messages import MAX_PAYLOAD_BYTES, Attached, Incoming, Kind
from db.zalo import CHANNEL

MARK = "#dss:"
"""Before every payload of ours."""

ECHOES = ("oa_send_", "user_seen_message", "user_received_message")
"""Our own messages and their receipts."""

FILE_HOSTS = ("zdn.vn", "zadn.vn", "zaloapp.com")
"""Where Zalo keeps what people send, subdomains included; a file that lies elsewhere is not fetched."""

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_NAME = re.compile(r"[a-z_]{1,64}")
_PAYLOAD = re.compile(r"[!-~]+")
_SORTS = {
    "user_send_image": "photo",
    "user_send_gif": "photo",
    "user_send_audio": "voice",
    "user_send_video": "video",
    "user_send_sticker": "sticker",
    "user_send_location": "location",
    "user_send_business_card": "contact",
    "user_send_file": "document",
}
_CLICKS = ("user_click_button", "user_click_menu", "user_send_button")
"""Names under which others have seen pressed buttons."""


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody unfollowed the account."""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to do. `name` is safe to be logged; `is_known`: it is one of those that are always ignored."""

    name: str
    is_known: bool


Event = Incoming | Left | Ignored


def read(body: Mapping[str, Any], oa_id: str, now: datetime) -> Event:
    """What an event means for us; what can't be read is ignored."""
    name = _text(body.get("event_name"))
    if not _NAME.fullmatch(name):
        return Ignored("?", is_known=False)
    if name.startswith(ECHOES) or name == "user_submit_info":  # we ask nobody for their data that way
        return Ignored(name, is_known=True)
    at = moment(body.get("timestamp")) or now
    if name in ("follow", "unfollow"):
        return _followed(body, name, oa_id, at, now)
    sender, recipient = _id_in(body.get("sender")), _id_in(body.get("recipient"))
    message = body.get("message")
    if not sender or sender == oa_id or recipient != oa_id or not isinstance(message, Mapping):
        return Ignored(name, is_known=False)
    return _message(name, message, sender, at, now, _text(body.get("timestamp"))) or Ignored(name, is_known=False)


def _followed(body: Mapping[str, Any], name: str, oa_id: str, at: datetime, now: datetime) -> Event:
    person = _id_in(body.get("follower"))
    if not person or _text(body.get("oa_id")) not in ("", oa_id):
        return Ignored(name, is_known=False)
    if name == "unfollow":
        return Left(person, min(at, now))
    key = f"follow:{_text(body.get('timestamp'))[:20]}"
    return Incoming(CHANNEL, person, person, key, min(at, now), Kind.TEXT, text="/start")


def _message(
    name: str, message: Mapping[str, Any], person: str, at: datetime, now: datetime, timestamp: str
) -> Incoming | None:
    given = _text(message.get("msg_id"))
    message_id = given if _ID.fullmatch(given) else f"{name}:{timestamp[:20]}"
    base = Incoming(CHANNEL, person, person, message_id, min(at, now), Kind.TEXT)
    text = unicodedata.normalize("NFC", _text(message.get("text")))
    if name in ("user_send_text", *_CLICKS):
        return _said(base, text or _text(message.get("payload")))
    attachment = _first(message.get("attachments"))
    if name == "user_send_link":
        return _said(base, _with_link(text, attachment))
    sort = _SORTS.get(name)
    if sort is None:
        return None
    if text.strip() and sort != "location":  # under a picture stands what is asked; with a place, only its name
        return replace(base, text=text)
    return replace(base, kind=Kind.ATTACHMENT, payload=sort, file=_file(attachment) if sort == "document" else None)


def _said(base: Incoming, text: str) -> Incoming:
    payload = text.strip().removeprefix(MARK)
    is_ours = text.strip().startswith(MARK) and _PAYLOAD.fullmatch(payload)
    if is_ours and len(payload.encode()) <= MAX_PAYLOAD_BYTES:
        return replace(base, kind=Kind.BUTTON, payload=payload)
    return replace(base, text=text)


def _with_link(text: str, attachment: Mapping[str, Any]) -> str:
    """What was written with a link, and its address: scams come as links."""
    address = _text(attachment.get("url"))
    parts = [text.strip(), *((address,) if address and address not in text else ())]
    return "\n".join(part for part in parts if part) or _text(attachment.get("title"))


def _file(attachment: Mapping[str, Any]) -> Attached | None:
    address, name = _text(attachment.get("url")), _text(attachment.get("name"))
    size = _text(attachment.get("size"))
    if not name or not is_zalo_s(address):
        return None
    return Attached(name[:255], int(size) if size.isdecimal() and len(size) < 12 else 0, address)


def is_zalo_s(address: str) -> bool:
    """Whether an address is one where Zalo keeps what people send."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    return parts.scheme == "https" and any(host == known or host.endswith("." + known) for known in FILE_HOSTS)


def _first(attachments: object) -> Mapping[str, Any]:
    first = attachments[0] if isinstance(attachments, list) and attachments else None
    payload = first.get("payload") if isinstance(first, Mapping) else None
    return payload if isinstance(payload, Mapping) else {}


def _id_in(party: object) -> str:
    found = _text(party.get("id")) if isinstance(party, Mapping) else ""
    return found if _ID.fullmatch(found) else ""


def _text(value: object) -> str:
    """Ids and sizes are texts, and were numbers in older versions."""
    if isinstance(value, bool):
        return ""
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
