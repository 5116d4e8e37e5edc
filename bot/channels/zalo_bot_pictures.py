"""Pictures for the Zalo Bot Platform, which takes no uploads: it fetches them from our own site, for a short time.

A picture is kept with its conversation's documents, so every process of a commune can serve it, and whoever has their
data deleted takes it along. Its address can't be guessed, ends after minutes, and is given to Zalo alone.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from fastapi import APIRouter, Response

from bot import pictures
from bot.channels.zalo_bot_updates import NAME
from bot.messages import Picture
from content.numbers import number
from db import conversations, documents
from db.clock import Clock
from db.engine import Database

PATH = "/zalo-bot/hinh"
SHOWN_FOR = timedelta(minutes=10)
"""Zalo fetches a picture while we wait for its answer; this has room for a slow line and one repetition."""

MEDIA_TYPE = "image/png"


class ShownPictures:
    """Keeps pictures, gives them addresses, and serves them."""

    def __init__(self, database: Database, commune: str, site: str | None, clock: Clock) -> None:
        """`site` is the address under which the internet reaches us; None when it does not."""
        self._database = database
        self._commune = commune
        self._site = site.rstrip("/") if site else None
        self._clock = clock

    async def address_of(self, chat: str, picture: Picture) -> str | None:
        """Where the picture can be fetched from now on; None without a public site, or when the person is gone."""
        if self._site is None:
            return None
        content = await asyncio.to_thread(pictures.draw, picture)
        async with self._database.transaction() as session:
            conversation = await conversations.find(
                session, commune=self._commune, channel=NAME, chat=chat, sender=chat
            )
            if conversation is None:
                return None
            file = documents.File("hinh.png", MEDIA_TYPE, content)
            key = await documents.keep(session, conversation, file, self._clock())
        return f"{self._site}{PATH}/{key}.png"

    def router(self) -> APIRouter:
        """The route under which they are served."""
        router = APIRouter()
        router.add_api_route(f"{PATH}/{{key}}.png", self._answer, methods=["GET", "HEAD"])
        return router

    async def _answer(self, key: str) -> Response:
        async with self._database.snapshot() as session:
            file = await documents.fetch(session, key, since=self._clock() - SHOWN_FOR)
        if file is None or file.media_type != MEDIA_TYPE:
            return Response(status_code=404)
        headers = {
            "Cache-Control": "private, no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        }
        return Response(file.content, media_type=file.media_type, headers=headers)


def in_words(picture: Picture) -> str:
    """What a picture shows, for where it can't be shown: the link in a code, the figures of a chart."""
    rows = [f"{label}: {number(value)}" for label, value in zip(picture.labels, picture.values, strict=False)]
    parts = [picture.title, picture.text or "\n".join(rows)]
    return "\n".join(part for part in parts if part)
