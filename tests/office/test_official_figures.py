"""Official figures are entered by editors, corrected with history, withdrawn, and read from Excel."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from db.engine import Database
from db.indicators import official
from db.office.models import OfficeRole
from tests.support.office import Office, OfficeBrowser
from tests.support.rows import COMMUNE

PATH = "/office/so-chinh-thuc"
FIGURE = {
    "indicator": "vneid_account",
    "as_of": "2026-10-31",
    "count": "4.100",
    "total": "5200",
    "source": "Công an xã",
}


@pytest.fixture
async def browser(office: Office) -> OfficeBrowser:
    browser = await office.signed_in(OfficeRole.EDITOR)
    await browser.get(PATH)
    return browser


async def stored(database: Database) -> list[tuple[Any, ...]]:
    async with database.snapshot() as session:
        return [(one.indicator, one.count, one.total, one.source) for one in await official.all_of(session, COMMUNE)]


async def test_a_figure_is_entered_and_corrected_and_its_history_stays(
    browser: OfficeBrowser, database: Database
) -> None:
    first = await browser.follow(await browser.post(PATH, **FIGURE))
    assert "4.100 / 5.200 (78,85 %)" in first
    second = await browser.follow(await browser.post(PATH, **(FIGURE | {"count": "4200"})))
    assert "Đã sửa" in second
    assert "4.100 / 5.200 (Công an xã) →" in second
    assert await stored(database) == [("vneid_account", 4200, 5200, "Công an xã")]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"count": "6000"}, "nhiều hơn tổng số"),
        ({"count": "bốn"}, "không phải số nguyên"),
        ({"as_of": "2030-01-01"}, "chưa tới"),
        ({"as_of": "hôm qua"}, "không phải ngày"),
        ({"as_of": ""}, "Thiếu ngày chốt"),
        ({"percent": "78,8"}, "đừng ghi cả hai"),
        ({"indicator": "people_reached"}, "được đếm từ các đợt hỗ trợ"),
        ({"indicator": ""}, "Không có chỉ tiêu"),
        ({"place": "999"}, "Không thấy"),
        ({"source": " "}, "Thiếu nguồn"),
    ],
)
async def test_what_can_not_be_is_refused_with_the_reason_and_what_was_typed(
    browser: OfficeBrowser, database: Database, wrong: dict[str, str], said: str
) -> None:
    response = await browser.post(PATH, **(FIGURE | wrong))
    assert response.status_code == 422
    assert said in response.text
    assert 'value="5200"' in response.text
    assert await stored(database) == []


async def test_a_wrong_figure_is_withdrawn_with_a_reason_and_stays_readable(browser: OfficeBrowser) -> None:
    made = await browser.post(PATH, **FIGURE)
    address = made.headers["location"]
    await browser.get(address)
    assert "Thiếu lý do" in (await browser.post(f"{address}/rut", reason=" ")).text
    after = await browser.follow(await browser.post(f"{address}/rut", reason="số của xã khác"))
    assert "Đã rút lúc" in after
    assert "số của xã khác" in after


async def test_the_template_comes_back_filled_and_the_same_file_twice_adds_nothing(
    browser: OfficeBrowser, database: Database
) -> None:
    book = load_workbook(io.BytesIO((await browser.get(f"{PATH}/mau.xlsx")).content))
    sheet = book.worksheets[0]
    names = {str(cell.value): (cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value}
    row = names["Chỉ tiêu"][0] + 1
    filled: dict[str, str | int] = {
        "Chỉ tiêu": "Tài khoản VNeID", "Ngày chốt": "31/10/2026", "Số đạt": 4100, "Tổng số": 5200,
        "Nguồn": "Công an xã",
    }  # fmt: skip
    for header, value in filled.items():
        sheet.cell(row, names[header][1], value)
    file = io.BytesIO()
    book.save(file)
    for asked, said in (("", "chưa lưu gì"), ("all", "1 số mới"), ("all", "1 số như cũ")):
        await browser.get(PATH)
        response = await browser.http.post(
            f"{PATH}/tep", data={"csrf": browser.csrf, "save": asked}, files={"file": ("so.xlsx", file.getvalue())}
        )
        assert said in " ".join(response.text.split()), response.text[:2000]
    assert await stored(database) == [("vneid_account", 4100, 5200, "Công an xã")]


async def test_a_file_that_is_no_sheet_is_refused_kindly(browser: OfficeBrowser) -> None:
    response = await browser.http.post(f"{PATH}/tep", data={"csrf": browser.csrf}, files={"file": ("a.xlsx", b"hello")})
    assert response.status_code == 422
    assert 'class="notice bad"' in response.text
