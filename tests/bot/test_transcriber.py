"""Voice messages into text by a command: what it says is masked and shown; what goes wrong with it breaks nothing."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import pytest

from bot.errors import OperatorError
from bot.transcriber import CommandTranscriber, open_transcriber

AUDIO = b"OggS" + bytes(2000)


def command(folder: Path, script: str) -> str:
    """A programme of its own, as an operator names it; the path has a blank, as theirs may."""
    file = folder / "nghe thoai.py"
    file.write_text(script)
    return f"{sys.executable} '{file}' --language vi"


async def heard(folder: Path, script: str, seconds: float = 20) -> str:
    return await CommandTranscriber(command(folder, script), seconds).transcribe(AUDIO)


async def test_the_command_gets_the_audio_and_its_output_is_what_was_said(tmp_path: Path) -> None:
    script = "import sys; n = len(sys.stdin.buffer.read()); print(f'  tôi nói\\n {n} byte ', sys.argv[2])"
    assert await heard(tmp_path, script) == "tôi nói 2004 byte vi"


@pytest.mark.parametrize(
    "script",
    [
        "import sys; print('dở dang'); sys.exit(3)",
        "raise SystemExit",
        "import sys; sys.stdout.buffer.write(b'\\xff\\xfe')",
    ],
)
async def test_a_command_that_fails_or_says_nothing_is_nothing_heard(tmp_path: Path, script: str) -> None:
    assert await heard(tmp_path, script) == ""


async def test_a_command_that_is_not_there_is_nothing_heard() -> None:
    assert await CommandTranscriber("/khong/co/lenh", 5).transcribe(AUDIO) == ""


def test_a_programme_that_is_not_there_is_told_at_the_start() -> None:
    with pytest.raises(OperatorError, match="không có chương trình whisper-nghe"):
        open_transcriber("whisper-nghe --model a", 30)
    assert isinstance(open_transcriber(f"{sys.executable} -m nghe", 30), CommandTranscriber)


async def test_a_command_that_reads_nothing_is_no_trouble(tmp_path: Path) -> None:
    assert (
        await CommandTranscriber(command(tmp_path, "print('nghe rồi')"), 20).transcribe(bytes(2_000_000)) == "nghe rồi"
    )


async def test_one_that_never_ends_is_ended_with_what_it_started(tmp_path: Path) -> None:
    child = tmp_path / "child"
    script = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3); open({str(child)!r}, 'w')"])
time.sleep(60)
"""
    begun = time.monotonic()
    assert await heard(tmp_path, script, seconds=1.5) == ""
    assert time.monotonic() - begun < 10
    await asyncio.sleep(3)
    assert not child.exists()


async def test_no_more_than_a_message_s_worth_is_taken(tmp_path: Path) -> None:
    assert len(await heard(tmp_path, "print('a' * 1_000_000)")) == 16 * 1024
