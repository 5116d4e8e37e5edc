"""`daisuso learn`: what the office's person at the terminal sees."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli, cli_learn, terminal
from bot.learning.run import Learned, Outcome
from bot.settings import Settings
from db.engine import Database
from db.learning import Measured
from db.models import UnansweredQuestion
from tests.support.clock import NOON

pytestmark = pytest.mark.usefixtures("content_is_read_once")

GOLD = "giá vàng hôm nay"
PASSWORD = "nhập sai [riết] hông vô được nữa"
FIGURES = {"n": 3, "right": 2, "top1_also": 0.5, "offered": 0.5, "wrong_outright": 0.0, "in_scope_refused": None}


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Three questions wait: gold twice, and a password."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("DAISUSO_VAR", str(tmp_path))
    monkeypatch.setenv("DAISUSO_COMMUNE", "tan-loi")
    monkeypatch.delenv("DAISUSO_DATABASE_URL", raising=False)
    monkeypatch.setattr(terminal, "STOP_SECONDS", 3600)

    async def ask() -> None:
        database = Database(f"sqlite+aiosqlite:///{tmp_path / 'daisuso.db'}")
        await database.migrate()
        async with database.transaction() as session:
            for text, reason in [(GOLD, "refused"), ("gia vang hom nay", "none_of_these"), (PASSWORD, "refused")]:
                session.add(
                    UnansweredQuestion(
                        commune="tan-loi", channel="web", text=text, reason=reason, topic="proc.tax", asked_at=NOON
                    )
                )
        await database.close()

    asyncio.run(ask())


def daisuso(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["learn", *arguments])


def test_list_shows_groups_with_number_count_and_reasons() -> None:
    shown = daisuso("list").stdout
    assert "1  2×  giá vàng hôm nay" in shown
    assert "không hiểu 1, không nút nào đúng 1, bot tưởng là proc.tax" in shown
    assert f"3  1×  {PASSWORD}" in shown


def test_list_for_programs() -> None:
    gold, password = json.loads(daisuso("list", "--json").stdout)
    assert (gold["text"], gold["count"], gold["question_ids"]) == (GOLD, 2, [1, 2])
    assert gold["reasons"] == {"refused": 1, "none_of_these": 1}
    assert gold["first_asked"] == gold["last_asked"] == NOON.isoformat()
    assert password["text"] == PASSWORD


def test_assign_decides_for_the_whole_group() -> None:
    assert "Đã ghi 2 câu vào out_of_scope" in daisuso("assign", "1", "out_of_scope", "--by", "cô Hạnh").stdout
    assert [group["text"] for group in json.loads(daisuso("list", "--json").stdout)] == [PASSWORD]
    decided = json.loads(daisuso("list", "--decided", "--json").stdout)
    assert {(one["id"], one["verdict"], one["decided_by"]) for one in decided} == {
        (1, "out_of_scope", "cô Hạnh"),
        (2, "out_of_scope", "cô Hạnh"),
    }
    assert "out_of_scope  giá vàng hôm nay" in daisuso("list", "--decided").stdout


def test_a_decision_can_be_changed() -> None:
    for topic in ("vneid.forgot_password", "vneid.locked"):
        assert json.loads(daisuso("assign", "3", topic, "--json").stdout) == {
            "question": 3,
            "verdict": topic,
            "decided": 1,
        }
    [decided] = json.loads(daisuso("list", "--decided", "--json").stdout)
    assert decided["verdict"] == "vneid.locked"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("1", "vneid.forgotten"), "Không có chủ đề 'vneid.forgotten'"), (("99", "ignore"), "Không có câu hỏi số 99")],
)
def test_what_does_not_exist_is_told_and_decides_nothing(arguments: tuple[str, str], told: str) -> None:
    refused = daisuso("assign", *arguments)
    assert refused.exit_code == 2
    assert told in refused.stderr
    assert "Chưa có quyết định nào" in daisuso("list", "--decided").stdout


def test_nothing_waiting_is_said() -> None:
    for number in ("1", "3"):
        daisuso("assign", number, "ignore")
    assert "Không có câu hỏi nào đang chờ." in daisuso("list").stdout


def test_run_without_decisions_says_that_there_is_nothing_to_learn() -> None:
    done = daisuso("run")
    assert (done.exit_code, done.stdout) == (0, "Không có quyết định mới nào để học.\n")
    assert json.loads(daisuso("run", "--json").stdout)["outcome"] == "nothing_new"


@pytest.mark.parametrize(
    ("live", "told"),
    [
        (True, "Bot đang chạy đã đổi sang mô hình này."),
        (False, "lý do ở nhật ký của bot"),
        (None, "Bot chưa chạy; lần khởi động sau sẽ dùng."),
    ],
)
def test_an_accepted_model_is_told_with_its_figures_and_where_it_is(
    live: bool | None, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = Measured(FIGURES, FIGURES, FIGURES, FIGURES, [])
    cli_learn._show(Learned(Outcome.ACCEPTED, "", "nlu-1.tar.gz", 3, 1, live, measured))
    shown = capsys.readouterr().out
    assert told in shown
    assert "3 câu được dạy (1 câu mới)" in shown
    assert "50.0" in shown
