"""The trained Rasa model: cached under the hash of everything it is made from, and trained when that has changed."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

from bot.errors import OperatorError

KEPT_MODELS = 3
LONGEST_LOG_LINE = 1_000_000
_INPUTS = ("config.yml", "domain.yml", "requirements.lock", "data/**/*.y*ml", "components/*.py")


def inputs_hash(project: Path) -> str:
    """12 hex digits that change when the training data, the configuration, a component or Rasa itself changes."""
    digest = hashlib.sha256()
    for file in sorted(file for pattern in _INPUTS for file in project.glob(pattern)):
        digest.update(f"{file.relative_to(project)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]


def model_file(project: Path, var: Path) -> Path:
    """Where the model of the present inputs is, or will be."""
    return var / "models" / f"nlu-{inputs_hash(project)}.tar.gz"


async def train(project: Path, var: Path, tell: Callable[[str], None]) -> Path:
    """Trains the model of the present inputs and returns its file; `tell` hears of every stage.

    Raises:
        OperatorError: Rasa could not train it; the log says why.
    """
    target = model_file(project, var)
    try:
        await _train(project, target, var / "logs" / "rasa-train.log", tell)
    except OSError as error:
        raise OperatorError(
            f"Không huấn luyện được mô hình Rasa ({error.strerror}: {error.filename}). "
            "Kiểm tra quyền và chỗ trống trên đĩa; môi trường của Rasa thì cài lại bằng: make install"
        ) from None
    _delete_old(target.parent)
    return target


async def _train(project: Path, target: Path, log_file: Path, tell: Callable[[str], None]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    log_file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = f"unfinished-{target.name.removesuffix('.tar.gz')}-{os.getpid()}"
    process = await asyncio.create_subprocess_exec(
        python_of(project), "launch.py", "train", str(target.parent), unfinished,
        cwd=project, env=rasa_environment(project), start_new_session=True, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, limit=LONGEST_LOG_LINE,
    )  # fmt: skip
    made = target.parent / f"{unfinished}.tar.gz"
    try:
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


def _delete_old(folder: Path) -> None:
    models = sorted(folder.glob("nlu-*.tar.gz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for model in models[KEPT_MODELS:]:
        model.unlink(missing_ok=True)
