"""Turns the cells of a sheet into rows, or says cell by cell what is wrong. Asks no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from bot.masking import HIDDEN, mask
from bot.team.visit_sheet import columns
from bot.team.visit_sheet.columns import COUNTS, DAY, GROUPS, HAMLET, HOUSEHOLD, KIND, MARK, NOTE, OUTCOMES, PEOPLE
from bot.team.visit_sheet.rows import BadRow, Problem, Row, SheetRow
from bot.team.visit_sheet.workbook import MOST_ROWS, Cell, SheetError, read_cells
from content import numbers
from content.commune import Commune
from content.texts import Texts
from db.outreach.models import SessionKind
from db.outreach.names import key
from db.outreach.sessions import MOST_PEOPLE

LONGEST_NAME = 128
LONGEST_NOTE = 500
HEADERS_WITHIN = 10
"""Rows from the top in which the headers are looked for."""

EARLIEST = date(2020, 1, 1)
OLD_AFTER = timedelta(days=366)
EXAMPLE = "vi du"
"""How the household of the template's example row begins, as names are compared."""

_MARK = re.compile(r"[0-9a-f]{8}-\d{1,4}")
_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00:00)?")
_SERIAL_DAYS = range(43831, 73051)
"""Days as Excel counts them, from 2020 to 2099: a date in a column that is not formatted as one."""


@dataclass(slots=True)
class _RowReader:
    """One row: what its cells hold by column, and what has been found wrong so far."""

    number: int
    cells: dict[str, Cell]
    letters: dict[str, str]
    headers: dict[str, str]
    texts: Texts
    commune: Commune
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    def says(self, reason: str, column: str, **values: object) -> Problem:
        """A problem with one cell, in words."""
        template = self.texts.visit_sheet.problems[reason]
        text = self.commune.fill(template).format(header=self.headers.get(column, ""), **values)
        return Problem(self.number, self.letters.get(column, ""), self.headers.get(column, ""), text)

    def wrong(self, reason: str, column: str, **values: object) -> None:
        """Notes a problem."""
        self.problems.append(self.says(reason, column, **values))

    def text(self, column: str) -> str:
        """A cell as text on one line; a whole number without ".0", since Excel makes one of every "3"."""
        value = self.cells.get(column, Cell(None)).value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()


def read_sheet(content: bytes, *, commune: Commune, texts: Texts, today: date) -> tuple[Row, ...]:
    """The rows of a filled sheet in their order; empty ones and the example are none.

    Raises:
        SheetError: the file as a whole can't be used.
    """
    shown = columns.headers(commune, texts.visit_sheet, texts.log)
    cells = read_cells(content, texts.visit_sheet.sheet_title)
    places = _find_headers(cells, shown, commune)
    letters = {column: get_column_letter(place + 1) for column, place in places.items()}
    rows: list[Row] = []
    for number, row in cells:
        held = {column: row[place] for column, place in places.items() if place < len(row)}
        reader = _RowReader(number, held, letters, shown, texts, commune)
        if _is_empty(held) or key(reader.text(HOUSEHOLD)).startswith(EXAMPLE):
            continue
        if len(rows) == MOST_ROWS:
            raise SheetError("too_many_rows", most=MOST_ROWS)
        rows.append(_read_row(reader, today))
    if not rows:
        raise SheetError("empty")
    return tuple(_with_marks(rows))


def _find_headers(
    cells: Iterator[tuple[int, tuple[Cell, ...]]], shown: dict[str, str], commune: Commune
) -> dict[str, int]:
    """Where each column stands. Takes the rows up to the headers out of `cells`."""
    known = columns.by_header(shown)
    best: dict[str, int] = {}
    for number, row in cells:
        found: dict[str, int] = {}
        for place, cell in enumerate(row):
            column = known.get(key(str(cell.value or "")))
            if column and column in found:
                raise SheetError("header_twice", header=shown[column])
            if column:
                found[column] = place
        if found.keys() >= set(columns.NEEDED):
            return found
        best = max(best, found, key=len)
        if number >= HEADERS_WITHIN:
            break
    missing = [shown[column] for column in columns.NEEDED if column not in best]
    raise SheetError("wrong_headers", missing=", ".join(f"“{name}”" for name in missing))


def _is_empty(held: dict[str, Cell]) -> bool:
    """Whether a row says nothing: the template's rows hold their mark, and a column may be filled down too far."""
    return all(cell.value is None for column, cell in held.items() if column not in (MARK, HAMLET, KIND))


def _read_row(reader: _RowReader, today: date) -> Row:
    for column, cell in reader.cells.items():
        if cell.is_formula:
            reader.wrong("formula", column)
    if reader.problems:
        return BadRow(reader.number, tuple(reader.problems))
    day = _day(reader, today)
    kind = _kind(reader)
    household = _name(reader, HOUSEHOLD)
    if kind is SessionKind.HOUSE_VISIT and not reader.text(HOUSEHOLD):
        reader.wrong("no_household", HOUSEHOLD)
    if kind is not None and kind is not SessionKind.HOUSE_VISIT and household:
        reader.wrong("household_not_visited", HOUSEHOLD, kind=columns.kinds(reader.texts.log)[kind])
    counts = {column: _count(reader, column) for column in COUNTS}
    _compare(reader, counts)
    note = _note(reader)
    hamlet = _name(reader, HAMLET)
    letters = {column: reader.letters[column] for column in (HAMLET, HOUSEHOLD)}
    if reader.problems or day is None or kind is None:
        return BadRow(reader.number, tuple(reader.problems), hamlet, household, letters)
    mark = reader.text(MARK)
    return SheetRow(
        number=reader.number,
        mark=mark if _MARK.fullmatch(mark) else "",
        day=day,
        hamlet=hamlet,
        household=household,
        kind=kind,
        people=counts[PEOPLE] or 0,
        groups={column: counts[column] or 0 for column in GROUPS if counts[column]},
        outcomes={column: counts[column] or 0 for column in OUTCOMES if counts[column]},
        note=note,
        letters=letters,
        remarks=tuple(reader.remarks),
    )


def _day(reader: _RowReader, today: date) -> date | None:
    value = reader.cells.get(DAY, Cell(None)).value
    if value is None:
        reader.wrong("no_day", DAY)
        return None
    day = _as_day(value, today)
    if day is None:
        reader.wrong("bad_day", DAY, value=_short(reader.text(DAY)))
    elif day > today:
        reader.wrong("future_day", DAY, day=numbers.day(day))
    elif day < EARLIEST:
        reader.wrong("bad_day", DAY, value=numbers.day(day))
    elif today - day > OLD_AFTER:
        reader.remarks.append(reader.says("old_day", DAY, day=numbers.day(day)))
    return day


def _as_day(value: object, today: date) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if int(value) not in _SERIAL_DAYS:
            return None
        counted = from_excel(int(value))
        return counted.date() if isinstance(counted, datetime) else None
    written = str(value).strip()
    try:
        if iso := _ISO_DAY.fullmatch(written):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if not (said := _DAY.fullmatch(written)):
            return None
        year = int(said[3]) if said[3] else today.year
        day = date(year + 2000 if year < 100 else year, int(said[2]), int(said[1]))
        # "20/12" written in January was last month
        return day.replace(year=day.year - 1) if not said[3] and day > today else day
    except ValueError:
        return None


def _kind(reader: _RowReader) -> SessionKind | None:
    written = reader.text(KIND)
    if not written:
        return SessionKind.HOUSE_VISIT
    kinds = columns.kinds(reader.texts.log)
    for kind, name in kinds.items():
        if key(name) == key(written):
            return kind
    reader.wrong("bad_kind", KIND, value=_short(written), kinds=", ".join(kinds.values()))
    return None


def _name(reader: _RowReader, column: str) -> str:
    written = " ".join(reader.text(column).split())
    if HIDDEN in mask(written):
        reader.wrong("personal_number", column)
        return ""  # it goes no further than this
    if len(written) > LONGEST_NAME:
        reader.wrong("too_long", column, most=LONGEST_NAME)
    return written


def _note(reader: _RowReader) -> str:
    written = reader.text(NOTE)
    if len(written) > LONGEST_NOTE:
        reader.wrong("too_long", NOTE, most=LONGEST_NOTE)
    masked = mask(written)
    if masked != written and HIDDEN in masked:
        reader.remarks.append(reader.says("masked", NOTE))
    return masked


def _count(reader: _RowReader, column: str) -> int | None:
    value = reader.cells.get(column, Cell(None)).value
    if value is None:
        if column == PEOPLE:
            reader.wrong("no_people", PEOPLE)
        return None
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,6}", value.strip()):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or int(value) != value:
        reader.wrong("not_a_count", column, value=_short(reader.text(column)))
        return None
    if value < 0 or (column == PEOPLE and value == 0):
        reader.wrong("nobody" if column == PEOPLE else "negative", column)
    elif value > MOST_PEOPLE:
        reader.wrong("too_many", column, most=MOST_PEOPLE, value=_short(str(value)))
    else:
        return int(value)
    return None


def _compare(reader: _RowReader, counts: dict[str, int | None]) -> None:
    people = counts[PEOPLE]
    for column in (*GROUPS, *OUTCOMES):
        count = counts[column]
        if people is not None and count is not None and count > people:
            reader.wrong("more_than_people", column, count=count, people=people)


def _short(written: str) -> str:
    masked = mask(written)
    return masked if len(masked) <= 30 else f"{masked[:29]}…"


def _with_marks(rows: Iterable[Row]) -> Iterator[Row]:
    """Gives a mark to rows without one, and to those whose mark was copied along with a row."""
    taken: set[str] = set()
    said: dict[str, int] = {}
    for row in rows:
        if isinstance(row, SheetRow) and (not row.mark or row.mark in taken):
            digest = row.digest
            said[digest] = said.get(digest, 0) + 1
            row = row.marked(f"said:{digest}:{said[digest]}")
        if isinstance(row, SheetRow):
            taken.add(row.mark)
        yield row
