"""Files over the web chat: offered as a download, uploaded as a message, refused in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from bot.messages import MAX_FILE_BYTES
from db import documents
from db.engine import Database
from db.models import Conversation, InboxMessage
from db.outreach import hamlets, members
from db.outreach.models import Role
from tests.support.clock import FakeClock
from tests.support.rows import COMMUNE
from tests.support.sheets import filled
from tests.support.site import make_settings, make_site, shipped_library
from tests.support.told_nlu import ToldNlu
from tests.support.web_page import WebPage, assert_refused

DEVICE = "device-1"
VISIT = {"day": "20/11/2026", "hamlet": "3", "household": "bác Năm", "people": 2}


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'web.db'}"


@pytest.fixture
def site(tmp_path: Path, database: Database, clock: FakeClock) -> FastAPI:
    return make_site(make_settings(tmp_path), shipped_library(), database, ToldNlu({}), clock)


@pytest.fixture
def page(site: FastAPI) -> WebPage:
    return WebPage(site)


@pytest.fixture
async def template(page: WebPage, database: Database, clock: FakeClock) -> dict[str, Any]:
    """The reply that brings it, to somebody who has just become a member."""
    await page.press("start")
    async with database.transaction() as session:
        places = await hamlets.load(session, COMMUNE, ["3"], clock())
        code = await members.invite(
            session, commune=COMMUNE, role=Role.MEMBER, hamlets=places, created_by="operator", now=clock()
        )
        conversation = (await session.scalars(select(Conversation))).one()
        await members.join(
            session, await members.find_invitation(session, COMMUNE, code, clock()), conversation, "Hoa", clock()
        )
    [reply] = await page.say("/mau", "m-2")
    found: dict[str, Any] = reply
    return found


async def test_a_document_is_downloaded_and_never_shown(page: WebPage, template: dict[str, Any]) -> None:
    assert template["takes_file"] is True
    response = await page.get(f"/api/document/{template['document']['key']}")
    assert response.content.startswith(b"PK")
    assert response.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Mau-ghi")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("key", ["x", "../secret", "a" * 500])
async def test_a_key_that_is_none_gets_a_sentence(page: WebPage, key: str) -> None:
    assert (await page.get(f"/api/document/{key}")).status_code == 404


async def test_a_document_is_gone_after_its_time(
    page: WebPage, template: dict[str, Any], database: Database, clock: FakeClock
) -> None:
    clock.advance(days=8)
    async with database.transaction() as session:
        await documents.delete_old(session, clock())
    response = await page.get(f"/api/document/{template['document']['key']}")
    assert response.status_code == 404
    assert "hết hạn" in response.text


async def test_a_filled_sheet_is_answered_like_a_message(
    page: WebPage, template: dict[str, Any], database: Database
) -> None:
    empty = (await page.get(f"/api/document/{template['document']['key']}")).content
    response = await page.upload(filled(empty, VISIT), "tháng 11.xlsx")
    [reply] = response.json()["replies"]
    assert "Đã đọc tệp tháng 11.xlsx" in reply["text"]
    [saved] = await page.press(reply["buttons"][0][0]["payload"], "m-4")
    assert "Đã lưu từ tệp" in saved["text"]
    again = await page.upload(filled(empty, VISIT), "tháng 11.xlsx")  # the page repeats itself on a bad line
    assert again.json()["replies"][0]["text"] == reply["text"]
    async with database.snapshot() as session:
        messages = list(await session.scalars(select(InboxMessage).where(InboxMessage.kind == "attachment")))
    assert len(messages) == 1


async def test_a_citizens_sheet_is_nobodys(page: WebPage) -> None:
    [reply] = (await page.upload(b"PK", "a.xlsx")).json()["replies"]
    assert "tệp a.xlsx" not in reply["text"]


async def test_what_nobody_reads_is_refused(page: WebPage) -> None:
    assert_refused(await page.upload(b"\xff\xd8", "cccd.jpg"), 415, "unknown_file", "Excel")


async def test_too_large_a_file_is_refused(page: WebPage) -> None:
    assert_refused(await page.upload(b"0" * (MAX_FILE_BYTES + 1), "a.xlsx"), 413, "too_long", "2 MB")


@pytest.mark.parametrize("query", ["", "sender=x", "sender=x&message_id=1", "sender=%20&message_id=1&name=a.xlsx"])
async def test_an_address_that_lacks_something_is_refused(page: WebPage, query: str) -> None:
    assert (await page.post_to(f"/api/file?{query}", b"PK")).status_code == 422


async def test_files_count_as_messages_for_the_limit(page: WebPage) -> None:
    statuses = {(await page.upload(b"PK", "a.xlsx", message_id=f"f-{n}")).status_code for n in range(40)}
    assert statuses == {200, 429}
