"""The page of posters: which of them bring people, one more, in every size, taken down and hung again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from db.engine import Database
from db.office.models import OfficeRole
from db.outreach import audit, hamlets
from db.outreach.audit import OPERATOR
from db.outreach.models import Hamlet
from db.reach import posters
from db.reach.models import Poster
from office.posters import Size
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.office import Office, OfficeBrowser
from tests.support.pdf_pages import PdfPages
from tests.support.rows import COMMUNE, open_conversation

PATH = "/office/ap-phich"


@pytest.fixture
async def browser(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.EDITOR)


@pytest.fixture
async def place(database: Database) -> Hamlet:
    async with database.transaction() as session:
        return await outreach.hamlet(session, "3")


async def hang(database: Database, place: Hamlet | None, where: str, *people: str, days_ago: int = 0) -> Poster:
    """A poster that these people have scanned so long ago."""
    async with database.transaction() as session:
        made = await posters.find_or_make(
            session, COMMUNE, hamlet_id=place.id if place else None, topic=None, place=where, actor=OPERATOR, now=NOON
        )
        for who in people:
            chat = await open_conversation(session, who)
            await posters.scan(session, made.poster, chat, NOON - timedelta(days=days_ago))
        return made.poster


async def test_without_a_poster_the_page_says_where_to_hang_one(browser: OfficeBrowser, place: Hamlet) -> None:
    page = await browser.text(PATH)
    assert "Chưa có áp phích nào" in page
    assert 'href="/office/ap-phich" aria-current="page"' in page


async def test_the_poster_that_brings_most_people_stands_first_and_in_the_headline(
    browser: OfficeBrowser, database: Database, place: Hamlet
) -> None:
    await hang(database, place, "Chợ", "ba", days_ago=40)
    best = await hang(database, place, "Nhà văn hóa", "ba", "ong", "co")
    await hang(database, None, "Cổng trường")
    page = await browser.text(PATH)
    assert "Đưa được nhiều người nhất: Nhà văn hóa (ấp 3), 3 người." in page
    assert re.findall(rf'href="{PATH}/\d+">([^<]+)<', page) == ["Nhà văn hóa", "Chợ", "Cổng trường"]
    assert re.findall(r'"Mới trong tháng [^"]+" class="number">(\d+)', page, re.IGNORECASE) == ["3", "0", "0"]
    assert "chưa ai quét" in page
    one = await browser.text(f"{PATH}/{best.id}")
    assert re.search(r"Người đã quét</dt><dd>3<", one)
    assert "22/11/2026" in one


async def test_a_new_poster_is_made_once_printed_in_each_size_and_noted_in_the_log(
    browser: OfficeBrowser, database: Database, place: Hamlet
) -> None:
    await browser.get(PATH)
    said = {"hamlet": str(place.id), "topic": "vneid.forgot_password", "place": "Nhà văn hóa ấp 3"}
    made = await browser.post(PATH, **said)
    page = await browser.follow(made)
    assert "Đã tạo áp phích" in page
    assert "tạo áp phích" in page  # in its history
    assert "đã có áp phích như vậy" in await browser.follow(await browser.post(PATH, **said))
    one = made.headers["location"]
    for size in Size:
        assert f'href="{one}/{size}.pdf"' in page
        printed = await browser.get(f"{one}/{size}.pdf")
        assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf")
        sheet = PdfPages(printed.content)
        [code] = set(sheet.codes(scale=2))
        assert code in page
        assert "Quên mật khẩu VNeID" in " ".join(sheet.text().split())
    assert (await browser.get(f"{one}/a2.pdf")).status_code == 404


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"hamlet": "0", "place": ""}, "thiếu chỗ treo"),
        ({"hamlet": "999", "place": "Chợ"}, "chưa chọn nơi"),
        ({"hamlet": "", "place": "Chợ"}, "chưa chọn nơi"),
        ({"hamlet": "0", "place": "Chợ", "topic": "vneid.nothing"}, "không có mục đó"),
        ({"hamlet": "0", "place": "x" * 150}, "dài quá"),
    ],
)
async def test_a_wrong_form_says_what_is_missing_and_keeps_what_was_typed(
    browser: OfficeBrowser, database: Database, said: dict[str, str], refused: str
) -> None:
    await browser.get(PATH)
    response = await browser.post(PATH, **said)
    assert response.status_code == 422
    assert refused in response.text
    assert f'value="{said["place"]}"' in response.text
    async with database.snapshot() as session:
        assert await posters.all_of(session, COMMUNE) == []


async def test_taken_down_it_is_no_longer_printed_and_hung_again_it_counts_on(
    browser: OfficeBrowser, database: Database, place: Hamlet
) -> None:
    poster = await hang(database, place, "Chợ", "ba")
    one = f"{PATH}/{poster.id}"
    await browser.get(one)
    for _ in range(2):  # pressed twice
        page = await browser.follow(await browser.post(f"{one}/go"))
    assert "đã gỡ" in page
    assert ".pdf" not in page
    assert "Đã gỡ (1)" in await browser.text(PATH)
    assert "lại được đếm" in await browser.follow(await browser.post(f"{one}/treo-lai"))
    async with database.snapshot() as session:
        entries = await audit.history(session, COMMUNE, "poster", poster.id)
    assert [one.action for one in entries] == ["poster.created", "poster.retired", "poster.restored"]


async def test_a_viewer_sees_and_prints_but_changes_nothing(office: Office, database: Database, place: Hamlet) -> None:
    poster = await hang(database, place, "Chợ")
    viewer = await office.signed_in(OfficeRole.VIEWER)
    assert "Tạo áp phích" not in await viewer.text(PATH)
    assert "Ghi là đã gỡ" not in await viewer.text(f"{PATH}/{poster.id}")
    assert (await viewer.post(f"{PATH}/{poster.id}/go")).status_code == 403


async def test_a_poster_of_a_merged_hamlet_is_that_of_the_new_one(
    browser: OfficeBrowser, database: Database, place: Hamlet
) -> None:
    poster = await hang(database, place, "Chợ")
    async with database.transaction() as session:
        other = await outreach.hamlet(session, "5")
        await hamlets.merge(session, await session.merge(place), other, OPERATOR, NOON)
    assert "ấp 5" in await browser.text(f"{PATH}/{poster.id}")
    assert 'class="whole">ấp 5<' in await browser.text(PATH)
