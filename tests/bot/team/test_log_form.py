"""/ghi: at most eight taps, back and cancel at every step, safe against restarts and old buttons."""

from __future__ import annotations

import pytest

from db import links
from db.engine import Database
from db.links import Sort
from db.outreach.models import Household, SupportSession
from tests.support import outreach
from tests.support.chats import Chats
from tests.support.incoming import pressed
from tests.support.rows import COMMUNE

USUAL = ("ấp 3", "Năm", "2 người", "người cao tuổi", "Tiếp", "VNeID", "Tiếp", "Lưu")
MOST_TAPS = 8


@pytest.fixture(autouse=True)
async def home(chats: Chats, database: Database) -> Household:
    """A household of ấp 3, and a member of ấp 3 and ấp 5."""
    await chats.member("an", "3", "5")
    [place] = [one for one in await chats.places() if one.name == "3"]
    async with database.transaction() as session:
        return await outreach.household(session, "Hoàng Văn Năm", place=place)


async def stored(chats: Chats) -> list[tuple[object, ...]]:
    return list(await chats.rows(SupportSession, "people", "elderly", "household_id", "note"))


async def test_the_usual_visit_takes_at_most_eight_taps(chats: Chats, home: Household) -> None:
    await chats.say("an", "/ghi")
    assert len(USUAL) <= MOST_TAPS
    assert "Đã ghi" in await chats.press("an", *USUAL)
    assert await stored(chats) == [(2, 1, home.id, "")]


async def test_who_serves_one_hamlet_taps_once_less_and_may_note_one_of_two(chats: Chats, home: Household) -> None:
    await chats.member("lan", "3")
    taps = ("Năm", "2 người", "người cao tuổi", "Tiếp", "VNeID", "VNeID", "Tiếp", "Lưu")
    await chats.say("lan", "/ghi")
    assert len(taps) <= MOST_TAPS
    assert "VNeID mức 2: 1" in await chats.press("lan", *taps)
    assert await stored(chats) == [(2, 1, home.id, "")]


async def test_it_goes_on_after_a_restart_in_the_middle(chats: Chats) -> None:
    await chats.say("an", "/ghi")
    for label in USUAL:
        chats.restart()
        await chats.press("an", label)
    assert len(await stored(chats)) == 1


async def test_saved_twice_is_saved_once(chats: Chats) -> None:
    await chats.say("an", "/ghi")
    await chats.press("an", *USUAL[:-1])
    await chats.press("an", "Lưu")
    assert "đã lưu rồi" in await chats.press("an", "Lưu")
    assert len(await stored(chats)) == 1


@pytest.mark.parametrize("taps", range(len(USUAL)))
async def test_every_step_can_be_left_and_all_but_the_first_gone_back_from(chats: Chats, taps: int) -> None:
    await chats.say("an", "/ghi")
    if taps:
        await chats.press("an", *USUAL[:taps])
    assert ("⬅️ Quay lại" in chats.labels("an")) == (taps > 0)
    await chats.press("an", "Bỏ")
    assert "chưa ghi gì" in chats.last("an")
    assert await stored(chats) == []


async def test_back_keeps_what_was_said(chats: Chats) -> None:
    await chats.say("an", "/ghi")
    await chats.press("an", *USUAL[:-1])
    await chats.press("an", "Quay lại", "Quay lại")
    assert "✔️ người cao tuổi: 1" in chats.labels("an")


async def test_a_button_of_an_older_form_does_nothing(chats: Chats) -> None:
    await chats.say("an", "/ghi")
    await chats.press("an", *USUAL[:-1])
    old = chats.payload("an", "Lưu")
    await chats.say("an", "/ghi")
    assert "lần ghi trước" in await chats.send(pressed(old, by="an"))
    assert await stored(chats) == []


async def test_a_new_household_a_typed_number_a_note_and_another_day(chats: Chats) -> None:
    await chats.say("an", "/ghi")
    await chats.press("an", "ấp 5", "Hộ mới")
    await chats.say("an", "bác Bảy")
    await chats.say("an", "7")
    await chats.press("an", "Tiếp", "Sổ sức khỏe", "Sổ sức khỏe", "Tiếp", "Ghi chú")
    await chats.say("an", "bà ở một mình")
    assert "hôm qua, 21/11/2026" in await chats.say("an", "hôm qua")
    answer = await chats.press("an", "Lưu")
    assert "7 người (7 người lớn)\nSổ sức khỏe điện tử: 6\nGhi chú: bà ở một mình" in answer


async def test_a_like_household_is_shown_before_a_new_one_is_made(chats: Chats) -> None:
    await chats.say("an", "/ghi")
    await chats.press("an", "ấp 3", "Hộ mới")
    await chats.say("an", "bac nam")
    assert "Hoàng Văn Năm" in chats.labels("an")[0]


async def test_the_same_household_that_day_is_asked_about(chats: Chats) -> None:
    for _ in range(2):
        await chats.say("an", "/ghi")
        await chats.press("an", *USUAL)
    assert "đã được ghi" in chats.last("an")
    assert len(await stored(chats)) == 1
    assert "Đã ghi" in await chats.press("an", "Lần khác")
    assert len(await stored(chats)) == 2


async def test_the_same_visit_once_more_is_dropped_or_looked_at_again(chats: Chats) -> None:
    for _ in range(2):
        await chats.say("an", "/ghi")
        await chats.press("an", *USUAL)
    assert "Chưa lưu" in await chats.press("an", "Quay lại")
    await chats.press("an", "Lưu", "Cùng một lần")
    assert "chưa ghi gì" in chats.last("an")
    assert len(await stored(chats)) == 1


async def test_the_code_on_the_printed_form_opens_the_log_of_that_household(
    chats: Chats, home: Household, database: Database
) -> None:
    async with database.transaction() as session:
        code = await links.make(session, COMMUNE, Sort.HOUSEHOLD, home.id)
    assert "Giúp được mấy người" in await chats.say("an", f"/start {code}")
    await chats.member("binh", "9")
    assert "không thuộc nơi bác phụ trách" in await chats.say("binh", f"/start {code}")
