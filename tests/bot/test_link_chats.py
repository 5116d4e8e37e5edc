"""/noi and /tach: one person in two chats, only with a code, only by consent, and not for ever."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.messages import Incoming, Kind, Reply
from bot.team.help_card import tell_members
from db import conversations, persons, retention
from db.engine import Database
from db.models import Conversation
from db.outreach import requests
from db.outreach.models import AuditEntry, Member
from db.person_links import PersonLink
from tests.support.chats import Chats
from tests.support.clock import NOON, FakeClock
from tests.support.rows import open_conversation

PHONE, PAGE, ZALO = "dien-thoai", "trang-web", "zalo-cua-an"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: what differs between databases is tests/db/test_person_links.py's business."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
async def chats(database: Database, clock: FakeClock) -> Chats:
    made = Chats(database, clock)
    await made.places("3", "5")
    return made


async def code_of(chats: Chats, who: str = PHONE) -> str:
    """A code that this chat has made, as it is read."""
    found = re.search(r"\*\*([A-Z0-9]{4}-[A-Z0-9]{4})\*\*", await chats.say(who, "/noi"))
    assert found is not None
    return found[1]


async def link(chats: Chats, first: str = PHONE, second: str = PAGE) -> str:
    """Links two chats; what the second one is told."""
    await chats.say(second, await code_of(chats, first))
    return await chats.press(second, "Đồng ý nối")


async def together(chats: Chats, *who: str) -> bool:
    """Whether these chats are one person's, and nobody else's."""
    async with chats.database.transaction() as session:
        opened = [await open_conversation(session, one) for one in who]
        linked = await persons.conversations_of(session, persons.person_of(opened[0]))
        return {one.id for one in linked} == {one.id for one in opened}


async def test_a_code_typed_in_the_other_chat_links_them_when_that_one_agrees(chats: Chats) -> None:
    asked = await chats.say(PAGE, (await code_of(chats)).lower().replace("-", " "))
    assert "lịch sử trò chuyện **không** chuyển sang" in asked
    assert "một bản" in asked
    assert "Không phải tôi" in chats.labels(PHONE)[0], "the first chat is told before anything is linked"
    assert not await together(chats, PHONE, PAGE)

    assert "Đã nối với **Telegram**" in await chats.press(PAGE, "Đồng ý nối")
    assert "Đã nối" in chats.last(PHONE)
    assert await together(chats, PHONE, PAGE)
    assert [entry[0] for entry in await chats.rows(AuditEntry, "action")] == ["person.linked"]


async def test_a_link_into_the_other_channel_carries_the_code(chats: Chats) -> None:
    await chats.say(PHONE, "/noi")
    [way] = re.findall(r"\?s=(\S+)\)", chats.read[PHONE][-1].note)
    assert "của một người" in await chats.say(PAGE, f"/start {way}")
    async with chats.database.snapshot() as session:
        assert await session.scalar(select(func.max(Conversation.start_code))) is None, "codes are not kept"


async def test_who_does_not_agree_is_not_linked_and_the_code_is_used_up(chats: Chats) -> None:
    code = await code_of(chats)
    await chats.say(PAGE, code)
    assert "không nối gì" in await chats.press(PAGE, "Thôi")
    assert "chọn không nối" in chats.last(PHONE)
    assert "đã xong" in await chats.press(PAGE, "Đồng ý nối")
    assert "đã dùng" in await chats.say(ZALO, code)
    assert not await together(chats, PHONE, PAGE)


async def test_the_first_chat_can_refuse_before_and_undo_after(chats: Chats) -> None:
    await chats.say(PAGE, await code_of(chats))
    assert "đã chặn" in await chats.press(PHONE, "Không phải tôi")
    assert "đã xong" in await chats.press(PAGE, "Đồng ý nối")

    await link(chats)
    assert "đã tách" in await chats.press(PHONE, "Không phải tôi")
    assert "tách chat này ra" in chats.last(PAGE)
    assert not await together(chats, PHONE, PAGE)
    assert "đã xong từ trước" in await chats.press(PHONE, "Không phải tôi")


async def test_either_chat_can_leave_and_the_rest_stay_together(chats: Chats) -> None:
    await link(chats)
    await link(chats, PHONE, ZALO)
    assert await together(chats, PHONE, PAGE, ZALO)
    assert "Telegram, Telegram" in await chats.say(PHONE, "/tach")
    await chats.press(PHONE, "Cứ để vậy")
    await chats.say(PHONE, "/tach")
    assert "đã tách" in await chats.press(PHONE, "Tách ra")
    assert "đã tách ra" in chats.last(ZALO)
    assert await together(chats, PAGE, ZALO)
    assert await together(chats, PHONE)
    assert "chưa nối" in await chats.press(PHONE, "Tách ra")


async def test_codes_that_lead_nowhere_are_refused_kindly(chats: Chats, clock: FakeClock) -> None:
    code = await code_of(chats)
    assert "chính chat này" in await chats.say(PHONE, code)
    assert "chưa đúng" in await chats.say(PAGE, "/noi HKLM2345")
    clock.advance(minutes=16)
    assert "quá 15 phút" in await chats.say(PAGE, code)
    newer = await code_of(chats)
    newest = await code_of(chats)
    assert "đã huỷ" in await chats.say(PAGE, newer)
    await chats.say(PAGE, newest)
    assert "đã dùng" in await chats.say(ZALO, newest), "one that is opened is nobody else's"
    clock.advance(minutes=16)
    assert "quá 15 phút" in await chats.press(PAGE, "Đồng ý nối")


async def test_guessing_ends_soon_and_so_does_making_codes(chats: Chats, clock: FakeClock) -> None:
    code = await code_of(chats)
    for _ in range(5):
        await chats.say(PAGE, "/noi HKLM2345")
    assert "Nghỉ một tiếng" in await chats.say(PAGE, code)
    assert "của một người" in await chats.say(ZALO, code), "others are not kept waiting"
    for _ in range(4):
        await code_of(chats)
    assert "Nghỉ một tiếng" in await chats.say(PHONE, "/noi")
    clock.advance(minutes=61)
    assert await code_of(chats)


async def test_a_code_of_another_commune_or_from_a_group_is_none(chats: Chats) -> None:
    async with chats.database.transaction() as session:
        elsewhere = await open_conversation(session, "xa-ban", commune="sang-moc")
        session.add(
            PersonLink(
                commune="sang-moc", conversation_id=elsewhere.id, code_hash="x", state="opened",
                created_at=NOON, expires_at=NOON + timedelta(days=1),
                opened_by_id=(await open_conversation(session, PAGE)).id,
            )
        )  # fmt: skip
    forged = Incoming("telegram", PAGE, PAGE, "forged", NOON, Kind.BUTTON, payload="do:noi:y:1")
    assert "đã xong" in await chats.send(forged)
    in_group = Incoming("telegram", "nhom", PHONE, "in-group", NOON, Kind.TEXT, text="/noi")
    assert "nhắn riêng" in await chats.send(in_group)


async def test_words_that_could_be_a_code_are_left_alone(chats: Chats) -> None:
    for text in ("24793586", "KHLMNPRT"):
        assert "Mã này" not in await chats.say(PAGE, text)


class TestMembers:
    async def test_work_in_both_chats_and_in_none_once_removed(self, chats: Chats) -> None:
        await chats.member(PHONE, "3")
        assert "Còn một bước nữa" in await link(chats)
        assert not await together(chats, PHONE, PAGE), "whoever was given the code has not got the role with it"
        assert "Đã nối" in await chats.press(PHONE, "Đúng là tôi")
        assert "vai trò thành viên dùng được" in chats.last(PAGE)
        assert "/ghi" in await chats.say(PAGE, "/trogiup")

        await chats.say(PAGE, "/roito")
        await chats.press(PAGE, "Rời")
        assert "/ghi - " not in await chats.say(PAGE, "/trogiup")
        assert "/ghi - " not in await chats.say(PHONE, "/trogiup")

    async def test_can_refuse_a_chat_that_got_their_code_by_a_trick(self, chats: Chats) -> None:
        await chats.member(PHONE, "3")
        await link(chats)
        assert "đã chặn" in await chats.press(PHONE, "Không phải tôi")
        assert "đã xong" in await chats.press(PHONE, "Đúng là tôi")
        assert "/ghi - " not in await chats.say(PAGE, "/trogiup")

    async def test_confirm_in_time_and_once(self, chats: Chats, clock: FakeClock) -> None:
        await chats.member(PHONE, "3")
        await link(chats)
        assert "đã xong" in await chats.press(PAGE, "Đồng ý nối")
        clock.advance(minutes=16)
        assert "quá 15 phút" in await chats.press(PHONE, "Đúng là tôi")
        await link(chats)
        await chats.press(PHONE, "Đúng là tôi")
        assert "đã xong" in await chats.press(PHONE, "Đúng là tôi")
        assert await together(chats, PHONE, PAGE)

    async def test_are_warned_of_codes_that_somebody_else_made(self, chats: Chats) -> None:
        await chats.member(PHONE, "3")
        assert "thay bác" in await chats.say(PHONE, await code_of(chats, PAGE))

    async def test_lose_the_role_where_they_leave(self, chats: Chats) -> None:
        await chats.member(PHONE, "3")
        await link(chats, PAGE, PHONE)
        await chats.say(PAGE, "/tach")
        await chats.press(PAGE, "Tách ra")
        assert "/ghi - " not in await chats.say(PAGE, "/trogiup")
        assert "/ghi - " in await chats.say(PHONE, "/trogiup")

    async def test_two_different_ones_are_not_made_one(self, chats: Chats) -> None:
        await chats.member(PHONE, "3")
        await chats.member(PAGE, "5")
        assert "hai thành viên khác nhau" in await chats.say(PAGE, await code_of(chats))
        assert len(await chats.rows(Member)) == 2

    async def test_get_each_notice_once_and_elsewhere_when_they_blocked_us(self, chats: Chats) -> None:
        await chats.member(PHONE, "3")
        await link(chats)
        await chats.press(PHONE, "Đúng là tôi")
        read = len(chats.read[PAGE])

        [place, *_] = await chats.places("3", "5")

        async def ask(who: str) -> None:
            async with chats.database.transaction() as session:
                citizen = await open_conversation(session, who)
                made = await requests.make(
                    session, citizen, kind="human", hamlet_id=place.id, topic=None, text="giúp", now=NOON
                )
                people = await requests.recipients(session, made)
                assert await tell_members(session, people, Reply(f"lời nhờ {who}"), f"request:{made.id}", NOON) == 1
            await chats.say(who, "/help")

        await ask("cu-sau")
        assert "lời nhờ cu-sau" in chats.last(PHONE)
        assert len(chats.read[PAGE]) == read
        async with chats.database.transaction() as session:
            await conversations.mark_blocked(session, (await open_conversation(session, PHONE)).id, NOON)
        await ask("cu-tam")
        assert "lời nhờ cu-tam" in chats.last(PAGE)


async def test_chats_that_were_both_linked_with_others_stay_apart(chats: Chats) -> None:
    await link(chats)
    await link(chats, ZALO, "may-khac")
    assert "Hai bên đều đang nối" in await chats.say(ZALO, await code_of(chats))
    assert "đã nối với nhau" in await chats.say(PAGE, await code_of(chats))


async def test_deleting_one_s_data_in_one_chat_takes_it_out_and_forgets_its_codes(chats: Chats) -> None:
    await link(chats)
    await chats.say(PAGE, "/xoadulieu")
    await chats.press(PAGE, "Xoá hết")
    assert await together(chats, PHONE)
    assert await chats.rows(PersonLink) == []
    assert "xong từ trước" in await chats.press(PHONE, "Không phải tôi")


async def test_a_linked_chat_stays_as_long_as_its_person_writes_in_the_other(chats: Chats, clock: FakeClock) -> None:
    await link(chats)
    clock.advance(days=31)
    await chats.say(PHONE, "chào")
    async with chats.database.transaction() as session:
        await retention.delete_old(session, clock())
    assert await together(chats, PHONE, PAGE)


async def test_who_asked_for_help_in_one_chat_finds_it_in_the_other(chats: Chats) -> None:
    await link(chats)
    async with chats.database.transaction() as session:
        await requests.make(
            session,
            await open_conversation(session, PHONE),
            kind="human",
            hamlet_id=None,
            topic=None,
            text="",
            now=NOON,
        )
    assert "Lời nhờ số **1**" in await chats.say(PAGE, "/nho")
    assert "đã huỷ lời nhờ" in await chats.press(PAGE, "Huỷ lời nhờ")
    assert "chưa có lời nhờ" in await chats.say(PHONE, "/nho")
