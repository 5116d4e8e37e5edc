"""What an Official Account may send, and how Zalo refuses the rest."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LONGEST_TEXT = 2000  # characters, composed
MOST_BUTTONS = 5
LONGEST_TITLE = 100
LONGEST_PAYLOAD = 1000
BUTTON_TYPES = ("oa.query.show", "oa.query.hide", "oa.open.url", "oa.open.phone", "oa.open.sms")


class OaError(Exception):
    """An answer with an error code; HTTP says 200 all the same."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True)
class Pressable:
    """A button as people see it. ``payload`` comes back as their text (queries) or is an address, a number."""

    title: str
    type: str
    payload: Any


@dataclass(frozen=True)
class SentMessage:
    """A message of the account in a person's chat."""

    user_id: str
    message_id: str
    text: str
    buttons: tuple[Pressable, ...]
    picture: bytes | None
    file: bytes | None
    at: datetime
    is_automatic: bool = True
    """False for what an operator typed in Zalo's own console."""

    def button(self, title: str) -> Pressable:
        """The button whose title contains this; raises LookupError if none or several do."""
        found = [button for button in self.buttons if title in button.title]
        if len(found) != 1:
            raise LookupError(f"{len(found)} buttons like {title!r} in {self.buttons}")
        return found[0]


@dataclass(frozen=True)
class Wanted:
    """A message as the call asks for it, checked."""

    text: str
    buttons: tuple[Pressable, ...]
    attachment_id: str | None
    picture_url: str | None
    file_token: str | None


def read_message(message: Any) -> Wanted:
    """Raises OaError for what Zalo refuses."""
    if not isinstance(message, dict):
        raise OaError(-201, "message is invalid")
    text = message.get("text", "")
    if not isinstance(text, str):
        raise OaError(-201, "message.text is invalid")
    if len(unicodedata.normalize("NFC", text)) > LONGEST_TEXT:
        raise OaError(-210, "message.text must not exceed 2000 characters")
    attachment = message.get("attachment")
    if attachment is None:
        if not text.strip():
            raise OaError(-201, "message.text must not be empty")
        return Wanted(text, (), None, None, None)
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    if not isinstance(payload, dict):
        raise OaError(-201, "attachment.payload is invalid")
    if attachment.get("type") == "file":
        return Wanted(text, (), None, None, str(payload.get("token", "")))
    if attachment.get("type") != "template":
        raise OaError(-233, "attachment type is not supported")
    match payload.get("template_type"):
        case None:
            if not text.strip():
                raise OaError(-201, "message.text must not be empty")
            return Wanted(text, _buttons(payload.get("buttons")), None, None, None)
        case "media":
            return _picture(text, payload)
        case "request_user_info":
            return Wanted(text, (), None, None, None)
        case _:
            raise OaError(-233, "template_type is not supported")


def _picture(text: str, payload: dict[str, Any]) -> Wanted:
    elements = payload.get("elements")
    if not isinstance(elements, list) or len(elements) != 1 or elements[0].get("media_type") not in ("image", "gif"):
        raise OaError(-201, "elements must hold one image")
    if payload.get("buttons"):
        raise OaError(-201, "buttons are not allowed with media")
    element = elements[0]
    if ("url" in element) == ("attachment_id" in element):
        raise OaError(-201, "element must have url or attachment_id")
    return Wanted(text, (), element.get("attachment_id"), element.get("url"), None)


def _buttons(buttons: Any) -> tuple[Pressable, ...]:
    if not isinstance(buttons, list) or not buttons:
        raise OaError(-201, "buttons are invalid")
    if len(buttons) > MOST_BUTTONS:
        raise OaError(-201, "buttons must not exceed 5")
    return tuple(_button(button) for button in buttons)


def _button(button: Any) -> Pressable:
    title, sort, payload = (button.get(name) for name in ("title", "type", "payload"))
    if not isinstance(title, str) or not title.strip() or len(title) > LONGEST_TITLE:
        raise OaError(-201, "button title must have 1-100 characters")
    if sort not in BUTTON_TYPES:
        raise OaError(-201, "button type is invalid")
    if sort.startswith("oa.query."):
        if not isinstance(payload, str) or not payload or len(payload) > LONGEST_PAYLOAD:
            raise OaError(-201, "button payload must have 1-1000 characters")
    elif not isinstance(payload, dict):
        raise OaError(-201, "button payload is invalid")
    return Pressable(title, sort, payload)
