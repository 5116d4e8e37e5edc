"""The Zalo Bot Platform: a small bot without an Official Account, for a commune's team. No buttons, no files, no edits.

Receives by long polling or by a webhook, sends for the outbox. Choices are numbered by bot/channels/plain.py.

A message whose sending got no answer is sent once more, and not a third time: the platform has no number by which it
could be looked for, and an elderly person had better read the same twice than nothing at all.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.channels import plain, zalo_bot_updates
from bot.channels.outbox import BlockedError, RefusedError, SendError, SlowDownError, UncertainError
from bot.channels.zalo_bot_api import (
    FORBIDDEN,
    GATEWAY_TIMEOUT,
    IDLE,
    NOT_FOUND,
    TOO_MANY,
    UNAUTHORIZED,
    Backoff,
    UnansweredError,
    UnreachableError,
    ZaloBotApi,
    ZaloBotError,
)
from bot.channels.zalo_bot_pictures import ShownPictures, in_words
from bot.channels.zalo_bot_updates import NAME, FromGroup
from bot.errors import OperatorError
from bot.inbox import Inbox
from bot.messages import Incoming, Reply
from content.channel_texts import ChoiceTexts, ZaloBotTexts
from db.clock import Clock

log = logging.getLogger(__name__)

__all__ = ["NAME", "ZaloBotChannel"]

POLL_SECONDS = 30
FAILURE_SECONDS = 2.0
LONGEST_FAILURE = 60.0
"""The first and the longest pause after a poll that failed."""

STORE_SECONDS = 1.0
"""Between two attempts to store an update: the platform gives each one once."""

SLOW_SECONDS = 5.0
LONGEST_SLOW = 600.0
"""The first and the longest pause after "quota exceeded": a burst is over soon, a month's end is not."""

MOST_SENDINGS = 2
"""Of one message, when no answer comes."""

REMEMBERED = 1000
GROUP_TOLD_EVERY = timedelta(days=1)
MOST_PEOPLE, MOST_MESSAGES = 50, 3000
"""What the platform's free plan holds: people of one bot, messages of a month (July to September 2026)."""

_REASONS = {UNAUTHORIZED: "Zalo không nhận mã bot", TOO_MANY: "Zalo yêu cầu chờ, hoặc đã hết lượt của tháng"}


@dataclass(slots=True)
class _Begun:
    """How far a message came whose sending has not ended: parts that are there, sendings that got no answer."""

    parts: int = 0
    unanswered: int = 0


class ZaloBotChannel:
    """One bot. Receives by `poll` or `webhook`; sends for the outbox."""

    def __init__(
        self,
        token: str,
        api: str,
        clock: Clock,
        pictures: ShownPictures,
        texts: Callable[[], tuple[ChoiceTexts, ZaloBotTexts]],
        documents: Callable[[str], str],
    ) -> None:
        """`api` is the platform's address; `documents` gives the address under which a document's key is fetched."""
        self._api = ZaloBotApi(token, api)
        self._clock = clock
        self._pictures = pictures
        self._texts = texts
        self._documents = documents
        self._slow = Backoff(SLOW_SECONDS, LONGEST_SLOW)
        self._failures = Backoff(FAILURE_SECONDS, LONGEST_FAILURE)
        self._begun: OrderedDict[tuple[str, str], _Begun] = OrderedDict()
        self._groups_told: dict[str, datetime] = {}
        self.problem: str | None = "chưa liên lạc được với Zalo"
        """Why nothing comes in at present; None when all is well."""

    async def check_token(self) -> str | None:
        """Asks Zalo who we are, and returns the bot's name. No network is no error here: it may come back.

        Raises:
            OperatorError: Zalo does not know this token.
        """
        try:
            me = await self._api.call("getMe")
        except ZaloBotError as error:
            if error.code == UNAUTHORIZED:
                raise OperatorError(
                    "Zalo không nhận mã bot. Kiểm tra DAISUSO_ZALO_BOT_TOKEN trong tệp .env: lấy lại mã ở Zalo Bot "
                    "Creator."
                ) from None
            self.problem = f"Zalo từ chối: {error}"
        except (UnreachableError, UnansweredError) as error:
            self.problem = f"chưa liên lạc được với Zalo: {error}"
            log.warning("the Zalo Bot Platform can't be reached yet: %s", error)
        else:
            name = me.get("display_name") or me.get("account_name") if isinstance(me, dict) else None
            return str(name) if name else None
        return None

    async def close(self) -> None:
        """Closes the connections."""
        await self._api.close()

    # --- in ---------------------------------------------------------------------------------------------------------

    async def poll(self, inbox: Inbox) -> None:
        """Fetches updates, one by one, until cancelled; outlives any loss of the network."""
        webhook_removed = False
        while True:
            try:
                if not webhook_removed:
                    await self._remove_webhook()
                    webhook_removed = True
                update = await self._api.call(
                    "getUpdates", patience=POLL_SECONDS + 10, timeout=str(1 if self.problem else POLL_SECONDS)
                )
            except ZaloBotError as error:
                if error.code != IDLE:
                    webhook_removed = False
                    await self._rest(error)
                    continue
                update = []
            except (UnreachableError, UnansweredError) as error:
                await self._rest(error)
                continue
            self.problem = None
            self._failures.reset()
            for one in update if isinstance(update, list) else [update]:  # documented as one, whatever its name says
                await self._store_surely(one, inbox)

    async def use_webhook(self, address: str, secret: str) -> None:
        """Asks Zalo to send updates to that address, until it agrees."""
        while True:
            try:
                await self._api.call("setWebhook", url=address, secret_token=secret)
            except (ZaloBotError, UnreachableError, UnansweredError) as error:
                await self._rest(error)
            else:
                self.problem = None
                self._failures.reset()
                return

    async def take_in(self, update: Any, inbox: Inbox) -> None:
        """Stores what an update brings and starts its handling."""
        read = zalo_bot_updates.read(update, self._clock())
        if isinstance(read, Incoming):
            inbox.handle_soon(await inbox.receive([read]))
        elif isinstance(read, FromGroup):
            await self._tell_group(read.group)
        else:
            log.info("an update of Zalo's bot platform was no message")

    async def _store_surely(self, update: Any, inbox: Inbox) -> None:
        """Stores an update however long that takes: it does not come again."""
        while True:
            try:
                await self.take_in(update, inbox)
                return
            except Exception as error:  # a broken database must not lose it
                log.exception("an update could not be stored, trying again")
                self.problem = f"chưa lưu được tin: {type(error).__name__}"
                await asyncio.sleep(STORE_SECONDS)

    async def _remove_webhook(self) -> None:
        try:
            await self._api.call("deleteWebhook")
        except ZaloBotError as error:
            if error.code != NOT_FOUND:
                raise

    async def _tell_group(self, group: str) -> None:
        """Says that we talk with one person at a time, once a day a group. Nothing of groups is kept."""
        now = self._clock()
        if now - self._groups_told.get(group, now - GROUP_TOLD_EVERY) < GROUP_TOLD_EVERY:
            return
        self._groups_told = {known: at for known, at in self._groups_told.items() if now - at < GROUP_TOLD_EVERY}
        self._groups_told[group] = now
        try:
            await self._api.call("sendMessage", chat_id=group, text=self._texts()[1].group)
        except (ZaloBotError, UnreachableError, UnansweredError) as error:
            log.info("a group could not be told: %s", error)

    async def _rest(self, error: Exception) -> None:
        code = error.code if isinstance(error, ZaloBotError) else None
        self.problem = _REASONS.get(code or 0, f"chưa nhận được tin: {error}")
        log.warning("receiving from the Zalo Bot Platform failed: %s", error)
        await self._failures.wait()

    # --- out --------------------------------------------------------------------------------------------------------

    def counter(self, chat: str, in_reply_to: int | None) -> int | None:
        """None: ids are no numbers here."""
        return None

    async def find(self, chat: str, reply: Reply, after: int, known: Set[tuple[str, int]]) -> int | None:
        """Never asked for, for want of numbers; see the module."""
        return None

    async def send(self, chat: str, reply: Reply) -> int | None:
        """Sends a message; see `Sender`. Notices come as they were written, and are fitted here."""
        choices, texts = self._texts()
        parts = plain.fit([reply], plain.ZALO_BOT, choices, is_asking=True)
        key = (chat, repr(reply))
        begun = self._begun.setdefault(key, _Begun())
        while len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)
        if begun.unanswered:
            await self._make_sure_that_zalo_answers()
        try:
            for part in parts[begun.parts :]:
                await self._send_part(chat, part, texts)
                begun.parts += 1
        except (UnreachableError, ZaloBotError, UnansweredError) as error:
            meaning = self._meaning(error, begun)
            if isinstance(meaning, BlockedError | RefusedError):
                self._begun.pop(key, None)
            raise meaning from error
        self._slow.reset()
        self._begun.pop(key, None)
        return None

    async def _make_sure_that_zalo_answers(self) -> None:
        """Before what may be there is sent once more: or a line that is dead for an hour would use up all attempts."""
        try:
            await self._api.call("getMe")
        except (UnreachableError, UnansweredError, ZaloBotError) as error:
            raise SendError(f"Zalo does not answer yet: {error}") from error

    async def _send_part(self, chat: str, reply: Reply, texts: ZaloBotTexts) -> None:
        text = reply.text
        if reply.document:
            address = self._documents(reply.document.key)
            text = "\n\n".join(part for part in (text, texts.document.format(address=address)) if part)
        if reply.picture:
            shown_at = await self._pictures.address_of(chat, reply.picture)
            if shown_at and await self._is_shown(chat, shown_at, text):
                return
            text = "\n\n".join(part for part in (text, in_words(reply.picture)) if part)
        for part in plain.fit([Reply(text)], plain.ZALO_BOT, self._texts()[0]):
            await self._api.call("sendMessage", chat_id=chat, text=part.text)

    async def _is_shown(self, chat: str, address: str, caption: str) -> bool:
        """Sends a picture; False when Zalo could not fetch it, so that it is said in words instead."""
        more: dict[str, Any] = {"caption": caption} if caption else {}
        try:
            await self._api.call("sendPhoto", chat_id=chat, photo=address, **more)
        except ZaloBotError as error:
            if error.code not in (400, 422):
                raise
            log.warning("Zalo could not fetch a picture from our site: %s", error)
            return False
        return True

    def _meaning(self, error: Exception, begun: _Begun) -> Exception:
        """What the outbox must know of a failure."""
        code = error.code if isinstance(error, ZaloBotError) else None
        if isinstance(error, UnansweredError) or code in (IDLE, GATEWAY_TIMEOUT):
            begun.unanswered += 1
            if begun.unanswered >= MOST_SENDINGS:
                return RefusedError("sent twice without an answer; it is not sent a third time")
            return UncertainError(str(error))
        if code == TOO_MANY:
            return SlowDownError(timedelta(seconds=self._slow.next()))
        if code == FORBIDDEN:
            return BlockedError(str(error))
        if code == UNAUTHORIZED:
            self.problem = _REASONS[UNAUTHORIZED]
        elif code is not None and code < 500:
            return RefusedError(str(error))
        return SendError(str(error))
