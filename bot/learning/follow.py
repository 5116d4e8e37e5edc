"""How a running bot takes a newly chosen model, while `daisuso learn run` in another process waits for it.

The choice is the file of accepted sentences (bot/rasa_model.py); the answer is the note that the server leaves.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from time import monotonic

import httpx

from bot.errors import OperatorError
from bot.nlu import RasaClient
from bot.rasa_model import learned_file, model_file, model_in_use
from bot.rasa_server import START_SECONDS, RasaServer, running_server

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


async def watch_and_follow(server: RasaServer, project: Path, var: Path) -> None:
    """Keeps the server running, with whatever model is chosen, until cancelled."""
    async with asyncio.TaskGroup() as jobs:
        jobs.create_task(server.watch())
        jobs.create_task(follow(server, project, var))


async def follow(server: RasaServer, project: Path, var: Path) -> None:
    """Exchanges the server's model whenever another one is chosen, until cancelled."""
    seen: tuple[int, int] | None = None
    while True:
        if (present := await asyncio.to_thread(_signature, learned_file(var))) != seen:
            seen = present
            await _take_over(server, await asyncio.to_thread(model_file, project, var))
        await asyncio.sleep(LOOK_SECONDS)


async def is_running(var: Path, http: httpx.AsyncClient) -> bool:
    """Whether a bot runs there whose Rasa is its own."""
    endpoint = running_server(var, model_in_use(var) or Path())
    return endpoint is not None and await RasaClient(lambda: endpoint, http).problem() is None


async def until_taken(var: Path, model: Path) -> bool:
    """Waits until the running bot serves the model; False when it does not in the time that a start may take."""
    deadline = monotonic() + START_SECONDS
    while await asyncio.to_thread(model_in_use, var) != model:
        if monotonic() > deadline:
            return False
        await asyncio.sleep(LOOK_SECONDS)
    return True


async def _take_over(server: RasaServer, model: Path) -> None:
    if model == server.model:
        return
    if not await asyncio.to_thread(model.exists):
        log.warning("the chosen model %s is not there yet; the next start will train it", model.name)
        return
    log.info("changing to the model %s", model.name)
    try:
        await server.swap(model)
        log.info("the model %s answers now", model.name)
    except OperatorError as error:
        log.error("the model in use stays: %s", error)


def _signature(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino
