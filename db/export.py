"""Everything that a commune has recorded, as tables to take away: places, people as pseudonyms, sessions, classes.

A pseudonym is a keyed hash of an id: the same household is the same in every export and every table, and without the
commune's key nobody can tell which. Names and what people wrote come only `with_names`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import links
from db.indicators.models import OfficialFigure
from db.outreach.models import (
    ClassAttendance,
    Hamlet,
    HelpRequest,
    Household,
    LearningClass,
    Member,
    SessionOutcome,
    SupportSession,
)
from db.reach.models import Poster, PosterScan

PSEUDONYM = 12
"""Letters of a pseudonym: 48 bits, more than enough for the households of a province."""
GROUPS = ("people", "adults", "elderly", "poor", "ethnic_minority", "disabled")
FLAGS = ("is_poor", "is_ethnic_minority", "has_elderly", "has_disabled")
PILLARS = ("identity", "device", "skill", "account")

Value = str | int | float | bool | date | datetime | None
Alias = Callable[[str, int | None], str | None]


@dataclass(frozen=True, slots=True)
class Table:
    """A table to take away: its name, its columns by code, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Value]]


async def tables(session: AsyncSession, commune: str, *, with_names: bool = False) -> list[Table]:
    """All tables of a commune. The first export of a commune makes its key, so the session must be allowed to write."""
    hashed = await links.keyed_hasher(session, commune)

    def alias(kind: str, number: int | None) -> str | None:
        return None if number is None else hashed(f"export:{kind}:{number}")[:PSEUDONYM]

    places = await session.execute(select(Hamlet.id, Hamlet.name).where(Hamlet.commune == commune))
    names = {int(number): str(name) for number, name in places}
    export = _Export(session, commune, alias, names, with_names)
    return [
        await export.hamlets(),
        await export.households(),
        await export.members(),
        await export.sessions(),
        await export.outcomes(),
        await export.classes(),
        await export.posters(),
        await export.requests(),
        await export.official(),
    ]


@dataclass(frozen=True, slots=True)
class _Export:
    session: AsyncSession
    commune: str
    alias: Alias
    hamlet_names: dict[int, str]
    with_names: bool

    async def hamlets(self) -> Table:
        query = select(Hamlet.name, Hamlet.merged_into_id).where(Hamlet.commune == self.commune)
        rows = await self._rows(query.order_by(Hamlet.position, Hamlet.id))
        return Table("hamlets", ("name", "merged_into"), [(name, self._hamlet(into)) for name, into in rows])

    async def households(self) -> Table:
        columns = (*FLAGS, "people", "adults", *PILLARS, "surveyed_at")
        named = ("name", "number") if self.with_names else ()
        rows = await self._rows(
            select(
                Household.id, Household.hamlet_id, Household.merged_into_id,
                *(getattr(Household, name) for name in (*columns, *named)),
            )
            .where(Household.commune == self.commune)
            .order_by(Household.id)
        )  # fmt: skip
        return Table(
            "households",
            ("household", "hamlet", "merged_into", *columns, *named),
            [
                (self.alias("household", number), self._hamlet(place), self.alias("household", into), *rest)
                for number, place, into, *rest in rows
            ],
        )

    async def members(self) -> Table:
        named = ("name",) if self.with_names else ()
        rows = await self._rows(
            select(Member.id, Member.role, Member.joined_at, Member.removed_at, *(getattr(Member, n) for n in named))
            .where(Member.commune == self.commune)
            .order_by(Member.id)
        )
        columns = ("member", "role", "joined_at", "removed_at", *named)
        return Table("members", columns, [(self.alias("member", number), *rest) for number, *rest in rows])

    async def sessions(self) -> Table:
        named = ("note",) if self.with_names else ()
        columns = ("kind", "source", *GROUPS, "logged_at", "voided_at")
        rows = await self._rows(
            select(
                SupportSession.id, SupportSession.occurred_on, SupportSession.hamlet_id, SupportSession.household_id,
                SupportSession.class_id, SupportSession.member_id,
                *(getattr(SupportSession, name) for name in (*columns, *named)),
            )
            .where(SupportSession.commune == self.commune)
            .order_by(SupportSession.occurred_on, SupportSession.id)
        )  # fmt: skip
        return Table(
            "sessions",
            ("session", "occurred_on", "hamlet", "household", "class", "member", *columns, *named),
            [
                (
                    self.alias("session", number), day, self._hamlet(place), self.alias("household", home),
                    self.alias("class", held), self.alias("member", member), *rest,
                )
                for number, day, place, home, held, member, *rest in rows
            ],
        )  # fmt: skip

    async def outcomes(self) -> Table:
        rows = await self._rows(
            select(SessionOutcome.session_id, SessionOutcome.code, SessionOutcome.count)
            .where(SessionOutcome.commune == self.commune)
            .order_by(SessionOutcome.session_id, SessionOutcome.code)
        )
        found = [(self.alias("session", number), code, count) for number, code, count in rows]
        return Table("outcomes", ("session", "code", "count"), found)

    async def classes(self) -> Table:
        named = ("title", "place") if self.with_names else ()
        columns = ("starts_at", "cancelled_at", "closed_at", "without_phone")
        rows = await self._rows(
            select(
                LearningClass.id, LearningClass.hamlet_id, *(getattr(LearningClass, name) for name in columns),
                _attendances(ClassAttendance.signed_up_at), _attendances(ClassAttendance.checked_in_at),
                *(getattr(LearningClass, name) for name in named),
            )
            .where(LearningClass.commune == self.commune)
            .order_by(LearningClass.starts_at, LearningClass.id)
        )  # fmt: skip
        return Table(
            "classes",
            ("class", "hamlet", *columns, "signed_up", "checked_in", *named),
            [(self.alias("class", number), self._hamlet(place), *rest) for number, place, *rest in rows],
        )

    async def posters(self) -> Table:
        """Where each hangs may be somebody's house."""
        named = ("place",) if self.with_names else ()
        columns = ("topic", "created_at", "retired_at")
        rows = await self._rows(
            select(
                Poster.id, Poster.hamlet_id, *(getattr(Poster, name) for name in columns),
                select(func.count(PosterScan.id)).where(PosterScan.poster_id == Poster.id).scalar_subquery(),
                *(getattr(Poster, name) for name in named),
            )
            .where(Poster.commune == self.commune)
            .order_by(Poster.id)
        )  # fmt: skip
        return Table(
            "posters",
            ("poster", "hamlet", *columns, "people", *named),
            [(self.alias("poster", number), self._hamlet(place), *rest) for number, place, *rest in rows],
        )

    async def requests(self) -> Table:
        """Counts only: what citizens wrote stays where it is."""
        rows = await self._rows(
            select(
                HelpRequest.hamlet_id, HelpRequest.kind, HelpRequest.state, func.count(HelpRequest.id),
                *(func.sum(case((HelpRequest.helped.is_(said), 1), else_=0)) for said in (True, False)),
            )
            .where(HelpRequest.commune == self.commune)
            .group_by(HelpRequest.hamlet_id, HelpRequest.kind, HelpRequest.state)
            .order_by(HelpRequest.hamlet_id, HelpRequest.kind, HelpRequest.state)
        )  # fmt: skip
        return Table(
            "requests",
            ("hamlet", "kind", "state", "count", "helped", "not_helped"),
            [(self._hamlet(place), *rest) for place, *rest in rows],
        )

    async def official(self) -> Table:
        columns = ("indicator", "as_of", "count", "total")
        rows = await self._rows(
            select(
                OfficialFigure.hamlet_id, *(getattr(OfficialFigure, name) for name in columns),
                OfficialFigure.hundredths / 100.0, OfficialFigure.source, OfficialFigure.withdrawn_at,
            )
            .where(OfficialFigure.commune == self.commune)
            .order_by(OfficialFigure.indicator, OfficialFigure.as_of, OfficialFigure.id)
        )  # fmt: skip
        return Table(
            "official",
            ("hamlet", *columns, "percent", "source", "withdrawn_at"),
            [(self._hamlet(place), *rest) for place, *rest in rows],
        )

    async def _rows(self, query: Any) -> Iterable[Sequence[Any]]:
        return [tuple(row) for row in await self.session.execute(query)]

    def _hamlet(self, number: int | None) -> str | None:
        return None if number is None else self.hamlet_names[number]


def _attendances(stamp: Any) -> ColumnElement[int]:
    return (
        select(func.count(ClassAttendance.id))
        .where(ClassAttendance.class_id == LearningClass.id, stamp.is_not(None))
        .correlate(LearningClass)
        .scalar_subquery()
    )
