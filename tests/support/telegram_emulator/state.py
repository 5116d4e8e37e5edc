"""What Telegram's servers remember: people, chats, messages, files, pressed buttons. One lock guards it all.

The user's side (users.py) and the bot's side (methods) change it; nothing here knows HTTP.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .errors import BLOCKED, CHAT_NOT_FOUND, bad_request, forbidden
from .keyboards import inline_part
from .text import RichText
from .updates import UpdateQueue

FIRST_SUPERGROUP_ID = -1_000_000_000_000  # ids of supergroups are below, those of basic groups above
MAX_DOWNLOAD = 20 * 1024 * 1024  # bytes, Bot API "getFile"


@dataclass(frozen=True)
class FileContent:
    """A file that somebody sends: its name, its bytes and its MIME type."""

    name: str
    content: bytes
    mime_type: str = "application/octet-stream"


@dataclass(frozen=True)
class StoredFile:
    """A file on the servers. ``size`` in bytes may be claimed larger than the content that is really there."""

    file_id: str
    path: str
    content: FileContent
    size: int

    def as_json(self) -> dict[str, Any]:
        """The fields that every Bot API object about a file shares."""
        return {"file_id": self.file_id, "file_unique_id": f"u{self.file_id}", "file_size": self.size}


@dataclass
class User:
    """A person, or the bot."""

    id: int
    first_name: str
    username: str | None = None
    last_name: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def as_json(self) -> dict[str, Any]:
        """The Bot API ``User`` object."""
        known = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        present = {name: value for name, value in known.items() if value is not None}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name, **present}


@dataclass(frozen=True)
class Revision:
    """How a message looked until an edit replaced it. ``date`` is when this version appeared (Unix seconds)."""

    rich: RichText
    source: str
    markup: dict[str, Any] | None
    date: int


@dataclass
class Message:
    """A message in a chat. ``kind`` is "text" or the Bot API field that ``attachment`` fills; dates in Unix seconds."""

    chat: "Chat"
    message_id: int
    sender: User
    date: int
    rich: RichText = field(default_factory=lambda: RichText(""))
    source: str = ""
    parse_mode: str | None = None
    kind: str = "text"
    attachment: Any = None
    file: StoredFile | None = None
    markup: dict[str, Any] | None = None
    reply_to: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    edit_date: int | None = None
    revisions: list[Revision] = field(default_factory=list)
    deleted: bool = False

    def as_json(self, *, with_reply: bool = True) -> dict[str, Any]:
        """The Bot API ``Message`` object, with the message it replies to (that one without its own)."""
        result: dict[str, Any] = {
            "message_id": self.message_id,
            "from": self.sender.as_json(),
            "chat": self.chat.as_json(),
            "date": self.date,
            **self.extra,
        }
        if self.kind != "text":
            result[self.kind] = self.attachment
        text_field, entities_field = ("text", "entities") if self.kind == "text" else ("caption", "caption_entities")
        if self.rich.text:
            result[text_field] = self.rich.text
        if self.rich.entities:
            result[entities_field] = list(self.rich.entities)
        if self.edit_date is not None:
            result["edit_date"] = self.edit_date
        if inline_part(self.markup):
            result["reply_markup"] = self.markup
        replied = self.chat.messages.get(self.reply_to) if self.reply_to is not None else None
        if with_reply and replied is not None:
            result["reply_to_message"] = replied.as_json(with_reply=False)
        return result


@dataclass
class Chat:
    """A private chat, basic group or supergroup, with its messages in the order in which they came."""

    id: int
    kind: str
    title: str | None = None
    person: User | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    last_own_id: int = 0
    bot_is_blocked: bool = False

    def as_json(self) -> dict[str, Any]:
        """The Bot API ``Chat`` object."""
        result: dict[str, Any] = {"id": self.id, "type": self.kind}
        if self.title is not None:
            result["title"] = self.title
        if self.person is not None:
            names = self.person.as_json()
            result.update({name: names[name] for name in ("first_name", "last_name", "username") if name in names})
        return result


@dataclass
class PressedButton:
    """A callback query; too old once Telegram stopped waiting for its answer."""

    id: str
    user_id: int
    too_old: bool = False


@dataclass
class WebhookSettings:
    """Where updates are pushed to, and how that went."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass
class RecordedCall:
    """A call that the bot made: parameters with JSON decoded, uploads, arrival in monotonic seconds.

    ``status`` is the HTTP status of the answer, None while there is none (a hang, a dropped connection); ``error`` the
    description of a refusal in Telegram's spelling (python-telegram-bot changes upper and lower case).
    """

    method: str
    params: dict[str, Any]
    files: dict[str, FileContent]
    at: float
    status: int | None = None
    error: str | None = None


class World:
    """Everything the servers know. Hold ``changed`` around reading or changing it; ``notify_all`` tells the waiters."""

    def __init__(self, bot: User, now: Callable[[], datetime]) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.bot = bot
        self.updates = UpdateQueue()
        self.webhook = WebhookSettings()
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.pressed: dict[str, PressedButton] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.calls: list[RecordedCall] = []
        self.total_sent = 0
        self._last_message_id = 0
        self._now = now

    def now(self) -> int:
        """The present in Unix seconds."""
        return int(self._now().timestamp())

    def user(self, user_id: int) -> User:
        """The person with this id, made up if nobody described them."""
        return self.users.setdefault(user_id, User(user_id, f"Người {user_id}", language_code="vi"))

    def private_chat(self, user_id: int) -> Chat:
        """The chat of this person with the bot, opened if need be."""
        return self.chats.setdefault(user_id, Chat(user_id, "private", person=self.user(user_id)))

    def group(self, chat_id: int) -> Chat:
        """The group with this negative id, made if need be; a supergroup if the id is in their range."""
        kind = "supergroup" if chat_id < FIRST_SUPERGROUP_ID else "group"
        return self.chats.setdefault(chat_id, Chat(chat_id, kind, title=f"Nhóm {abs(chat_id)}"))

    def chat(self, chat_id: int | str) -> Chat:
        """The chat that a bot names by id or @username; raises ApiError 400 if the bot can't know it."""
        if chat_id == "":
            raise bad_request("chat_id is empty")
        for chat in self.chats.values():
            name = f"@{chat.person.username}" if chat.person and chat.person.username else None
            if chat_id in (chat.id, str(chat.id), name):
                return chat
        raise bad_request(CHAT_NOT_FOUND)

    def open_chat(self, chat_id: int | str) -> Chat:
        """As ``chat``, for sending: raises ApiError 403 if the person blocked the bot."""
        chat = self.chat(chat_id)
        if chat.bot_is_blocked:
            raise forbidden(BLOCKED)
        return chat

    def use_message_id(self, chat: Chat, message_id: int) -> int:
        """Takes a chosen id into use, so that the counter goes on behind it."""
        if chat.kind == "supergroup":
            chat.last_own_id = max(chat.last_own_id, message_id)
        else:
            self._last_message_id = max(self._last_message_id, message_id)
        return message_id

    def add(self, message: Message) -> Message:
        """Stores a message (in place of an older one with the same id; id 0 asks for a new one), tells the waiters."""
        if not message.message_id:
            message.message_id = self._next_message_id(message.chat)
        message.chat.messages.pop(message.message_id, None)
        message.chat.messages[message.message_id] = message
        if message.sender is self.bot:
            self.total_sent += 1
        self.changed.notify_all()
        return message

    def store_file(self, content: FileContent, folder: str, size: int | None = None) -> StoredFile:
        """Keeps a file under a new file id; ``size`` in bytes claims another size than the content has."""
        number = len(self.files) + 1
        suffix = content.name.rpartition(".")[2] if "." in content.name else "bin"
        path = f"{folder}/file_{number}.{suffix}"
        stored = StoredFile(f"BQAC{number:06d}", path, content, len(content.content) if size is None else size)
        self.files[stored.file_id] = stored
        return stored

    def _next_message_id(self, chat: Chat) -> int:
        """A new id: supergroups count for themselves, all other chats of the bot share one counter."""
        if chat.kind == "supergroup":
            chat.last_own_id += 1
            return chat.last_own_id
        self._last_message_id += 1
        return self._last_message_id
