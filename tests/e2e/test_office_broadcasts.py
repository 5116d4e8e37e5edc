"""An alert's whole way in a real Chromium: written, approved by a second person, watched while it is sent, stopped."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from bot.settings import ROOT
from db.broadcasts import subscriptions
from db.broadcasts.models import Interest
from db.clock import utc_now
from db.engine import Database
from db.office.models import OfficeRole
from tests.support.browser import PATIENCE_MS, PHONE, Device, chromium
from tests.support.demo_office import fill_folder
from tests.support.office import PASSWORD
from tests.support.rows import COMMUNE, open_conversation
from tests.support.site import RunningSite, make_settings, running_site

pytestmark = pytest.mark.servers

DESK = {"viewport": {"width": 1280, "height": 800}}
TEXT = "Có kẻ giả công an đòi **cập nhật VNeID**. Bác cúp máy."

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The whole bot without Rasa and Telegram, where no hour is quiet: copies for two people stay on their way."""
    var = tmp_path_factory.mktemp("site")
    fill_folder(var)
    asyncio.run(subscribe(var))
    content = Path(shutil.copytree(ROOT / "content", var / "content", ignore=shutil.ignore_patterns("*.py")))
    profile = content / "communes" / f"{COMMUNE}.yml"
    profile.write_text(profile.read_text() + '\nquiet_from: "00:00"\nquiet_until: "00:00"\n')
    with running_site(var, content=content) as running:
        yield running


async def subscribe(var: Path) -> None:
    """Two people on Telegram want to be told of scams."""
    database = Database(make_settings(var).database)
    async with database.transaction() as session:
        for who in ("ba-an", "ong-binh"):
            talk = await open_conversation(session, who, now=utc_now())
            await subscriptions.subscribe(session, talk, Interest.SCAM_ALERTS, now=utc_now())
    await database.close()


@pytest.fixture(scope="module")
def browser(site: RunningSite) -> Iterator[Browser]:
    with chromium() as running:
        yield running


def test_an_alert_is_written_on_a_phone_approved_at_a_desk_watched_and_stopped(
    browser: Browser, site: RunningSite
) -> None:
    phone, page = signed_in(browser, site, OfficeRole.EDITOR, **PHONE)
    page.goto(f"{site.address}/office/noi-dung/scam.prize")
    page.get_by_role("link", name="Báo cho người dân").click()
    page.get_by_label("Lời tin").fill(TEXT)
    telegram = page.locator("section.channel", has=page.get_by_role("heading", name="Telegram"))
    expect(telegram.locator("b", has_text="cập nhật VNeID")).to_be_visible()
    zalo = page.locator("section.channel", has=page.get_by_role("heading", name="Zalo OA"))
    expect(zalo.locator(".bubble")).to_contain_text("đòi cập nhật VNeID. Bác cúp máy.")
    expect(zalo.locator(".bubble")).to_contain_text("DỪNG")
    expect(page.get_by_text("Tới được 2 người")).to_be_visible()
    page.get_by_role("button", name="Gửi chờ duyệt").click()
    expect(page.get_by_text("Bạn viết tin này nên không tự duyệt được")).to_be_visible()
    expect(page.get_by_role("button", name="Duyệt và gửi")).to_have_count(0)

    desk, second = signed_in(browser, site, OfficeRole.ADMIN, **DESK)
    questions: list[str] = []
    second.on("dialog", lambda dialog: agree(dialog, questions))
    second.goto(f"{site.address}/office/tin-canh-bao?tinh_trang=waiting")
    second.get_by_role("link", name="Có kẻ giả công an").click()
    second.get_by_role("button", name="Duyệt và gửi").click()
    expect(second.get_by_text("0 / 2 người đã nhận")).to_be_visible()  # without being loaded again
    expect(second.get_by_role("img", name="Đang chờ 2").first).to_be_visible()
    second.get_by_label("Lý do dừng").fill("Sai tên")
    second.get_by_role("button", name="Dừng gửi").click()
    expect(second.get_by_text("2 người chưa nhận thì không nhận nữa")).to_be_visible()
    expect(second.get_by_text("Lý do dừng: Sai tên")).to_be_visible()
    assert questions == ["Gửi tin này tới 2 người?", "Dừng gửi tin này? Người chưa nhận sẽ không nhận nữa."]
    for device in (phone, desk):
        device.context.close()
        assert device.complaints == []


def agree(dialog: Dialog, questions: list[str]) -> None:
    questions.append(dialog.message)
    dialog.accept()


def signed_in(browser: Browser, site: RunningSite, role: OfficeRole, **options: object) -> tuple[Device, Page]:
    device = Device(browser, site.address, **options)
    page = device.open()
    page.goto(f"{site.address}/office/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(role.value)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
    return device, page
