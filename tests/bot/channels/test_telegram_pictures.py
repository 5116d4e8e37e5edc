"""Charts over Telegram: a photo with its text under it, once, whatever the line does."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from PIL import Image

from bot.channels import telegram_messages
from bot.messages import Button, Picture, Reply
from bot.service import TIME_ZONE
from db.outreach import members
from db.outreach.models import OutcomeCode
from tests.bot.channels.test_telegram_files import HOA, becomes_a_member
from tests.support import outreach
from tests.support.outreach import visit
from tests.support.telegram_bot import TelegramBot
from tests.support.telegram_emulator import SentMessage, TelegramEmulator

pytestmark = pytest.mark.servers


@pytest.fixture
async def member(telegram: TelegramEmulator, bot: TelegramBot) -> None:
    """Has logged a visit today."""
    await becomes_a_member(telegram, bot)
    async with bot.database.transaction() as session:
        place = await outreach.hamlet(session, "3")
        [who] = await members.all_of(session, place.commune)
        day = datetime.now(TIME_ZONE).date()
        content = visit(place, people=2, occurred_on=day, outcomes={OutcomeCode.VNEID_LEVEL2: 2})
        await outreach.log(session, content, by=who)


async def photos(bot: TelegramBot) -> list[SentMessage]:
    return [message for message in await bot.messages_to(HOA) if message.kind == "photo"]


@pytest.mark.usefixtures("member")
async def test_a_chart_arrives_with_its_text_and_buttons(telegram: TelegramEmulator, bot: TelegramBot) -> None:
    telegram.user_says(HOA, "/thongke")
    [photo] = await photos(bot)
    assert photo.file is not None
    assert Image.open(io.BytesIO(photo.file.content)).format == "PNG"
    assert "Bác đã ghi 1 đợt, 2 lượt người" in photo.visible_text
    telegram.user_presses(HOA, photo.message_id, photo.button("Kỳ trước").data)
    assert "chưa ghi đợt nào" in (await bot.said_to(HOA))[-1]


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("after_effect", [True, False])
async def test_a_dropped_line_neither_doubles_nor_loses_it(
    telegram: TelegramEmulator, bot: TelegramBot, after_effect: bool
) -> None:
    telegram.drop_connection_next("sendPhoto", after_effect=after_effect)
    telegram.user_says(HOA, "/thongke")
    assert len(await photos(bot)) == 1


@pytest.mark.usefixtures("member")
async def test_one_sent_while_telegram_is_busy_comes_once(telegram: TelegramEmulator, bot: TelegramBot) -> None:
    telegram.fail_next("sendPhoto", 502)
    telegram.user_says(HOA, "/thongke")
    assert len(await photos(bot)) == 1


def test_a_text_too_long_for_a_caption_comes_before_in_messages_of_its_own() -> None:
    buttons = ((Button("Kỳ trước", "do:tk:2026-10"),),)
    reply = Reply("Một dòng khá dài của bác. " * 60, buttons, picture=Picture("qr", "Mã", text="x"))
    *before, last = telegram_messages.split(reply)
    assert [(part.picture, part.buttons) for part in before] == [(None, ())] * len(before)
    assert (last.picture, last.buttons) == (reply.picture, buttons)
    assert len(last.text) <= telegram_messages.CAPTION_LIMIT
