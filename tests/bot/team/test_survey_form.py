"""The survey of a household's four pillars: five taps, back at every one, and an older one overwrites nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.service import payload
from db.engine import Database
from db.outreach.models import AuditEntry, Household
from tests.support import outreach
from tests.support.chats import Chats
from tests.support.incoming import pressed

VISIT = ("Năm", "2 người", "Tiếp", "VNeID", "Tiếp", "Lưu")


@pytest.fixture(autouse=True)
async def home(chats: Chats, database: Database) -> Household:
    """A household of ấp 3, and its member, who has just logged a visit there."""
    await chats.member("an", "3")
    [place] = [one for one in await chats.places() if one.name == "3"]
    async with database.transaction() as session:
        made = await outreach.household(session, "Hoàng Văn Năm", place=place)
    await chats.say("an", "/ghi")
    await chats.press("an", *VISIT)
    return made


async def found(chats: Chats) -> list[tuple[object, ...]]:
    return list(await chats.rows(Household, "adults", "identity", "device", "skill", "account"))


async def test_a_survey_is_five_taps_and_shows_the_pillars(chats: Chats) -> None:
    answer = await chats.press("an", "Khảo sát", "3", "2", "1", "1", "2")
    assert "danh tính số 2/3, phương tiện số 1/3, kỹ năng số 1/3, tài khoản số 2/3" in answer
    assert await found(chats) == [(3, 2, 1, 1, 2)]
    await chats.say("an", "/ghi")
    await chats.press("an", *VISIT[:-1])
    assert "danh tính số 2/3" in chats.last("an")


async def test_each_question_can_be_gone_back_from_and_left(chats: Chats) -> None:
    await chats.press("an", "Khảo sát", "3", "2", "Quay lại")
    assert "danh tính số" in chats.last("an")
    await chats.press("an", "Quay lại", "4", "0", "0", "0")
    assert "không lưu" in await chats.press("an", "Bỏ")
    assert await found(chats) == [(None, 0, 0, 0, 0)]


async def test_a_last_button_pressed_twice_saves_once(chats: Chats) -> None:
    await chats.press("an", "Khảo sát", "3", "2", "1", "1")
    last = chats.payload("an", "2")
    for _ in range(2):
        chats.clock.now += timedelta(seconds=5)
        await chats.send(pressed(last, by="an", sent_at=chats.clock()))
    assert "không lưu thêm" in chats.last("an")
    assert "danh tính số 2/3" in chats.last("an")
    actions = [action for (action,) in await chats.rows(AuditEntry, "action")]
    assert actions.count("household.surveyed") == 1


async def test_a_button_of_an_older_survey_changes_nothing_and_another_may_begin(chats: Chats) -> None:
    await chats.press("an", "Khảo sát", "3", "2", "1", "1")
    old = chats.payload("an", "3")
    await chats.press("an", "Khảo sát", "2", "1", "1", "1", "1")
    assert "không lưu thêm" in await chats.send(pressed(old, by="an", sent_at=chats.clock()))
    assert await found(chats) == [(2, 1, 1, 1, 1)]
    assert "Nhà có mấy" in await chats.press("an", "Khảo sát lại")


@pytest.mark.parametrize("told", [(3, 4), (99,), (3, 1, 1, 1, 1, 1), (0, 0, 0, 0, 0), ("x", 1), (-1,)])
async def test_made_up_counts_begin_the_survey_anew(chats: Chats, home: Household, told: tuple[object, ...]) -> None:
    answer = await chats.send(pressed(payload("ks", home.id, 0, *told), by="an"))
    assert "Nhà có mấy" in answer
    assert await found(chats) == [(None, 0, 0, 0, 0)]


async def test_a_household_elsewhere_is_not_surveyed(chats: Chats, home: Household) -> None:
    await chats.member("binh", "9")
    answer = await chats.send(pressed(payload("ks", home.id), by="binh"))
    assert answer == chats.talk.library.texts.log_form.gone_household
