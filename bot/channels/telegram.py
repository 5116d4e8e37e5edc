"""Telegram: updates become messages, replies become HTML with buttons. By long polling, or by webhook.

We fetch updates ourselves: python-telegram-bot's updater confirms them to Telegram before they are handled, so a crash
in between would lose them. Here the next request, which confirms, goes out only after the updates are stored.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Mapping, Sequence, Set
from datetime import timedelta
from itertools import count, islice
from pathlib import Path

import httpx
from telegram import (
    Bot,
    BotCommand,
    CallbackQuery,
    MaybeInaccessibleMessage,
    Message,
)
from telegram import Update as TelegramUpdate
from telegram.constants import ChatType, MessageEntityType, PollingLimit
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.channels import telegram_files, telegram_messages
from bot.channels.outbox import BlockedError, RefusedError, SendError, SlowDownError, UncertainError
from bot.channels.telegram_messages import Load
from bot.errors import OperatorError
from bot.inbox import Inbox
from bot.messages import Incoming, Kind, Reply
from db.clock import Clock

log = logging.getLogger(__name__)

# python-telegram-bot 22 warns of every RetryAfter unless it may give the pause as a timedelta, as it will from 23 on.
os.environ.setdefault("PTB_TIMEDELTA", "1")

NAME = "telegram"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query")
POLL_TIMEOUT = timedelta(seconds=25)
ANSWER_SECONDS = 5.0
"""After so long without an answer a call has failed; a message may have been sent all the same."""

FAILURE_SECONDS = 2.0
CONFLICT_SECONDS = 5.0
"""Pauses before the next call after one that failed, and after another programme took our updates."""

CONNECTIONS = 32
LOOKED_AT = 50
"""Unknown message numbers tried when a message in doubt is looked for; see `TelegramChannel.find`."""

SUPERGROUPS_BELOW = -1_000_000_000_000
"""Ids of supergroups are below, those of basic groups above; those of private chats are positive."""

COMMANDS = (
    BotCommand("menu", "Xem tất cả các mục"),
    BotCommand("help", "Bot làm được gì"),
    BotCommand("nhantin", "Chọn tin của xã muốn nhận"),
    BotCommand("dung", "Thôi nhận tin"),
    BotCommand("noi", "Dùng chung với Zalo hoặc trang web của xã"),
    BotCommand("xoadulieu", "Xoá những gì đã lưu về tôi"),
)
_ATTACHMENTS = ("photo", "voice", "contact", "location", "sticker", "document", "video")
_ALSO = {"audio": "voice", "video_note": "video", "animation": "video", "venue": "location"}
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class TelegramChannel:
    """One bot account. Receives by `poll` or `webhook`; sends for the outbox."""

    def __init__(
        self, token: str, api: str, clock: Clock, load: Load = telegram_messages.nothing, clips: Path = Path()
    ) -> None:
        """`api` is the address of the Bot API server, to which the token is appended.

        `load` gets documents' bytes; recordings lie in the folder `clips`.
        """
        calls = HTTPXRequest(connection_pool_size=CONNECTIONS, read_timeout=ANSWER_SECONDS)
        polls = HTTPXRequest(read_timeout=POLL_TIMEOUT.total_seconds() + 10)
        self._requests = (calls, polls)
        files = telegram_files.address(api)
        self._bot = Bot(token, base_url=api, base_file_url=files, request=calls, get_updates_request=polls)
        self._clock = clock
        self._load = load
        self._clips = clips
        self._username: str | None = None
        self._id: int | None = None
        self._highest: dict[str, int] = {}
        self._is_behind = False
        self.problem: str | None = "chưa liên lạc được với Telegram"
        """Why nothing comes in at present; None when all is well."""

    async def check_token(self) -> None:
        """Asks Telegram who we are. No network is no error here: it may come back.

        Raises:
            OperatorError: Telegram does not know this token.
        """
        try:
            await self._say_hello()
        except InvalidToken:
            raise OperatorError(
                "Telegram không nhận mã bot. Kiểm tra DAISUSO_TELEGRAM_TOKEN trong tệp .env: lấy lại mã ở @BotFather."
            ) from None
        except TelegramError as error:
            self.problem = f"chưa liên lạc được với Telegram: {error}"
            log.warning("Telegram can't be reached yet: %s", error)

    @property
    def user_name(self) -> str | None:
        """The bot's name on Telegram, as in t.me/<name>; None until Telegram has told it."""
        return self._username or None

    async def close(self) -> None:
        """Closes the connections. `Bot.shutdown` would leave them open, since we never called `Bot.initialize`."""
        for request in self._requests:
            await request.shutdown()

    def start_counting_from(self, numbers: Mapping[str, int]) -> None:
        """The highest message numbers known from before, by chat."""
        for chat, number in numbers.items():
            self._saw(chat, number)

    # --- in ---------------------------------------------------------------------------------------------------------

    async def poll(self, inbox: Inbox) -> None:
        """Fetches, stores, then confirms updates, until cancelled; outlives any loss of the network."""
        offset: int | None = None
        webhook_removed = False
        self._is_behind = True
        while True:
            try:
                if self._username is None:
                    await self._say_hello()
                if not webhook_removed:
                    await self._bot.delete_webhook()
                    webhook_removed = True
                # While there is a problem we don't wait: the answer shows whether it is over.
                patience = timedelta(0) if self.problem else POLL_TIMEOUT
                updates = await self._bot.get_updates(
                    offset=offset, timeout=patience, allowed_updates=list(ALLOWED_UPDATES)
                )
                await self.take_in(updates, inbox)
                self._is_behind = len(updates) == PollingLimit.MAX_LIMIT
                self.problem = None
                if updates:
                    offset = updates[-1].update_id + 1
            except Conflict:
                webhook_removed = False
                await self._rest("một chương trình khác đang dùng cùng mã bot này", seconds=CONFLICT_SECONDS)
            except RetryAfter as error:
                await self._rest("Telegram yêu cầu chờ", seconds=_seconds(error))
            except Exception as error:  # a broken database or network must not end the polling for good
                log.warning("polling Telegram failed: %s: %s", type(error).__name__, error)
                await self._rest(f"chưa nhận được tin: {type(error).__name__}", seconds=FAILURE_SECONDS)

    async def use_webhook(self, address: str, secret: str) -> None:
        """Asks Telegram to send updates to that address, until it agrees."""
        while True:
            try:
                await self._say_hello()
                await self._bot.set_webhook(address, secret_token=secret, allowed_updates=list(ALLOWED_UPDATES))
                self.problem, self._is_behind = None, False
                return
            except TelegramError as error:
                log.warning("setting the webhook failed: %s", error)
                await self._rest(f"chưa đặt được webhook: {error}", seconds=FAILURE_SECONDS)

    async def take_in(self, updates: Sequence[TelegramUpdate], inbox: Inbox) -> None:
        """Stores what updates bring and starts its handling."""
        for update in updates:
            if shown := _message_of(update):
                self._saw(str(shown.chat.id), shown.message_id)
        messages = [message for update in updates if (message := self._incoming(update))]
        if messages:
            inbox.handle_soon(await inbox.receive(messages))
        pressed = [update.callback_query for update in updates if update.callback_query]
        await asyncio.gather(*map(self._stop_the_button_s_clock, pressed))

    def update_from_json(self, body: dict[str, object]) -> TelegramUpdate:
        """An update as a webhook brings it."""
        return TelegramUpdate.de_json(body, self._bot)

    def _incoming(self, update: TelegramUpdate) -> Incoming | None:
        if update.callback_query:
            return self._pressed(update.callback_query)
        message = update.message or update.edited_message
        if message is None or message.from_user is None or message.from_user.is_bot:
            return None
        text = message.text or message.caption or ""
        sort = _sort_of_attachment(message)
        if not text and sort is None:
            return None  # somebody joined, a title changed, ...
        if message.chat.type != ChatType.PRIVATE:
            if not self._is_spoken_to(message):
                return None
            text = re.sub(rf"@{self._username}\b", " ", text, flags=re.IGNORECASE).strip()
        is_text = bool(text) or sort is None
        album = None if is_text else message.media_group_id  # its pictures come one by one, and get one answer
        return Incoming(
            channel=NAME,
            chat=str(message.chat.id),
            sender=str(message.from_user.id),
            message_id=f"album:{album}" if album else str(message.message_id),
            sent_at=message.edit_date or message.date,
            kind=Kind.TEXT if is_text else Kind.ATTACHMENT,
            text=text,
            payload="" if is_text else sort or "",
            number=message.message_id,
            is_edit=update.edited_message is not None,
            first_sent_at=message.date if update.edited_message else None,
            file=telegram_files.attached(message),
        )

    def _pressed(self, query: CallbackQuery) -> Incoming | None:
        if query.message is None or not query.data:
            return None
        return Incoming(
            channel=NAME,
            chat=str(query.message.chat.id),
            sender=str(query.from_user.id),
            message_id=f"button:{query.id}",
            sent_at=self._clock(),
            kind=Kind.BUTTON,
            payload=query.data,
        )

    def _is_spoken_to(self, message: Message) -> bool:
        me = (self._username or "").lower()
        entities = {**message.parse_entities(), **message.parse_caption_entities()}
        for entity, text in entities.items():
            if entity.type == MessageEntityType.BOT_COMMAND and entity.offset == 0:
                return text.partition("@")[2].lower() in ("", me)
        if any(
            entity.type == MessageEntityType.MENTION and text.lower() == f"@{me}" for entity, text in entities.items()
        ):
            return True
        replied_to = message.reply_to_message
        return bool(replied_to and replied_to.from_user and replied_to.from_user.id == self._id)

    async def _stop_the_button_s_clock(self, query: CallbackQuery) -> None:
        try:
            await self._bot.answer_callback_query(query.id)
        except TelegramError as error:
            log.info("a pressed button could not be acknowledged: %s", error)

    async def _say_hello(self) -> None:
        me = await self._bot.get_me()
        self._id, self._username = me.id, me.username
        try:
            await self._bot.set_my_commands(COMMANDS)
        except TelegramError as error:  # they only fill the app's menu
            log.warning("Telegram did not take the list of commands: %s", error)

    async def _rest(self, problem: str, seconds: float) -> None:
        self.problem = problem
        self._is_behind = True
        await asyncio.sleep(seconds)

    async def fetch_file(self, ref: str) -> bytes | None:
        """The content of a document that somebody sent; None when Telegram has it no more."""
        return await telegram_files.fetch(self._bot, ref)

    # --- out --------------------------------------------------------------------------------------------------------

    def counter(self, chat: str, in_reply_to: int | None) -> int | None:
        """The highest number seen where this chat's messages are counted."""
        return max(in_reply_to or 0, self._highest.get(_counter_of(chat), 0))

    async def send(self, chat: str, reply: Reply) -> int | None:
        """Sends a message; see `Sender`."""
        try:
            sent = await telegram_messages.send(self._bot, chat, reply, self._load, self._clips)
        except TelegramError as error:
            raise _meaning(error) from error
        self._saw(chat, sent.message_id)
        return sent.message_id

    async def find(self, chat: str, reply: Reply, after: int, known: Set[tuple[str, int]]) -> int | None:
        """Looks for a message of ours by editing it into itself; see `Sender`.

        Telegram has no search for bots, but it answers an edit that changes nothing with "message is not modified",
        which proves that this very message is there. Its number is just above the counter's state before the sending,
        apart from messages that came and went meanwhile. Those that still wait for us at Telegram are fetched first, or
        we would look at too low numbers.
        """
        if self._is_behind:
            raise UncertainError("the search for it begins when all updates are fetched")
        taken = {number for other, number in known if _counter_of(other) == _counter_of(chat)}
        for number in islice((number for number in count(after + 1) if number not in taken), LOOKED_AT):
            if await self._is_there(chat, reply, number):
                self._saw(chat, number)
                return number
        return None

    async def _is_there(self, chat: str, reply: Reply, number: int) -> bool:
        while True:
            try:
                await telegram_messages.edit_into(self._bot, chat, number, reply)
            except RetryAfter as error:  # waited for here, or a long search would begin anew each time
                await asyncio.sleep(_seconds(error))
            except BadRequest as error:
                return "not modified" in str(error).lower()
            except TelegramError as error:
                raise _meaning(error) from error
            else:
                return True

    def _saw(self, chat: str, number: int) -> None:
        counter = _counter_of(chat)
        self._highest[counter] = max(number, self._highest.get(counter, 0))


def _message_of(update: TelegramUpdate) -> MaybeInaccessibleMessage | None:
    """The message that an update brings, or under which a button was pressed."""
    pressed = update.callback_query.message if update.callback_query else None
    return update.message or update.edited_message or pressed


def _counter_of(chat: str) -> str:
    """Supergroups count their messages for themselves; all other chats of a bot share one counter."""
    return chat if int(chat) < SUPERGROUPS_BELOW else ""


def _sort_of_attachment(message: Message) -> str | None:
    for field in (*_ALSO, *_ATTACHMENTS):  # an animation is a document too, a venue a location
        if getattr(message, field):
            return _ALSO.get(field, field)
    return "other" if message.effective_attachment else None


def _seconds(error: RetryAfter) -> float:
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def _meaning(error: TelegramError) -> Exception:
    """What an error of Telegram means for the outbox."""
    match error:
        case RetryAfter():
            return SlowDownError(timedelta(seconds=_seconds(error)))
        case Forbidden() | ChatMigrated():
            return BlockedError(str(error))
        case BadRequest() if "chat not found" in str(error).lower():
            return BlockedError(str(error))
        case BadRequest():
            return RefusedError(str(error))
        case InvalidToken():
            return SendError(str(error))
        case NetworkError() if isinstance(error.__cause__, _NEVER_SENT):
            return SendError(str(error))
        case _:
            return UncertainError(str(error))
