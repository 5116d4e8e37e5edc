"""A recording on each channel: the web page gets its file, messengers of plain text its address."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI

from bot.channels import plain
from bot.citizen import buttons
from bot.messages import Reply
from content.audio import FOLDER, TYPE
from content.library import Library
from db.engine import Database
from tests.conftest import ROOT
from tests.support.clock import FakeClock
from tests.support.site import ENTRANCES, make_settings, make_site, shipped_library
from tests.support.told_nlu import ToldNlu
from tests.support.web_page import WebPage

FILE = "scam.fake_police.vi.ogg"
LISTEN = buttons.payload("listen", "scam.fake_police", 0)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'web.db'}"


@pytest.fixture
def page(tmp_path: Path, database: Database, clock: FakeClock) -> WebPage:
    site: FastAPI = make_site(make_settings(tmp_path), shipped_library(), database, ToldNlu({}), clock)
    return WebPage(site)


async def test_the_web_page_gets_the_file_and_nothing_beside_it(page: WebPage) -> None:
    [reply] = await page.press(LISTEN)
    assert reply["clip"]["file"] == FILE
    assert "Máy đọc" in reply["text"]
    served = await page.get(f"/am-thanh/{FILE}")
    assert served.content == (ROOT / "content" / FOLDER / FILE).read_bytes()
    assert served.headers["content-type"] == TYPE
    part = await page.get(f"/am-thanh/{FILE}", Range="bytes=0-3")
    assert (part.status_code, part.content) == (206, b"OggS")
    for other in ("khong-co.ogg", "../phrases.yml", "..%2Fphrases.yml", "x.ogg%00"):
        assert (await page.get(f"/am-thanh/{other}")).status_code in {404, 422}


async def test_messengers_of_plain_text_lead_to_it(page: WebPage, library: Library) -> None:
    [body] = await page.press(LISTEN)
    [shown] = plain.fit([Reply.from_json(body)], plain.ZALO_OA, library.texts.choices)
    assert shown.clip is None
    assert shown.text.endswith(f"\n\n🔊 {ENTRANCES.site}/am-thanh/{FILE}")


async def test_a_button_of_a_recording_that_is_gone_leads_to_the_article(page: WebPage) -> None:
    [reply] = await page.press(buttons.payload("listen", "scam.fake_police", 3))
    assert "Giả danh công an" in reply["text"]
    assert "clip" not in reply
