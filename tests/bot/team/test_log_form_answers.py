"""/ghi: buttons doubled, late and made up, typed answers, lists in pages, and what is asked before a new household."""

from __future__ import annotations

import re

import pytest

from bot.messages import Kind
from bot.service import payload
from db.engine import Database
from db.outreach import hamlets, households, members
from db.outreach.audit import OPERATOR
from db.outreach.models import Household, Role, SupportSession
from tests.support import outreach
from tests.support.chats import Chats
from tests.support.clock import NOON
from tests.support.incoming import pressed
from tests.support.rows import COMMUNE

MOST_ROWS = 8
NAMES = ("Hoàng Văn Năm", "Trần Thị Bảy", "Điểu Krak", "Lê Văn Tư", "Nguyễn Thị Lan", "Phạm Văn Sáu", "Võ Văn Chín")
TO_SUMMARY = ("Năm", "2 người", "Tiếp", "VNeID", "Tiếp")


@pytest.fixture(autouse=True)
async def homes(chats: Chats, database: Database) -> dict[str, Household]:
    """Seven households of ấp 3 by name, and its member with an open form."""
    await chats.member("an", "3")
    [place] = [one for one in await chats.places() if one.name == "3"]
    async with database.transaction() as session:
        made = {name: await outreach.household(session, name, place=place) for name in NAMES}
    await chats.say("an", "/ghi")
    await chats.say("an", "năm")
    return made


async def stored(chats: Chats, *columns: str) -> list[tuple[object, ...]]:
    return list(await chats.rows(SupportSession, *columns))


async def again(chats: Chats, label: str) -> str:
    """Presses a button that is there twice, as an impatient finger does; the second answer."""
    [carried, who] = [chats.payload("an", label), "an"]
    await chats.send(pressed(carried, by=who))
    return await chats.send(pressed(carried, by=who))


async def test_a_doubled_next_skips_no_step(chats: Chats) -> None:
    await chats.press("an", "Năm", "2 người")
    answer = await again(chats, "Tiếp")
    assert "của bước khác" in answer
    assert "Làm được gì" in answer


@pytest.mark.parametrize(("label", "shown"), [("khuyết tật", "✔️ khuyết tật: 1"), ("người lớn", "người lớn: 2")])
async def test_a_doubled_count_counts_once(chats: Chats, label: str, shown: str) -> None:
    await chats.press("an", "Năm", "3 người")
    await again(chats, label)
    assert shown in chats.labels("an")


async def test_a_save_from_before_is_not_taken_at_another_step(chats: Chats) -> None:
    await chats.press("an", *TO_SUMMARY)
    save = chats.payload("an", "Lưu")
    await chats.press("an", "Quay lại")
    assert "của bước khác" in await chats.send(pressed(save, by="an"))
    assert await stored(chats, "id") == []


@pytest.mark.parametrize(
    "answer", ["o0-3", "o99-1", "o0-", "o-1-1", "g0-1", "save", "p2", "h1", "page1", "zz", "", "o0-999"]
)
async def test_made_up_answers_change_nothing(chats: Chats, answer: str) -> None:
    await chats.press("an", *TO_SUMMARY[:-1])
    before = chats.labels("an")
    prefix = chats.payload("an", "Tiếp").removesuffix("next")
    await chats.send(pressed(prefix + answer, by="an"))
    assert chats.labels("an") == before


async def test_every_step_fits_a_small_screen(chats: Chats) -> None:
    await chats.press("an", "Quay lại", "Xem thêm", *("Hoàng Văn Năm", *TO_SUMMARY[1:]), "Lưu")
    for reply in chats.read["an"]:
        assert len(reply.buttons) <= MOST_ROWS
        assert all(button.label for row in reply.buttons for button in row)


async def test_all_households_are_reached_by_paging_and_the_first_page_comes_again(chats: Chats) -> None:
    await chats.press("an", "Quay lại")
    first, seen = chats.labels("an"), set(chats.labels("an"))
    for _ in range(2):
        await chats.press("an", "Xem thêm")
        seen |= set(chats.labels("an"))
    assert set(NAMES) <= seen
    await chats.press("an", "Xem thêm")
    assert chats.labels("an") == first


async def test_hamlets_come_in_pages_with_the_own_one_first(chats: Chats) -> None:
    await chats.places(*(f"Khuổi Mèo {number}" for number in range(30)))
    await chats.member("sau", "9", role=Role.OFFICE)
    await chats.say("sau", "/ghi")
    assert chats.labels("sau")[0] == "ấp 9"
    seen: list[str] = []
    for _ in range(3):
        assert len(chats.read["sau"][-1].buttons) <= MOST_ROWS
        seen += [label for label in chats.labels("sau") if label.startswith("ấp ")]
        await chats.press("sau", "Xem thêm")
    assert len(set(seen)) == 33
    await chats.say("sau", "ấp khuoi meo 7")
    assert "**ấp Khuổi Mèo 7** - thăm hộ nào" in chats.last("sau")


@pytest.mark.parametrize("words", ["hoang van nam", "HOÀNG NĂM", "bác Năm", "hoàng văn nămm"])
async def test_a_household_is_found_whatever_the_diacritics(chats: Chats, words: str) -> None:
    await chats.say("an", words)
    assert chats.labels("an")[0] == "Hoàng Văn Năm"


async def test_a_household_is_found_by_its_number(
    chats: Chats, database: Database, homes: dict[str, Household]
) -> None:
    async with database.transaction() as session:
        (await session.get_one(Household, homes["Điểu Krak"].id)).number = "12"
    for words in ("12", "hộ 12", "ho so 12"):
        await chats.say("an", words)
        assert chats.labels("an")[0] == "Điểu Krak (hộ 12)"
    await chats.press("an", "Quay lại", "Hộ mới")
    await chats.say("an", "hộ 12")
    assert "Có phải cùng một hộ không" in chats.last("an")


async def test_a_new_household_with_a_number_gets_it(chats: Chats) -> None:
    await chats.press("an", "Quay lại", "Hộ mới")
    await chats.say("an", "số 31")
    await chats.press("an", *TO_SUMMARY[1:])
    assert "hộ 31 (hộ mới)" in chats.last("an")
    await chats.press("an", "Lưu")
    assert (await chats.rows(Household, "name", "number"))[-1] == ("Hộ 31", "31")


@pytest.mark.parametrize(
    ("name", "told"),
    [("x" * 61, "dưới 60 chữ"), ("???", "dưới 60 chữ"), ("bác Năm 079123456789", "đã che đi")],
)
async def test_what_can_be_no_name_is_refused(chats: Chats, name: str, told: str) -> None:
    await chats.press("an", "Quay lại", "Hộ mới")
    assert told in await chats.say("an", name)
    assert len(await chats.rows(Household, "id")) == len(NAMES)


@pytest.mark.parametrize(
    ("typed", "told"),
    [("0", "từ 1 đến 999"), ("-3", "từ 1 đến 999"), ("10000", "từ 1 đến 999"), ("blabla", "chưa hiểu")],
)
async def test_an_impossible_number_of_people_is_refused_and_asked_again(chats: Chats, typed: str, told: str) -> None:
    await chats.press("an", "Năm")
    answer = await chats.say("an", typed)
    assert told in answer
    assert "Giúp được mấy người" in answer


@pytest.mark.parametrize("typed", ["12", "mười hai", "12 người"])
async def test_a_number_of_people_may_be_typed(chats: Chats, typed: str) -> None:
    await chats.press("an", "Năm")
    assert "**12 người**" in await chats.say("an", typed)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("vneid 9", "nhiều hơn số người được giúp"),
        ("3 cụ", "đông hơn số người được giúp"),
        ("1 người", "nhiều hơn số người được giúp"),
        ("ngày mai", "chưa tới"),
        ("ấp 9", "không thuộc nơi bác phụ trách"),
        ("a" * 3000, "chưa hiểu"),
    ],
)
async def test_a_correction_that_can_not_be_changes_nothing(chats: Chats, typed: str, told: str) -> None:
    await chats.press("an", *TO_SUMMARY)
    before = chats.last("an")
    answer = await chats.say("an", typed)
    assert told in answer
    assert answer.endswith(before)


async def test_fewer_people_after_going_back_leave_no_impossible_count(chats: Chats) -> None:
    await chats.press("an", "Năm", "5 người", *("người cao tuổi",) * 4, "Tiếp", "VNeID", "Tiếp")
    await chats.press("an", *("Quay lại",) * 3, "2 người", "Tiếp", "Tiếp")
    assert "2 người (2 người lớn, 2 người cao tuổi)\nVNeID mức 2: 2" in chats.last("an")


async def test_more_people_are_adults_too_unless_children_were_counted(chats: Chats) -> None:
    await chats.press("an", "Năm", "2 người", "Quay lại", "4 người")
    assert chats.labels("an")[0] == "người lớn: 4"
    await chats.press("an", "người lớn", "Quay lại", "6 người")
    assert chats.labels("an")[0] == "người lớn: 3"


async def test_the_old_are_adults(chats: Chats) -> None:
    await chats.press("an", "Năm", "2 người", *("người cao tuổi",) * 2, "người lớn")
    assert chats.labels("an")[:2] == ["người lớn: 1", "✔️ người cao tuổi: 1"]
    await chats.press("an", "người cao tuổi")
    assert chats.labels("an")[:2] == ["người lớn: 2", "✔️ người cao tuổi: 2"]


async def test_another_household_at_the_end_is_asked_about_and_leads_back_to_the_summary(
    chats: Chats, homes: dict[str, Household]
) -> None:
    await chats.press("an", *TO_SUMMARY)
    assert "Có phải cùng một hộ không" in await chats.say("an", "nhà bác Bảy")
    await chats.press("an", "Trần Thị Bảy")
    assert "Chưa lưu" in chats.last("an")
    await chats.press("an", "Lưu")
    assert await stored(chats, "household_id", "people") == [(homes["Trần Thị Bảy"].id, 2)]


async def test_another_hamlet_at_the_end_asks_for_the_household_there(chats: Chats) -> None:
    await chats.member("hoa", "3", "5")
    await chats.say("hoa", "/ghi")
    await chats.press("hoa", "ấp 3")
    await chats.say("hoa", "năm")
    await chats.press("hoa", *TO_SUMMARY)
    assert "**ấp 5** - không thấy hộ nào" in await chats.say("hoa", "ấp 5")
    await chats.press("hoa", "Hộ mới")
    assert "ấp 5 · Hoàng Văn Năm (hộ mới)" in chats.last("hoa")


async def test_a_household_that_was_merged_meanwhile_is_followed(
    chats: Chats, database: Database, homes: dict[str, Household]
) -> None:
    await chats.press("an", *TO_SUMMARY)
    async with database.transaction() as session:
        one, into = [await session.get_one(Household, homes[name].id) for name in NAMES[:2]]
        await households.merge(session, one, into, OPERATOR, NOON)
    await chats.press("an", "Lưu")
    assert await stored(chats, "household_id") == [(homes["Trần Thị Bảy"].id,)]


async def test_a_hamlet_that_was_merged_meanwhile_is_followed(chats: Chats, database: Database) -> None:
    await chats.press("an", *TO_SUMMARY)
    async with database.transaction() as session:
        every = {one.name: one for one in await hamlets.all_of(session, COMMUNE)}
        await hamlets.merge(session, every["3"], every["9"], OPERATOR, NOON)
    assert "ấp 9 · Hoàng Văn Năm" in await chats.press("an", "Lưu")


async def test_who_serves_the_hamlet_no_more_saves_nothing_there(chats: Chats, database: Database) -> None:
    await chats.press("an", *TO_SUMMARY)
    await _serve(database, "5", "9")
    assert "không còn do bác phụ trách" in await chats.press("an", "Lưu")
    assert "ấp 5" in chats.labels("an")
    await _serve(database)
    assert "chưa được giao" in await chats.press("an", "ấp 5")
    assert await stored(chats, "id") == []


async def _serve(database: Database, *names: str) -> None:
    """Gives the member other hamlets."""
    async with database.transaction() as session:
        [member] = [one for one in await members.all_of(session, COMMUNE) if one.name == "an"]
        served = [one for one in await hamlets.all_of(session, COMMUNE) if one.name in names]
        await members.change(session, member, role=Role.MEMBER, hamlets=served, actor=OPERATOR, now=NOON)


async def test_a_note_with_an_identity_number_is_masked_and_a_long_one_cut_with_a_word(chats: Chats) -> None:
    await chats.press("an", *TO_SUMMARY, "Ghi chú")
    answer = await chats.say("an", "căn cước 079123456789 " + "a " * 400)
    assert "đã che đi" in answer
    assert "500 chữ đầu" in answer
    await chats.press("an", "Lưu")
    [(note,)] = await stored(chats, "note")
    assert "0791234" not in str(note)


async def test_a_sentence_about_another_visit_is_logged_and_the_form_goes_on(chats: Chats) -> None:
    await chats.press("an", "Quay lại")
    answer = await chats.say("an", "nhà bác Tư cài vneid cho 2 người")
    assert "Có phải **bác Tư** là một trong các hộ" in answer
    answer = await chats.press("an", "Lê Văn Tư")
    assert "Đã ghi" in answer
    assert "đang ghi dở" in answer
    await chats.press("an", "Không nêu hộ", "1 người", "Tiếp", "Tiếp", "Lưu")
    assert await stored(chats, "people") == [(2,), (1,)]


async def test_what_waited_beneath_goes_on_once_the_form_is_saved(chats: Chats) -> None:
    await chats.press("an", "Bỏ")
    await chats.say("an", "nhà bác Tư cài vneid cho 2 người")
    await chats.say("an", "/ghi")
    await chats.say("an", "năm")
    answer = await chats.press("an", *TO_SUMMARY, "Lưu")
    assert "Đã ghi" in answer
    assert "bác Tư · hôm nay" in answer
    assert "là hộ nào trong các hộ này ạ?" in answer


async def test_a_receipt_is_given_again_after_other_messages_and_says_what_was_undone(chats: Chats) -> None:
    await chats.press("an", *TO_SUMMARY)
    save = chats.payload("an", "Lưu")
    await chats.press("an", "Lưu")
    await chats.say("an", "/thongke")
    assert "đã lưu rồi" in await chats.send(pressed(save, by="an"))
    await chats.press("an", "Hoàn tác")
    assert "thùng rác" in await chats.send(pressed(save, by="an"))
    assert len(await stored(chats, "id")) == 1


async def test_words_after_the_command_still_open_the_form(chats: Chats) -> None:
    assert "thăm hộ nào" in await chats.say("an", "/ghi abcdef:5:save")


async def test_payloads_stay_short_for_the_largest_numbers(chats: Chats) -> None:
    await chats.press("an", *TO_SUMMARY, "Lưu")
    for reply in chats.read["an"]:
        for row in reply.buttons:
            assert all(len(re.sub(r"[hm]\d+$", "h" + "9" * 18, button.payload)) <= 64 for button in row)
    assert len(payload("ks", "9" * 18, "9" * 10, *("12",) * 5)) <= 64
    assert Kind.BUTTON
