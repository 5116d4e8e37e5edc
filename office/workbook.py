"""Opens a workbook that somebody sent: whatever it is, it costs little and ends in rows of cells or one sentence."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MOST_BYTES = 2 * 1024 * 1024
"""What channels take of a file too (bot/messages.py)."""

MOST_COLUMNS = 60
MOST_UNPACKED = 20 * 1024 * 1024
MOST_PARTS = 300
_PIECE = 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the old Excel's files begin, and those that a password locks."""
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)

Value = str | int | float | bool | date | datetime | None


class SheetError(Exception):
    """A file that can't be read as a sheet at all. `reason` names the sentence, `values` fill it in."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `is_formula`: its value is computed, and what it was when the file was saved is not to be relied on.

    `is_percent`: it shows its value as a share, so that 0.873 is read as 87,3 %.
    """

    value: Value
    is_formula: bool = False
    is_percent: bool = False


def read_cells(content: bytes, title: str) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows that hold something, with Excel's numbers, of the sheet of that title, or else of the first one.

    Raises:
        SheetError: it is no workbook, or a harmful or too large one.
    """
    _check(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book[title] if title in book.sheetnames else book.worksheets[0]
        if not isinstance(sheet, ReadOnlyWorksheet):
            raise SheetError("broken")
        sheet.reset_dimensions()  # what a file says of its own size is not to be believed
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            cells = tuple(
                Cell(_value(cell.value), cell.data_type == "f", "%" in str(cell.number_format)) for cell in row
            )  # fmt: skip
            if any(cell.value is not None for cell in cells):
                yield number, cells
    except SheetError:
        raise
    # openpyxl fails in many ways on files that are not what they should be; each of them means the same to people.
    # SyntaxError is what either of the XML parsers that it may use raises.
    except (
        InvalidFileException, zipfile.BadZipFile, SyntaxError, KeyError, ValueError, IndexError, TypeError,
        AttributeError, OverflowError, EOFError, OSError, NotImplementedError, AssertionError,
    ):  # fmt: skip
        raise SheetError("broken") from None


def _value(value: object) -> Value:
    if isinstance(value, str):
        return " ".join(value.split()) or None
    return value if isinstance(value, int | float | date | datetime) or value is None else str(value)


def _check(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise SheetError("too_large")
    if content.startswith(_OLE):
        raise SheetError("locked" if _LOCKED in content else "old_excel")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if "xl/workbook.xml" not in parts.namelist():
                raise SheetError("not_excel")
            _check_parts(parts)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise SheetError("not_excel") from None


def _check_parts(parts: zipfile.ZipFile) -> None:
    """Unpacks every part once, in pieces: the sizes that a zip file claims may be lies."""
    if len(parts.infolist()) > MOST_PARTS:
        raise SheetError("too_large")
    unpacked = 0
    for part in parts.infolist():
        with parts.open(part) as file:
            beginning = True
            while piece := file.read(_PIECE):
                unpacked += len(piece)
                if unpacked > MOST_UNPACKED:
                    raise SheetError("too_large")
                if beginning and part.filename.endswith((".xml", ".rels")) and _DECLARES.search(piece):
                    raise SheetError("broken")  # Excel writes none; they serve to blow a file up
                beginning = False
