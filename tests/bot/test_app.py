"""Everything starts together and ends together; what keeps it from starting is one sentence, and leaves nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot import app, rasa_server
from bot.channels.fitting import splitter
from bot.citizen.desk import Memory
from bot.errors import OperatorError
from bot.inbox import Inbox
from bot.messages import Button, Reply
from bot.rasa_server import running_server
from bot.settings import Settings
from content.library import Library
from db import retention
from db.engine import Database
from tests.conftest import ROOT
from tests.support.fake_rasa import TOPIC, make_project
from tests.support.ports import free_port
from tests.support.processes import NOWHERE, processes_in
from tests.support.site import make_settings
from tests.support.telegram_emulator import TelegramEmulator

pytestmark = pytest.mark.usefixtures("content_is_read_once")


@pytest.fixture(autouse=True)
def marked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Processes that are started can be told by the folder they work in; and PTB gives periods as timedelta."""
    monkeypatch.setenv("DAISUSO_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    monkeypatch.setattr(rasa_server, "ASK_SECONDS", 0.02)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """All in a folder of its own, with a Rasa of its own that knows one topic."""
    project = make_project(tmp_path / "project")
    return make_settings(tmp_path / "var", rasa_url=None, rasa_project=project)


def changed(settings: Settings, **values: Any) -> Settings:
    return settings.model_copy(update=values)


def started_by(folder: Path) -> set[int]:
    """The processes that work in a folder, this one apart."""
    return {process.pid for process in processes_in(folder)} - {os.getpid()}


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[tuple[app.Addresses, list[str], asyncio.Task[None]]]:
    """Everything runs: its addresses, what was told meanwhile, and the task that a signal would cancel."""
    told: list[str] = []
    addresses: asyncio.Queue[app.Addresses] = asyncio.Queue()
    task = asyncio.create_task(app.run(settings, told.append, addresses.put_nowait))
    try:
        while addresses.empty():
            if task.done():
                task.result()  # raises what kept it from starting
            await asyncio.sleep(0.01)
        yield addresses.get_nowait(), told, task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def refusal(settings: Settings) -> str:
    """Why it does not start."""
    with pytest.raises(OperatorError) as reason:
        async with running(settings):
            pass
    assert started_by(settings.var) == set()
    return str(reason.value)


class TestRunning:
    async def test_it_trains_starts_rasa_and_answers_at_the_addresses_that_it_gives(self, settings: Settings) -> None:
        async with running(settings) as (addresses, told, _), httpx.AsyncClient(follow_redirects=True) as browser:
            for address in (addresses.chat, addresses.office, addresses.health):
                assert (await browser.get(address)).status_code == 200
            assert (await browser.get(addresses.health)).json()["status"] == "ok"
            message = {"sender": "ba-an", "message_id": "1", "text": "cái này là cái gì"}
            answer = await browser.post(f"{addresses.chat}api/chat", json=message)
            [reply] = answer.json()["replies"]
            assert TOPIC in str(reply["buttons"])
            assert [stage.split()[0] for stage in told] == ["Huấn", "Khởi"]

    async def test_as_long_as_nobody_can_sign_in_to_the_office_each_start_gives_a_new_link_to_begin(
        self, settings: Settings
    ) -> None:
        links = []
        for _turn in range(2):
            async with running(settings) as (addresses, _, _), httpx.AsyncClient() as browser:
                assert addresses.set_up
                links.append(addresses.set_up.rpartition("/")[2])
                known = [(await browser.get(f"{addresses.office}/mo/{token}")).status_code for token in links]
                assert known == [404] * (len(links) - 1) + [200]
                if len(links) == 2:
                    account = {"name": "Thu Hoài", "user_name": "thu-hoai", "password": "trâu đi trước cày theo sau"}
                    form = account | {"again": account["password"]}
                    assert (await browser.post(f"{addresses.office}/mo/{links[1]}", data=form)).status_code == 303
        async with running(settings) as (addresses, _, _):
            assert addresses.set_up is None

    async def test_the_second_start_trains_nothing(self, settings: Settings) -> None:
        for expected in (2, 1):
            async with running(settings) as (_, told, _):
                assert len(told) == expected

    async def test_cancelling_it_ends_everything(self, settings: Settings) -> None:
        async with running(settings) as (_, _, task):
            assert len(started_by(settings.var)) == 1
            task.cancel()
            await asyncio.wait([task], timeout=5)
            assert task.cancelled()
        assert started_by(settings.var) == set()
        with app.listen(settings.host, settings.port):
            pass

    async def test_a_scheduled_job_that_has_begun_may_finish(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun, ending, finished = asyncio.Event(), asyncio.Event(), []

        async def delete_slowly(session: AsyncSession, _: datetime) -> int:
            begun.set()
            await ending.wait()
            for _turn in range(20):
                await session.execute(text("SELECT 1"))
            finished.append("all deleted")
            return 0

        async def end(_: Inbox) -> None:
            ending.set()

        monkeypatch.setattr(retention, "delete_old", delete_slowly)
        monkeypatch.setattr(Inbox, "finish", end)
        async with running(settings):
            await begun.wait()
        assert finished == ["all deleted"]

    async def test_a_part_that_fails_ends_everything_with_its_reason(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def fail(_: Inbox) -> None:
            raise RuntimeError("the sweeper broke")

        monkeypatch.setattr(Inbox, "sweep", fail)
        async with running(settings) as (_, _, task):
            await asyncio.wait([task], timeout=5)
            assert "the sweeper broke" in str(task.exception())
        assert started_by(settings.var) == set()

    async def test_the_proxy_for_the_internet_is_not_asked_for_rasa(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, NOWHERE)
        monkeypatch.setenv("NO_PROXY", "")
        async with running(settings) as (addresses, _, _), httpx.AsyncClient(trust_env=False) as browser:
            assert (await browser.get(addresses.health)).json()["rasa"] == {"status": "ok"}

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ({}, "http://localhost:{port}/"),
            ({"host": "0.0.0.0"}, "http://localhost:{port}/"),  # noqa: S104 - only for a moment
            ({"public_url": "https://daisuso.tanloi.vn"}, "https://daisuso.tanloi.vn/"),
            ({"public_url": "https://daisuso.tanloi.vn/bot/"}, "https://daisuso.tanloi.vn/bot/"),
        ],
    )
    async def test_addresses_are_those_that_people_can_open(
        self, tmp_path: Path, given: dict[str, str], shown: str
    ) -> None:
        settings = make_settings(tmp_path, **given)
        address = shown.format(port=settings.port)
        async with running(settings) as (addresses, _, _):
            assert (addresses.chat, addresses.office) == (address, f"{address}office")
            assert addresses.health == f"{address}healthz"
            assert str(addresses.set_up).startswith(f"{address}office/mo/")


class TestWhatKeepsItFromStarting:
    async def test_port_in_use(self, settings: Settings) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            told = await refusal(changed(settings, port=port))
        assert f"cổng {port}" in told
        assert "DAISUSO_PORT" in told

    async def test_folder_that_cannot_be_made(self, settings: Settings, tmp_path: Path) -> None:
        folder = tmp_path / "project" / "config.yml" / "var"
        told = await refusal(changed(settings, var=folder))
        assert str(folder) in told
        assert "DAISUSO_VAR" in told

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_folder_that_is_somebody_else_s(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        with pytest.raises(OperatorError, match="DAISUSO_VAR"):
            app.check_folder(tmp_path)

    async def test_broken_content(self, settings: Settings, tmp_path: Path) -> None:
        content = copy_of_the_content(tmp_path)
        broken = content / "topics" / "vneid" / "what.md"
        broken.write_text(broken.read_text().replace("## ", "# ", 1))
        (content / "phrases.yml").unlink()
        told = await refusal(changed(settings, content=content))
        assert "content/phrases.yml:1: " in told
        assert "còn 1 lỗi khác" in told
        assert "daisuso content check" in told

    async def test_unknown_commune(self, settings: Settings) -> None:
        told = await refusal(changed(settings, commune="atlantis"))
        assert "DAISUSO_COMMUNE" in told
        assert "tan-loi" in told

    async def test_database_that_cannot_be_reached(self, settings: Settings) -> None:
        address = f"postgresql+psycopg://daisuso:bi-mat@127.0.0.1:{free_port()}/daisuso"
        told = await refusal(changed(settings, database_url=address))
        assert "DAISUSO_DATABASE_URL" in told
        assert "bi-mat" not in told

    @pytest.mark.parametrize(
        "address", ["bi-mat", "mysql://x:bi-mat@y/z", "sqlite:///bi-mat.db", "postgresql+psycopg://x:bi-mat@y:z/d"]
    )
    async def test_address_that_is_no_database_s(self, settings: Settings, address: str) -> None:
        told = await refusal(changed(settings, database_url=address))
        assert "DAISUSO_DATABASE_URL" in told
        assert "bi-mat" not in told

    async def test_database_of_a_newer_programme(self, settings: Settings) -> None:
        await migrated_further(settings)
        assert "phiên bản mới hơn" in await refusal(settings)

    async def test_wrong_telegram_token(self, settings: Settings) -> None:
        with TelegramEmulator() as telegram:
            wrong = make_settings(
                settings.var,
                rasa_url=None,
                rasa_project=settings.rasa_project,
                telegram_token="123456:someone-elses",
                telegram_api=telegram.base_url,
            )
            told = await refusal(wrong)
        assert "DAISUSO_TELEGRAM_TOKEN" in told
        assert "someone-elses" not in told

    async def test_rasa_that_is_not_installed(self, settings: Settings, tmp_path: Path) -> None:
        assert "make install" in await refusal(changed(settings, rasa_project=tmp_path))

    async def test_rasa_that_dies_at_its_start(self, settings: Settings) -> None:
        dies = "import sys, os\nif sys.argv[1] == 'serve': sys.exit('no such pipeline')\n"
        launch = settings.rasa_project / "launch.py"
        launch.write_text(dies + launch.read_text())
        assert "rasa.log" in await refusal(settings)

    async def test_model_that_cannot_be_trained(self, settings: Settings) -> None:
        (settings.rasa_project / "launch.py").write_text("raise SystemExit(1)")
        assert "rasa-train.log" in await refusal(settings)


class TestTheDeskForTheCommandLine:
    async def test_it_has_a_rasa_for_the_while(self, settings: Settings) -> None:
        async with app.open_desk(settings, lambda _: None) as (desk, nlu):
            understanding = await nlu.parse("cái này là cái gì")
            assert desk.answer("cái này là cái gì", understanding, Memory()).decision
            assert understanding.ranking[0].intent == TOPIC
            assert len(started_by(settings.var)) == 1
        assert started_by(settings.var) == set()

    async def test_it_uses_that_of_a_running_bot(self, settings: Settings) -> None:
        async with running(settings):
            before = started_by(settings.var)
            async with app.open_desk(settings, lambda _: None) as (_, nlu):
                await nlu.parse("xin chào")
                assert started_by(settings.var) == before
            assert started_by(settings.var) == before

    async def test_a_note_of_a_bot_that_has_died_is_not_believed(self, settings: Settings) -> None:
        async with app.open_desk(settings, lambda _: None):
            note = (settings.var / "rasa.json").read_text()
        (settings.var / "rasa.json").write_text(note)
        async with app.open_desk(settings, lambda _: None) as (_, nlu):
            assert (await nlu.parse("xin chào")).ranking

    async def test_a_rasa_that_somebody_else_runs_is_used_and_not_ended(self, settings: Settings) -> None:
        async with app.open_desk(settings, lambda _: None):
            [model] = (settings.var / "models").iterdir()
            endpoint = running_server(settings.var, model)
            assert endpoint
            elsewhere = make_settings(settings.var, rasa_url=endpoint.url + "/", rasa_token=endpoint.token)
            async with app.open_desk(elsewhere, lambda _: None) as (_, nlu):
                assert (await nlu.parse("xin chào")).ranking[0].intent == TOPIC
            assert len(started_by(settings.var)) == 1


def test_messengers_messages_are_split_and_the_page_s_are_not(library: Library) -> None:
    long = Reply("Một câu dài. " * 1000, ((Button("Hết", "end"),),))
    split = splitter(lambda: library)
    assert split("web", [long], False) == [long]
    for channel, limit in (("telegram", 4096), ("zalo", 2000), ("zalo_bot", 2000)):
        pieces = split(channel, [long], False)
        assert len(pieces) > 1
        assert all(len(piece.text) <= limit for piece in pieces)


def copy_of_the_content(folder: Path) -> Path:
    return shutil.copytree(ROOT / "content", folder / "content", ignore=shutil.ignore_patterns("__pycache__"))


async def migrated_further(settings: Settings) -> None:
    """Leaves a database that a later version of the programme has used."""
    app.check_folder(settings.var)
    database = Database(settings.database)
    await database.migrate()
    async with database.transaction() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = 'next'"))
    await database.close()
