"""scripts/install.sh brings both environments to what the lock files say, and leaves them alone when they are so."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

UV = """#!/bin/sh
echo "uv $*" >> "$CALLS"
case "$1 $2" in
  "venv "*)
    for folder; do :; done
    mkdir -p "$folder/bin"
    cp "$FAKE_PYTHON" "$folder/bin/python" ;;
  "pip sync")
    [ -z "$NO_NETWORK" ] || exit 1
    for lock; do :; done
    bin="$(dirname "$6")"
    rm -f "$bin/pytest"
    case "$lock" in *-dev.lock) touch "$bin/pytest"; chmod +x "$bin/pytest" ;; esac ;;
  "pip install")
    printf '#!/bin/sh\\n' > .venv/bin/daisuso
    chmod +x .venv/bin/daisuso ;;
esac
"""
PYTHON = """#!/bin/sh
case "$2" in *version_info*) exit "${WRONG_VERSION:-0}" ;; esac
"""


class Clone:
    """A clone of the repository with a uv that only pretends to install."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clone"
        for name in ("scripts/install.sh", *(f"{place}{lock}" for place in ("", "rasa_project/") for lock in LOCKS)):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, self.folder / name)
        tools = folder / "tools"
        tools.mkdir()
        for name, script in {"uv": UV, "python-for-environments": PYTHON}.items():
            (tools / name).write_text(script)
            (tools / name).chmod(0o755)
        self._calls = folder / "calls"
        self._environment = {
            "PATH": f"{tools}:{os.environ['PATH']}",
            "CALLS": str(self._calls),
            "FAKE_PYTHON": str(tools / "python-for-environments"),
        }

    def install(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs the script; `calls` then holds what it had uv do."""
        self._calls.write_text("")
        return subprocess.run(
            [self.folder / "scripts" / "install.sh", *arguments],
            env=self._environment | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        return self._calls.read_text().splitlines()

    @property
    def locks_installed(self) -> list[str]:
        return [call.split()[-1] for call in self.calls if call.startswith("uv pip sync")]


LOCKS = ("requirements.lock", "requirements-dev.lock")
PLAIN = ["requirements.lock", "rasa_project/requirements.lock"]
WITH_TESTS = ["requirements-dev.lock", "rasa_project/requirements-dev.lock"]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_a_fresh_clone_gets_both_environments_from_hashed_locks(clone: Clone) -> None:
    assert clone.install().returncode == 0
    assert clone.locks_installed == PLAIN
    assert all("--require-hashes" in call for call in clone.calls if call.startswith("uv pip sync"))
    assert [call.split()[4] for call in clone.calls if call.startswith("uv venv")] == ["--python", "--python"]
    assert (clone.folder / ".venv" / "bin" / "daisuso").exists()


def test_the_second_time_there_is_nothing_to_do_and_no_network_needed(clone: Clone) -> None:
    clone.install()
    again = clone.install(NO_NETWORK="1")
    assert (again.returncode, again.stderr, clone.calls) == (0, "", [])


def test_a_changed_lock_is_installed(clone: Clone) -> None:
    clone.install()
    with (clone.folder / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert clone.install().returncode == 0
    assert clone.locks_installed == ["requirements.lock"]


def test_the_test_tools_come_when_they_are_wanted(clone: Clone) -> None:
    clone.install()
    assert clone.install("dev").returncode == 0
    assert clone.locks_installed == WITH_TESTS


def test_an_environment_with_test_tools_serves_and_keeps_them(clone: Clone) -> None:
    clone.install("dev")
    clone.install()
    assert clone.calls == []
    with (clone.folder / "requirements-dev.lock").open("a") as lock:
        lock.write("# changed\n")
    clone.install()
    assert clone.locks_installed == ["requirements-dev.lock"]


def test_without_network_it_says_what_to_do_and_the_next_time_it_tries_again(clone: Clone) -> None:
    failed = clone.install(NO_NETWORK="1")
    assert failed.returncode == 1
    assert "kiểm tra mạng" in failed.stderr.splitlines()[-1]
    assert clone.install().returncode == 0
    assert clone.locks_installed == PLAIN


def test_rasa_on_another_python_is_refused(clone: Clone) -> None:
    refused = clone.install(WRONG_VERSION="1")
    assert refused.returncode == 1
    assert "Python 3.10" in refused.stderr.splitlines()[-1]
