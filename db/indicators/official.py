"""Official figures: entered by their owner, corrected with history, withdrawn. Errors have names; content/ the words.

One figure for each indicator, place and day: who enters it again corrects it, who withdraws it can enter it again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from db.engine import insert_if_new
from db.indicators.models import OfficialFigure
from db.outreach import audit, hamlets
from db.outreach.models import AuditEntry

SUBJECT = "official_figure"
LONGEST_SOURCE = 256
LONGEST_REASON = 256
MOST = 10_000_000
"""More than people or transactions of any commune: a slip of the finger."""
EARLIEST = date(2015, 1, 1)
PERCENT_UNIT = "%"
OUTREACH = "outreach"


class Known(Protocol):
    """What must be known of an indicator to take a figure of it; content.indicators.Indicator has that shape."""

    @property
    def unit(self) -> str: ...

    @property
    def way(self) -> str: ...


KnownById = Mapping[str, Known]


class FigureError(ValueError):
    """A figure that can't be taken; `reason` names the sentence in content/texts/official.yml, `values` fill it in.

    Reasons: unknown_indicator, not_official, unknown_hamlet, future, too_early, negative, too_large, count_over_total,
    no_total, no_count, both, not_a_share, percent_range, percent_decimals, no_source, long_source, no_reason.
    """

    def __init__(self, reason: str, field: str, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.field, self.values = reason, field, values


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure as somebody enters it: `count` of `total`, or `percent` alone. `hamlet_id` None: the whole commune."""

    indicator: str
    as_of: date
    source: str
    hamlet_id: int | None = None
    count: int | None = None
    total: int | None = None
    percent: Decimal | None = None

    def check(self, known: KnownById, today: date) -> None:
        """Refuses what can't be. `known` are the indicators by id.

        Raises:
            FigureError: which says why, and which field it is about.
        """
        one = known.get(self.indicator)
        if one is None:
            raise FigureError("unknown_indicator", "indicator", indicator=self.indicator)
        if str(one.way) == OUTREACH:
            raise FigureError("not_official", "indicator", indicator=self.indicator)
        if self.as_of > today:
            raise FigureError("future", "as_of", day=self.as_of)
        if self.as_of < EARLIEST:
            raise FigureError("too_early", "as_of", day=self.as_of)
        if str(one.unit) == PERCENT_UNIT:
            self._check_share()
        else:
            self._check_plain()
        if not self.source.strip():
            raise FigureError("no_source", "source")
        if len(self.source.strip()) > LONGEST_SOURCE:
            raise FigureError("long_source", "source", most=LONGEST_SOURCE)

    def _check_share(self) -> None:
        if self.percent is not None:
            if self.count is not None or self.total is not None:
                raise FigureError("both", "percent")
            if not self.percent.is_finite() or not 0 <= self.percent <= 100:
                raise FigureError("percent_range", "percent", percent=self.percent)
            if self.percent * 100 != int(self.percent * 100):
                raise FigureError("percent_decimals", "percent", percent=self.percent)
            return
        if self.count is None:
            raise FigureError("no_count", "count")
        _check_number(self.count, "count")
        if self.total is None:
            raise FigureError("no_total", "total")
        _check_number(self.total, "total")
        if self.count > self.total or self.total == 0:
            raise FigureError("count_over_total", "count", count=self.count, total=self.total)

    def _check_plain(self) -> None:
        if self.percent is not None or self.total is not None:
            raise FigureError("not_a_share", "percent" if self.percent is not None else "total")
        if self.count is None:
            raise FigureError("no_count", "count")
        _check_number(self.count, "count")


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of an entry: the figure, and whether it is new, a correction, or was there already (neither)."""

    figure: OfficialFigure
    is_new: bool
    is_changed: bool


async def enter(
    session: AsyncSession, commune: str, entry: Entry, *, known: KnownById, actor: str, now: datetime, today: date
) -> Entered:
    """Stores a figure, or corrects the one of that indicator, place and day. The same again changes nothing.

    Raises:
        FigureError: it can't be; see `Entry.check`. A hamlet must be this commune's; one that was merged is not.
    """
    entry.check(known, today)
    if entry.hamlet_id is not None:
        place = await hamlets.by_id(session, commune, entry.hamlet_id)
        if place is None or place.id != entry.hamlet_id:
            raise FigureError("unknown_hamlet", "hamlet", hamlet=entry.hamlet_id)
    values = _values(entry)
    new_id = await session.scalar(
        insert_if_new(
            session, OfficialFigure, commune=commune, indicator=entry.indicator, hamlet_id=entry.hamlet_id,
            as_of=entry.as_of, entered_by=actor, entered_at=now, withdrawn_at=None, withdraw_reason="", is_demo=False,
            **values,
        ).returning(OfficialFigure.id)
    )  # fmt: skip
    query = _whole().where(
        OfficialFigure.commune == commune,
        OfficialFigure.indicator == entry.indicator,
        OfficialFigure.hamlet_id.is_(None) if entry.hamlet_id is None else OfficialFigure.hamlet_id == entry.hamlet_id,
        OfficialFigure.as_of == entry.as_of,
    )
    locked = query.with_for_update(of=OfficialFigure).execution_options(populate_existing=True)
    figure = (await session.scalars(locked)).one()
    if new_id is not None:
        _record(session, figure, "entered", None, as_json(figure), actor, now)
        return Entered(figure, True, True)
    before = as_json(figure)
    if says_the_same(figure, entry):
        return Entered(figure, False, False)
    for name, value in values.items():
        setattr(figure, name, value)
    figure.withdrawn_at, figure.withdraw_reason = None, ""
    figure.entered_by, figure.entered_at = actor, now
    await session.flush()
    _record(session, figure, "corrected", before, as_json(figure), actor, now)
    return Entered(figure, False, True)


async def withdraw(session: AsyncSession, figure: OfficialFigure, *, reason: str, actor: str, now: datetime) -> bool:
    """Makes a wrong figure count nowhere; it stays readable. False when it was withdrawn already.

    Raises:
        FigureError: without a reason.
    """
    if not reason.strip():
        raise FigureError("no_reason", "reason")
    query = _whole().where(OfficialFigure.id == figure.id).with_for_update(of=OfficialFigure)
    await session.scalars(query.execution_options(populate_existing=True))
    if figure.withdrawn_at is not None:
        return False
    before = as_json(figure)
    figure.withdrawn_at, figure.withdraw_reason = now, reason.strip()[:LONGEST_REASON]
    await session.flush()
    _record(session, figure, "withdrawn", before, as_json(figure), actor, now)
    return True


def says_the_same(figure: OfficialFigure, entry: Entry) -> bool:
    """Whether entering it again would change nothing."""
    values = _values(entry).items()
    return figure.withdrawn_at is None and all(getattr(figure, name) == value for name, value in values)


async def by_id(session: AsyncSession, commune: str, figure_id: int) -> OfficialFigure | None:
    """That figure, if it is this commune's, with its hamlet."""
    query = _whole().where(OfficialFigure.commune == commune, OfficialFigure.id == figure_id)
    return (await session.scalars(query)).one_or_none()


async def all_of(
    session: AsyncSession, commune: str, *, indicators: Collection[str] | None = None, withdrawn: bool = True
) -> list[OfficialFigure]:
    """A commune's figures, the latest day first, with those that were withdrawn unless told otherwise."""
    query = (
        _whole()
        .where(OfficialFigure.commune == commune)
        .order_by(OfficialFigure.as_of.desc(), OfficialFigure.indicator, OfficialFigure.id)
    )
    if indicators is not None:
        query = query.where(OfficialFigure.indicator.in_(indicators))
    if not withdrawn:
        query = query.where(OfficialFigure.withdrawn_at.is_(None))
    return list(await session.scalars(query))


async def history(session: AsyncSession, figure: OfficialFigure) -> list[AuditEntry]:
    """Who entered, corrected and withdrew it, when, and what it was before and after; the oldest first."""
    return await audit.history(session, figure.commune, SUBJECT, figure.id)


def as_json(figure: OfficialFigure) -> dict[str, Any]:
    """As a figure stands in the audit log; `percent` only where the owner gave nothing else."""
    return {
        "indicator": figure.indicator,
        "hamlet_id": figure.hamlet_id,
        "as_of": figure.as_of.isoformat(),
        "count": figure.count,
        "total": figure.total,
        "percent": str(figure.percent) if figure.hundredths is not None else None,
        "source": figure.source,
        "withdrawn": figure.withdrawn_at is not None,
        "reason": figure.withdraw_reason,
    }


def _record(
    session: AsyncSession, figure: OfficialFigure, verb: str, before: dict[str, Any] | None, after: dict[str, Any],
    actor: str, now: datetime,
) -> None:  # fmt: skip
    audit.record(
        session, commune=figure.commune, actor=actor, action=f"{SUBJECT}.{verb}", subject_id=figure.id, before=before,
        after=after, now=now,
    )  # fmt: skip


def _check_number(value: int, field: str) -> None:
    if value < 0:
        raise FigureError("negative", field, number=value)
    if value > MOST:
        raise FigureError("too_large", field, number=value, most=MOST)


def _values(entry: Entry) -> dict[str, Any]:
    hundredths = None if entry.percent is None else int(entry.percent * 100)
    return {"count": entry.count, "total": entry.total, "hundredths": hundredths, "source": entry.source.strip()}


def _whole() -> Any:
    return select(OfficialFigure).options(selectinload(OfficialFigure.hamlet))
