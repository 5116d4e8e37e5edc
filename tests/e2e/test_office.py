"""The office's door in a real Chromium, on a desk and on a phone: set-up link, sign in, look around, sign out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import PATIENCE_MS, Device, chromium
from tests.support.office import PASSWORD
from tests.support.site import RunningSite, running_site

pytestmark = pytest.mark.servers

PHONE = {"viewport": {"width": 390, "height": 800}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 800}}

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The whole bot, without Rasa: the office needs none."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def browser(site: RunningSite) -> Iterator[Browser]:
    """With the first account made by the link that the start gave."""
    with chromium() as running:
        device = Device(running, site.address, **PHONE)
        page = device.open()
        page.goto(f"{site.address}/office")
        expect(page.get_by_role("heading", name="Chưa có tài khoản nào")).to_be_visible()
        assert site.addresses.set_up
        page.goto(site.address + urlsplit(site.addresses.set_up).path)
        page.get_by_label("Họ tên").fill("Nguyễn Thu Hoài")
        page.get_by_label("Tên đăng nhập").fill("thu-hoai")
        page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
        page.get_by_label("Gõ lại mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Tạo tài khoản").click()
        expect(page.get_by_text("Xin chào Nguyễn Thu Hoài")).to_be_visible()
        device.context.close()
        assert device.complaints == []
        yield running


@pytest.fixture
def visit(browser: Browser, site: RunningSite) -> Iterator[Callable[..., Page]]:
    """Opens the office on a device; none of them may have met an error or asked anybody else for anything."""
    devices: list[Device] = []

    def make(**options: Any) -> Page:
        devices.append(Device(browser, site.address, **options))
        page = devices[-1].open()
        page.goto(f"{site.address}/office")
        return page

    yield make
    for device in devices:
        device.context.close()
    assert [complaint for device in devices for complaint in device.complaints] == []


def sign_in(page: Page) -> None:
    """Fills in the sign-in page."""
    page.get_by_label("Tên đăng nhập").fill("thu-hoai")
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_signing_in_looking_around_and_signing_out(visit: Callable[..., Page], device: dict[str, Any]) -> None:
    page = visit(**device)
    sign_in(page)
    for path in ("/office/", "/office/toi", "/office/toi/ma-xac-thuc", "/office/tai-khoan", "/office/cai-dat"):
        page.goto(page.url.partition("/office")[0] + path)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= device["viewport"]["width"], path
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("Đã đăng xuất.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()  # nothing was kept by the browser


def test_on_a_phone_the_menu_unfolds_and_leads_on(visit: Callable[..., Page]) -> None:
    page = visit(**PHONE)
    sign_in(page)
    settings = page.get_by_role("navigation", name="Các trang").get_by_role("link", name="Cài đặt")
    expect(settings).to_be_hidden()
    button = page.get_by_role("button", name="Các trang")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(settings).to_be_hidden()
    expect(button).to_be_focused()
    button.press("Enter")
    settings.click()
    expect(page.get_by_role("heading", name="Cài đặt")).to_be_visible()


def test_everything_is_reached_by_keyboard_and_the_menu_can_be_skipped(visit: Callable[..., Page]) -> None:
    page = visit(**DESK)
    sign_in(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Tới nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.goto(page.url.partition("/office")[0] + "/office/toi")
    reached = set()
    for _step in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.innerText || document.activeElement.name || ''"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid" or page.evaluate("document.activeElement === document.body")
    assert {"Tổng quan", "Cài đặt", "Đăng xuất", "old", "password", "again", "Đổi mật khẩu"} <= reached


def test_who_has_no_scripts_gets_every_page_and_the_menu(browser: Browser, site: RunningSite) -> None:
    device = Device(browser, site.address, java_script_enabled=False, **PHONE)
    page = device.open()
    page.goto(f"{site.address}/office")
    sign_in(page)
    page.get_by_role("link", name="Cài đặt").click()
    page.get_by_role("link", name="Tài khoản văn phòng").click()
    expect(page.get_by_role("link", name="Nguyễn Thu Hoài").last).to_be_visible()
    device.context.close()


def test_words_stand_out_from_their_ground(visit: Callable[..., Page]) -> None:
    """Every text has the contrast that WCAG 2.2 asks for at level AA: 4.5 to 1."""
    page = visit(**DESK)
    sign_in(page)
    low: list[str] = []
    for path in ("/office/", "/office/toi", "/office/tai-khoan", "/office/cai-dat"):
        page.goto(page.url.partition("/office")[0] + path)
        low += page.evaluate(_CONTRASTS)
    assert low == []


_CONTRASTS = re.sub(
    r"\s+",
    " ",
    """() => {
      const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
      const light = (colour) => {
        const [r, g, b] = parts(colour).map((one) => one / 255)
          .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = (element) => {
        for (let one = element; one; one = one.parentElement) {
          const colour = getComputedStyle(one).backgroundColor;
          if ((parts(colour)[3] ?? 1) > 0) return colour;
        }
        return "rgb(255, 255, 255)";
      };
      const low = [];
      for (const element of document.querySelectorAll("body *")) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
        if (!own || !element.checkVisibility() || element.matches("script, .unseen")) continue;
        const [a, b] = [light(getComputedStyle(element).color), light(ground(element))].sort((x, y) => y - x);
        if ((a + 0.05) / (b + 0.05) < 4.5) low.push(element.tagName + " " + element.textContent.trim().slice(0, 40));
      }
      return low;
    }""",
)
