"""`daisuso jobs` as an operator uses it, over a database of its own."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.settings import Settings
from bot.terminal import FAILED, OPERATOR_ERROR

pytestmark = pytest.mark.usefixtures("content_is_read_once")


@pytest.fixture(autouse=True)
def operator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("DAISUSO_"):
            monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("DAISUSO_VAR", str(tmp_path))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["jobs", *arguments])


def test_the_list_tells_when_each_runs_and_how_it_went(tmp_path: Path) -> None:
    before = run().stdout
    assert "retention: Xoá tin nhắn cũ" in before
    assert before.count("chưa chạy lần nào") == before.count("lần tới") == len(json.loads(run("--json").stdout)) > 9
    assert "xong, 1 bản sao lưu" in run("run", "backup").stdout
    assert len(list((tmp_path / "backups").iterdir())) == 1
    assert "xong, 1 bản sao lưu" in run().stdout
    [backup, *others] = json.loads(run("--json").stdout)
    assert (backup["job"], backup["last_run"]["outcome"], backup["last_run"]["count"]) == ("backup", "done", 1)
    assert backup["last_run"]["seconds"] >= 0
    assert backup["next_run"].endswith("02:30:00+07:00")
    assert {other["last_run"] for other in others} == {None}


def test_a_run_that_fails_says_so_and_by_its_code(tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("in the way")
    told = run("run", "backup")
    assert told.exit_code == FAILED
    assert "lỗi" in told.stdout
    assert "FileExistsError (db/backup.py" in told.stdout
    assert "lỗi" in run().stdout


@pytest.mark.servers
def test_without_pg_dump_it_says_what_to_do(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAISUSO_DATABASE_URL", postgres_url)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    told = run("run", "backup")
    assert told.exit_code == FAILED
    assert "postgresql-client" in told.stdout


def test_a_job_that_does_not_exist() -> None:
    told = run("run", "sweeping")
    assert told.exit_code == OPERATOR_ERROR
    assert "retention" in told.stderr
