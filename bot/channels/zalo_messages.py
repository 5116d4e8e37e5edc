"""How a reply looks on Zalo's Official Account: the JSON of its messages; what Zalo's errors mean for the outbox."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import uniform
from typing import Any

from PIL import Image

from bot import pictures
from bot.channels.outbox import BlockedError, RefusedError, SendError, SlowDownError
from bot.channels.plain import ZALO_OA, fit
from bot.channels.zalo_api import ZaloError
from bot.channels.zalo_events import MARK
from bot.messages import Document, Picture, Reply
from content.channel_texts import ZaloTexts
from content.texts import Texts
from db.documents import KEPT_FOR

LARGEST_PICTURE = 1024 * 1024
"""Zalo's limit for an uploaded JPEG or PNG."""

STOPPED_FOR = timedelta(minutes=10)
"""After Zalo refused the whole account, one message tries again so much later."""

OVER_RATE = -32
OVER_QUOTA = frozenset({-211})
OVER_PERSON_S_QUOTA = frozenset({-218, -311})
OUTSIDE_WINDOW = frozenset({-213, -230, -232, -305})
UNREACHABLE = frozenset({-217, -227, -244})
OUR_FAULT = frozenset({-100, -201, -210, -233, -234, -240})
STOPS = frozenset({-204, -205, -209, -212, -219, -221, -223, -224, -320, -321})
"""The account is off, the app removed or not activated, not verified, without the right or the package, or unpaid."""


def parts(reply: Reply, texts: Texts, site: str | None) -> list[Reply]:
    """A reply as messages that Zalo takes. What comes from a turn is one already; a notice may be too long."""
    shown = replace(reply, text=_with_link(reply, reply.document, texts.zalo, site)) if reply.document else reply
    return fit([replace(shown, document=None)], ZALO_OA, texts.choices, is_asking=True)


def message(reply: Reply, attachment_id: str | None) -> dict[str, Any]:
    """The body of a message; with a picture, the id under which Zalo holds it."""
    body: dict[str, Any] = {"text": reply.text} if reply.text else {}
    if attachment_id is not None:
        elements = [{"media_type": "image", "attachment_id": attachment_id}]
        body["attachment"] = _template({"template_type": "media", "elements": elements})
    elif reply.buttons:
        pressed = [
            {"title": button.label, "type": "oa.query.hide", "payload": MARK + button.payload}
            for row in reply.buttons
            for button in row
        ]
        body["attachment"] = _template({"buttons": pressed})
    return body


def meaning(error: ZaloError) -> Exception:
    """What an error means for the outbox. One that nobody knows is tried again: nothing was sent."""
    code = error.code
    if code == OVER_RATE:
        return SlowDownError(timedelta(seconds=uniform(5, 15)))  # noqa: S311 - spreads, hides nothing
    if code in OVER_QUOTA or code in STOPS:
        return SlowDownError(STOPPED_FOR)
    if code in UNREACHABLE:
        return BlockedError(str(error))
    if code in OUTSIDE_WINDOW:
        return RefusedError(f"không nhắn được qua Zalo: {error}")
    if code in OUR_FAULT:
        return RefusedError(str(error))
    return SendError(str(error))


async def draw(picture: Picture) -> tuple[bytes, str]:
    """A picture's bytes and media type, small enough for Zalo."""
    return await asyncio.to_thread(_drawn, picture)


def _drawn(picture: Picture) -> tuple[bytes, str]:
    png = pictures.draw(picture)
    return (png, "image/png") if len(png) <= LARGEST_PICTURE else (_as_jpeg(png), "image/jpeg")


def _as_jpeg(png: bytes, qualities: Sequence[int] = (85, 60, 40)) -> bytes:
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in qualities:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality)
        if file.tell() <= LARGEST_PICTURE:
            return file.getvalue()
        image = image.reduce(2)
    raise RefusedError("the picture is too large for Zalo")


def _with_link(reply: Reply, document: Document, texts: ZaloTexts, site: str | None) -> str:
    if site is None:
        told = texts.document_nowhere.format(name=document.name)
    else:
        address = f"{site}/api/document/{document.key}"
        told = texts.document.format(name=document.name, days=KEPT_FOR.days, address=address)
    return f"{reply.text}\n\n{told}" if reply.text else told


def _template(payload: dict[str, Any]) -> dict[str, Any]:
    return {"type": "template", "payload": payload}
