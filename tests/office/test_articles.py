"""An article goes live when a second person has approved it; faults are told line by line, conflicts lose nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.settings import ROOT
from content.library import Library, read_library
from db.engine import Database
from db.office.models import OfficeRole
from tests.support.clock import FakeClock
from tests.support.office import Office, OfficeBrowser

PATH = "/office/noi-dung"
TOPIC = "vneid.activate"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the module's office writes to: making the office anew would take longer than the tests."""
    return tmp_path_factory.mktemp("articles") / "content"


@pytest.fixture
def folder(shared: Path) -> Path:
    """The shipped content, in a copy."""
    shutil.rmtree(shared, ignore_errors=True)
    return Path(shutil.copytree(ROOT / "content", shared, ignore=shutil.ignore_patterns("__pycache__", "*.py")))


@pytest.fixture
def office(library: Library, database: Database, clock: FakeClock, folder: Path) -> Office:
    return Office(library, database, clock, content=folder)


@pytest.fixture
async def writer(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.EDITOR, "hanh")


@pytest.fixture
async def second(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.EDITOR, "tam")


def file_of(folder: Path) -> Path:
    return folder / "topics" / "vneid" / "activate.md"


async def draft(browser: OfficeBrowser, text: str, *, send: bool = True, topic: str = TOPIC) -> tuple[str, str]:
    """Begins a draft with that text; gives its path and what the page says."""
    await browser.get(f"{PATH}/{topic}")
    response = await browser.post(f"{PATH}/{topic}/sua")
    path = response.headers["location"]
    return path, await browser.follow(await browser.post(path, text=text, **({"send": "true"} if send else {})))


async def test_what_a_second_person_approves_is_in_the_file(
    writer: OfficeBrowser, second: OfficeBrowser, folder: Path
) -> None:
    old = file_of(folder).read_text()
    new = old.replace("Kích hoạt tài khoản định danh\n", "Kích hoạt định danh\n", 1)
    path, page = await draft(writer, new)
    assert "Đã gửi chờ duyệt" in page
    page = await writer.follow(await writer.post(f"{path}/duyet", text=new))
    assert "Người viết không tự duyệt được" in page
    assert file_of(folder).read_text() == old
    page = await second.text(path)
    assert "+ title: Kích hoạt định danh" in page
    page = await second.follow(await second.post(f"{path}/duyet", text=new))
    assert "Đã duyệt và đăng" in page
    assert read_library(folder).articles[TOPIC].title == "Kích hoạt định danh"
    assert not list(file_of(folder).parent.glob(".*"))


async def test_faults_are_told_by_line_and_can_not_be_sent(writer: OfficeBrowser, folder: Path) -> None:
    text = file_of(folder).read_text().replace("guide: true", "gide: true").replace("{cong_an_xa}", "{cong_an}", 1)
    line = text.split("\n").index("gide: true") + 1
    _, page = await draft(writer, text)
    assert "bài còn lỗi" in page
    assert f"Dòng {line}: gide: không có khoá này" in page
    assert "đang viết" in page
    assert "gide: true" in page


async def test_a_file_that_changed_meanwhile_is_not_overwritten(
    writer: OfficeBrowser, second: OfficeBrowser, folder: Path
) -> None:
    old = file_of(folder).read_text()
    new = old.replace("title: Kích hoạt tài khoản định danh", "title: Kích hoạt định danh")
    path, _ = await draft(writer, new)
    file_of(folder).write_text(theirs := old.replace("reviewed: 2026-11-22", "reviewed: 2026-11-23"))
    await second.get(path)
    page = await second.follow(await second.post(f"{path}/duyet", text=new))
    assert "Bản thảo vẫn còn" in page
    assert file_of(folder).read_text() == theirs
    page = await writer.follow(await writer.post(f"{path}/goc-moi"))
    assert "- reviewed: 2026-11-23" in page
    await writer.post(path, text=(both := new.replace("reviewed: 2026-11-22", "reviewed: 2026-11-23")), send="true")
    await second.follow(await second.post(f"{path}/duyet", text=both))
    assert file_of(folder).read_text() == both


async def test_an_administrator_alone_brings_an_older_text_back(
    office: Office, writer: OfficeBrowser, second: OfficeBrowser, folder: Path
) -> None:
    old = file_of(folder).read_text()
    new = old.replace("title: Kích hoạt tài khoản định danh", "title: Kích hoạt định danh")
    path, _ = await draft(writer, new)
    await second.get(path)
    await second.post(f"{path}/duyet", text=new)
    admin = await office.signed_in(OfficeRole.ADMIN)
    response = await admin.post(f"{path}/lay-lai")
    assert "lấy lại bản cũ" in await admin.follow(response)
    assert file_of(folder).read_text() == new
    await admin.post(f"{response.headers['location']}/duyet", text=old)
    assert file_of(folder).read_text() == old


async def test_what_was_edited_after_somebody_looked_is_looked_at_again(
    writer: OfficeBrowser, second: OfficeBrowser, folder: Path
) -> None:
    old = file_of(folder).read_text()
    path, _ = await draft(writer, old.replace("Kích hoạt tài khoản", "Mở tài khoản", 1))
    await second.get(path)
    page = await second.follow(await second.post(f"{path}/duyet", text=old))
    assert "vừa sửa" in page
    page = await second.follow(await second.post(f"{path}/tra-lai", reason="Sai tên nút"))
    assert "Sai tên nút" in page
    assert "bị trả lại" in page


async def test_the_list_finds_by_words_without_accents_and_marks_what_is_due(
    office: Office, writer: OfficeBrowser, clock: FakeClock
) -> None:
    page = await writer.text(f"{PATH}?tim=kich+hoat+tai+khoan")
    assert f'href="{PATH}/{TOPIC}"' in page
    assert "đã đến hạn" not in page
    articles = dict(office.library.articles)
    articles[TOPIC] = articles[TOPIC].model_copy(update={"review_by": clock().date()})
    office.library = replace(office.library, articles=MappingProxyType(articles))
    assert "đã đến hạn" in await writer.text(f"{PATH}?tim=kich+hoat+tai+khoan")


async def test_a_topic_without_an_article_begins_with_a_skeleton(
    office: Office, writer: OfficeBrowser, folder: Path
) -> None:
    text = file_of(folder).read_text()
    file_of(folder).unlink()
    office.library = read_library(folder)
    assert "Chủ đề chưa có bài" in await writer.text(PATH)
    await writer.get(f"{PATH}/{TOPIC}")
    page = await writer.follow(await writer.post(f"{PATH}/{TOPIC}/sua"))
    assert f"id: {TOPIC}" in page
    _, page = await draft(writer, text)
    assert "Đã gửi chờ duyệt" in page
