"""The web chat as people use it: a real Chromium of a phone's size, the whole bot with its real Rasa and database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from bot.nlu import Endpoint
from tests.support.browser import PATIENCE_MS, PHONE, PHONE_SIZE, Device, chromium
from tests.support.site import RunningSite, running_site

pytestmark = pytest.mark.servers

QUESTION = "toi quen mat khau vneid roi"
ANSWER = "Quên mật khẩu VNeID"
LOST = "Mất kết nối. Tin nhắn đã được giữ lại và sẽ tự gửi khi có mạng."
GENEROUS = {"messages_per_minute_sender": 1000, "messages_per_minute_address": 1000}

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, rasa_server: Endpoint) -> Iterator[RunningSite]:
    with running_site(tmp_path_factory.mktemp("site"), rasa_server, **GENEROUS) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def device(browser: Browser) -> Iterator[Callable[..., Device]]:
    """Makes devices; none of them may have asked another site for anything or met an error when the test ends."""
    devices: list[Device] = []

    def make(site: RunningSite, **options: Any) -> Device:
        devices.append(Device(browser, site.address, **(options or PHONE)))
        return devices[-1]

    yield make
    for made in devices:
        made.context.close()
    assert [complaint for made in devices for complaint in made.complaints] == []


@pytest.fixture
def phone(device: Callable[..., Device], site: RunningSite) -> Device:
    return device(site)


@pytest.fixture
def page(phone: Device) -> Page:
    """The chat on a phone, greeting."""
    return greeted(phone.open())


def greeted(page: Page) -> Page:
    expect(answers(page)).to_have_count(1)
    return page


def answers(page: Page) -> Locator:
    return page.get_by_test_id("message-bot")


def questions(page: Page) -> Locator:
    return page.get_by_test_id("message-user")


def say(page: Page, text: str) -> None:
    page.get_by_test_id("input").fill(text)
    page.get_by_test_id("send").click()


def ask(page: Page, text: str) -> Locator:
    """Says it and waits for the answer."""
    number = answers(page).count()
    say(page, text)
    expect(answers(page)).to_have_count(number + 1)
    return answers(page).last


def press(page: Page, label: str) -> Locator:
    """Presses the newest button of that name and waits for the answer."""
    number = answers(page).count()
    answers(page).get_by_role("button", name=label).last.click()
    expect(answers(page)).to_have_count(number + 1)
    return answers(page).last


def sender(page: Page) -> str:
    return str(page.evaluate("JSON.parse(localStorage.getItem('daisuso.device'))"))


def stored(site: RunningSite, page: Page) -> list[str]:
    """The texts of this device that the database holds, in their order."""
    rows = site.query(
        "SELECT text FROM inbox_message JOIN conversation ON conversation.id = conversation_id "
        "WHERE sender = ? AND kind = 'text' ORDER BY inbox_message.id",
        sender(page),
    )
    return [text for (text,) in rows]


def replies_stored(site: RunningSite, page: Page) -> int:
    [(count,)] = site.query(
        "SELECT count(*) FROM outbox_message JOIN conversation ON conversation.id = conversation_id WHERE sender = ?",
        sender(page),
    )
    return int(count)


def pixels(element: Locator, style: str) -> float:
    return float(element.evaluate("(node, style) => parseFloat(getComputedStyle(node)[style])", style))


# --- asking ---


def test_question_without_diacritics_gets_the_right_answer_with_sources(page: Page, site: RunningSite) -> None:
    answer = ask(page, QUESTION)
    expect(answer.locator("strong").first).to_have_text(ANSWER)
    note = answer.locator(".note")
    expect(note).to_contain_text(re.compile(r"^Nguồn: .+ Đã kiểm tra ngày \d+/\d+/\d{4}\.$"))
    source = note.get_by_role("link").first
    expect(source).to_have_attribute("href", re.compile("^https://"))
    expect(source).to_have_attribute("rel", "noopener noreferrer")
    expect(source).to_have_attribute("target", "_blank")
    assert "](" not in note.inner_text()
    assert stored(site, page) == [QUESTION]


def test_buttons_show_sections_and_keep_feedback(page: Page, site: RunningSite) -> None:
    ask(page, QUESTION)
    expect(press(page, "Giấy tờ")).to_contain_text(f"{ANSWER}: giấy tờ")
    expect(questions(page).last).to_have_text(re.compile("Giấy tờ"))
    answers(page).nth(1).get_by_role("button", name="Có ích").click()
    expect(answers(page).last).to_contain_text("Mừng quá")
    [feedback] = site.query(
        "SELECT topic, helpful FROM feedback JOIN conversation ON conversation.id = conversation_id WHERE sender = ?",
        sender(page),
    )
    assert feedback == ("vneid.forgot_password", 1)


def test_guide_goes_step_by_step_forth_and_back(page: Page) -> None:
    ask(page, QUESTION)
    expect(press(page, "Các bước")).to_contain_text("bước 1/7")
    expect(press(page, "Tiếp ›")).to_contain_text("bước 2/7")
    expect(press(page, "‹ Trước")).to_contain_text("bước 1/7")
    for number in range(2, 8):
        expect(press(page, "Tiếp ›")).to_contain_text(f"bước {number}/7")
    page.get_by_role("button", name="Chưa làm được").last.click()  # two replies: a way out, and the offer of a person
    expect(page.get_by_role("button", name="Gặp người hỗ trợ").last).to_be_visible()


def test_everything_works_with_the_keyboard_alone(device: Callable[..., Device], site: RunningSite) -> None:
    page = greeted(device(site, viewport=PHONE_SIZE).open())
    focused = page.locator(":focus")
    page.keyboard.press("Tab")
    expect(focused).to_have_text("Đến ô nhập câu hỏi")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Câu hỏi")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(2)
    expect(page.get_by_label("Câu hỏi")).to_be_focused()

    tab_back_to(page, "Giấy tờ")
    assert pixels(focused, "outlineWidth") >= 3
    page.keyboard.press("Enter")
    expect(answers(page).last).to_contain_text(f"{ANSWER}: giấy tờ")

    link = answers(page).last.get_by_role("link").first
    tab_to(page, link.inner_text())
    assert pixels(focused, "outlineWidth") >= 3


def tab_back_to(page: Page, text: str) -> None:
    tab_to(page, text, "Shift+Tab")


def tab_to(page: Page, text: str, key: str = "Tab") -> None:
    for _ in range(40):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.textContent") == text:
            return
    pytest.fail(f"the keyboard does not reach {text!r}")


def test_what_people_type_is_shown_as_they_typed_it(page: Page) -> None:
    typed = '<img src=x onerror="alert(1)"> **quà** https://vneid.lua-dao.example 0912345678'
    ask(page, typed)
    expect(questions(page).locator(".text")).to_have_text(typed)
    assert questions(page).locator("img, a, strong").count() == 0


# --- reloading, losing the connection ---


def test_reload_keeps_the_conversation_and_sends_nothing_again(page: Page, site: RunningSite) -> None:
    ask(page, QUESTION)
    press(page, "Giấy tờ")
    shown = page.get_by_test_id("log").inner_text()
    count = replies_stored(site, page)
    page.reload()
    expect(answers(page)).to_have_count(3)
    assert page.get_by_test_id("log").inner_text() == shown
    page.wait_for_load_state("networkidle")
    assert replies_stored(site, page) == count
    expect(press(page, "Thời gian")).to_contain_text(f"{ANSWER}: thời gian")


def test_message_written_without_network_is_sent_once_it_is_back(phone: Device, page: Page, site: RunningSite) -> None:
    phone.may_lose_connection = True
    phone.context.set_offline(True)
    say(page, QUESTION)
    say(page, "mất bao lâu")
    expect(page.get_by_test_id("status")).to_have_text(LOST)
    expect(page.get_by_text("Chưa gửi được")).to_have_count(2)
    phone.context.set_offline(False)
    expect(answers(page)).to_have_count(3)
    expect(answers(page).nth(1)).to_contain_text(ANSWER)
    expect(answers(page).nth(2)).to_contain_text(f"{ANSWER}: thời gian")
    expect(page.get_by_test_id("status")).to_be_empty()
    expect(page.get_by_text("Chưa gửi được")).to_have_count(0)
    assert stored(site, page) == [QUESTION, "mất bao lâu"]


def test_message_written_while_the_server_is_down_is_sent_once_it_is_up(
    device: Callable[..., Device], tmp_path: Path
) -> None:
    with running_site(tmp_path) as site:
        phone = device(site)
        phone.may_lose_connection = True
        page = greeted(phone.open())
        site.stop()
        say(page, QUESTION)
        expect(page.get_by_test_id("status")).to_have_text(LOST)
        site.start()
        expect(answers(page)).to_have_count(2)
        expect(page.get_by_test_id("status")).to_be_empty()
        assert stored(site, page) == [QUESTION]
        assert replies_stored(site, page) == 2


def test_message_whose_answer_was_lost_on_the_way_is_not_doubled(phone: Device, page: Page, site: RunningSite) -> None:
    phone.may_lose_connection = True
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().text())
        route.abort("connectionreset")

    page.route("**/api/chat", lose_the_first_answer)
    say(page, QUESTION)
    expect(page.get_by_test_id("status")).to_have_text(LOST)
    expect(answers(page)).to_have_count(2)
    assert ANSWER in lost[0]
    expect(questions(page)).to_have_count(1)
    assert stored(site, page) == [QUESTION]
    assert replies_stored(site, page) == 2


def test_unsent_message_outlives_the_page(phone: Device, page: Page, site: RunningSite) -> None:
    phone.may_lose_connection = True
    phone.context.route("**/api/chat", lambda route: route.abort("internetdisconnected"))
    say(page, QUESTION)
    expect(page.get_by_text("Chưa gửi được")).to_be_visible()
    page.close()
    page = phone.open()
    expect(page.get_by_text("Chưa gửi được")).to_be_visible()
    phone.context.unroute_all()
    expect(answers(page)).to_have_count(2)
    assert stored(site, page) == [QUESTION]


def test_unsent_message_can_be_taken_back(phone: Device, page: Page, site: RunningSite) -> None:
    phone.may_lose_connection = True
    phone.context.set_offline(True)
    say(page, QUESTION)
    page.get_by_role("button", name="Huỷ gửi").click()
    expect(questions(page)).to_have_count(0)
    expect(page.get_by_test_id("input")).to_have_value(QUESTION)
    phone.context.set_offline(False)
    ask(page, "mất mật khẩu VNeID")
    assert stored(site, page) == ["mất mật khẩu VNeID"]


# --- seeing and hearing ---


def test_screen_reader_is_told_what_is_what(page: Page) -> None:
    answer = ask(page, QUESTION)
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    log = page.get_by_role("log", name="Cuộc trò chuyện")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log.get_by_role("article", name="Bạn")).to_have_count(1)
    expect(log.get_by_role("article", name="Đại sứ số")).to_have_count(2)
    expect(answer.get_by_role("group", name="Lựa chọn")).to_be_visible()
    expect(page.get_by_test_id("status")).to_have_role("status")
    expect(page.get_by_role("textbox", name="Câu hỏi")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Đại sứ số")).to_be_visible()
    for name in ("Gửi", "A−, chữ nhỏ hơn", "A+, chữ to hơn", "Mục khác"):
        expect(page.get_by_role("button", name=name)).to_be_visible()


def test_old_conversation_is_not_read_aloud_after_a_reload(page: Page) -> None:
    page.add_init_script(
        """document.addEventListener('DOMContentLoaded', () => {
          window.liveAtFirst = document.getElementById('log').getAttribute('aria-live');
        })"""
    )
    page.reload()
    assert page.evaluate("window.liveAtFirst") == "off"
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")


def test_controls_are_large_enough_for_a_finger(page: Page) -> None:
    ask(page, QUESTION)
    for control in page.locator("button:visible, textarea").all():
        box = control.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, control.inner_text()


@pytest.mark.parametrize("size", [0, 1, 6], ids=["smallest letters", "normal letters", "largest letters"])
def test_nothing_is_wider_than_a_small_phone(phone: Device, page: Page, size: int) -> None:
    phone.may_lose_connection = True
    page.evaluate("size => localStorage.setItem('daisuso.size', size)", size)
    page.reload()
    ask(page, QUESTION)
    press(page, "Nguồn")
    ask(page, "w" * 300 + " https://lua-dao.example/" + "q" * 200)
    phone.context.set_offline(True)
    say(page, "treo")
    expect(page.get_by_test_id("status")).to_have_text(LOST)
    sizes = page.evaluate(
        """() => {
          const {scrollWidth, scrollHeight} = document.documentElement;
          const log = document.getElementById('log');
          return [scrollWidth, scrollHeight, log.scrollWidth - log.clientWidth];
        }"""
    )
    assert sizes == [PHONE_SIZE["width"], PHONE_SIZE["height"], 0]


def test_letters_grow_and_stay_grown(page: Page) -> None:
    text = answers(page).first.locator(".text")
    normal = pixels(text, "fontSize")
    assert normal >= 18
    page.get_by_role("button", name="chữ to hơn").click()
    assert pixels(text, "fontSize") > normal
    for _ in range(10):
        page.get_by_role("button", name="chữ to hơn").click(force=True)
    assert pixels(text, "fontSize") == pytest.approx(2 * normal)
    page.reload()
    assert pixels(text, "fontSize") == pytest.approx(2 * normal)
    page.get_by_role("button", name="chữ nhỏ hơn").click()
    assert pixels(text, "fontSize") < 2 * normal


def test_small_print_is_never_too_small(page: Page) -> None:
    note = ask(page, QUESTION).locator(".note")
    assert pixels(note, "fontSize") >= 15
    page.get_by_role("button", name="chữ nhỏ hơn").click()
    assert pixels(note, "fontSize") >= 15


# --- forgetting ---


def test_history_is_deleted_after_asking(page: Page) -> None:
    ask(page, QUESTION)
    before = sender(page)
    choose_to_erase(page)
    page.get_by_role("dialog").get_by_role("button", name="Không xoá").click()
    expect(questions(page)).to_have_count(1)

    choose_to_erase(page)
    page.get_by_role("dialog").get_by_role("button", name="Xoá", exact=True).click()
    expect(questions(page)).to_have_count(0)
    greeted(page)
    assert QUESTION not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert sender(page) != before


def choose_to_erase(page: Page) -> None:
    page.get_by_test_id("menu").click()
    page.get_by_role("button", name="Xoá lịch sử trên máy này").click()


def test_new_conversation_greets_again_and_keeps_the_old_one(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_test_id("menu").click()
    page.get_by_role("button", name="Cuộc trò chuyện mới").click()
    expect(answers(page)).to_have_count(3)
    expect(questions(page)).to_have_count(1)
