"""The first page shows the state of the articles and how much waits, and nothing about anybody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from content.article import Article
from content.library import Library
from db import questions
from db.engine import Database
from db.office.models import OfficeRole
from tests.support.articles import article, library_of
from tests.support.clock import NOON, FakeClock
from tests.support.office import Office, OfficeBrowser
from tests.support.rows import COMMUNE, open_conversation


@pytest.fixture
async def browser(office: Office, library: Library) -> OfficeBrowser:
    """A viewer's, with three articles."""
    office.library = library_of(
        library,
        article("vneid.install", "Cài VNeID", sources=2),
        article("vneid.forgot_password", "Quên mật khẩu"),
        article("scam.check", "Nhận ra <b>lừa đảo</b>", sources=3),
    )
    return await office.signed_in(OfficeRole.VIEWER)


async def figure(browser: OfficeBrowser, name: str) -> int:
    """A figure at the top of the page."""
    found = re.search(rf"<dt>{name}</dt> ?<dd>(\d+)</dd>", await browser.text("/office/"))
    assert found, name
    return int(found[1])


async def test_every_article_is_listed_in_its_group_with_dates_and_sources(browser: OfficeBrowser) -> None:
    page = await browser.text("/office/")
    groups = re.findall(r"<section.*?</section>", page)
    assert [re.findall(r"<h2[^>]*>(.*?)</h2>", group) for group in groups] == [
        ["VNeID, căn cước, cư trú"],
        ["Lừa đảo, an toàn trên mạng"],
    ]
    articles = re.findall(r'<tr> ?<th scope="row.*?</tr>', groups[0])
    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in articles]
    assert rows == [["Cài VNeID", "22/11/2026", "22/5/2027", "2"], ["Quên mật khẩu", "22/11/2026", "22/5/2027", "1"]]
    assert await figure(browser, "Bài trả lời") == 3


async def test_what_an_article_holds_can_not_break_the_page(browser: OfficeBrowser) -> None:
    page = await browser.text("/office/")
    assert "Nhận ra &lt;b&gt;lừa đảo&lt;/b&gt;" in page
    assert "<b>lừa đảo" not in page


async def test_articles_are_due_from_their_day_on_by_the_commune_s_clock(
    browser: OfficeBrowser, office: Office, library: Library, clock: FakeClock
) -> None:
    def due(topic: str, day: date) -> Article:
        return article(topic, topic).model_copy(update={"review_by": day})

    office.library = library_of(
        library,
        due("vneid.install", date(2026, 11, 22)),
        due("vneid.what", date(2026, 11, 23)),
    )
    assert await figure(browser, "Bài đến hạn kiểm tra lại") == 1
    clock.now = NOON.replace(hour=17)  # midnight in Vietnam
    await browser.sign_in("viewer")
    assert await figure(browser, "Bài đến hạn kiểm tra lại") == 2


async def test_topics_without_an_article_are_counted_for_their_group(
    browser: OfficeBrowser, office: Office, library: Library
) -> None:
    topics = MappingProxyType({"vneid": ("vneid.install", "vneid.what", "vneid.nfc")})
    office.library = replace(library_of(library, article("vneid.install", "Cài VNeID")), groups=topics)
    assert "Còn 2 chủ đề của nhóm này chưa có bài." in await browser.text("/office/")


async def test_unanswered_questions_of_this_commune_are_counted_and_not_shown(
    browser: OfficeBrowser, database: Database
) -> None:
    async with database.transaction() as session:
        for commune in (COMMUNE, COMMUNE, "sang-moc"):
            conversation = await open_conversation(session, "ba-an-0912", commune=commune)
            questions.keep_unanswered(
                session, conversation, text="đổi biển số xe", reason="refused", topic=None, now=NOON
            )
    assert await figure(browser, "Câu hỏi chưa trả lời được") == 2
    page = await browser.text("/office/")
    assert "đổi biển số xe" not in page
    assert "ba-an-0912" not in page
