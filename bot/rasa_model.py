"""The trained Rasa model: cached under the hash of everything it is made from, and trained when that has changed.

It is made from the shipped project and from the sentences that the office has taught (bot/learning/sentences.py), which
are merged into the data of the training alone; the shipped files stay as they are.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from bot.errors import OperatorError
from bot.learning import sentences

KEPT_MODELS = 3
LOW_PRIORITY = 10
LONGEST_LOG_LINE = 1_000_000
_INPUTS = ("config.yml", "domain.yml", "requirements.lock", "data/**/*.y*ml", "components/*.py")


def inputs_hash(project: Path, learned: Path | None = None) -> str:
    """12 hex digits that change with the data, the learned sentences, the configuration, a component or Rasa itself."""
    digest = hashlib.sha256()
    for file in sorted(file for pattern in _INPUTS for file in project.glob(pattern)):
        digest.update(f"{file.relative_to(project)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    if learned is not None and learned.exists():
        digest.update(b"learned\0")
        digest.update(hashlib.sha256(learned.read_bytes()).digest())
    return digest.hexdigest()[:12]


def model_file(project: Path, var: Path, learned: Path | None = None) -> Path:
    """Where the model of the present inputs is, or will be; with other learned sentences than the accepted ones."""
    return var / "models" / f"nlu-{inputs_hash(project, learned or learned_file(var))}.tar.gz"


def learned_file(var: Path) -> Path:
    """The accepted sentences. Replacing this file chooses the model: a running bot takes it, else the next start."""
    return var / "learned" / "nlu.yml"


async def train(project: Path, var: Path, tell: Callable[[str], None], learned: Path | None = None) -> Path:
    """Trains the model of the present inputs and returns its file; `tell` hears of every stage.

    `learned`: other learned sentences than the accepted ones, for a candidate.

    Raises:
        OperatorError: Rasa could not train it; the log says why.
    """
    is_waited_for = learned is None  # a candidate is trained while the bot is answering
    learned = learned or learned_file(var)
    target = model_file(project, var, learned)
    try:
        with _merged_data(project, var, learned) as data:
            await _train(project, target, var / "logs" / "rasa-train.log", data, tell, is_waited_for=is_waited_for)
    except OSError as error:
        raise OperatorError(
            f"Không huấn luyện được mô hình Rasa ({error.strerror}: {error.filename}). "
            "Kiểm tra quyền và chỗ trống trên đĩa; môi trường của Rasa thì cài lại bằng: make install"
        ) from None
    _delete_old(target.parent, {target, model_file(project, var), model_in_use(var)})
    return target


def model_in_use(var: Path) -> Path | None:
    """The model that the Rasa of a running bot serves, by the note it has left (bot/rasa_server.py)."""
    try:
        return Path(json.loads((var / "rasa.json").read_text())["model"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextlib.contextmanager
def _merged_data(project: Path, var: Path, learned: Path) -> Iterator[list[str]]:
    """What the training takes its data from: nothing to say when it is the project's own, else a merged copy."""
    if not learned.exists():
        yield []
        return
    with tempfile.TemporaryDirectory(prefix="training-", dir=var) as folder:
        shutil.copytree(project / "data", Path(folder, "data"))
        known = yaml.safe_load((project / "domain.yml").read_text(encoding="utf-8"))["intents"]
        # A topic may have gone from the shipped data since it was taught.
        taught = [sentence for sentence in sentences.read(learned) if sentence.topic in known]
        sentences.write(Path(folder, "data", "learned.yml"), taught)
        yield [str(Path(folder, "data"))]


async def _train(
    project: Path, target: Path, log_file: Path, data: list[str], tell: Callable[[str], None], *, is_waited_for: bool
) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    log_file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = f"unfinished-{target.name.removesuffix('.tar.gz')}-{os.getpid()}"
    process = await asyncio.create_subprocess_exec(
        python_of(project), "launch.py", "train", str(target.parent), unfinished, *data,
        cwd=project, env=rasa_environment(project), start_new_session=True, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, limit=LONGEST_LOG_LINE,
    )  # fmt: skip
    made = target.parent / f"{unfinished}.tar.gz"
    try:
        if not is_waited_for:
            set_low_priority(process.pid)
        assert process.stdout is not None
        with log_file.open("wb") as log:
            async for line in process.stdout:
                log.write(line)
                if stage := _stage(line.decode(errors="replace")):
                    tell(stage)
        if await process.wait() != 0 or not made.exists():
            raise OperatorError(f"Không huấn luyện được mô hình Rasa. Xem lý do ở cuối tệp {log_file} rồi chạy lại.")
        made.replace(target)  # a model file is either whole or not there
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        made.unlink(missing_ok=True)


def set_low_priority(pid: int) -> None:
    """Lets a process use only what the answering of questions leaves."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, LOW_PRIORITY)


def python_of(project: Path) -> str:
    """The interpreter of Rasa's own environment.

    Raises:
        OperatorError: it is not installed.
    """
    python = project / ".venv" / "bin" / "python"
    if not python.exists():
        raise OperatorError("Chưa cài môi trường của Rasa (rasa_project/.venv). Chạy: make install")
    return str(python)


def rasa_environment(project: Path) -> dict[str, str]:
    """The environment variables of a Rasa process that belongs to us."""
    ours = {
        "PYTHONPATH": str(project),
        "RASA_DIES_WITH_PARENT": str(os.getpid()),
        "RASA_MAX_CACHE_SIZE": "0",  # our own cache knows the inputs better
        "OMP_NUM_THREADS": "1",
        "PYTHONWARNINGS": "ignore",
    }
    # Bytecode that is never written makes every start 15 s slower.
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | ours


def _stage(line: str) -> str:
    """What a line of Rasa's log says in words for the operator; empty for the many that say nothing."""
    if "Starting to train component" in line:
        return "đang học từ các câu hỏi mẫu"
    if "Finished training component" in line:
        return "đang ghi mô hình"
    return ""


def _delete_old(folder: Path, needed: set[Path | None]) -> None:
    models = sorted(folder.glob("nlu-*.tar.gz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for model in models[KEPT_MODELS:]:
        if model not in needed:
            model.unlink(missing_ok=True)
