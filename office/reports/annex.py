"""The annex of a report as an Excel workbook: a sheet a table, and formulas that add up and compare ("khớp", "lệch").

The figures are those of the report; formulas stand only where something is added or divided, so that whoever changes a
figure sees what no longer fits.
"""

from __future__ import annotations

from collections.abc import Sequence

from office.reports.docx import PERCENT, state_of
from office.reports.report import IndicatorLine, Report
from office.reports.words import HEADINGS, fill, filled
from office.reports.workbook import (
    CHANGE,
    COUNT,
    DAY,
    FIRST_ROW,
    SHARE,
    Book,
    Column,
    Formula,
    Value,
    cell_at,
    column_range,
)

NOT_ADDITIVE = ("people", "households")
"""Distinct in the whole commune: the hamlets' sum may be greater, and never less."""
_RIGHT, _WRONG = HEADINGS["annex.right"], HEADINGS["annex.wrong"]


def write(report: Report) -> bytes:
    """The .xlsx file."""
    book = Book(filled("annex.title", report), report.texts["issuer"])
    _general(book, report)
    _indicators(book, report)
    _hamlets(book, report)
    _groups(book, report)
    _classes(book, report)
    _requests(book, report)
    if report.adjustments:
        _adjustments(book, report)
    return book.file()


def _general(book: Book, report: Report) -> None:
    rows: list[tuple[Value, ...]] = []
    for place, line in enumerate(report.lines, start=1):
        row = FIRST_ROW + place - 1
        change = None if line.before is None else Formula(f"{cell_at(5, row)}-{cell_at(4, row)}")
        rows.append((place, line.name, line.unit, line.before, line.value, change))
    formats = (COUNT, "General", "General", COUNT, COUNT, CHANGE)
    _sheet(book, report, "general", _columns(report, "general", (6, 44, 14, 14, 14, 18), formats), rows)


def _indicators(book: Book, report: Report) -> None:
    names = ("official", "since", "numerator", "denominator", "share")
    headings = HEADINGS.all_of("indicators")
    columns = [
        Column(headings["number"], 6, COUNT), Column(headings["name"], 32), Column(headings["value"], 10, SHARE),
        *(Column(HEADINGS[f"annex.{name}"], 11, SHARE if name == "share" else COUNT) for name in names),
        Column(HEADINGS["annex.check"], 12), Column(HEADINGS["annex.as_of"], 13, DAY),
        Column(HEADINGS["annex.target"], 10, SHARE), Column(HEADINGS["annex.by"], 13, DAY),
        Column(headings["owner"], 18), Column(headings["state"], 18), Column(HEADINGS["annex.source"], 20),
        Column(HEADINGS["annex.learned"], 11, COUNT),
    ]  # fmt: skip
    rows = [_indicator(FIRST_ROW + place, place + 1, line) for place, line in enumerate(report.indicators)]
    _sheet(book, report, "indicators", columns, rows)


def _indicator(row: int, place: int, line: IndicatorLine) -> tuple[Value, ...]:
    target = line.targets[0] if line.targets else None
    share: Value = None
    check: Value = HEADINGS["annex.unknown"] if line.value is None else None
    if line.unit == PERCENT and line.value is not None and line.numerator is not None and line.denominator:
        share = Formula(f"{cell_at(6, row)}/{cell_at(7, row)}*100")
        check = _check(f"ROUND({cell_at(3, row)},1)=ROUND({cell_at(8, row)},1)")
    return (
        place, line.name, line.value, line.official, line.since, line.numerator, line.denominator, share, check,
        line.as_of, target.value if target else None, target.by if target else None, line.owner,
        state_of(line) if target else None, line.source,
        line.learned,
    )  # fmt: skip


def _hamlets(book: Book, report: Report) -> None:
    codes = [line.code for line in report.lines]
    names = HEADINGS.all_of("hamlets")
    columns = [
        Column(names["number"], 6, COUNT), Column(filled("hamlets.name", report), 26),
        *(Column(names.get(line.code, line.name), 12, COUNT) for line in report.lines),
    ]  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (place, hamlet.name, *(hamlet.values[code] for code in codes))
        for place, hamlet in enumerate(report.hamlets, start=1)
    ]
    count = len(rows)
    if count:
        places = range(3, 3 + len(codes))
        sums, whole = FIRST_ROW + count, FIRST_ROW + count + 1
        rows.append(
            (None, filled("annex.sum", report), *(Formula(f"SUM({column_range(place, count)})") for place in places))
        )
        rows.append((None, HEADINGS["word.whole_commune"], *(report.value(code) for code in codes)))
        checks = [
            _check(f"{cell_at(place, sums)}{'>=' if code in NOT_ADDITIVE else '='}{cell_at(place, whole)}")
            for place, code in zip(places, codes, strict=True)
        ]
        rows.append((None, HEADINGS["annex.check"], *checks))
    _sheet(book, report, "hamlets", columns, rows, bold=3 if count else 0, note=filled("note.hamlets", report))


def _groups(book: Book, report: Report) -> None:
    names = HEADINGS.all_of("groups")
    columns = [
        *_columns(report, "groups", (6, 36, 14, 14), (COUNT, "General", COUNT, COUNT)),
        Column(HEADINGS["annex.check"], 11),
    ]
    assert len(names) == len(columns) - 1
    rows: list[tuple[Value, ...]] = [
        (place, line.name, line.attendances, line.people,
         _check(f"{cell_at(4, FIRST_ROW + place - 1)}<={cell_at(3, FIRST_ROW + place - 1)}"))
        for place, line in enumerate(report.groups, start=1)
    ]  # fmt: skip
    _sheet(book, report, "groups", columns, rows)


def _classes(book: Book, report: Report) -> None:
    columns = _columns(report, "classes", (6, 14, 26, 56, 14), (COUNT, DAY, "General", "General", COUNT))
    rows: list[tuple[Value, ...]] = [
        (place, line.day, line.hamlet, line.title, line.people) for place, line in enumerate(report.classes, start=1)
    ]
    count = len(rows)
    if count:
        total = Formula(f"SUM({column_range(5, count)})")
        rows.append((None, None, HEADINGS["annex.sum_classes"], None, total))
        agrees = _check(f"COUNT({column_range(5, count)})={report.value('classes')}")
        rows.append((None, None, HEADINGS["annex.check"], HEADINGS["line.classes"], agrees))
    _sheet(book, report, "classes", columns, rows, bold=2 if count else 0)


def _requests(book: Book, report: Report) -> None:
    names = HEADINGS.all_of("requests")
    rows: list[tuple[Value, ...]] = [
        (place, name, getattr(report.requests, code)) for place, (code, name) in enumerate(names.items(), start=1)
    ]
    parts = f"SUM({cell_at(3, FIRST_ROW + 1)}:{cell_at(3, FIRST_ROW + len(names) - 1)})"
    rows.append((None, HEADINGS["annex.check"], _check(f"{cell_at(3, FIRST_ROW)}={parts}")))
    general = HEADINGS.all_of("general")
    columns = [Column(general["number"], 6, COUNT), Column(general["name"], 40), Column(general["value"], 14, COUNT)]
    _sheet(book, report, "requests", columns, rows, bold=1)


def _adjustments(book: Book, report: Report) -> None:
    formats = (COUNT, "General", "General", "General", COUNT, COUNT, CHANGE)
    columns = _columns(report, "adjustments", (6, 22, 40, 14, 14, 16, 14), formats)
    rows: list[tuple[Value, ...]] = [
        (place, line.period_name, line.name, line.unit, line.reported, line.now,
         Formula(f"{cell_at(6, FIRST_ROW + place - 1)}-{cell_at(5, FIRST_ROW + place - 1)}"))
        for place, line in enumerate(report.adjustments, start=1)
    ]  # fmt: skip
    _sheet(book, report, "adjustments", columns, rows)


def _sheet(
    book: Book,
    report: Report,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value]],
    *,
    bold: int = 0,
    note: str = "",
) -> None:
    counted = filled("annex.counted", report)
    heading = filled(f"annex_sheets.{name}", report)
    book.sheet(
        heading, f"{filled('annex.title', report)}: {heading}", f"{counted}. {note}" if note else counted, columns,
        rows, bold=bold,
    )  # fmt: skip


def _columns(report: Report, name: str, widths: Sequence[float], formats: Sequence[str]) -> list[Column]:
    headings = HEADINGS.all_of(name).values()
    return [
        Column(fill(heading, report), width, number_format)
        for heading, width, number_format in zip(headings, widths, formats, strict=True)
    ]


def _check(condition: str) -> Formula:
    return Formula(f'IF({condition},"{_RIGHT}","{_WRONG}")')
