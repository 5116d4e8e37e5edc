"""Shows the slow steps of a start: a spinner with the time passed on a terminal, a line a step elsewhere."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


class Stages:
    """A display of one stage after the other; `tell` names the next one and ticks off the last."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._current: TaskID | None = None

    def __enter__(self) -> Stages:
        if self._console.is_terminal:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def tell(self, stage: str) -> None:
        """Begins a stage."""
        if not self._console.is_terminal:
            self._console.print(f"{stage}...")
            return
        self._tick()
        self._current = self._progress.add_task(stage, total=1)

    def close(self) -> None:
        """Ends the display; what was told stays on the screen."""
        self._tick()
        if self._console.is_terminal:
            self._progress.stop()

    def _tick(self) -> None:
        if self._current is not None:
            self._progress.update(self._current, completed=1)
            self._current = None
