"""The programme as a real process, started as an operator does it and looked at from outside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGKILL, Signals
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import psutil

from tests.support.rasa import ROOT, trained_model

DAISUSO = ROOT / ".venv" / "bin" / "daisuso"
NOWHERE = "http://127.0.0.1:9"
"""Nothing listens on the discard port: a request that goes to the internet through this proxy fails."""

T = TypeVar("T")


def unhurried(seconds: float) -> float:
    """How long something may take that takes so many seconds on a machine with nothing else to do.

    The load of the last minute lags behind what tests beside this one have just begun, so each of them counts as well.
    """
    side_by_side = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1), side_by_side)


def eventually(look: Callable[[], T | None], within: float) -> T:
    """Looks again and again until there is something to see, and returns it; fails after `within` seconds."""
    deadline = time.monotonic() + within
    while not (seen := look()):
        assert time.monotonic() < deadline, f"not seen within {within:g} s: {getattr(look, '__name__', look)}"
        time.sleep(0.05)
    return seen


def with_model(var: Path) -> Path:
    """Puts the trained model into a data folder, so that a programme that works there need not train one."""
    model = trained_model()
    link = var / "models" / model.name
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.exists():
        link.symlink_to(model)
    return var


def environment(var: Path, **settings: str) -> dict[str, str]:
    """The environment of a programme that shares nothing with others on this machine and reaches no internet."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("DAISUSO_", "MAKE", "MFLAGS"))}
    ours = {
        "DAISUSO_VAR": str(var),
        "DAISUSO_HOST": "127.0.0.1",
        "DAISUSO_PORT": "0",
        "DAISUSO_COMMUNE": "tan-loi",
        "DAISUSO_DATABASE_URL": f"sqlite+aiosqlite:///{var / 'daisuso.db'}",
        "DAISUSO_TELEGRAM_API": f"{NOWHERE}/bot",  # whatever token a developer's .env holds
        "NO_PROXY": "127.0.0.1" if "telegram_api" in settings else "",  # only an emulator is reached past the proxy
    }
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        ours |= {name: NOWHERE, name.upper(): NOWHERE}
    return inherited | ours | {f"DAISUSO_{name.upper()}": value for name, value in settings.items()}


def processes_in(var: Path) -> list[psutil.Process]:
    """Every living process of a programme that works in that data folder, its Rasa included."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get("DAISUSO_VAR") == str(var) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


class Program:
    """A running command. `stdout` and `stderr` hold what it has written so far."""

    def __init__(self, command: list[str | Path], environment: dict[str, str], notes: Path) -> None:
        """Starts it at the root of the repository, as the head of a process group; `notes` is an empty folder."""
        self._out, self._err = notes / "stdout", notes / "stderr"
        self.var = Path(environment["DAISUSO_VAR"])
        self.begun = time.monotonic()
        with self._out.open("w") as out, self._err.open("w") as err:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def stdout(self) -> str:
        return self._out.read_text()

    @property
    def stderr(self) -> str:
        return self._err.read_text()

    @property
    def rasa(self) -> psutil.Process | None:
        """The Rasa server, if there is one at this moment."""
        for process in processes_in(self.var):
            with suppress(psutil.Error):
                if "launch.py" in process.cmdline():
                    return process
        return None

    def says(self, pattern: str, within: float) -> re.Match[str]:
        """Waits until its output matches."""

        def look() -> re.Match[str] | None:
            found = re.search(pattern, self.stdout)
            assert found or self.process.poll() is None, f"ended before it said {pattern}: {self.stdout}{self.stderr}"
            return found

        return eventually(look, within)

    def signal(self, number: Signals) -> None:
        """Signals the process and nobody else."""
        self.process.send_signal(number)

    def signal_group(self, number: Signals) -> None:
        """Signals the whole process group, as a terminal does with Ctrl-C."""
        os.killpg(self.process.pid, number)

    def end(self, within: float) -> int:
        """Waits until it and everything that it started is gone; returns its exit code."""
        code = self.process.wait(within)
        eventually(lambda: not processes_in(self.var), within)
        return code

    def kill(self) -> None:
        """Makes sure that nothing is left, whatever the test has found."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, SIGKILL)
            self.process.wait()
        for process in processes_in(self.var):
            with suppress(psutil.Error):
                process.kill()


class RunningBot(Program):
    """`daisuso run` in a data folder, ready to answer. Its Rasa runs when the constructor's caller has waited."""

    @property
    def listens_at(self) -> tuple[str, int]:
        """Host and port, once it has said them."""
        return "127.0.0.1", int(self.says(r"Hỏi đáp +http://localhost:(\d+)/", within=60)[1])

    @property
    def address(self) -> str:
        """The beginning of its pages' addresses."""
        host, port = self.listens_at
        return f"http://{host}:{port}"

    def get(self, path: str) -> httpx.Response:
        """A page, or that to which it leads."""
        return httpx.get(self.address + path, trust_env=False, follow_redirects=True)

    def ask(self, text: str) -> str:
        """The text of the replies to a citizen's message."""
        message = {"sender": uuid4().hex, "message_id": uuid4().hex, "text": text}
        answer = httpx.post(f"{self.address}/api/chat", json=message, timeout=20, trust_env=False)
        assert answer.status_code == httpx.codes.OK, answer.text
        return "\n".join(reply["text"] for reply in answer.json()["replies"])

    def health(self) -> dict[str, Any]:
        """What /healthz tells."""
        report: dict[str, Any] = self.get("/healthz").json()
        return report


@contextmanager
def running_bot(var: Path, command: list[str | Path] | None = None, **settings: str) -> Iterator[RunningBot]:
    """Starts `daisuso run`, or another command that does, in a data folder with a trained model."""
    with TemporaryDirectory(prefix="daisuso-run-") as notes:
        bot = RunningBot(command or [DAISUSO, "run"], environment(with_model(var), **settings), Path(notes))
        try:
            yield bot
        finally:
            bot.kill()


def outcome(var: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs a `daisuso` command that ends by itself."""
    return subprocess.run(
        [str(DAISUSO), *arguments],
        cwd=ROOT,
        env=environment(var, **settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def outcome_as_json(var: Path, *arguments: str, **settings: str) -> Any:
    """What a `daisuso` command prints for programs."""
    done = outcome(var, *arguments, **settings)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
