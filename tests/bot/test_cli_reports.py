"""`daisuso report` and `daisuso export` as an operator uses them, over a database of their own."""

from __future__ import annotations

import asyncio
import csv
import json
from pathlib import Path

import docx
import openpyxl
import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.settings import Settings
from bot.terminal import OPERATOR_ERROR
from content.library import Library
from db.engine import Database
from tests.support.reports import fill

pytestmark = pytest.mark.usefixtures("content_is_read_once")


@pytest.fixture(autouse=True)
def operator(bare_settings: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: Library) -> None:
    """Somebody with some months of outreach in the database, who stands in an empty folder."""
    monkeypatch.chdir(tmp_path)
    Path("var").mkdir()
    asyncio.run(_fill(Settings().database, library))


async def _fill(url: str, library: Library) -> None:
    database = Database(url)
    await database.migrate()
    async with database.transaction() as session:
        await fill(session, library.communes["tan-loi"])
    await database.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def test_a_report_is_three_files_with_the_same_figures() -> None:
    told = json.loads(run("report", "--period", "2026-10", "--out", "bao-cao", "--json").stdout)
    assert told["files"] == [f"bao-cao/bao-cao-tan-loi-2026-10.{ending}" for ending in ("docx", "xlsx", "csv")]
    [people] = [line["value"] for line in told["report"]["lines"] if line["code"] == "people"]
    assert people == 1227
    paper, annex, table = told["files"]
    assert "1.227 người" in "".join(one.text for one in docx.Document(paper).paragraphs)
    assert openpyxl.load_workbook(annex).worksheets[0]["E7"].value == people
    with Path(table).open(encoding="utf-8-sig") as file:
        assert next(row["Giá trị"] for row in csv.DictReader(file) if row["Mã"] == "people") == str(people)


@pytest.mark.parametrize("code", ["2026-Q3", "2026-H1", "2026"])
def test_quarters_halves_and_years_have_theirs(code: str) -> None:
    shown = run("report", "--commune", "tay-giang", "--period", code, "--out", ".")
    assert shown.exit_code == 0, shown.stderr
    assert Path(f"bao-cao-tay-giang-{code}.docx").stat().st_size > 10_000


def test_an_issued_report_is_written_as_it_was_issued() -> None:
    assert "Bản nháp" in run("report", "--period", "2026-10", "--out", "a").stdout
    assert "đã ban hành" in run("report", "--period", "2026-10", "--issue", "--out", "b").stdout
    assert "đã ban hành" in run("report", "--period", "2026-10", "--out", "c").stdout
    for file in Path("b").iterdir():
        assert file.read_bytes() == (Path("c") / file.name).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--period", "2026-13"), "không phải kỳ báo cáo"),
        (("--period", "2126-10"), "chưa bắt đầu"),
        (("--commune", "x"), "Không có hồ sơ xã x"),
        (("--out", "var/daisuso.db"), "Không ghi được"),
    ],
)
def test_mistakes_are_told_in_a_sentence(arguments: tuple[str, ...], part: str) -> None:
    result = run("report", *arguments)
    assert result.exit_code == OPERATOR_ERROR
    assert part in result.stderr


def test_everything_is_exported_without_names_unless_they_are_wanted() -> None:
    shown = run("export", "--out", "xuat")
    assert shown.exit_code == 0, shown.stderr
    written = b"".join(file.read_bytes() for file in Path("xuat").glob("*.csv")).decode("utf-8-sig")
    assert "Lê Văn Bình" not in written
    book = openpyxl.load_workbook("xuat/tan-loi.xlsx", read_only=True)
    assert book.sheetnames[:4] == ["Ấp", "Hộ", "Thành viên", "Đợt hỗ trợ"]
    rows = list(book["Đợt hỗ trợ"].values)
    assert len(rows) == 3 + 5
    assert "chỉ dùng trong cơ quan" in run("export", "--with-names", "--out", "ten").stdout
    assert "Lê Văn Bình" in Path("ten/tan-loi-households.csv").read_text(encoding="utf-8-sig")
    assert '\'=Lớp ""VNeID""' in Path("ten/tan-loi-classes.csv").read_text(encoding="utf-8-sig")
