"""The whole programme on all its channels at once, over real HTTP: Telegram, Zalo's account, Zalo's bot, the web page.

Only Rasa is told what texts mean. Everything runs as `daisuso run` puts it together, with pauses shortened.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import app
from bot.channels import outbox as sending
from bot.channels import telegram as telegram_channel
from bot.channels import zalo_both, zalo_webhook
from bot.channels.pace import Pace
from content import library as library_module
from content.library import Library
from db import zalo
from db.engine import Database
from db.zalo import Account, Pair
from tests.support import migrated
from tests.support.http_server import Connections, HttpServer
from tests.support.ports import free_port
from tests.support.rows import COMMUNE
from tests.support.site import RunningSite, make_settings
from tests.support.telegram_bot import PlainRequest
from tests.support.telegram_emulator import TelegramEmulator
from tests.support.zalo_emulator import ZaloBotPlatform, ZaloOa
from tests.support.zalo_emulator.tokens import ACCESS_LIFE

PATIENCE = 30.0
"""Seconds within which everything must have come to rest, also on a busy machine."""

LOOK_AGAIN = 0.02
SURE, UNSURE = 0.95, 0.3

T = TypeVar("T")


class ToldRasa:
    """A server that answers as Rasa does, with what it was told: the ranking of each text."""

    def __init__(self, meanings: Mapping[str, Mapping[str, float]]) -> None:
        routes = [Route("/model/parse", self._parse, methods=["POST"]), Route("/", lambda _: Response("Hello"))]
        self._meanings = meanings
        self.server = HttpServer(Starlette(routes=routes), Connections(), None)
        self.url = f"http://127.0.0.1:{self.server.port}"

    async def _parse(self, request: Request) -> Response:
        text = (await request.json())["text"]
        ranked = self._meanings.get(text, {"out_of_scope": SURE})
        return JSONResponse({"intent_ranking": [{"name": n, "confidence": c} for n, c in ranked.items()]})


class Everywhere:
    """The running programme, and the messengers around it."""

    def __init__(self, var: Path, rasa: ToldRasa) -> None:
        self.telegram, self.oa, self.zalo_bot = TelegramEmulator(), ZaloOa(), ZaloBotPlatform()
        for emulator in (self.telegram, self.oa, self.zalo_bot):
            emulator.start()
        port = free_port()
        settings = make_settings(
            var,
            port=port,
            public_url=f"http://127.0.0.1:{port}",
            rasa_url=rasa.url,
            messages_per_minute_sender=10_000,
            messages_per_minute_address=10_000,
            telegram_token=self.telegram.token,
            telegram_api=self.telegram.base_url,
            telegram_per_second=1000,
            zalo_app_id=self.oa.app_id,
            zalo_app_secret=self.oa.app_secret,
            zalo_oa_id=self.oa.oa_id,
            zalo_oa_secret_key=self.oa.oa_secret,
            zalo_openapi=self.oa.address,
            zalo_oauth=self.oa.address,
            zalo_bot_token=self.zalo_bot.token,
            zalo_bot_api=self.zalo_bot.address,
        )
        self._database = settings.database
        self.at_the_end = ExitStack()
        """What people's devices have to close."""
        self.site = RunningSite(settings)

    def start(self) -> None:
        """The programme starts, and an administrator of the account has consented and saves the webhook."""
        pair = self.oa.pair()

        async def consent(database: Database) -> None:
            async with database.transaction() as session:
                kept = Pair(pair.access, pair.refresh, datetime.now(UTC) + ACCESS_LIFE)
                await zalo.consent(session, Account(COMMUNE, self.oa.oa_id), kept, datetime.now(UTC))

        self.within(consent)
        self.site.start()
        assert self.oa.save_webhook(self.site.address + zalo_webhook.PATH) == 200

    def stop(self) -> None:
        """Everything ends."""
        self.at_the_end.close()
        self.site.stop()
        for emulator in (self.telegram, self.oa, self.zalo_bot):
            emulator.stop()

    def restart(self) -> None:
        """The programme ends as by Ctrl-C, and starts again in its place."""
        self.site.stop()
        self.site.start()

    def within(self, act: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
        """Does something with the database, beside the running programme."""

        async def open_and_act() -> T:
            database = Database(self._database)
            try:
                return await act(database)
            finally:
                await database.close()

        return asyncio.run(open_and_act())

    def count(self, sql: str, *values: object) -> int:
        """A number that the database gives."""
        return int(self.site.query(sql, *values)[0][0])

    def at_rest(self) -> None:
        """Waits until all that was said is stored, answered and delivered, apart from what the web page asks for."""
        deadline = time.monotonic() + PATIENCE
        while True:
            waiting = self.telegram.pending_updates() + self.oa.undelivered() + self.zalo_bot.pending_updates()
            if not waiting and not self._unfinished():
                return
            assert time.monotonic() < deadline, f"{waiting} updates and {self._unfinished()} messages wait"
            time.sleep(LOOK_AGAIN)

    def _unfinished(self) -> int:
        return self.count(
            "SELECT (SELECT count(*) FROM inbox_message WHERE handled_at IS NULL) + (SELECT count(*) FROM"
            " outbox_message WHERE delivered_at IS NULL AND given_up_at IS NULL AND channel <> 'web')"
        )


@contextmanager
def running_everywhere(
    var: Path, migrated_file: Path, library: Library, meanings: Mapping[str, Mapping[str, float]]
) -> Iterator[Everywhere]:
    """The programme on all channels, with an empty database in `var`; `library` is the shipped one, read before."""
    migrated.copy_sqlite(migrated_file, f"sqlite:///{var / 'daisuso.db'}")
    with pytest.MonkeyPatch.context() as monkeypatch:
        quick = partial(Pace, chat_seconds=0.0, group_seconds=0.0)
        monkeypatch.setattr(library_module, "read_library", lambda _: library)
        monkeypatch.setattr(app, "Pace", quick)
        monkeypatch.setattr(zalo_both, "Pace", quick)
        monkeypatch.setattr(zalo_both, "BOT_A_SECOND", 1000.0)
        monkeypatch.setattr(telegram_channel, "HTTPXRequest", PlainRequest)
        monkeypatch.setattr(sending, "FIRST_PAUSE", timedelta(milliseconds=5))
        monkeypatch.setattr(sending, "POLL_SECONDS", 0.2)
        rasa = ToldRasa(meanings)
        rasa.server.start()
        everywhere = Everywhere(var, rasa)
        try:
            everywhere.start()
            yield everywhere
        finally:
            everywhere.stop()
            rasa.server.stop()
