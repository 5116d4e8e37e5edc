"""`daisuso import` and `daisuso form` as an operator uses them, over a database of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.settings import ROOT
from bot.terminal import FAILED, OPERATOR_ERROR
from tests.support.pdf_pages import PdfPages
from tests.support.sheets import filled

pytestmark = pytest.mark.usefixtures("content_is_read_once")

VISIT = {"day": "20/11/2026", "hamlet": "ấp 3", "household": "bác Năm", "people": 3}
WRONG = {"day": "31/2", "hamlet": "ấp 33", "household": "bác Bảy", "people": "hai"}


@pytest.fixture(autouse=True)
def operator(bare_settings: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Somebody who has set nothing but the folder for data, and stands in an empty folder."""
    monkeypatch.setenv("DAISUSO_PUBLIC_URL", "https://daisuso.example.vn")
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def told(*arguments: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(run("import", *arguments, "--json").stdout)
    return found


@pytest.fixture
def template() -> bytes:
    """The empty sheet of a commune whose hamlets are loaded."""
    assert run("commune", "load", str(ROOT / "content" / "communes" / "tan-loi.yml")).exit_code == 0
    assert run("import", "--template", "mau.xlsx", "--commune", "tan-loi").exit_code == 0
    return Path("mau.xlsx").read_bytes()


def test_a_commune_without_hamlets_is_told_what_to_do_first() -> None:
    result = run("import", "--template", "mau.xlsx")
    assert result.exit_code == OPERATOR_ERROR
    assert "daisuso commune load" in result.stderr


def test_a_dry_run_tells_errors_by_row_and_column_and_saves_nothing(template: bytes) -> None:
    Path("bad.xlsx").write_bytes(filled(template, VISIT, WRONG))
    result = run("import", "bad.xlsx")
    assert result.exit_code == FAILED
    assert "31/2" in result.stdout
    assert "chưa lưu gì" in result.stdout
    problems = told("bad.xlsx")["problems"]
    assert isinstance(problems, list)
    assert [(one["row"], one["column"]) for one in problems] == [(6, "B"), (6, "C"), (6, "F")]
    assert told("bad.xlsx")["rows"] == [{"row": 5, "fate": "new"}]


def test_nothing_is_saved_while_a_row_is_wrong_unless_the_right_ones_are_wanted(template: bytes) -> None:
    Path("bad.xlsx").write_bytes(filled(template, VISIT, WRONG))
    assert told("bad.xlsx", "--save")["saved"] is None
    assert told("bad.xlsx", "--save-right-ones")["saved"] == {"new": 1, "changed": 0, "households": 1}


def test_the_same_file_adds_nothing(template: bytes) -> None:
    Path("good.xlsx").write_bytes(filled(template, VISIT))
    assert run("import", "good.xlsx", "--save").exit_code == 0
    again = told("good.xlsx", "--save")
    assert again["saved"] is None
    assert again["rows"] == [{"row": 5, "fate": "same"}]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ((), "Cần tên một tệp"),
        (("no.xlsx",), "Không đọc được"),
        (("mau.xlsx", "--save", "--save-right-ones"), "Chọn một trong hai"),
        (("mau.xlsx",), "chưa có dòng nào"),
        (("mau.xlsx", "--commune", "x"), "Không có hồ sơ xã x"),
        (("--template", "no/where.xlsx"), "Không ghi được"),
    ],
)
def test_mistakes_are_told_in_a_sentence(template: bytes, arguments: tuple[str, ...], part: str) -> None:
    result = run("import", *arguments)
    assert result.exit_code == OPERATOR_ERROR
    assert part in result.stderr


def test_forms_are_printed_for_the_households_of_a_hamlet_with_their_codes(template: bytes) -> None:
    Path("good.xlsx").write_bytes(filled(template, VISIT, VISIT | {"hamlet": "ấp 5", "household": "cô Sáu"}))
    run("import", "good.xlsx", "--save")
    assert run("form", "--hamlet", "ấp 3", "--out", "phieu.pdf").exit_code == 0
    page = PdfPages(Path("phieu.pdf"))
    assert "bác Năm" in page.text()
    assert page.code(scale=2).startswith("https://daisuso.example.vn/?s=1g1")
    assert run("form", "--household", "2", "--out", "phieu.pdf").exit_code == 0
    assert len(PdfPages(Path("phieu.pdf"))) == 1
    assert run("form", "--out", "phieu.pdf").exit_code == 0
    assert len(PdfPages(Path("phieu.pdf"))) == 2


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--hamlet", "99"), "Không có ấp 99"),
        (("--hamlet", "3"), "chưa có hộ nào"),
        (("--household", "7"), "Không có hộ mã 7"),
        (("--blank", "--hamlet", "3"), "phiếu trống"),
    ],
)
def test_forms_for_nobody_are_told_in_a_sentence(template: bytes, arguments: tuple[str, ...], part: str) -> None:
    result = run("form", *arguments, "--out", "phieu.pdf")
    assert result.exit_code == OPERATOR_ERROR
    assert part in result.stderr


def test_a_blank_form_needs_no_database() -> None:
    assert run("form", "--blank", "--out", "trong.pdf").exit_code == 0
    assert len(PdfPages(Path("trong.pdf"))) == 1
