"""In groups the bot answers only when it is spoken to, in the group, and each person for themselves."""

from __future__ import annotations

import pytest

from content.library import Library
from tests.support.telegram_bot import TelegramBot
from tests.support.telegram_emulator import DEFAULT_GROUP_ID, TelegramEmulator

pytestmark = pytest.mark.servers

BA, CHI = 7, 8  # two neighbours
GROUP = DEFAULT_GROUP_ID
SUPERGROUP = -1_001_234_567_890
PASSWORD, RENEWAL = "quen mat khau", "doi can cuoc"


@pytest.fixture(params=[GROUP, SUPERGROUP], ids=["group", "supergroup"])
def group(request: pytest.FixtureRequest) -> int:
    """A group of either kind."""
    chat_id: int = request.param
    return chat_id


async def test_what_neighbours_say_to_each_other_is_neither_answered_nor_stored(
    telegram: TelegramEmulator, bot: TelegramBot, group: int
) -> None:
    first = telegram.user_says(BA, PASSWORD, chat_id=group)
    telegram.user_says(CHI, "hỏi @to_cong_nghe hay @daisuso_bot2 ấy", chat_id=group)
    telegram.user_says(CHI, "không biết", chat_id=group, reply_to=first)
    telegram.user_sends(CHI, "photo", chat_id=group, caption="đẹp không")
    telegram.user_sends(CHI, "sticker", chat_id=group)
    assert await bot.said_to(group) == []
    assert not any((await bot.stored()).values())


@pytest.mark.parametrize(
    "text", ["@daisuso_bot quen mat khau", "quen mat khau @Daisuso_Bot", "quen @DAISUSO_BOT mat khau"]
)
async def test_who_mentions_the_bot_is_answered_in_the_group_and_the_mention_is_no_part_of_the_question(
    telegram: TelegramEmulator, bot: TelegramBot, group: int, library: Library, text: str
) -> None:
    telegram.user_says(BA, text, chat_id=group)
    [answer] = await bot.said_to(group)
    assert "@" not in bot.nlu.asked[0]
    assert bot.nlu.asked[0].split() == PASSWORD.split()
    assert answer
    assert telegram.messages_to(BA) == []


async def test_a_mention_in_a_caption_counts(telegram: TelegramEmulator, bot: TelegramBot, library: Library) -> None:
    telegram.user_sends(BA, "photo", chat_id=GROUP, caption="@daisuso_bot quen mat khau")
    [answer] = await bot.said_to(GROUP)
    assert answer.startswith(library.articles["vneid.forgot_password"].title)


async def test_a_bare_mention_is_asked_what_it_wants(
    telegram: TelegramEmulator, bot: TelegramBot, library: Library
) -> None:
    telegram.user_says(BA, "@daisuso_bot", chat_id=GROUP)
    assert await bot.said_to(GROUP) == [library.phrases.empty]


async def test_who_replies_to_the_bot_is_answered(
    telegram: TelegramEmulator, bot: TelegramBot, group: int, library: Library
) -> None:
    telegram.user_says(BA, "/menu", chat_id=group)
    [menu] = await bot.messages_to(group)
    telegram.user_says(CHI, RENEWAL, chat_id=group, reply_to=menu.message_id)
    telegram.user_sends(CHI, "photo", chat_id=group, reply_to=menu.message_id)
    _, answer, about_photos = await bot.said_to(group)
    assert answer.startswith(library.articles["cccd.renew"].title)
    assert about_photos == library.phrases.attachments.photo


@pytest.mark.parametrize("command", ["/menu", "/menu@daisuso_bot", "/menu@Daisuso_Bot", "/menu@daisuso_bot giúp"])
async def test_a_command_is_answered(
    telegram: TelegramEmulator, bot: TelegramBot, library: Library, command: str
) -> None:
    telegram.user_says(BA, command, chat_id=GROUP)
    assert await bot.said_to(GROUP) == [library.phrases.menu]


@pytest.mark.parametrize("text", ["/menu@other_bot", "/menu@daisuso_bot2", "/menu@other_bot @daisuso_bot", "gõ /menu"])
async def test_a_command_for_another_bot_or_one_that_is_talked_about_is_not(
    telegram: TelegramEmulator, bot: TelegramBot, text: str
) -> None:
    telegram.user_says(BA, text, chat_id=GROUP)
    assert await bot.said_to(GROUP) == []


async def test_a_command_for_another_bot_is_not_answered_although_it_replies_to_ours(
    telegram: TelegramEmulator, bot: TelegramBot
) -> None:
    telegram.user_says(BA, "/menu", chat_id=GROUP)
    [menu] = await bot.messages_to(GROUP)
    telegram.user_says(BA, "/menu@other_bot", chat_id=GROUP, reply_to=menu.message_id)
    assert len(await bot.said_to(GROUP)) == 1


async def test_the_start_code_is_kept_in_a_group_too(telegram: TelegramEmulator, bot: TelegramBot) -> None:
    telegram.user_says(BA, "/start@daisuso_bot ap3-to1", chat_id=GROUP)
    assert len(await bot.said_to(GROUP)) == 1
    assert [conversation.start_code for conversation in await bot.conversations()] == ["ap3-to1"]


async def test_a_button_pressed_in_a_group_is_answered_there(
    telegram: TelegramEmulator, bot: TelegramBot, group: int
) -> None:
    telegram.user_says(BA, "/menu", chat_id=group)
    [menu] = await bot.messages_to(group)
    telegram.user_presses(CHI, menu.message_id, menu.buttons[0][0].data, chat_id=group)
    assert len(await bot.said_to(group)) == 2
    assert [(one.chat, one.sender) for one in await bot.conversations()] == [(str(group), "7"), (str(group), "8")]


async def test_two_people_in_one_group_have_conversations_of_their_own(
    telegram: TelegramEmulator, bot: TelegramBot, library: Library, group: int
) -> None:
    """One asks about the card, the other one about the password; then both ask for "papers" without saying of what."""
    for person, question in ((BA, RENEWAL), (CHI, PASSWORD)):
        telegram.user_says(person, f"@daisuso_bot {question}", chat_id=group)
        await bot.at_rest()
    for person in (BA, CHI):
        telegram.user_says(person, "@daisuso_bot giấy tờ gì", chat_id=group)
        await bot.at_rest()
    _, _, of_card, of_password = await bot.said_to(group)
    assert of_card.startswith(f"{library.articles['cccd.renew'].title}: giấy tờ")
    assert of_password.startswith(f"{library.articles['vneid.forgot_password'].title}: giấy tờ")
    assert len(await bot.conversations()) == 2


async def test_a_group_and_the_private_chat_of_one_person_are_two_conversations(
    telegram: TelegramEmulator, bot: TelegramBot
) -> None:
    telegram.user_says(BA, "/menu")
    telegram.user_says(BA, "/menu", chat_id=GROUP)
    assert len(await bot.said_to(BA)) == len(await bot.said_to(GROUP)) == 1
    assert {one.chat for one in await bot.conversations()} == {"7", str(GROUP)}


async def test_a_message_that_is_edited_to_mention_the_bot_is_answered(
    telegram: TelegramEmulator, bot: TelegramBot
) -> None:
    message = telegram.user_says(BA, PASSWORD, chat_id=GROUP)
    await bot.at_rest()
    telegram.user_edits(BA, message, f"@daisuso_bot {PASSWORD}", chat_id=GROUP)
    assert len(await bot.said_to(GROUP)) == 1
