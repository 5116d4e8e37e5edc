"""The small markup of our texts (docs/content-format.md): turned into HTML, and cut where a channel's limit falls."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace

from bot.messages import Reply

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\((https?://(?:[^\s()]|\([^\s()]*\))+)\)")
_LINK_OR_BOLD = re.compile(f"{_LINK.pattern}|{_BOLD.pattern}", re.DOTALL)
_CUTS = (re.compile(r"\n\n"), re.compile(r"\n"), re.compile(r"[.!?…][*\"”')\]]*\s"), re.compile(r"\s"))
"""Where a long text may be cut, best first: between paragraphs, lines, sentences, words."""


def to_html(text: str) -> str:
    """As HTML that Telegram understands: everything escaped, then bold and links."""
    return _LINK_OR_BOLD.sub(_element, html.escape(text, quote=False))


def _element(match: re.Match[str]) -> str:
    title, address, bold = match.groups()
    if address:
        return _link(title, address)
    return f"<b>{_LINK.sub(lambda inner: _link(inner[1], inner[2]), bold)}</b>"


def _link(title: str, address: str) -> str:
    return f'<a href="{address.replace(chr(34), "%22")}">{title}</a>'


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def split_reply(reply: Reply, limit: int) -> list[Reply]:
    """The reply as messages of at most `limit` UTF-16 units each; everything else comes with the last one."""
    parts = [Reply(part) for part in split_text(reply.text, limit)] or [Reply("")]
    note_fits = utf16_length(parts[-1].text) + utf16_length(reply.note) + 2 <= limit
    if reply.note and not note_fits and parts[-1].text:
        parts.append(Reply(""))
    parts[-1] = replace(reply, text=parts[-1].text)
    return parts


def split_text(text: str, limit: int) -> Iterator[str]:
    """Cuts a text into parts of at most `limit` UTF-16 units (at least 16), at the best place in their second half."""
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
    stars = longest - len(text[:longest].rstrip("*"))
    return longest - stars % 2  # two stars stay together
