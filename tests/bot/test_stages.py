"""The slow steps of a start are shown: with a spinner on a terminal, a line each elsewhere."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from rich.console import Console

from bot.stages import Stages


def shown(*stages: str, terminal: bool) -> str:
    """What was written while these stages were gone through."""
    screen = StringIO()
    with Stages(Console(file=screen, force_terminal=terminal, width=80)) as display:
        for stage in stages:
            display.tell(stage)
    return screen.getvalue()


def test_in_a_file_every_stage_is_a_line() -> None:
    assert shown("Huấn luyện", "Khởi động Rasa", terminal=False) == "Huấn luyện...\nKhởi động Rasa...\n"


def test_on_a_terminal_what_is_over_is_ticked_off_and_stays() -> None:
    last = shown("Huấn luyện", "Khởi động Rasa", terminal=True).rpartition("Huấn luyện")
    assert last[0].rstrip().endswith("✓") or "✓" in last[0][-20:]
    assert "Khởi động Rasa" in last[2]
    assert last[2].count("✓") == 1


@pytest.mark.parametrize("terminal", [True, False])
def test_nothing_slow_shows_nothing(terminal: bool) -> None:
    assert re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown(terminal=terminal)).strip() == ""


@pytest.mark.parametrize("terminal", [True, False])
def test_it_may_be_closed_before_its_end(terminal: bool) -> None:
    screen = StringIO()
    with Stages(Console(file=screen, force_terminal=terminal)) as display:
        display.tell("Khởi động Rasa")
        display.close()
        written = screen.getvalue()
    assert "Khởi động Rasa" in written
