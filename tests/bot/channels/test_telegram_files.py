"""Documents over Telegram: the template goes out, a filled sheet comes in, once, whatever the line does."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.messages import MAX_FILE_BYTES
from bot.team.visit_sheet.template import MEDIA_TYPE
from db.models import Conversation
from db.outreach import hamlets, members
from db.outreach.models import Role
from tests.support.clock import NOON
from tests.support.sheets import filled
from tests.support.telegram_bot import COMMUNE, TelegramBot
from tests.support.telegram_emulator import SentMessage, TelegramEmulator
from tests.support.telegram_emulator.state import FileContent

pytestmark = pytest.mark.servers

HOA = 7
VISIT = {"day": "20/11/2026", "hamlet": "3", "household": "bác Năm", "people": 2}


async def becomes_a_member(telegram: TelegramEmulator, bot: TelegramBot, user: int = HOA) -> None:
    telegram.user_says(user, "/help")
    await bot.at_rest()
    async with bot.database.transaction() as session:
        [place] = await hamlets.load(session, COMMUNE, ["3"], NOON)
        code = await members.invite(
            session, commune=COMMUNE, role=Role.MEMBER, hamlets=[place], created_by="operator", now=NOON
        )
        conversation = (await session.scalars(select(Conversation))).one()
        await members.join(
            session, await members.find_invitation(session, COMMUNE, code, NOON), conversation, "Hoa", NOON
        )


async def documents_to(bot: TelegramBot, user: int = HOA) -> list[SentMessage]:
    return [message for message in await bot.messages_to(user) if message.kind == "document"]


@pytest.fixture
async def template(telegram: TelegramEmulator, bot: TelegramBot) -> bytes:
    await becomes_a_member(telegram, bot)
    telegram.user_says(HOA, "/mau")
    [document] = await documents_to(bot)
    assert document.file is not None
    return document.file.content


def sheet(content: bytes, name: str = "thang-11.xlsx") -> FileContent:
    return FileContent(name, content, MEDIA_TYPE)


class TestGoingOut:
    async def test_the_template_arrives_as_a_document_with_its_text(
        self, telegram: TelegramEmulator, bot: TelegramBot, template: bytes
    ) -> None:
        [document] = await documents_to(bot)
        assert document.file is not None
        assert document.file.name == f"Mau-ghi-luot-ho-tro-{COMMUNE}.xlsx"
        assert "Tệp mẫu" in document.visible_text
        assert "<b>" in document.text
        assert template.startswith(b"PK")

    @pytest.mark.parametrize("after_effect", [True, False])
    async def test_a_dropped_line_neither_doubles_nor_loses_it(
        self, telegram: TelegramEmulator, bot: TelegramBot, after_effect: bool
    ) -> None:
        await becomes_a_member(telegram, bot)
        telegram.drop_connection_next("sendDocument", after_effect=after_effect)
        telegram.user_says(HOA, "/mau")
        assert len(await documents_to(bot)) == 1

    async def test_one_whose_time_is_over_does_not_stop_what_comes_after(
        self, telegram: TelegramEmulator, bot: TelegramBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await becomes_a_member(telegram, bot)
        before = len(await bot.messages_to(HOA))

        async def gone(_key: str) -> None:
            return None

        monkeypatch.setattr(bot.channel, "_load", gone)
        telegram.user_says(HOA, "/mau")
        telegram.user_says(HOA, "/help")
        for_members, for_everybody = (await bot.said_to(HOA))[before:]
        assert "/ghi" in for_members
        assert "Gõ câu hỏi" in for_everybody


class TestComingIn:
    async def test_a_filled_sheet_is_read_and_saved_on_a_press(
        self, telegram: TelegramEmulator, bot: TelegramBot, template: bytes
    ) -> None:
        telegram.user_sends(HOA, "document", file=sheet(filled(template, VISIT)), caption="tháng 11 đây")
        told = (await bot.messages_to(HOA))[-1]
        assert "Đã đọc tệp thang-11.xlsx" in told.visible_text
        telegram.user_presses(HOA, told.message_id, told.button("Lưu tất cả").data)
        assert "Đã lưu từ tệp" in (await bot.said_to(HOA))[-1]
        stored = await bot.stored()
        assert [row["people"] for row in stored["support_session"]] == [2]

    async def test_nothing_of_a_file_is_stored_but_what_its_rows_say(
        self, telegram: TelegramEmulator, bot: TelegramBot, template: bytes
    ) -> None:
        content = filled(template, VISIT | {"note": "cccd 079085001234"})
        telegram.user_sends(HOA, "document", file=sheet(content, "079085001234.xlsx"))
        await bot.at_rest()
        stored = await bot.stored()
        assert "079085001234" not in str(stored)
        assert content not in [row["content"] for row in stored["outgoing_document"]]

    async def test_an_answer_that_never_comes_to_the_fetching_is_waited_out(
        self, telegram: TelegramEmulator, bot: TelegramBot, template: bytes
    ) -> None:
        telegram.fail_next("getFile", 502)
        telegram.user_sends(HOA, "document", file=sheet(filled(template, VISIT)))
        assert "Đã đọc tệp" in (await bot.said_to(HOA))[-1]

    async def test_a_large_file_is_refused_unfetched(
        self, telegram: TelegramEmulator, bot: TelegramBot, template: bytes
    ) -> None:
        telegram.user_sends(HOA, "document", file=sheet(b"PK"), file_size=MAX_FILE_BYTES + 1)
        assert "lớn quá" in (await bot.said_to(HOA))[-1]
        assert telegram.calls("getFile") == []

    async def test_a_citizens_document_is_not_fetched(self, telegram: TelegramEmulator, bot: TelegramBot) -> None:
        telegram.user_sends(HOA, "document", file=sheet(b"PK"))
        await bot.at_rest()
        assert telegram.calls("getFile") == []

    async def test_a_picture_sent_as_a_file_is_not_even_remembered(
        self, telegram: TelegramEmulator, bot: TelegramBot, template: bytes
    ) -> None:
        telegram.user_sends(HOA, "document", file=FileContent("cccd.jpg", b"\xff\xd8\xff", "image/jpeg"))
        await bot.at_rest()
        assert not (await bot.stored())["inbox_message"][-1]["file"]
