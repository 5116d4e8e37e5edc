"""People talk with the commune over Zalo's Official Account: the real programme, an account that behaves as Zalo's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.messages import Button, Document, Picture, Reply
from content.library import Library
from db import outbox
from db.engine import Database
from db.models import OutboxMessage
from tests.support.told_nlu import ToldNlu
from tests.support.zalo_emulator import SAMPLE_PNG, ZaloOa
from tests.support.zalo_programme import ZaloProgramme, hurry, until

LAN = "2468458835296197922"
QUESTION = "quen mat khau"


@pytest.fixture
def oa() -> Iterator[ZaloOa]:
    with ZaloOa() as oa:
        yield oa


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'zalo.db'}"


@pytest.fixture
async def bot(
    oa: ZaloOa, database: Database, library: Library, nlu: ToldNlu, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ZaloProgramme]:
    hurry(monkeypatch)
    bot = ZaloProgramme(oa, database, library, nlu)
    await bot.start()
    yield bot
    await bot.stop()


async def tell(bot: ZaloProgramme, reply: Reply) -> OutboxMessage:
    """Sends a notice, and what became of it."""
    conversation = await bot.conversation(LAN)
    async with bot.database.transaction() as session:
        await outbox.add_notice(session, conversation, f"test:{reply.text[:20]}", reply.to_json(), bot.oa.now())
    await bot.at_rest()
    async with bot.database.snapshot() as session:
        query = select(OutboxMessage).where(OutboxMessage.origin == f"test:{reply.text[:20]}")
        return (await session.scalars(query)).one()


# --- in and out -------------------------------------------------------------------------------------------------------


async def test_a_question_is_answered_with_buttons_that_work(bot: ZaloProgramme) -> None:
    [answer] = await bot.ask(LAN, QUESTION)
    assert "mật khẩu" in answer.text
    assert "**" not in answer.text
    assert 1 <= len(answer.buttons) <= 5
    assert {button.type for button in answer.buttons} == {"oa.query.hide"}
    bot.oa.presses(LAN, answer.buttons[0].title)
    assert len(await bot.said_to(LAN)) > 1
    assert all(delivery.was_in_time for delivery in bot.oa.deliveries())


async def test_what_has_too_many_buttons_is_listed_and_a_number_chooses_after_a_restart(bot: ZaloProgramme) -> None:
    groups = (await bot.ask(LAN, "/menu"))[-1]
    bot.oa.presses(LAN, groups.buttons[0].title)
    topics = (await bot.said_to(LAN))[-1]
    assert "\n6. " in topics.text
    assert len(topics.buttons) == 5
    assert topics.buttons[0].title in topics.text
    await bot.restart()
    pressed = await bot.ask(LAN, topics.buttons[1].payload)
    bot.oa.presses(LAN, groups.buttons[0].title)
    await bot.at_rest()
    typed = await bot.ask(LAN, "số 2")
    assert [one.text for one in typed] == [one.text for one in pressed]


async def test_events_that_come_twice_or_in_any_order_act_once(bot: ZaloProgramme) -> None:
    bot.oa.pusher.hold()
    for text in (QUESTION, "đổi căn cước", QUESTION):
        bot.oa.says(LAN, text)
    bot.oa.pusher.release(order="shuffled", copies=3)
    await bot.at_rest()
    assert await bot.messages_in() == 3


async def test_a_follower_is_greeted_and_who_leaves_is_not_reachable_until_they_write(bot: ZaloProgramme) -> None:
    bot.oa.follows(LAN)
    greeting = await bot.said_to(LAN)
    assert len(greeting) == 1
    assert greeting[0].buttons
    bot.oa.advance(minutes=1)
    bot.oa.unfollows(LAN)
    await bot.at_rest()
    assert (await bot.conversation(LAN)).blocked_at is not None
    await bot.ask(LAN, QUESTION)
    assert (await bot.conversation(LAN)).blocked_at is None


async def test_an_unfollowing_that_comes_late_does_not_undo_what_was_written_after_it(bot: ZaloProgramme) -> None:
    await bot.ask(LAN, QUESTION)
    bot.oa.pusher.hold()
    bot.oa.unfollows(LAN)
    bot.oa.advance(minutes=5)
    bot.oa.says(LAN, QUESTION)
    bot.oa.pusher.release(order="reversed")
    await bot.at_rest()
    assert (await bot.conversation(LAN)).blocked_at is None


async def test_echoes_receipts_and_operators_are_not_answered(bot: ZaloProgramme) -> None:
    await bot.ask(LAN, QUESTION)
    bot.oa.sees(LAN)
    bot.oa.operator_says(LAN, "Chào bà, tôi là cán bộ")
    bot.oa.event("user_dances", {"sender": {"id": LAN}, "recipient": {"id": bot.oa.oa_id}})
    await bot.at_rest()
    assert await bot.messages_in() == 1


async def test_what_is_not_text_gets_a_kind_answer(bot: ZaloProgramme) -> None:
    bot.oa.sends_picture(LAN, sort="photo")
    bot.oa.sends(LAN, "location", {"coordinates": {"latitude": "10.7", "longitude": 106.6}}, "UBND")
    bot.oa.sends(LAN, "audio", {"url": "https://z.zdn.vn/a"})
    texts = [message.text for message in await bot.said_to(LAN)]
    assert len(set(texts)) == 3


async def test_a_signature_with_another_key_is_turned_away_and_told_to_the_operator(bot: ZaloProgramme) -> None:
    bot.oa.knobs.signs_with = bot.oa.app_secret
    bot.oa.says(LAN, QUESTION)
    await bot.oa.wait_until_async(lambda: bot.oa.pusher.was_switched_off)
    assert await bot.messages_in() == 0
    [problem] = await bot.account.problems()
    assert "App Secret" in problem
    assert bot.oa.app_secret not in problem


# --- sending ----------------------------------------------------------------------------------------------------------


async def test_pictures_are_uploaded_once_and_again_when_zalo_has_them_no_more(bot: ZaloProgramme) -> None:
    await bot.ask(LAN, QUESTION)
    qr = Reply("Quét mã này", ((Button("Xong", "menu"),),), picture=Picture("qr", "Mã của lớp", text="https://xa.vn"))
    await bot.account.channel.send(LAN, qr)
    await bot.account.channel.send(LAN, qr)
    assert len(bot.oa.calls("image")) == 1
    picture, text = bot.oa.messages_to(LAN)[-2:]
    assert picture.picture is not None
    assert picture.picture.startswith(SAMPLE_PNG[:8])
    assert (text.text, len(text.buttons)) == ("Quét mã này", 1)
    bot.oa.uploads.clear()
    await bot.account.channel.send(LAN, qr)
    assert len(bot.oa.calls("image")) == 2


async def test_documents_become_an_address(bot: ZaloProgramme) -> None:
    await bot.ask(LAN, QUESTION)
    await bot.account.channel.send(LAN, Reply("Sổ đây ạ.", document=Document("so.xlsx", "key-1")))
    assert "https://daisuso.tanloi.vn/api/document/key-1" in bot.oa.last_message_to(LAN).text


async def test_a_notice_that_is_too_long_comes_in_parts_and_none_twice(bot: ZaloProgramme) -> None:
    await bot.ask(LAN, QUESTION)
    long = Reply("\n\n".join(f"Đoạn {n}. " + "chữ " * 300 for n in range(4)), ((Button("Xong", "menu"),),))
    await bot.oa.wait_until_async(lambda: bot.oa.messages_to(LAN))
    bot.oa.drop_connection_next("cs")
    bot.oa.refuse_next("cs", -32, times=2)
    await tell(bot, long)
    texts = [message.text for message in bot.oa.messages_to(LAN)[1:]]
    assert "".join(texts).count("Đoạn") == 4
    assert all(len(text) <= 2000 for text in texts)


async def test_after_48_hours_nothing_is_sent_that_would_cost(bot: ZaloProgramme) -> None:
    await bot.ask(LAN, QUESTION)
    bot.oa.advance(hours=47)
    assert (await tell(bot, Reply("trong hạn"))).delivered_at
    bot.oa.knobs.pays_after_48_hours = True
    bot.oa.advance(hours=2)
    await bot.consent()
    late = await tell(bot, Reply("quá hạn"))
    assert late.given_up_at
    assert "không nhắn được qua Zalo" in (late.error or "")
    assert len(bot.oa.calls("quota")) == 1
    assert "quá hạn" not in bot.oa.last_message_to(LAN).text


async def test_each_refusal_has_its_consequence(bot: ZaloProgramme) -> None:
    await bot.ask(LAN, QUESTION)
    given_up = (-210, -230, -213, -100)
    tried_again = (-32, -211, -218, -311, -224, -209, -999)
    for code in (*given_up, *tried_again):
        bot.oa.refuse_next("cs", code)
        notice = await tell(bot, Reply(f"Lỗi {code}"))
        assert bool(notice.given_up_at) == (code in given_up), code
        assert bool(notice.delivered_at) == (code in tried_again), code
    assert (await bot.conversation(LAN)).blocked_at is None
    bot.oa.refuse_next("cs", -217)
    assert (await tell(bot, Reply("Lỗi -217"))).given_up_at
    assert (await bot.conversation(LAN)).blocked_at is not None


async def test_an_account_that_is_stopped_is_told_until_it_works_again(bot: ZaloProgramme) -> None:
    await bot.ask(LAN, QUESTION)
    bot.oa.refuse_next("cs", -224, "OA package does not allow", times=1000)
    bot.oa.says(LAN, QUESTION)

    async def is_told() -> bool:
        return bool(await bot.account.problems())

    await until(is_told)
    assert "-224" in (await bot.account.problems())[0]
    bot.oa._faults["cs"].clear()
    await bot.at_rest()
    assert await bot.account.problems() == []
    assert len(bot.oa.messages_to(LAN)) == 2


async def test_a_lost_answer_is_sent_again_rather_than_never(bot: ZaloProgramme) -> None:
    bot.oa.drop_connection_next("cs", after_effect=True)
    answers = await bot.ask(LAN, QUESTION)
    assert [one.text for one in answers] == [answers[0].text] * 2


async def test_zalo_that_is_away_for_a_while_loses_nothing(bot: ZaloProgramme) -> None:
    await bot.ask(LAN, QUESTION)
    before = len(bot.oa.messages_to(LAN))
    bot.oa.drop_connection_next("cs", times=3)
    await tell(bot, Reply("Nhắc lịch", ((Button("Xem", "menu"),),)))
    assert [message.text for message in bot.oa.messages_to(LAN)[before:]] == ["Nhắc lịch"]
