"""The `daisuso` command: helps, tells faults in one sentence, and prints what people or programs can read."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot import app as application
from bot import cli, terminal
from bot.citizen.desk import CitizenDesk
from bot.errors import OperatorError
from bot.settings import Settings
from content.library import Library
from tests.support.told_nlu import ToldNlu

ROOT = Path(__file__).resolve().parent.parent.parent
FORGOTTEN = "quên mật khẩu vneid"
GOLD = "giá vàng hôm nay"
FIGURES = {
    "n", "top1", "top1_also", "top3_also", "answered", "clarified", "refused", "offered", "wrong_outright",
    "in_scope_refused", "oos_recall",
}  # fmt: skip


class Shell:
    """Types commands."""

    def __init__(self) -> None:
        self.code = 0
        self.out = ""
        self.err = ""

    def runs(self, *arguments: str) -> str:
        """Runs a command; returns what it wrote for people or programs, not its notes and errors."""
        result = CliRunner().invoke(cli.app, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        self.code, self.out, self.err = result.exit_code, result.stdout, result.stderr
        return self.out

    def is_refused(self, *arguments: str) -> str:
        """Runs a command that fails for a reason that the operator can mend; returns the sentence."""
        assert self.runs(*arguments) == ""
        assert self.code == 2
        [sentence] = self.err.strip().splitlines()
        assert sentence.startswith("Lỗi: ")
        return sentence


@pytest.fixture(autouse=True)
def operator(bare_settings: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who has set nothing but the folder for data."""
    monkeypatch.setattr(terminal, "STOP_SECONDS", 3600)  # would end the test run


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.fixture
def nlu(monkeypatch: pytest.MonkeyPatch, library: Library) -> ToldNlu:
    """The real desk asks this instead of Rasa."""
    nlu = ToldNlu({FORGOTTEN: "vneid.forgot_password"})

    @asynccontextmanager
    async def open_desk(settings: Settings, _: Callable[[str], None]) -> AsyncIterator[tuple[CitizenDesk, ToldNlu]]:
        yield CitizenDesk(lambda: library, settings.commune), nlu

    monkeypatch.setattr(application, "open_desk", open_desk)
    return nlu


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with the words that call it."""
    yield path, group
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


COMMANDS = dict(commands(typer.main.get_command(cli.app)))
LEAVES = {path: command for path, command in COMMANDS.items() if not hasattr(command, "commands")}


def arguments_of_example(path: tuple[str, ...]) -> list[str]:
    """The arguments of the example in a command's own help."""
    documented = re.search(r"Example: (.*)", LEAVES[path].help)
    assert documented
    words = shlex.split(documented[1])
    return words[words.index("daisuso") + 1 + len(path) :]


class TestHelp:
    def test_there_are_the_commands_that_the_documents_promise(self) -> None:
        assert set(LEAVES) >= {("run",), ("ask",), ("evaluate",), ("content", "check"), ("doctor",)}

    @pytest.mark.parametrize("option", ["--help", "-h"])
    @pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
    def test_every_command_explains_itself(self, shell: Shell, path: tuple[str, ...], option: str) -> None:
        assert "Usage: " in shell.runs(*path, option)
        assert shell.code == 0

    @pytest.mark.parametrize("path", LEAVES, ids=" ".join)
    def test_every_command_has_an_example_that_could_be_typed(self, shell: Shell, path: tuple[str, ...]) -> None:
        shown = re.sub(r"\s+", " ", shell.runs(*path, "--help"))
        example = re.search(rf"Example: (?:[A-Z_]+=\S+ )?daisuso {' '.join(path)}", shown)
        assert example
        LEAVES[path].make_context(path[-1], arguments_of_example(path))  # raises when it does not understand them

    def test_without_a_command_the_help_is_shown(self, shell: Shell) -> None:
        assert "evaluate" in shell.runs() + shell.err

    def test_version(self, shell: Shell) -> None:
        assert re.fullmatch(r"\d+\.\d+\.\d+\n", shell.runs("--version"))


class TestSettingsThatAreWrong:
    @pytest.mark.parametrize("path", LEAVES, ids=" ".join)
    def test_every_command_says_so_in_one_sentence(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch, path: tuple[str, ...]
    ) -> None:
        monkeypatch.setenv("DAISUSO_PORT", "tám nghìn")
        assert "DAISUSO_PORT" in shell.is_refused(*path, *arguments_of_example(path))

    def test_a_wrong_token_is_not_repeated(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DAISUSO_TELEGRAM_TOKEN", "ABC-DEF")
        told = shell.is_refused("doctor")
        assert "DAISUSO_TELEGRAM_TOKEN" in told
        assert "ABC-DEF" not in told

    def test_a_settings_file_in_another_encoding(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / ".env").write_text("DAISUSO_COMMUNE=tan-loi\n", encoding="utf-16")
        monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
        assert ".env" in shell.is_refused("content", "check")

    def test_an_option_that_does_not_exist(self, shell: Shell) -> None:
        shell.runs("ask", "x", "--yaml")
        assert shell.code == 2
        assert "--yaml" in shell.err


class TestContentCheck:
    @pytest.fixture
    def content(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A copy that may be broken."""
        copy = shutil.copytree(ROOT / "content", tmp_path / "content")
        monkeypatch.setenv("DAISUSO_CONTENT", str(copy))
        return copy

    def test_good_content_is_counted(self, shell: Shell, library: Library) -> None:
        assert f"{len(library.articles)} bài" in shell.runs("content", "check")
        assert shell.code == 0

    def test_every_fault_is_told_with_file_and_line(self, shell: Shell, content: Path) -> None:
        article = content / "topics" / "vneid" / "install.md"
        lines = article.read_text().splitlines()
        heading = lines.index("## Các bước")
        lines[heading] = "## Cách làm [nhanh]"
        article.write_text("\n".join(lines))
        (content / "phrases.yml").write_text("greeting: [")

        faults = shell.runs("content", "check").splitlines()
        assert shell.code == 1
        assert any(re.match(r"content/phrases\.yml:\d+: ", fault) for fault in faults)
        [told] = [fault for fault in faults if fault.startswith(f"content/topics/vneid/install.md:{heading + 1}: ")]
        assert "Cách làm [nhanh]" in told
        assert f"{len(faults)} lỗi" in shell.err

    def test_a_folder_without_content(self, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DAISUSO_CONTENT", str(tmp_path / "nowhere"))
        assert "nowhere/topics.yml:1: " in shell.runs("content", "check")
        assert shell.code == 1


class TestAsk:
    def test_for_programs_it_tells_everything(self, shell: Shell, nlu: ToldNlu) -> None:
        told = json.loads(shell.runs("ask", FORGOTTEN, "--json"))
        assert set(told) == {"topic", "confidence", "candidates", "decision", "understood_by", "replies"}
        assert (told["topic"], told["confidence"]) == ("vneid.forgot_password", 0.95)
        assert (told["decision"], told["understood_by"]) == ("answer", "rasa")
        assert told["candidates"] == [{"topic": "vneid.forgot_password", "confidence": 0.95}]
        assert "Quên mật khẩu" in told["replies"][0]["text"]
        assert shell.err == ""

    def test_for_people_it_shows_what_a_citizen_sees(self, shell: Shell, nlu: ToldNlu) -> None:
        shown = shell.runs("ask", FORGOTTEN)
        assert "Quên mật khẩu" in shown
        assert re.search(r"\[[^]]*Các bước\]", shown)
        assert "vneid.forgot_password" in shown.splitlines()[-1]

    @pytest.mark.parametrize("arguments", [[], ["--json"]])
    @pytest.mark.parametrize("text", ["", "   ", "\n", "👍", "[bold]", "[/]", "a" * 11_000, "\x00", "ÿ" * 5_000])
    def test_it_answers_whatever_is_asked(self, shell: Shell, nlu: ToldNlu, text: str, arguments: list[str]) -> None:
        assert shell.runs("ask", text, *arguments)
        assert shell.code == 0

    def test_text_search_is_named_when_it_had_to_answer(self, shell: Shell, nlu: ToldNlu) -> None:
        nlu.is_down = True
        assert json.loads(shell.runs("ask", FORGOTTEN, "--json"))["understood_by"] == "search"

    def test_what_rasa_gets_to_see_is_masked(self, shell: Shell, nlu: ToldNlu) -> None:
        shell.runs("ask", "số căn cước của tôi là 001085012345", "--json")
        assert "001085012345" not in nlu.asked[0]

    def test_a_reason_not_to_start_is_one_sentence(
        self, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DAISUSO_RASA_PROJECT", str(tmp_path))
        shell.runs("ask", "x")
        assert shell.code == 2
        assert "make install" in shell.err.splitlines()[-1]


class TestEvaluate:
    @pytest.fixture
    def questions(self, tmp_path: Path) -> Path:
        file = tmp_path / "questions.tsv"
        rows = [
            ("text", "label", "also", "style"),
            (FORGOTTEN, "vneid.forgot_password", "", "formal"),
            (GOLD, "out_of_scope", "", "short"),
            ("cài vneid [ở đâu]", "vneid.install", "vneid.what", "short"),
        ]
        file.write_text("".join("\t".join(row) + "\n" for row in rows))
        return file

    def test_for_programs_it_prints_the_figures(self, shell: Shell, nlu: ToldNlu, questions: Path) -> None:
        told = json.loads(shell.runs("evaluate", str(questions), "--json"))
        assert set(told) == FIGURES | {"by_style"}
        assert (told["n"], told["offered"], told["in_scope_refused"], told["oos_recall"]) == (3, 0.5, 0.5, 1.0)
        assert set(told["by_style"]) == {"formal", "short"}
        assert set(told["by_style"]["formal"]) == FIGURES
        assert nlu.asked == [FORGOTTEN, GOLD, "cài vneid [ở đâu]"]

    def test_misses_are_listed_when_asked_for(self, shell: Shell, nlu: ToldNlu, questions: Path) -> None:
        [miss] = json.loads(shell.runs("evaluate", str(questions), "--json", "--misses"))["misses"]
        assert (miss["text"], miss["label"], miss["also"]) == ("cài vneid [ở đâu]", "vneid.install", ["vneid.what"])
        assert "cài vneid [ở đâu]" in shell.runs("evaluate", str(questions), "--misses")

    def test_for_people_it_prints_a_table(self, shell: Shell, nlu: ToldNlu, questions: Path) -> None:
        shown = shell.runs("evaluate", str(questions))
        words = {word for figure in FIGURES for word in figure.split("_")}
        assert words - set(re.findall(r"\w+", shown)) == set()  # nothing is cut short where the terminal is narrow
        for name, n in [("all", 3), ("formal", 1), ("short", 2)]:
            assert re.search(rf"{name}\W+{n}\b.*100\.0", shown)

    @pytest.mark.parametrize(
        ("written", "told"),
        [
            ("", "không có dòng nào"),
            ("text\tlabel\n", "không có dòng nào"),
            ("câu hỏi\tnhãn\na\tb\n", "dòng 2"),
            ("text\tlabel\nmột\tvneid.what\nhai\t\n", "dòng 3"),
            ("text,label\nmột,vneid.what\n", "dấu tab"),
        ],
    )
    def test_a_table_that_is_none_is_refused_by_line(
        self, shell: Shell, nlu: ToldNlu, tmp_path: Path, written: str, told: str
    ) -> None:
        (tmp_path / "broken.tsv").write_text(written)
        assert told in shell.is_refused("evaluate", str(tmp_path / "broken.tsv"))
        assert nlu.asked == []

    def test_a_table_that_is_not_there(self, shell: Shell, nlu: ToldNlu, tmp_path: Path) -> None:
        assert "missing.tsv" in shell.is_refused("evaluate", str(tmp_path / "missing.tsv"))

    def test_without_rasa_nothing_is_measured(self, shell: Shell, nlu: ToldNlu, questions: Path) -> None:
        nlu.is_down = True
        shell.runs("evaluate", str(questions), "--json")
        assert (shell.code, shell.out) == (2, "")
        assert "Rasa" in shell.err.splitlines()[-1]


class TestRun:
    ADDRESSES = application.Addresses(
        "http://localhost:8080/",
        "http://localhost:8080/office",
        "http://x/healthz",
        "http://localhost:8080/office/mo/x1",
    )

    def test_it_prints_where_to_find_everything(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        async def start(_: Settings, tell: Callable[[str], None], started: Callable[[Any], None]) -> None:
            tell("Khởi động Rasa")
            started(self.ADDRESSES)

        monkeypatch.setattr(application, "run", start)
        shown = shell.runs("run")
        assert shell.code == 0
        assert "Khởi động Rasa..." in shown
        for address in (self.ADDRESSES.chat, self.ADDRESSES.office, self.ADDRESSES.health, self.ADDRESSES.set_up):
            assert f" {address}\n" in shown
        assert "DAISUSO_TELEGRAM_TOKEN" in shown

    def test_a_reason_not_to_start_is_one_sentence(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        async def refuse(*_: object) -> None:
            raise OperatorError("Cổng [8080] đang bận.")

        monkeypatch.setattr(application, "run", refuse)
        assert shell.is_refused("run") == "Lỗi: Cổng [8080] đang bận."

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_signals_stop_it_well_and_a_second_one_does_not_disturb_the_cleaning_up(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
    ) -> None:
        done = []

        async def serve(*_: object) -> None:
            try:
                os.kill(os.getpid(), number)
                await asyncio.Event().wait()
            finally:
                os.kill(os.getpid(), number)
                for _turn in range(5):
                    await asyncio.sleep(0)
                done.append("cleaned up")

        monkeypatch.setattr(application, "run", serve)
        shell.runs("run")
        assert shell.code == 0
        assert done == ["cleaned up"]

    def test_a_question_that_was_interrupted_is_no_success(
        self, shell: Shell, nlu: ToldNlu, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def interrupt(_: str) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.Event().wait()

        nlu.before_answering = interrupt
        assert shell.runs("ask", "x", "--json") == ""
        assert shell.code == 130
