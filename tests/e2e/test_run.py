"""`daisuso run` as a real process: its start, its end, and what it does when parts of it fail."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.rasa_model import model_file
from tests.support.processes import (
    RunningBot,
    eventually,
    outcome,
    outcome_as_json,
    processes_in,
    running_bot,
    unhurried,
    with_model,
)
from tests.support.rasa import PROJECT, ROOT
from tests.support.telegram_emulator import TelegramEmulator

QUESTION = "quên mật khẩu vneid thì làm sao"
ARTICLE = "topics/vneid/forgot_password.md"
ITS_ANSWER = "bấm **Quên mật khẩu**"
OUT_OF_SCOPE_ROW = "giá vàng hôm nay bao nhiêu\tout_of_scope\t\tshort\n"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the content that tests may edit."""
    return shutil.copytree(
        ROOT / "content", tmp_path_factory.mktemp("office") / "content", ignore=shutil.ignore_patterns("__pycache__")
    )


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, content: Path) -> Iterator[RunningBot]:
    """A running bot; whoever breaks something in it waits until it is whole again."""
    with running_bot(tmp_path_factory.mktemp("var"), content=str(content)) as bot:
        eventually(lambda: bot.health()["status"] == "ok", within=unhurried(20))
        yield bot


@pytest.mark.servers
class TestStartAndEnd:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_first_answer_comes_within_20_seconds_and_a_signal_ends_everything_within_5(
        self, number: signal.Signals, tmp_path: Path
    ) -> None:
        with running_bot(tmp_path) as bot:
            assert ITS_ANSWER in bot.ask(QUESTION)
            assert time.monotonic() - bot.begun < unhurried(20)
            assert bot.rasa, "it was not Rasa that understood"
            with closing(socket.create_connection(bot.listens_at)) as half_a_request:
                half_a_request.sendall(chat_request("xin chào")[:40])
                signalled = time.monotonic()
                bot.signal(number)
                assert bot.end(within=5) == 0
                assert time.monotonic() - signalled < 5
            assert "Traceback" not in bot.stdout + bot.stderr

    def test_a_signal_ends_it_even_while_another_programme_holds_the_database(self, tmp_path: Path) -> None:
        with running_bot(tmp_path) as bot, closing(sqlite3.connect(tmp_path / "daisuso.db")) as other:
            bot.ask(QUESTION)
            other.execute("BEGIN IMMEDIATE")
            with closing(socket.create_connection(bot.listens_at)) as waiting:
                waiting.sendall(chat_request("xin chào"))
                bot.health()  # by now it has got the message
                bot.signal(signal.SIGTERM)
                bot.end(within=5)
            assert "Traceback" not in bot.stdout + bot.stderr

    def test_a_signal_during_the_start_ends_everything_too(self, tmp_path: Path) -> None:
        with running_bot(tmp_path) as bot:
            eventually(lambda: bot.rasa, within=20)
            bot.signal(signal.SIGTERM)
            assert bot.end(within=5) == 0
            assert "Traceback" not in bot.stdout + bot.stderr

    def test_rasa_ends_with_a_bot_that_was_killed(self, tmp_path: Path) -> None:
        with running_bot(tmp_path) as bot:
            eventually(lambda: bot.rasa, within=20)
            bot.signal(signal.SIGKILL)
            assert bot.end(within=5) == -signal.SIGKILL

    def test_make_run_starts_it_and_ctrl_c_ends_it(self, tmp_path: Path) -> None:
        with running_bot(tmp_path, command=["make", "run"]) as bot:
            assert ITS_ANSWER in bot.ask(QUESTION)
            bot.signal_group(signal.SIGINT)
            bot.end(within=5)
            assert "Traceback" not in bot.stdout + bot.stderr

    def test_it_needs_no_network(self, tmp_path: Path) -> None:
        own_network = ["unshare", "--net", "--map-root-user"]
        if subprocess.run([*own_network, "true"], capture_output=True, check=False).returncode:
            pytest.skip("this machine allows no network namespaces")
        with_model(tmp_path)
        done = subprocess.run(
            [*own_network, sys.executable, "-m", "tests.support.offline", str(tmp_path), QUESTION],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        result = json.loads(done.stdout)
        assert ITS_ANSWER in result["answers"]
        assert (result["health"]["status"], result["code"]) == ("ok", 0)


@pytest.mark.servers
class TestWhileItRuns:
    def test_it_has_said_where_to_find_everything(self, bot: RunningBot) -> None:
        for name in ("Hỏi đáp", "Văn phòng", "Sức khoẻ"):
            path = bot.says(rf"{name} +http://localhost:\d+(/\S*)", within=0)[1]
            assert bot.get(path).status_code == 200
        assert "chưa đặt DAISUSO_TELEGRAM_TOKEN" in bot.stdout

    def test_rasa_s_token_is_not_in_the_process_list_nor_in_a_log(self, bot: RunningBot) -> None:
        token = json.loads((bot.var / "rasa.json").read_text())["token"]
        assert bot.rasa
        assert not any(token in part for process in processes_in(bot.var) for part in process.cmdline())
        assert token not in (bot.var / "logs" / "rasa.log").read_text() + bot.stdout + bot.stderr

    def test_when_rasa_is_killed_text_search_answers_and_rasa_is_back_within_15_seconds(self, bot: RunningBot) -> None:
        killed = bot.rasa
        assert killed
        killed.kill()
        assert ITS_ANSWER in bot.ask("Quên mật khẩu VNeID phải làm sao")
        health = bot.health()
        assert (health["status"], health["rasa"]["answers_by"]) == ("degraded", "search")
        eventually(lambda: bot.health()["status"] == "ok", within=unhurried(15))
        assert bot.rasa
        assert bot.rasa.pid != killed.pid

    def test_an_edited_article_is_live_and_a_broken_one_leaves_the_last_good_one(
        self, bot: RunningBot, content: Path
    ) -> None:
        article = content / ARTICLE
        shipped = article.read_text()
        article.write_text(shipped.replace(ITS_ANSWER, "bấm **Tôi đã quên**"))
        eventually(lambda: "bấm **Tôi đã quên**" in bot.ask(QUESTION), within=5)

        article.write_text(shipped.replace("## Các bước", "## Bước"))
        health = eventually(lambda: (report := bot.health())["status"] == "degraded" and report, within=5)
        assert isinstance(health, dict)
        line = shipped.splitlines().index("## Các bước") + 1
        assert f"content/{ARTICLE}:{line}" in health["content"]["problems"][0]
        assert "bấm **Tôi đã quên**" in bot.ask(QUESTION)

        article.write_text(shipped)
        eventually(lambda: bot.health()["status"] == "ok", within=5)
        assert ITS_ANSWER in bot.ask(QUESTION)

    def test_ask_tells_what_a_citizen_sees_and_how_it_was_decided(self, bot: RunningBot, content: Path) -> None:
        told = outcome_as_json(bot.var, "ask", "quen mat khau vneid", "--json", content=str(content))
        assert (told["topic"], told["decision"], told["understood_by"]) == ("vneid.forgot_password", "answer", "rasa")
        assert told["candidates"][0] == {"topic": told["topic"], "confidence": told["confidence"]}
        assert ITS_ANSWER in told["replies"][0]["text"]
        assert bot.rasa, "the running bot's Rasa was ended"

    def test_evaluate_measures_the_real_thing(self, bot: RunningBot, content: Path, tmp_path: Path) -> None:
        questions = tmp_path / "questions.tsv"
        lines = (ROOT / "tests" / "nlu" / "questions.tsv").read_text().splitlines(keepends=True)
        questions.write_text("".join(lines[:20]) + OUT_OF_SCOPE_ROW)
        figures = outcome_as_json(bot.var, "evaluate", str(questions), "--json", "--misses", content=str(content))
        assert figures["n"] == 20
        assert figures["offered"] > 0.5
        assert figures["top1"] <= figures["top1_also"] <= figures["top3_also"]
        assert figures["answered"] + figures["clarified"] + figures["refused"] == pytest.approx(1, abs=0.001)
        assert sum(style["n"] for style in figures["by_style"].values()) == 20
        assert all(miss["text"] in questions.read_text() for miss in figures["misses"])


@pytest.mark.servers
class TestItSaysInOneSentenceWhyItCannotStart:
    def test_port_in_use(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            assert f"cổng {port}" in refusal(tmp_path, port=port)

    def test_folder_that_cannot_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        assert "DAISUSO_VAR" in refusal(tmp_path / "file" / "var")

    def test_broken_content_file(self, tmp_path: Path, content: Path) -> None:
        broken = shutil.copytree(content, tmp_path / "content")
        (broken / ARTICLE).write_text("không có gì\n")
        assert f"content/{ARTICLE}:1" in refusal(tmp_path / "var", content=str(broken))

    def test_unknown_commune(self, tmp_path: Path) -> None:
        assert "DAISUSO_COMMUNE" in refusal(tmp_path, commune="atlantis")

    def test_database_that_cannot_be_reached(self, tmp_path: Path) -> None:
        address = "postgresql+psycopg://daisuso:bi-mat@127.0.0.1:9/daisuso"
        told = refusal(tmp_path, database_url=address)
        assert "DAISUSO_DATABASE_URL" in told
        assert "bi-mat" not in told

    def test_wrong_telegram_token(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PTB_TIMEDELTA", "1")
        with TelegramEmulator() as telegram:
            told = refusal(tmp_path, telegram_token="123456:someone-elses", telegram_api=telegram.base_url)
        assert "DAISUSO_TELEGRAM_TOKEN" in told
        assert "someone-elses" not in told

    def test_broken_model_file(self, tmp_path: Path) -> None:
        model = model_file(PROJECT, tmp_path)
        model.parent.mkdir()
        model.write_bytes(b"no archive")
        told = refusal(tmp_path)
        assert str(model) in told
        assert "rasa.log" in told


def chat_request(text: str) -> bytes:
    """A citizen's message as it travels."""
    body = json.dumps({"sender": "ba-an", "message_id": "1", "text": text}).encode()
    head = (
        f"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def refusal(var: Path, **settings: str) -> str:
    """What `daisuso run` says on its error output when it refuses to start."""
    done = outcome(var, "run", **settings)
    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr
    assert processes_in(var) == []
    [sentence] = done.stderr.strip().splitlines()
    assert sentence.startswith("Lỗi: ")
    return sentence


def test_make_without_a_target_lists_what_there_is() -> None:
    targets = {line.split()[1] for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY")}
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[1] for line in listed.splitlines()} == targets >= {"run", "test", "check"}
