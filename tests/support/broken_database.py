"""A database that is away for a while, as a server is while it restarts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database


class BreakableDatabase(Database):
    """Can be reached unless it `is_away`; `missed` is set when somebody tried in vain."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.is_away = False
        self.missed = asyncio.Event()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """As usual, or fails."""
        self._fail_if_away()
        async with super().transaction() as session:
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """As usual, or fails."""
        self._fail_if_away()
        async with super().snapshot() as session:
            yield session

    def _fail_if_away(self) -> None:
        if self.is_away:
            self.missed.set()
            raise OperationalError("BEGIN", None, ConnectionRefusedError("connection refused"))
