"""A broadcast as each channel shows it, for the office's page before anybody gets it."""

from __future__ import annotations

import html

from bot.broadcasts.copy import broadcast_reply
from bot.channels import plain, telegram_messages
from bot.channels.markup import to_html, utf16_length
from bot.messages import Reply
from content.commune import Commune
from content.library import Library
from db.broadcasts.models import BroadcastSort
from office.site import ChannelMessage, ShownMessage


def preview(
    library: Library, commune: Commune, sort: BroadcastSort, text: str, topic: str | None
) -> tuple[ChannelMessage, ...]:
    """What Telegram, the web page and Zalo's two ways show."""
    reply = broadcast_reply(library, commune, sort, text, topic)
    telegram = [_rich(part) for part in telegram_messages.split(reply)]
    length = utf16_length(reply.text) + utf16_length(reply.note)
    found = [
        ChannelMessage("telegram", tuple(telegram), length, telegram_messages.TEXT_LIMIT),
        ChannelMessage("web", (_rich(reply),), length, 0),
    ]
    for name, can in plain.CAPABILITIES.items():
        parts = plain.fit([reply], can, library.texts.choices, is_asking=True)
        length = sum(utf16_length(part.text) for part in parts)
        found.append(ChannelMessage(name, tuple(_plain(part, can.buttons) for part in parts), length, can.text))
    return tuple(found)


def _rich(reply: Reply) -> ShownMessage:
    buttons = tuple(tuple(button.label for button in row) for row in reply.buttons)
    return ShownMessage(to_html(reply.text), buttons, to_html(reply.note))


def _plain(reply: Reply, most: int) -> ShownMessage:
    labels = [button.label for row in reply.buttons for button in row][:most]
    return ShownMessage(html.escape(reply.text), tuple((label,) for label in labels))
