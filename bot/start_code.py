"""The code that a deep link brings along ("/start ap3-to1"): kept of posters, never of invitations.

An invitation's code makes whoever knows it a member. A message keeps it until it is handled.
"""

from __future__ import annotations

from bot.masking import HIDDEN
from db import links

MOST_CHARACTERS = 64


def start_code(text: str) -> str | None:
    """What follows /start, unless it could be an invitation's."""
    command, _, code = text.strip().partition(" ")
    if command.partition("@")[0] != "/start" or without_invitations(code) != code:
        return None
    return code.strip()[:MOST_CHARACTERS] or None


def needs_its_code(text: str) -> bool:
    """Whether a message opens something by a code; a link that is only pasted opens nothing."""
    return text.lstrip().startswith("/start")


def without_invitations(text: str) -> str:
    """A text as it may be kept."""
    return links.hide_invitations(text, HIDDEN)
