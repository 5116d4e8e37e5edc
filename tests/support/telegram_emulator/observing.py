"""What a test sees of the bot: the messages in a chat, the calls it made, and waiting until something is so."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from .keyboards import Button, buttons_of, reply_keyboard_of
from .state import FileContent, Message, RecordedCall, World

T = TypeVar("T")


@dataclass(frozen=True)
class EarlierVersion:
    """How a message looked before an edit, and since when (UTC)."""

    text: str
    visible_text: str
    buttons: list[list[Button]]
    date: datetime


@dataclass(frozen=True)
class SentMessage:
    """A message of the bot as it stands in the chat.

    ``text`` is what the bot sent, markup included; ``visible_text`` what the person reads (for other kinds than "text"
    both are the caption). ``buttons`` are rows of (label, data); ``reply_keyboard`` rows of labels. ``edits`` are the
    earlier versions, oldest first. Dates are UTC.
    """

    chat_id: int
    message_id: int
    kind: str
    text: str
    visible_text: str
    parse_mode: str | None
    buttons: list[list[Button]]
    reply_keyboard: list[list[str]]
    edits: list[EarlierVersion]
    date: datetime
    edit_date: datetime | None
    reply_to: int | None
    file: FileContent | None
    deleted: bool

    def button(self, label: str) -> Button:
        """The button whose label contains this; raises LookupError if none or several do."""
        found = [button for row in self.buttons for button in row if label in button.label]
        if len(found) != 1:
            raise LookupError(f"{len(found)} buttons like {label!r} in {self.buttons}")
        return found[0]


class Observer:
    """What can be seen of the bot's doings. Safe to call from any thread."""

    _world: World

    def messages_to(self, chat_id: int, *, with_deleted: bool = False) -> list[SentMessage]:
        """The bot's messages in a chat (a person's id for the private chat), in the order in which they were sent."""
        with self._world.changed:
            chat = self._world.chats.get(chat_id)
            messages = [] if chat is None else chat.messages.values()
            own = (message for message in messages if message.sender is self._world.bot)
            return [_seen(message) for message in own if with_deleted or not message.deleted]

    def last_message_to(self, chat_id: int) -> SentMessage:
        """The bot's newest message in a chat; raises LookupError if there is none."""
        messages = self.messages_to(chat_id)
        if not messages:
            raise LookupError(f"nothing was sent to {chat_id}")
        return messages[-1]

    def total_sent(self) -> int:
        """How many messages the bot has put into chats altogether, deleted ones included."""
        with self._world.changed:
            return self._world.total_sent

    def calls(self, method: str | None = None) -> list[RecordedCall]:
        """The calls of a method (any case; None for all) with the right token, refused and unanswered ones included."""
        with self._world.changed:
            wanted = None if method is None else method.lower()
            return [call for call in self._world.calls if wanted in (None, call.method.lower())]

    def pending_updates(self) -> int:
        """How many updates wait for the bot to confirm them."""
        with self._world.changed:
            return len(self._world.updates.deliveries)

    def webhook_error(self) -> str | None:
        """What went wrong when an update was last pushed to the webhook in vain; None if nothing ever did."""
        with self._world.changed:
            return self._world.webhook.last_error_message

    def wait_until(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:
        """Blocks until the predicate holds and returns what it gave; asks again whenever something has changed.

        A LookupError from the predicate means "not yet", so ``last_message_to(7).button("Có")`` can be waited for.
        Raises TimeoutError after ``timeout`` seconds, saying what the bot did last. Don't call it in the event loop
        that runs the bot: use ``wait_until_async`` there.
        """
        deadline = time.monotonic() + timeout
        with self._world.changed:
            while not (result := _asked(predicate)):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"not so after {timeout} s; {self._last_doings()}")
                self._world.changed.wait(left)
            return result

    def wait_until_async(self, predicate: Callable[[], T], timeout: float = 5.0) -> Awaitable[T]:
        """As ``wait_until``, for tests whose event loop also runs the bot (the waiting is done in a thread)."""
        return asyncio.to_thread(self.wait_until, predicate, timeout)

    def _last_doings(self) -> str:
        calls = [f"{call.method} -> {call.status}" for call in self._world.calls[-8:]]
        messages = [message for chat in self._world.chats.values() for message in chat.messages.values()]
        texts = [f"to {m.chat.id}: {m.rich.text[:80]!r}" for m in messages if m.sender is self._world.bot][-5:]
        return f"{len(self._world.updates.deliveries)} updates wait; last calls {calls}; last messages {texts}"


def _asked(predicate: Callable[[], T]) -> T | None:
    try:
        return predicate()
    except LookupError:
        return None


def _seen(message: Message) -> SentMessage:
    return SentMessage(
        chat_id=message.chat.id,
        message_id=message.message_id,
        kind=message.kind,
        text=message.source,
        visible_text=message.rich.text,
        parse_mode=message.parse_mode,
        buttons=buttons_of(message.markup),
        reply_keyboard=reply_keyboard_of(message.markup),
        edits=[
            EarlierVersion(old.source, old.rich.text, buttons_of(old.markup), _utc(old.date))
            for old in message.revisions
        ],
        date=_utc(message.date),
        edit_date=None if message.edit_date is None else _utc(message.edit_date),
        reply_to=message.reply_to,
        file=message.file.content if message.file else None,
        deleted=message.deleted,
    )


def _utc(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
