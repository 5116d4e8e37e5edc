"""Who opens the link of a hamlet, a topic or a poster is greeted by what it is about, counted once, and remembered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from db import links
from db.engine import Database
from db.links import Sort
from db.outreach.audit import OPERATOR
from db.outreach.models import Hamlet, HelpRequest, SupportSession
from db.reach import posters
from db.reach.models import ChatPerson, Poster, PosterScan
from tests.support.chats import Chats
from tests.support.clock import NOON, FakeClock
from tests.support.incoming import said
from tests.support.rows import COMMUNE

TOPIC = "vneid.forgot_password"
TITLE = "Quên mật khẩu VNeID"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
async def chats(database: Database, clock: FakeClock) -> Chats:
    made = Chats(database, clock)
    made.talk.nlu.meanings["quên mật khẩu"] = TOPIC
    made.talk.nlu.meanings["cảm ơn"] = "chat.thanks"
    return made


@pytest.fixture
async def places(chats: Chats) -> dict[str, Hamlet]:
    return {one.name: one for one in await chats.places("3", "5", "9")}


async def code_of(chats: Chats, sort: Sort, value: object) -> str:
    async with chats.database.transaction() as session:
        return f"/start {await links.make(session, COMMUNE, sort, value)}"


async def hang(chats: Chats, place: Hamlet | None = None, topic: str | None = None) -> tuple[Poster, str]:
    """A poster and what opening its code sends."""
    async with chats.database.transaction() as session:
        made = await posters.find_or_make(
            session, COMMUNE, hamlet_id=place.id if place else None, topic=topic, place="Chợ", actor=OPERATOR, now=NOON
        )
    return made.poster, await code_of(chats, Sort.POSTER, made.poster.id)


async def reached(chats: Chats) -> list[tuple[object, ...]]:
    """Hamlet, day and people of each session of the chat."""
    return [
        (hamlet, day, people)
        for kind, hamlet, day, people in await chats.rows(SupportSession, "kind", "hamlet_id", "occurred_on", "people")
        if kind == "chat"
    ]


class TestGreeting:
    async def test_a_hamlets_link_greets_by_its_name_over_the_usual_buttons(
        self, chats: Chats, places: dict[str, Hamlet]
    ) -> None:
        told = await chats.say("ba", await code_of(chats, Sort.HAMLET, places["3"].id))
        assert "bà con ấp 3!" in told
        assert "Xem các mục" in chats.labels("ba")
        assert await reached(chats) == []  # a greeting is no answer

    async def test_a_topics_link_shows_its_article_and_what_is_asked_next_is_about_it(self, chats: Chats) -> None:
        told = await chats.say("ba", await code_of(chats, Sort.TOPIC, TOPIC))
        assert "Đại sứ số" in told
        assert TITLE in told
        assert TITLE in await chats.say("ba", "các bước")

    async def test_a_poster_shows_its_topic_and_greets_its_hamlet(
        self, chats: Chats, places: dict[str, Hamlet]
    ) -> None:
        _, code = await hang(chats, places["5"], TOPIC)
        told = await chats.say("ba", code)
        assert "bà con ấp 5!" in told
        assert TITLE in told

    async def test_a_poster_of_the_whole_commune_greets_as_always(self, chats: Chats) -> None:
        _, code = await hang(chats)
        assert await chats.say("ba", code) == await chats.say("ong", "/start")

    @pytest.mark.parametrize("sort", [Sort.HAMLET, Sort.TOPIC, Sort.POSTER])
    async def test_what_is_no_more_is_said_kindly_and_then_greeted(self, chats: Chats, sort: Sort) -> None:
        told = await chats.say("ba", await code_of(chats, sort, 999))
        assert told.startswith("Dạ mã này không còn dẫn tới mục nào")
        assert "Đại sứ số" in told
        assert "Xem các mục" in chats.labels("ba")

    async def test_a_poster_that_was_taken_down_leads_into_the_chat_and_counts_nobody(
        self, chats: Chats, places: dict[str, Hamlet], database: Database
    ) -> None:
        poster, code = await hang(chats, places["3"], TOPIC)
        async with database.transaction() as session:
            await posters.retire(session, await session.merge(poster), OPERATOR, NOON)
        assert "đã gỡ" in await chats.say("ba", code)
        assert "Xem các mục" in chats.labels("ba")
        assert [await chats.rows(PosterScan, "id"), await reached(chats)] == [[], []]

    async def test_a_forged_code_is_told_and_then_greeted(self, chats: Chats, places: dict[str, Hamlet]) -> None:
        _, code = await hang(chats, places["3"])
        for wrong in (code.replace("1p1", "1p2", 1), code[:-1], code + "x"):
            told = await chats.say("ba", wrong)
            assert "mã này không dùng được" in told
            assert "Xem các mục" in chats.labels("ba")
        assert await chats.rows(PosterScan, "id") == []

    async def test_the_code_of_another_commune_opens_nothing(self, chats: Chats, database: Database) -> None:
        async with database.transaction() as session:
            code = await links.make(session, "sang-moc", Sort.POSTER, 1)
        assert "mã này không dùng được" in await chats.say("ba", f"/start {code}")


class TestCounting:
    async def test_each_person_once_a_poster_whatever_the_channel_repeats(
        self, chats: Chats, places: dict[str, Hamlet]
    ) -> None:
        _, code = await hang(chats, places["3"])
        again = said(code, by="ba", message_id="same")
        for message in (again, again, said(code, by="ba"), said(code, by="ong"), said(code, by="ba", channel="web")):
            await chats.send(message)
        rows = await chats.rows(PosterScan, "person")
        assert len(rows) == len(set(rows)) == 3  # the page in the browser may be anybody's
        assert all("ba" not in str(person).split(":") for (person,) in rows)

    async def test_a_member_who_tries_it_out_is_greeted_and_not_counted(
        self, chats: Chats, places: dict[str, Hamlet]
    ) -> None:
        await chats.member("an", "3")
        _, code = await hang(chats, places["3"], TOPIC)
        assert TITLE in await chats.say("an", code)
        await chats.say("an", "quên mật khẩu")
        assert [await chats.rows(PosterScan, "id"), await reached(chats)] == [[], []]

    async def test_who_is_answered_after_a_scan_is_reached_in_its_hamlet_once_a_day(
        self, chats: Chats, places: dict[str, Hamlet], clock: FakeClock
    ) -> None:
        _, code = await hang(chats, places["3"])
        await chats.say("ba", code)
        await chats.say("ba", "cảm ơn")
        assert await reached(chats) == []
        for who in ("ba", "ba", "ong"):  # ong never scanned anything: nobody knows where he lives
            await chats.say(who, "quên mật khẩu")
        day = NOON.date()
        assert await reached(chats) == [(places["3"].id, day, 1)]
        await chats.press("ba", "Các bước")
        clock.advance(days=1)
        await chats.say("ba", "quên mật khẩu")
        assert await reached(chats) == [(places["3"].id, day, 1), (places["3"].id, day + timedelta(days=1), 1)]
        assert len({person for (person,) in await chats.rows(ChatPerson, "person")}) == 1

    async def test_the_article_of_a_poster_is_an_answer(self, chats: Chats, places: dict[str, Hamlet]) -> None:
        _, code = await hang(chats, places["9"], TOPIC)
        for who in ("ba", "ong", "ba"):
            await chats.say(who, code)
        assert await reached(chats) == [(places["9"].id, NOON.date(), 2)]

    async def test_pressing_a_topic_or_asking_about_a_scam_is_an_answer_too(
        self, chats: Chats, places: dict[str, Hamlet]
    ) -> None:
        code = await code_of(chats, Sort.HAMLET, places["3"].id)
        for who in ("ba", "ong"):
            await chats.say(who, code)
        await chats.press("ba", chats.labels("ba")[0])
        await chats.say("ong", "Cong an thong bao: truy cap vneid-gov.top de cap nhat")
        assert await reached(chats) == [(places["3"].id, NOON.date(), 2)]

    async def test_forgotten_on_request(self, chats: Chats, places: dict[str, Hamlet]) -> None:
        _, code = await hang(chats, places["3"], TOPIC)
        await chats.say("ba", code)
        [own] = await chats.rows(PosterScan, "person")
        await chats.say("ba", "/xoadulieu")
        await chats.press("ba", "Xoá hết")
        assert own not in [*await chats.rows(PosterScan, "person"), *await chats.rows(ChatPerson, "person")]


async def test_the_hamlet_comes_first_when_help_is_asked_for(
    chats: Chats, places: dict[str, Hamlet], database: Database
) -> None:
    chats.talk.nlu.meanings["gặp cán bộ"] = "help.human"
    await chats.say("ba", await code_of(chats, Sort.HAMLET, places["9"].id))
    await chats.say("ba", "gặp cán bộ")
    await chats.press("ba", "Nhờ")
    assert chats.labels("ba")[0] == "ấp 9"
    await chats.press("ba", "ấp 9", "Bỏ qua")
    assert await chats.rows(HelpRequest, "hamlet_id") == [(places["9"].id,)]
