"""Starts the Rasa server as a child process, starts it again when it dies or hangs, exchanges it for a new model."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import secrets
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import httpx

from bot.errors import OperatorError
from bot.nlu import TIMEOUT_SECONDS, Endpoint
from bot.rasa_model import python_of, rasa_environment

log = logging.getLogger(__name__)

START_SECONDS = 180.0
"""The first start on a slow machine compiles thousands of files."""

STOP_SECONDS = 2.0
ASK_SECONDS = 0.2
ANSWER_SECONDS = 5.0
CHECK_SECONDS = 10.0
HANGS_AFTER_CHECKS = 3
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
"""A server that ran for so long counts as healthy: the pause before a restart starts over."""

WARMING_QUESTIONS = 5
LAST_ANSWERS_SECONDS = 2 * TIMEOUT_SECONDS
"""So long an exchanged server is kept: whoever asked it has its answer by then, or has given up."""

MAX_LOG_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class _Running:
    """A process, the model that it serves, and where; it may have ended since."""

    process: asyncio.subprocess.Process
    model: Path
    endpoint: Endpoint


class RasaServer:
    """One supervised Rasa process, which can be exchanged for one with another model while it is being asked."""

    def __init__(self, project: Path, var: Path, http: httpx.AsyncClient) -> None:
        self._project = project
        self._note_file = var / "rasa.json"
        self._log_file = var / "logs" / "rasa.log"
        self._http = http
        self._model: Path | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._running: _Running | None = None
        self._endpoint: Endpoint | None = None
        self._changing = asyncio.Lock()
        self.restarts = 0

    @property
    def endpoint(self) -> Endpoint | None:
        """Where to ask; None while the server is not ready."""
        return self._endpoint

    @property
    def model(self) -> Path | None:
        """What is served, or will be when the server is back."""
        return self._model

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self, model: Path) -> None:
        """Starts the server and waits until it answers.

        Raises:
            OperatorError: it could not be run, ended, never became ready or can't use the model; the message names
                what to look at.
        """
        self._model = model
        self._use(await self._start(model, self._remember))

    async def swap(self, model: Path) -> None:
        """Changes to another model without a moment in which nobody answers.

        The new server is started and warmed first; then questions go to it; the old one ends when what it was asked
        has been answered. If the new one fails, everything stays as it was.

        Raises:
            OperatorError: as `start`.
        """
        async with self._changing:
            new = await self._start(model)
            try:
                for _ in range(WARMING_QUESTIONS):
                    await self._ask(new.endpoint)
                old, self._model, self._process = self._process, model, new.process
                self._use(new)
            except BaseException:
                await _end(new.process)
                raise
            try:
                await asyncio.sleep(LAST_ANSWERS_SECONDS)
            finally:
                await _end(old)

    async def watch(self) -> None:
        """Restarts the server whenever it ends or hangs, until cancelled. `start` must have succeeded."""
        pause = 0.0
        while True:
            begun, watched = monotonic(), self._running
            if watched is not None:
                await self._until_it_fails(watched)
            if self._running is not watched:  # it was exchanged, and its end is as it should be
                continue
            self._endpoint = None
            pause = 0.0 if monotonic() - begun > STEADY_SECONDS else min(pause * 2 + 0.5, LONGEST_PAUSE)
            log.warning("Rasa has stopped; answers come from text search until it is back")
            await asyncio.sleep(pause)
            async with self._changing:
                if self._running is watched:
                    await self._restart()

    async def stop(self) -> None:
        """Ends the process: asks first, then kills."""
        self._endpoint, self._running = None, None
        with contextlib.suppress(OSError):
            self._note_file.unlink(missing_ok=True)
        await _end(self._process)

    async def _restart(self) -> None:
        await self.stop()
        try:
            self.restarts += 1
            assert self._model is not None
            await self.start(self._model)
            log.warning("Rasa is back")
        except OperatorError as error:
            log.error("%s", error)

    def _remember(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    def _use(self, running: _Running) -> None:
        self._running, self._endpoint = running, running.endpoint
        self._leave_note(running)

    async def _start(
        self, model: Path, spawned: Callable[[asyncio.subprocess.Process], None] = lambda _: None
    ) -> _Running:
        """A new process that answers; `spawned` hears of it before it does."""
        endpoint = Endpoint(f"http://127.0.0.1:{_free_port()}", secrets.token_hex(32))
        try:
            process = await self._spawn(model, endpoint)
        except OSError as error:
            raise OperatorError(
                f"Không chạy được Rasa ({error.strerror}: {error.filename}). "
                "Kiểm tra quyền và chỗ trống trên đĩa; môi trường của Rasa thì cài lại bằng: make install"
            ) from None
        spawned(process)
        try:
            await self._until_it_answers(process, model, endpoint)
        except BaseException:
            await _end(process)
            raise
        return _Running(process, model, endpoint)

    async def _until_it_answers(self, process: asyncio.subprocess.Process, model: Path, endpoint: Endpoint) -> None:
        deadline = monotonic() + START_SECONDS
        while (status := await self._ask(endpoint)) != httpx.codes.OK:
            # Rasa listens only once it has loaded the model, and listens all the same if that failed.
            if status is not None:
                raise OperatorError(
                    f"Rasa không dùng được mô hình {model}. Xoá tệp đó rồi chạy lại để huấn luyện lại; "
                    f"lý do ở cuối tệp {self._log_file}."
                )
            if process.returncode is not None or monotonic() > deadline:
                raise OperatorError(f"Rasa không khởi động được. Xem lý do ở cuối tệp {self._log_file}.")
            await asyncio.sleep(ASK_SECONDS)

    async def _spawn(self, model: Path, endpoint: Endpoint) -> asyncio.subprocess.Process:
        self._log_file.parent.mkdir(parents=True, exist_ok=True)
        mode = "wb" if self._log_file.exists() and self._log_file.stat().st_size > MAX_LOG_BYTES else "ab"
        with self._log_file.open(mode) as log_file:
            return await asyncio.create_subprocess_exec(
                python_of(self._project), "launch.py", "serve", str(model), endpoint.url.rpartition(":")[2],
                cwd=self._project, env=rasa_environment(self._project) | {"RASA_TOKEN": endpoint.token},
                start_new_session=True, stdin=asyncio.subprocess.DEVNULL, stdout=log_file, stderr=log_file,
            )  # fmt: skip

    async def _until_it_fails(self, running: _Running) -> None:
        failures = 0
        while failures < HANGS_AFTER_CHECKS:
            try:
                async with asyncio.timeout(CHECK_SECONDS):
                    await running.process.wait()
                return
            except TimeoutError:
                failures = 0 if await self._ask(running.endpoint) == httpx.codes.OK else failures + 1

    async def _ask(self, endpoint: Endpoint) -> int | None:
        """The HTTP status of the answer to a question; None when nobody answers."""
        try:
            answer = await self._http.post(
                f"{endpoint.url}/model/parse",
                params={"token": endpoint.token},
                json={"text": "xin chào"},
                timeout=ANSWER_SECONDS,
            )
        except httpx.HTTPError:
            return None
        return answer.status_code

    def _leave_note(self, running: _Running) -> None:
        """Lets `daisuso ask` use this server instead of starting one; the file is for its owner's eyes only."""
        note = {"url": running.endpoint.url, "token": running.endpoint.token, "model": str(running.model)}
        try:
            descriptor = os.open(self._note_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                json.dump(note, file)
        except OSError as error:
            log.warning("no note for `daisuso ask` could be left: %s", error)


def running_server(var: Path, model: Path) -> Endpoint | None:
    """The server that a running bot has left a note about, if it serves that model."""
    try:
        note = json.loads((var / "rasa.json").read_text())
        return Endpoint(note["url"], note["token"]) if note["model"] == str(model) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _end(process: asyncio.subprocess.Process | None) -> None:
    if process is None or process.returncode is not None:
        return
    _signal_group(process.pid, signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        _signal_group(process.pid, signal.SIGKILL)
        await process.wait()


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)
