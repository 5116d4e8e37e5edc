"""`daisuso indicators` and `daisuso official` as an operator uses them, over a database of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from bot import cli
from bot.settings import ROOT
from bot.terminal import FAILED, OPERATOR_ERROR

pytestmark = pytest.mark.usefixtures("content_is_read_once")

SOURCE = "Công an xã, báo cáo tháng 10"


@pytest.fixture(autouse=True)
def operator(bare_settings: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Somebody who has set nothing but the folder for data and the commune, and has loaded its hamlets."""
    monkeypatch.setenv("DAISUSO_COMMUNE", "tan-loi")
    monkeypatch.chdir(tmp_path)
    assert run("commune", "load", str(ROOT / "content" / "communes" / "tan-loi.yml")).exit_code == 0


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def enter(*options: str, indicator: str = "vneid_account", day: str = "2026-10-31") -> Result:
    return run("official", "set", indicator, "--as-of", day, "--source", SOURCE, *options)


def told(*arguments: str) -> dict[str, Any]:
    """The indicators of `daisuso indicators` by id."""
    result = run("indicators", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return {one["id"]: one for one in json.loads(result.stdout)["indicators"]}


def test_a_figure_that_was_entered_is_shown_with_its_target_and_what_it_rests_on() -> None:
    assert "4.100/5.200 (78,8 %)" in enter("--count", "4100", "--total", "5200").stdout
    of_commune = told("--as-of", "2026-11-14")
    vneid = of_commune["vneid_account"]
    assert (vneid["shown"], vneid["numerator"], vneid["basis"], vneid["as_of"]) == (
        "78,8 %", 4100, "official", "2026-10-31",
    )  # fmt: skip
    [target] = vneid["targets"]
    assert (target["target"], target["by"], target["people_missing"], target["days_left"]) == (
        80, "2026-12-31", 60, 47,
    )  # fmt: skip
    assert of_commune["attendances"]["shown"] == "0 lượt người"
    assert (of_commune["health_book"]["value"], of_commune["health_book"]["basis"]) == (None, "nothing")
    assert told("--as-of", "2026-10-30")["vneid_account"]["basis"] == "nothing"
    assert told("--as-of", "2026-11-14", "--hamlet", "ấp 3")["vneid_account"]["basis"] == "nothing"

    shown = run("indicators", "--period", "2026-11").stdout
    for words in ("tháng 11/2026 (15/10/2026 - 14/11/2026)", "78,8 %", "(4.100/5.200)", "60 người"):
        assert words in shown


def test_a_correction_and_a_withdrawal_stay_readable() -> None:
    enter("--count", "4100", "--total", "5200")
    assert "Đã sửa" in enter("--count", "4110", "--total", "5200").stdout
    assert "như cũ" in enter("--count", "4110", "--total", "5200").stdout
    [figure] = json.loads(run("official", "list", "--history", "--json").stdout)
    assert [one["action"].partition(".")[2] for one in figure["history"]] == ["entered", "corrected"]
    assert "4.100/5.200" in run("official", "list", "--history").stdout

    assert "Đã rút" in run("official", "withdraw", str(figure["id"]), "--reason", "nhầm xã").stdout
    assert "nhầm xã" in run("official", "list").stdout
    assert told("--as-of", "2026-11-14")["vneid_account"]["basis"] == "nothing"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["indicators", "--period", "2026-13"], "2026-Q3"),
        (["indicators", "--as-of", "14/11/2026"], "2026-11-14"),
        (["indicators", "--period", "2026", "--as-of", "2026-11-14"], "Chọn một trong hai"),
        (["indicators", "--hamlet", "33"], "Không có ấp 33"),
        (["indicators", "--commune", "sao-hoa"], "Không có hồ sơ xã sao-hoa"),
        (["official", "withdraw", "7", "--reason", "x"], "mã 7"),
        (["official", "import"], "Cần tên một tệp"),
        (["official", "set", "vneid_account", "--as-of", "2026-10-31", "--source", "x", "--count", "6", "--total", "5"],
         "nhiều hơn tổng số"),
        (["official", "set", "vneid_account", "--as-of", "2026-10-31", "--source", "x", "--percent", "một"],
         "không phải tỷ lệ"),
        (["official", "set", "vneid_account", "--as-of", "2999-10-31", "--source", "x", "--percent", "5"], "chưa tới"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_sentence(arguments: list[str], words: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (OPERATOR_ERROR, "")
    [sentence] = result.stderr.strip().splitlines()
    assert words in sentence


def test_a_sheet_is_tried_first_then_its_right_rows_are_saved_and_the_same_file_adds_nothing() -> None:
    assert run("official", "import", "--template", "so.xlsx").exit_code == 0
    book = load_workbook("so.xlsx")
    sheet = book.worksheets[0]
    right: dict[str, str | int] = {"B4": "ấp 3", "C4": "31/10/2026", "D4": 40, "E4": 80, "G4": SOURCE}
    wrong: dict[str, str | int] = {"C5": "31/10/2026", "D5": 90, "E5": 80, "G5": SOURCE}
    for place, value in (right | wrong).items():
        sheet[place] = value
    book.save("so.xlsx")

    dry = run("official", "import", "so.xlsx")
    assert dry.exit_code == FAILED
    assert "chưa lưu gì" in dry.stdout
    assert json.loads(run("official", "list", "--json").stdout) == []
    assert "Chưa lưu gì" in run("official", "import", "so.xlsx", "--save").stdout
    for expected in {"new": 1, "changed": 0, "same": 0}, {"new": 0, "changed": 0, "same": 1}:
        result = json.loads(run("official", "import", "so.xlsx", "--save-right-ones", "--json").stdout)
        assert result["saved"] == expected
        assert [(one["row"], one["column"]) for one in result["problems"]] == [(5, "D")]
    assert told("--as-of", "2026-11-14", "--hamlet", "3")["vneid_account"]["shown"] == "50 %"
    Path("no.xlsx").write_text("không phải Excel")
    assert "không phải tệp Excel" in run("official", "import", "no.xlsx").stderr
