"""/nhiemvu: who waits, whom to visit and why, which classes are ahead; each with the button that does it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete

from db.outreach import classes, households, requests
from db.outreach.audit import OPERATOR
from db.outreach.households import Survey
from db.outreach.models import Household, Member, Role
from tests.support import outreach
from tests.support.chats import Chats
from tests.support.clock import NOON, FakeClock
from tests.support.rows import COMMUNE, open_conversation


@pytest.fixture
async def an(chats: Chats) -> Member:
    return await chats.member("an", "3")


async def a_household(chats: Chats, name: str = "Bác Năm", place: str = "3", *, identity: int | None = None) -> int:
    """Never visited; with two adults of whom `identity` have a digital identity, when that is known."""
    async with chats.database.transaction() as session:
        home = await outreach.household(session, name, place=await outreach.hamlet(session, place))
        if identity is not None:
            found = Survey(people=2, adults=2, identity=identity, device=2, skill=2, account=2, has_elderly=True)
            await households.survey(session, home, found, OPERATOR, NOON)
        return home.id


async def a_request(chats: Chats, place: str | None = "3", text: str = "cài giúp\nVNeID", who: str = "ba") -> int:
    async with chats.database.transaction() as session:
        where = await outreach.hamlet(session, place) if place else None
        request = await requests.make(
            session, await open_conversation(session, who), kind="home_visit", hamlet_id=where.id if where else None,
            topic=None, text=text, now=NOON,
        )  # fmt: skip
        return request.id


async def a_class(chats: Chats, title: str, hours: float, place: str = "3") -> None:
    async with chats.database.transaction() as session:
        where = await outreach.hamlet(session, place)
        await classes.create(
            session, commune=COMMUNE, hamlet_id=where.id, title=title, place="Nhà văn hóa",
            starts_at=NOON + timedelta(hours=hours), created_by_id=None, actor=OPERATOR, now=NOON,
        )  # fmt: skip


@pytest.mark.usefixtures("an")
async def test_a_household_is_named_with_the_reasons_in_plain_words(chats: Chats) -> None:
    await a_household(chats, identity=1)
    assert await chats.say("an", "/nhiemvu") == (
        "**Nên đến thăm tiếp:**\n"
        "**1. Bác Năm** (ấp 3) - chưa thăm lần nào, có người cao tuổi, còn 1 người chưa có danh tính số"
    )


@pytest.mark.usefixtures("an")
async def test_its_button_opens_the_log_form_and_the_visit_takes_it_off_the_list(chats: Chats) -> None:
    await a_household(chats)
    await chats.say("an", "/nhiemvu")
    assert "**Bác Năm** (ấp 3)" in await chats.press("an", "Ghi thăm Bác Năm")
    assert "Đã ghi" in await chats.press("an", "2 người", "Tiếp", "VNeID", "Tiếp", "Lưu")
    assert "Chưa có việc nào đang chờ" in await chats.say("an", "/nhiemvu")


@pytest.mark.usefixtures("an")
async def test_its_button_is_harmless_when_the_household_is_gone(chats: Chats) -> None:
    home = await a_household(chats)
    await chats.say("an", "/nhiemvu")
    async with chats.database.transaction() as session:
        await session.execute(delete(Household).where(Household.id == home))
    assert await chats.press("an", "Ghi thăm") == chats.talk.library.texts.log_form.gone_household


@pytest.mark.usefixtures("an")
async def test_at_most_five_households_of_the_own_hamlets(chats: Chats) -> None:
    for number in range(7):
        await a_household(chats, f"Hộ {number}")
    await a_household(chats, "Hộ xa", "5")
    told = await chats.say("an", "/nhiemvu")
    assert "**5. Hộ" in told
    assert "**6." not in told
    assert "Hộ xa" not in told
    assert len(chats.labels("an")) == 5


@pytest.mark.usefixtures("an")
async def test_who_waits_for_help_stands_above_and_is_taken_with_one_press(chats: Chats) -> None:
    await a_household(chats)
    number = await a_request(chats)
    told = await chats.say("an", "/nhiemvu")
    assert told.startswith(
        f"**Bà con đang nhờ giúp:**\n🙋 **Số {number}** - nhờ người đến nhà, ấp 3 (chưa có người nhận): cài giúp VNeID"
    )
    assert f"Bác đã nhận **lời nhờ số {number}**" in await chats.press("an", f"Nhận số {number}")
    assert "(bác đã nhận)" in await chats.say("an", "/nhiemvu")
    await chats.press("an", f"Mở số {number}")
    assert chats.labels("an")[0] == "✔️ Xong"


@pytest.mark.usefixtures("an")
async def test_requests_that_are_another_s_or_elsewhere_are_not_shown(chats: Chats) -> None:
    await chats.member("binh", "3")
    await a_request(chats, "5")
    number = await a_request(chats, who="ba-hai")
    await chats.say("binh", "/nhiemvu")
    await chats.press("binh", f"Nhận số {number}")
    assert "nhờ giúp" not in await chats.say("an", "/nhiemvu")


@pytest.mark.usefixtures("an")
async def test_of_many_requests_three_are_shown_and_the_rest_counted(chats: Chats) -> None:
    for who in ("ba", "bon", "nam", "sau", "bay"):
        await a_request(chats, None, "giúp với", who)
    told = await chats.say("an", "/nhiemvu")
    assert told.count("🙋") == 3
    assert "Còn 2 lời nhờ nữa: bấm /yeucau." in told


@pytest.mark.usefixtures("an")
async def test_the_week_s_classes_and_those_to_be_closed_are_named(chats: Chats, clock: FakeClock) -> None:
    for title, hours in (("Lớp hôm qua", -24), ("Lớp mai", 24), ("Lớp tháng sau", 24 * 20)):
        await a_class(chats, title, hours)
    await a_class(chats, "Lớp ấp khác", 24, "5")
    told = await chats.say("an", "/nhiemvu")
    assert "• **Lớp hôm qua** - 12:00 thứ bảy, 21/11/2026, Nhà văn hóa (ấp 3) - học xong rồi" in told
    assert "• **Lớp mai** - 12:00 thứ hai, 23/11/2026" in told
    assert "tháng sau" not in told
    assert "ấp khác" not in told
    assert "Lớp mai" in await chats.press("an", "Lớp mai")


async def test_who_serves_no_hamlet_is_told_whom_to_ask(chats: Chats) -> None:
    await chats.member("moi")
    assert "nhờ văn phòng xã giao" in await chats.say("moi", "/nhiemvu")


async def test_the_office_sees_every_hamlet_s(chats: Chats) -> None:
    await chats.member("sep", role=Role.OFFICE)
    await a_household(chats, "Hộ xa", "5")
    assert "**1. Hộ xa** (ấp 5)" in await chats.say("sep", "/nhiemvu")


async def test_a_citizen_gets_no_list(chats: Chats) -> None:
    await a_household(chats)
    assert "Bác Năm" not in await chats.say("ba", "/nhiemvu")
