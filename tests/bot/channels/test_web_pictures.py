"""Charts in the web chat: an image in the answer itself, with words for those who can't see it."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select

from db.engine import Database
from db.models import Conversation
from db.outreach import members
from db.outreach.models import OutcomeCode, Role
from tests.support import outreach
from tests.support.clock import NOON, FakeClock
from tests.support.outreach import visit
from tests.support.rows import COMMUNE
from tests.support.site import make_settings, make_site, shipped_library
from tests.support.told_nlu import ToldNlu
from tests.support.web_page import WebPage


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'web.db'}"


@pytest.fixture
def site(tmp_path: Path, database: Database, clock: FakeClock) -> FastAPI:
    return make_site(make_settings(tmp_path), shipped_library(), database, ToldNlu({}), clock)


@pytest.fixture
async def page(site: FastAPI, database: Database) -> WebPage:
    """Of a member who has logged a visit today."""
    page = WebPage(site)
    await page.press("start")
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
        code = await members.invite(
            session, commune=COMMUNE, role=Role.MEMBER, hamlets=[place], created_by="operator", now=NOON
        )
        conversation = (await session.scalars(select(Conversation))).one()
        invitation = await members.find_invitation(session, COMMUNE, code, NOON)
        who = await members.join(session, invitation, conversation, "Hoa", NOON)
        await outreach.log(session, visit(place, people=2, outcomes={OutcomeCode.VNEID_LEVEL2: 2}), by=who)
    return page


async def test_a_chart_is_part_of_the_answer_with_words_for_it(page: WebPage) -> None:
    [reply] = await page.say("/thongke", "m-2")
    kind, _, data = reply["picture"]["src"].partition(",")
    assert kind == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(data))).width == 800
    assert "2 người" in reply["picture"]["alt"]


async def test_asked_again_it_is_the_same(page: WebPage) -> None:
    assert await page.say("/thongke", "m-2") == await page.say("/thongke", "m-2")


async def test_the_page_may_show_it(page: WebPage) -> None:
    assert "img-src 'self' data:" in (await page.get("/")).headers["content-security-policy"]
