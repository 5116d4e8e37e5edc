"""Telegram refuses, hangs, slows us down or is away: nothing is lost, nothing comes twice, and others do not wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import ChatMigrated, Conflict

from bot.channels import telegram as channel
from bot.channels.outbox import BlockedError
from bot.channels.telegram import TelegramChannel
from bot.errors import OperatorError
from content.library import Library
from db.clock import utc_now
from tests.support.telegram_bot import PlainRequest, TelegramBot, hurry
from tests.support.telegram_emulator import DEFAULT_GROUP_ID, TelegramEmulator

pytestmark = pytest.mark.servers

BA, CHI, TU = 7, 8, 9
SUPERGROUP = -1_001_234_567_890
PASSWORD, RENEWAL = "quen mat khau", "doi can cuoc"


@pytest.fixture
def answers(library: Library) -> tuple[str, str]:
    """How the answers to the two questions begin."""
    return library.articles["vneid.forgot_password"].title, library.articles["cccd.renew"].title


@asynccontextmanager
async def other_programme(telegram: TelegramEmulator) -> AsyncIterator[Bot]:
    """Somebody else with our token."""
    request = PlainRequest()
    yield Bot(telegram.token, base_url=telegram.base_url, get_updates_request=request)
    await request.shutdown()


async def titles(bot: TelegramBot, chat_id: int) -> tuple[str, ...]:
    """The first lines of what was said in a chat; nothing was changed after it was said."""
    messages = await bot.messages_to(chat_id)
    assert not any(message.edits for message in messages)
    return tuple(message.visible_text.partition("\n")[0] for message in messages)


class TestFloodControl:
    async def test_a_sending_that_is_to_wait_waits(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str]
    ) -> None:
        telegram.fail_next("sendMessage", 429, retry_after=1)
        telegram.user_says(BA, PASSWORD)
        assert await titles(bot, BA) == answers[:1]
        refused, sent = telegram.calls("sendMessage")
        assert (refused.status, sent.status) == (429, 200)
        assert sent.at - refused.at >= 1

    async def test_so_does_the_fetching_of_updates(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str]
    ) -> None:
        telegram.fail_next("getUpdates", 429, retry_after=1)
        telegram.user_says(CHI, RENEWAL)
        await bot.at_rest()
        telegram.user_says(BA, PASSWORD)
        assert await titles(bot, BA) == answers[:1]
        polls = telegram.calls("getUpdates")
        [refused] = [number for number, call in enumerate(polls) if call.status == 429]
        assert polls[refused + 1].at - polls[refused].at >= 1

    async def test_with_a_limit_a_chat_all_is_said_once_and_in_order(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str]
    ) -> None:
        telegram.limit_rates(per_chat_per_second=1)
        for question in (PASSWORD, RENEWAL):
            for person in (BA, CHI, TU):
                telegram.user_says(person, question)
        for person in (BA, CHI, TU):
            assert await titles(bot, person) == answers

    async def test_a_search_for_a_message_in_doubt_goes_on_where_it_had_to_pause(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str]
    ) -> None:
        """Begun anew each time, it would never get beyond the first numbers."""
        async with bot.dying_before_it_answers():
            telegram.user_says(BA, PASSWORD)
        for _ in range(2):  # these take numbers that the search does not know
            telegram.user_says(CHI, "nói chuyện khác", group=True)
        telegram.limit_rates(per_chat_per_second=1)
        telegram.fail_next("getUpdates", 429, retry_after=1)
        telegram.drop_connection_next("sendMessage", after_effect=True)
        await bot.start()
        assert await titles(bot, BA) == answers[:1]
        tried = [call.params["message_id"] for call in telegram.calls("editMessageText") if call.status == 400]
        assert tried == sorted(set(tried))


class TestRefusals:
    async def test_who_blocks_the_bot_is_marked_and_others_get_their_answers(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str]
    ) -> None:
        with telegram.held_updates():
            telegram.user_says(BA, PASSWORD)
            telegram.user_says(BA, RENEWAL)
            telegram.user_blocks(BA)
            telegram.user_says(CHI, RENEWAL)
        assert await titles(bot, BA) == ()
        assert await titles(bot, CHI) == answers[1:]
        blocked, other = await bot.conversations()
        assert blocked.blocked_at is not None
        assert other.blocked_at is None
        given_up = [row["conversation_id"] for row in (await bot.stored())["outbox_message"] if row["given_up_at"]]
        assert given_up == [blocked.id, blocked.id]

    async def test_who_comes_back_after_blocking_is_answered_again(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str]
    ) -> None:
        with telegram.held_updates():
            telegram.user_says(BA, PASSWORD)
            telegram.user_blocks(BA)
        await bot.at_rest()
        telegram.user_unblocks(BA)
        telegram.user_says(BA, RENEWAL)
        assert await titles(bot, BA) == answers[1:]
        assert [one.blocked_at for one in await bot.conversations()] == [None]

    async def test_a_chat_that_is_gone_counts_as_blocked(self, telegram: TelegramEmulator, bot: TelegramBot) -> None:
        telegram.fail_next("sendMessage", 400, description="Bad Request: chat not found")
        telegram.user_says(BA, PASSWORD)
        assert await titles(bot, BA) == ()
        assert (await bot.conversations())[0].blocked_at is not None

    def test_so_does_a_group_that_has_become_a_supergroup(self) -> None:
        assert isinstance(channel._meaning(ChatMigrated(SUPERGROUP)), BlockedError)

    async def test_a_message_that_telegram_refuses_is_given_up_and_the_next_one_is_sent(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str]
    ) -> None:
        telegram.fail_next("sendMessage", 400, description="Bad Request: can't parse entities")
        telegram.user_says(BA, PASSWORD)
        telegram.user_says(BA, RENEWAL)
        assert await titles(bot, BA) == answers[1:]
        refused, sent = (await bot.stored())["outbox_message"]
        assert "parse entities" in refused["error"]
        assert (refused["delivered_at"], sent["given_up_at"]) == (None, None)
        assert (await bot.conversations())[0].blocked_at is None

    @pytest.mark.parametrize("status", [500, 502, 503])
    async def test_trouble_at_telegrams_servers_only_delays(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str], status: int
    ) -> None:
        telegram.fail_next("sendMessage", status, times=2)
        telegram.user_says(BA, PASSWORD)
        telegram.user_says(BA, RENEWAL)
        assert await titles(bot, BA) == answers


class TestDoubt:
    """A sending fails and the message may have been sent: it is looked for by editing it into itself."""

    @pytest.mark.parametrize("after_effect", [True, False])
    async def test_a_dropped_connection_doubles_and_loses_nothing(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str], after_effect: bool
    ) -> None:
        telegram.drop_connection_next("sendMessage", after_effect=after_effect)
        telegram.user_says(BA, PASSWORD)
        telegram.user_says(BA, RENEWAL)
        assert await titles(bot, BA) == answers

    @pytest.mark.parametrize("after_effect", [True, False])
    async def test_nor_does_an_answer_that_never_comes(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str], after_effect: bool
    ) -> None:
        telegram.hang_next("sendMessage", 60, after_effect=after_effect)
        telegram.user_says(BA, PASSWORD)
        telegram.user_says(BA, RENEWAL)
        assert await titles(bot, BA) == answers
        assert len(telegram.calls("sendMessage")) == (2 if after_effect else 3)

    async def test_trouble_while_looking_only_delays(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str]
    ) -> None:
        telegram.drop_connection_next("sendMessage", after_effect=True)
        telegram.drop_connection_next("editMessageText")
        telegram.fail_next("editMessageText", 502)
        telegram.user_says(BA, PASSWORD)
        assert await titles(bot, BA) == answers[:1]

    async def test_it_is_found_although_many_messages_wait_at_telegram_that_have_lower_numbers(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """After a restart the answer is sent before the queue is fetched, which tells how far the counter has come."""
        monkeypatch.setattr(channel, "LOOKED_AT", 5)
        async with bot.dying_before_it_answers():
            telegram.user_says(BA, PASSWORD)
        for _ in range(10):
            telegram.user_says(CHI, "/menu")
        telegram.fail_next("getUpdates", 429, retry_after=1)
        telegram.drop_connection_next("sendMessage", after_effect=True)
        await bot.start()
        assert await titles(bot, BA) == answers[:1]
        assert len(await titles(bot, CHI)) == 10

    async def test_numbers_of_a_supergroup_do_not_mislead_the_search_in_a_private_chat(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str]
    ) -> None:
        """Supergroups count for themselves: their numbers may be far ahead, and equal to the one looked for."""
        telegram.user_says(BA, "/menu", chat_id=SUPERGROUP, message_id=1_000_000)
        for number in range(1, 6):
            telegram.user_says(BA, "/menu", chat_id=SUPERGROUP, message_id=number)
        await bot.at_rest()
        telegram.drop_connection_next("sendMessage", after_effect=True)
        telegram.user_says(BA, PASSWORD)
        assert await titles(bot, BA) == answers[:1]
        assert len(telegram.calls("editMessageText")) == 1

    async def test_nor_after_a_restart(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str]
    ) -> None:
        telegram.user_says(BA, "/menu", chat_id=SUPERGROUP, message_id=1_000_000)
        telegram.user_says(CHI, PASSWORD)
        await bot.at_rest()
        await bot.die()
        telegram.drop_connection_next("sendMessage", after_effect=True)
        telegram.user_says(BA, PASSWORD)
        await bot.start()
        assert await titles(bot, BA) == answers[:1]

    @pytest.mark.parametrize("group", [DEFAULT_GROUP_ID, SUPERGROUP], ids=["group", "supergroup"])
    async def test_it_is_found_in_a_group_among_what_was_said_to_others(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str], group: int
    ) -> None:
        telegram.user_says(BA, f"@daisuso_bot {PASSWORD}", chat_id=group, message_id=5000)
        await bot.at_rest()
        telegram.drop_connection_next("sendMessage", after_effect=True)
        telegram.user_says(CHI, f"@daisuso_bot {RENEWAL}", chat_id=group)
        assert await titles(bot, group) == answers

    async def test_the_answer_to_a_button_pressed_in_a_supergroup_is_found(
        self, telegram: TelegramEmulator, bot: TelegramBot
    ) -> None:
        telegram.user_says(BA, "/menu", chat_id=SUPERGROUP, message_id=5000)
        [menu] = await bot.messages_to(SUPERGROUP)
        telegram.drop_connection_next("sendMessage", after_effect=True)
        telegram.user_presses(BA, menu.message_id, menu.buttons[0][0].data, chat_id=SUPERGROUP)
        assert len(await titles(bot, SUPERGROUP)) == 2

    async def test_a_process_that_died_while_sending_leaves_the_answer_to_the_next(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.channels.outbox.LEASE", timedelta(seconds=0.3))
        telegram.hang_next("sendMessage", 60, after_effect=True)
        telegram.user_says(BA, PASSWORD)
        await telegram.wait_until_async(lambda: telegram.messages_to(BA))
        await bot.die()
        await bot.start()
        assert await titles(bot, BA) == answers[:1]


class TestAbsence:
    async def test_what_was_said_while_telegram_was_away_is_answered_when_it_is_back(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str]
    ) -> None:
        telegram.user_says(BA, PASSWORD)
        await bot.at_rest()
        await asyncio.to_thread(telegram.stop)
        await bot.complains("chưa nhận được tin")
        telegram.user_says(BA, RENEWAL)
        telegram.start()
        assert await titles(bot, BA) == answers
        assert bot.channel.problem is None

    async def test_an_answer_that_is_due_while_telegram_is_away_comes_later(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str]
    ) -> None:
        may_answer = asyncio.Event()

        async def hold(text: str) -> None:
            await may_answer.wait()

        bot.nlu.before_answering = hold
        telegram.user_says(BA, PASSWORD)
        await telegram.wait_until_async(lambda: not telegram.pending_updates())
        await asyncio.to_thread(telegram.stop)
        may_answer.set()
        await bot.complains("chưa nhận được tin")
        telegram.start()
        assert await titles(bot, BA) == answers[:1]

    async def test_another_programme_with_our_token_is_reported_and_outlived(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(channel, "CONFLICT_SECONDS", 0.3)
        await telegram.wait_until_async(lambda: len(telegram.calls("getUpdates")) > 1)
        async with other_programme(telegram) as other:
            poll = asyncio.create_task(other.get_updates(timeout=5))
            await bot.complains("chương trình khác")
            with pytest.raises(Conflict):
                await poll
        telegram.user_says(BA, PASSWORD)
        assert await titles(bot, BA) == answers[:1]
        assert bot.channel.problem is None


class TestStart:
    @pytest.mark.parametrize("token", ["123456:WRONG", "không-phải-số:X"])
    async def test_a_wrong_token_is_told_the_operator_in_plain_words(
        self, telegram: TelegramEmulator, monkeypatch: pytest.MonkeyPatch, token: str
    ) -> None:
        hurry(monkeypatch)
        wrong = TelegramChannel(token, telegram.base_url, utc_now)
        with pytest.raises(
            OperatorError, match=r"^Telegram không nhận mã bot\. .*DAISUSO_TELEGRAM_TOKEN.*@BotFather\.$"
        ):
            await wrong.check_token()
        await wrong.close()

    async def test_a_network_that_is_not_there_yet_is_only_a_problem_to_report(
        self, telegram: TelegramEmulator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hurry(monkeypatch)
        await asyncio.to_thread(telegram.stop)
        early = TelegramChannel(telegram.token, telegram.base_url, utc_now)
        await early.check_token()
        assert early.problem
        assert telegram.token not in early.problem
        await early.close()

    async def test_the_bot_serves_although_telegram_does_not_take_its_commands(
        self, telegram: TelegramEmulator, bot: TelegramBot, answers: tuple[str, str]
    ) -> None:
        await bot.die()
        telegram.fail_next("getMe", 502)
        telegram.fail_next("setMyCommands", 429, retry_after=3600)
        await bot.start()
        telegram.user_says(BA, f"@daisuso_bot {PASSWORD}", group=True)
        assert await titles(bot, DEFAULT_GROUP_ID) == answers[:1]
        assert bot.channel.problem is None
