"""What people write to the bot on Telegram in private, and what comes back: the real way, over HTTP to an emulator."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.channels.markup import utf16_length
from bot.channels.telegram import COMMANDS
from bot.channels.telegram_messages import TEXT_LIMIT
from bot.messages import MAX_TEXT
from content.library import Library
from tests.support.articles import article, library_of
from tests.support.telegram_bot import TelegramBot
from tests.support.telegram_emulator import TelegramEmulator

pytestmark = pytest.mark.servers

BA = 7  # a citizen
CHI = 8  # another one
PASSWORD, RENEWAL = "quen mat khau", "doi can cuoc"


@pytest.fixture
def password(library: Library) -> str:
    """How the answer to one question begins."""
    return library.articles["vneid.forgot_password"].title


@pytest.fixture
def renewal(library: Library) -> str:
    """How the answer to the other one begins."""
    return library.articles["cccd.renew"].title


def first_lines(messages: list[str]) -> list[str]:
    return [message.partition("\n")[0] for message in messages]


class TestCommands:
    async def test_start_greets_and_keeps_the_code_of_the_deep_link(
        self, telegram: TelegramEmulator, bot: TelegramBot
    ) -> None:
        telegram.user_says(BA, "/start ap3-to1")
        [greeting] = await bot.messages_to(BA)
        assert "Đại sứ số" in greeting.visible_text
        assert len(greeting.buttons) > 1
        [conversation] = await bot.conversations()
        assert (conversation.chat, conversation.sender, conversation.start_code) == ("7", "7", "ap3-to1")

    async def test_starting_again_without_a_code_keeps_the_first_one(
        self, telegram: TelegramEmulator, bot: TelegramBot
    ) -> None:
        telegram.user_says(BA, "/start ap3-to1")
        telegram.user_says(BA, "/start")
        assert len(await bot.said_to(BA)) == 2
        assert [conversation.start_code for conversation in await bot.conversations()] == ["ap3-to1"]

    async def test_help_tells_what_the_bot_does(
        self, telegram: TelegramEmulator, bot: TelegramBot, library: Library
    ) -> None:
        telegram.user_says(BA, "/help")
        [text] = await bot.said_to(BA)
        assert "/menu" in text
        assert "**" not in text

    async def test_menu_shows_the_groups_a_row_each(
        self, telegram: TelegramEmulator, bot: TelegramBot, library: Library
    ) -> None:
        telegram.user_says(BA, "/menu")
        [menu] = await bot.messages_to(BA)
        groups = [[title] for group, title in library.phrases.groups.items() if library.in_group(group)]
        lessons = [library.phrases.lessons_button]
        assert [[button.label for button in row] for row in menu.buttons] == [*groups, lessons]

    async def test_telegram_is_told_the_commands_for_its_menu(
        self, telegram: TelegramEmulator, bot: TelegramBot
    ) -> None:
        [call] = telegram.calls("setMyCommands")
        assert [command["command"] for command in call.params["commands"]] == [command.command for command in COMMANDS]


class TestTexts:
    async def test_a_question_is_answered_with_rows_of_buttons_and_small_print(
        self, telegram: TelegramEmulator, bot: TelegramBot, library: Library
    ) -> None:
        telegram.user_says(BA, PASSWORD)
        [answer] = await bot.messages_to(BA)
        about = library.articles["vneid.forgot_password"]
        assert answer.visible_text.startswith(f"{about.title}\n\n{about.summary.replace('**', '')}")
        assert f"<b>{about.title}</b>" in answer.text
        assert f'<a href="{about.sources[0].url}">' in answer.text
        assert len(answer.buttons) > 1
        assert any(len(row) > 1 for row in answer.buttons)

    async def test_questions_of_one_person_are_answered_in_their_order(
        self, telegram: TelegramEmulator, bot: TelegramBot, password: str, renewal: str
    ) -> None:
        for question in (PASSWORD, RENEWAL, RENEWAL, PASSWORD):
            telegram.user_says(BA, question)
        assert first_lines(await bot.said_to(BA)) == [password, renewal, renewal, password]

    async def test_a_text_of_the_greatest_length_is_kept_up_to_our_limit_and_answered(
        self, telegram: TelegramEmulator, bot: TelegramBot
    ) -> None:
        telegram.user_says(BA, "dài " * 1024)
        assert len(await bot.said_to(BA)) == 1
        [message] = (await bot.stored())["inbox_message"]
        assert len(message["text"]) == MAX_TEXT

    async def test_personal_numbers_are_masked_before_they_are_stored(
        self, telegram: TelegramEmulator, bot: TelegramBot
    ) -> None:
        telegram.user_says(BA, "căn cước của tôi là 079085001234, quên mật khẩu")
        await bot.at_rest()
        assert "079085001234" not in json.dumps(await bot.stored(), default=str)

    async def test_an_answer_above_the_limit_comes_in_messages_cut_at_ends_of_sentences(
        self, telegram: TelegramEmulator, library: Library, bot: TelegramBot
    ) -> None:
        sentences = " ".join(f"Câu số {n} nói về 😀 một việc cần làm từ từ." for n in range(300))
        long = article("vneid.long", "Bài dài", sections={"Lưu ý": sentences})
        bot.library = library_of(library, long)
        bot.nlu.meanings["kể hết đi"] = long.id
        telegram.user_says(BA, "kể hết đi")
        [answer] = await bot.messages_to(BA)
        telegram.user_presses(BA, answer.message_id, answer.button("Lưu ý").data)
        messages = (await bot.messages_to(BA))[1:]
        assert len(messages) > 2
        assert all(utf16_length(message.visible_text) <= TEXT_LIMIT for message in messages)
        assert all(message.visible_text.endswith("từ từ.") for message in messages[:-1])
        assert sentences in " ".join(message.visible_text for message in messages).replace("\n", " ")
        assert not any(message.buttons for message in messages[:-1])

    async def test_what_looks_like_html_arrives_as_it_was_written(
        self, telegram: TelegramEmulator, library: Library, bot: TelegramBot
    ) -> None:
        odd = 'Gõ <b>VNeID</b> & bấm "OK" > Tiếp; 1 < 2 &amp; **đậm**'
        bot.library = library_of(library, article("vneid.odd", "A & B <C>", summary=odd))
        bot.nlu.meanings["lạ"] = "vneid.odd"
        telegram.user_says(BA, "lạ")
        [text] = await bot.said_to(BA)
        assert text.startswith("A & B <C>\n\n" + odd.replace("**", ""))


class TestButtons:
    async def test_a_pressed_button_is_acknowledged_and_answered(
        self, telegram: TelegramEmulator, bot: TelegramBot, library: Library
    ) -> None:
        telegram.user_says(BA, PASSWORD)
        [answer] = await bot.messages_to(BA)
        query = telegram.user_presses(BA, answer.message_id, answer.button("Giấy tờ").data)
        _, papers = await bot.said_to(BA)
        assert papers.startswith(f"{library.articles['vneid.forgot_password'].title}: giấy tờ")
        [call] = telegram.calls("answerCallbackQuery")
        assert (call.params["callback_query_id"], call.status) == (query, 200)

    async def test_pressing_twice_answers_twice(self, telegram: TelegramEmulator, bot: TelegramBot) -> None:
        telegram.user_says(BA, "/menu")
        [menu] = await bot.messages_to(BA)
        for _ in range(2):
            telegram.user_presses(BA, menu.message_id, menu.buttons[0][0].data)
        assert len(await bot.said_to(BA)) == 3
        assert len(telegram.calls("answerCallbackQuery")) == 2

    async def test_a_press_that_telegram_has_given_up_on_is_answered_all_the_same(
        self, telegram: TelegramEmulator, bot: TelegramBot
    ) -> None:
        telegram.user_says(BA, "/menu")
        [menu] = await bot.messages_to(BA)
        with telegram.held_updates():
            telegram.user_presses(BA, menu.message_id, menu.buttons[0][0].data)
            telegram.expire_presses()
        assert len(await bot.said_to(BA)) == 2
        assert [call.status for call in telegram.calls("answerCallbackQuery")] == [400]

    async def test_a_button_under_a_message_that_is_gone_still_works(
        self, telegram: TelegramEmulator, bot: TelegramBot
    ) -> None:
        telegram.user_says(BA, "/menu")
        [menu] = await bot.messages_to(BA)
        await bot.channel._bot.delete_message(BA, menu.message_id)
        telegram.user_presses(BA, menu.message_id, menu.buttons[0][0].data)
        assert len(await bot.said_to(BA)) == 1


class TestEdits:
    async def test_an_edit_before_the_answer_changes_what_is_answered(
        self, telegram: TelegramEmulator, bot: TelegramBot, renewal: str
    ) -> None:
        asked, may_answer = asyncio.Event(), asyncio.Event()

        async def hold(text: str) -> None:
            asked.set()
            await may_answer.wait()

        bot.nlu.before_answering = hold
        message = telegram.user_says(BA, PASSWORD)
        await asked.wait()
        telegram.user_edits(BA, message, RENEWAL)
        await telegram.wait_until_async(lambda: not telegram.pending_updates())
        may_answer.set()
        assert first_lines(await bot.said_to(BA)) == [renewal]

    async def test_an_edit_after_the_answer_is_not_answered_again(
        self, telegram: TelegramEmulator, bot: TelegramBot, password: str
    ) -> None:
        message = telegram.user_says(BA, PASSWORD)
        await bot.at_rest()
        telegram.user_edits(BA, message, RENEWAL)
        assert first_lines(await bot.said_to(BA)) == [password]

    async def test_an_edit_of_a_message_never_seen_is_answered_once(
        self, telegram: TelegramEmulator, bot: TelegramBot, renewal: str
    ) -> None:
        with telegram.held_updates() as updates:
            message = telegram.user_says(BA, PASSWORD)
            telegram.user_edits(BA, message, RENEWAL)
            del updates[0]
        await bot.at_rest()
        telegram.user_edits(BA, message, PASSWORD)
        assert first_lines(await bot.said_to(BA)) == [renewal]


class TestWhatIsNotText:
    @pytest.mark.parametrize(
        ("kind", "sort"),
        [
            ("photo", "photo"),
            ("sticker", "sticker"),
            ("voice", "voice"),
            ("audio", "voice"),
            ("video", "video"),
            ("video_note", "video"),
            ("animation", "video"),
            ("document", "document"),
            ("location", "location"),
            ("contact", "contact"),
        ],
    )
    async def test_is_answered_kindly_and_not_stored(
        self, telegram: TelegramEmulator, bot: TelegramBot, library: Library, kind: str, sort: str
    ) -> None:
        telegram.add_user(BA, "Nguyễn Thị Ba", "co_ba")
        telegram.user_sends(BA, kind, location=(10.0301, 105.7727), phone_number="+84912345678")
        [answer] = await bot.messages_to(BA)
        assert answer.visible_text == library.phrases.attachments.for_sort(sort)
        assert len(answer.buttons) > 1
        everything = await bot.stored()
        assert [row["payload"] for row in everything["inbox_message"]] == [sort]
        kept = json.dumps(everything, default=str, ensure_ascii=False)
        for trace in ("BQAC", "10.03", "105.77", "912345678", "Nguyễn", "co_ba", "pdf", "mp4", "mp3", "ogg"):
            assert trace not in kept

    async def test_of_a_photo_with_a_caption_the_caption_is_answered_and_kept(
        self, telegram: TelegramEmulator, bot: TelegramBot, password: str
    ) -> None:
        telegram.user_sends(BA, "photo", caption=PASSWORD)
        assert first_lines(await bot.said_to(BA)) == [password]
        [message] = (await bot.stored())["inbox_message"]
        assert (message["kind"], message["text"], message["payload"]) == ("text", PASSWORD, "")
        assert "BQAC" not in json.dumps(message, default=str)

    async def test_an_album_is_answered_once(self, telegram: TelegramEmulator, bot: TelegramBot) -> None:
        with telegram.held_updates():
            for album in ("a1", "a1", "a1", "a2"):
                telegram.user_sends(BA, "photo", album=album)
        assert len(await bot.said_to(BA)) == 2

    async def test_what_telegram_itself_says_in_a_group_is_ignored(
        self, telegram: TelegramEmulator, bot: TelegramBot
    ) -> None:
        telegram.user_joins(BA)
        await bot.at_rest()
        assert telegram.total_sent() == 0
        assert not (await bot.stored())["conversation"]


class TestDelivery:
    async def test_an_update_that_comes_twice_is_answered_once(
        self, telegram: TelegramEmulator, bot: TelegramBot, password: str
    ) -> None:
        telegram.user_says(BA, PASSWORD)
        await bot.at_rest()
        telegram.deliver_again(telegram.last_update_id)
        assert first_lines(await bot.said_to(BA)) == [password]

    async def test_a_press_that_comes_twice_is_answered_once(
        self, telegram: TelegramEmulator, bot: TelegramBot
    ) -> None:
        telegram.user_says(BA, "/menu")
        [menu] = await bot.messages_to(BA)
        telegram.user_presses(BA, menu.message_id, menu.buttons[0][0].data)
        await bot.at_rest()
        telegram.deliver_again(telegram.last_update_id)
        assert len(await bot.said_to(BA)) == 2

    async def test_updates_out_of_order_are_all_answered_as_they_come(
        self, telegram: TelegramEmulator, bot: TelegramBot, password: str, renewal: str
    ) -> None:
        with telegram.held_updates() as updates:
            telegram.user_says(BA, RENEWAL)
            telegram.user_says(BA, PASSWORD)
            telegram.user_says(CHI, RENEWAL)
            updates.reverse()
        assert first_lines(await bot.said_to(BA)) == [password, renewal]
        assert first_lines(await bot.said_to(CHI)) == [renewal]

    async def test_what_was_stored_but_not_answered_is_answered_after_a_restart(
        self, telegram: TelegramEmulator, bot: TelegramBot, library: Library, password: str
    ) -> None:
        async with bot.dying_before_it_answers():
            telegram.user_says(BA, PASSWORD)
        await bot.start()
        assert first_lines(await bot.said_to(BA)) == [password]

    async def test_updates_are_confirmed_to_telegram_only_when_they_are_stored(
        self, telegram: TelegramEmulator, bot: TelegramBot, password: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def fails(*_: object) -> None:
            raise OSError("disk full")

        with monkeypatch.context() as broken:
            broken.setattr(bot.inbox, "receive", fails)
            telegram.user_says(BA, PASSWORD)
            polls = len(telegram.calls("getUpdates"))
            await telegram.wait_until_async(lambda: len(telegram.calls("getUpdates")) > polls + 3)
            assert telegram.pending_updates() == 1
            assert bot.channel.problem
        assert first_lines(await bot.said_to(BA)) == [password]
        assert bot.channel.problem is None
