"""How a broadcast looks in the chat: what it is, its text, the article to read on, and in every one the way out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.citizen import buttons
from bot.messages import Button, Reply
from bot.subscriptions import stop_button
from content.commune import Commune
from content.library import Library
from db.broadcasts.models import BroadcastSort

Split = Callable[[str, Sequence[Reply], bool], Sequence[Reply]]
"""As in bot/inbox.py."""


def broadcast_reply(library: Library, commune: Commune, sort: BroadcastSort, text: str, topic: str | None) -> Reply:
    """What people get, whatever the channel; a topic that is no article (any more) has no button."""
    texts = library.texts.subscriptions
    rows = []
    if article := library.articles.get(topic or ""):
        label = texts.read_on_button.format(title=article.title)
        rows.append((Button(label, buttons.payload("topic", article.id)),))
    rows.append((stop_button(library),))
    heading = commune.fill(texts.headings[sort.value])
    return Reply(f"{heading}\n\n{text}", tuple(rows), commune.fill(texts.way_out))


def body_for(channel: str, reply: Reply, split: Split) -> dict[str, Any]:
    """The one message that a channel carries of it.

    Raises:
        ValueError: it does not fit into one, which the longest text (db/broadcasts) rules out.
    """
    parts = split(channel, [reply], True)
    if len(parts) != 1:
        raise ValueError(f"a broadcast makes {len(parts)} messages on {channel}")
    return parts[0].to_json()
