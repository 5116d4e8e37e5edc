"""The annex adds up: a sheet a table, sums and checks as formulas, computed by a real spreadsheet."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from office.reports import annex, table
from office.reports.report import IndicatorLine, Report
from tests.support.outreach import TODAY
from tests.support.reports import open_in_libreoffice

EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
"""LibreOffice's words for: every sheet as a CSV file of its own, in UTF-8, as shown."""


@pytest.fixture(scope="module")
def with_indicators(report: Report) -> Report:
    """One indicator that fits its parts, and one that does not."""
    right = IndicatorLine("x", "X", "%", Decimal("87.25"), 349, 400, 340, 9, TODAY, "Trạm Y tế", "Trạm Y tế xã", ())
    wrong = replace(right, id="y", name="Y", value=Decimal(88))
    return replace(report, indicators=(*report.indicators, right, wrong))


def computed(report: Report, folder: Path) -> dict[str, list[list[str]]]:
    """The sheets as LibreOffice shows them, by name."""
    file = folder / "annex.xlsx"
    file.write_bytes(annex.write(report))
    open_in_libreoffice(file, EVERY_SHEET)
    return {
        found.stem.removeprefix("annex-"): list(csv.reader(io.StringIO(found.read_text())))
        for found in folder.glob("annex-*.csv")
    }


@pytest.mark.servers
def test_formulas_agree_with_the_figures_and_tell_what_does_not_fit(with_indicators: Report, tmp_path: Path) -> None:
    sheets = computed(with_indicators, tmp_path)
    assert set(sheets) == {
        "Kết quả chung", "Chỉ tiêu", "Theo ấp", "Nhóm ưu tiên", "Lớp học", "Yêu cầu", "Điều chỉnh",
    }  # fmt: skip
    assert not [cell for rows in sheets.values() for row in rows for cell in row if cell.startswith(("#", "Err:"))]
    general = {row[1]: row[3:6] for row in sheets["Kết quả chung"][4:]}
    assert general["Đợt hỗ trợ"] == ["1", "4", "+3"]
    *_, sums, whole, checks = sheets["Theo ấp"]
    assert (sums[1], whole[1], checks[1]) == ("Cộng các ấp", "Toàn xã", "Đối chiếu")
    assert sums[2:] == whole[2:]
    assert set(checks[2:]) == {"khớp"}
    shares = {row[1]: row for row in sheets["Chỉ tiêu"]}
    assert shares["X"][7:9] == ["87.3 %", "khớp"]
    assert shares["Y"][8] == "lệch"
    assert shares["Người dân có danh tính số"][8] == "chưa có số"
    assert [row[2] for row in sheets["Yêu cầu"][4:]] == ["5", "2", "1", "1", "1", "khớp"]
    assert sheets["Lớp học"][4][3:5] == ['=Lớp "VNeID"', "990"], "nobody's title is computed"
    assert sheets["Lớp học"][-1][4] == "khớp"
    assert sheets["Điều chỉnh"][4][4:7] == ["1", "3", "+2"]

    hamlets = with_indicators.hamlets
    forged = replace(
        with_indicators, hamlets=(replace(hamlets[0], values=hamlets[0].values | {"sessions": 9}), *hamlets[1:])
    )
    assert computed(forged, tmp_path)["Theo ấp"][-1][2:4] == ["lệch", "khớp"]


def test_sheets_print_on_a4_under_a_heading_that_stays(report: Report) -> None:
    for sheet in openpyxl.load_workbook(io.BytesIO(annex.write(report))).worksheets:
        assert sheet.freeze_panes == "A5", sheet.title
        assert int(sheet.page_setup.paperSize or 0) == 9
        assert sheet.print_title_rows == "$4:$4"
        assert sheet["A5"].number_format == "#,##0"


def test_the_csv_gives_every_figure_a_row(report: Report) -> None:
    written = table.write(report)
    assert written.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"))))
    general = {row["Mã"]: row["Giá trị"] for row in rows if row["Bảng"] == "general"}
    assert general == {line.code: str(line.value) for line in report.lines}
    assert {row["Kỳ"] for row in rows} == {"2026-10"}
    unknown = next(row for row in rows if row["Mã"] == "vneid_account")
    assert unknown["Giá trị"] == "", "nothing is known is not nought"
    assert [table.plain(value) for value in ("=1+1", Decimal(100) / 3, 120)] == ["'=1+1", "33.33", "120"]
