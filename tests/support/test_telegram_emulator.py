"""The emulator, driven over HTTP by python-telegram-bot as a bot would: each rule of Telegram's that tests lean on."""

import asyncio
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import (
    Application,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from tests.support.telegram_emulator import DEFAULT_GROUP_ID, SAMPLE_PNG, Button, FileContent, TelegramEmulator
from tests.support.telegram_emulator.http_server import Connections, HttpServer

BA = 7  # a citizen
CHI = 8  # another one
SUPERGROUP = -1_001_234_567_890
PATIENCE = 0.3  # seconds that the impatient bot waits for an answer
NOT_MODIFIED = (
    "Message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@pytest.fixture(autouse=True)
def no_deprecated_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """RetryAfter of python-telegram-bot 22 warns when it is made, unless it may use timedelta."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def telegram() -> Iterator[TelegramEmulator]:
    with TelegramEmulator() as emulator:
        yield emulator


def bot_on(telegram: TelegramEmulator, token: str | None = None, patience: float = 5.0) -> Bot:
    def request() -> HTTPXRequest:
        return HTTPXRequest(read_timeout=patience, httpx_kwargs={"trust_env": False, "verify": False})

    return Bot(
        token or telegram.token,
        base_url=telegram.base_url,
        base_file_url=telegram.base_file_url,
        request=request(),
        get_updates_request=request(),
    )


@pytest.fixture
async def bot(telegram: TelegramEmulator) -> AsyncIterator[Bot]:
    async with bot_on(telegram) as bot:
        yield bot


@pytest.fixture
async def impatient_bot(telegram: TelegramEmulator) -> AsyncIterator[Bot]:
    async with bot_on(telegram, patience=PATIENCE) as bot:
        yield bot


def keyboard(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )


async def updates_of(bot: Bot, offset: int | None = None) -> list[Update]:
    return list(await bot.get_updates(offset=offset, timeout=0))


async def texts_of(bot: Bot, offset: int | None = None) -> list[str]:
    return [str(update.effective_message and update.effective_message.text) for update in await updates_of(bot, offset)]


async def messages_of(bot: Bot) -> list[Message]:
    return [update.effective_message for update in await updates_of(bot) if update.effective_message]


# --- who the bot is, and how it may call ------------------------------------------------------------------------------


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


# --- what people send --------------------------------------------------------------------------------------------------


async def test_private_chats_and_basic_groups_share_one_counter_of_message_ids(
    telegram: TelegramEmulator, bot: Bot
) -> None:
    first = telegram.user_says(BA, "a")
    answer = await bot.send_message(BA, "b")
    in_group = telegram.user_says(CHI, "c", group=True)
    last = telegram.user_says(CHI, "d")
    assert [first, answer.message_id, in_group, last] == [1, 2, 3, 4]


async def test_a_supergroup_counts_its_own_message_ids(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.user_says(BA, "a")
    assert telegram.user_says(BA, "b", chat_id=SUPERGROUP) == 1
    assert (await bot.send_message(SUPERGROUP, "c")).message_id == 2
    assert telegram.user_says(BA, "d") == 2


async def test_commands_and_mentions_are_marked_in_utf16_units(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.user_says(BA, "😀 /ghi@daisuso_bot ấp 3 gửi @to_cong_nghe và 1/2 email a@b.vn")
    (message,) = await messages_of(bot)
    assert message.parse_entities() == {
        message.entities[0]: "/ghi@daisuso_bot",
        message.entities[1]: "@to_cong_nghe",
    }
    assert [entity.type for entity in message.entities] == ["bot_command", "mention"]
    assert message.entities[0].offset == 3


async def test_messages_come_from_the_chat_where_they_were_said(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba", "co_ba")
    telegram.user_says(BA, "riêng")
    telegram.user_says(BA, "nhóm", group=True)
    telegram.user_says(BA, "nhóm lớn", chat_id=SUPERGROUP)
    chats = [message.chat for message in await messages_of(bot)]
    assert [(chat.id, chat.type) for chat in chats] == [
        (BA, "private"),
        (DEFAULT_GROUP_ID, "group"),
        (SUPERGROUP, "supergroup"),
    ]
    assert (chats[0].first_name, chats[0].username) == ("Ba", "co_ba")


async def test_a_reply_carries_the_message_it_answers(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    question = await bot.send_message(BA, "Hộ nào?")
    telegram.user_says(BA, "hộ 12", reply_to=question.message_id)
    (message,) = await messages_of(bot)
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "Hộ nào?"


async def test_a_late_message_keeps_its_own_id_and_date(telegram: TelegramEmulator, bot: Bot) -> None:
    sent_at = datetime(2026, 3, 5, 7, 30, tzinfo=UTC)
    assert telegram.user_says(BA, "muộn", message_id=500, date=sent_at) == 500
    assert telegram.user_says(BA, "sau") == 501
    assert [(m.message_id, m.date) for m in await messages_of(bot)][:1] == [(500, sent_at)]
    with pytest.raises(ValueError, match="time zone"):
        telegram.user_says(BA, "?", date=datetime(2026, 3, 5))  # noqa: DTZ001 - the point of the test


async def test_the_same_message_id_can_come_with_other_content(telegram: TelegramEmulator, bot: Bot) -> None:
    message_id = telegram.user_says(BA, "hộ 12: 2 người")
    telegram.user_says(BA, "hộ 12: 5 người", message_id=message_id)
    assert [(m.message_id, m.text) for m in await messages_of(bot)] == [
        (message_id, "hộ 12: 2 người"),
        (message_id, "hộ 12: 5 người"),
    ]
    answer = await bot.send_message(BA, "Đã ghi")
    with pytest.raises(ValueError, match="the bot's"):
        telegram.user_says(BA, "?", message_id=answer.message_id)


async def test_an_edited_message_arrives_as_one(telegram: TelegramEmulator, bot: Bot) -> None:
    message_id = telegram.user_says(BA, "ấp 3")
    telegram.user_edits(BA, message_id, "ấp 4")
    said, edited = await updates_of(bot)
    assert said.message is not None and said.message.text == "ấp 3"
    assert edited.edited_message is not None
    assert (edited.edited_message.message_id, edited.edited_message.text) == (message_id, "ấp 4")
    with pytest.raises(LookupError):
        telegram.user_edits(CHI, message_id, "của người khác")


async def test_people_send_places_contacts_and_files(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.user_sends(BA, "location", location=(10.5, 105.1))
    telegram.user_sends(BA, "contact", phone_number="+84912345678")
    telegram.user_sends(BA, "sticker")
    telegram.user_sends(BA, "voice")
    telegram.user_sends(BA, "photo", caption="/anh giấy tờ")
    telegram.user_sends(BA, "document", file=FileContent("Sổ hộ.xlsx", b"PK..."))
    place, contact, sticker, voice, photo, document = await messages_of(bot)
    assert place.location is not None and place.location.longitude == 105.1
    assert contact.contact is not None and contact.contact.phone_number == "+84912345678"
    assert sticker.sticker is not None and voice.voice is not None
    assert photo.photo[-1].width == 1 and photo.caption == "/anh giấy tờ"
    assert photo.caption_entities[0].type == "bot_command"
    assert document.document is not None and document.document.file_name == "Sổ hộ.xlsx"
    downloaded = await (await document.document.get_file()).download_as_bytearray()
    assert bytes(downloaded) == b"PK..."
    with pytest.raises(ValueError, match="poll"):
        telegram.user_sends(BA, "poll")


async def test_a_file_above_20_megabytes_can_not_be_downloaded(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.user_sends(BA, "document", file_size=20 * 1024 * 1024 + 1)
    (message,) = await messages_of(bot)
    assert message.document is not None
    with pytest.raises(BadRequest, match=r"^File is too big$"):
        await message.document.get_file()
    with pytest.raises(BadRequest, match="Wrong file_id"):
        await bot.get_file("không có")


async def test_many_threads_speak_at_once_and_no_message_is_lost(telegram: TelegramEmulator, bot: Bot) -> None:
    speakers = [
        threading.Thread(target=lambda user=user: [telegram.user_says(user, str(n)) for n in range(10)])
        for user in range(1, 9)
    ]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()
    messages = await messages_of(bot)
    assert sorted(message.message_id for message in messages) == list(range(1, 81))


# --- what the bot sends --------------------------------------------------------------------------------------------------


async def test_html_becomes_visible_text_and_entities(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    source = ' <b>😀 Lệ <i>phí</i></b>: &lt;0 đồng&gt; <a href="https://dichvucong.gov.vn">xem</a> '
    message = await bot.send_message(BA, source, parse_mode="HTML")
    assert message.text == "😀 Lệ phí: <0 đồng> xem"
    assert [(entity.type, text) for entity, text in message.parse_entities().items()] == [
        ("bold", "😀 Lệ phí"),
        ("italic", "phí"),
        ("text_link", "xem"),
    ]
    seen = telegram.last_message_to(BA)
    assert (seen.text, seen.visible_text, seen.parse_mode) == (source, message.text, "HTML")


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("lệ <phí>", 'Unsupported start tag "phí" at byte offset 5'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ('<a href="x>a</a>', 'Unclosed start tag "a" at byte offset 0'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ('<span class="x">a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_broken_html_is_refused(telegram: TelegramEmulator, bot: Bot, html: str, reason: str) -> None:
    telegram.add_user(BA, "Ba")
    with pytest.raises(BadRequest):
        await bot.send_message(BA, html, parse_mode="HTML")
    assert telegram.calls("sendMessage")[-1].error == f"Bad Request: can't parse entities: {reason}"
    assert telegram.total_sent() == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Message text is empty"),
        (" \n ", "Text must be non-empty"),
        ("<b></b>", "Text must be non-empty"),
        ("a" * 4097, "Message is too long"),
        ("😀" * 2049, "Message is too long"),
    ],
)
async def test_empty_and_too_long_texts_are_refused(
    telegram: TelegramEmulator, bot: Bot, text: str, reason: str
) -> None:
    telegram.add_user(BA, "Ba")
    with pytest.raises(BadRequest) as refusal:
        await bot.send_message(BA, text, parse_mode="HTML")
    assert refusal.value.message == reason


async def test_the_length_counts_after_parsing(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    await bot.send_message(BA, f"<b>{'&amp;' * 4096}</b>", parse_mode="HTML")
    assert telegram.last_message_to(BA).visible_text == "&" * 4096


async def test_an_unknown_chat_is_not_found(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"^Chat not found$"):
        await bot.send_message(404, "?")


async def test_a_reply_to_nothing_is_refused_unless_allowed(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    with pytest.raises(BadRequest, match=r"^Message to be replied not found$"):
        await bot.send_message(BA, "?", reply_parameters=ReplyParameters(99))
    await bot.send_message(BA, "!", reply_parameters=ReplyParameters(99, allow_sending_without_reply=True))
    question = telegram.user_says(BA, "lệ phí?")
    await bot.send_message(BA, "0 đồng", reply_parameters=ReplyParameters(question))
    assert [message.reply_to for message in telegram.messages_to(BA)] == [None, question]


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (keyboard([("Đúng", "ấ" * 21 + "ab")]), "BUTTON_DATA_INVALID"),
        (keyboard(*[[(str(n), str(n))] for n in range(101)]), "reply markup is too long"),
        (
            InlineKeyboardMarkup([[InlineKeyboardButton("Trống", callback_data="")]]),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            InlineKeyboardMarkup([[InlineKeyboardButton("Trang", url="http://localhost:8000/")]]),
            "inline keyboard button URL 'http://localhost:8000/' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_keyboards_beyond_the_limits_are_refused(
    telegram: TelegramEmulator, bot: Bot, markup: InlineKeyboardMarkup, reason: str
) -> None:
    telegram.add_user(BA, "Ba")
    with pytest.raises(BadRequest):
        await bot.send_message(BA, "?", reply_markup=markup)
    assert telegram.calls("sendMessage")[-1].error == f"Bad Request: {reason}"


async def test_keyboards_at_the_limits_are_shown(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    await bot.send_message(BA, "?", reply_markup=keyboard(*[[(str(n), "ấ" * 21)] for n in range(100)]))
    buttons = telegram.last_message_to(BA).buttons
    assert len(buttons) == 100
    assert buttons[99] == [("99", "ấ" * 21)]
    await bot.send_message(BA, "?", reply_markup=ReplyKeyboardMarkup([["Ghi đợt hỗ trợ"], ["Số của tôi"]]))
    assert telegram.last_message_to(BA).reply_keyboard == [["Ghi đợt hỗ trợ"], ["Số của tôi"]]


async def test_an_edit_changes_the_message_in_place_and_the_earlier_version_is_remembered(
    telegram: TelegramEmulator, bot: Bot
) -> None:
    telegram.add_user(BA, "Ba")
    sent = await bot.send_message(BA, "Bước 1", reply_markup=keyboard([("Tiếp", "b:2")]))
    edited = await bot.edit_message_text("<b>Bước 2</b>", BA, sent.message_id, parse_mode="HTML")
    assert isinstance(edited, Message) and edited.edit_date is not None
    (seen,) = telegram.messages_to(BA)
    assert (seen.message_id, seen.visible_text, seen.buttons) == (sent.message_id, "Bước 2", [])
    assert [(old.text, old.buttons) for old in seen.edits] == [("Bước 1", [[Button("Tiếp", "b:2")]])]
    assert telegram.total_sent() == 1


async def test_an_edit_that_changes_nothing_is_refused(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    markup = keyboard([("Có", "yes")])
    sent = await bot.send_message(BA, "Đúng không?", reply_markup=markup)
    with pytest.raises(BadRequest) as refusal:
        await bot.edit_message_text("Đúng không?", BA, sent.message_id, reply_markup=markup)
    assert refusal.value.message == NOT_MODIFIED
    await bot.edit_message_reply_markup(BA, sent.message_id)
    with pytest.raises(BadRequest) as refusal:
        await bot.edit_message_reply_markup(BA, sent.message_id)
    assert refusal.value.message == NOT_MODIFIED
    assert telegram.last_message_to(BA).buttons == []


async def test_only_own_messages_that_are_still_there_can_be_edited(telegram: TelegramEmulator, bot: Bot) -> None:
    theirs = telegram.user_says(BA, "xin chào")
    with pytest.raises(BadRequest, match=r"^Message can't be edited$"):
        await bot.edit_message_text("khác", BA, theirs)
    with pytest.raises(BadRequest, match=r"^Message to edit not found$"):
        await bot.edit_message_text("khác", BA, 999)
    own = await bot.send_message(BA, "chào bác")
    await bot.delete_message(BA, own.message_id)
    with pytest.raises(BadRequest, match=r"^Message to edit not found$"):
        await bot.edit_message_text("khác", BA, own.message_id)


async def test_a_deleted_message_is_gone_for_people_and_can_not_be_deleted_twice(
    telegram: TelegramEmulator, bot: Bot
) -> None:
    telegram.user_says(BA, "a", group=True)
    sent = await bot.send_message(DEFAULT_GROUP_ID, "nhầm")
    await bot.delete_message(DEFAULT_GROUP_ID, sent.message_id)
    assert telegram.messages_to(DEFAULT_GROUP_ID) == []
    assert [message.deleted for message in telegram.messages_to(DEFAULT_GROUP_ID, with_deleted=True)] == [True]
    with pytest.raises(BadRequest, match=r"^Message to delete not found$"):
        await bot.delete_message(DEFAULT_GROUP_ID, sent.message_id)


async def test_other_peoples_messages_can_be_deleted_in_private_chats_only_and_for_48_hours(
    telegram: TelegramEmulator, bot: Bot
) -> None:
    assert await bot.delete_message(BA, telegram.user_says(BA, "OTP của tôi là ..."))
    with pytest.raises(BadRequest, match=r"^Message can't be deleted$"):
        await bot.delete_message(DEFAULT_GROUP_ID, telegram.user_says(BA, "a", group=True))
    with pytest.raises(BadRequest, match=r"^Message can't be deleted for everyone$"):
        await bot.delete_message(BA, telegram.user_says(BA, "cũ", date=datetime(2020, 1, 1, tzinfo=UTC)))


async def test_files_arrive_with_their_names_and_bytes_and_can_be_sent_again_by_id(
    telegram: TelegramEmulator, bot: Bot
) -> None:
    telegram.add_user(BA, "Ba")
    photo = await bot.send_photo(BA, SAMPLE_PNG, caption="<b>Mã QR</b>", parse_mode="HTML")
    report = await bot.send_document(BA, b"PK\x00\r\n--\xff", filename="Báo cáo tháng 3.docx")
    await bot.send_voice(BA, b"OggS")
    assert report.document is not None
    await bot.send_document(BA, report.document.file_id)
    seen = telegram.messages_to(BA)
    assert [message.kind for message in seen] == ["photo", "document", "voice", "document"]
    assert seen[0].visible_text == "Mã QR" and seen[0].file is not None and seen[0].file.content == SAMPLE_PNG
    assert seen[1].file is not None and seen[3].file == seen[1].file
    assert (seen[1].file.name, seen[1].file.content) == ("Báo cáo tháng 3.docx", b"PK\x00\r\n--\xff")
    edited = await photo.edit_caption("Mã QR mới")
    assert isinstance(edited, Message) and edited.caption == "Mã QR mới"
    with pytest.raises(BadRequest, match=r"^There is no text in the message to edit$"):
        await photo.edit_text("khác")


async def test_bad_files_are_refused(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(BA, b"<svg/>")
    with pytest.raises(BadRequest, match="Wrong remote file identifier"):
        await bot.send_document(BA, "không có")
    with pytest.raises(BadRequest, match=r"^Message caption is too long$"):
        await bot.send_document(BA, b"a", caption="a" * 1025)


async def test_an_album_arrives_as_several_messages(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    album: list[InputMediaPhoto | InputMediaDocument] = [InputMediaPhoto(SAMPLE_PNG, caption="Trang 1"), InputMediaDocument(b"a", filename="a.txt")]
    first, second = await bot.send_media_group(BA, album)
    assert first.media_group_id == second.media_group_id
    assert [message.kind for message in telegram.messages_to(BA)] == ["photo", "document"]
    with pytest.raises(BadRequest):
        await bot.send_media_group(BA, album[:1])


async def test_places_and_chat_actions_are_sent(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    message = await bot.send_location(BA, 10.5, 105.25)
    assert message.location is not None and message.location.latitude == 10.5
    assert await bot.send_chat_action(BA, "typing")
    with pytest.raises(BadRequest, match=r"^Wrong parameter action in request$"):
        await bot.send_chat_action(BA, "nhảy múa")


async def test_messages_are_copied_and_forwarded(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(CHI, "Chi")
    message_id = telegram.user_says(BA, "Cảnh báo lừa đảo")
    copy = await bot.copy_message(CHI, BA, message_id)
    forward = await bot.forward_message(CHI, BA, message_id)
    assert forward.forward_origin is not None
    assert [(m.message_id, m.visible_text) for m in telegram.messages_to(CHI)] == [
        (copy.message_id, "Cảnh báo lừa đảo"),
        (forward.message_id, "Cảnh báo lừa đảo"),
    ]
    with pytest.raises(BadRequest, match=r"^Message to copy not found$"):
        await bot.copy_message(CHI, BA, 999)


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


# --- buttons, blocking --------------------------------------------------------------------------------------------------


async def test_a_pressed_button_reaches_the_bot_and_can_be_answered(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    sent = await bot.send_message(BA, "Giúp được không?", reply_markup=keyboard([("Có", "yes"), ("Không", "no")]))
    query_id = telegram.user_presses(BA, sent.message_id, telegram.last_message_to(BA).button("Không").data)
    (update,) = await updates_of(bot)
    query = update.callback_query
    assert query is not None and (query.id, query.data, query.from_user.id) == (query_id, "no", BA)
    assert query.message is not None and query.message.message_id == sent.message_id
    assert await query.answer("Cảm ơn bác")
    with pytest.raises(BadRequest, match=r"^Query is too old and response timeout expired or query id is invalid$"):
        await bot.answer_callback_query("12345")
    with pytest.raises(LookupError):
        telegram.user_presses(BA, sent.message_id, "maybe")


async def test_a_press_can_grow_too_old_to_answer(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    sent = await bot.send_message(BA, "?", reply_markup=keyboard([("Có", "yes")]))
    query_id = telegram.user_presses(BA, sent.message_id, "yes")
    telegram.expire_presses()
    with pytest.raises(BadRequest, match=r"^Query is too old"):
        await bot.answer_callback_query(query_id)


async def test_a_lagging_phone_presses_buttons_that_are_gone(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    sent = await bot.send_message(BA, "?", reply_markup=keyboard([("Có", "yes")]))
    await bot.edit_message_text("Đã ghi", BA, sent.message_id)
    telegram.user_presses(BA, sent.message_id, "yes")
    await bot.delete_message(BA, sent.message_id)
    telegram.user_presses(BA, sent.message_id, "yes")
    after_edit, after_delete = [update.callback_query for update in await updates_of(bot)]
    assert after_edit is not None and after_edit.message is not None and after_edit.message.is_accessible
    assert after_delete is not None and after_delete.message is not None and not after_delete.message.is_accessible


async def test_who_blocks_the_bot_is_reported_and_can_not_be_written_to(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    telegram.user_blocks(BA)
    with pytest.raises(Forbidden, match=r"^Forbidden: bot was blocked by the user$"):
        await bot.send_message(BA, "?")
    with pytest.raises(ValueError, match="unblock"):
        telegram.user_says(BA, "?")
    telegram.user_unblocks(BA)
    await bot.send_message(BA, "Chào bác trở lại")
    changes = [update.my_chat_member for update in await updates_of(bot)]
    assert [change and change.new_chat_member.status for change in changes] == ["kicked", "member"]


# --- receiving by long poll ---------------------------------------------------------------------------------------------


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
    message_id = telegram.user_says(BA, "một")
    await bot.get_updates(timeout=0)
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
    assert [update.message and update.message.message_id for update in updates] == [3, 2, 1]
    assert [update.update_id - updates[0].update_id for update in updates] == [0, 1, 2]


# --- receiving by webhook -----------------------------------------------------------------------------------------------


@dataclass
class Hook:
    """A webhook target: answers with the planned statuses, then 200; keeps what it got."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)

    async def receive(self, request: Request) -> Response:
        update: dict[str, Any] = await request.json()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.texts.append(update["message"]["text"])
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)


@contextmanager
def hook_target(port: int | None = None) -> Iterator[Hook]:
    hook = Hook()
    server = HttpServer(Starlette(routes=[Route("/hook", hook.receive, methods=["POST"])]), Connections(), port)
    server.start()
    hook.url = f"http://127.0.0.1:{server.port}/hook"
    try:
        yield hook
    finally:
        server.stop()


async def all_delivered(telegram: TelegramEmulator) -> None:
    await telegram.wait_until_async(lambda: telegram.pending_updates() == 0)


async def test_a_webhook_gets_waiting_and_new_updates_with_the_secret(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.user_says(BA, "trước")
    with hook_target() as hook:
        await bot.set_webhook(hook.url, secret_token="bi-mat_1")
        telegram.user_says(BA, "sau")
        await all_delivered(telegram)
    assert hook.texts == ["trước", "sau"]
    assert hook.secrets == ["bi-mat_1", "bi-mat_1"]


async def test_a_webhook_that_fails_gets_the_update_again_and_in_order(telegram: TelegramEmulator, bot: Bot) -> None:
    with hook_target() as hook:
        hook.statuses = [500, 403]
        await bot.set_webhook(hook.url)
        telegram.user_says(BA, "một")
        telegram.user_says(BA, "hai")
        await all_delivered(telegram)
        info = await bot.get_webhook_info()
    assert hook.texts == ["một", "một", "một", "hai"]
    assert info.last_error_message == "Wrong response from the webhook: 403 Forbidden"


async def test_a_chat_whose_updates_fail_does_not_hold_up_another(telegram: TelegramEmulator, bot: Bot) -> None:
    with hook_target() as hook:
        hook.statuses = [500]
        await bot.set_webhook(hook.url)
        with telegram.held_updates():
            telegram.user_says(BA, "ba")
            telegram.user_says(CHI, "chi")
        await all_delivered(telegram)
    assert sorted(hook.texts) == ["ba", "ba", "chi"]


async def test_a_webhook_that_refuses_connections_gets_everything_when_it_is_back(
    telegram: TelegramEmulator, bot: Bot
) -> None:
    with hook_target() as hook:
        url = hook.url
    await bot.set_webhook(url)
    telegram.user_says(BA, "có ai không")
    await telegram.wait_until_async(lambda: telegram.webhook_error() == "Connection refused")
    assert (await bot.get_webhook_info()).pending_update_count == 1
    with hook_target(port=int(url.split(":")[2].split("/")[0])) as hook:
        await all_delivered(telegram)
    assert hook.texts == ["có ai không"]


async def test_an_update_can_be_pushed_twice(telegram: TelegramEmulator, bot: Bot) -> None:
    with hook_target() as hook:
        await bot.set_webhook(hook.url)
        telegram.user_says(BA, "một")
        await all_delivered(telegram)
        telegram.deliver_again(telegram.last_update_id)
        await all_delivered(telegram)
    assert hook.texts == ["một", "một"]


async def test_polling_and_webhook_exclude_each_other(telegram: TelegramEmulator, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await telegram.wait_until_async(lambda: telegram.calls("getUpdates"))
    await bot.set_webhook("https://xa.example.vn/hook")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active; use deleteWebhook"):
        await bot.get_updates(timeout=0)
    await bot.delete_webhook(drop_pending_updates=True)
    assert await updates_of(bot) == []


async def test_a_webhook_needs_https_and_a_plain_secret(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="an https url must be provided"):
        await bot.set_webhook("http://xa.example.vn/hook")
    with pytest.raises(BadRequest, match=r"^Secret token contains unallowed characters$"):
        await bot.set_webhook("https://xa.example.vn/hook", secret_token="bí mật")


# --- what goes wrong ----------------------------------------------------------------------------------------------------


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


# --- whole programs -----------------------------------------------------------------------------------------------------


async def greet(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text("Chào bác", reply_markup=keyboard([("Lệ phí", "fee")]))


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None and update.message.text is not None
    await update.message.reply_text(update.message.text)


async def show_fee(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer()
    await update.callback_query.edit_message_text("0 đồng")


async def test_a_python_telegram_bot_application_polls_answers_and_edits(telegram: TelegramEmulator) -> None:
    bot = bot_on(telegram)
    application: Application[Bot, CallbackContext[Any, Any, Any, Any], Any, Any, Any, Any]
    application = Application.builder().bot(bot).build()
    application.add_handler(CommandHandler("start", greet))
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    application.add_handler(CallbackQueryHandler(show_fee))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(allowed_updates=["message", "callback_query"])
        telegram.user_says(BA, "/start")
        button = await telegram.wait_until_async(lambda: telegram.last_message_to(BA).button("Lệ phí"))
        greeting = telegram.last_message_to(BA)
        telegram.user_presses(BA, greeting.message_id, button.data)
        await telegram.wait_until_async(lambda: telegram.last_message_to(BA).visible_text == "0 đồng")
        telegram.user_says(BA, "cảm ơn")
        await telegram.wait_until_async(lambda: telegram.last_message_to(BA).visible_text == "cảm ơn")
        await application.updater.stop()
        await application.stop()
    assert telegram.total_sent() == 2
    assert telegram.pending_updates() == 0
    assert len(telegram.calls("answerCallbackQuery")) == 1


@pytest.mark.servers
def test_the_emulator_runs_by_itself_to_play_with_by_hand() -> None:
    port = next(port for port in range(19_100, 19_200) if _is_free(port))
    command = [sys.executable, "-m", "tests.support.telegram_emulator", "--port", str(port)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().split() == ["base_url", f"http://127.0.0.1:{port}/bot"]
            assert process.stdout.readline().split() == ["base_file_url", f"http://127.0.0.1:{port}/file/bot"]
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as person:
                said = person.post("/user/says", json={"user_id": BA, "text": "xin chào"})
                assert said.json() == {"result": 1}
                person.post("/bot123456:TEST/sendMessage", json={"chat_id": BA, "text": "chào bác"})
                seen = person.get("/user/messages", params={"chat_id": BA}).json()["result"]
                assert [message["visible_text"] for message in seen] == ["chào bác"]
                assert person.post("/user/presses", json={"user_id": BA}).status_code == 400
                assert person.post("/user/dances", json={}).status_code == 404
        finally:
            process.terminate()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
