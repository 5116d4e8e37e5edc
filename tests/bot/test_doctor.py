"""`daisuso doctor` tells of every part whether it is well, and where it is not, what to do."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot import cli, terminal
from bot.doctor import Finding, State, examine
from bot.nlu import Endpoint
from bot.rasa_model import model_file
from bot.settings import Settings
from tests.conftest import ROOT
from tests.support.fake_rasa import make_project
from tests.support.ports import free_port
from tests.support.processes import NOWHERE
from tests.support.site import make_settings, running_site
from tests.support.telegram_emulator import TelegramEmulator
from tests.support.zalo_emulator import ZaloBotPlatform

pytestmark = pytest.mark.usefixtures("content_is_read_once")

FOLDER, CONTENT, COMMUNE, DATABASE = "Thư mục dữ liệu", "Nội dung", "Hồ sơ xã", "Cơ sở dữ liệu"
ENVIRONMENT, MODEL, TELEGRAM, RUNNING = "Môi trường Rasa", "Mô hình hiểu câu hỏi", "Telegram", "Đang chạy"
ZALO, ZALO_BOT = "Zalo OA", "Zalo Bot"


class Ward:
    """A place to be examined: a data folder and a Rasa project, both in order; `settings` may be changed."""

    def __init__(self, folder: Path) -> None:
        self.var = folder / "var"
        self.project = make_project(folder / "project")
        self.python_says("Python 3.10.13")

    def python_says(self, version: str) -> None:
        """What Rasa's interpreter answers when it is asked for its version."""
        python = self.project / ".venv" / "bin" / "python"
        python.unlink()
        python.write_text(f"#!/bin/sh\necho '{version}'\n")
        python.chmod(0o755)

    def settings(self, **changed: Any) -> Settings:
        return make_settings(**({"var": self.var, "rasa_url": None, "rasa_project": self.project} | changed))

    async def finding(self, subject: str, **changed: Any) -> Finding:
        """What is found about one part."""
        async with aclosing(examine(self.settings(**changed))) as findings:
            return await anext(finding async for finding in findings if finding.subject == subject)


@pytest.fixture(autouse=True)
def periods_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    return Ward(tmp_path)


async def test_a_new_place_lacks_nothing_that_is_needed(ward: Ward) -> None:
    findings = {finding.subject: finding async for finding in examine(ward.settings())}
    assert list(findings) == [FOLDER, CONTENT, COMMUNE, DATABASE, ENVIRONMENT, MODEL, TELEGRAM, ZALO, ZALO_BOT, RUNNING]
    assert State.BROKEN not in {finding.state for finding in findings.values()}
    assert all(finding.detail for finding in findings.values())


class TestFolderContentAndDatabase:
    async def test_folder_that_cannot_be_written(self, ward: Ward) -> None:
        finding = await ward.finding(FOLDER, var=ward.project / "config.yml")
        assert finding.state is State.BROKEN
        assert "DAISUSO_VAR" in finding.detail

    async def test_broken_content_is_told_with_file_and_line(self, ward: Ward, content: Path) -> None:
        (content / "phrases.yml").write_text("greeting: [")
        finding = await ward.finding(CONTENT, content=content)
        assert finding.state is State.BROKEN
        assert "content/phrases.yml:1" in finding.detail

    async def test_unknown_commune(self, ward: Ward) -> None:
        finding = await ward.finding(CONTENT, commune="atlantis")
        assert finding.state is State.BROKEN
        assert "DAISUSO_COMMUNE" in finding.detail

    async def test_a_profile_without_telephone_numbers_is_a_hint_to_fill_them_in(
        self, ward: Ward, content: Path
    ) -> None:
        profile = content / "communes" / "tan-loi.yml"
        finding = await ward.finding(COMMUNE, content=content)
        assert finding.state is State.HINT
        assert "content/communes/tan-loi.yml" in finding.detail

        lines = profile.read_text().splitlines(keepends=True)
        numbers = [f'{who}: {{phone: "0271 3890 113"}}\n' for who in ("office", "police", "service_centre")]
        kept = [line for line in lines if not line.startswith(("office", "police", "service_centre"))]
        profile.write_text("".join(kept + numbers))
        assert (await ward.finding(COMMUNE, content=content)).state is State.OK

    async def test_database(self, ward: Ward) -> None:
        assert await ward.finding(DATABASE) == Finding(DATABASE, State.OK, "SQLite")

    @pytest.mark.parametrize("address", ["postgresql+psycopg://x:bi-mat@127.0.0.1:9/x", "bi-mat"])
    async def test_database_that_cannot_be_used(self, ward: Ward, address: str) -> None:
        finding = await ward.finding(DATABASE, database_url=address)
        assert finding.state is State.BROKEN
        assert "DAISUSO_DATABASE_URL" in finding.detail
        assert "bi-mat" not in finding.detail


class TestRasa:
    async def test_environment(self, ward: Ward) -> None:
        assert await ward.finding(ENVIRONMENT) == Finding(ENVIRONMENT, State.OK, "Python 3.10.13")

    @pytest.mark.parametrize("version", ["Python 3.11.7", "Python 3.1.0", ""])
    async def test_environment_of_another_python(self, ward: Ward, version: str) -> None:
        ward.python_says(version)
        finding = await ward.finding(ENVIRONMENT)
        assert finding.state is State.BROKEN
        assert "Python 3.10" in finding.detail
        assert "make install" in finding.detail

    async def test_environment_that_is_missing_or_half_installed(self, ward: Ward) -> None:
        python = ward.project / ".venv" / "bin" / "python"
        python.chmod(0o644)
        for _ in range(2):
            finding = await ward.finding(ENVIRONMENT)
            assert finding.state is State.BROKEN
            assert "make install" in finding.detail
            python.unlink(missing_ok=True)

    async def test_model(self, ward: Ward) -> None:
        assert (await ward.finding(MODEL)).state is State.HINT
        model = model_file(ward.project, ward.var)
        put(model)
        assert await ward.finding(MODEL) == Finding(MODEL, State.OK, model.name)

    async def test_rasa_elsewhere_that_does_not_answer(self, ward: Ward) -> None:
        address = f"http://127.0.0.1:{free_port()}"
        finding = await ward.finding(MODEL, rasa_url=address)
        assert finding.state is State.BROKEN
        assert address in finding.detail
        assert (await ward.finding(ENVIRONMENT, rasa_url=address)).state is State.OFF

    async def test_something_else_at_rasa_s_address(self, ward: Ward) -> None:
        async with somebody_saying("{}") as port:
            finding = await ward.finding(MODEL, rasa_url=f"http://127.0.0.1:{port}")
        assert finding.state is State.BROKEN
        assert "DAISUSO_RASA_TOKEN" in finding.detail

    @pytest.mark.servers
    async def test_rasa_elsewhere_with_the_right_token_and_with_a_wrong_one(
        self, ward: Ward, rasa_server: Endpoint
    ) -> None:
        right = await ward.finding(MODEL, rasa_url=rasa_server.url, rasa_token=rasa_server.token)
        assert right.state is State.OK
        wrong = await ward.finding(MODEL, rasa_url=rasa_server.url, rasa_token="guessed")
        assert wrong.state is State.BROKEN
        assert "DAISUSO_RASA_TOKEN" in wrong.detail


class TestZaloBot:
    @pytest.fixture
    def zalo(self) -> Iterator[ZaloBotPlatform]:
        with ZaloBotPlatform() as zalo:
            yield zalo

    async def test_it_is_off_or_shown_by_its_name_with_what_is_used_of_the_plan(
        self, ward: Ward, zalo: ZaloBotPlatform
    ) -> None:
        off = await ward.finding(ZALO_BOT)
        assert (off.state, "DAISUSO_ZALO_BOT_TOKEN" in off.detail) == (State.OFF, True)
        await ward.finding(DATABASE)  # makes the tables
        finding = await ward.finding(ZALO_BOT, zalo_bot_token=zalo.token, zalo_bot_api=zalo.address)
        assert finding.state is State.OK
        for part in ("Bot Đại sứ số", "polling", "0/50 người", "0/3.000 tin", "bằng lời"):
            assert part in finding.detail
        assert {call.name for call in zalo.calls()} == {"getMe"}

    async def test_a_wrong_token_and_no_network_are_told_without_the_token(
        self, ward: Ward, zalo: ZaloBotPlatform
    ) -> None:
        wrong = await ward.finding(ZALO_BOT, zalo_bot_token="1:someone-elses", zalo_bot_api=zalo.address)
        away = await ward.finding(ZALO_BOT, zalo_bot_token="1:someone-elses", zalo_bot_api=NOWHERE)
        assert (wrong.state, away.state) == (State.BROKEN, State.BROKEN)
        assert "Zalo Bot Creator" in wrong.detail
        assert "kiểm tra mạng" in away.detail
        assert "someone-elses" not in wrong.detail + away.detail


class TestTelegram:
    @pytest.fixture
    def telegram(self) -> Iterator[TelegramEmulator]:
        with TelegramEmulator() as telegram:
            yield telegram

    async def test_without_a_token_it_is_off(self, ward: Ward) -> None:
        finding = await ward.finding(TELEGRAM)
        assert finding.state is State.OFF
        assert "DAISUSO_TELEGRAM_TOKEN" in finding.detail

    async def test_a_right_token_is_shown_by_the_bot_s_name(self, ward: Ward, telegram: TelegramEmulator) -> None:
        given = {"telegram_token": telegram.token, "telegram_api": telegram.base_url}
        finding = await ward.finding(TELEGRAM, **given)
        assert finding.state is State.OK
        assert "@daisuso_bot" in finding.detail
        assert "polling" in finding.detail
        public = await ward.finding(TELEGRAM, **given, public_url="https://daisuso.tanloi.vn")
        assert "https://daisuso.tanloi.vn" in public.detail

    async def test_looking_changes_nothing_at_telegram(self, ward: Ward, telegram: TelegramEmulator) -> None:
        await ward.finding(TELEGRAM, telegram_token=telegram.token, telegram_api=telegram.base_url)
        assert {call.method for call in telegram.calls()} == {"getMe"}

    async def test_a_wrong_token(self, ward: Ward, telegram: TelegramEmulator) -> None:
        given = {"telegram_token": "123456:someone-elses", "telegram_api": telegram.base_url}
        finding = await ward.finding(TELEGRAM, **given)
        assert finding.state is State.BROKEN
        assert "@BotFather" in finding.detail
        assert "someone-elses" not in finding.detail

    async def test_no_network(self, ward: Ward) -> None:
        given = {"telegram_token": "123456:secret", "telegram_api": f"{NOWHERE}/bot"}
        finding = await ward.finding(TELEGRAM, **given)
        assert finding.state is State.BROKEN
        assert "kiểm tra mạng" in finding.detail
        assert "secret" not in finding.detail


class TestWhetherItRuns:
    async def test_not_started(self, ward: Ward) -> None:
        finding = await ward.finding(RUNNING)
        assert finding.state is State.OFF
        assert "make run" in finding.detail

    async def test_started_but_without_rasa(self, ward: Ward) -> None:
        port = free_port()
        with running_site(ward.var, port=port):
            finding = await ward.finding(RUNNING, port=port)
        assert (finding.state, finding.detail.rpartition(": ")[2]) == (State.HINT, "degraded")

    @pytest.mark.parametrize("answer", ["[]", '"ok"', "<html>", "{}"])
    async def test_another_programme_at_that_port(self, ward: Ward, answer: str) -> None:
        async with somebody_saying(answer) as port:
            assert (await ward.finding(RUNNING, port=port)).state is State.OFF


class TestTheCommand:
    @pytest.fixture(autouse=True)
    def _logging_comes_back(self) -> Iterator[None]:
        yield
        logging.disable(logging.NOTSET)

    def test_it_has_a_line_for_every_part_and_fails_when_one_is_broken(
        self, ward: Ward, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(terminal, "Settings", ward.settings)
        whole = CliRunner().invoke(cli.app, ["doctor"])
        assert whole.exit_code == 0
        assert len(whole.stdout.splitlines()) == 10
        assert f"✓ {DATABASE}: SQLite\n" in whole.stdout

        ward.python_says("Python 3.12.1 [beta]")
        broken = CliRunner().invoke(cli.app, ["doctor"])
        assert broken.exit_code == 1
        assert f"✗ {ENVIRONMENT}: Python 3.12.1 [beta]" in broken.stdout
        assert len(broken.stdout.splitlines()) == 10


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy that may be changed."""
    return shutil.copytree(ROOT / "content", tmp_path / "content", ignore=shutil.ignore_patterns("__pycache__"))


def put(file: Path) -> None:
    """Makes an empty file and the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


@asynccontextmanager
async def somebody_saying(answer: str) -> AsyncIterator[int]:
    """A server at the port that is yielded, which answers every request with a text."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = answer.encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(say, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
