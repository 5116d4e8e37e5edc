"""Every page that can be reached by links, over made-up data: there, whole, and fit for screen readers."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from content.demo import read_demo
from content.library import Library
from db.demo.fill import fill
from db.demo.scene import Size
from db.engine import Database
from db.office.models import OfficeRole
from db.outreach import hamlets
from office.reports import desk
from tests.conftest import ROOT
from tests.support.clock import NOON
from tests.support.office import Office
from tests.support.reports import period
from tests.support.rows import COMMUNE

SMALL = Size(households=30, sessions=60, classes=4, requests=8, questions=12, conversations=6)
OF_EACH_KIND = 2
"""So many pages of one kind are opened; others of it differ in their rows alone."""
NAMED = re.compile(r"/(chi-tieu|noi-dung|bao-cao)/[^/]+")


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids = Counter[str]()
        self.tags = Counter[str]()
        self.links: list[str] = []
        self.inline: list[str] = []
        self.inputs: list[tuple[str, str, bool]] = []
        self.labelled: set[str] = set()
        self._in_label = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        if "id" in own:
            self.ids[own["id"]] += 1
        if tag == "a" and own.get("href"):
            self.links.append(own["href"])
        if tag == "label":
            self._in_label += 1
            self.labelled.add(own.get("for", ""))
        if (
            tag in {"input", "select", "textarea"}
            and own.get("type") not in {"hidden", "submit"}
            and "hidden" not in own
        ):
            self.inputs.append((own.get("name", ""), own.get("id", ""), bool(self._in_label or "aria-label" in own)))
        is_script = tag == "script" and "src" not in own and own.get("type") != "application/json"
        if "style" in own or tag == "style" or is_script or any(name.startswith("on") for name in own):
            self.inline.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._in_label -= tag == "label"

    def faults(self) -> list[str]:
        """What is wrong with it, in words."""
        unlabelled = [name for name, own, has in self.inputs if not has and own not in self.labelled]
        twice = [one for one, count in self.ids.items() if count > 1]
        found = {
            "not one h1": self.tags["h1"] != 1,
            "a table without a caption": self.tags["table"] != self.tags["caption"],
            f"ids twice: {twice}": bool(twice),
            f"without a label: {unlabelled}": bool(unlabelled),
            f"inline style or script: {self.inline}": bool(self.inline),
        }
        return [fault for fault, is_so in found.items() if is_so]


@pytest.fixture
async def filled(database: Database, library: Library) -> None:
    """A small year of made-up data, and a draft of a report."""
    commune = library.communes[COMMUNE]
    async with database.transaction() as session:
        await hamlets.load(session, COMMUNE, commune.hamlets, NOON)
        await fill(session, COMMUNE, texts=read_demo(ROOT / "content"), known=library.indicators, now=NOON, size=SMALL)
    await desk.draft(database, commune, library, period("2026-11", commune), actor="office:admin", now=NOON)


@pytest.mark.usefixtures("filled")
async def test_every_page_that_links_lead_to_is_there_and_whole(office: Office) -> None:
    browser = await office.signed_in(OfficeRole.ADMIN)
    to_open, opened, faults = ["/office/"], Counter[str](), {}
    seen: set[str] = set()
    while to_open:
        path = to_open.pop()
        if path in seen or opened[kind_of(path)] >= OF_EACH_KIND:
            continue
        seen.add(path)
        opened[kind_of(path)] += 1
        response = await browser.get(path)
        if response.status_code != 200:
            faults[path] = [f"status {response.status_code}"]
        elif "html" in response.headers["content-type"]:
            page = Page(response.text)
            assert "<strong>Dữ liệu mẫu.</strong>" in response.text
            if wrong := page.faults():
                faults[path] = wrong
            links = [urlsplit(urljoin(f"http://x{path}", link)) for link in page.links]
            to_open += [
                link.path + (f"?{link.query}" if link.query else "")
                for link in links
                if link.netloc == "x" and link.path.startswith("/office/") and "/static/" not in link.path
            ]
    assert faults == {}
    assert len(opened) > 40


def kind_of(path: str) -> str:
    """Pages of one kind have the same address but for names, numbers and values."""
    base, _, query = path.partition("?")
    names = sorted(part.partition("=")[0] for part in query.split("&") if part)
    return re.sub(r"\d+", "N", NAMED.sub(r"/\1/X", base)) + "?" + ",".join(names)
