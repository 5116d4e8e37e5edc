"""How a reply looks in Telegram: a text, or a file (document, picture) with its text under it; sent, and edited."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import MessageLimit, ParseMode
from telegram.error import BadRequest

from bot import pictures
from bot.channels.markup import split_reply, to_html
from bot.channels.outbox import RefusedError
from bot.messages import Reply
from db.documents import File

TEXT_LIMIT = MessageLimit.MAX_TEXT_LENGTH
CAPTION_LIMIT = MessageLimit.CAPTION_LENGTH
"""A text that comes with a file is shorter than one alone."""

UPLOAD_SECONDS = 30.0
"""A file takes longer than a text on a commune's line; half-way is no failure."""

_VOICE_FORBIDDEN = "VOICE_MESSAGES_FORBIDDEN"
"""What Telegram says of people with a premium account who let nobody send them voice messages."""

Load = Callable[[str], Awaitable[File | None]]
"""Gets a document's bytes by its key."""


async def nothing(_key: str) -> None:
    """For a channel that has no documents to send."""


def split(reply: Reply) -> list[Reply]:
    """Cuts a reply into messages that Telegram takes."""
    return split_reply(reply, CAPTION_LIMIT if _has_file(reply) else TEXT_LIMIT)


async def send(bot: Bot, chat: str, reply: Reply, load: Load, clips: Path) -> Message:
    """Sends a reply; `clips` is the folder of recordings.

    Raises:
        RefusedError: the bytes of its document or recording are gone.
        TelegramError: as for every call.
    """
    if reply.picture:
        return await bot.send_photo(
            chat,
            await asyncio.to_thread(pictures.draw, reply.picture),
            caption=_html(reply),
            parse_mode=ParseMode.HTML,
            reply_markup=_keyboard(reply),
            write_timeout=UPLOAD_SECONDS,
            read_timeout=UPLOAD_SECONDS,
        )
    if reply.clip:
        return await _send_clip(bot, chat, reply, clips)
    if reply.document is None:
        return await bot.send_message(
            chat,
            _html(reply),
            parse_mode=ParseMode.HTML,
            reply_markup=_keyboard(reply),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
    file = await load(reply.document.key)
    if file is None:
        raise RefusedError("the document's time is over")
    return await bot.send_document(
        chat,
        file.content,
        filename=file.name,
        caption=_html(reply),
        parse_mode=ParseMode.HTML,
        reply_markup=_keyboard(reply),
        disable_content_type_detection=True,
        write_timeout=UPLOAD_SECONDS,
        read_timeout=UPLOAD_SECONDS,
    )


async def _send_clip(bot: Bot, chat: str, reply: Reply, clips: Path) -> Message:
    """As a voice message; to who lets nobody send them voice, as a file."""
    assert reply.clip is not None
    try:
        content = await asyncio.to_thread((clips / reply.clip.file).read_bytes)
    except OSError:
        raise RefusedError("the recording is gone") from None
    about: dict[str, Any] = {
        "caption": _html(reply), "parse_mode": ParseMode.HTML, "reply_markup": _keyboard(reply),
        "write_timeout": UPLOAD_SECONDS, "read_timeout": UPLOAD_SECONDS, "filename": reply.clip.file,
    }  # fmt: skip
    try:
        return await bot.send_voice(chat, content, **about)
    except BadRequest as error:
        if _VOICE_FORBIDDEN not in str(error).upper():
            raise
    return await bot.send_document(chat, content, disable_content_type_detection=True, **about)


async def edit_into(bot: Bot, chat: str, number: int, reply: Reply) -> None:
    """Makes a message of ours say what a reply says; see `TelegramChannel.find`.

    Raises:
        TelegramError: also when it says so already ("message is not modified").
    """
    if _has_file(reply):
        await bot.edit_message_caption(
            chat_id=chat,
            message_id=number,
            caption=_html(reply),
            parse_mode=ParseMode.HTML,
            reply_markup=_keyboard(reply),
        )
        return
    await bot.edit_message_text(
        _html(reply),
        chat_id=chat,
        message_id=number,
        parse_mode=ParseMode.HTML,
        reply_markup=_keyboard(reply),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )


def _has_file(reply: Reply) -> bool:
    return reply.document is not None or reply.picture is not None or reply.clip is not None


def _html(reply: Reply) -> str:
    note = f"<i>{to_html(reply.note)}</i>" if reply.note else ""
    return "\n\n".join(part for part in (to_html(reply.text), note) if part)


def _keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    rows = [
        [InlineKeyboardButton(button.label, callback_data=button.payload) for button in row] for row in reply.buttons
    ]
    return InlineKeyboardMarkup(rows) if rows else None
