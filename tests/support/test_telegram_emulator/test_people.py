"""What people send arrives as Telegram would tell it."""

import threading
from datetime import UTC, datetime

import pytest
from telegram import Bot
from telegram.error import BadRequest

from tests.support.telegram_emulator import DEFAULT_GROUP_ID, FileContent, TelegramEmulator

from .scene import BA, CHI, SUPERGROUP, messages_of, there, updates_of


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
    assert message.parse_entities() == {message.entities[0]: "/ghi@daisuso_bot", message.entities[1]: "@to_cong_nghe"}
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
    assert there(message.reply_to_message).text == "Hộ nào?"


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
    assert there(said.message).text == "ấp 3"
    change = there(edited.edited_message)
    assert (change.message_id, change.text) == (message_id, "ấp 4")
    assert change.edit_date is not None
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
    assert there(place.location).longitude == 105.1
    assert there(contact.contact).phone_number == "+84912345678"
    assert there(sticker.sticker).width == 512
    assert there(voice.voice).mime_type == "audio/ogg"
    assert (photo.photo[-1].width, photo.caption) == (1, "/anh giấy tờ")
    assert photo.caption_entities[0].type == "bot_command"
    assert there(document.document).file_name == "Sổ hộ.xlsx"
    downloaded = await (await there(document.document).get_file()).download_as_bytearray()
    assert bytes(downloaded) == b"PK..."
    with pytest.raises(ValueError, match="poll"):
        telegram.user_sends(BA, "poll")


async def test_people_send_what_moves_and_sounds(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.user_sends(BA, "video", album="a1")
    telegram.user_sends(BA, "video_note")
    telegram.user_sends(BA, "audio")
    telegram.user_sends(BA, "animation")
    video, video_note, audio, animation = await messages_of(bot)
    assert (there(video.video).width, video.media_group_id) == (640, "a1")
    assert there(video_note.video_note).length == 240
    assert there(audio.audio).file_name == "bài hát.mp3"
    assert there(animation.animation).file_id == there(animation.document).file_id


async def test_who_joins_a_group_is_announced_in_it(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.user_joins(BA)
    (message,) = await messages_of(bot)
    assert (message.chat.id, message.text) == (DEFAULT_GROUP_ID, None)
    assert [member.id for member in message.new_chat_members] == [BA]


async def test_a_file_above_20_megabytes_can_not_be_downloaded(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.user_sends(BA, "document", file_size=20 * 1024 * 1024 + 1)
    (message,) = await messages_of(bot)
    with pytest.raises(BadRequest, match=r"^File is too big$"):
        await there(message.document).get_file()
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
