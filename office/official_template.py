"""Makes the sheet of official figures to fill in: a row for each indicator of the plan, lists to choose from."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from content.commune import Commune
from content.indicators import Indicator, Way
from content.official_texts import OfficialTexts
from db.indicators.official import MOST
from office.official_sheet import (
    AS_OF,
    COLUMNS,
    COUNT,
    HAMLET,
    INDICATOR,
    NEEDED,
    PERCENT,
    SOURCE,
    TOTAL,
    headers,
    offered,
)

HEADER_ROW = 3
FIRST_ROW, ROWS = HEADER_ROW + 1, 300
_WIDTHS = {INDICATOR: 30, HAMLET: 18, AS_OF: 13, COUNT: 11, TOTAL: 11, PERCENT: 11, SOURCE: 44}
_DAY_FORMAT = "DD/MM/YYYY"
_HEAD, _NEEDED = PatternFill("solid", fgColor="0B4F4C"), PatternFill("solid", fgColor="A3370B")


def make_template(
    commune: Commune, hamlets: Sequence[str], indicators: Mapping[str, Indicator], texts: OfficialTexts
) -> bytes:
    """The workbook as a file. `hamlets` are names without the word."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = texts.sheet_title
    last = get_column_letter(len(COLUMNS))
    for row, text, height, font in (
        (1, texts.title.format(commune=commune.name), 26, Font(bold=True, size=14)),
        (2, texts.how_to, 64, Font(size=11)),
    ):
        sheet.merge_cells(f"A{row}:{last}{row}")
        cell = sheet.cell(row, 1, text)
        cell.font, cell.alignment = font, Alignment(wrap_text=True, vertical="center")
        sheet.row_dimensions[row].height = height
    for place, (column, header) in enumerate(headers(commune, texts).items(), start=1):
        cell = sheet.cell(HEADER_ROW, place, header)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _NEEDED if column in NEEDED else _HEAD
        cell.alignment = Alignment(horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS[column]
    for row, one in enumerate(_of_plan(commune, indicators), start=FIRST_ROW):
        sheet.cell(row, 1, one.short)
    for row in range(FIRST_ROW, FIRST_ROW + ROWS):
        sheet.cell(row, COLUMNS.index(AS_OF) + 1).number_format = _DAY_FORMAT
    _add_choices(sheet, book, [f"{commune.hamlet_word} {name}" for name in hamlets], offered(indicators), texts)
    sheet.freeze_panes = f"B{FIRST_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _of_plan(commune: Commune, indicators: Mapping[str, Indicator]) -> list[Indicator]:
    """Coverage indicators, and those that the commune's plan asks for."""
    asked = {target.indicator for target in commune.plan.targets} if commune.plan else set()
    return [one for one in offered(indicators) if one.way is Way.COVERAGE or one.id in asked]


def _add_choices(
    sheet: Worksheet, book: Workbook, hamlets: Sequence[str], indicators: Sequence[Indicator], texts: OfficialTexts
) -> None:
    lists = book.create_sheet(texts.lists_title)
    for place, names in ((1, [one.short for one in indicators]), (2, [texts.commune, *hamlets])):
        lists.column_dimensions[get_column_letter(place)].width = 40
        for row, name in enumerate(names, start=1):
            lists.cell(row, place, name).data_type = "s"
    title = "'" + lists.title.replace("'", "''") + "'"
    rules = {
        INDICATOR: (_list(f"{title}!$A$1:$A${len(indicators)}"), texts.only_listed),
        HAMLET: (_list(f"{title}!$B$1:$B${len(hamlets) + 1}"), texts.only_listed),
        AS_OF: (DataValidation("date", operator="between", formula1="DATE(2015,1,1)", formula2="TODAY()"),
                texts.only_past_days),
        COUNT: (_whole(), texts.only_counts),
        TOTAL: (_whole(), texts.only_counts),
    }  # fmt: skip
    for column, (rule, error) in rules.items():
        letter = get_column_letter(COLUMNS.index(column) + 1)
        rule.allow_blank, rule.showErrorMessage = True, True
        rule.error, rule.errorTitle = error, texts.check_title
        rule.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + ROWS - 1}")
        sheet.add_data_validation(rule)


def _list(formula: str) -> DataValidation:
    return DataValidation("list", formula1=formula)


def _whole() -> DataValidation:
    return DataValidation("whole", operator="between", formula1="0", formula2=str(MOST))
