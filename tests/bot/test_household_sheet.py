"""The list of households: errors by row and column, the same file twice adds nothing, known ones are updated."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from bot import household_sheet
from bot.household_sheet import Saved
from bot.team.visit_sheet.workbook import SheetError
from content.library import Library
from db.engine import Database
from db.outreach import hamlets
from db.outreach.audit import OPERATOR
from db.outreach.models import Household
from tests.support.clock import NOON
from tests.support.rows import COMMUNE


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


def filled(library: Library, *rows: list[object]) -> bytes:
    """The template with some rows filled in."""
    commune = library.communes[COMMUNE]
    book = openpyxl.load_workbook(io.BytesIO(household_sheet.template(commune, [])))
    for row in rows:
        book.worksheets[0].append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


async def save(database: Database, library: Library, *rows: list[object]) -> Saved:
    listed = household_sheet.read(filled(library, *rows), library.communes[COMMUNE])
    assert listed.wrong == ()
    async with database.transaction() as session:
        return await household_sheet.save(session, COMMUNE, listed.rows, OPERATOR, NOON)


NAM = ["ấp 3", "12", "Hoàng Văn Năm", 4, 3, "x", "", "x"]


async def test_new_households_and_hamlets_are_added_once(database: Database, library: Library) -> None:
    assert await save(database, library, NAM, ["Suối Da", None, "Điểu Thị Bông"]) == Saved(("3", "Suối Da"), 2, 0, 0)
    assert await save(database, library, NAM, ["suoi da", None, "dieu thi bong"]) == Saved((), 0, 0, 2)
    async with database.snapshot() as session:
        assert [one.name for one in await hamlets.all_of(session, COMMUNE)] == ["3", "Suối Da"]
        home = (await session.scalars(select(Household).where(Household.number == "12"))).one()
        assert (home.people, home.adults, home.is_poor, home.has_elderly, home.has_disabled) == (
            4,
            3,
            True,
            True,
            False,
        )


async def test_a_known_household_is_brought_up_to_date(database: Database, library: Library) -> None:
    await save(database, library, NAM)
    assert await save(database, library, [*NAM[:3], 5, 3, "", "", "x"]) == Saved((), 0, 1, 0)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["", "1", "An"], "Thiếu tên ấp"),
        (["ấp 3", "1", ""], "Thiếu tên chủ hộ"),
        (["ấp 3", "1", "An 012345678901"], "không ghi số giấy tờ"),
        (["ấp 3", "1", "An", "nhiều"], "“nhiều” không phải số người"),
        (["ấp 3", "1", "An", 2, 3], "3 người lớn mà cả hộ chỉ có 2 người"),
        (["ấp 3", "1", "An", 2, 1, "chắc vậy"], "ghi x nếu có"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(library: Library, row: list[object], told: str) -> None:
    listed = household_sheet.read(filled(library, NAM, row), library.communes[COMMUNE])
    first = household_sheet.HEADER_ROW + 1
    assert [one.number for one in listed.rows] == [first]
    [wrong] = listed.wrong
    assert wrong.row == first + 1
    assert told in wrong.text


def test_the_same_household_twice_in_a_file_is_told(library: Library) -> None:
    listed = household_sheet.read(filled(library, NAM, NAM), library.communes[COMMUNE])
    assert f"đã có ở dòng {household_sheet.HEADER_ROW + 1}" in listed.wrong[0].text


def test_a_list_that_somebody_made_has_its_headings_in_the_first_row(library: Library) -> None:
    book = openpyxl.Workbook()
    assert book.active
    for row in (["Ấp", *household_sheet.HEADERS], NAM):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    assert [one.number for one in household_sheet.read(file.getvalue(), library.communes[COMMUNE]).rows] == [2]


def test_what_is_no_workbook_is_refused(library: Library) -> None:
    with pytest.raises(SheetError):
        household_sheet.read(b"khong phai excel", library.communes[COMMUNE])


def test_an_empty_template_lists_nothing(library: Library) -> None:
    commune = library.communes[COMMUNE]
    listed = household_sheet.read(household_sheet.template(commune, commune.hamlets), commune)
    assert (listed.rows, listed.wrong) == ((), ())
