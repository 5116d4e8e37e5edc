"""Everything that a commune has recorded as one Excel workbook and a CSV file for each table (db/export.py)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from content.commune import Commune
from content.numbers import TIME_ZONE, day
from db.engine import Database
from db.export import Table, Value, tables
from db.reports import File
from office.reports import workbook
from office.reports.table import plain
from office.reports.words import TEMPLATES, capital

CSV = "text/csv; charset=utf-8"
WIDTH = 16
_WORDS: dict[str, Any] = yaml.safe_load((TEMPLATES / "export.yml").read_text())


async def export(database: Database, commune: Commune, *, with_names: bool, now: datetime) -> list[File]:
    """The files; the workbook first."""
    async with database.transaction() as session:  # the first one of a commune makes its key
        found = await tables(session, commune.slug, with_names=with_names)
    book = File(f"{commune.slug}.xlsx", workbook.MEDIA_TYPE, _workbook(commune, found, with_names, now))
    return [book, *(File(f"{commune.slug}-{table.name}.csv", CSV, _csv(table)) for table in found)]


def _workbook(commune: Commune, found: Sequence[Table], with_names: bool, now: datetime) -> bytes:
    book = Workbook(write_only=True)
    note = _WORDS["note_with_names" if with_names else "note"].format(day=day(now))
    for table in found:
        heading = _word("tables", table.name, commune)
        sheet: Any = book.create_sheet(heading)
        sheet.freeze_panes = "A4"
        for place in range(len(table.columns)):
            sheet.column_dimensions[chr(ord("A") + place)].width = WIDTH
        sheet.append([_cell(sheet, _WORDS["title"].format(table=heading, commune=commune.name), bold=True)])
        sheet.append([_cell(sheet, note)])
        sheet.append([_cell(sheet, _word("columns", column, commune), bold=True) for column in table.columns])
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _csv(table: Table) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(table.columns)
    writer.writerows([_plain(value) for value in row] for row in table.rows)
    return file.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(TIME_ZONE).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return plain(value)


def _cell(sheet: Any, value: Value, *, bold: bool = False) -> Any:
    """Text stays text, also if it begins with "=": nobody's note is to be computed."""
    shown: Any = value
    if isinstance(value, bool):
        shown = _WORDS["yes" if value else "no"]
    elif isinstance(value, datetime):
        shown = value.astimezone(TIME_ZONE).replace(tzinfo=None)
    cell = WriteOnlyCell(sheet, shown)
    if isinstance(value, str):
        cell.data_type = "s"
    if isinstance(value, datetime):
        cell.number_format = "dd/mm/yyyy hh:mm"
    elif isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    cell.font = Font("Times New Roman", 12, bold=bold)
    return cell


def _word(group: str, code: str, commune: Commune) -> str:
    found: str = _WORDS[group][code]
    return found.format(Hamlet_word=capital(commune.hamlet_word))
