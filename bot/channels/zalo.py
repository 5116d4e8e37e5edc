"""Zalo's Official Account (OpenAPI v3): events from the webhook become messages, replies become answers (tin tư vấn).

Answers cost nothing within 48 hours of the person's last act, and are not sent later: that would cost or be refused.
Nothing can be edited, numbered or looked for, so a sending without an answer is repeated, and may be doubled.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Set
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TypeVar

import httpx

from bot.channels import zalo_messages
from bot.channels.outbox import RefusedError, SendError, SlowDownError, UncertainError
from bot.channels.zalo_api import PICTURE_GONE, NoAnswerError, NotReachedError, Quota, ZaloApi, ZaloError
from bot.channels.zalo_events import Event, Ignored, Left, is_zalo_s
from bot.channels.zalo_tokens import LaterError, NoTokenError, Tokens
from bot.channels.zalo_webhook import Refusal
from bot.inbox import Inbox
from bot.messages import MAX_FILE_BYTES, Picture, Reply
from content.texts import Texts
from db import zalo
from db.clock import Clock
from db.engine import Database
from db.zalo import Account

log = logging.getLogger(__name__)

NAME = zalo.CHANNEL
FREE_FOR = timedelta(hours=48)
"""After somebody's last act toward the account, answers are free for so long; later ones cost or are refused."""

DOUBT = timedelta(minutes=10)
"""Our clock and Zalo's may differ, and acts that bring us no event count too: near the end Zalo is asked."""

PICTURES_LIVE = timedelta(days=6)
"""Zalo keeps uploads for seven days."""

NO_TOKEN_FOR = timedelta(minutes=10)
SOON = timedelta(seconds=5)
NOTED_EVERY = timedelta(minutes=1)
"""Of events only so many are noted for the operator: whoever floods the webhook writes nothing."""

T = TypeVar("T")


class ZaloChannel:
    """One Official Account. Events come by `take`; the outbox sends."""

    def __init__(
        self,
        api: ZaloApi,
        tokens: Tokens,
        account: Account,
        database: Database,
        clock: Clock,
        *,
        http: httpx.AsyncClient,
        texts: Callable[[], Texts],
        site: str | None,
    ) -> None:
        """`site` is the public address where documents are fetched; None when there is none."""
        self._api = api
        self._tokens = tokens
        self._account = account
        self._database = database
        self._clock = clock
        self._http = http
        self._texts = texts
        self._site = site.rstrip("/") if site else None
        self._sent: dict[tuple[str, str], int] = {}
        """How many messages of a reply that needs several have been sent, while the rest is tried again."""
        self._noted: dict[Refusal | None, datetime] = {}
        self._unknown: set[str] = set()
        self._is_stopped = True  # until the first success: another process may have noted it

    # --- in ---------------------------------------------------------------------------------------------------------

    async def take(self, event: Event, inbox: Inbox) -> None:
        """Stores what an event brings and starts its handling; returns when it is stored."""
        match event:
            case Left():
                async with self._database.transaction() as session:
                    await zalo.left(session, self._account.commune, event.person, event.at, self._clock())
            case Ignored():
                if not event.is_known and event.name not in self._unknown and len(self._unknown) < 100:
                    self._unknown.add(event.name)
                    log.info("events %r of Zalo are not used here", event.name)
            case _:
                inbox.handle_soon(await inbox.receive([event]))

    async def note(self, refusal: Refusal | None) -> None:
        """Notes for the operator that an event came, or was turned away: now and then."""
        now, last = self._clock(), self._noted.get(refusal)
        if last is not None and now - last < NOTED_EVERY:
            return
        self._noted[refusal] = now
        async with self._database.transaction() as session:
            await zalo.note_event(session, self._account, refusal.value if refusal else None, now)

    async def fetch_file(self, ref: str) -> bytes | None:
        """The content of a document that somebody sent; None when Zalo has it no more, or it is too large."""
        if not is_zalo_s(ref):
            return None
        content = bytearray()
        async with self._http.stream("GET", ref, follow_redirects=False) as response:
            if response.status_code in {httpx.codes.NOT_FOUND, httpx.codes.GONE, httpx.codes.FORBIDDEN}:
                return None
            if not response.is_success:
                raise SendError(f"HTTP {response.status_code}")
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > MAX_FILE_BYTES:
                    return None
        return bytes(content)

    async def keep_fresh(self) -> None:
        """Looks after the token until cancelled."""
        await self._tokens.keep_fresh()

    # --- out --------------------------------------------------------------------------------------------------------

    def counter(self, chat: str, in_reply_to: int | None) -> int | None:
        """Zalo numbers nothing; see `Sender`."""
        return None

    async def find(self, chat: str, reply: Reply, after: int, known: Set[tuple[str, int]]) -> int | None:
        """Never asked for, without numbers; see `Sender`."""
        return None

    async def send(self, chat: str, reply: Reply) -> int | None:
        """Sends a message; see `Sender`."""
        await self._make_sure_that_it_is_free(chat)
        parts = zalo_messages.parts(reply, self._texts(), self._site)
        key = (chat, hashlib.sha256(json.dumps(reply.to_json(), sort_keys=True).encode()).hexdigest())
        for number, part in enumerate(parts):
            if number < self._sent.get(key, 0):
                continue
            await self._send_part(chat, part)
            if number + 1 < len(parts):
                self._sent[key] = number + 1
        self._sent.pop(key, None)
        return None

    async def _send_part(self, chat: str, reply: Reply) -> None:
        picture = await self._upload(reply.picture) if reply.picture else None
        body = zalo_messages.message(reply, picture)
        try:
            await self._call(lambda token: self._api.send(token, chat, body), is_sending=True)
        except ZaloError as error:
            if error.code != PICTURE_GONE or reply.picture is None:
                raise await self._meaning(error) from error
            await self._forget(reply.picture)
            again = zalo_messages.message(reply, await self._upload(reply.picture))
            try:
                await self._call(lambda token: self._api.send(token, chat, again), is_sending=True)
            except ZaloError as second:
                raise await self._meaning(second) from second
        if self._is_stopped:
            await self._note_stop(None)

    async def _make_sure_that_it_is_free(self, chat: str) -> None:
        """Refuses what would cost or be refused: outside of the 48 hours. Asks Zalo where we can't know.

        Raises:
            RefusedError, SendError, SlowDownError
        """
        now = self._clock()
        async with self._database.snapshot() as session:
            seen = await zalo.last_seen(session, self._account.commune, chat)
        if seen is not None and now - seen < FREE_FOR - DOUBT:
            return
        try:
            quota = await self._call(lambda token: self._api.quota(token, chat))
        except ZaloError as error:
            raise await self._meaning(error) from error
        if not _is_free(quota, now):
            raise RefusedError("không nhắn được qua Zalo: đã quá 48 giờ từ lần cuối người này nhắn")
        if quota.answers_left == 0:
            raise SendError("Zalo: the answers to this person are used up for now")

    async def _upload(self, picture: Picture) -> str:
        """The id under which Zalo holds a picture, uploaded unless it is there."""
        digest = _digest(picture)
        async with self._database.snapshot() as session:
            held = await zalo.picture(session, self._account, digest, self._clock())
        if held is not None:
            return held
        content, media_type = await zalo_messages.draw(picture)
        try:
            given = await self._call(lambda token: self._api.upload_picture(token, content, media_type))
        except ZaloError as error:
            raise await self._meaning(error) from error
        now = self._clock()
        async with self._database.transaction() as session:
            await zalo.keep_picture(session, self._account, digest, given, until=now + PICTURES_LIVE, now=now)
        return given

    async def _forget(self, picture: Picture) -> None:
        async with self._database.transaction() as session:
            await zalo.forget_picture(session, self._account, _digest(picture))

    async def _call(self, ask: Callable[[str], Awaitable[T]], *, is_sending: bool = False) -> T:
        """Asks Zalo with a valid token; with the next one if this one was refused, once.

        Raises:
            ZaloError, SendError, UncertainError, SlowDownError
        """
        try:
            token = await self._tokens.current()
            try:
                return await ask(token)
            except ZaloError as error:
                if not error.is_of_token:
                    raise
            token = await self._tokens.after(token)
            try:
                return await ask(token)
            except ZaloError as error:
                if not error.is_of_token:
                    raise
                await self._tokens.refused(token, error)
                raise SlowDownError(NO_TOKEN_FOR) from error
        except NoTokenError as error:
            raise SlowDownError(NO_TOKEN_FOR) from error
        except LaterError as error:
            raise SlowDownError(SOON) from error
        except NotReachedError as error:
            raise SendError(f"Zalo can't be reached: {error}") from error
        except NoAnswerError as error:
            raise (UncertainError if is_sending else SendError)(f"no answer from Zalo: {error}") from error

    async def _meaning(self, error: ZaloError) -> Exception:
        if error.code in zalo_messages.STOPS:
            await self._note_stop(str(error))
        return zalo_messages.meaning(error)

    async def _note_stop(self, reason: str | None) -> None:
        if reason:
            log.error("Zalo refuses the whole account: %s", reason)
        async with self._database.transaction() as session:
            await zalo.note_stop(session, self._account, reason, self._clock())
        self._is_stopped = reason is not None


def _is_free(quota: Quota, now: datetime) -> bool:
    return quota.last_interaction is not None and now - quota.last_interaction < FREE_FOR


def _digest(picture: Picture) -> str:
    """What a picture shows, as a key: the same recipe is uploaded once."""
    return hashlib.sha256(json.dumps(asdict(picture), sort_keys=True).encode()).hexdigest()
