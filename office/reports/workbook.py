"""What the workbooks of the office share: sheets with a title, a heading that stays in sight, widths and print set-up.

Text goes in as text, also if it begins with "=": nobody's name is to be computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE_ROW, NOTE_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 4, 5
COUNT, SHARE, DAY, CHANGE = "#,##0", '0.0" %"', "dd/mm/yyyy", "+#,##0;-#,##0;0"
LINE_HEIGHT, PADDING, HEADER_HEIGHT = 16, 3, 52
"""In points. They must be told: spreadsheets don't measure the text of a file that they did not write."""
WIDER = 1.15
"""Letters are wider than digits, which columns are measured by; and words break before the edge."""
LONGEST_SHEET_NAME = 31
_BAD_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))

_FONT = "Times New Roman"
_HEAD = PatternFill("solid", fgColor="DDE8E6")
_SIDE = Side("thin", color="000000")
_BOX = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)


@dataclass(frozen=True, slots=True)
class Formula:
    """What Excel computes: "SUM(C5:C9)"."""

    text: str


Value = str | int | float | Decimal | date | None | Formula


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, width in letters and number format."""

    heading: str
    width: float
    format: str = "General"


class Book:
    """A workbook that is filled sheet by sheet."""

    def __init__(self, title: str, author: str) -> None:
        self._book = Workbook()
        self._book.remove(self._book.worksheets[0])
        self._book.properties.title, self._book.properties.creator = title, author

    def sheet(
        self,
        name: str,
        title: str,
        note: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Value]],
        *,
        bold: int = 0,
    ) -> None:
        """One table on a sheet of its own; the last `bold` rows are sums."""
        sheet: Worksheet = self._book.create_sheet(name.translate(_BAD_IN_SHEET_NAMES)[:LONGEST_SHEET_NAME])
        rows = list(rows)
        for row, text, font in ((TITLE_ROW, title, Font(_FONT, 14, bold=True)), (NOTE_ROW, note, Font(_FONT, 11))):
            put(sheet, row, 1, text).font = font
        for place, column in enumerate(columns, start=1):
            head = put(sheet, HEADER_ROW, place, column.heading)
            head.font, head.fill, head.border = Font(_FONT, 12, bold=True), _HEAD, _BOX
            head.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
            sheet.column_dimensions[get_column_letter(place)].width = column.width
        sheet.row_dimensions[HEADER_ROW].height = HEADER_HEIGHT
        for number, values in enumerate(rows, start=FIRST_ROW):
            for place, (value, column) in enumerate(zip(values, columns, strict=True), start=1):
                cell = put(sheet, number, place, value)
                cell.font = Font(_FONT, 12, bold=number > FIRST_ROW + len(rows) - 1 - bold)
                cell.border, cell.number_format = _BOX, column.format
                is_text = column.format == "General"
                side = "left" if is_text else "right"
                if place == 1 or (is_text and isinstance(value, Formula)):
                    side = "center"
                indent = 1 if side == "left" else 0
                cell.alignment = Alignment(wrap_text=is_text, vertical="center", horizontal=side, indent=indent)
            lines = max(_lines(value, column) for value, column in zip(values, columns, strict=True))
            sheet.row_dimensions[number].height = LINE_HEIGHT * lines + PADDING
        self._finish(sheet, len(columns), FIRST_ROW + len(rows) - 1)

    def file(self) -> bytes:
        """The workbook as a file."""
        file = BytesIO()
        self._book.save(file)
        return file.getvalue()

    def _finish(self, sheet: Worksheet, width: int, last: int) -> None:
        sheet.freeze_panes = f"A{FIRST_ROW}"
        sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        sheet.print_area = f"A1:{get_column_letter(width)}{max(last, HEADER_ROW)}"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        footer = sheet.HeaderFooter.oddFooter
        assert footer is not None
        footer.center.text = "&P/&N"


def _lines(value: Value, column: Column) -> int:
    """About how many lines a text takes in its column."""
    return ceil(len(value) * WIDER / column.width) if isinstance(value, str) and value else 1


def put(sheet: Worksheet, row: int, place: int, value: Value) -> Cell:
    """Writes a value into a cell: a formula is computed, a text never."""
    cell = sheet.cell(row, place, f"={value.text}" if isinstance(value, Formula) else value)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def column_range(place: int, rows: int) -> str:
    """The cells of a column's first rows: "C5:C18"."""
    letter = get_column_letter(place)
    return f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + rows - 1}"


def cell_at(place: int, row: int) -> str:
    """A cell's name: "C5"."""
    return f"{get_column_letter(place)}{row}"
