"""The people's side of the chats: they write, edit, press, send, block. Safe to call from any thread."""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from .keyboards import buttons_of
from .methods_media import file_attachment
from .state import Chat, FileContent, Message, PressedButton, User, World
from .text import typed_by_person
from .updates import Update

DEFAULT_GROUP_ID = -5001  # a basic group
SAMPLE_PNG = bytes.fromhex(  # one grey dot
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)
_SAMPLE_FILES = {
    "photo": FileContent("photo.png", SAMPLE_PNG, "image/png"),
    "sticker": FileContent("sticker.webp", b"RIFF\x00\x00\x00\x00WEBP", "image/webp"),
    "voice": FileContent("voice.ogg", b"OggS", "audio/ogg"),
    "document": FileContent("tài liệu.pdf", b"%PDF-1.4\n", "application/pdf"),
    "video": FileContent("phim.mp4", b"....ftypmp42", "video/mp4"),
    "video_note": FileContent("tròn.mp4", b"....ftypmp42", "video/mp4"),
    "animation": FileContent("động.mp4", b"....ftypmp42", "video/mp4"),
    "audio": FileContent("bài hát.mp3", b"ID3", "audio/mpeg"),
}


class UserSide:
    """What people do. Every action that Telegram reports becomes an update for the bot."""

    _world: World

    def add_user(self, user_id: int, first_name: str, username: str | None = None) -> None:
        """Describes a person and opens the private chat with the bot, as if /start was sent long ago: no update."""
        with self._world.changed:
            user = self._world.user(user_id)
            user.first_name, user.username = first_name, username
            self._world.private_chat(user_id)

    def user_says(
        self,
        user_id: int,
        text: str,
        *,
        chat_id: int | None = None,
        group: bool = False,
        reply_to: int | None = None,
        message_id: int | None = None,
        date: datetime | None = None,
    ) -> int:
        """The person sends a text; returns the message id.

        Without ``chat_id`` it goes to the private chat, with ``group`` to the group -5001; a negative ``chat_id`` is a
        group, one below -1000000000000 a supergroup. ``message_id`` chooses the id (the same one again replaces the
        message and makes a new update: a doubled or changed copy); ``date`` (aware) is when it was sent, else now.
        /commands and @mentions are marked as Telegram's apps do. Raises ValueError for a naive date, a blocked bot, an
        id that a message of the bot has.
        """
        with self._world.changed:
            message = self._new_message(user_id, self._chat(user_id, chat_id, group), message_id, date, reply_to)
            message.rich, message.source = typed_by_person(text), text
            return self._say(message)

    def user_sends(
        self,
        user_id: int,
        kind: str,
        *,
        chat_id: int | None = None,
        caption: str = "",
        file: FileContent | None = None,
        file_size: int | None = None,
        location: tuple[float, float] = (10.0301, 105.7727),
        phone_number: str = "+84900000000",
        album: str | None = None,
        reply_to: int | None = None,
        message_id: int | None = None,
        date: datetime | None = None,
    ) -> int:
        """The person sends a location (latitude, longitude), a contact (their own) or a file.

        Files are photo, sticker, voice, audio, video, video_note, animation, document. A small sample file is sent
        unless ``file`` is given; ``file_size`` in bytes claims another size (above 20 MB getFile refuses). Items of one
        ``album`` share its id. The rest and the result are as for ``user_says``; raises ValueError for another kind.
        """
        with self._world.changed:
            chat = self._chat(user_id, chat_id, group=False)
            message = self._new_message(user_id, chat, message_id, date, reply_to)
            message.kind = kind
            if kind == "location":
                message.attachment = {"latitude": location[0], "longitude": location[1]}
            elif kind == "contact":
                own = {"first_name": message.sender.first_name, "user_id": user_id}
                message.attachment = {"phone_number": phone_number, **own}
            elif kind in _SAMPLE_FILES:
                message.rich, message.source = typed_by_person(caption), caption
                message.file = self._world.store_file(file or _SAMPLE_FILES[kind], f"{kind}s", file_size)
                message.attachment = file_attachment(kind, message.file)
                if kind == "animation":  # for clients that don't know animations
                    message.extra["document"] = file_attachment("document", message.file)
            else:
                raise ValueError(f"people don't send {kind!r} here")
            if album is not None:
                message.extra["media_group_id"] = album
            return self._say(message)

    def user_joins(self, user_id: int, chat_id: int = DEFAULT_GROUP_ID) -> int:
        """The person joins a group, which everybody there is told by a service message; returns the message id."""
        with self._world.changed:
            message = self._new_message(user_id, self._chat(user_id, chat_id, group=True), None, None, None)
            message.kind, message.attachment = "new_chat_members", [message.sender.as_json()]
            return self._say(message)

    def user_edits(self, user_id: int, message_id: int, text: str, *, chat_id: int | None = None) -> None:
        """The person changes an own message; raises LookupError if there is none with this id."""
        with self._world.changed:
            message = self._message(user_id, message_id, chat_id)
            if message.sender.id != user_id:
                raise LookupError(f"message {message_id} is not by user {user_id}")
            message.rich, message.source = typed_by_person(text), text
            message.edit_date = self._world.now()
            self._tell_bot("edited_message", message.as_json(), message.chat)

    def user_presses(self, user_id: int, message_id: int, data: str, *, chat_id: int | None = None) -> str:
        """The person presses the button with this callback data under a message of the bot; returns the query id.

        Buttons of earlier versions and of deleted messages can be pressed too, as on a phone that lags behind. Raises
        LookupError if the message never had such a button.
        """
        with self._world.changed:
            message = self._message(user_id, message_id, chat_id)
            if data not in _ever_pressable(message):
                raise LookupError(f"message {message_id} has no button with data {data!r}")
            query_id = str(4_000_000_000 + len(self._world.pressed) + 1)
            self._world.pressed[query_id] = PressedButton(query_id, user_id)
            gone = {"chat": message.chat.as_json(), "message_id": message_id, "date": 0}
            query = {
                "id": query_id,
                "from": self._world.user(user_id).as_json(),
                "message": gone if message.deleted else message.as_json(),
                "chat_instance": str(message.chat.id),
                "data": data,
            }
            self._tell_bot("callback_query", query, message.chat)
            return query_id

    def expire_presses(self) -> None:
        """From now on it is too late to answer any button that was pressed so far."""
        with self._world.changed:
            for pressed in self._world.pressed.values():
                pressed.too_old = True

    def user_blocks(self, user_id: int) -> None:
        """The person blocks the bot: it is told by my_chat_member, and sending to the person gives a 403."""
        self._change_membership(user_id, blocked=True)

    def user_unblocks(self, user_id: int) -> None:
        """The person lets the bot in again."""
        self._change_membership(user_id, blocked=False)

    def deliver_again(self, update_id: int) -> None:
        """Delivers an update once more, confirmed or not; raises LookupError for an id that never was."""
        with self._world.changed:
            self._world.updates.repeat(update_id)

    @property
    def last_update_id(self) -> int:
        """Id of the newest update made for the bot; raises IndexError if there is none yet."""
        with self._world.changed:
            return self._world.updates.history[-1].update_id

    @contextlib.contextmanager
    def held_updates(self) -> Iterator[list[Update]]:
        """Within the ``with`` nothing reaches the bot; afterwards the updates go out in the order of the list.

        Reverse, shuffle or cut the list to have messages arrive late, out of order or never. Update ids are given on
        the way out, so they rise as Telegram's do; message ids and dates stay in the order of speaking.
        """
        with self._world.changed:
            held = self._world.updates.hold()
        try:
            yield held
        finally:
            with self._world.changed:
                self._world.updates.release()

    def _chat(self, user_id: int, chat_id: int | None, group: bool) -> Chat:
        if chat_id is None:
            chat_id = DEFAULT_GROUP_ID if group else user_id
        if chat_id < 0:
            return self._world.group(chat_id)
        if chat_id != user_id or group:
            raise ValueError(f"user {user_id} has no chat {chat_id}: ids of groups are negative")
        return self._world.private_chat(user_id)

    def _new_message(
        self, user_id: int, chat: Chat, message_id: int | None, date: datetime | None, reply_to: int | None
    ) -> Message:
        if chat.bot_is_blocked:
            raise ValueError(f"user {user_id} blocks the bot: unblock first")
        if date is not None and date.tzinfo is None:
            raise ValueError("the date needs a time zone")
        if message_id is not None:
            taken = chat.messages.get(message_id)
            if taken is not None and taken.sender is self._world.bot:
                raise ValueError(f"message {message_id} is the bot's")
            self._world.use_message_id(chat, message_id)
        sent_at = self._world.now() if date is None else int(date.timestamp())
        return Message(chat, message_id or 0, self._world.user(user_id), sent_at, reply_to=reply_to)

    def _say(self, message: Message) -> int:
        self._world.add(message)
        self._tell_bot("message", message.as_json(), message.chat)
        return message.message_id

    def _message(self, user_id: int, message_id: int, chat_id: int | None) -> Message:
        """A message in the named chat, else in the private chat or any group."""
        first = self._world.chats.get(user_id if chat_id is None else chat_id)
        others = [] if chat_id is not None else [chat for chat in self._world.chats.values() if chat.id < 0]
        for chat in [first, *others]:
            if chat is not None and message_id in chat.messages:
                return chat.messages[message_id]
        raise LookupError(f"user {user_id} sees no message {message_id}")

    def _change_membership(self, user_id: int, *, blocked: bool) -> None:
        with self._world.changed:
            chat = self._world.private_chat(user_id)
            if chat.bot_is_blocked == blocked:
                return
            chat.bot_is_blocked = blocked
            bot = self._world.bot.as_json()
            member, kicked = {"status": "member", "user": bot}, {"status": "kicked", "user": bot, "until_date": 0}
            change = {
                "chat": chat.as_json(),
                "from": self._world.user(user_id).as_json(),
                "date": self._world.now(),
                "old_chat_member": member if blocked else kicked,
                "new_chat_member": kicked if blocked else member,
            }
            self._tell_bot("my_chat_member", change, chat)

    def _tell_bot(self, kind: str, payload: dict[str, Any], chat: Chat) -> None:
        self._world.updates.add(Update(kind, payload, chat.id))
        self._world.changed.notify_all()


def bot_user(token: str, username: str) -> User:
    """The bot as a Telegram user: its id is the number before the colon in its token."""
    return User(int(token.partition(":")[0]), "Đại sứ số", username=username, is_bot=True)


def _ever_pressable(message: Message) -> set[str]:
    markups = [message.markup, *(revision.markup for revision in message.revisions)]
    return {button.data for markup in markups for row in buttons_of(markup) for button in row}
