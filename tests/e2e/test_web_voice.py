"""The web chat reads answers aloud, takes dictation and plays recordings: in a real Chromium, on the real page.

A headless Chromium has the interfaces but no voices and no listener; where those are needed a stand-in of the browser's
own (tests/support/browser_voices.js) gives them, never of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import PATIENCE_MS, PHONE, Device, chromium
from tests.support.site import RunningSite, running_site

pytestmark = pytest.mark.servers

VOICES = (Path(__file__).parents[1] / "support" / "browser_voices.js").read_text()
VIETNAMESE = {"name": "Máy này", "lang": "vi-VN", "localService": True}
OTHERS = [
    {"name": "English", "lang": "en-US", "localService": True},
    {"name": "Của hãng", "lang": "vi_VN", "localService": False},
]

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with running_site(tmp_path_factory.mktemp("voice"), messages_per_minute_sender=1000) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def device(browser: Browser, site: RunningSite) -> Iterator[Device]:
    made = Device(browser, site.address, **PHONE)
    yield made
    made.context.close()
    assert made.complaints == []


@pytest.fixture
def page(device: Device) -> Page:
    """The page in a browser that has voices and can listen."""
    device.context.add_init_script(VOICES)
    page = greeted(device.open())
    install(page, [*OTHERS, VIETNAMESE])
    return page


def greeted(page: Page) -> Page:
    expect(page.get_by_test_id("message-bot")).to_have_count(1)
    return page


def install(page: Page, voices: list[dict[str, Any]]) -> None:
    page.evaluate("voices => testVoice.install(voices)", voices)


def said(page: Page) -> list[dict[str, str]]:
    found: list[dict[str, str]] = page.evaluate("testVoice.said")
    return found


def last_listen(page: Page) -> Locator:
    return page.get_by_test_id("listen").last


def ask(page: Page, text: str, answers: int) -> None:
    page.get_by_test_id("input").fill(text)
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("message-bot")).to_have_count(answers)


class TestReadingAloud:
    def test_an_answer_is_read_by_a_vietnamese_voice_of_this_device_without_what_only_eyes_need(
        self, page: Page
    ) -> None:
        ask(page, "đã lỡ chuyển tiền cho kẻ lừa đảo", 2)
        button = page.get_by_role("button", name="Nghe câu trả lời này").last
        expect(button).to_have_attribute("aria-pressed", "false")
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-pressed", "true")
        while page.evaluate("speechSynthesis.speaking"):
            page.evaluate("testVoice.finish()")
        expect(button).to_have_attribute("aria-pressed", "false")
        assert {one["voice"] for one in said(page)} == {"Máy này"}
        assert {one["lang"] for one in said(page)} == {"vi-VN"}
        read = " ".join(one["text"] for one in said(page))
        assert "Đã lỡ bị lừa" in read
        assert "gọi 1 1 3" in read, "a number to call is told digit by digit"
        assert not any(mark in read for mark in ("**", "http", "🔊", "👍"))
        assert max(len(one["text"]) for one in said(page)) <= 300

    def test_a_second_press_stops_and_another_answer_takes_over(self, page: Page) -> None:
        ask(page, "quên mật khẩu vneid", 2)
        first, second = page.get_by_test_id("listen").first, last_listen(page)
        first.click()
        expect(first).to_have_attribute("aria-pressed", "true")
        second.click()
        expect(first).to_have_attribute("aria-pressed", "false")
        expect(second).to_have_attribute("aria-pressed", "true")
        second.click()
        expect(second).to_have_attribute("aria-pressed", "false")
        assert page.evaluate("speechSynthesis.speaking") is False

    def test_new_answers_are_read_by_themselves_once_that_is_chosen_and_after_a_reload_too(self, page: Page) -> None:
        def toggle() -> Locator:
            page.get_by_test_id("menu").click()
            return page.get_by_role("button", name="Tự đọc câu trả lời")

        toggle().click()
        assert said(page) == [], "what stands there already is not read"
        ask(page, "quên mật khẩu vneid", 2)
        expect(last_listen(page)).to_have_attribute("aria-pressed", "true")
        page.reload()
        expect(page.get_by_test_id("message-bot")).to_have_count(2)
        install(page, [VIETNAMESE])
        ask(page, "cài vneid", 3)
        assert said(page)
        expect(toggle()).to_have_attribute("aria-pressed", "true")

    def test_a_browser_without_a_vietnamese_voice_says_so_once_and_offers_no_more(self, device: Device) -> None:
        page = greeted(device.open())  # this Chromium as it is
        if page.evaluate("speechSynthesis.getVoices().some(({ lang }) => lang.startsWith('vi'))"):
            pytest.skip("this machine has a Vietnamese voice")
        last_listen(page).click()
        expect(page.get_by_test_id("status")).to_contain_text("chưa có giọng đọc tiếng Việt")
        expect(last_listen(page)).to_be_hidden()
        ask(page, "quên mật khẩu vneid", 2)
        expect(page.get_by_test_id("status")).to_be_empty()
        expect(last_listen(page)).to_be_hidden()

    def test_the_buttons_come_back_when_a_voice_is_installed(self, page: Page) -> None:
        install(page, [])
        last_listen(page).click()
        expect(last_listen(page)).to_be_hidden()
        install(page, OTHERS)
        last_listen(page).click()
        assert said(page)[0]["voice"] == "Của hãng"


class TestDictation:
    def test_what_is_said_comes_into_the_field_to_be_looked_at_and_is_never_sent_by_itself(self, page: Page) -> None:
        microphone = page.get_by_role("button", name="Nói để gõ chữ")
        page.get_by_test_id("input").fill("cho hỏi")
        microphone.click()
        expect(page.get_by_test_id("status")).to_contain_text("hãng làm trình duyệt có thể nghe")
        assert page.evaluate("testVoice.recognitions.length") == 0, "nobody listens before that is known"

        microphone.click()
        expect(microphone).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("testVoice.recognitions[0].lang") == "vi-VN"
        page.evaluate("testVoice.recognitions[0].hear('quên mật', ' khẩu vneid')")
        page.evaluate("testVoice.recognitions[0].end()")
        expect(microphone).to_have_attribute("aria-pressed", "false")
        expect(page.get_by_test_id("input")).to_have_value("cho hỏi quên mật khẩu vneid")
        expect(page.get_by_test_id("input")).to_be_focused()
        expect(page.get_by_test_id("message-user")).to_have_count(0)
        page.get_by_test_id("send").click()
        expect(page.get_by_test_id("message-user")).to_have_text("Bạncho hỏi quên mật khẩu vneid")

    def test_a_forbidden_microphone_is_explained_and_typing_goes_on(self, page: Page) -> None:
        microphone = page.get_by_test_id("dictate")
        microphone.click()
        microphone.click()
        page.evaluate("testVoice.recognitions[0].fail('not-allowed')")
        expect(page.get_by_test_id("status")).to_contain_text("chưa được phép dùng micro")
        expect(microphone).to_have_attribute("aria-pressed", "false")
        ask(page, "quên mật khẩu vneid", 2)

    def test_what_is_heard_after_sending_does_not_come_back_into_the_field(self, page: Page) -> None:
        microphone = page.get_by_test_id("dictate")
        microphone.click()
        microphone.click()
        page.evaluate("testVoice.recognitions[0].hear('quên mật khẩu vneid')")
        page.get_by_test_id("send").click()
        page.evaluate("testVoice.recognitions[0].hear('quên mật khẩu vneid rồi')")
        expect(page.get_by_test_id("input")).to_have_value("")
        expect(microphone).to_have_attribute("aria-pressed", "false")


def test_a_recording_is_played_on_the_page(page: Page) -> None:
    ask(page, "công an gọi điện bắt chuyển tiền", 2)
    page.get_by_test_id("button").filter(has_text="Giả danh công an").first.click()
    page.get_by_test_id("button").filter(has_text="Nghe").click()
    player = page.locator("audio")
    expect(player).to_have_attribute("aria-label", "🔊 Giả danh công an (giọng máy đọc)")
    page.evaluate("document.querySelector('audio').preload = 'auto'")
    page.wait_for_function("document.querySelector('audio').duration > 60")
    expect(page.get_by_role("link", name="Tải bản đọc về máy")).to_be_visible()
