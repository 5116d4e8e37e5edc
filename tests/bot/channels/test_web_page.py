"""The web chat's page as it is served: its headers, the commune's name in it, its files."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from fastapi import FastAPI

from content.library import LiveLibrary
from db.engine import Database
from tests.conftest import ROOT
from tests.support.clock import FakeClock
from tests.support.site import make_settings, make_site, shipped_library
from tests.support.told_nlu import ToldNlu
from tests.support.web_page import QUESTION, WebPage


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'web.db'}"


@pytest.fixture
def nlu() -> ToldNlu:
    return ToldNlu({QUESTION: "vneid.forgot_password"})


@pytest.fixture
def site(tmp_path: Path, database: Database, nlu: ToldNlu, clock: FakeClock) -> FastAPI:
    settings = make_settings(tmp_path, messages_per_minute_sender=1000, messages_per_minute_address=1000)
    return make_site(settings, shipped_library(), database, nlu, clock)


@pytest.fixture
def page(site: FastAPI) -> WebPage:
    return WebPage(site)


async def test_page_allows_only_its_own_parts(page: WebPage) -> None:
    headers = (await page.get("/")).headers
    directives = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert directives.pop("img-src") == "'self' data:"  # charts and QR codes come inside the answers
    assert set(directives.values()) == {"'none'", "'self'"}
    assert directives["default-src"] == directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert directives["script-src"] == directives["connect-src"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Content-Type"] == "text/html; charset=utf-8"


async def test_page_speaks_in_the_commune_s_name(page: WebPage) -> None:
    html = (await page.get("/")).text
    assert f"<title>Đại sứ số - {shipped_library().current.communes['tan-loi'].name}</title>" in html
    assert "__" not in html


async def test_commune_s_name_is_not_taken_for_html(
    tmp_path: Path, database: Database, nlu: ToldNlu, clock: FakeClock
) -> None:
    content = Path(shutil.copytree(ROOT / "content", tmp_path / "content"))
    profile = content / "communes" / "tan-loi.yml"
    lines = ["name: 'Xã <script>alert(1)</script> \"A\" & B'" if line.startswith("name:") else line
             for line in profile.read_text().splitlines()]  # fmt: skip
    profile.write_text("\n".join(lines))
    html = (await WebPage(make_site(make_settings(tmp_path), LiveLibrary(content), database, nlu, clock)).get("/")).text
    assert "<script>alert" not in html
    assert 'content="Hỏi đáp' in html
    assert "Xã &lt;script&gt;alert(1)&lt;/script&gt; &quot;A&quot; &amp; B" in html


async def test_page_s_files_are_all_there_and_all_ours(page: WebPage) -> None:
    html = (await page.get("/")).text
    addresses = set(re.findall(r'(?:href|src)="([^"#]+)"', html))
    assert len(addresses) > 8
    for address in addresses:
        assert address.startswith("/chat/")
        assert (await page.get(address)).status_code == 200, address
    assert "http" not in re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("file", ["chat.js", "chat.css", "favicon.svg", "manifest.webmanifest"])
async def test_browser_asks_each_time_whether_its_file_is_the_newest(page: WebPage, file: str) -> None:
    fresh = await page.get(f"/chat/{file}")
    again = await page.get(f"/chat/{file}", **{"If-None-Match": fresh.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for response in (fresh, again):
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_nothing_outside_the_page_s_folder_is_served(page: WebPage) -> None:
    for path in ("/chat/../web.py", "/chat/%2e%2e/web.py", "/chat/..%2fweb.py", "/chat/", "/chat/none.js"):
        assert (await page.get(path)).status_code == 404
