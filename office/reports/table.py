"""The figures of a report as CSV: one figure a row, numbers as programs read them, UTF-8 with Excel's mark."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from office.reports.docx import PERCENT
from office.reports.report import Report
from office.reports.words import HEADINGS

MEDIA_TYPE = "text/csv; charset=utf-8"
_HUNDREDTH = Decimal("0.01")
_COMPUTED = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def write(report: Report) -> bytes:
    """The .csv file."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(HEADINGS.list_of("csv"))
    for row in _rows(report):
        writer.writerow([report.period.code, report.commune, *map(plain, row), report.period.counted_to.isoformat()])
    return file.getvalue().encode("utf-8-sig")


def plain(value: str | float | Decimal | None) -> str:
    """A value for a CSV cell: nothing for None, shares with two decimals, no text that a spreadsheet would compute."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_COMPUTED) else value
    if value is None:
        return ""
    return f"{Decimal(value).quantize(_HUNDREDTH, ROUND_HALF_UP).normalize():f}"


_Row = tuple[str, str, str, str, str, int | Decimal | None]
"""Table, of what (a hamlet, a group), code, name, unit, value."""


def _rows(report: Report) -> Iterator[_Row]:
    whole = HEADINGS["word.whole_commune"]
    for line in report.lines:
        yield "general", whole, line.code, line.name, line.unit, line.value
    for one in report.indicators:
        yield "indicators", whole, one.id, one.name, one.unit, one.value
        if one.unit == PERCENT:
            for code in ("numerator", "denominator", "official", "since", "learned"):
                name = f"{one.name}: {HEADINGS[f'annex.{code}']}"
                yield "indicators", whole, f"{one.id}.{code}", name, "", getattr(one, code)
        for target in one.targets:
            name = f"{one.name}: {HEADINGS['annex.target']}"
            yield "indicators", whole, f"{one.id}.target.{target.by}", name, one.unit, target.value
    for hamlet in report.hamlets:
        for line in report.lines:
            yield "hamlets", hamlet.name, line.code, line.name, line.unit, hamlet.values[line.code]
    for group in report.groups:
        for code in ("attendances", "people"):
            unit = HEADINGS[f"unit.{code}"]
            yield "groups", group.name, code, HEADINGS[f"line.{code}"], unit, getattr(group, code)
    for code, name in HEADINGS.all_of("requests").items():
        yield "requests", whole, code, name, "", getattr(report.requests, code)
    for adjusted in report.adjustments:
        change = adjusted.now - adjusted.reported
        yield "adjustments", adjusted.period, adjusted.code, adjusted.name, adjusted.unit, change
