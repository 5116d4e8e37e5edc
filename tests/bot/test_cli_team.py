"""`daisuso team parse` shows what is understood, for people and for programs, of a sentence or a file of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli

pytestmark = pytest.mark.usefixtures("bare_settings")

SENTENCE = "hôm qua ấp 3 nhà bác Năm cài vneid cho 2 cụ, mở tài khoản ngân hàng 1"


def parse(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["team", "parse", *arguments])


def test_for_programs_a_sentence_is_one_object() -> None:
    told = json.loads(parse(SENTENCE, "--commune", "tan-loi", "--sent", "2026-11-24", "--json").stdout)
    [visit] = told["visits"]
    assert visit["outcomes"] == {"vneid_level2": 2, "payment_account": 1}
    assert list(visit) == [
        *("hamlet", "household", "household_id", "occurred_on", "kind", "people", "adults", "elderly", "poor"),
        *("ethnic_minority", "disabled", "outcomes", "note", "missing", "problems"),
    ]
    assert (visit["hamlet"], visit["occurred_on"], visit["people"]) == ("ấp 3", "2026-11-23", 2)


def test_for_people_it_is_shown_with_its_doubts() -> None:
    shown = parse("xom khuoi meo ho 12: 3 nguoi, csk 1", "--commune", "sang-moc", "--sent", "2026-11-24").stdout
    assert "24/11/2026 · house_visit · xóm Khuổi Mèo · hộ 12" in shown
    assert "doubtful_outcome" in shown


def test_a_file_gives_one_object_a_line_each_with_its_own_commune_and_day(tmp_path: Path) -> None:
    file = tmp_path / "sentences.tsv"
    file.write_text(
        "text\tsent_on\tcommune\n"
        f"{SENTENCE}\t2026-11-24\ttan-loi\nxom khuoi meo ho 2 cks 1\t2026-11-20\tsang-moc\nchào\t\t\n"
    )
    first, second, third = (json.loads(line) for line in parse("--file", str(file), "--json").stdout.splitlines())
    assert first["visits"][0]["occurred_on"] == "2026-11-23"
    assert second["visits"][0]["hamlet"] == "xóm Khuổi Mèo"
    assert third == {"visits": []}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Cần một câu"),
        ((SENTENCE, "--commune", "nowhere"), "Không có hồ sơ xã nowhere"),
        ((SENTENCE, "--sent", "hôm qua"), "không phải ngày"),
        (("--file", "nowhere.tsv"), "Không đọc được nowhere.tsv"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = parse(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
