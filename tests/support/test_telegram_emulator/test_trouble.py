"""Errors, hangs, lost connections, rate limits and restarts on order."""

import asyncio
from datetime import timedelta
from typing import cast

import httpx
import pytest
from telegram import Bot
from telegram.error import Forbidden, NetworkError, RetryAfter, TimedOut

from tests.support.telegram_emulator import DEFAULT_GROUP_ID, TelegramEmulator

from .scene import BA, CHI, texts_of


async def test_planned_errors_come_once_each_and_leave_nothing_behind(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    telegram.fail_next("sendMessage", 429, retry_after=3)
    telegram.fail_next("sendMessage", 502, times=2)
    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(BA, "một")
    assert refusal.value.retry_after == timedelta(seconds=3)
    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(BA, "hai")
    await bot.send_message(BA, "ba")
    assert [message.visible_text for message in telegram.messages_to(BA)] == ["ba"]
    assert [call.status for call in telegram.calls("sendMessage")] == [429, 502, 502, 200]


async def test_a_planned_refusal_can_have_its_own_words(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    telegram.fail_next("sendmessage", 403)
    telegram.fail_next("sendMessage", 403, description="Forbidden: user is deactivated")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(BA, "?")
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(BA, "?")


@pytest.mark.parametrize(("after_effect", "arrived"), [(True, ["một"]), (False, [])])
async def test_an_answer_that_never_comes_in_time_may_or_may_not_have_taken_effect(
    telegram: TelegramEmulator, impatient_bot: Bot, after_effect: bool, arrived: list[str]
) -> None:
    telegram.add_user(BA, "Ba")
    telegram.hang_next("sendMessage", 60, after_effect=after_effect)
    with pytest.raises(TimedOut):
        await impatient_bot.send_message(BA, "một")
    assert [message.visible_text for message in telegram.messages_to(BA)] == arrived
    await impatient_bot.send_message(BA, "hai")
    assert [call.status for call in telegram.calls("sendMessage")] == [None, 200]


async def test_a_short_hang_is_only_a_late_answer(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.hang_next("getMe", 0.1)
    assert (await bot.get_me()).is_bot


@pytest.mark.parametrize(("after_effect", "arrived"), [(True, ["một"]), (False, [])])
async def test_a_dropped_connection_may_or_may_not_have_taken_effect(
    telegram: TelegramEmulator, bot: Bot, after_effect: bool, arrived: list[str]
) -> None:
    telegram.add_user(BA, "Ba")
    telegram.drop_connection_next("sendMessage", after_effect=after_effect)
    with pytest.raises(NetworkError, match=r"RemoteProtocolError|ReadError"):
        await bot.send_message(BA, "một")
    assert [message.visible_text for message in telegram.messages_to(BA)] == arrived
    await bot.send_message(BA, "hai")


async def test_one_chat_takes_one_message_a_second(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    telegram.add_user(CHI, "Chi")
    telegram.limit_rates(per_chat_per_second=1)
    await bot.send_message(BA, "một")
    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(BA, "hai")
    assert refusal.value.retry_after == timedelta(seconds=1)
    await bot.send_message(CHI, "một")
    await asyncio.sleep(1)
    await bot.send_message(BA, "hai")
    assert telegram.total_sent() == 3


async def test_all_chats_together_have_a_limit_and_so_has_a_group(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.user_says(BA, "a", group=True)
    telegram.user_says(BA, "a")
    telegram.limit_rates(global_per_second=2)
    await bot.send_message(BA, "một")
    await bot.send_message(DEFAULT_GROUP_ID, "hai")
    with pytest.raises(RetryAfter):
        await bot.send_message(BA, "ba")
    telegram.limit_rates(per_group_per_minute=1)
    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(DEFAULT_GROUP_ID, "bốn")
    assert timedelta(seconds=55) < cast(timedelta, refusal.value.retry_after) <= timedelta(seconds=60)
    telegram.limit_rates()
    await bot.send_message(DEFAULT_GROUP_ID, "năm")


async def test_the_emulator_restarts_on_its_port_with_everything_kept(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.user_says(BA, "trước")
    address = telegram.base_url
    poll = asyncio.create_task(bot.get_updates(offset=telegram.last_update_id + 1, timeout=20))
    await telegram.wait_until_async(lambda: telegram.calls("getUpdates"))
    await asyncio.to_thread(telegram.stop)
    with pytest.raises(NetworkError):
        await poll
    with pytest.raises(NetworkError, match="ConnectError"):
        await bot.send_message(BA, "?")
    telegram.user_says(BA, "trong lúc dừng")
    telegram.start()
    assert telegram.base_url == address
    assert await texts_of(bot) == ["trong lúc dừng"]
    assert (await bot.send_message(BA, "sau")).message_id == 3


def test_waiting_in_vain_tells_what_the_bot_did(telegram: TelegramEmulator) -> None:
    telegram.add_user(BA, "Ba")
    httpx.get(f"{telegram.base_url}{telegram.token}/getMe", trust_env=False)
    with pytest.raises(TimeoutError, match="getMe -> 200"):
        telegram.wait_until(lambda: telegram.last_message_to(BA), timeout=0.05)
