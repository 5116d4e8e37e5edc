"""A member's day in the web chat: real Chromium, bot, Rasa and database, and the real command for invitations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.nlu import Endpoint
from tests.support.browser import PATIENCE_MS, PHONE, Device, chromium
from tests.support.processes import outcome_as_json
from tests.support.site import RunningSite, running_site

pytestmark = pytest.mark.servers

NOTICE_MS = 3 * PATIENCE_MS
"""The page asks for notices every quarter of a minute."""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def site(var: Path, rasa_server: Endpoint) -> Iterator[RunningSite]:
    with running_site(var, rasa_server, messages_per_minute_sender=1000, messages_per_minute_address=1000) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def answers(page: Page) -> Locator:
    return page.get_by_test_id("message-bot")


def ask(page: Page, text: str) -> Locator:
    number = answers(page).count()
    page.get_by_test_id("input").fill(text)
    page.get_by_test_id("send").click()
    expect(answers(page)).not_to_have_count(number)
    return answers(page).last


def press(page: Page, label: str) -> Locator:
    number = answers(page).count()
    answers(page).get_by_role("button", name=label).last.click()
    expect(answers(page)).not_to_have_count(number)
    return answers(page).last


def sessions(site: RunningSite) -> list[tuple[int, int, bool]]:
    return [
        (people, elderly, voided is not None)
        for people, elderly, voided in site.query("SELECT people, elderly, voided_at FROM support_session ORDER BY id")
    ]


def test_a_member_joins_by_a_link_logs_by_a_sentence_and_by_buttons_and_answers_a_citizen(
    site: RunningSite, browser: Browser, var: Path
) -> None:
    member, citizen = Device(browser, site.address, **PHONE), Device(browser, site.address, **PHONE)
    invited = outcome_as_json(var, "invite", "--hamlet", "ấp 3", "--json")
    link = urlsplit(invited["addresses"][-1]).query

    page = member.context.new_page()
    page.goto(f"{site.address}/?{link}")
    expect(answers(page).last).to_contain_text("họ và tên")
    expect(page).to_have_url(re.compile(r"/$"))
    expect(ask(page, "Nguyễn Thị An")).to_contain_text("thành viên tổ công nghệ số")

    receipt = ask(page, "hôm qua ấp 3 nhà bác Năm cài vneid cho 2 cụ, mở tài khoản ngân hàng 1")
    expect(receipt).to_contain_text("Đã ghi")
    expect(receipt).to_contain_text("VNeID mức 2: 2 · Tài khoản thanh toán: 1")
    expect(press(page, "Hoàn tác")).to_contain_text("Đã bỏ đợt này")
    assert sessions(site) == [(2, 2, True)]
    expect(press(page, "Lấy lại")).to_contain_text("Đã lấy lại")

    ask(page, "/ghi")
    for label in ("Bác Năm", "2 người", "người cao tuổi", "Tiếp", "Sổ sức khỏe", "Tiếp", "Lưu"):
        press(page, label)
    assert sessions(site) == [(2, 2, False), (2, 1, False)]
    expect(ask(page, "/thongke").locator("img.picture")).to_be_visible()

    home = citizen.open()
    expect(answers(home)).to_have_count(1)
    ask(home, "cho tôi gặp người thật")
    for label in ("Nhờ người giúp", "ấp 3", "Bỏ qua, cứ gửi"):
        press(home, label)
    expect(answers(page).last).to_contain_text("Lời nhờ số 1", timeout=NOTICE_MS)
    press(page, "Nhận")
    expect(answers(home).last).to_contain_text("Nguyễn Thị An", timeout=NOTICE_MS)

    assert [*member.complaints, *citizen.complaints] == []
    for device in (member, citizen):
        device.context.close()
