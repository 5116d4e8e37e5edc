"""Bot API methods on messages as such: send text, edit, delete, copy, forward."""

from typing import Any

from .errors import NOT_MODIFIED, ApiError, bad_request
from .keyboards import checked_markup, inline_part
from .registry import method
from .requests import Params
from .state import Chat, Message, Revision, World
from .text import MAX_CAPTION_LENGTH, MAX_TEXT_LENGTH, RichText, sent_by_bot, utf16_length

DELETABLE_FOR = 48 * 3600  # seconds, Bot API "deleteMessage"


@method("sendMessage", posts=True)
def send_message(world: World, params: Params) -> dict[str, Any]:
    chat = world.open_chat(params.text("chat_id"))
    message = new_message(world, params, chat)
    message.rich = read_text(params)
    message.source = params.text("text")
    return world.add(message).as_json()


@method("editMessageText", posts=True)
def edit_message_text(world: World, params: Params) -> dict[str, Any]:
    message = _own_message(world, params)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    return _edit(world, message, params, read_text(params), params.text("text"))


@method("editMessageCaption", posts=True)
def edit_message_caption(world: World, params: Params) -> dict[str, Any]:
    message = _own_message(world, params)
    if message.kind in ("text", "location"):
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, message, params, read_caption(params), params.text("caption"))


@method("editMessageReplyMarkup", posts=True)
def edit_message_reply_markup(world: World, params: Params) -> dict[str, Any]:
    message = _own_message(world, params)
    return _edit(world, message, params, message.rich, message.source)


@method("deleteMessage")
def delete_message(world: World, params: Params) -> bool:
    message = _message(world, params, "chat_id", "message to delete not found")
    if message.sender is not world.bot and message.chat.kind != "private":
        raise bad_request("message can't be deleted")
    if world.now() - message.date > DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    return True


@method("copyMessage", posts=True)
def copy_message(world: World, params: Params) -> dict[str, Any]:
    chat = world.open_chat(params.text("chat_id"))
    source = _message(world, params, "from_chat_id", "message to copy not found")
    message = _repeated(world, params, chat, source)
    if params.get("caption") is not None and source.kind != "text":
        message.rich, message.source = read_caption(params), params.text("caption")
    return {"message_id": world.add(message).message_id}


@method("forwardMessage", posts=True)
def forward_message(world: World, params: Params) -> dict[str, Any]:
    chat = world.open_chat(params.text("chat_id"))
    source = _message(world, params, "from_chat_id", "message to forward not found")
    message = _repeated(world, params, chat, source)
    message.markup = None
    origin = {"type": "user", "sender_user": source.sender.as_json(), "date": source.date}
    message.extra["forward_origin"] = origin
    return world.add(message).as_json()


def new_message(world: World, params: Params, chat: Chat) -> Message:
    """A message of the bot, not stored yet, with the options of every send method; raises ApiError 400 for bad ones."""
    markup = checked_markup(params.get("reply_markup"))
    reply_to = _reply_target(params, chat)
    message = Message(chat, 0, world.bot, world.now(), markup=markup, reply_to=reply_to)
    message.parse_mode = params.text("parse_mode") or None
    return message


def read_text(params: Params) -> RichText:
    """The parameter ``text`` as people will see it; raises ApiError 400 if it is empty, too long or badly marked up."""
    source = params.text("text")
    if not source:
        raise bad_request("message text is empty")
    rich = sent_by_bot(source, params.get("parse_mode"), params.get("entities"))
    if not rich.text:
        raise bad_request("text must be non-empty")
    if utf16_length(rich.text) > MAX_TEXT_LENGTH:
        raise bad_request("message is too long")
    return rich


def read_caption(params: Params) -> RichText:
    """The parameter ``caption`` as people will see it; raises ApiError 400 if it is too long or badly marked up."""
    rich = sent_by_bot(params.text("caption"), params.get("parse_mode"), params.get("caption_entities"))
    if utf16_length(rich.text) > MAX_CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    return rich


def _reply_target(params: Params, chat: Chat) -> int | None:
    reply = params.get("reply_parameters") or {
        "message_id": params.get("reply_to_message_id"),
        "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
    }
    message_id = reply.get("message_id")
    if message_id is None:
        return None
    target = chat.messages.get(message_id)
    if target is not None and not target.deleted:
        return target.message_id
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _message(world: World, params: Params, chat_field: str, missing: str) -> Message:
    chat = world.chat(params.text(chat_field))
    message = chat.messages.get(params.number("message_id", 0))
    if message is None or message.deleted:
        raise bad_request(missing)
    return message


def _own_message(world: World, params: Params) -> Message:
    message = _message(world, params, "chat_id", "message to edit not found")
    if message.sender is not world.bot or "forward_origin" in message.extra:
        raise bad_request("message can't be edited")
    return message


def _edit(world: World, message: Message, params: Params, rich: RichText, source: str) -> dict[str, Any]:
    markup = inline_part(checked_markup(params.get("reply_markup")))
    if rich == message.rich and markup == inline_part(message.markup):
        raise ApiError(400, f"Bad Request: {NOT_MODIFIED}")
    shown_since = message.edit_date or message.date
    message.revisions.append(Revision(message.rich, message.source, message.markup, shown_since))
    message.rich, message.source, message.markup = rich, source, markup
    message.parse_mode = params.text("parse_mode") or message.parse_mode
    message.edit_date = world.now()
    return message.as_json()


def _repeated(world: World, params: Params, chat: Chat, source: Message) -> Message:
    message = new_message(world, params, chat)
    message.rich, message.source = source.rich, source.source
    message.kind, message.attachment, message.file = source.kind, source.attachment, source.file
    return message
