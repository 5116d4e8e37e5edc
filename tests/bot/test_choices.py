"""Choices that are typed: what counts as one, what stays an answer, and that nothing of it lives in a process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.fitting import splitter
from bot.choices import Offer, chosen, marked
from bot.messages import Button, Incoming, Reply
from db import conversations, outbox
from db.engine import Database
from tests.support.chats import Chats
from tests.support.clock import FakeClock
from tests.support.incoming import said
from tests.support.rows import COMMUNE
from tests.support.site import shipped_library

BUTTONS = [Button("Quên mật khẩu", "a"), Button("Đổi căn cước", "b"), Button("Gặp người", "c")]
OFFER = Offer(marked(BUTTONS), is_newest=True)
LETTERED = Offer(marked([*BUTTONS, Button("4", "four")], is_asking=True), is_newest=True)


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("1", "a"), ("2.", "b"), ("số 1", "a"), ("So 3", "c"), ("chọn 2", "b"), ("Chọn số 02", "b"), ("(1)", "a"),
        ("1️⃣", "a"), ("③", "c"), ("số hai", "b"), ("câu 3!", "c"), ("quen mat khau", "a"), ("Đổi căn cước.", "b"),
        ("4", None), ("0", None), ("hai", None), ("1 2", None), ("1 cụ", None), ("112", None), ("a", None), ("", None),
        ("quên mật khẩu VNeID", None), ("1" * 200, None),
    ],
)  # fmt: skip
def test_a_mark_or_a_whole_name_chooses(text: str, payload: str | None) -> None:
    assert chosen(text, OFFER) == payload


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("1", None),
        ("2.", None),
        ("số 3", None),
        ("A", "a"),
        ("b.", "b"),
        ("chọn C", "c"),
        ("4", "four"),
        ("d", None),
        ("À!", None),
    ],
)
def test_while_a_question_is_open_numbers_answer_it_and_letters_choose(text: str, payload: str | None) -> None:
    assert chosen(text, LETTERED, is_asking=True) == payload
    assert chosen(text, OFFER, is_asking=True) is None


def test_an_older_question_s_choices_do_not_answer_an_open_one() -> None:
    assert chosen("A", replace(LETTERED, is_newest=False), is_asking=True) is None


# --- in a conversation ------------------------------------------------------------------------------------------------


class ZaloBotChats(Chats):
    """People on a channel without buttons."""

    def restart(self) -> None:
        super().restart()
        self.talk.inbox._split = splitter(lambda: shipped_library().current)

    def on_zalo(self, who: str, text: str) -> Incoming:
        return said(text, by=who, channel="zalo_bot", sent_at=self.clock())

    async def types(self, text: str, who: str = "ba-an") -> str:
        return await self.send(self.on_zalo(who, text))


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def chats(database: Database, clock: FakeClock) -> ZaloBotChats:
    return ZaloBotChats(database, clock)


async def test_a_typed_number_presses_the_last_list_s_button_after_a_restart_too(chats: ZaloBotChats) -> None:
    menu = await chats.types("/menu")
    assert "Nhắn số để chọn:\n1. " in menu
    assert chats.read["ba-an"][-1].buttons == ()
    chats.restart()
    chats.clock.advance(hours=3)
    first = await chats.types("số 1")
    assert first != menu
    assert "1. " in first
    chats.clock.advance(hours=49)
    assert await chats.types("1") != await chats.types("/menu"), "that list is too old"


async def test_a_number_answers_an_open_question_and_a_letter_chooses(chats: ZaloBotChats) -> None:
    await chats.places("3", "5")
    menu = await chats.types("/menu")
    chats.talk.nlu.meanings["gap nguoi"] = "help.human"
    offered = await chats.types("gap nguoi")
    [button] = [one for one in chats.read["ba-an"][-1].choices if "Nhờ người giúp" in one.label]
    assert f"{button.mark}. {button.label}" in offered
    asked = await chats.types(button.mark)
    assert "\nA. ấp 3\nB. ấp 5" in asked
    assert menu not in await chats.types("1"), "the menu's first line is not meant"
    written = await chats.types("B")
    assert written != asked, "the next question"


async def test_choices_of_a_notice_have_letters(chats: ZaloBotChats) -> None:
    await chats.types("xin chào")
    async with chats.database.transaction() as session:
        talk = await conversations.find(session, commune=COMMUNE, channel="zalo_bot", chat="ba-an", sender="ba-an")
        assert talk
        body = Reply("Bác xem gì?", ((Button("Danh sách", "menu"),),)).to_json()
        await outbox.add_notice(session, talk, "test:1", body, chats.clock())
    assert await chats.types("A") == await chats.types("/menu")
