"""Each page of the office in a real Chromium, on a desk and on a phone, as each role sees it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from db.office.models import OfficeRole
from tests.support.browser import PATIENCE_MS, Device, chromium
from tests.support.demo_office import fill_folder
from tests.support.office import PASSWORD
from tests.support.site import RunningSite, running_site

pytestmark = pytest.mark.servers

PHONE = {"viewport": {"width": 390, "height": 800}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
FOR_ALL = (
    "/", "/dia-ban", "/dia-ban/3", "/dot-ho-tro", "/ho", "/lop-hoc", "/yeu-cau", "/ke-hoach", "/bao-cao",
    "/bao-cao/2026-11", "/chi-tieu/vneid_account", "/so-chinh-thuc", "/thanh-vien", "/thanh-vien/ngay-hoat-dong",
    "/cau-hoi", "/noi-dung", "/noi-dung/vneid.install", "/tin-canh-bao", "/tin-canh-bao/1", "/tin-canh-bao/4",
    "/cai-dat", "/toi",
)  # fmt: skip
FOR_EDITORS = ("/nhat-ky", "/tin-canh-bao/moi")
FOR_ADMINS = ("/tai-khoan",)
SEEN_BY = {
    OfficeRole.VIEWER: FOR_ALL,
    OfficeRole.EDITOR: FOR_ALL + FOR_EDITORS,
    OfficeRole.ADMIN: FOR_ALL + FOR_EDITORS + FOR_ADMINS,
}
OWN_FORMS = ("/toi",)
"""Where whoever only looks on has forms too: those of the own account."""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The whole bot without Rasa, with made-up data."""
    var = tmp_path_factory.mktemp("site")
    fill_folder(var)
    with running_site(var) as running:
        yield running


@pytest.fixture(scope="module")
def browser(site: RunningSite) -> Iterator[Browser]:
    """Started after the site: as long as it runs, nothing else can run a loop here."""
    with chromium() as running:
        yield running


def signed_in(browser: Browser, site: RunningSite, role: OfficeRole, **options: object) -> tuple[Device, Page]:
    device = Device(browser, site.address, **options)
    page = device.open()
    page.goto(f"{site.address}/office/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(role.value)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
    return device, page


@pytest.mark.parametrize("role", OfficeRole)
def test_each_role_sees_its_pages_whole_and_no_form_that_it_may_not_send(
    browser: Browser, site: RunningSite, role: OfficeRole
) -> None:
    device, page = signed_in(browser, site, role, **DESK)
    for path in SEEN_BY[role]:
        response = page.goto(f"{site.address}/office{path}")
        assert response
        assert response.status == 200, path
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        if role is OfficeRole.VIEWER and path not in OWN_FORMS:
            assert page.locator('main form[method="post"]').count() == 0, path
    for path in set(SEEN_BY[OfficeRole.ADMIN]) - set(SEEN_BY[role]):
        assert page.locator(f'nav a[href="/office{path}"]').count() == 0
    device.context.close()
    assert device.complaints == []


def test_no_page_is_wider_than_a_phone(browser: Browser, site: RunningSite) -> None:
    device, page = signed_in(browser, site, OfficeRole.ADMIN, **PHONE)
    for path in SEEN_BY[OfficeRole.ADMIN]:
        page.goto(f"{site.address}/office{path}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
    device.context.close()
    assert device.complaints == []


def test_a_filter_changes_the_list_at_once_and_can_be_shared_by_its_address(
    browser: Browser, site: RunningSite
) -> None:
    device, page = signed_in(browser, site, OfficeRole.EDITOR, **DESK)
    page.goto(f"{site.address}/office/dot-ho-tro")
    page.get_by_label("Loại").select_option("class")
    expect(page.locator("#results tbody tr").first).to_contain_text("Lớp học")
    assert "loai=class" in page.url
    page.reload()
    expect(page.locator("#results tbody tr").first).to_contain_text("Lớp học")
    device.context.close()
    assert device.complaints == []


def test_charts_are_drawn_and_say_the_same_in_a_table(browser: Browser, site: RunningSite) -> None:
    device, page = signed_in(browser, site, OfficeRole.VIEWER, **DESK)
    page.goto(f"{site.address}/office/")
    expect(page.locator(".chart canvas").first).to_be_visible()
    page.get_by_text("Xem số liệu").first.click()
    expect(page.get_by_role("table", name="Số người và lượt người từng tháng")).to_be_visible()
    device.context.close()
    assert device.complaints == []
