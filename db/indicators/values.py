"""The value of each indicator: for a period or a day, a commune or hamlets, a priority group; and the rows behind it.

The coverage rule: the latest official figure on or before the day + people newly reached in sessions after its day,
never above its total; without an official figure only what the team recorded. Who finished the pocket lessons and
agreed to count adds like a session, and is told apart. docs/indicators.md has it in plain words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from db.indicators import ledger as ledgers
from db.indicators.behind import Behind
from db.indicators.ledger import Ledger, Piece
from db.outreach import figures, hamlets
from db.outreach.figures import Figures, Scope
from db.outreach.models import Group, SessionKind

BEGINNING = date(1, 1, 1)
FIGURES: Mapping[str, str] = {
    "attendances": "attendances",
    "people_reached": "people",
    "sessions": "sessions",
    "households_visited": "households",
    "classes_held": "classes",
}
"""Outreach indicator -> the field of db.outreach.figures.Figures that counts it."""
OF_GROUPS = frozenset({"attendances", "people_reached"})
"""Only these are told of a priority group: a session says how many of it came, not who of it achieved what."""


class Measure(Protocol):
    """What must be known of an indicator to compute it; content.indicators.Indicator has that shape."""

    @property
    def id(self) -> str: ...

    @property
    def way(self) -> str: ...

    @property
    def outcome(self) -> str | None: ...


class Days(Protocol):
    """From the first to the last day, both included; content.periods.Period has that shape."""

    @property
    def first(self) -> date: ...

    @property
    def last(self) -> date: ...


class Basis(StrEnum):
    """What a value rests on."""

    OFFICIAL = "official"
    OFFICIAL_AND_OUTREACH = "official_and_outreach"
    """An official figure, and people newly reached since."""
    OUTREACH = "outreach"
    """Support sessions alone: all of an outreach indicator; of a coverage indicator what the team recorded."""
    NOTHING = "nothing"
    """No official figure yet, and nothing recorded."""
    NOT_OF_GROUP = "not_of_group"
    """This indicator can't be told of a priority group."""


@dataclass(frozen=True, slots=True)
class Value:
    """An indicator's value, and how it came about.

    value: in the indicator's unit (a share in percent, not rounded); None when there is no share to tell. numerator
    and denominator: what a share is made of; without an official figure the numerator is what the team recorded.
    official, since: the official count, and the people whom sessions reached after its day (`since` is not cut by the
    cap; `is_capped` says that it went above the total). learned: people who learnt it by themselves after that day and
    agreed to count; they are in the value, but in no session, and so not in `since`. as_of: the official figure's day,
    of several the earliest. in_period: people who achieved it in sessions of the period itself; learned_in_period: by
    themselves. figure_ids: official figures used, as db.indicators.official.by_id finds them. behind: the sessions in
    the value, `behind_period` those of `in_period`.
    """

    indicator: str
    day: date
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    basis: Basis
    official: int | None = None
    since: int = 0
    learned: int = 0
    is_capped: bool = False
    as_of: date | None = None
    source: str = ""
    in_period: int | None = None
    learned_in_period: int = 0
    figure_ids: tuple[int, ...] = ()
    behind: tuple[Behind, ...] = ()
    behind_period: tuple[Behind, ...] = ()


async def values(
    session: AsyncSession,
    commune: str,
    indicators: Iterable[Measure],
    *,
    period: Days | None = None,
    as_of: date | None = None,
    hamlet_ids: Collection[int] | None = None,
    group: Group | None = None,
) -> dict[str, Value]:
    """The value of each indicator, by its id, in the given order.

    A period gives its last day's coverage and its own outreach; `as_of` alone everything until that day; both the
    period as far as that day. Hamlets that were merged stand for what they are part of now.

    Raises:
        ValueError: neither a period nor a day.
    """
    first, last = _range(period, as_of)
    measures = list(indicators)
    book = await _ledger(session, commune, measures, last)
    places = _present(book, hamlet_ids)
    counted = Figures()
    if any(one.id in FIGURES for one in measures):
        counted = await figures.count(session, Scope(commune, first, last, places, group=group))
    return {one.id: _value(one, book, counted, first, last, places, group) for one in measures}


async def values_by_hamlet(
    session: AsyncSession,
    commune: str,
    indicators: Iterable[Measure],
    *,
    period: Days | None = None,
    as_of: date | None = None,
    group: Group | None = None,
) -> dict[int, dict[str, Value]]:
    """The same for each hamlet of today, by its id, in the commune's order."""
    first, last = _range(period, as_of)
    measures = list(indicators)
    book = await _ledger(session, commune, measures, last)
    counted = await figures.count_by_hamlet(session, Scope(commune, first, last, group=group))
    return {
        place.id: {
            one.id: _value(one, book, counted.get(place.id, Figures()), first, last, [place.id], group)
            for one in measures
        }
        for place in await hamlets.all_of(session, commune)
    }


async def trend(
    session: AsyncSession,
    commune: str,
    indicators: Iterable[Measure],
    periods: Sequence[Days],
    *,
    hamlet_ids: Collection[int] | None = None,
    group: Group | None = None,
) -> dict[str, list[Value]]:
    """The values of each indicator in several periods, in the order of these."""
    measures = list(indicators)
    if not periods:
        return {one.id: [] for one in measures}
    book = await _ledger(session, commune, measures, max(one.last for one in periods))
    places = _present(book, hamlet_ids)
    found: dict[str, list[Value]] = {one.id: [] for one in measures}
    for period in periods:
        counted = Figures()
        if any(one.id in FIGURES for one in measures):
            counted = await figures.count(session, Scope(commune, period.first, period.last, places, group=group))
        for one in measures:
            found[one.id].append(_value(one, book, counted, period.first, period.last, places, group))
    return found


async def _ledger(session: AsyncSession, commune: str, measures: Sequence[Measure], last: date) -> Ledger:
    official = [one.id for one in measures if one.id not in FIGURES]
    codes = {one.outcome for one in measures if one.outcome is not None}
    return await ledgers.read(session, commune, official, codes, last)


def _value(
    measure: Measure, book: Ledger, counted: Figures, first: date, last: date, places: Collection[int] | None,
    group: Group | None,
) -> Value:  # fmt: skip
    if group is not None and measure.id not in OF_GROUPS:
        return Value(measure.id, last, None, None, None, Basis.NOT_OF_GROUP)
    if measure.id in FIGURES:
        return _outreach(measure, book, counted, first, last, places, group)
    return _coverage(measure, book, first, last, places)


def _outreach(
    measure: Measure, book: Ledger, counted: Figures, first: date, last: date, places: Collection[int] | None,
    group: Group | None,
) -> Value:  # fmt: skip
    number = int(getattr(counted, FIGURES[measure.id]))
    kind = {"households_visited": SessionKind.HOUSE_VISIT, "classes_held": SessionKind.CLASS}.get(measure.id)
    behind = (
        Behind(
            book.commune, first, last, book.area(places), kind=kind, group=group,
            of_household=measure.id == "households_visited",
        ),
    )  # fmt: skip
    return Value(
        measure.id, last, Decimal(number), number, None, Basis.OUTREACH, in_period=number, behind=behind,
        behind_period=behind,
    )  # fmt: skip


def _coverage(measure: Measure, book: Ledger, first: date, last: date, places: Collection[int] | None) -> Value:
    area, code = book.area(places), measure.outcome
    pieces = book.pieces(measure.id, places, last)
    if code is None:
        if pieces is None:
            return Value(measure.id, last, None, None, None, Basis.NOTHING)
        return _of_pieces(measure, book, pieces, last)
    before = None if first == BEGINNING else date.fromordinal(first.toordinal() - 1)
    value = _of_pieces(measure, book, pieces, last) if pieces else _without_official(measure.id, code, book, area, last)
    return replace(
        value, in_period=book.people(code, area, before, last),
        learned_in_period=book.learners(code, area, before, last),
        behind_period=(Behind(book.commune, first, last, area, outcome=code),),
    )  # fmt: skip


def _without_official(indicator: str, code: str, book: Ledger, area: frozenset[int] | None, last: date) -> Value:
    reached, learned = book.people(code, area, None, last), book.learners(code, area, None, last)
    if not reached + learned:
        return Value(indicator, last, None, None, None, Basis.NOTHING)
    behind = (Behind(book.commune, BEGINNING, last, area, outcome=code),)
    return Value(
        indicator, last, None, reached + learned, None, Basis.OUTREACH, since=reached, learned=learned, behind=behind
    )


def _of_pieces(measure: Measure, book: Ledger, pieces: Sequence[Piece], last: date) -> Value:
    behind: list[Behind] = []
    official = numerator = denominator = since = learned = 0
    is_capped = False
    for piece in pieces:
        figure = piece.figure
        newly = by_themselves = 0
        if measure.outcome is not None:
            newly = book.people(measure.outcome, piece.hamlet_ids, figure.as_of, last)
            by_themselves = book.learners(measure.outcome, piece.hamlet_ids, figure.as_of, last)
            after = date.fromordinal(figure.as_of.toordinal() + 1)
            behind.append(Behind(book.commune, after, last, piece.hamlet_ids, outcome=measure.outcome))
        since += newly
        learned += by_themselves
        count = (figure.count or 0) + newly + by_themselves
        if figure.total is not None and count > figure.total:
            count, is_capped = figure.total, True
        official += figure.count or 0
        numerator += count
        denominator += figure.total or 0
    one = pieces[0].figure
    has_count, has_total = one.count is not None, one.total is not None
    if has_total:
        value: Decimal | None = Decimal(numerator * 100) / denominator
    else:
        value = Decimal(numerator) if has_count else one.percent  # a share alone: nobody knows what one more adds
    adds = since + learned > 0 and has_count
    return Value(
        measure.id, last, value, numerator if has_count else None, denominator if has_total else None,
        Basis.OFFICIAL_AND_OUTREACH if adds else Basis.OFFICIAL, official=official if has_count else None,
        since=since, learned=learned, is_capped=is_capped, as_of=min(piece.figure.as_of for piece in pieces),
        source="; ".join(dict.fromkeys(piece.figure.source for piece in pieces)),
        figure_ids=tuple(piece.figure.id for piece in pieces), behind=tuple(behind),
    )  # fmt: skip


def _present(book: Ledger, hamlet_ids: Collection[int] | None) -> list[int] | None:
    """Hamlets of other communes count nothing: they stay in and find nothing."""
    return None if hamlet_ids is None else sorted({book.present.get(one, one) for one in hamlet_ids})


def _range(period: Days | None, as_of: date | None) -> tuple[date, date]:
    if period is not None:
        return period.first, period.last if as_of is None else min(as_of, period.last)
    if as_of is None:
        raise ValueError("values of which days: give a period or a day")
    return BEGINNING, as_of
