"""Official figures from Excel: errors by row and column, the dry run, corrections, and nothing twice."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from content.library import Library
from db.engine import Database
from db.indicators import official
from db.outreach.audit import OPERATOR
from db.outreach.models import Hamlet
from office import official_sheet
from office.official_sheet import COLUMNS, Fate, Sheet
from office.official_template import FIRST_ROW, make_template
from office.workbook import SheetError
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.outreach import TODAY
from tests.support.rows import COMMUNE

HAMLETS = [Hamlet(id=1, name="1"), Hamlet(id=3, name="Khuổi Mèo")]
RIGHT = {"indicator": "Tài khoản VNeID", "as_of": date(2026, 10, 31), "count": 4100, "total": 5200, "source": "Công an"}


@pytest.fixture(scope="module")
def template(library: Library) -> bytes:
    return make_template(
        library.communes["tan-loi"], [one.name for one in HAMLETS], library.indicators, library.texts.official
    )


@pytest.fixture
def read(library: Library) -> Callable[[bytes], Sheet]:
    def reading(content: bytes, hamlets: list[Hamlet] | None = None) -> Sheet:
        return official_sheet.read(
            content, commune=library.communes["tan-loi"], hamlets=hamlets or HAMLETS, indicators=library.indicators,
            texts=library.texts.official, today=TODAY,
        )  # fmt: skip

    return reading


def filled(template: bytes, *rows: dict[str, Any]) -> bytes:
    """The template with these rows, from its first one on."""
    book = load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    for number, row in enumerate(rows, start=FIRST_ROW):
        for place, column in enumerate(COLUMNS, start=1):
            sheet.cell(number, place).value = row.get(column)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_the_template_offers_the_plans_indicators_and_is_empty_as_long_as_no_figure_is_in_it(
    template: bytes, read: Callable[[bytes], Sheet], library: Library
) -> None:
    sheet = load_workbook(io.BytesIO(template)).worksheets[0]
    names = [cell.value for cell in sheet["A"][FIRST_ROW - 1 :] if cell.value]
    assert names[:2] == ["Tài khoản VNeID", "Danh tính số"]
    asked = {library.indicators[one.indicator].short for one in library.communes["tan-loi"].plan.targets}  # type: ignore[union-attr]
    assert asked <= set(names)
    with pytest.raises(SheetError, match="empty"):
        read(template)


@pytest.mark.parametrize(
    ("said", "column", "told"),
    [
        ({"indicator": "Tài khoản Zalo"}, "A", "Tài khoản Zalo"),
        ({"indicator": None}, "A", "Thiếu chỉ tiêu"),
        ({"indicator": "Lượt người"}, "A", "đếm từ các đợt hỗ trợ"),
        ({"hamlet": "ấp 33"}, "B", "ấp 33"),
        ({"as_of": None}, "C", "Thiếu ngày chốt"),
        ({"as_of": "31/2/2026"}, "C", "31/2/2026"),
        ({"as_of": date(2026, 12, 1)}, "C", "chưa tới"),
        ({"count": -1}, "D", "nhỏ hơn 0"),
        ({"count": 12.5}, "D", "không phải số nguyên"),
        ({"count": "=1+1"}, "D", "công thức"),
        ({"count": 5201}, "D", "5.201"),
        ({"total": None}, "E", "Thiếu tổng số"),
        ({"total": "nhiều"}, "E", "nhiều"),
        ({"percent": 80}, "F", "đừng ghi cả hai"),
        ({"count": None, "total": None, "percent": 100.5}, "F", "0 đến 100"),
        ({"count": None, "total": None, "percent": "tám mươi"}, "F", "tám mươi"),
        ({"source": None}, "G", "Thiếu nguồn"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(
    template: bytes, read: Callable[[bytes], Sheet], said: dict[str, Any], column: str, told: str
) -> None:
    found = read(filled(template, RIGHT | {"hamlet": "ấp 1"}, RIGHT | said))
    [problem] = found.problems
    assert (problem.row, problem.column, [one.number for one in found.rows]) == (FIRST_ROW + 1, column, [FIRST_ROW])
    assert told in problem.text


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"count": "4.100", "total": "5 200"}, (4100, 5200, None)),
        ({"count": None, "total": None, "percent": "87,3 %"}, (None, None, Decimal("87.3"))),
        ({"count": None, "total": None, "percent": 87.25}, (None, None, Decimal("87.25"))),
        ({"as_of": datetime(2026, 10, 31)}, (4100, 5200, None)),  # noqa: DTZ001 - as Excel gives days
        ({"as_of": 46326}, (4100, 5200, None)),
        ({"as_of": "31.10.2026", "hamlet": "Cả xã"}, (4100, 5200, None)),
        ({"indicator": "vneid_account"}, (4100, 5200, None)),
    ],
)
def test_figures_are_read_as_people_write_them(
    template: bytes, read: Callable[[bytes], Sheet], said: dict[str, Any], expected: tuple[object, ...]
) -> None:
    [row] = read(filled(template, RIGHT | said)).rows
    assert (row.entry.count, row.entry.total, row.entry.percent) == expected
    assert (row.entry.indicator, row.entry.as_of, row.entry.hamlet_id) == ("vneid_account", date(2026, 10, 31), None)


def test_a_share_in_a_cell_that_excel_shows_in_percent_is_the_share_that_people_see(
    template: bytes, read: Callable[[bytes], Sheet]
) -> None:
    book = load_workbook(io.BytesIO(filled(template, RIGHT | {"count": None, "total": None, "percent": 0.873})))
    book.worksheets[0].cell(FIRST_ROW, COLUMNS.index("percent") + 1).number_format = "0.0%"
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue()).rows[0].entry.percent == Decimal("87.3")


def test_a_row_that_comes_twice_counts_once_and_two_that_contradict_each_other_are_told(
    template: bytes, read: Callable[[bytes], Sheet]
) -> None:
    found = read(filled(template, RIGHT, RIGHT, RIGHT | {"count": 4000}))
    assert len(found.rows) == 1
    assert [(one.row, one.column) for one in found.problems] == [(FIRST_ROW + 2, "A")]


def test_another_workbook_is_refused(read: Callable[[bytes], Sheet]) -> None:
    book, file = Workbook(), io.BytesIO()
    book.worksheets[0].append(["Họ tên", "Ngày chốt"])
    book.save(file)
    with pytest.raises(SheetError, match="wrong_headers"):
        read(file.getvalue())


async def test_the_dry_run_says_what_saving_does_and_the_same_file_twice_adds_nothing(
    database: Database, template: bytes, library: Library
) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "1")

        def rows(*said: dict[str, Any]) -> Sheet:
            return official_sheet.read(
                filled(template, *said), commune=library.communes["tan-loi"], hamlets=[place],
                indicators=library.indicators, texts=library.texts.official, today=TODAY,
            )  # fmt: skip

        async def save(sheet: Sheet) -> official_sheet.Saved:
            return await official_sheet.save(
                session, COMMUNE, sheet.rows, indicators=library.indicators, actor=OPERATOR, now=NOON, today=TODAY
            )

        first = rows(RIGHT, RIGHT | {"hamlet": "Ấp 1", "count": 40, "total": 80})
        assert [one.fate for one in await official_sheet.plan(session, COMMUNE, first.rows)] == [Fate.NEW, Fate.NEW]
        assert await save(first) == official_sheet.Saved(new=2)
        assert await save(first) == official_sheet.Saved(same=2)

        mended = rows(RIGHT | {"count": 4200}, RIGHT | {"hamlet": "1", "count": 40, "total": 80})
        planned = await official_sheet.plan(session, COMMUNE, mended.rows)
        assert [one.fate for one in planned] == [Fate.CHANGED, Fate.SAME]
        assert planned[0].before is not None
        assert planned[0].before.count == 4100
        assert await save(mended) == official_sheet.Saved(changed=1, same=1)
        assert len(await official.all_of(session, COMMUNE)) == 2
