"""Requests for a person are listed by where they stand, with who took them; late ones are marked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from db.engine import Database
from db.office.models import OfficeRole
from db.outreach import requests
from db.outreach.models import HelpRequest
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.office import Office, OfficeBrowser
from tests.support.rows import open_conversation

PATH = "/office/yeu-cau"


@pytest.fixture
async def browser(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.VIEWER)


@pytest.fixture
async def asked(database: Database) -> dict[str, HelpRequest]:
    """A request that nobody took since yesterday, and one that An took."""
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
        made = {}
        for name in ("late", "taken"):
            made[name] = await requests.make(
                session, await open_conversation(session, name), kind="home_visit", hamlet_id=place.id, topic=None,
                text=f"nhờ cài máy {name}", now=NOON - timedelta(days=1),
            )  # fmt: skip
        await requests.take(session, made["taken"], await outreach.member(session, "An", place), NOON)
        return made


@pytest.mark.parametrize(
    ("query", "names"),
    [("", {"late", "taken"}), ("tinh_trang=open", {"late"}), ("tinh_trang=taken", {"taken"}),
     ("tinh_trang=waiting", {"late", "taken"}), ("tinh_trang=done", set()), ("tinh_trang=x", {"late", "taken"})],
)  # fmt: skip
async def test_requests_are_listed_by_where_they_stand(
    browser: OfficeBrowser, asked: dict[str, HelpRequest], query: str, names: set[str]
) -> None:
    page = await browser.text(f"{PATH}?{query}")
    assert {int(one) for one in re.findall(rf'href="{PATH}/(\d+)"', page)} == {asked[name].id for name in names}


@pytest.mark.usefixtures("asked")
async def test_one_that_waits_too_long_is_marked(browser: OfficeBrowser) -> None:
    page = await browser.text(f"{PATH}?tinh_trang=open")
    assert "quá hạn" in page


async def test_one_tells_who_took_it_and_when(browser: OfficeBrowser, asked: dict[str, HelpRequest]) -> None:
    page = await browser.text(f"{PATH}/{asked['taken'].id}")
    assert "An</a> nhận lúc 12:00, 22/11/2026" in page
    assert "nhờ cài máy taken" in page
