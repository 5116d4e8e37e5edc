"""The Zalo Bot Platform's channel over real HTTP: what is said arrives, once where that can be known, and in words."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select

from bot.channels import zalo_bot_pictures
from bot.channels.zalo_bot import ZaloBotChannel
from bot.channels.zalo_bot_pictures import ShownPictures
from bot.errors import OperatorError
from bot.messages import Button, Document, Picture, Reply
from content.library import Library
from db import conversations, outbox
from db.clock import utc_now
from db.engine import Database
from db.models import Conversation, InboxMessage
from tests.support.told_nlu import ToldNlu
from tests.support.zalo_bot_programme import COMMUNE, SECRET, ZaloBotProgramme, hurry
from tests.support.zalo_emulator import ZaloBotPlatform

pytestmark = pytest.mark.servers

BA, CHI = "6ede00ba", "6ede00c1"
PASSWORD = "quen mat khau"
QR = Picture("qr", "Mã vào lớp", text="https://xa.vn/?s=abc")


@pytest.fixture
def zalo() -> Iterator[ZaloBotPlatform]:
    with ZaloBotPlatform() as emulator:
        yield emulator


@pytest.fixture
async def quiet(
    zalo: ZaloBotPlatform,
    telegram_database: Database,
    library: Library,
    nlu: ToldNlu,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[ZaloBotProgramme]:
    """Not started yet."""
    hurry(monkeypatch)
    programme = ZaloBotProgramme(zalo, telegram_database, library, nlu)
    yield programme
    await programme.stop()


@pytest.fixture
async def bot(quiet: ZaloBotProgramme) -> ZaloBotProgramme:
    """One that polls."""
    await quiet.start()
    return quiet


async def notice(bot: ZaloBotProgramme, reply: Reply, origin: str = "test:1") -> None:
    """Something that is said unasked, as a reminder is."""
    async with bot.database.transaction() as session:
        conversation = await conversations.find_or_open(
            session, commune=COMMUNE, channel="zalo_bot", chat=BA, sender=BA, now=utc_now()
        )
        await outbox.add_notice(session, conversation, origin, reply.to_json(), utc_now())
    bot.sender.wake()


async def stored(bot: ZaloBotProgramme) -> list[InboxMessage]:
    async with bot.database.snapshot() as session:
        return list(await session.scalars(select(InboxMessage).order_by(InboxMessage.id)))


class TestTalking:
    async def test_buttons_are_numbered_and_a_number_presses(
        self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme, library: Library
    ) -> None:
        zalo.says(BA, PASSWORD)
        [answer, *_] = await bot.said_to(BA)
        assert answer.startswith(library.articles["vneid.forgot_password"].title)
        assert "\n1. " in "\n".join(await bot.said_to(BA))
        assert "**" not in answer
        before = len(await bot.said_to(BA))
        zalo.says(BA, "1")
        assert len(await bot.said_to(BA)) > before
        assert [message.kind for message in await stored(bot)] == ["text", "text"]

    async def test_an_update_that_comes_twice_is_answered_once(
        self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme
    ) -> None:
        zalo.says(BA, PASSWORD)
        first = await bot.said_to(BA)
        zalo.repeat_last_update()
        assert await bot.said_to(BA) == first

    async def test_pictures_stickers_and_files_are_answered_in_words_and_their_content_is_not_kept(
        self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme
    ) -> None:
        zalo.sends_picture(BA)
        zalo.knobs.picture_field = "photo"
        zalo.sends_picture(BA, caption="đây là tin lạ")
        for sort in ("sticker", "voice", "unsupported", "hologram"):
            zalo.sends(BA, sort)
        assert len(await bot.said_to(BA)) >= 6
        assert [(m.kind, m.payload) for m in await stored(bot)] == [
            ("attachment", "photo"),
            ("text", ""),
            ("attachment", "sticker"),
            ("attachment", "voice"),
            ("attachment", "document"),
            ("attachment", "other"),
        ]
        assert not any("http" in m.text + m.payload for m in await stored(bot))

    async def test_a_group_is_told_once_and_nothing_of_it_is_kept(
        self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme, library: Library
    ) -> None:
        zalo.says(BA, "@Bot xin chào", group="9f9f")
        zalo.says(CHI, "@Bot ơi", group="9f9f")
        zalo.says(BA, PASSWORD)
        await bot.said_to(BA)
        assert [message.text for message in zalo.messages_to("9f9f")] == [library.texts.zalo_bot.group]
        assert len(await stored(bot)) == 1

    async def test_ids_stay_hex_and_dates_are_milliseconds(self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme) -> None:
        zalo.says(BA, PASSWORD)
        await bot.said_to(BA)
        [message] = await stored(bot)
        assert abs(message.sent_at - datetime.now(UTC)) < timedelta(seconds=30)
        async with bot.database.snapshot() as session:
            [conversation] = await session.scalars(select(Conversation))
        assert (conversation.chat, conversation.sender) == (BA, BA)


class TestReceiving:
    async def test_trouble_with_polling_passes(self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme) -> None:
        zalo.drop_connection_next("getUpdates", times=2)
        zalo.fail_next("getUpdates", 429)
        zalo.fail_next("getUpdates", 502)
        zalo.says(BA, PASSWORD)
        assert await bot.said_to(BA)
        assert bot.channel.problem is None

    async def test_what_is_said_while_zalo_is_away_comes_afterwards(
        self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme
    ) -> None:
        zalo.stop()
        zalo.says(BA, PASSWORD)
        zalo.start()
        assert await bot.said_to(BA)

    @pytest.mark.parametrize("is_wrapped", [True, False])
    async def test_a_webhook_takes_both_shapes(
        self, zalo: ZaloBotPlatform, quiet: ZaloBotProgramme, is_wrapped: bool
    ) -> None:
        zalo.knobs.wraps_webhook_body = is_wrapped
        await quiet.start(polls=False)
        zalo.says(BA, PASSWORD)
        zalo.repeat_last_update()
        said = await quiet.said_to(BA)
        assert said
        assert len(await stored(quiet)) == 1
        assert all(one.was_in_time for one in zalo.deliveries())

    async def test_the_webhook_wants_its_secret_and_stands_anything(self, quiet: ZaloBotProgramme) -> None:
        await quiet.start(polls=False)
        good = {"event_name": "message.text.received", "message": {"message_id": "1", "text": "a"}}
        assert await quiet.post(json.dumps(good).encode(), secret="") == 403
        assert await quiet.post(json.dumps(good).encode(), secret=SECRET[:-1]) == 403
        assert await quiet.post(b"{") == 400
        assert await quiet.post(b" " * 300_000) == 413
        for body in ("{}", "[]", "null", '{"ok":true,"result":null}', '{"message":7}', json.dumps(good), "[" * 9000):
            assert await quiet.post(body.encode()) in (200, 400)
        odd = good["message"] | {"from": {"id": 5}, "chat": {"id": "6e"}, "date": "tomorrow", "text": {"a": 1}}  # type: ignore[operator]
        assert await quiet.post(json.dumps(good | {"message": odd}).encode()) == 200
        [message] = await stored(quiet)
        assert (message.kind, message.payload) == ("attachment", "other")


class TestSending:
    async def test_a_sending_that_surely_failed_is_repeated_until_it_succeeds(
        self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme
    ) -> None:
        zalo.fail_next("sendMessage", 429, times=3)
        zalo.fail_next("sendMessage", 503)
        zalo.says(BA, "doi can cuoc")
        assert len(set(said := await bot.said_to(BA))) == len(said) > 0

    @pytest.mark.parametrize(("after_effect", "times"), [(False, 1), (True, 2)])
    async def test_one_without_an_answer_is_repeated_once(
        self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme, after_effect: bool, times: int
    ) -> None:
        zalo.add_person(BA)
        zalo.drop_connection_next("sendMessage", after_effect=after_effect)
        await notice(bot, Reply("Chiều nay có lớp."))
        assert await bot.said_to(BA) == ["Chiều nay có lớp."] * times

    async def test_none_is_sent_a_third_time(self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme) -> None:
        zalo.add_person(BA)
        zalo.drop_connection_next("sendMessage", after_effect=True, times=2)
        zalo.drop_connection_next("getMe", times=3)
        await notice(bot, Reply("Chiều nay có lớp."))
        assert await bot.said_to(BA) == ["Chiều nay có lớp."] * 2
        assert len(zalo.calls("getMe")) == 4  # repeated only when Zalo answers again

    async def test_who_is_gone_is_marked(self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme) -> None:
        await notice(bot, Reply("Chào bác"))
        assert await bot.said_to(BA) == []
        async with bot.database.snapshot() as session:
            [conversation] = await session.scalars(select(Conversation))
        assert conversation.blocked_at is not None

    async def test_a_long_notice_with_buttons_and_a_file_is_fitted(
        self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme
    ) -> None:
        zalo.add_person(BA)
        text = "\n\n".join(f"Đoạn {n}: " + "chữ " * 90 for n in range(9))
        buttons = ((Button("Nhận", "do:a:1"), Button("Thôi", "do:a:2")),)
        await notice(bot, Reply(text, buttons, document=Document("bao-cao.docx", "khoa")))
        said = await bot.said_to(BA)
        assert all(len(part) <= 2000 for part in said)
        whole = "\n".join(said)
        assert all(f"Đoạn {n}:" in whole for n in range(9))
        assert f"{bot.address}/api/document/khoa" in whole
        assert "A. Nhận\nB. Thôi" in whole


class TestPictures:
    async def test_zalo_fetches_a_picture_from_our_site_for_a_while(
        self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        zalo.add_person(BA)
        await notice(bot, Reply("Quét mã này", picture=QR))
        assert await bot.said_to(BA) == ["Quét mã này"]
        assert (zalo.last_message_to(BA).picture or b"").startswith(b"\x89PNG")
        address = zalo.calls("sendPhoto")[0].params["photo"]
        async with httpx.AsyncClient(trust_env=False) as http:
            assert (await http.get(address)).headers["content-type"] == "image/png"
            assert (await http.get(address.replace("/hinh/", "/hinh/x"))).status_code == 404
            monkeypatch.setattr(zalo_bot_pictures, "SHOWN_FOR", timedelta(0))
            assert (await http.get(address)).status_code == 404

    async def test_without_a_public_site_it_is_said_in_words(
        self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme
    ) -> None:
        zalo.add_person(BA)
        bot.pictures._site = None
        await notice(bot, Reply("Quét mã này", picture=QR))
        chart = Picture("bars", "Số người", labels=("Ấp 1", "Ấp 2"), values=(1200, 3))
        await notice(bot, Reply("", picture=chart), origin="test:2")
        assert await bot.said_to(BA) == [
            "Quét mã này\n\nMã vào lớp\nhttps://xa.vn/?s=abc",
            "Số người\nẤp 1: 1.200\nẤp 2: 3",
        ]

    async def test_so_it_is_when_zalo_can_t_fetch_it(self, zalo: ZaloBotPlatform, bot: ZaloBotProgramme) -> None:
        zalo.add_person(BA)
        bot.pictures._site = "http://127.0.0.1:9"
        await notice(bot, Reply("", picture=QR))
        assert await bot.said_to(BA) == ["Mã vào lớp\nhttps://xa.vn/?s=abc"]


class TestToken:
    async def test_a_wrong_one_is_told_to_the_operator_and_never_logged(
        self, zalo: ZaloBotPlatform, quiet: ZaloBotProgramme, library: Library, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG, logger="bot")
        pictures = ShownPictures(quiet.database, COMMUNE, None, utc_now)
        texts = (library.texts.choices, library.texts.zalo_bot)
        wrong = ZaloBotChannel("123:wrong-secret", zalo.address, utc_now, pictures, lambda: texts, str)
        with pytest.raises(OperatorError, match="DAISUSO_ZALO_BOT_TOKEN"):
            await wrong.check_token()
        zalo.stop()
        assert await wrong.check_token() is None
        assert "chưa liên lạc được" in (wrong.problem or "")
        await wrong.close()
        assert "wrong-secret" not in caplog.text + str(wrong.problem)
