"""What the citizen's buttons carry: short texts such as "s:vneid.install:2", made and read here and nowhere else.

Old messages keep their buttons for ever, so a form once used keeps its meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages import MAX_PAYLOAD_BYTES

MENU = "menu"
HELP = "help"
START = "start"
NONE_OF_THESE = "none"
LESSONS = "do:bh:l"
"""Opens the list of pocket lessons, which are a service's (bot/lessons)."""
FORGET = "forget"
FORGET_YES = "forget:yes"
FORGET_NO = "forget:no"


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: what is wanted (`topic`, `section`, ...), of which topic or menu group, and its number."""

    action: str
    of: str = ""
    number: int = 0


_LETTERS = {
    "t": "topic",
    "s": "section",
    "g": "step",
    "src": "sources",
    "y": "helpful",
    "n": "not_helpful",
    "m": "group",
    "a": "listen",
}
_CODES = {action: letter for letter, action in _LETTERS.items()}


def payload(action: str, of: str, number: int | None = None) -> str:
    """The text a button carries for an action of `Press`."""
    return f"{_CODES[action]}:{of}" + ("" if number is None else f":{number}")


def read(text: str) -> Press | None:
    """Reads what `payload` wrote; None when it is nothing of ours (forged, or from another time)."""
    letter, _, rest = text.partition(":")
    of, _, number = rest.partition(":")
    is_number = number.isascii() and number.isdigit() and len(number) <= MAX_PAYLOAD_BYTES
    if letter not in _LETTERS or not of or (number and not is_number):
        return None
    return Press(_LETTERS[letter], of, int(number or 0))
