"""`daisuso indicators`: the figures of the plan's indicators, the same as on the office's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from bot import app as application
from bot.errors import OperatorError
from bot.terminal import AsJson, or_exit, out, print_json, read_settings, with_database
from content.commune import Commune
from content.indicators import Indicator, Way
from content.library import Library
from content.numbers import TIME_ZONE, day, number
from content.periods import Period, PeriodKind, period_of, read_period
from db.clock import utc_now
from db.engine import Database
from db.indicators.plan import against_plan
from db.indicators.progress import Progress
from db.indicators.values import Value, values
from db.outreach import hamlets

WIDTH = 132

OtherCommune = Annotated[str, typer.Option("--commune", help="A commune's profile; else the configured one.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which days the figures are to be; `until` is the day of coverage and progress."""

    period: Period
    until: date


@dataclass(frozen=True, slots=True)
class Found:
    """The figures, and what they are of."""

    asked: Asked
    place: str
    values: Mapping[str, Value]
    progress: Mapping[str, tuple[Progress, ...]]


def indicators(
    commune: OtherCommune = "",
    period: Annotated[
        str, typer.Option("--period", help="2026-10, 2026-Q3, 2026-H1 or 2026; else this month so far.")
    ] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="The reporting year until this day, as 2026-11-14.")] = "",
    hamlet: Annotated[str, typer.Option("--hamlet", help="Only this hamlet.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show each indicator: value, what it rests on, the plan's targets and the pace that they need.

    Example: daisuso indicators --commune tan-loi --period 2026-10
    """
    settings = read_settings()
    library = or_exit(lambda: application.open_library(settings)).current
    profile = or_exit(lambda: profile_of(library, commune or settings.commune))
    asked = or_exit(lambda: _asked(profile, period, as_of))
    found = with_database(settings, lambda database: _find(database, profile, library, asked, hamlet))
    if as_json:
        print_json(_to_json(found, profile, library))
    else:
        _show(found, library)


def profile_of(library: Library, slug: str) -> Commune:
    """The profile of a commune.

    Raises:
        OperatorError: there is none.
    """
    profile = library.communes.get(slug)
    if profile is None:
        raise OperatorError(f"Không có hồ sơ xã {slug}. Đang có: {', '.join(sorted(library.communes))}.")
    return profile


def read_day(written: str) -> date:
    """A day, as 2026-11-14.

    Raises:
        OperatorError: it is none.
    """
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise OperatorError(f"{written} không phải ngày dạng 2026-11-14.") from None


def today() -> date:
    """Today in Vietnam."""
    return utc_now().astimezone(TIME_ZONE).date()


def _asked(commune: Commune, period: str, as_of: str) -> Asked:
    calendar = commune.reporting_periods
    if period and as_of:
        raise OperatorError("Chọn một trong hai: --period hoặc --as-of.")
    if as_of:
        until = read_day(as_of)
        return Asked(period_of(until, PeriodKind.YEAR, calendar), until)
    if not period:
        return Asked(period_of(today(), PeriodKind.MONTH, calendar), today())
    try:
        wanted = read_period(period, calendar)
    except ValueError:
        raise OperatorError(f"{period} không phải kỳ báo cáo. Ghi như 2026-10, 2026-Q3, 2026-H1 hoặc 2026.") from None
    return Asked(wanted, max(wanted.first, min(wanted.last, today())))


async def _find(database: Database, commune: Commune, library: Library, asked: Asked, hamlet: str) -> Found:
    async with database.snapshot() as session:
        place = None
        if hamlet:
            place = await hamlets.by_name(session, commune.slug, hamlet.removeprefix(commune.hamlet_word).strip())
            if place is None:
                names = ", ".join(one.name for one in await hamlets.all_of(session, commune.slug))
                raise OperatorError(f"Không có {commune.hamlet_word} {hamlet}. Đang có: {names or 'chưa có nơi nào'}.")
        found = await values(
            session, commune.slug, library.indicators.values(), period=asked.period, as_of=asked.until,
            hamlet_ids=None if place is None else [place.id],
        )  # fmt: skip
        targets = commune.plan.targets if commune.plan else ()
        progress = await against_plan(
            session, commune.slug, found, targets, asked.until, hamlet_id=place.id if place else None
        )
    name = f"{commune.hamlet_word} {place.name}, {commune.name}" if place else commune.name
    return Found(asked, name, found, progress)


def _show(found: Found, library: Library) -> None:
    period, until = found.asked.period, found.asked.until
    out.print(f"[bold]{escape(found.place)}[/], {period.name} ({day(period.first)} - {day(until)})")
    table = Table()
    for header, justify in (
        ("Chỉ tiêu", "left"), ("Giá trị", "right"), ("Trong kỳ", "right"), ("Mục tiêu", "left"), ("Theo", "left"),
    ):  # fmt: skip
        table.add_column(header, justify=justify)  # type: ignore[arg-type]
    for indicator_id, value in found.values.items():
        one = library.indicators[indicator_id]
        in_period = "" if value.in_period is None or value.denominator is None else number(value.in_period)
        targets = "\n".join(_target(one, progress) for progress in found.progress.get(indicator_id, ()))
        table.add_row(one.short, shown(one, value), in_period, escape(targets), escape(_rests_on(value, library)))
    out.print(table, width=max(out.width, WIDTH), crop=False)


def shown(indicator: Indicator, value: Value) -> str:
    """A value with what it is made of, as people read it."""
    if value.value is None:
        return "chưa có" if value.numerator is None else f"{number(value.numerator)} người"
    parts = ""
    if value.numerator is not None and value.denominator is not None:
        parts = f" ({number(value.numerator)}/{number(value.denominator)})"
    return indicator.show(value.value) + parts


def _target(indicator: Indicator, progress: Progress) -> str:
    aim = "trên" if progress.is_more_than else "từ"
    told = f"{aim} {indicator.show(progress.target)} đến {day(progress.by)}"
    if progress.gap is None:
        return told
    if progress.is_met:
        return f"{told}: đạt"
    missing = indicator.show(progress.gap)
    if progress.people_missing and indicator.way is Way.COVERAGE:
        missing += f" ({number(progress.people_missing)} người)"
    if progress.pace_needed is None:
        return f"{told}: chưa đạt, còn thiếu {missing}"
    lags = ", đang chậm" if progress.lags else ""
    pace = indicator.show(progress.pace_needed)
    return f"{told}: thiếu {missing}, cần {pace} mỗi tháng, còn {progress.days_left} ngày{lags}"


def _rests_on(value: Value, library: Library) -> str:
    told = library.texts.official.basis[value.basis.value]
    told += library.texts.official.learned.format(learned=number(value.learned)) if value.learned else ""
    return f"{told}, chốt {day(value.as_of)}: {value.source}" if value.as_of else told


def _to_json(found: Found, commune: Commune, library: Library) -> dict[str, object]:
    period = found.asked.period
    return {
        "commune": commune.slug,
        "place": found.place,
        "period": period.code,
        "first": period.first.isoformat(),
        "until": found.asked.until.isoformat(),
        "indicators": [
            _value_json(library.indicators[one], value, found.progress.get(one, ()))
            for one, value in found.values.items()
        ],
    }


def _value_json(indicator: Indicator, value: Value, progress: tuple[Progress, ...]) -> dict[str, object]:
    return {
        "id": indicator.id,
        "name": indicator.name,
        "unit": indicator.unit.value,
        "value": None if value.value is None else float(value.value),
        "shown": None if value.value is None else indicator.show(value.value),
        "numerator": value.numerator,
        "denominator": value.denominator,
        "basis": value.basis.value,
        "official": value.official,
        "since": value.since,
        "learned": value.learned,
        "capped": value.is_capped,
        "as_of": value.as_of.isoformat() if value.as_of else None,
        "source": value.source,
        "in_period": value.in_period,
        "learned_in_period": value.learned_in_period,
        "targets": [_progress_json(one) for one in progress],
    }


def _progress_json(one: Progress) -> dict[str, object]:
    return {
        "by": one.by.isoformat(),
        "target": float(one.target),
        "more_than": one.is_more_than,
        "gap": None if one.gap is None else float(one.gap),
        "met": one.is_met,
        "days_left": one.days_left,
        "pace_needed": None if one.pace_needed is None else float(one.pace_needed),
        "people_missing": one.people_missing,
        "lags": one.lags,
    }
