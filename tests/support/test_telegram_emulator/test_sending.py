"""What the bot sends: texts, keyboards and files within Telegram's limits, and refusals in its words."""

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest

from tests.support.telegram_emulator import SAMPLE_PNG, TelegramEmulator

from .scene import BA, keyboard, there


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


async def test_files_arrive_with_their_names_and_bytes_and_can_be_sent_again_by_id(
    telegram: TelegramEmulator, bot: Bot
) -> None:
    telegram.add_user(BA, "Ba")
    photo = await bot.send_photo(BA, SAMPLE_PNG, caption="<b>Mã QR</b>", parse_mode="HTML")
    report = await bot.send_document(BA, b"PK\x00\r\n--\xff", filename="Báo cáo tháng 3.docx")
    await bot.send_voice(BA, b"OggS")
    await bot.send_document(BA, there(report.document).file_id)
    seen = telegram.messages_to(BA)
    assert [message.kind for message in seen] == ["photo", "document", "voice", "document"]
    assert (seen[0].visible_text, there(seen[0].file).content) == ("Mã QR", SAMPLE_PNG)
    for message in (seen[1], seen[3]):
        file = there(message.file)
        assert (file.name, file.content) == ("Báo cáo tháng 3.docx", b"PK\x00\r\n--\xff")
    edited = await photo.edit_caption("Mã QR mới")
    assert isinstance(edited, Message)
    assert edited.caption == "Mã QR mới"
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
    album: list[InputMediaPhoto | InputMediaDocument] = [
        InputMediaPhoto(SAMPLE_PNG, caption="Trang 1"),
        InputMediaDocument(b"a", filename="a.txt"),
    ]
    first, second = await bot.send_media_group(BA, album)
    assert first.media_group_id == second.media_group_id
    assert [message.kind for message in telegram.messages_to(BA)] == ["photo", "document"]
    with pytest.raises(BadRequest):
        await bot.send_media_group(BA, album[:1])


async def test_places_and_chat_actions_are_sent(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    message = await bot.send_location(BA, 10.5, 105.25)
    assert there(message.location).latitude == 10.5
    assert await bot.send_chat_action(BA, "typing")
    with pytest.raises(BadRequest, match=r"^Wrong parameter action in request$"):
        await bot.send_chat_action(BA, "nhảy múa")
