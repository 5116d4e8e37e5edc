"""One real Rasa server with the real model for the whole test run; the model is cached like the bot's own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bot.nlu import Endpoint
from bot.rasa_model import model_file, train
from bot.rasa_server import RasaServer

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = ROOT / "rasa_project"
MODELS = ROOT / "var"


def trained_model() -> Path:
    """The file of the model for the present training data, trained if it is not there yet."""
    model = model_file(PROJECT, MODELS)
    if not model.exists():
        asyncio.run(train(PROJECT, MODELS, print))
    return model


@contextmanager
def server() -> Iterator[Endpoint]:
    """Starts the server, in an event loop of its own, and stops it at the end."""
    model = trained_model()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="rasa", daemon=True)
    thread.start()

    async def start(notes: Path) -> tuple[RasaServer, httpx.AsyncClient]:
        http = httpx.AsyncClient()
        rasa = RasaServer(PROJECT, notes, http)
        await rasa.start(model)
        return rasa, http

    async def stop(rasa: RasaServer, http: httpx.AsyncClient) -> None:
        await rasa.stop()
        await http.aclose()

    with TemporaryDirectory(prefix="daisuso-rasa-") as notes:
        rasa, http = asyncio.run_coroutine_threadsafe(start(Path(notes)), loop).result()
        try:
            assert rasa.endpoint is not None
            yield rasa.endpoint
        finally:
            asyncio.run_coroutine_threadsafe(stop(rasa, http), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
