"""Filled sheets of visits, as Excel saves them, and people who send them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import openpyxl

from bot.inbox import Inbox
from bot.messages import Attached, Incoming, Kind
from bot.team.visit_sheet import columns
from bot.team.visit_sheet.template import FIRST_ROW
from tests.support.clock import NOON
from tests.support.incoming import said

Row = Mapping[str, Any]
"""Values by the columns' names (bot/team/visit_sheet/columns.py)."""


def filled(template: bytes, *rows: Row, first: int = FIRST_ROW) -> bytes:
    """A template with these rows typed into it, one below the other."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    for number, row in enumerate(rows, start=first):
        for column, value in row.items():
            sheet.cell(number, columns.ALL.index(column) + 1, value)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """A workbook as a file."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


class Post:
    """Carries files to an inbox, as the servers of a messenger do."""

    def __init__(self, inbox: Inbox, channel: str = "telegram") -> None:
        self._channel = channel
        self.files: dict[str, bytes] = {}
        self.fetched: list[str] = []
        inbox.fetch_files_by(channel, self._fetch)

    def file(self, content: bytes, name: str = "visits.xlsx", *, by: str = "ba-an", size: int = 0) -> Incoming:
        """A document that somebody sends; `size` claims another one."""
        ref = f"file-{len(self.files)}"
        self.files[ref] = content
        attached = Attached(name, size or len(content), ref)
        message_id = said("").message_id
        return Incoming(
            self._channel, by, by, message_id, NOON, Kind.ATTACHMENT, payload="document", file=attached
        )  # fmt: skip

    async def _fetch(self, ref: str) -> bytes | None:
        self.fetched.append(ref)
        return self.files.get(ref)
