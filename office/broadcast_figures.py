"""The figures of broadcasts: what has become of one's copies on each channel, and who asked to be told of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db.broadcasts import audience, copies, subscribers
from db.broadcasts.copies import Count
from db.broadcasts.models import Broadcast, Interest, RecipientState
from db.outreach import hamlets

NOWHERE = (None, "")
"""Those who did not say where they live."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The copies of one channel, or of all. `waiting` are those not yet sent."""

    channel: str
    sent: int = 0
    waiting: int = 0
    failed: int = 0
    blocked: int = 0
    opted_out: int = 0
    stopped: int = 0

    @property
    def total(self) -> int:
        """How many copies there are."""
        return self.sent + self.waiting + self.failed + self.blocked + self.opted_out + self.stopped


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is, on each channel and in all."""

    channels: tuple[Tally, ...]
    all: Tally


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """How many live there by what they want to hear; `place` is empty for those who don't say where."""

    place: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Who asked to be told. `counts` of rows, and `totals`, are in the order of `interests`; `people` is each once."""

    interests: tuple[str, ...]
    rows: tuple[PlaceRow, ...]
    totals: tuple[int, ...]
    people: int


async def progress_of(session: AsyncSession, broadcast: Broadcast) -> Progress:
    """How far a broadcast is at this moment."""
    counts = await copies.progress(session, broadcast)
    channels = tuple(_tally(name, counts) for name in sorted({one.channel for one in counts}))
    return Progress(channels, _tally("", counts))


async def subscribed(session: AsyncSession, commune: str) -> Subscribed:
    """Who asked to be told of what, by hamlet as they said it."""
    counts = await subscribers.by_hamlet(session, commune)
    totals = await audience.subscribers(session, commune)
    offered: list[tuple[int | None, str]] = [(one.id, one.name) for one in await hamlets.all_of(session, commune)]
    rows = (PlaceRow(name, tuple(counts.get((home, one), 0) for one in Interest)) for home, name in [*offered, NOWHERE])
    return Subscribed(
        tuple(one.value for one in Interest), tuple(row for row in rows if row.place or any(row.counts)),
        tuple(totals[one] for one in Interest), await subscribers.count(session, commune),
    )  # fmt: skip


def _tally(channel: str, counts: Sequence[Count]) -> Tally:
    """Of one channel; of all when it is empty."""

    def of(*states: RecipientState) -> int:
        return sum(one.count for one in counts if one.state in states and channel in ("", one.channel))

    return Tally(
        channel, of(RecipientState.SENT), of(RecipientState.PENDING, RecipientState.QUEUED),
        of(RecipientState.FAILED), of(RecipientState.BLOCKED), of(RecipientState.OPTED_OUT),
        of(RecipientState.STOPPED),
    )  # fmt: skip
