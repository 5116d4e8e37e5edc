"""Takes the pictures of docs/vi/van-phong.md: the office's pages over made-up data, in a real browser.

Needs Chromium and the test tools (`scripts/install.sh dev`), no model:

    .venv/bin/python -m scripts.screenshots_office
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect

from db.demo.scene import Size
from db.office.models import OfficeRole
from scripts import small_pictures
from tests.support.browser import Device, chromium
from tests.support.demo_office import fill_folder
from tests.support.office import PASSWORD
from tests.support.site import running_site

TARGET = Path(__file__).resolve().parent.parent / "docs" / "vi" / "pictures" / "van-phong"
DESK = {"viewport": {"width": 1100, "height": 760}}
PAGES = {
    "tong-quan": "/",
    "chi-tieu": "/chi-tieu/vneid_account",
    "so-chinh-thuc": "/so-chinh-thuc",
    "dot-ho-tro": "/dot-ho-tro",
    "thanh-vien": "/thanh-vien",
    "bao-cao": "/bao-cao/2026-11",
    "dia-ban": "/dia-ban",
    "ho": "/ho",
    "lop-hoc": "/lop-hoc",
    "yeu-cau": "/yeu-cau",
    "ke-hoach": "/ke-hoach",
    "nhat-ky": "/nhat-ky",
    "cai-dat": "/cai-dat",
    "cau-hoi": "/cau-hoi",
    "noi-dung": "/noi-dung/vneid.install",
    "ap-phich": "/ap-phich",
    "viet-tin": "/tin-canh-bao/moi?bai=scam.fake_police#xem-truoc",
    "tin-canh-bao": "/tin-canh-bao/3",
}
WITHOUT_WARNING = "document.querySelector('main .notice.bad')?.remove()"
"""That codes open only on this computer: the site of the pictures has no public address, a commune's has one."""
PATIENCE_MS = 60_000


def take(page: Page, address: str, target: Path) -> None:
    """Signs in as an editor, and takes a picture of the upper part of each page."""
    page.goto(f"{address}/office/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(OfficeRole.EDITOR.value)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
    for name, path in PAGES.items():
        page.goto(f"{address}/office{path}")
        page.wait_for_load_state("networkidle")
        page.evaluate(WITHOUT_WARNING)
        small_pictures.save(page.screenshot(), target / f"{name}.png")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Takes the pictures of the office's guide.")
    parser.add_argument("--target", type=Path, default=TARGET, help="the folder to write them to")
    target = parser.parse_args().target
    target.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with TemporaryDirectory(prefix="daisuso-pictures-") as folder:
        var = Path(folder)
        fill_folder(var, Size(households=400, sessions=1500, classes=24))
        with running_site(var) as site, chromium() as browser:
            take(Device(browser, site.address, **DESK).open(), site.address, target)


if __name__ == "__main__":
    main()
