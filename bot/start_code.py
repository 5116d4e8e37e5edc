"""The code that a deep link brings along ("/start ap3-to1"): kept of posters, never of invitations.

An invitation's code makes whoever knows it a member. A message keeps it until it is handled.
"""

from __future__ import annotations

import re
import unicodedata

from bot.masking import HIDDEN
from db import links

MOST_CHARACTERS = 64
_TYPED = re.compile(
    r"(?:mã|ma)(?: số)?[ :]+(?:https?://\S{1,200}[?&](?:s|start)=)?(1[a-z][A-Za-z0-9_-]{8,62})\.?", re.IGNORECASE
)
"""At least as long as a code that holds something; one-time codes are digits, and shorter. A whole link will do too."""


def start_code(text: str) -> str | None:
    """What follows /start, unless it could be an invitation's."""
    command, _, code = text.strip().partition(" ")
    if command.partition("@")[0] != "/start" or without_invitations(code) != code:
        return None
    return code.strip()[:MOST_CHARACTERS] or None


def with_command(text: str) -> str:
    """A text that is a code and says so ("mã 1p12AbCdEfGh"), as the link that brings it would have sent it.

    For messengers whose links bring nothing along, and for those who type the code from a poster.
    """
    typed = _TYPED.fullmatch(unicodedata.normalize("NFC", text).strip())
    return f"/start {typed[1]}" if typed else text


def needs_its_code(text: str) -> bool:
    """Whether a message opens something by a code; a link that is only pasted opens nothing."""
    return text.lstrip().startswith("/start")


def without_invitations(text: str) -> str:
    """A text as it may be kept."""
    return links.hide_invitations(text, HIDDEN)
