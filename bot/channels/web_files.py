"""Files over the web chat: those that replies bring are downloaded, those that people choose are uploaded."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Response

from bot.messages import Attached
from db.documents import File

FileName = Annotated[str, Query(min_length=1, max_length=255)]


class Uploads:
    """The contents of files on their way from the page to the turn that reads them: in memory, nowhere else.

    What a process that dies had in hand is gone with it; the page still has the file, and the turn says so.
    """

    def __init__(self) -> None:
        self._in_hand: dict[str, bytes] = {}

    @contextmanager
    def held(self, name: str, content: bytes) -> Iterator[Attached]:
        """Holds a file for as long as the block lasts."""
        ref = secrets.token_urlsafe(16)
        self._in_hand[ref] = content
        try:
            yield Attached(name, len(content), ref)
        finally:
            del self._in_hand[ref]

    async def fetch(self, ref: str) -> bytes | None:
        """The content of a file that is in hand."""
        return self._in_hand.get(ref)


def file_response(file: File) -> Response:
    """A file to be saved, never shown: whatever is in it, it does nothing on our page."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)
