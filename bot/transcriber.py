"""Voice messages into text, by a programme that the operator names: docs/voice.md. Without one, nothing listens.

We bring no speech recognition along: good ones need more memory than a commune's machine has, and what they make of a
dialect differs. The programme gets the audio on its standard input and writes the text to its standard output.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shlex
import shutil
import signal
from typing import Protocol

from bot.errors import OperatorError

log = logging.getLogger(__name__)

VOICE = "voice"
"""The sort of attachment that is a voice message (bot/messages.py)."""

NOT_HEARD = "voice_not_heard"
"""The sort of one that was listened to, without success."""

AT_ONCE = 2
"""Programmes that listen at the same time; others wait, and answers to texts don't."""

MOST_BYTES_HEARD = 16 * 1024
"""Of text. Nobody says more in a voice message that we take."""


class Transcriber(Protocol):
    """Whatever turns audio into text."""

    async def transcribe(self, audio: bytes) -> str:
        """What was said, unmasked; empty when nothing was understood. Never raises: the message is answered anyway."""


def open_transcriber(command: str, seconds: float) -> CommandTranscriber:
    """The one that the settings name.

    Raises:
        OperatorError: there is no such programme on this machine.
    """
    programme = shlex.split(command)[0]
    if shutil.which(programme) is None:
        raise OperatorError(
            f"DAISUSO_TRANSCRIBER: không có chương trình {programme} trên máy này, hoặc không chạy được."
        )
    return CommandTranscriber(command, seconds)


class CommandTranscriber:
    """Runs a command for each message."""

    def __init__(self, command: str, seconds: float) -> None:
        """`command` is split as a shell would, and runs without one; after `seconds` it is killed.

        Raises:
            ValueError: it has an open quotation mark.
        """
        self._command = shlex.split(command)
        self._seconds = seconds
        self._room = asyncio.Semaphore(AT_ONCE)

    async def transcribe(self, audio: bytes) -> str:
        """See `Transcriber`. What was said is never logged."""
        async with self._room:
            try:
                return await asyncio.wait_for(self._run(audio), self._seconds)
            except TimeoutError:
                log.warning("the transcriber took longer than %g s", self._seconds)
            except OSError as error:
                log.error("the transcriber can't be run: %s", error.strerror)
        return ""

    async def _run(self, audio: bytes) -> str:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # so that what it starts can be ended with it
        )
        try:
            said, _ = await process.communicate(audio)
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if process.returncode != 0:
            log.warning("the transcriber ended with %d", process.returncode)
            return ""
        return " ".join(said[:MOST_BYTES_HEARD].decode("utf-8", "ignore").split())
