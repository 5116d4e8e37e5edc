"""The Excel sheet of official figures: read, compared with what is stored (the dry run), saved.

A figure is known by indicator, place and day: the same file twice adds nothing, a changed row corrects, with history.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from sqlalchemy.ext.asyncio import AsyncSession

from content.commune import Commune
from content.indicators import Indicator, Way
from content.official_texts import OfficialTexts
from db.indicators import official
from db.indicators.models import OfficialFigure
from db.indicators.official import Entry, FigureError
from db.outreach.models import Hamlet
from db.outreach.names import key
from office.workbook import Cell, SheetError, read_cells

INDICATOR, HAMLET, AS_OF, COUNT, TOTAL, PERCENT, SOURCE = (
    "indicator", "hamlet", "as_of", "count", "total", "percent", "source",
)  # fmt: skip
COLUMNS = (INDICATOR, HAMLET, AS_OF, COUNT, TOTAL, PERCENT, SOURCE)
NEEDED = (INDICATOR, AS_OF, SOURCE)
MOST_ROWS = 2000
HEADERS_WITHIN = 10
LONGEST_SHOWN = 40
_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00:00)?")
_SERIAL_DAYS = range(42005, 73051)
"""Days as Excel counts them, from 2015 to 2099: a date in a column that is not formatted as one."""
_WHOLE = re.compile(r"-?\d{1,3}(?:[. ]\d{3})+|-?\d+")


class Fate(StrEnum):
    """What saving a row does."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell: Excel's row, the column's letter and heading, a sentence."""

    row: int
    column: str
    header: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A right row: Excel's number and what it says."""

    number: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: the right rows, and what is wrong with the others."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """What saving a row would do; `before` is the stored figure that it corrects or repeats."""

    row: Row
    fate: Fate
    before: OfficialFigure | None


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving has changed."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(slots=True)
class _Reader:
    """One row: its cells by column, and what has been found wrong so far."""

    number: int
    cells: Mapping[str, Cell]
    letters: Mapping[str, str]
    headers: Mapping[str, str]
    texts: OfficialTexts
    problems: list[Problem] = field(default_factory=list)

    def text(self, column: str) -> str:
        """A cell as text; a whole number without ".0"."""
        value = self.cells.get(column, Cell(None)).value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()

    def wrong(self, reason: str, column: str, **values: object) -> None:
        """Notes a problem."""
        text = self.texts.error(reason, **values)
        self.problems.append(Problem(self.number, self.letters.get(column, ""), self.headers[column], text))


def headers(commune: Commune, texts: OfficialTexts) -> dict[str, str]:
    """The heading of each column, in order; the hamlet's is the commune's own word."""
    return {one: commune.hamlet_word.capitalize() if one == HAMLET else texts.columns[one] for one in COLUMNS}


def offered(indicators: Mapping[str, Indicator]) -> list[Indicator]:
    """The indicators that take official figures."""
    return [one for one in indicators.values() if one.way is not Way.OUTREACH]


def read(
    content: bytes, *, commune: Commune, hamlets: Iterable[Hamlet], indicators: Mapping[str, Indicator],
    texts: OfficialTexts, today: date,
) -> Sheet:  # fmt: skip
    """What a filled sheet holds. Rows that give no figure (the template's, not filled in) are skipped.

    Raises:
        SheetError: the file as a whole can't be used; `texts.visit_sheet.files` has the words.
    """
    shown = headers(commune, texts)
    rows: list[Row] = []
    problems: list[Problem] = []
    cells = read_cells(content, texts.sheet_title)
    places: dict[str, int] = {}
    for number, row in cells:
        places = _places(row, shown)
        if places.keys() >= set(NEEDED):
            break
        if number >= HEADERS_WITHIN:
            places = {}
            break
    if missing := [shown[one] for one in NEEDED if one not in places]:
        raise SheetError("wrong_headers", missing=", ".join(f"“{name}”" for name in missing))
    letters = {column: get_column_letter(place + 1) for column, place in places.items()}
    known = {key(one.name): one.id for one in hamlets}
    seen: dict[tuple[str, int | None, date], Row] = {}
    for number, row in cells:
        held = {column: row[place] for column, place in places.items() if place < len(row)}
        if all(held.get(column, Cell(None)).value is None for column in (COUNT, TOTAL, PERCENT)):
            continue
        if len(rows) >= MOST_ROWS:
            raise SheetError("too_many_rows", most=MOST_ROWS)
        reader = _Reader(number, held, letters, shown, texts)
        entry = _entry(reader, commune, known, indicators, today)
        if entry is not None:
            right = Row(number, entry)
            first = seen.setdefault((entry.indicator, entry.hamlet_id, entry.as_of), right)
            if first is right:
                rows.append(right)
            elif first.entry != entry:
                reader.wrong("twice", INDICATOR, row=first.number)
        problems += reader.problems
    if not rows and not problems:
        raise SheetError("empty")
    return Sheet(tuple(rows), tuple(problems))


async def plan(session: AsyncSession, commune: str, rows: Iterable[Row]) -> list[Planned]:
    """What saving the rows would do. Changes nothing."""
    stored = {(one.indicator, one.hamlet_id, one.as_of): one for one in await official.all_of(session, commune)}
    found = []
    for row in rows:
        entry = row.entry
        before = stored.get((entry.indicator, entry.hamlet_id, entry.as_of))
        if before is None:
            found.append(Planned(row, Fate.NEW, None))
        else:
            found.append(Planned(row, Fate.SAME if official.says_the_same(before, entry) else Fate.CHANGED, before))
    return found


async def save(
    session: AsyncSession, commune: str, rows: Iterable[Row], *, indicators: Mapping[str, Indicator], actor: str,
    now: datetime, today: date,
) -> Saved:  # fmt: skip
    """Enters the rows; who calls decides whether wrong ones beside them matter."""
    fates = []
    for row in rows:
        done = await official.enter(
            session, commune, row.entry, known=indicators, actor=actor, now=now, today=today
        )  # fmt: skip
        fates.append(Fate.NEW if done.is_new else Fate.CHANGED if done.is_changed else Fate.SAME)
    return Saved(fates.count(Fate.NEW), fates.count(Fate.CHANGED), fates.count(Fate.SAME))


def _places(row: Sequence[Cell], shown: Mapping[str, str]) -> dict[str, int]:
    by_header = {key(header): column for column, header in shown.items()}
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        column = by_header.get(key(str(cell.value or "")))
        if column is not None and column in found:
            raise SheetError("header_twice", header=shown[column])
        if column is not None:
            found[column] = place
    return found


def _entry(
    reader: _Reader, commune: Commune, hamlets: Mapping[str, int], indicators: Mapping[str, Indicator], today: date
) -> Entry | None:
    for column, cell in reader.cells.items():
        if cell.is_formula:
            reader.wrong("formula", column)
    if reader.problems:
        return None
    indicator = _indicator(reader, indicators)
    hamlet_id = _hamlet(reader, commune, hamlets)
    as_of = _day(reader)
    count, total, share = _count(reader, COUNT), _count(reader, TOTAL), _percent(reader)
    if not reader.text(SOURCE):
        reader.wrong("no_source", SOURCE)
    if reader.problems or as_of is None:
        return None
    entry = Entry(indicator, as_of, reader.text(SOURCE), hamlet_id, count, total, share)
    try:
        entry.check(indicators, today)
    except FigureError as error:
        reader.wrong(error.reason, error.field, **error.values)
        return None
    return entry


def _indicator(reader: _Reader, indicators: Mapping[str, Indicator]) -> str:
    written = reader.text(INDICATOR)
    if not written:
        reader.wrong("no_indicator", INDICATOR)
        return ""
    for one in indicators.values():
        if key(written) in (key(one.short), key(one.name), key(one.id)):
            if one.way is Way.OUTREACH:
                reader.wrong("not_official", INDICATOR, indicator=one.short)
            return one.id
    reader.wrong("unknown_indicator", INDICATOR, indicator=written[:LONGEST_SHOWN])
    return ""


def _hamlet(reader: _Reader, commune: Commune, hamlets: Mapping[str, int]) -> int | None:
    written = key(reader.text(HAMLET))
    if not written or written == key(reader.texts.commune):
        return None
    found = hamlets.get(written) or hamlets.get(written.removeprefix(key(commune.hamlet_word)).strip())
    if found is None:
        reader.wrong("unknown_hamlet", HAMLET, hamlet=reader.text(HAMLET)[:LONGEST_SHOWN])
    return found


def _day(reader: _Reader) -> date | None:
    value = reader.cells.get(AS_OF, Cell(None)).value
    if value is None:
        reader.wrong("no_day", AS_OF)
        return None
    found = _as_day(value)
    if found is None:
        reader.wrong("bad_day", AS_OF, value=reader.text(AS_OF)[:LONGEST_SHOWN])
    return found


def _as_day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        counted = from_excel(int(value)) if int(value) in _SERIAL_DAYS else None
        return counted.date() if isinstance(counted, datetime) else None
    written = str(value).strip()
    try:
        if iso := _ISO_DAY.fullmatch(written):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        said = _DAY.fullmatch(written)
        return date(int(said[3]), int(said[2]), int(said[1])) if said else None
    except ValueError:
        return None


def _count(reader: _Reader, column: str) -> int | None:
    """A whole number, also as Vietnamese write it: "1.234"."""
    written = reader.text(column)
    if not written:
        return None
    value = reader.cells[column].value
    is_fraction = isinstance(value, float) and not value.is_integer()  # 1.234 may be a thousand or one and a bit
    if isinstance(value, bool) or is_fraction or not _WHOLE.fullmatch(written):
        reader.wrong("bad_count", column, value=written[:LONGEST_SHOWN])
        return None
    if len(written) > LONGEST_SHOWN:
        reader.wrong("too_large", column, number=written[:LONGEST_SHOWN], most=official.MOST)
        return None
    return int(written.replace(".", "").replace(" ", ""))


def _percent(reader: _Reader) -> Decimal | None:
    """A share: 87.3, "87,3" or "87,3 %"; Excel keeps 0.873 in a cell that shows it as 87,3 %."""
    written = reader.text(PERCENT)
    if not written:
        return None
    try:
        value = Decimal(written.removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        reader.wrong("bad_percent", PERCENT, value=written[:LONGEST_SHOWN])
        return None
    held = reader.cells[PERCENT]
    return value * 100 if held.is_percent and not isinstance(held.value, str) else value
