"""Keyboards under a message: what Telegram accepts, and what the person sees of them."""

import ipaddress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .errors import bad_request

MAX_BUTTONS = 100  # a message; undocumented by Telegram, python-telegram-bot constants.InlineKeyboardMarkupLimit
MAX_CALLBACK_DATA = 64  # bytes, Bot API "InlineKeyboardButton"

_KINDS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


class Button(NamedTuple):
    """A button under a message: its label and what pressing it carries (callback data, or the address of a link)."""

    label: str
    data: str


def checked_markup(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """The keyboard as it will be stored; raises ApiError 400 for one that Telegram refuses, returns None for none."""
    if not markup:
        return None
    if not any(kind in markup for kind in _KINDS):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return markup
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check_inline_button(button)
    return {"inline_keyboard": rows} if rows else None


def inline_part(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """The markup if it is an inline keyboard: only these belong to a message and can be edited."""
    return markup if markup and "inline_keyboard" in markup else None


def buttons_of(markup: dict[str, Any] | None) -> list[list[Button]]:
    """Rows of inline buttons, top to bottom; empty without an inline keyboard."""
    rows = (inline_part(markup) or {}).get("inline_keyboard", [])
    return [[Button(button["text"], _carried(button)) for button in row] for row in rows]


def reply_keyboard_of(markup: dict[str, Any] | None) -> list[list[str]]:
    """Rows of labels of a keyboard that replaces the phone's own; empty without one."""
    rows = (markup or {}).get("keyboard", [])
    return [[button if isinstance(button, str) else button["text"] for button in row] for row in rows]


def _check_inline_button(button: dict[str, Any]) -> None:
    if not isinstance(button.get("text"), str) or not button["text"]:
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not any(button.get(action) for action in _ACTIONS) and "switch_inline_query" not in button:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(button.get("callback_data", "").encode()) > MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not _is_reachable_link(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def _is_reachable_link(url: str) -> bool:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme == "tg":
        return True
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return parts.scheme in ("http", "https") and "." in host.strip(".")
    return parts.scheme in ("http", "https")


def _carried(button: dict[str, Any]) -> str:
    if "callback_data" in button:
        return str(button["callback_data"])
    for action in ("web_app", "login_url"):
        if action in button:
            return str(button[action]["url"])
    if "copy_text" in button:
        return str(button["copy_text"]["text"])
    return str(button.get("url") or button.get("switch_inline_query") or "")
