"""The site for tests: its HTTP application alone over a database, or all of it as a real server in a thread."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic_settings import SettingsConfigDict

from bot import app
from bot.channels.fitting import splitter
from bot.citizen.desk import CitizenDesk
from bot.conversation import Conversations
from bot.entrances import Entrances
from bot.inbox import Inbox
from bot.nlu import Endpoint, Nlu, RasaClient
from bot.service_desk import ServiceDesk
from bot.services import SERVICES
from bot.settings import ROOT, Settings
from content.library import LiveLibrary
from db.clock import Clock
from db.engine import Database
from tests.support.ports import free_port

ENTRANCES = Entrances("dai_su_so_bot", "http://localhost:8080")

START_SECONDS = 20.0


@cache
def shipped_library() -> LiveLibrary:
    """The content that is shipped, read once: reading it takes longer than most tests."""
    return LiveLibrary(ROOT / "content")


def make_site(settings: Settings, library: LiveLibrary, database: Database, nlu: Nlu, clock: Clock) -> FastAPI:
    """The HTTP application as the bot makes it, asking that NLU."""
    desk = CitizenDesk(lambda: library.current, settings.commune)
    inbox = Inbox(
        database,
        Conversations(desk, ServiceDesk(SERVICES), nlu, lambda: library.current, lambda: ENTRANCES),
        commune=settings.commune,
        split=splitter(lambda: library.current),
        clock=clock,
        answered=lambda: None,
    )
    no_rasa = RasaClient(lambda: None, httpx.AsyncClient())  # for /healthz only
    return app.make_site(settings, library, database, inbox, None, no_rasa, clock, ENTRANCES)


class _GivenSettings(Settings):
    """Takes nothing from `.env` or this machine's environment."""

    model_config = SettingsConfigDict(env_file=None, env_prefix="UNSET_DAISUSO_")


def make_settings(var: Path, **changed: Any) -> Settings:
    """Defaults with some changed: a free port, nobody at Rasa's address, no Telegram."""
    given: dict[str, Any] = {"port": free_port(), "rasa_url": f"http://127.0.0.1:{free_port()}"}
    return _GivenSettings(var=var, **(given | changed))


class RunningSite:
    """The whole bot as `daisuso run` puts it together, over loopback. Stopped, it can be started again in its place."""

    def __init__(self, settings: Settings) -> None:
        self.address = f"http://127.0.0.1:{settings.port}"
        self.addresses = app.Addresses("", "", "")
        """What the start gave, the link for the office's first account included."""
        self._settings = settings
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._problem: BaseException | None = None

    def start(self) -> None:
        """Returns when questions are answered."""
        self._ready.clear()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="site", daemon=True)
        self._thread.start()
        assert self._ready.wait(START_SECONDS), "the site did not start in time"
        if self._problem:
            raise self._problem

    def stop(self) -> None:
        """As Ctrl-C does. Nothing to do when it does not run."""
        if self._loop and self._task and not self._loop.is_closed():
            with contextlib.suppress(RuntimeError):  # it has just ended by itself
                self._loop.call_soon_threadsafe(self._task.cancel)
        if self._thread:
            self._thread.join()

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database says."""
        with contextlib.closing(sqlite3.connect(self._settings.var / "daisuso.db")) as connection:
            return connection.execute(sql, values).fetchall()

    def _has_started(self, addresses: app.Addresses) -> None:
        self.addresses = addresses
        self._ready.set()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        try:
            await app.run(self._settings, tell=lambda _: None, started=self._has_started)
        except asyncio.CancelledError:
            pass
        except BaseException as error:
            self._problem = error
        finally:
            self._ready.set()


@contextmanager
def running_site(var: Path, rasa: Endpoint | None = None, **settings: Any) -> Iterator[RunningSite]:
    """A site with a SQLite database in `var`; without `rasa` it understands by text search."""
    if rasa:
        settings |= {"rasa_url": rasa.url, "rasa_token": rasa.token}
    site = RunningSite(make_settings(var, **settings))
    site.start()
    try:
        yield site
    finally:
        site.stop()
