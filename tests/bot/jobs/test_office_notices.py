"""What the office reads on Monday and on the first of the month."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.jobs.job import Occasion
from bot.jobs.office_notices import send_digest, tell_of_reviews
from content.library import Library
from db import questions
from db.outreach import requests
from tests.bot.jobs.conftest import Desk
from tests.support import outreach
from tests.support.outreach import visit
from tests.support.rows import COMMUNE, open_conversation

MONDAY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


def occasion(moment: datetime) -> Occasion:
    return Occasion(moment, moment - timedelta(days=100), moment)


async def test_three_lines_say_how_the_last_week_went_and_what_waits(desk: Desk, library: Library) -> None:
    async with desk.parts.database.transaction() as session:
        place = await outreach.hamlet(session)
        home = await outreach.household(session, place=place)
        for number, (day, people) in enumerate([(15, 900), (16, 900), (22, 334), (23, 5)]):  # Sunday to Monday
            said = visit(place, home, occurred_on=date(2026, 11, day), people=people)
            await outreach.log(session, said, f"telegram:{number}")
        for number in range(3):
            chat = await open_conversation(session, f"dan-{number}")
            await requests.make(session, chat, kind="human", hamlet_id=None, topic=None, text="x", now=MONDAY)
            questions.keep_unanswered(session, chat, text=f"câu {number}", reason="lost", topic=None, now=MONDAY)
        [first, *_] = await requests.live(session, COMMUNE, None)
        await requests.take(session, first, await outreach.member(session, "co-ba", place), MONDAY)

    for _twice in range(2):
        await send_digest(desk.parts.database, COMMUNE, library.texts, occasion(MONDAY))
    for who in ("chi-hoa", "anh-son"):
        [notice] = await desk.notices(who)
        assert notice["text"].splitlines() == [
            "**Tuần 16/11/2026 - 22/11/2026**: 1.234 lượt người được giúp, 1 hộ được thăm, 2 đợt.",
            "Lời nhờ đang chờ người nhận: **2**; đang có người giúp: 1.",
            "Câu hỏi bot chưa trả lời được: **3**.",
        ]
    assert await desk.notices("ba-an") == []


async def test_articles_past_their_day_are_named_once_a_month(desk: Desk, library: Library) -> None:
    first = datetime(2027, 7, 1, 1, 0, tzinfo=UTC)
    late = [one for one in library.articles.values() if one.review_by < date(2027, 7, 1)]
    assert late
    for _twice in range(2):
        await tell_of_reviews(desk.parts.database, COMMUNE, library, occasion(first))
    [notice] = await desk.notices("chi-hoa")
    assert f"**{len(late)} bài" in notice["text"]
    assert any(one.title in notice["text"] for one in late)
    assert len(notice["text"]) < 2000


async def test_nothing_is_said_when_nothing_is_late(desk: Desk, library: Library) -> None:
    earliest = min(one.review_by for one in library.articles.values())
    on_the_day = datetime(earliest.year, earliest.month, earliest.day, 1, tzinfo=UTC)
    assert await tell_of_reviews(desk.parts.database, COMMUNE, library, occasion(on_the_day)) == 0
    assert await desk.notices("chi-hoa") == []
