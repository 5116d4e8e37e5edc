"""Starts `daisuso learn run` for the office's page: one at a time, in a process of its own: the chat goes on.

How a round went is stored by the round itself (db.models.LearningRun). What ends before there is anything to store
(nothing new, or something that must be mended first) is kept here until the next start.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys

from office.site import LearningState

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "bot.cli", "learn", "run", "--json", "--by")


class BackgroundLearning:
    """The round that runs, if any, and what the last one left to say."""

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        self._command = command
        self._task: asyncio.Task[None] | None = None
        self._said = LearningState()

    def state(self) -> LearningState:
        """What the page shows beside the stored rounds."""
        if self._task is not None and not self._task.done():
            return LearningState(is_running=True)
        return self._said

    def start(self, by: str) -> bool:
        """Begins a round unless one runs already; `by` is who asked for it."""
        if self.state().is_running:
            return False
        self._said = LearningState()
        self._task = asyncio.create_task(self._run(by))
        return True

    async def _run(self, by: str) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, by, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
            )
        except OSError as error:
            log.exception("the training could not be started")
            self._said = LearningState(problem=error.strerror or str(error))
            return
        try:
            told, complaint = await process.communicate()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise
        if outcome := _outcome(told):
            self._said = LearningState(nothing_new=outcome == "nothing_new")
            return
        lines = [line for line in complaint.decode(errors="replace").split("Lỗi:")[-1].splitlines() if line.strip()]
        log.error("the training failed with exit code %s: %s", process.returncode, " ".join(lines))
        self._said = LearningState(problem=" ".join(line.strip() for line in lines)[:500])


def _outcome(told: bytes) -> str:
    try:
        return str(json.loads(told)["outcome"])
    except (ValueError, KeyError, TypeError):
        return ""
