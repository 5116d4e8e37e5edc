"""Replies for messengers that show plain text, and few buttons or none: Zalo's two.

The markup goes, addresses of links stand behind their titles, long texts are cut, and buttons that find no room become
a list in the text whose marks people type (bot/choices.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot import choices
from bot.channels.markup import split_text, utf16_length
from bot.messages import Button, Choice, Reply
from content.channel_texts import ChoiceTexts

LONGEST_NAME = 100
"""Characters of a button's name that Zalo shows."""

ROOM_FOR_LINK = 300
"""Kept free under a text with a document: where it can be fetched is added when it is sent."""

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\((https?://(?:[^\s()]|\([^\s()]*\))+)\)")


@dataclass(frozen=True, slots=True)
class Capability:
    """What one message of a channel can hold. Text is counted in UTF-16 units, the strictest reading of "characters".

    `messages`: how many one turn should bring at most; short ones are joined to keep to it.
    """

    buttons: int
    text: int = 2000
    messages: int = 8


ZALO_OA = Capability(buttons=choices.MOST_BUTTONS["zalo"])
ZALO_BOT = Capability(buttons=choices.MOST_BUTTONS["zalo_bot"])
CAPABILITIES = {"zalo": ZALO_OA, "zalo_bot": ZALO_BOT}
"""By the channel's name."""


def to_plain(text: str) -> str:
    """A text without its markup: bold loses its stars, a link shows its address. Composed (NFC), as it is measured."""
    shown = _LINK.sub(lambda link: link[1] if link[1] == link[2] else f"{link[1]}: {link[2]}", text)
    return unicodedata.normalize("NFC", _BOLD.sub(r"\1", shown))


def fit(replies: Sequence[Reply], can: Capability, texts: ChoiceTexts, *, is_asking: bool = False) -> list[Reply]:
    """A turn's replies as messages that the channel can carry. What fits already comes out as it went in.

    `is_asking`: any words may be an answer after this, or it is a notice; so choices are marked with letters.
    """
    messages: list[Reply] = []
    first = 1
    for reply in replies:
        marked = choices.needed(reply, can.buttons, first=first, is_asking=is_asking)
        first += len(marked)
        messages.extend(_messages(_plain(reply), marked, can, texts))
    return _joined(messages, can)


def _plain(reply: Reply) -> Reply:
    listen = f"🔊 {reply.clip.address}" if reply.clip and reply.clip.address else ""
    parts = (to_plain(reply.text).strip(), listen, to_plain(reply.note).strip())
    text = "\n\n".join(part for part in parts if part)
    buttons = tuple((_named(button),) for row in reply.buttons for button in row)
    return replace(reply, text=text, note="", buttons=buttons, clip=None)


def _named(button: Button) -> Button:
    name = unicodedata.normalize("NFC", button.label)
    return Button(name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…", button.payload)


def _messages(reply: Reply, marked: tuple[Choice, ...], can: Capability, texts: ChoiceTexts) -> Iterator[Reply]:
    if reply.picture and (reply.buttons or marked or utf16_length(reply.text) > can.text):
        yield Reply(to_plain(reply.picture.title), picture=reply.picture)  # buttons stand under texts only
        reply = replace(reply, picture=None)
    limit = can.text - ROOM_FOR_LINK if reply.document else can.text
    parts = list(split_text(reply.text, limit))
    if marked:
        parts = _with_list(parts, list(_list(marked, texts)), limit)
        reply = replace(reply, buttons=reply.buttons[: can.buttons], choices=marked)
    parts = parts or [""]
    yield from (Reply(part) for part in parts[:-1])
    yield replace(reply, text=parts[-1])


def _list(marked: Sequence[Choice], texts: ChoiceTexts) -> Iterator[str]:
    """The list's lines. Numbers that are their own marks share one."""
    own = [choice.mark for choice in marked if choice.mark == choice.label.strip()]
    others = [choice for choice in marked if choice.mark != choice.label.strip()]
    yield texts.by_letter if others and others[0].mark[0].isalpha() else texts.by_number
    if own:
        yield "   ".join(own)
    yield from (f"{choice.mark}. {_named(Button(to_plain(choice.label), choice.payload)).label}" for choice in others)


def _with_list(parts: list[str], lines: Sequence[str], limit: int) -> list[str]:
    """The list under the last part where it has room; else it is cut between its lines."""
    block = "\n".join(lines)
    if parts and utf16_length(parts[-1]) + 2 + utf16_length(block) <= limit:
        return [*parts[:-1], f"{parts[-1]}\n\n{block}"]
    return [*parts, *_packed(lines, "\n", limit)]


def _packed(pieces: Sequence[str], glue: str, limit: int) -> list[str]:
    packed: list[str] = []
    for piece in pieces:
        if packed and utf16_length(packed[-1]) + len(glue) + utf16_length(piece) <= limit:
            packed[-1] += glue + piece
        else:
            packed.append(piece)
    return packed


def _joined(messages: list[Reply], can: Capability) -> list[Reply]:
    """With neighbours joined from the front until they are few enough; what only holds text joins what follows it."""
    joined: list[Reply] = []
    left = len(messages)
    for message in messages:
        before = joined[-1] if joined else None
        fits = before and utf16_length(before.text) + 2 + utf16_length(message.text) <= can.text
        if before and fits and left > can.messages and before == Reply(before.text) and not _has_file(message):
            joined[-1] = message.with_text(f"{before.text}\n\n{message.text}")
            left -= 1
        else:
            joined.append(message)
    return joined


def _has_file(reply: Reply) -> bool:
    return reply.picture is not None or reply.document is not None
