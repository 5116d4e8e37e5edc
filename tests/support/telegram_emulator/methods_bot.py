"""Bot API methods about the bot itself and its chats: who it is, commands, descriptions, button presses, files."""

import json
import re
from typing import Any

from .errors import QUERY_TOO_OLD, bad_request
from .registry import method
from .requests import Params
from .state import MAX_DOWNLOAD, World

MAX_COMMANDS = 100  # Bot API "setMyCommands"
MAX_CALLBACK_ANSWER = 200  # characters, Bot API "answerCallbackQuery"

_COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
_CHAT_ACTIONS = frozenset(
    {
        "choose_sticker",
        "find_location",
        "record_video",
        "record_video_note",
        "record_voice",
        "typing",
        "upload_document",
        "upload_photo",
        "upload_video",
        "upload_video_note",
        "upload_voice",
    }
)


@method("getMe")
def get_me(world: World, params: Params) -> dict[str, Any]:
    return {
        **world.bot.as_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("getChat")
def get_chat(world: World, params: Params) -> dict[str, Any]:
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return {
        **world.chat(params.text("chat_id")).as_json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


@method("sendChatAction")
def send_chat_action(world: World, params: Params) -> bool:
    world.open_chat(params.text("chat_id"))
    if params.text("action") not in _CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


@method("answerCallbackQuery")
def answer_callback_query(world: World, params: Params) -> bool:
    pressed = world.pressed.get(params.text("callback_query_id"))
    if pressed is None or pressed.too_old:
        raise bad_request(QUERY_TOO_OLD)
    if len(params.text("text")) > MAX_CALLBACK_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    return True


@method("getFile")
def get_file(world: World, params: Params) -> dict[str, Any]:
    stored = world.files.get(params.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if stored.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {**stored.as_json(), "file_path": stored.path}


@method("setMyCommands")
def set_my_commands(world: World, params: Params) -> bool:
    commands = params.get("commands") or []
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND_NAME.fullmatch(command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_audience(params)] = commands
    return True


@method("getMyCommands")
def get_my_commands(world: World, params: Params) -> list[dict[str, str]]:
    return world.commands.get(_audience(params), [])


@method("deleteMyCommands")
def delete_my_commands(world: World, params: Params) -> bool:
    world.commands.pop(_audience(params), None)
    return True


@method("setMyDescription")
def set_my_description(world: World, params: Params) -> bool:
    return _describe(world, params, "description", 512)


@method("getMyDescription")
def get_my_description(world: World, params: Params) -> dict[str, str]:
    return {"description": world.descriptions.get(("description", params.text("language_code")), "")}


@method("setMyShortDescription")
def set_my_short_description(world: World, params: Params) -> bool:
    return _describe(world, params, "short_description", 120)


@method("getMyShortDescription")
def get_my_short_description(world: World, params: Params) -> dict[str, str]:
    return {"short_description": world.descriptions.get(("short_description", params.text("language_code")), "")}


def _audience(params: Params) -> tuple[str, str]:
    scope = params.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), params.text("language_code")


def _describe(world: World, params: Params, name: str, longest: int) -> bool:
    text = params.text(name)
    if len(text) > longest:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    world.descriptions[name, params.text("language_code")] = text
    return True
