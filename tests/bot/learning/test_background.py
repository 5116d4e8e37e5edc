"""The training that the office starts: one at a time, in a process of its own, whose last word stays."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from bot.learning.background import COMMAND, BackgroundLearning
from office.site import LearningState


def saying(out: str = "", err: str = "", code: int = 0) -> tuple[str, ...]:
    """A command that says that and ends so."""
    script = f"import sys, time; time.sleep(0.2); print({out!r}); print({err!r}, file=sys.stderr); sys.exit({code})"
    return sys.executable, "-c", script


async def end_of(learning: BackgroundLearning) -> LearningState:
    async with asyncio.timeout(60):
        while learning.state().is_running:  # noqa: ASYNC110 - the page polls as well
            await asyncio.sleep(0.05)
    return learning.state()


@pytest.mark.parametrize(
    ("command", "left"),
    [
        (saying(json.dumps({"outcome": "nothing_new"})), LearningState(nothing_new=True)),
        (saying(json.dumps({"outcome": "refused"}), code=1), LearningState()),
        (saying(err="Huấn luyện...\nLỗi: Đang có một lần\nhọc khác chạy.", code=2),
         LearningState(problem="Đang có một lần học khác chạy.")),
        (("/nowhere/python",), LearningState(problem="No such file or directory")),
    ],
    ids=["nothing new", "told by the round", "an operator's error", "no such programme"],
)  # fmt: skip
async def test_what_is_left_to_say(command: tuple[str, ...], left: LearningState) -> None:
    learning = BackgroundLearning(command)
    assert learning.start("office:thu-hoai")
    assert not learning.start("office:tam")
    assert await end_of(learning) == left


async def test_the_real_command_understands_what_it_is_started_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAISUSO_VAR", str(tmp_path))
    monkeypatch.delenv("DAISUSO_DATABASE_URL", raising=False)
    learning = BackgroundLearning(COMMAND)
    learning.start("office:thu-hoai")
    assert await end_of(learning) == LearningState(nothing_new=True)
