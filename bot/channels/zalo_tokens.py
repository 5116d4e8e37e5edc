"""Keeps the access token of a Zalo Official Account valid: fetched from the database, refreshed once and by one.

Rules, because an administrator must consent again when one is broken: a refresh token is used once (db/zalo.py), the
new pair is committed before anybody uses it, and after any error nothing is tried again - the alarm is raised instead.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import NoReturn

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.zalo_api import ANSWER_SECONDS, NoAnswerError, NotReachedError, ZaloApi, ZaloError
from bot.settings import ZaloKeys
from db import zalo
from db.clock import Clock
from db.engine import Database
from db.zalo import Account, ClaimedError, Pair, Trouble, TroubledError, ZaloAccount

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""How often it is looked whether the token needs refreshing."""

WAIT_SECONDS = 0.2
WAITS = 100
"""For a refresh that somebody else has begun: 20 seconds at most."""

COMMITS = 20
COMMIT_PAUSE_SECONDS = 1.0
FINISH_SECONDS = 2.0
"""For noting what came of a refresh when we are told to stop meanwhile."""

TIGHT = timedelta(minutes=1)
"""A token that ends so soon is not used any more: the request would outlive it."""


class NoTokenError(Exception):
    """There is no access token to work with until somebody mends it."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(f"no access token: {trouble.value}")
        self.trouble = trouble


class LaterError(Exception):
    """There is no access token just now; nothing is lost."""


class Tokens:
    """The token of one account, shared with every other process through the database."""

    def __init__(self, database: Database, api: ZaloApi, keys: ZaloKeys, account: Account, clock: Clock) -> None:
        self._database = database
        self._api = api
        self._keys = keys
        self._account = account
        self._clock = clock
        self._refreshing = asyncio.Lock()

    async def current(self) -> str:
        """An access token that is valid as far as we know.

        Raises:
            NoTokenError, LaterError
        """
        row = await self._row()
        if row is None or row.access_token is None or row.expires_at is None:
            raise NoTokenError(Trouble.NO_GRANT)
        if row.trouble == Trouble.TOKEN_REFUSED:
            raise NoTokenError(Trouble.TOKEN_REFUSED)
        if row.expires_at - self._clock() > TIGHT:
            return row.access_token
        return await self.after(row.access_token)

    async def after(self, stale: str) -> str:
        """The access token that follows one which is stale: refreshed here, or by whoever was faster.

        Raises:
            NoTokenError, LaterError
        """
        async with self._refreshing:
            for _ in range(WAITS):
                try:
                    return await self._refresh(stale)
                except ClaimedError:
                    await asyncio.sleep(WAIT_SECONDS)
            raise LaterError("another process is refreshing the token")

    async def refused(self, token: str, error: ZaloError) -> None:
        """Notes that Zalo refuses a token although it is fresh: nothing is sent until somebody consents anew."""
        async with self._database.transaction() as session:
            await zalo.token_refused(session, self._account, token, str(error), self._clock())
        self._alarm(Trouble.TOKEN_REFUSED)

    async def keep_fresh(self) -> None:
        """Refreshes the token long before it ends, until cancelled."""
        while True:
            try:
                await self.refresh_if_due()
            except (NoTokenError, LaterError) as error:
                log.warning("Zalo: %s", error)
            except Exception:
                log.exception("Zalo's token could not be looked after, trying again")
            await asyncio.sleep(LOOK_SECONDS)

    async def refresh_if_due(self) -> None:
        """Refreshes a token that is old enough and not in trouble.

        Raises:
            NoTokenError, LaterError
        """
        row = await self._row()
        if row is None or row.trouble or row.access_token is None or row.refreshed_at is None or row.expires_at is None:
            return
        now = self._clock()
        if now - row.refreshed_at >= zalo.REFRESH_AFTER or row.expires_at - now <= TIGHT:
            await self.after(row.access_token)

    async def _refresh(self, stale: str) -> str:
        used = await self._claim(stale)
        if used is None:
            return await self.current()
        asked = asyncio.create_task(self._ask(used))
        try:
            return (await asyncio.shield(asked)).access_token
        except asyncio.CancelledError:  # what has begun must be noted, though we are told to stop
            await asyncio.wait([asked], timeout=ANSWER_SECONDS + FINISH_SECONDS)
            raise

    async def _claim(self, stale: str) -> str | None:
        trouble: Trouble | None = None
        used: str | None = None
        async with self._database.transaction() as session:  # committed even when it raises trouble, which is noted
            try:
                used = await zalo.claim_refresh(session, self._account, stale, self._clock())
            except TroubledError as error:
                trouble = error.trouble
        if trouble:
            self._alarm(trouble)
            raise NoTokenError(trouble)
        return used

    async def _ask(self, used: str) -> Pair:
        """Asks for the next pair and keeps it, whatever comes of it."""
        try:
            pair = await self._api.refresh(self._keys.app_id, self._keys.app_secret, used)
        except NotReachedError as error:
            async with self._database.transaction() as session:
                await zalo.give_back_claim(session, self._account, used)
            raise LaterError(f"Zalo can't be reached: {error}") from error
        except ZaloError as error:
            await self._failed(used, Trouble.REFRESH_REFUSED, str(error))
        except NoAnswerError as error:
            await self._failed(used, Trouble.REFRESH_LOST, str(error))
        await self._keep(pair, used)
        log.info("Zalo's token was refreshed")
        return pair

    async def _keep(self, pair: Pair, used: str) -> None:
        """Commits a new pair. It exists nowhere else, so a database that is away is waited for."""
        for left in reversed(range(COMMITS)):
            try:
                async with self._database.transaction() as session:
                    await zalo.keep_refreshed(session, self._account, pair, used, self._clock())
                return
            except SQLAlchemyError:
                if not left:
                    raise
                log.exception("Zalo's new token could not be stored, trying again")
                await asyncio.sleep(COMMIT_PAUSE_SECONDS)

    async def _failed(self, used: str, trouble: Trouble, detail: str) -> NoReturn:
        async with self._database.transaction() as session:
            await zalo.refresh_failed(session, self._account, used, trouble, detail, self._clock())
        self._alarm(trouble)
        raise NoTokenError(trouble)

    async def _row(self) -> ZaloAccount | None:
        async with self._database.snapshot() as session:
            return await zalo.find(session, self._account)

    def _alarm(self, trouble: Trouble) -> None:
        log.error("Zalo: %s. An administrator must consent again: daisuso zalo authorize", trouble.value)
