"""The office's page shows the state of the articles and how much waits, and nothing about anybody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import httpx
import pytest
from fastapi import FastAPI

from content.article import Article
from content.library import Library
from db import questions
from db.engine import Database
from office.site import office_router
from tests.support.articles import article, library_of
from tests.support.clock import NOON, FakeClock
from tests.support.rows import open_conversation

COMMUNE = "tan-loi"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: what differs between databases is tests/db's business."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


class Office:
    """The page as a browser gets it. `library` can be changed, as by a hot reload."""

    def __init__(self, library: Library, database: Database, clock: FakeClock) -> None:
        self.library = library
        self._site = FastAPI()
        self._site.include_router(office_router(lambda: self.library, database, COMMUNE, clock))

    async def page(self) -> str:
        """The page's HTML, with single spaces."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self._site), base_url="http://test") as http:
            response = await http.get("/office")
        assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
        return " ".join(response.text.split())

    async def figure(self, name: str) -> int:
        """A figure at the top of the page."""
        found = re.search(rf"<dt>{name}</dt> ?<dd>(\d+)</dd>", await self.page())
        assert found, name
        return int(found[1])


@pytest.fixture
def small(library: Library) -> Library:
    return library_of(
        library,
        article("vneid.install", "Cài VNeID", sources=2),
        article("vneid.forgot_password", "Quên mật khẩu"),
        article("scam.check", "Nhận ra <b>lừa đảo</b>", sources=3),
    )


@pytest.fixture
def office(small: Library, database: Database, clock: FakeClock) -> Office:
    return Office(small, database, clock)


async def test_every_article_is_listed_in_its_group_with_dates_and_sources(office: Office) -> None:
    page = await office.page()
    groups = re.findall(r"<section.*?</section>", page)
    assert [re.findall(r"<h2[^>]*>(.*?)</h2>", group) for group in groups] == [
        ["VNeID, căn cước, cư trú"],
        ["Lừa đảo, an toàn trên mạng"],
    ]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr> ?<td.*?</tr>", groups[0])]
    assert rows == [["Cài VNeID", "22/11/2026", "22/5/2027", "2"], ["Quên mật khẩu", "22/11/2026", "22/5/2027", "1"]]
    assert await office.figure("Bài trả lời") == 3


async def test_the_page_speaks_for_its_commune(office: Office) -> None:
    assert "<h1>Đại sứ số, xã Tân Lợi</h1>" in await office.page()


async def test_what_an_article_holds_can_not_break_the_page(office: Office) -> None:
    page = await office.page()
    assert "Nhận ra &lt;b&gt;lừa đảo&lt;/b&gt;" in page
    assert "<b>lừa đảo" not in page


async def test_articles_are_due_from_their_day_on_by_the_commune_s_clock(
    office: Office, library: Library, clock: FakeClock
) -> None:
    def due(topic: str, day: date) -> Article:
        return article(topic, topic).model_copy(update={"review_by": day})

    office.library = library_of(
        library,
        due("vneid.install", date(2026, 11, 22)),
        due("vneid.what", date(2026, 11, 23)),
    )
    assert await office.figure("Bài đến hạn kiểm tra lại") == 1
    assert "22/11/2026, đã đến hạn" in await office.page()
    assert "23/11/2026, đã đến hạn" not in await office.page()

    clock.now = NOON.replace(hour=17)  # midnight in Vietnam
    assert await office.figure("Bài đến hạn kiểm tra lại") == 2


async def test_topics_without_an_article_are_counted_for_their_group(library: Library, office: Office) -> None:
    assert "chưa có bài" not in await office.page()
    topics = MappingProxyType({"vneid": ("vneid.install", "vneid.what", "vneid.nfc")})
    office.library = replace(library_of(library, article("vneid.install", "Cài VNeID")), groups=topics)
    assert "Còn 2 chủ đề của nhóm này chưa có bài." in await office.page()


async def test_unanswered_questions_of_this_commune_are_counted_and_not_shown(
    office: Office, database: Database
) -> None:
    async with database.transaction() as session:
        for commune in (COMMUNE, COMMUNE, "sang-moc"):
            conversation = await open_conversation(session, "ba-an-0912", commune=commune)
            questions.keep_unanswered(
                session, conversation, text="đổi biển số xe", reason="refused", topic=None, now=NOON
            )
    assert await office.figure("Câu hỏi chưa trả lời được") == 2
    page = await office.page()
    assert "đổi biển số xe" not in page
    assert "ba-an-0912" not in page


async def test_the_page_follows_the_content_as_it_is_now(office: Office, library: Library) -> None:
    office.library = library_of(library, article("vneid.install", "Cài VNeID bản mới"))
    assert "Cài VNeID bản mới" in await office.page()
    assert await office.figure("Bài trả lời") == 1


async def test_the_shipped_content_makes_a_page(library: Library, database: Database, clock: FakeClock) -> None:
    office = Office(library, database, clock)
    assert await office.figure("Bài trả lời") == len(library.articles)


async def test_the_page_asks_nobody_else_for_anything(office: Office) -> None:
    addresses = re.findall(r'(?:href|src)="([^"]*)"', await office.page())
    assert addresses
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)
