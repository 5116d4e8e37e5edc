"""What coverage is counted from, read once: official figures, what sessions achieved by day, which hamlet went where.

Beside the sessions: who finished the pocket lessons and agreed to count (db/lessons/counted.py).
A ledger is plain data. So the values of many days, hamlets and indicators cost four queries, not four each.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.indicators.models import OfficialFigure
from db.lessons import counted
from db.outreach import hamlets
from db.outreach.models import AuditEntry, SessionOutcome, SupportSession


@dataclass(frozen=True, slots=True)
class Merger:
    """A hamlet became part of another; `at` None: so long ago that nobody noted when."""

    into: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Piece:
    """An official figure and the hamlets (as sessions name them) that it tells of; None: the whole commune."""

    figure: OfficialFigure
    hamlet_ids: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Line:
    """How many people achieved something in a hamlet's sessions, summed up from the first day to each of `days`."""

    days: list[date] = field(default_factory=list)
    sums: list[int] = field(default_factory=list)

    def add(self, day: date, people: int) -> None:
        """The next day."""
        self.days.append(day)
        self.sums.append(people + (self.sums[-1] if self.sums else 0))

    def until(self, day: date) -> int:
        """Up to and with that day."""
        place = bisect_right(self.days, day)
        return self.sums[place - 1] if place else 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """`recorded`: outcome code -> hamlet as the session names it -> the days."""

    commune: str
    official: Mapping[tuple[str, int | None], tuple[OfficialFigure, ...]]
    """By indicator and hamlet, the latest day first."""
    recorded: Mapping[str, Mapping[int, Line]]
    present: Mapping[int, int]
    """Hamlets that the commune ever had -> what they are part of now."""
    mergers: Mapping[int, Merger]
    parts: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """Hamlet -> those that were merged straight into it."""
    learned: Mapping[str, Mapping[int, Line]] = field(default_factory=dict)
    """Like `recorded`: people who learnt it by themselves with the pocket lessons, which no session tells of."""

    def pieces(self, indicator: str, hamlet_ids: Collection[int] | None, day: date) -> list[Piece] | None:
        """The latest official figures on or before a day that together tell of the whole place; None: there are none.

        A commune's own figure goes before those of its hamlets.
        """
        if hamlet_ids is None:
            figure = self._latest(indicator, None, day)
            if figure is not None:
                return [Piece(figure, None)]
        wanted = sorted({self.present.get(one, one) for one in (self.present if hamlet_ids is None else hamlet_ids)})
        found: list[Piece] = []
        for hamlet_id in wanted:
            here = self._pieces_of(indicator, hamlet_id, day)
            if here is None:
                return None
            found += here
        if len(found) > 1 and any(piece.figure.total is None for piece in found):
            return None  # shares without their totals can't be added up
        return found or None

    def area(self, hamlet_ids: Collection[int] | None) -> frozenset[int] | None:
        """The hamlets, as sessions name them, that count as these; None: all."""
        if hamlet_ids is None:
            return None
        now = {self.present.get(one, one) for one in hamlet_ids}
        return frozenset(old for old, new in self.present.items() if new in now)

    def people(self, code: str, area: frozenset[int] | None, after: date | None, until: date) -> int:
        """How many people achieved something in sessions after a day until another."""
        return _sum(self.recorded.get(code, {}), area, after, until)

    def learners(self, code: str, area: frozenset[int] | None, after: date | None, until: date) -> int:
        """How many people learnt it by themselves after a day until another, and agreed to count."""
        return _sum(self.learned.get(code, {}), area, after, until)

    def _latest(self, indicator: str, hamlet_id: int | None, day: date) -> OfficialFigure | None:
        return next((one for one in self.official.get((indicator, hamlet_id), ()) if one.as_of <= day), None)

    def _pieces_of(self, indicator: str, hamlet_id: int, day: date) -> list[Piece] | None:
        """A figure tells of what was part of its hamlet when it was entered; what came later needs its own."""
        figure = self._latest(indicator, hamlet_id, day)
        if figure is None:
            return None
        covered = {hamlet_id}
        apart: list[Piece] = []
        for part in self.parts.get(hamlet_id, ()):
            at = self.mergers[part].at
            if at is None or at <= figure.entered_at:
                covered |= set(self._whole(part))
                continue
            own = self._pieces_of(indicator, part, day)
            if own is None:
                return None
            apart += own
        return [Piece(figure, frozenset(covered)), *apart]

    def _whole(self, hamlet_id: int) -> Iterator[int]:
        yield hamlet_id
        for part in self.parts.get(hamlet_id, ()):
            yield from self._whole(part)


def _sum(lines: Mapping[int, Line], area: frozenset[int] | None, after: date | None, until: date) -> int:
    return sum(
        line.until(until) - (line.until(min(after, until)) if after is not None else 0)
        for hamlet_id, line in lines.items()
        if area is None or hamlet_id in area
    )


async def read(
    session: AsyncSession, commune: str, indicators: Collection[str], codes: Collection[str], until: date
) -> Ledger:
    """The ledger of some indicators and outcomes until a day."""
    query = (
        select(OfficialFigure)
        .where(
            OfficialFigure.commune == commune,
            OfficialFigure.indicator.in_(indicators),
            OfficialFigure.withdrawn_at.is_(None),
            OfficialFigure.as_of <= until,
        )
        .order_by(OfficialFigure.as_of.desc(), OfficialFigure.id.desc())
    )
    official: defaultdict[tuple[str, int | None], list[OfficialFigure]] = defaultdict(list)
    for figure in await session.scalars(query):
        official[figure.indicator, figure.hamlet_id].append(figure)
    sums = (
        select(
            SessionOutcome.code, SupportSession.hamlet_id, SupportSession.occurred_on, func.sum(SessionOutcome.count)
        )
        .join(SupportSession, SupportSession.id == SessionOutcome.session_id)
        .where(
            SupportSession.commune == commune,
            SupportSession.voided_at.is_(None),
            SupportSession.occurred_on <= until,
            SessionOutcome.code.in_(codes),
        )
        .group_by(SessionOutcome.code, SupportSession.hamlet_id, SupportSession.occurred_on)
        .order_by(SupportSession.occurred_on)
    )
    recorded: defaultdict[str, defaultdict[int, Line]] = defaultdict(lambda: defaultdict(Line))
    for code, hamlet_id, day, people in await session.execute(sums):
        recorded[code][hamlet_id].add(day, int(people))
    learned: defaultdict[str, defaultdict[int, Line]] = defaultdict(lambda: defaultdict(Line))
    if counted.OUTCOME in codes:
        for hamlet_id, day, people in await counted.by_day(session, commune, until):
            learned[counted.OUTCOME][hamlet_id].add(day, people)
    mergers = await _mergers(session, commune)
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for part, merger in sorted(mergers.items()):
        parts[merger.into].append(part)
    return Ledger(
        commune, {key: tuple(some) for key, some in official.items()}, dict(recorded),
        await hamlets.present_ids(session, commune), mergers, {into: tuple(some) for into, some in parts.items()},
        dict(learned),
    )  # fmt: skip


async def _mergers(session: AsyncSession, commune: str) -> dict[int, Merger]:
    """Who was merged into whom and when: the log knows each step, the hamlet only where it is now."""
    merged = {one.id: one.merged_into_id for one in await hamlets.every(session, commune) if one.merged_into_id}
    found = {hamlet_id: Merger(into, None) for hamlet_id, into in merged.items() if into is not None}
    query = (
        select(AuditEntry.subject_id, AuditEntry.at, AuditEntry.after)
        .where(
            AuditEntry.commune == commune,
            AuditEntry.subject == "hamlet",
            AuditEntry.action == "hamlet.merged",
            AuditEntry.subject_id.in_(list(merged)),
        )
        .order_by(AuditEntry.id)
    )
    for hamlet_id, at, after in await session.execute(query):
        found[hamlet_id] = Merger(int((after or {}).get("into", found[hamlet_id].into)), at)
    return found
