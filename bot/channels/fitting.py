"""Which channel carries what: a turn's replies cut and listed as each messenger needs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.channels import plain, telegram, telegram_messages
from bot.inbox import Split
from bot.messages import Reply
from content.library import Library


def splitter(library: Callable[[], Library]) -> Split:
    """What makes of a turn's replies messages that a channel can carry; the web page carries any length."""

    def split(channel: str, replies: Sequence[Reply], is_asking: bool) -> Sequence[Reply]:
        if can := plain.CAPABILITIES.get(channel):
            return plain.fit(replies, can, library().texts.choices, is_asking=is_asking)
        if channel == telegram.NAME:
            return [part for reply in replies for part in telegram_messages.split(reply)]
        return replies

    return split
