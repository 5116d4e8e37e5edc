"""How a bot calls, and what it learns and says about itself."""

import httpx
import pytest
from telegram import Bot, BotCommand
from telegram.error import BadRequest, EndPointNotFound, InvalidToken

from tests.support.telegram_emulator import TelegramEmulator

from .scene import BA, bot_on


async def test_the_bot_learns_who_it_is(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot, me.can_join_groups) == (123456, "daisuso_bot", True, True)


async def test_another_token_is_unauthorized(telegram: TelegramEmulator) -> None:
    stranger = bot_on(telegram, token="123456:WRONG")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


def test_a_refusal_is_json_with_code_and_description(telegram: TelegramEmulator) -> None:
    answer = httpx.get(f"{telegram.base_url}123456:WRONG/getMe", trust_env=False)
    assert answer.status_code == 401
    assert answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(telegram: TelegramEmulator, bot: Bot) -> None:
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendGreetings")
    assert [call.status for call in telegram.calls("sendGreetings")] == [404]


def test_methods_take_query_form_and_json_and_any_case(telegram: TelegramEmulator) -> None:
    telegram.add_user(BA, "Ba")
    url = f"{telegram.base_url}{telegram.token}/SENDmessage"
    httpx.get(url, params={"chat_id": BA, "text": "một"}, trust_env=False)
    httpx.post(url, data={"chat_id": BA, "text": "hai"}, trust_env=False)
    httpx.post(url, json={"chat_id": BA, "text": "ba"}, trust_env=False)
    assert [message.visible_text for message in telegram.messages_to(BA)] == ["một", "hai", "ba"]
    assert [call.params["chat_id"] for call in telegram.calls("sendMessage")] == [BA, BA, BA]


async def test_commands_and_descriptions_are_kept_by_audience(telegram: TelegramEmulator, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("ghi", "Ghi đợt hỗ trợ")])
    await bot.set_my_commands([BotCommand("log", "Log a visit")], language_code="en")
    assert [command.command for command in await bot.get_my_commands()] == ["ghi"]
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    assert [command.command for command in await bot.get_my_commands(language_code="en")] == ["log"]
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Ghi", "Ghi đợt hỗ trợ")])
    await bot.set_my_description("Hỏi đáp VNeID")
    await bot.set_my_short_description("Đại sứ số")
    assert (await bot.get_my_description()).description == "Hỏi đáp VNeID"
    assert (await bot.get_my_short_description()).short_description == "Đại sứ số"


async def test_a_chat_can_be_looked_up_by_id_and_by_name(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba", "co_ba")
    assert (await bot.get_chat(BA)).first_name == "Ba"
    assert (await bot.get_chat("@co_ba")).id == BA
