"""The Rasa server is waited for, watched, started again and ended; its part is played by a small real process."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import psutil
import pytest

from bot import rasa_server
from bot.errors import OperatorError
from bot.nlu import Endpoint, RasaClient
from bot.rasa_server import RasaServer, running_server
from tests.support.fake_rasa import make_project
from tests.support.processes import eventually

pytestmark = pytest.mark.servers

PATIENCE = 10.0


class Scene:
    """A server, its project and its model; `behaves` says what the process does."""

    def __init__(self, folder: Path, http: httpx.AsyncClient) -> None:
        self.var = folder / "var"
        self.var.mkdir()
        self.model = folder / "model"
        self.behaves("pass")
        self.project = make_project(folder / "project")
        self.http = http
        self.server = RasaServer(self.project, self.var, http)
        self._watching: asyncio.Task[None] | None = None

    def behaves(self, statements: str) -> None:
        """From now on, at every start and every question."""
        self.model.write_text(statements)

    async def start(self) -> psutil.Process:
        await self.server.start(self.model)
        return psutil.Process(self.server.pid)

    async def start_and_watch(self) -> psutil.Process:
        process = await self.start()
        self._watching = asyncio.create_task(self.server.watch())
        return process

    async def becomes(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                assert not (self._watching and self._watching.done()), "nobody watches any more"
                await asyncio.sleep(0.02)

    async def close(self) -> None:
        if self._watching:
            self._watching.cancel()
            await asyncio.wait([self._watching])
        await self.server.stop()

    def log(self) -> str:
        return (self.var / "logs" / "rasa.log").read_text()


@pytest.fixture
async def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    for name, seconds in {"ASK": 0.02, "ANSWER": 0.3, "CHECK": 0.05, "STOP": 0.3}.items():
        monkeypatch.setattr(rasa_server, f"{name}_SECONDS", seconds)
    async with httpx.AsyncClient() as http:
        scene = Scene(tmp_path, http)
        yield scene
        await scene.close()


class TestStarting:
    async def test_it_is_ready_when_it_answers_and_only_its_token_opens_it(self, scene: Scene) -> None:
        assert scene.server.endpoint is None
        await scene.start()
        endpoint = scene.server.endpoint
        assert endpoint
        for token, status in [(endpoint.token, 200), ("another", 401)]:
            answer = await scene.http.post(f"{endpoint.url}/model/parse", params={"token": token}, json={})
            assert answer.status_code == status

    async def test_a_slow_start_is_waited_for(self, scene: Scene) -> None:
        scene.behaves("if first: later(0.5)")
        await scene.start()
        assert scene.server.endpoint

    async def test_every_start_has_a_token_of_its_own_which_the_process_list_does_not_show(self, scene: Scene) -> None:
        tokens = set()
        for _ in range(2):
            process = await scene.start()
            assert scene.server.endpoint
            tokens.add(scene.server.endpoint.token)
            assert not any(scene.server.endpoint.token in part for part in process.cmdline())
            await scene.server.stop()
        assert len(tokens) == 2

    async def test_bytecode_may_be_written_whatever_the_machine_says(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        assert "PYTHONDONTWRITEBYTECODE" not in (await scene.start()).environ()

    async def test_dying_at_the_start_is_told_with_the_log_that_says_why(self, scene: Scene) -> None:
        scene.behaves("sys.exit('no such pipeline')")
        with pytest.raises(OperatorError, match=r"logs/rasa\.log"):
            await scene.start()
        assert "no such pipeline" in scene.log()
        assert scene.server.endpoint is None
        assert scene.server.pid is None

    async def test_never_becoming_ready_is_told_and_leaves_no_process(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rasa_server, "START_SECONDS", 0.5)
        scene.behaves("hang()")
        with pytest.raises(OperatorError, match=r"logs/rasa\.log"):
            await scene.start()
        assert scene.server.pid is None

    async def test_a_model_that_it_cannot_use_is_told_at_once(self, scene: Scene) -> None:
        """Rasa starts without the model then, and answers every question with 409."""
        scene.behaves("status = 409")
        with pytest.raises(OperatorError, match=str(scene.model)):
            await scene.start()
        assert scene.server.pid is None

    async def test_environment_that_cannot_be_run_is_told(self, scene: Scene) -> None:
        python = scene.project / ".venv" / "bin" / "python"
        python.unlink()
        python.write_text("half installed")
        with pytest.raises(OperatorError, match="make install"):
            await scene.start()

    async def test_a_log_that_has_grown_too_long_starts_over(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rasa_server, "MAX_LOG_BYTES", 10)
        scene.behaves("if first: print('started', flush=True)")
        for _ in range(3):
            await scene.start()
            await scene.server.stop()
        assert scene.log().count("started") <= 2


class TestWatching:
    async def test_one_that_dies_is_replaced_and_nobody_is_sent_to_it_meanwhile(self, scene: Scene) -> None:
        process = await scene.start_and_watch()
        scene.behaves("if first: later(0.3)")
        process.kill()
        await scene.becomes(lambda: scene.server.endpoint is None)
        await scene.becomes(lambda: scene.server.endpoint)
        assert scene.server.restarts == 1
        assert scene.server.pid != process.pid

    async def test_one_that_hangs_is_replaced(self, scene: Scene) -> None:
        process = await scene.start_and_watch()
        process.suspend()
        scene.behaves("pass")
        await scene.becomes(lambda: scene.server.restarts)
        await scene.becomes(lambda: scene.server.endpoint)
        assert not process.is_running()

    async def test_one_that_fails_to_answer_twice_is_left_alone(self, scene: Scene) -> None:
        process = await scene.start_and_watch()
        scene.behaves(
            f"status = 500 if count in (3, 4) else 200\nif count > 8: open({str(scene.var / 'answered')!r}, 'w')"
        )
        await scene.becomes((scene.var / "answered").exists)
        assert scene.server.restarts == 0
        assert scene.server.pid == process.pid

    async def test_it_is_tried_again_until_it_comes_back(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rasa_server, "LONGEST_PAUSE", 0.02)
        process = await scene.start_and_watch()
        scene.behaves("leave(1)")
        process.kill()
        await scene.becomes(lambda: scene.server.restarts >= 3)
        assert scene.server.endpoint is None
        scene.behaves("pass")
        await scene.becomes(lambda: scene.server.endpoint)

    async def test_pauses_between_tries_grow_up_to_a_limit(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        pauses: list[float] = []
        real_sleep = asyncio.sleep

        async def sleep(seconds: float) -> None:
            if seconds > rasa_server.ASK_SECONDS:
                pauses.append(seconds)
            await real_sleep(0)

        process = await scene.start_and_watch()
        scene.behaves("leave(1)")
        monkeypatch.setattr(asyncio, "sleep", sleep)
        process.kill()
        await scene.becomes(lambda: len(pauses) >= 8)
        assert pauses[:3] == [0.5, 1.5, 3.5]
        assert pauses[7] == rasa_server.LONGEST_PAUSE

    async def test_a_failure_of_the_machine_does_not_end_the_watch(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rasa_server, "LONGEST_PAUSE", 0.02)
        process = await scene.start_and_watch()
        python = scene.project / ".venv" / "bin" / "python"
        works = python.readlink()
        python.unlink()
        python.write_text("being installed anew")
        process.kill()
        await scene.becomes(lambda: scene.server.restarts >= 2)
        python.unlink()
        python.symlink_to(works)
        await scene.becomes(lambda: scene.server.endpoint)


class TestStopping:
    async def test_it_ends_the_process(self, scene: Scene) -> None:
        process = await scene.start()
        await scene.server.stop()
        assert not process.is_running()
        assert scene.server.endpoint is None
        assert scene.server.pid is None

    async def test_one_that_does_not_want_to_end_is_killed(self, scene: Scene) -> None:
        scene.behaves("signal.signal(signal.SIGTERM, signal.SIG_IGN)")
        process = await scene.start()
        await scene.server.stop()
        assert not process.is_running()

    async def test_what_it_has_started_ends_too(self, scene: Scene) -> None:
        scene.behaves("if first: subprocess.Popen(['sleep', '1000'])")
        [helper] = (await scene.start()).children()
        await scene.server.stop()
        eventually(lambda: not helper.is_running() or helper.status() == psutil.STATUS_ZOMBIE, within=5)

    async def test_it_may_be_stopped_twice_or_before_it_was_started(self, scene: Scene) -> None:
        await scene.server.stop()
        await scene.start()
        await scene.server.stop()
        await scene.server.stop()

    async def test_a_start_that_was_cancelled_can_be_stopped(self, scene: Scene) -> None:
        scene.behaves("hang()")
        starting = asyncio.create_task(scene.server.start(scene.model))
        await scene.becomes(lambda: scene.server.pid)
        process = psutil.Process(scene.server.pid)
        starting.cancel()
        await asyncio.wait([starting])
        await scene.server.stop()
        assert not process.is_running()


class TestTheNoteForTheCommandLine:
    async def test_it_leads_to_the_running_server_and_is_for_its_owner_s_eyes_only(self, scene: Scene) -> None:
        await scene.start()
        assert running_server(scene.var, scene.model) == scene.server.endpoint
        assert stat.S_IMODE((scene.var / "rasa.json").stat().st_mode) == 0o600

    async def test_it_leads_nobody_who_wants_another_model(self, scene: Scene) -> None:
        await scene.start()
        assert running_server(scene.var, scene.model.with_name("newer")) is None

    async def test_it_goes_with_the_server(self, scene: Scene) -> None:
        await scene.start()
        await scene.server.stop()
        assert running_server(scene.var, scene.model) is None

    @pytest.mark.parametrize("written", ["", "{", "[]", '{"url": "http://127.0.0.1:1"}', "\xff"])
    def test_nonsense_in_it_is_as_good_as_none(self, tmp_path: Path, written: str) -> None:
        (tmp_path / "rasa.json").write_text(written, encoding="latin-1")
        assert running_server(tmp_path, tmp_path / "model") is None

    async def test_a_note_that_cannot_be_left_stops_nothing(self, scene: Scene) -> None:
        (scene.var / "rasa.json").mkdir()
        await scene.start()
        assert scene.server.endpoint
        await scene.server.stop()


@pytest.mark.servers
class TestTheRealRasa:
    async def test_it_understands_a_question_typed_without_diacritics(self, rasa_server: Endpoint) -> None:
        async with httpx.AsyncClient() as http:
            understood = await RasaClient(lambda: rasa_server, http).parse("toi quen mat khau vneid roi")
        assert understood.ranking[0].intent == "vneid.forgot_password"
        assert understood.by == "rasa"

    @pytest.mark.parametrize("parameters", [{}, {"token": ""}, {"token": "guessed"}])
    async def test_without_its_token_it_neither_parses_nor_takes_a_model(
        self, rasa_server: Endpoint, parameters: dict[str, str]
    ) -> None:
        async with httpx.AsyncClient(base_url=rasa_server.url, params=parameters) as http:
            for method, path in [("POST", "/model/parse"), ("PUT", "/model"), ("GET", "/status"), ("DELETE", "/model")]:
                assert (await http.request(method, path, json={"text": "xin chào"})).status_code == 401
