"""The list of hamlets and households as an Excel sheet: an empty one to fill in, read, planned, saved.

A household is known by its number in the hamlet's list or, without one, by its name: who is known already is brought up
to date, so that the same file twice adds nothing. A hamlet that is not there yet is added.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.team.visit_sheet.workbook import Cell, read_cells
from content.commune import Commune
from db.outreach import audit, hamlets, households
from db.outreach.models import Hamlet, Household
from db.outreach.names import key

TITLE = "Danh sách hộ"
HEADERS = ("Số hộ", "Tên chủ hộ", "Số người", "Người lớn", "Hộ nghèo", "Dân tộc thiểu số", "Có người cao tuổi",
           "Có người khuyết tật")  # fmt: skip
"""After the hamlet's column, which is headed by the commune's own word."""
NEEDED = (1, 3)
"""The places of the columns that must be filled in: hamlet and name."""
WIDTHS = (18, 10, 34, 11, 11, 11, 13, 13, 13)
HEADER_ROW = 3
"""Below the title and how to fill it in. A list that somebody made without those has it in the first row."""
HOW_TO = (
    "Mỗi dòng là một hộ. Cột đỏ phải ghi; cột xanh chưa biết thì để trống. Bốn cột cuối: ghi x nếu có, để trống nếu "
    "không. Thêm hộ thì viết tiếp xuống dưới, mỗi dòng ghi lại {thon}; thứ tự dòng không quan trọng. "
    "Không ghi số căn cước, số điện thoại."
)
FLAGS = ("is_poor", "is_ethnic_minority", "has_elderly", "has_disabled")
YES = frozenset({"x", "co", "1", "yes", "v"})
NO = frozenset({"", "0", "khong", "no"})
MOST_PEOPLE = 60
LONGEST_NAME = 128
MOST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Row:
    """A household as the sheet lists it."""

    number: int
    hamlet: str
    name: str
    house_number: str | None
    people: int | None
    adults: int | None
    flags: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in one cell: Excel's row, the column's letter and heading, a sentence."""

    row: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a sheet holds: the right rows, and what is wrong with the others."""

    rows: tuple[Row, ...]
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving has changed."""

    new_hamlets: tuple[str, ...] = ()
    new: int = 0
    changed: int = 0
    unchanged: int = 0


def template(commune: Commune, names: Iterable[str]) -> bytes:
    """An empty sheet with the commune's headings, and one row for each hamlet to begin with."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = TITLE
    headers = _headers(commune)
    last = get_column_letter(len(headers))
    for row, text, height, font in (
        (1, f"{TITLE} - {commune.name}", 26, Font(bold=True, size=14)),
        (2, commune.fill(HOW_TO), 50, Font(size=11)),
    ):
        sheet.append([text])
        sheet.merge_cells(f"A{row}:{last}{row}")
        sheet.cell(row, 1).font, sheet.cell(row, 1).alignment = font, Alignment(wrap_text=True, vertical="center")
        sheet.row_dimensions[row].height = height
    sheet.append(headers)
    for place, width in enumerate(WIDTHS, start=1):
        cell = sheet.cell(HEADER_ROW, place)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="A3370B" if place in NEEDED else "0B4F4C")
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.row_dimensions[HEADER_ROW].height = 36
    for name in names:
        sheet.append([f"{commune.hamlet_word} {name}"])
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    _check_while_typing(sheet)
    _prepare_print(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _check_while_typing(sheet: Worksheet) -> None:
    counts = DataValidation("whole", operator="between", formula1="0", formula2=str(MOST_PEOPLE))
    flags = DataValidation("list", formula1='"x"')
    counts.error, flags.error = f"Ghi số người, từ 0 đến {MOST_PEOPLE}.", "Ghi x nếu có, để trống nếu không."
    for rule, letters in ((counts, "DE"), (flags, "FGHI")):
        rule.allow_blank, rule.showErrorMessage, rule.errorTitle = True, True, "Xem lại ô này"
        for letter in letters:
            rule.add(f"{letter}{HEADER_ROW + 1}:{letter}{HEADER_ROW + MOST_ROWS}")
        sheet.add_data_validation(rule)


def _prepare_print(sheet: Worksheet) -> None:
    """A4 landscape, all columns on a page, the headings on every page, with lines."""
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.print_options.gridLines = True


def read(content: bytes, commune: Commune) -> Listed:
    """What a filled sheet holds. Rows with a hamlet and nothing else are skipped.

    Raises:
        SheetError: it is no sheet of ours; see bot/team/visit_sheet/workbook.py.
    """
    rows: list[Row] = []
    wrong: list[Wrong] = []
    headers = _headers(commune)
    seen: dict[tuple[str, str], int] = {}
    lines = [
        (number, [_text(cell) for cell in cells[: len(headers)]] + [""] * (len(headers) - len(cells)))
        for number, cells in read_cells(content, TITLE)
    ]
    head = next((number for number, values in lines[:HEADER_ROW] if _is_header(values)), 1)
    for number, values in lines:
        if number <= head or not any(values[1:]):
            continue
        if len(rows) >= MOST_ROWS:
            wrong.append(Wrong(number, "A", f"Tệp có hơn {MOST_ROWS} hộ: chia thành nhiều tệp."))
            break
        row, faults = _row(number, values, headers, commune.hamlet_word)
        here = (key(row.hamlet), row.house_number or key(row.name))
        if here in seen:
            faults.append(Wrong(number, "C", f"Hộ này đã có ở dòng {seen[here]}."))
        seen.setdefault(here, number)
        wrong += faults
        if not faults:
            rows.append(row)
    return Listed(tuple(rows), tuple(wrong))


async def save(session: AsyncSession, commune: str, rows: Iterable[Row], actor: str, now: datetime) -> Saved:
    """Adds what is new and brings the known ones up to date."""
    every = {hamlet.id: hamlet for hamlet in await hamlets.every(session, commune)}
    known = {hamlet.name_key: every[hamlet.merged_into_id or hamlet.id] for hamlet in every.values()}
    saved = Saved()
    for row in rows:
        hamlet = known.get(key(row.hamlet))
        if hamlet is None:
            names = [one.name for one in await hamlets.all_of(session, commune)]
            await hamlets.load(session, commune, [*names, row.hamlet], now)
            hamlet = await hamlets.by_name(session, commune, row.hamlet)
            assert hamlet is not None
            known[hamlet.name_key] = hamlet
            saved = replace(saved, new_hamlets=(*saved.new_hamlets, hamlet.name))
        home = await _known(session, hamlet, row)
        if home is None:
            home = await households.add(
                session, commune=commune, hamlet_id=hamlet.id, name=row.name, number=row.house_number,
                created_by_id=None, actor=actor, now=now,
            )  # fmt: skip
            _update(home, row)
            saved = replace(saved, new=saved.new + 1)
        elif before := _update(home, row):
            audit.record(
                session, commune=commune, actor=actor, action="household.listed", subject_id=home.id, before=before,
                after={name: getattr(home, name) for name in before}, now=now,
            )  # fmt: skip
            saved = replace(saved, changed=saved.changed + 1)
        else:
            saved = replace(saved, unchanged=saved.unchanged + 1)
    await session.flush()
    return saved


async def _known(session: AsyncSession, hamlet: Hamlet, row: Row) -> Household | None:
    query = select(Household).where(Household.hamlet_id == hamlet.id, Household.merged_into_id.is_(None))
    if row.house_number:
        query = query.where(Household.number == row.house_number)
    else:
        query = query.where(Household.name_key == key(row.name))
    return (await session.scalars(query.order_by(Household.id).limit(1))).first()


def _update(home: Household, row: Row) -> dict[str, object]:
    """Puts in what the row says; what it was before, where that differs."""
    wanted: dict[str, object] = dict(zip(FLAGS, row.flags, strict=True))
    if row.people is not None:
        wanted["people"] = row.people
    if row.adults is not None:
        wanted["adults"] = row.adults
    before = {name: getattr(home, name) for name, value in wanted.items() if getattr(home, name) != value}
    for name in before:
        setattr(home, name, wanted[name])
    return before


def _row(number: int, values: list[str], headers: list[str], word: str) -> tuple[Row, list[Wrong]]:
    faults: list[Wrong] = []

    def fault(place: int, text: str) -> None:
        faults.append(Wrong(number, f"{get_column_letter(place + 1)} ({headers[place]})", text))

    hamlet = values[0].removeprefix(f"{word} ").removeprefix(f"{word.capitalize()} ")
    if not hamlet:
        fault(0, f"Thiếu tên {word}.")
    if not values[2]:
        fault(2, "Thiếu tên chủ hộ.")
    elif len(values[2]) > LONGEST_NAME or sum(letter.isdigit() for letter in values[2]) > 6:
        fault(2, "Chỉ ghi tên, không ghi số giấy tờ hay số điện thoại.")
    counts: list[int | None] = []
    for place in (3, 4):
        count = int(values[place]) if values[place].isdecimal() and len(values[place]) < 4 else None
        if values[place] and (count is None or count > MOST_PEOPLE):
            fault(place, f"“{values[place][:20]}” không phải số người từ 0 đến {MOST_PEOPLE}.")
        counts.append(count)
    people, adults = counts
    if people is not None and adults is not None and adults > people:
        fault(4, f"{adults} người lớn mà cả hộ chỉ có {people} người.")
    for place in range(5, 9):
        if key(values[place]) not in YES | NO:
            fault(place, f"“{values[place][:20]}”: ghi x nếu có, để trống nếu không.")
    flags = tuple(key(values[place]) in YES for place in range(5, 9))
    return Row(number, hamlet, values[2], values[1] or None, people, adults, flags), faults


def _headers(commune: Commune) -> list[str]:
    return [commune.hamlet_word.capitalize(), *HEADERS]


def _is_header(values: list[str]) -> bool:
    return [key(value) for value in values[1:3]] == [key(header) for header in HEADERS[:2]]


def _text(cell: Cell) -> str:
    if isinstance(cell.value, float) and cell.value.is_integer():
        return str(int(cell.value))
    return "" if cell.value is None else str(cell.value).strip()
