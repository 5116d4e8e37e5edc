"""Documents that people send over Telegram: what is known of them, and their content."""

from __future__ import annotations

from telegram import Bot, Message
from telegram.error import BadRequest

from bot.messages import Attached

VOICE_NAME = "voice.oga"
"""Telegram's voice messages have no name; all are OGG with OPUS."""

DOWNLOAD_SECONDS = 30.0
"""A file takes longer than a text on a commune's line; half-way is no failure."""


def address(api: str) -> str:
    """Where a Bot API server gives files: .../bot gives them under .../file/bot."""
    return f"{api.removesuffix('/bot')}/file/bot"


def attached(message: Message) -> Attached | None:
    """The document or voice message of a message; a picture sent as a file is none, nobody reads it."""
    if message.voice:
        return Attached(VOICE_NAME, message.voice.file_size or 0, message.voice.file_id)
    document = message.document
    if document is None or (document.mime_type or "").startswith(("image/", "video/", "audio/")):
        return None
    return Attached(document.file_name or "", document.file_size or 0, document.file_id)


async def fetch(bot: Bot, ref: str) -> bytes | None:
    """The content of a document; None when Telegram does not give it (any more).

    Raises:
        TelegramError: it could not be had just now.
    """
    try:
        file = await bot.get_file(ref)
    except BadRequest:
        return None
    return bytes(await file.download_as_bytearray(read_timeout=DOWNLOAD_SECONDS))
