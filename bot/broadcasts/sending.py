"""Hands approved broadcasts to the outbox, batch by batch, by day; notes what became of the copies.

Every step is one transaction that starts from what is stored, so that a crash at any point loses nobody and doubles
nobody, and several programmes on one database may do it side by side. A batch at a time stands in the outbox: what is
stopped is stopped, and the night finds little waiting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.broadcasts.copy import Split, body_for, broadcast_reply
from content.library import Library
from content.numbers import TIME_ZONE
from db.broadcasts import audience, broadcasts, copies
from db.broadcasts.letter import letter_of
from db.broadcasts.models import BroadcastSort, BroadcastState
from db.clock import Clock
from db.engine import Database

log = logging.getLogger(__name__)

BATCH = 300
"""Copies of one broadcast that wait in the outbox at most: ten seconds of what Telegram takes."""

LOOK_SECONDS = 1.0
IDLE_SECONDS = 5.0


class Broadcasting:
    """Sends the broadcasts of one commune."""

    def __init__(
        self,
        database: Database,
        commune: str,
        library: Callable[[], Library],
        split: Split,
        clock: Clock,
        told: Callable[[], None],
        batch: int = BATCH,
    ) -> None:
        """`told` is called when there is something new in the outbox."""
        self._database = database
        self._commune = commune
        self._library = library
        self._split = split
        self._clock = clock
        self._told = told
        self._batch = batch

    async def run(self) -> None:
        """Sends until cancelled."""
        while True:
            try:
                is_busy = await self.step()
            except Exception:
                log.exception("broadcasts could not be sent, trying again")
                is_busy = False
            await asyncio.sleep(LOOK_SECONDS if is_busy else IDLE_SECONDS)

    async def step(self) -> bool:
        """Goes on with each broadcast that is due; whether there is one. By night nothing begins or goes on."""
        if self.is_quiet(self._clock()):
            return False
        async with self._database.snapshot() as session:
            due = await broadcasts.live(session, self._commune, self._clock())
        for broadcast_id in due:
            try:
                await self._go_on(broadcast_id)
            except Exception:
                log.exception("broadcast %d could not go on, trying again", broadcast_id)  # the others go on
        return bool(due)

    def is_quiet(self, now: datetime) -> bool:
        """Whether people are to be left alone at that moment."""
        return self._library().communes[self._commune].is_quiet(now.astimezone(TIME_ZONE).time())

    async def _go_on(self, broadcast_id: int) -> None:
        now = self._clock()
        async with self._database.transaction() as session:
            broadcast = await broadcasts.find(session, self._commune, broadcast_id, lock=True)
            if broadcast is None or broadcast.state not in broadcasts.LIVE:
                return  # stopped since we looked, or done by another programme
            if broadcast.state == BroadcastState.APPROVED:
                reach = await audience.reach(session, self._commune, letter_of(broadcast), now)
                await copies.choose(session, broadcast, reach.copies, now)
                broadcasts.begin(session, broadcast, count=reach.count, now=now)
            await copies.settle(session, broadcast, now)
            pending, queued = await copies.waiting(session, broadcast.id)
            if not pending and not queued:
                broadcasts.finish(session, broadcast, now=now)
                return
            library = self._library()
            reply = broadcast_reply(
                library, library.communes[self._commune], BroadcastSort(broadcast.sort), broadcast.text,
                broadcast.topic,
            )  # fmt: skip
            await copies.hand_over(
                session, broadcast, lambda channel: body_for(channel, reply, self._split), self._batch - queued, now
            )
        self._told()
