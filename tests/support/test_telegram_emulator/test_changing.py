"""Messages that change: edited, deleted, copied, pressed; and chats that close."""

from datetime import UTC, datetime

import pytest
from telegram import Bot, Message
from telegram.error import BadRequest, Forbidden

from tests.support.telegram_emulator import DEFAULT_GROUP_ID, Button, TelegramEmulator

from .scene import BA, CHI, NOT_MODIFIED, keyboard, there, updates_of


async def test_an_edit_changes_the_message_in_place_and_the_earlier_version_is_remembered(
    telegram: TelegramEmulator, bot: Bot
) -> None:
    telegram.add_user(BA, "Ba")
    sent = await bot.send_message(BA, "Bước 1", reply_markup=keyboard([("Tiếp", "b:2")]))
    edited = await bot.edit_message_text("<b>Bước 2</b>", BA, sent.message_id, parse_mode="HTML")
    assert isinstance(edited, Message)
    assert edited.edit_date is not None
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


async def test_messages_are_copied_and_forwarded(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(CHI, "Chi")
    first_said = datetime(2026, 3, 5, 7, 30, tzinfo=UTC)
    message_id = telegram.user_says(BA, "Cảnh báo lừa đảo", date=first_said)
    copy = await bot.copy_message(CHI, BA, message_id)
    forward = await bot.forward_message(CHI, BA, message_id)
    assert there(forward.forward_origin).date == first_said
    assert [(m.message_id, m.visible_text) for m in telegram.messages_to(CHI)] == [
        (copy.message_id, "Cảnh báo lừa đảo"),
        (forward.message_id, "Cảnh báo lừa đảo"),
    ]
    with pytest.raises(BadRequest, match=r"^Message to copy not found$"):
        await bot.copy_message(CHI, BA, 999)


async def test_a_pressed_button_reaches_the_bot_and_can_be_answered(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    sent = await bot.send_message(BA, "Giúp được không?", reply_markup=keyboard([("Có", "yes"), ("Không", "no")]))
    query_id = telegram.user_presses(BA, sent.message_id, telegram.last_message_to(BA).button("Không").data)
    (update,) = await updates_of(bot)
    query = there(update.callback_query)
    assert (query.id, query.data, query.from_user.id) == (query_id, "no", BA)
    assert there(query.message).message_id == sent.message_id
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
    after_edit, after_delete = [there(update.callback_query) for update in await updates_of(bot)]
    assert there(after_edit.message).is_accessible
    assert not there(after_delete.message).is_accessible


async def test_who_blocks_the_bot_is_reported_and_can_not_be_written_to(telegram: TelegramEmulator, bot: Bot) -> None:
    telegram.add_user(BA, "Ba")
    telegram.user_blocks(BA)
    with pytest.raises(Forbidden, match=r"^Forbidden: bot was blocked by the user$"):
        await bot.send_message(BA, "?")
    with pytest.raises(ValueError, match="unblock"):
        telegram.user_says(BA, "?")
    telegram.user_unblocks(BA)
    await bot.send_message(BA, "Chào bác trở lại")
    changes = [there(update.my_chat_member) for update in await updates_of(bot)]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]
