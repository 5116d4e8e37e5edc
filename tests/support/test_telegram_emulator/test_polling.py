"""Receiving updates by getUpdates."""

import asyncio
import time

import pytest
from telegram import Bot
from telegram.error import Conflict

from tests.support.telegram_emulator import TelegramEmulator

from .scene import BA, texts_of, there, updates_of


async def test_updates_come_again_until_the_offset_confirms_them(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.user_says(BA, "một")
    telegram.user_says(BA, "hai")
    assert await texts_of(bot) == await texts_of(bot) == ["một", "hai"]
    (first, _) = await updates_of(bot)
    assert await texts_of(bot, offset=first.update_id + 1) == ["hai"]
    assert await texts_of(bot) == ["hai"]
    assert telegram.pending_updates() == 1


async def test_a_limit_and_a_negative_offset_choose_a_part(telegram: TelegramEmulator, bot: Bot) -> None:
    for text in ("một", "hai", "ba"):
        telegram.user_says(BA, text)
    assert len(await bot.get_updates(limit=2, timeout=0)) == 2
    assert await texts_of(bot, offset=-1) == ["ba"]
    assert telegram.pending_updates() == 1


async def test_a_long_poll_wakes_up_when_somebody_speaks(telegram: TelegramEmulator, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await telegram.wait_until_async(lambda: telegram.calls("getUpdates"))
    started = time.monotonic()
    telegram.user_says(BA, "xin chào")
    assert len(await poll) == 1
    assert time.monotonic() - started < 1


async def test_a_long_poll_ends_empty_when_nobody_speaks(bot: Bot) -> None:
    started = time.monotonic()
    assert await bot.get_updates(timeout=1) == ()
    assert 0.9 < time.monotonic() - started < 2


async def test_a_second_poll_ends_the_first_with_a_conflict(telegram: TelegramEmulator, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await telegram.wait_until_async(lambda: telegram.calls("getUpdates"))
    second = asyncio.create_task(bot.get_updates(timeout=20))
    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
        await first
    telegram.user_says(BA, "xin chào")
    assert len(await second) == 1


async def test_the_kinds_that_were_asked_for_last_stay_asked_for(telegram: TelegramEmulator, bot: Bot) -> None:
    await bot.get_updates(timeout=0, allowed_updates=["edited_message"])
    await bot.get_updates(timeout=0)
    message_id = telegram.user_says(BA, "một")
    telegram.user_edits(BA, message_id, "hai")
    assert await texts_of(bot) == ["hai"]
    await bot.get_updates(timeout=0, allowed_updates=[])
    telegram.user_says(BA, "ba")
    assert await texts_of(bot) == ["hai", "ba"]


async def test_an_update_can_be_delivered_twice(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.user_says(BA, "một")
    first = telegram.last_update_id
    telegram.user_says(BA, "hai")
    telegram.deliver_again(first)
    assert [update.update_id for update in await updates_of(bot, offset=first + 1)] == [first, first + 1]
    assert await texts_of(bot, offset=first + 2) == []
    with pytest.raises(LookupError):
        telegram.deliver_again(1)


async def test_held_updates_come_out_of_order_with_rising_update_ids(telegram: TelegramEmulator, bot: Bot) -> None:
    with telegram.held_updates() as held:
        for text in ("một", "hai", "ba"):
            telegram.user_says(BA, text)
        assert await texts_of(bot) == []
        held.reverse()
    updates = await updates_of(bot)
    assert [there(update.message).message_id for update in updates] == [3, 2, 1]
    assert [update.update_id - updates[0].update_id for update in updates] == [0, 1, 2]
