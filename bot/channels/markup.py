"""The small markup of our texts (docs/content-format.md): turned into HTML, and cut where a channel's limit falls."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace

from bot.messages import Reply

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^\s)]+(?:\([^\s)]*\)[^\s)]*)*)\)")
_CUTS = (re.compile(r"\n\n"), re.compile(r"\n"), re.compile(r"[.!?…]\s"), re.compile(r"\s"))
"""Where a long text may be cut, best first: between paragraphs, lines, sentences, words."""


def to_html(text: str) -> str:
    """As HTML that Telegram understands: everything escaped, then bold and links."""
    escaped = html.escape(text, quote=False)
    escaped = _LINK.sub(lambda m: f'<a href="{m[2].replace(chr(34), "%22")}">{m[1]}</a>', escaped)
    return _BOLD.sub(r"<b>\1</b>", escaped)


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def split_reply(reply: Reply, limit: int) -> list[Reply]:
    """The reply as messages of at most `limit` UTF-16 units each; the buttons and the note come with the last one."""
    parts = [Reply(part) for part in split_text(reply.text, limit)] or [Reply("")]
    note_fits = utf16_length(parts[-1].text) + utf16_length(reply.note) + 2 <= limit
    if reply.note and not note_fits and parts[-1].text:
        parts.append(Reply(""))
    parts[-1] = replace(parts[-1], buttons=reply.buttons, note=reply.note)
    return parts


def split_text(text: str, limit: int) -> Iterator[str]:
    """Cuts a text into parts of at most `limit` UTF-16 units, at the best place in the second half of each part."""
    rest = text.strip()
    while utf16_length(rest) > limit:
        cut = _best_cut(rest, limit)
        part, rest = rest[:cut].rstrip(), rest[cut:].lstrip()
        if part.count("**") % 2:  # bold text was cut through: close it here and open it again
            part, rest = part + "**", "**" + rest
        yield part
    if rest:
        yield rest


def _best_cut(text: str, limit: int) -> int:
    longest = limit - 2  # room for closing bold
    while utf16_length(text[:longest]) > limit - 2:
        longest -= 1
    for pattern in _CUTS:
        ends = [match.end() for match in pattern.finditer(text[:longest]) if match.end() > longest // 2]
        if ends:
            return ends[-1]
    return longest
