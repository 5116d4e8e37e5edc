"""Notes what becomes of messages in the outbox: what is sent side by side is written in one transaction.

A disk needs as long to make one change sure as to make eight, and every message is noted twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from sqlalchemy import select

from db.engine import Database
from db.models import OutboxMessage

LINGER_SECONDS = 0.005
"""So long a change waits for others that are about to come; nobody feels it."""

Change = Callable[[OutboxMessage | None], None]
"""Changes a message, locked; gets None when it has been deleted. What it raises reaches whoever wanted the change."""

_Waiting = tuple[int, Change, "asyncio.Future[None]"]


class OutboxNotes:
    """Writes changes in the order in which they are asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, message_id: int, change: Change) -> None:
        """Makes a change and returns when it is sure.

        Raises: what the change or the database raises; then nothing was changed.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((message_id, change, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await done

    async def _write_all(self) -> None:
        while self._waiting:
            await asyncio.sleep(LINGER_SECONDS)
            together, self._waiting = self._waiting, []
            try:
                refused = await self._write(together)
            except Exception as error:
                if len(together) == 1:
                    _tell(together[0][2], error)
                    continue
                for one in together:  # one of them may be the reason; the others must not suffer for it
                    try:
                        refused = await self._write([one])
                    except Exception as own_error:
                        _tell(one[2], own_error)
                    else:
                        _tell(one[2], refused.get(0))
            else:
                for place, (_, _, done) in enumerate(together):
                    _tell(done, refused.get(place))

    async def _write(self, together: Sequence[_Waiting]) -> dict[int, Exception]:
        """Writes changes in one transaction; what those raise that refuse, by their place."""
        refused: dict[int, Exception] = {}
        async with self._database.transaction() as session:
            ids = sorted({message_id for message_id, _, _ in together})
            query = select(OutboxMessage).where(OutboxMessage.id.in_(ids)).order_by(OutboxMessage.id).with_for_update()
            stored = {message.id: message for message in await session.scalars(query)}
            for place, (message_id, change, _) in enumerate(together):
                try:
                    change(stored.get(message_id))
                except Exception as error:
                    refused[place] = error
        return refused


def _tell(done: asyncio.Future[None], error: Exception | None) -> None:
    if done.done():  # whoever waited is gone
        return
    if error:
        done.set_exception(error)
    else:
        done.set_result(None)
