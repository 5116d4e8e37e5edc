"""Takes the pictures of docs/vi/to-cong-nghe-so.md: a member's phone, the real bot with the real model, real answers.

Starts a bot of its own with an empty database, so nothing has to run. Needs Chromium, a font with emoji
(Debian: fonts-noto-color-emoji), the test tools (`scripts/install.sh dev`) and a trained model (`make run` makes one):

    .venv/bin/python -m scripts.screenshots_team
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from scripts import small_pictures
from tests.support import rasa
from tests.support.browser import PHONE, Device, chromium
from tests.support.processes import outcome_as_json
from tests.support.site import RunningSite, running_site

TARGET = Path(__file__).resolve().parent.parent / "docs" / "vi" / "pictures"
SHOWN_ADDRESS = "https://daisuso.example"
"""What stands in links on the pictures, instead of this machine's name; nobody can own a name under .example."""
PIXELS_A_POINT = 2
PATIENCE_MS = 60_000
ABOVE_MESSAGE = 14
"""Points left free above the message that a picture begins with."""


class Phone:
    """A phone with the chat open; what is asked and pressed is waited for."""

    def __init__(self, device: Device, target: Path, query: str, address: str) -> None:
        """Opens the chat by a link with that query; pictures go to the folder `target`."""
        device.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = device.context.new_page()
        self._target = target
        self.page.goto(f"{address}/?{query}")
        self.answers.first.wait_for()

    @property
    def answers(self) -> Locator:
        return self.page.get_by_test_id("message-bot")

    def ask(self, text: str) -> None:
        number = self.answers.count()
        self.page.get_by_test_id("input").fill(text)
        self.page.get_by_test_id("send").click()
        expect(self.answers).not_to_have_count(number)

    def press(self, *labels: str) -> None:
        for label in labels:
            number = self.answers.count()
            self.answers.get_by_role("button", name=label).last.click()
            expect(self.answers).not_to_have_count(number)

    def picture(self, name: str, top: Locator | None = None) -> None:
        """Writes what the phone shows with the message `top` above, else the last one that the member wrote."""
        message = top or self.page.get_by_test_id("message-user").last
        message.evaluate(f"node => {{ node.parentNode.scrollTop = node.offsetTop - {ABOVE_MESSAGE}; }}")
        self.page.evaluate("document.activeElement.blur()")
        small_pictures.save(self.page.screenshot(), self._target / f"{name}.png")


def take(site: RunningSite, var: Path, target: Path) -> None:
    """A member joins, logs by a sentence and by buttons, opens a class, and answers a citizen."""
    invited = outcome_as_json(var, "invite", "--hamlet", "ấp 3", "--json")
    with chromium() as browser:
        options = {**PHONE, "device_scale_factor": PIXELS_A_POINT, "color_scheme": "light"}
        member = Phone(
            Device(browser, site.address, **options), target, urlsplit(invited["addresses"][-1]).query, site.address
        )
        member.ask("Nguyễn Thị An")
        member.picture("vao-to", top=member.answers.first)

        member.ask("hôm qua nhà bác Năm cài vneid cho 2 cụ, mở tài khoản ngân hàng 1")
        member.picture("ghi-mot-cau")
        member.ask("nhà bà Lan 2 người, vneid 2\nnhà ông Kiên 3 người, sổ sức khỏe 1")

        member.ask("/ghi")
        member.press("Bác Năm", "3 người", "người cao tuổi", "Tiếp", "Sổ sức khỏe")
        member.picture("ghi-bang-nut", top=member.answers.last)
        member.press("Tiếp", "Lưu")

        member.ask("/thongke")
        expect(member.answers.last.locator("img.picture")).to_be_visible()
        member.picture("thong-ke")

        member.ask("/lop")
        member.press("Mở lớp mới", "Cài và dùng VNeID")
        member.ask("thứ 5 19h")
        member.press("Nhà văn hóa", "Mở lớp", "Mã điểm danh")
        expect(member.answers.last.locator("img.picture")).to_be_visible()
        member.picture("lop-hoc", top=member.answers.last)

        citizen = Phone(Device(browser, site.address, **options), target, "", site.address)
        citizen.ask("cho tôi gặp người thật")
        citizen.press("Nhờ người giúp", "ấp 3")
        citizen.ask("tôi quên mật khẩu VNeID, nhờ người chỉ lại giúp")
        member.ask("/yeucau")
        member.press("Nhận")
        member.picture("loi-nho")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Takes the pictures of the page for the community tech team.")
    parser.add_argument("--target", type=Path, default=TARGET, help="the folder to write them to")
    target = parser.parse_args().target
    target.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with TemporaryDirectory(prefix="daisuso-pictures-") as folder, rasa.server() as model:
        var = Path(folder)
        with running_site(var, model, public_url=SHOWN_ADDRESS, messages_per_minute_sender=1000) as site:
            take(site, var, target)


if __name__ == "__main__":
    main()
