"""What the commands of `daisuso` share: settings, consoles, a clean end by signal, faults told in one sentence."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from bot import app as application
from bot.errors import OperatorError
from bot.settings import Settings
from db.engine import Database

FAILED = 1
OPERATOR_ERROR = 2
INTERRUPTED = 130

STOP_SECONDS = 4.0

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def read_settings() -> Settings:
    """The settings; ends the command when they are wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "DAISUSO_" + "_".join(str(step) for step in first["loc"]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        exit_with(f"Cấu hình {name} chưa đúng: {reason}. Sửa ở .env hoặc biến môi trường, xem .env.example.")
    except (OSError, UnicodeDecodeError):
        exit_with("Không đọc được tệp .env. Lưu lại tệp đó ở dạng chữ UTF-8 và cho người chạy quyền đọc.")


def run_to_end(work: Coroutine[Any, Any, Any]) -> Any:
    """Runs to the end; SIGTERM and Ctrl-C cancel the work, which cleans up; an operator's error is one sentence."""

    async def cancellable() -> Any:
        task = asyncio.current_task()
        assert task is not None

        def stop() -> None:
            if not task.cancelling():  # a second signal must not cut the cleaning up short
                task.cancel()
                _end_within(STOP_SECONDS)

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop)
        return await work

    try:
        return asyncio.run(cancellable())
    except asyncio.CancelledError:
        raise typer.Exit(INTERRUPTED) from None
    except OperatorError as error:
        exit_with(str(error))


def _end_within(seconds: float) -> None:
    """Ends the process at the latest then, whatever still hangs: a database may be locked by another programme.

    Nothing is lost by it, and Rasa ends with us; see docs/architecture.md.
    """

    def give_up() -> None:
        sys.stderr.write(f"Không dừng gọn được trong {seconds:g} giây nên dừng hẳn; không mất tin nào.\n")
        os._exit(FAILED)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()


def or_exit(work: Any) -> Any:
    """Does the work; ends the command when it meets what only the operator can mend."""
    try:
        return work()
    except OperatorError as error:
        exit_with(str(error))


def exit_with(message: str) -> NoReturn:
    """Ends the command with one sentence for the operator."""
    err.print(f"[red]Lỗi:[/] {escape(message)}")
    raise typer.Exit(OPERATOR_ERROR)


def read_file(file: Path) -> bytes:
    """What a file holds that the operator names; ends the command with one sentence when it can't be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        exit_with(f"Không đọc được {file} ({error.strerror}).")


def write_file(file: Path, content: bytes) -> None:
    """Writes a file that the operator names; ends the command with one sentence when it can't be written."""
    try:
        file.write_bytes(content)
    except OSError as error:
        exit_with(f"Không ghi được {file} ({error.strerror}). Chọn nơi khác.")


def tell_quietly(stage: str) -> None:
    """Names a slow step, beside the result."""
    err.print(f"[dim]{stage}...[/]")


def print_json(value: object) -> None:
    """Prints a result for programs."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def with_database(settings: Settings, work: Callable[[Database], Coroutine[Any, Any, Any]]) -> Any:
    """Does the work with the configured database, brought to the newest version first, as `run_to_end` does it."""

    async def do() -> Any:
        application.check_folder(settings.var)
        database = application.open_database(settings)
        try:
            await application.migrate(database)
            return await work(database)
        finally:
            await database.close()

    return run_to_end(do())
