"""A member on the web page: takes the template, sends it filled, saves, and finds it all after a reload."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from db.engine import Database
from db.models import Conversation
from db.outreach import hamlets, members
from db.outreach.models import Role
from tests.support.browser import PATIENCE_MS, PHONE, Device, chromium
from tests.support.sheets import filled
from tests.support.site import RunningSite, running_site

pytestmark = pytest.mark.servers

COMMUNE = "tan-loi"
VISIT = {"day": "20/11/2026", "hamlet": "1", "household": "bác Năm", "people": 2}

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RunningSite]:
    with running_site(tmp_path) as running:
        yield running


@pytest.fixture
def page(site: RunningSite, tmp_path: Path) -> Iterator[Page]:
    """The page of a member."""
    with chromium() as browser:
        device = Device(browser, site.address, **PHONE, accept_downloads=True)
        device.may_lose_connection = True
        opened = device.open()
        expect(opened.get_by_test_id("message-bot")).to_be_visible()
        joining = Thread(target=lambda: asyncio.run(join(tmp_path / "daisuso.db")))  # Chromium's loop runs in this one
        joining.start()
        joining.join()
        yield opened
        assert device.complaints == []


async def join(database_file: Path) -> None:
    database, now = Database(f"sqlite+aiosqlite:///{database_file}"), datetime.now(UTC)
    async with database.transaction() as session:
        await hamlets.load(session, COMMUNE, ["1"], now)
        place = await hamlets.by_name(session, COMMUNE, "1")
        assert place is not None
        code = await members.invite(
            session, commune=COMMUNE, role=Role.MEMBER, hamlets=[place], created_by="operator", now=now
        )
        conversation = (await session.scalars(select(Conversation))).one()
        await members.join(
            session, await members.find_invitation(session, COMMUNE, code, now), conversation, "Hoa", now
        )
    await database.close()


def template(page: Page, folder: Path) -> bytes:
    page.get_by_test_id("input").fill("/mau")
    page.get_by_test_id("send").click()
    with page.expect_download() as download:
        page.get_by_test_id("document").click()
    assert download.value.suggested_filename == f"Mau-ghi-luot-ho-tro-{COMMUNE}.xlsx"
    file = folder / "mau.xlsx"
    download.value.save_as(file)
    return file.read_bytes()


def send(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("upload").last.click()
    chooser.value.set_files(file)


def test_the_template_is_taken_filled_sent_and_saved(page: Page, site: RunningSite, tmp_path: Path) -> None:
    file = tmp_path / "thang-11.xlsx"
    file.write_bytes(filled(template(page, tmp_path), VISIT))
    send(page, file)
    expect(page.get_by_text("📎 thang-11.xlsx")).to_be_visible()
    page.get_by_role("button", name="Lưu tất cả").click()
    expect(page.get_by_text("Đã lưu từ tệp")).to_be_visible()
    assert site.query("SELECT people, source FROM support_session") == [(2, "excel")]
    page.reload()
    expect(page.get_by_test_id("document")).to_have_count(1)
    expect(page.get_by_text("📎 thang-11.xlsx")).to_be_visible()


def test_a_file_that_could_not_be_sent_is_told_and_sent_again(page: Page, site: RunningSite, tmp_path: Path) -> None:
    file = tmp_path / "thang-11.xlsx"
    file.write_bytes(filled(template(page, tmp_path), VISIT))
    page.route("**/api/file?**", lambda route: route.abort())
    send(page, file)
    expect(page.get_by_test_id("status")).to_contain_text("Chưa gửi được tệp")
    page.unroute("**/api/file?**")
    send(page, file)
    expect(page.get_by_role("button", name="Lưu tất cả")).to_be_visible()
    assert page.get_by_text("📎 thang-11.xlsx").count() == 1


def test_too_large_a_file_is_told_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    template(page, tmp_path)
    file = tmp_path / "to.xlsx"
    file.write_bytes(b"0" * (2 * 1024 * 1024 + 1))
    send(page, file)
    expect(page.get_by_test_id("status")).to_contain_text("2 MB")
