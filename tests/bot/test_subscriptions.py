"""A citizen chooses what to be told of, and ends it with one word; an ordinary sentence ends nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.broadcasts.copy import broadcast_reply
from db import outbox
from db.broadcasts.models import Interest, Subscription
from db.engine import Database
from db.models import OutboxMessage
from db.outbox import BulkNotice
from tests.support.broadcasts import ALERT
from tests.support.chats import Chats
from tests.support.clock import FakeClock
from tests.support.incoming import edited, pressed, said
from tests.support.rows import COMMUNE, open_conversation
from tests.support.site import shipped_library


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
async def chats(database: Database, clock: FakeClock) -> Chats:
    chats = Chats(database, clock)
    await chats.places("3", "5")
    return chats


async def live(chats: Chats) -> list[str]:
    """What is subscribed to."""
    rows = await chats.rows(Subscription, "interest", "ended_at")
    return [str(interest) for interest, ended in rows if ended is None]


async def alert(chats: Chats, who: str, *, number: int = 1) -> None:
    """A broadcast has reached somebody."""
    library = shipped_library().current
    reply = broadcast_reply(library, library.communes[COMMUNE], ALERT.sort, ALERT.text, None)
    async with chats.database.transaction() as session:
        chat = await open_conversation(session, who)
        notice = BulkNotice(chat.id, "telegram", f"broadcast:{number}:{chat.id}")
        [sent] = (await outbox.add_bulk(session, COMMUNE, [notice], reply.to_json(), chats.clock())).values()
        message = await session.get_one(OutboxMessage, sent)
        outbox.delivered(message, 1, chats.clock())
    chats.read.setdefault(who, []).append(reply)


class TestChoosing:
    async def test_by_buttons_each_for_itself(self, chats: Chats) -> None:
        assert "Bác muốn nhận tin gì" in await chats.say("an", "/nhantin")
        assert await live(chats) == []
        assert "bác sẽ nhận tin" in await chats.press("an", "Cảnh báo lừa đảo")
        assert chats.labels("an")[0] == "✅ Cảnh báo lừa đảo"
        await chats.press("an", "Lớp học")
        assert await live(chats) == [Interest.SCAM_ALERTS, Interest.CLASS_NOTICES]
        assert "thôi nhận tin" in await chats.press("an", "Cảnh báo lừa đảo")
        assert await live(chats) == [Interest.CLASS_NOTICES]

    async def test_a_button_pressed_twice_or_forged_does_no_harm(self, chats: Chats) -> None:
        await chats.say("an", "/nhantin")
        again = chats.payload("an", "Cảnh báo lừa đảo")
        for payload in (again, again, "do:tin:+:everything", "do:tin:-:scam_alerts:x", "do:tin:h:999999", "do:tin:?"):
            assert await chats.send(pressed(payload, by="an"))
        assert await live(chats) == [Interest.SCAM_ALERTS]

    async def test_where_one_lives_is_asked_and_can_be_left_unsaid(self, chats: Chats) -> None:
        await chats.say("an", "/nhantin")
        await chats.press("an", "Cảnh báo lừa đảo", "Chọn ấp của bác")
        assert "ấp 5" in await chats.press("an", "ấp 5")
        assert any("ấp 5 (bấm để đổi)" in label for label in chats.labels("an"))
        await chats.press("an", "bấm để đổi", "Không muốn nói")
        assert await chats.rows(Subscription, "hamlet_id") == [(None,)]


class TestEnding:
    @pytest.mark.parametrize("words", ["/dung", "/stop", "dừng", "STOP", "Dừng.", "dung", "DUNG NHAN TIN"])
    async def test_by_words_after_an_alert(self, chats: Chats, words: str) -> None:
        await chats.say("an", "/nhantin")
        await chats.press("an", "Cảnh báo lừa đảo", "Lớp học")
        await alert(chats, "an")
        assert "đã thôi nhận tin" in await chats.say("an", words)
        assert await live(chats) == []

    async def test_by_the_button_in_the_alert(self, chats: Chats) -> None:
        await chats.say("an", "/nhantin")
        await chats.press("an", "Cảnh báo lừa đảo")
        await alert(chats, "an")
        assert "đã thôi nhận tin" in await chats.press("an", "Dừng nhận tin")
        assert "không đăng ký" in await chats.press("an", "Dừng nhận tin")

    @pytest.mark.parametrize("words", ["đúng", "dung roi", "dừng xe ở đâu", "làm sao để dừng nhận tin"])
    async def test_other_sentences_end_nothing(self, chats: Chats, words: str) -> None:
        await chats.say("an", "/nhantin")
        await chats.press("an", "Cảnh báo lừa đảo")
        await alert(chats, "an")
        assert "đã thôi nhận tin" not in await chats.say("an", words)
        assert await live(chats) == [Interest.SCAM_ALERTS]

    async def test_dung_without_marks_ends_it_only_right_after_an_alert(self, chats: Chats, clock: FakeClock) -> None:
        await chats.say("an", "/nhantin")
        await chats.press("an", "Cảnh báo lừa đảo")
        assert "đã thôi nhận tin" not in await chats.say("an", "dung")
        await alert(chats, "an")
        clock.advance(days=4)
        assert "đã thôi nhận tin" not in await chats.say("an", "dung")
        assert await live(chats) == [Interest.SCAM_ALERTS]

    async def test_dung_is_an_answer_while_a_form_asks(self, chats: Chats) -> None:
        await chats.say("an", "/nhantin")
        await chats.press("an", "Cảnh báo lừa đảo")
        await chats.member("an", "3")
        await alert(chats, "an")
        await chats.say("an", "/ghi")
        await chats.say("an", "dừng")
        assert await live(chats) == [Interest.SCAM_ALERTS]

    async def test_an_edit_ends_nothing(self, chats: Chats) -> None:
        await chats.say("an", "/nhantin")
        await chats.press("an", "Cảnh báo lừa đảo")
        question = said("vneid là gì", by="an")
        await chats.send(question)
        await chats.send(edited(question, "dừng"))
        assert await live(chats) == [Interest.SCAM_ALERTS]

    async def test_deleting_everything_ends_it_too(self, chats: Chats) -> None:
        await chats.say("an", "/nhantin")
        await chats.press("an", "Cảnh báo lừa đảo")
        await chats.say("an", "/xoadulieu")
        await chats.press("an", "Xoá hết")
        assert await chats.rows(Subscription, "interest") == []


class TestOffering:
    async def test_once_after_a_scam_article_that_helped(self, chats: Chats) -> None:
        await chats.send(pressed("t:scam.fake_police", by="an"))
        assert "được báo ngay ở đây" in await chats.press("an", "Có ích")
        assert await live(chats) == []
        assert "được báo ngay" not in await chats.send(pressed("y:scam.fake_police", by="an"))
        await chats.press("an", "Có, báo cho tôi")
        assert await live(chats) == [Interest.SCAM_ALERTS]

    async def test_not_after_another_article_and_not_to_who_has_decided(self, chats: Chats, clock: FakeClock) -> None:
        assert "được báo ngay" not in await chats.send(pressed("y:vneid.install", by="an"))
        await chats.say("an", "/nhantin")
        await chats.press("an", "Cảnh báo lừa đảo")
        await chats.say("an", "/dung")
        clock.now += timedelta(days=1)
        assert "được báo ngay" not in await chats.send(pressed("y:scam.fake_police", by="an"))

    async def test_a_no_is_taken_kindly(self, chats: Chats) -> None:
        await chats.send(pressed("y:scam.fake_police", by="an"))
        assert "/nhantin" in await chats.press("an", "Thôi")
        assert await live(chats) == []
