"""A citizen asks for a person: one member takes it, both sides hear each step and talk through the bot."""

from __future__ import annotations

import pytest

from bot.reminders import remind_of_requests
from db.engine import Database
from db.outreach import handovers, members
from db.outreach.audit import OPERATOR
from db.outreach.models import HelpRequest, Member, Role
from tests.support.chats import Chats
from tests.support.clock import FakeClock
from tests.support.site import shipped_library

ASKED = "cho tôi gặp người thật"


@pytest.fixture
async def team(chats: Chats) -> Chats:
    """Two members of ấp 3, the office, and a citizen who is understood."""
    chats.talk.nlu.meanings[ASKED] = "help.human"
    await chats.member("an", "3")
    await chats.member("binh", "3")
    await chats.member("sep", role=Role.OFFICE)
    return chats


async def ask(team: Chats, text: str = "quên mật khẩu", place: str = "ấp 3") -> str:
    """The citizen asks for help there."""
    await team.say("ba", ASKED)
    await team.press("ba", "Nhờ người giúp", place)
    return await team.say("ba", text)


async def state(team: Chats) -> tuple[object, ...]:
    return (await team.rows(HelpRequest, "state", "text", "helped"))[-1]


async def remind(team: Chats) -> int:
    return await remind_of_requests(team.database, lambda: shipped_library().current, team.clock, lambda: None)


async def test_the_hamlet_s_members_hear_of_it_and_nobody_else(team: Chats) -> None:
    assert "Đã gửi lời nhờ số **1** đến tổ công nghệ số ấp 3" in await ask(team)
    assert "quên mật khẩu" in team.last("an")
    assert "quên mật khẩu" in team.last("binh")
    assert "sep" not in team.read


async def test_what_must_not_be_sent_is_masked(team: Chats) -> None:
    await ask(team, "căn cước của tôi 012345678901")
    assert (await state(team))[1] == "căn cước của tôi [đã che]"


async def test_only_one_can_take_it_and_the_citizen_hears_who(team: Chats) -> None:
    await ask(team)
    await team.press("an", "Nhận")
    assert "**an** đã nhận lời nhờ số 1 rồi" in await team.press("binh", "Nhận")
    assert "**an** (thành viên tổ công nghệ số) đã nhận" in team.last("ba")


async def test_both_talk_through_the_bot_until_one_ends_it(team: Chats, clock: FakeClock) -> None:
    await ask(team)
    await team.press("an", "Nhận", "Nhắn với bà con")
    await team.say("an", "Chào bác")
    assert team.last("ba") == "**an:** Chào bác"
    await team.say("ba", "Chào cháu {x}")
    assert team.last("an") == "**Bà con (lời nhờ số 1):** Chào cháu {x}"
    assert "tìm hiểu" in await team.say("ba", "/menu") or "mục" in team.last("ba")
    await team.say("an", "/xong")
    assert "đã kết thúc" in team.last("ba")
    team.talk.nlu.meanings["quên mật khẩu VNeID"] = "vneid.forgot_password"
    assert "mật khẩu" in await team.say("ba", "quên mật khẩu VNeID")


async def test_a_talk_ends_by_itself_after_a_silence(team: Chats, clock: FakeClock) -> None:
    await ask(team)
    await team.press("an", "Nhận", "Nhắn với bà con")
    clock.advance(seconds=handovers.SILENCE.total_seconds() + 1)
    before = len(team.read["an"])
    await team.say("ba", "còn đó không")
    assert len(team.read["an"]) == before


async def test_done_is_asked_about_and_reopened_when_it_was_not(team: Chats) -> None:
    await ask(team)
    await team.press("an", "Nhận", "Xong")
    assert "Bác thấy được giúp chưa" in team.last("ba")
    await team.press("ba", "Chưa được")
    assert (await state(team))[0] == "open"
    assert "chưa được giúp" in team.last("sep")
    await team.press("binh", "Nhận", "Xong")
    await team.press("ba", "Được rồi")
    assert (await state(team))[::2] == ("done", True)


async def test_it_is_passed_on_to_another_or_back_to_all(team: Chats) -> None:
    await ask(team)
    await team.press("an", "Nhận", "Chuyển", "binh")
    assert "an chuyển cho bác" in team.last("binh")
    await team.press("binh", "Chuyển", "Trả lại")
    assert (await state(team))[0] == "open"
    assert "Nhận" in " ".join(team.labels("an"))


async def test_the_citizen_cancels_at_any_time(team: Chats) -> None:
    await ask(team)
    await team.press("an", "Nhận")
    assert "đã huỷ" in await team.press("ba", "Huỷ lời nhờ")
    assert "đã huỷ lời nhờ" in team.last("an")
    assert "đã xong hoặc đã huỷ" in await team.press("an", "Xong")


async def test_one_request_at_a_time(team: Chats) -> None:
    await ask(team)
    await team.say("ba", ASKED)
    assert "đang chờ" in await team.press("ba", "Nhờ người giúp")
    assert len(await team.rows(HelpRequest, "id")) == 1


async def test_without_a_team_the_office_hears_and_without_anybody_the_citizen_is_told(
    team: Chats, database: Database
) -> None:
    assert "đại sứ số và văn phòng xã" in await ask(team, place="ấp 9")
    assert "Lời nhờ số 1" in team.last("sep")
    await team.press("ba", "Huỷ lời nhờ")
    async with database.transaction() as session:
        for member in await members.all_of(session, "tan-loi"):
            await members.remove(session, member, OPERATOR, team.clock())
    assert "bác gọi cho chắc" in await ask(team, place="ấp 9")


async def test_nobody_takes_it_they_are_reminded_by_day_and_then_the_office_too(team: Chats, clock: FakeClock) -> None:
    await ask(team)
    clock.advance(hours=3)
    assert await remind(team) == 0
    clock.advance(hours=2)
    assert await remind(team) == 1
    assert await remind(team) == 0
    clock.advance(hours=5)
    assert await remind(team) == 0  # 22:00 in Vietnam
    clock.advance(hours=12)
    assert await remind(team) == 1
    await team.say("ba", "/menu")
    assert "chưa có ai nhận" in team.last("sep")


async def test_a_leaver_s_requests_are_open_again(team: Chats, database: Database) -> None:
    await ask(team)
    await team.press("an", "Nhận")
    async with database.transaction() as session:
        [an] = [one for one in await members.all_of(session, "tan-loi") if one.name == "an"]
        await members.remove(session, await session.get_one(Member, an.id), OPERATOR, team.clock())
    assert (await state(team))[0] == "open"


async def test_erasing_takes_the_words_and_the_chat_away(team: Chats) -> None:
    await ask(team)
    await team.say("ba", "/xoadulieu")
    await team.press("ba", "Xoá hết")
    assert (await team.rows(HelpRequest, "state", "text", "conversation_id")) == [("cancelled", "", None)]


async def test_after_an_article_that_did_not_help_a_person_is_offered(team: Chats) -> None:
    team.talk.nlu.meanings["quên mật khẩu VNeID"] = "vneid.forgot_password"
    await team.say("ba", "quên mật khẩu VNeID")
    assert "nhờ **người của tổ công nghệ số** giúp không" in await team.press("ba", "Chưa giúp được")


async def test_a_member_of_another_hamlet_can_t_take_it(team: Chats) -> None:
    await ask(team)
    await team.member("la", "5")
    team.read["la"] = team.read["an"][-1:]
    assert "đã xong hoặc đã huỷ" in await team.press("la", "Nhận")
    assert (await state(team))[0] == "open"
