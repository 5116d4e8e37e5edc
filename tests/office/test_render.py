"""What all pages share: the menu, sentences after a redirect, fragments for htmx, lists in pages, their own files."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import cv2
import numpy as np
import pytest

from db.office.models import OfficeRole
from office.messages import all_messages, message
from office.navigation import MENU, current_key, menu_for
from office.paging import Paging
from office.qr import picture_of
from office.render import environment, redirect
from office.static_files import STATIC, version_of
from tests.support.office import Office

ALL_PATHS = {entry.path for group in MENU for entry in group.entries}


def test_every_page_of_the_menu_has_a_name_and_every_role_its_part() -> None:
    names = environment().get_template("menu.html")
    for role in OfficeRole:
        menu = menu_for(role, ALL_PATHS)
        html = names.render(menu=menu, current="overview", commune=type("", (), {"hamlet_word": "xóm"}))
        links = re.findall(r'<a href="/office(/[^"]*)"( aria-current="page")?>([^<]+)</a>', html)
        assert ("/dia-ban", "", "Xóm") in links
        assert [path for path, is_current, _ in links if is_current] == ["/"]
        assert ("/nhat-ky" in {path for path, _, _ in links}) is role.may(OfficeRole.EDITOR)
    assert menu_for(OfficeRole.ADMIN, {"/"})[0].entries == MENU[0].entries[:1]


@pytest.mark.parametrize(("path", "key"), [("/", "overview"), ("/ho/12", "households"), ("/hoa", ""), ("/toi", "")])
def test_a_page_belongs_to_its_entry(path: str, key: str) -> None:
    assert current_key(path) == key


async def test_a_sentence_after_a_redirect_shows_once_and_can_not_break_the_page(office: Office) -> None:
    browser = await office.signed_in()
    cookie = redirect("/", "accounts.role_set", name="<b>Hoài</b>").headers["set-cookie"].partition(";")[0]
    name, _, value = cookie.partition("=")
    browser.http.cookies.set(name, value.strip('"'), "office.example", "/office")
    assert "Đã đổi vai trò của &lt;b&gt;Hoài&lt;/b&gt;." in await browser.text("/office/cai-dat")
    assert "Đã đổi vai trò" not in await browser.text("/office/cai-dat")
    for broken in ("x", "e30=", "ÿ".encode().hex(), "W10="):
        browser.http.cookies.set(name, broken, "office.example", "/office")
        await browser.text("/office/cai-dat")


def test_every_sentence_is_there() -> None:
    assert all(address.count(".") == 1 and text for address, text in all_messages().items())
    with pytest.raises(KeyError):
        message("accounts.role_set")  # without its name


def test_data_in_a_page_can_not_end_its_element() -> None:
    shown = str(environment().filters["json_data"]({"name": "</script><b>&"}))
    assert not re.search(r"[<>&]", shown)
    assert json.loads(shown) == {"name": "</script><b>&"}


@pytest.mark.parametrize(
    ("number", "total", "count", "first", "last"),
    [(1, 0, 1, 0, 0), (1, 50, 1, 1, 50), (2, 51, 2, 51, 51), (2, 120, 3, 51, 100), (3, 120, 3, 101, 120)],
)
def test_pages_of_a_list(number: int, total: int, count: int, first: int, last: int) -> None:
    paging = Paging(number, total)
    assert (paging.count, paging.first, paging.last) == (count, first, last)


def test_qr_codes_can_be_read() -> None:
    data = picture_of("https://xa.example/office/mo/abc")
    pixels = cv2.imdecode(np.frombuffer(base64.b64decode(data.partition(",")[2]), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert pixels is not None
    assert cv2.QRCodeDetector().detectAndDecode(pixels)[0] == "https://xa.example/office/mo/abc"


def test_files_of_others_are_those_that_were_reviewed() -> None:
    lines = (STATIC / "vendor" / "SHA256SUMS").read_text().splitlines()
    kept = {name: digest for digest, name in (line.split() for line in lines)}
    files = {path.name: path for path in (STATIC / "vendor").glob("*.js")}
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()} == kept


async def test_files_are_kept_by_browsers_for_as_long_as_they_are_the_same(office: Office) -> None:
    browser = office.browser()
    versioned = await browser.get(f"/office/static/office.css?v={version_of('office.css')}")
    assert "immutable" in versioned.headers["cache-control"]
    assert (await browser.get("/office/static/office.css")).headers["cache-control"] == "no-cache"


async def test_what_is_too_large_or_not_there_is_told_in_a_page(office: Office) -> None:
    browser = await office.signed_in()
    assert "Không có trang này" in (await browser.get("/office/khong-co")).text
    response = await browser.post("/office/toi/mat-khau", old="x" * (11 * 1024 * 1024))
    assert response.status_code == 413
