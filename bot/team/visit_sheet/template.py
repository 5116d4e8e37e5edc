"""Makes the template: a workbook with the hamlets and households to choose from, and a hidden mark in every row."""

from __future__ import annotations

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from bot.team.visit_sheet import columns
from bot.team.visit_sheet.columns import COUNTS, DAY, HAMLET, HOUSEHOLD, KIND, MARK, NOTE, PEOPLE
from content.commune import Commune
from content.texts import Texts
from db.outreach.sessions import MOST_PEOPLE

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 200
"""Rows with a mark. More can be written below: those are known again by what they say."""

HEADER_ROW, EXAMPLE_ROW = 3, 4
FIRST_ROW = EXAMPLE_ROW + 1

_WIDTHS = {DAY: 11.5, HAMLET: 15, HOUSEHOLD: 25, KIND: 12, NOTE: 27}
_COUNT_WIDTH = 8
_ROW_HEIGHT = 19
"""With these a page of A4 across is still read without glasses, and can be filled in by hand."""
_CENTERED = (DAY, *COUNTS)
_DAY_FORMAT = "DD/MM/YYYY"
_HEAD = PatternFill("solid", fgColor="0B4F4C")
_NEEDED = PatternFill("solid", fgColor="A3370B")
_SAMPLE = PatternFill("solid", fgColor="EEEEEE")
_LINE = Border(bottom=Side("thin", color="BBBBBB"), right=Side("thin", color="DDDDDD"))


@dataclass(frozen=True, slots=True)
class Choice:
    """A household to choose from: its hamlet's full name, and the words for it that no other household there has."""

    hamlet: str
    label: str


def make_template(
    commune: Commune, hamlets: Sequence[str], households: Sequence[Choice], texts: Texts, today: date
) -> bytes:
    """The workbook as a file. `hamlets` are full names, in the order in which they are offered."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = texts.visit_sheet.sheet_title
    shown = columns.headers(commune, texts.visit_sheet, texts.log)
    places = {column: place for place, column in enumerate(shown, start=1)}
    _write_head(sheet, commune, shown, texts)
    _write_example(sheet, commune, places, hamlets, texts, today)
    _write_marks(sheet, places)
    lists = book.create_sheet(texts.visit_sheet.lists_title)
    _write_lists(lists, hamlets, households, commune, texts)
    _add_choices(sheet, places, lists, len(hamlets), len(households), texts)
    sheet.freeze_panes = f"{get_column_letter(places[KIND])}{FIRST_ROW}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(places))}{FIRST_ROW + ROWS - 1}"
    _prepare_print(sheet)
    _prepare_print(lists)
    sheet.page_setup.orientation = "landscape"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.print_area = f"B1:{get_column_letter(len(places))}{FIRST_ROW + ROWS - 1}"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _prepare_print(sheet: Worksheet) -> None:
    """All columns on one page of A4, as many pages as the rows need."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)


def _write(sheet: Worksheet, row: int, place: int, text: str) -> Cell:
    """Writes text as text, also if a name begins with "=": nobody's name is to be computed."""
    cell = sheet.cell(row, place, text)
    cell.data_type = "s"
    return cell


def _write_head(sheet: Worksheet, commune: Commune, shown: dict[str, str], texts: Texts) -> None:
    first = get_column_letter(2)
    last = get_column_letter(len(shown))
    for row, text, height, font in (
        (1, texts.visit_sheet.title.format(commune=commune.name), 26, Font(bold=True, size=14)),
        (2, commune.fill(texts.visit_sheet.how_to), 48, Font(size=11)),
    ):
        sheet.merge_cells(f"{first}{row}:{last}{row}")
        cell = _write(sheet, row, 2, text)
        cell.font, cell.alignment = font, Alignment(wrap_text=True, vertical="center")
        sheet.row_dimensions[row].height = height
    for place, (column, header) in enumerate(shown.items(), start=1):
        cell = _write(sheet, HEADER_ROW, place, header)
        cell.font = Font(bold=True, size=10, color="FFFFFF")
        cell.fill = _NEEDED if column in columns.NEEDED else _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        width = _WIDTHS.get(column, _COUNT_WIDTH)
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.row_dimensions[HEADER_ROW].height = 72
    sheet.column_dimensions["A"].hidden = True


def _write_example(
    sheet: Worksheet, commune: Commune, places: dict[str, int], hamlets: Sequence[str], texts: Texts, today: date
) -> None:
    values: dict[str, date | str | int] = {
        DAY: today - timedelta(days=1),
        HAMLET: hamlets[0] if hamlets else commune.hamlet_word,
        HOUSEHOLD: texts.visit_sheet.example_household,
        KIND: texts.log.kinds["house_visit"],
        PEOPLE: 3,
        "adults": 2,
        "elderly": 1,
        "vneid_level2": 2,
        "payment_account": 1,
        NOTE: texts.visit_sheet.example_note,
    }
    for column, place in places.items():
        cell = sheet.cell(EXAMPLE_ROW, place, values.get(column))
        cell.fill, cell.font, cell.border = _SAMPLE, Font(italic=True, color="555555"), _LINE
        cell.alignment = Alignment(
            horizontal="center" if column in _CENTERED else None, vertical="center", wrap_text=True
        )
        if column == DAY:
            cell.number_format = _DAY_FORMAT
    sheet.row_dimensions[EXAMPLE_ROW].height = 2 * _ROW_HEIGHT - 6


def _write_marks(sheet: Worksheet, places: dict[str, int]) -> None:
    sheet_id = secrets.token_hex(4)
    for row in range(FIRST_ROW, FIRST_ROW + ROWS):
        sheet.cell(row, places[MARK], f"{sheet_id}-{row - FIRST_ROW + 1}")
        sheet.cell(row, places[DAY]).number_format = _DAY_FORMAT
        sheet.row_dimensions[row].height = _ROW_HEIGHT
        for column, place in places.items():
            if column != MARK:
                cell = sheet.cell(row, place)
                cell.border = _LINE
                centered = "center" if column in _CENTERED else None
                cell.alignment = Alignment(horizontal=centered, vertical="center", wrap_text=column == NOTE)


def _write_lists(
    sheet: Worksheet, hamlets: Sequence[str], households: Sequence[Choice], commune: Commune, texts: Texts
) -> None:
    """Column A: the hamlets; C and D: the households, those of one hamlet together, for the choice by hamlet."""
    word = commune.hamlet_word.capitalize()
    for place, header in ((1, word), (3, word), (4, texts.visit_sheet.columns[HOUSEHOLD])):
        _write(sheet, 1, place, header).font = Font(bold=True)
    for row, hamlet in enumerate(hamlets, start=2):
        _write(sheet, row, 1, hamlet)
    order = {hamlet: place for place, hamlet in enumerate(hamlets)}
    for row, choice in enumerate(sorted(households, key=lambda one: order[one.hamlet]), start=2):
        _write(sheet, row, 3, choice.hamlet)
        _write(sheet, row, 4, choice.label)
    for letter, width in (("A", 24), ("C", 24), ("D", 44)):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"


def _add_choices(
    sheet: Worksheet, places: dict[str, int], lists: Worksheet, hamlets: int, households: int, texts: Texts
) -> None:
    says = texts.visit_sheet
    title = "'" + lists.title.replace("'", "''") + "'"
    hamlet = f"${get_column_letter(places[HAMLET])}{FIRST_ROW}"
    of_hamlet = f"{title}!$C$2:$C${max(households, 1) + 1}"
    start, count = f"MATCH({hamlet},{of_hamlet},0)-1", f"COUNTIF({of_hamlet},{hamlet})"
    kinds = ",".join(columns.kinds(texts.log).values())
    rules = {
        DAY: DataValidation("date", operator="between", formula1="DATE(2020,1,1)", formula2="TODAY()"),
        HAMLET: DataValidation("list", formula1=f"{title}!$A$2:$A${max(hamlets, 1) + 1}"),
        HOUSEHOLD: DataValidation("list", formula1=f"OFFSET({title}!$D$2,{start},0,{count},1)"),
        KIND: DataValidation("list", formula1=f'"{kinds}"'),
    }
    counts = DataValidation("whole", operator="between", formula1="0", formula2=str(MOST_PEOPLE))
    errors = {DAY: says.only_past_days, HAMLET: says.only_listed, KIND: says.only_listed}
    for column, rule in rules.items():
        rule.showErrorMessage = column in errors  # a new household may be written that is in no list
        rule.error, rule.errorTitle = errors.get(column), says.check_title
        _apply(sheet, rule, places[column])
    rules[HOUSEHOLD].showInputMessage = True
    rules[HOUSEHOLD].promptTitle, rules[HOUSEHOLD].prompt = says.household_prompt_title, says.household_prompt
    counts.showErrorMessage, counts.error, counts.errorTitle = True, says.only_counts, says.check_title
    sheet.add_data_validation(counts)
    for column in COUNTS:
        letter = get_column_letter(places[column])
        counts.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + ROWS - 1}")


def _apply(sheet: Worksheet, rule: DataValidation, place: int) -> None:
    rule.allow_blank = True
    letter = get_column_letter(place)
    rule.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + ROWS - 1}")
    sheet.add_data_validation(rule)
