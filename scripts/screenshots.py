"""Takes the README's picture of the web chat, docs/images/web-chat.png: a phone, a real question, the bot's own answer.

Needs a running bot, Chromium, and the test tools (`scripts/install.sh dev`):

    make run                                                    # in one terminal
    .venv/bin/python scripts/screenshots.py http://localhost:8080/   # in another
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

TARGET = Path(__file__).resolve().parent.parent / "docs" / "images" / "web-chat.png"
QUESTION = "toi quen mat khau vneid roi"
PHONE: ViewportSize = {"width": 360, "height": 740}
PIXELS_A_POINT = 2
MAX_BYTES = 200_000
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
]


def ask(page: Page, question: str) -> None:
    """Asks and waits for the whole answer; the question is then what stands on top."""
    page.get_by_test_id("message-bot").first.wait_for()
    page.get_by_test_id("input").fill(question)
    page.get_by_test_id("send").click()
    page.locator("[data-testid=message-user] ~ [data-testid=message-bot] .note").wait_for()
    page.get_by_test_id("message-user").evaluate("node => { node.parentNode.scrollTop = node.offsetTop - 14; }")


def take(address: str, target: Path) -> None:
    """Writes the picture."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        context = browser.new_context(
            viewport=PHONE, device_scale_factor=PIXELS_A_POINT, is_mobile=True, has_touch=True, locale="vi-VN",
            color_scheme="light", reduced_motion="reduce",
        )  # fmt: skip
        page = context.new_page()
        page.goto(address)
        ask(page, QUESTION)
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target)
        browser.close()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Takes the README's picture of the web chat.")
    parser.add_argument("address", help="where the bot runs, for example http://localhost:8080/")
    parser.add_argument("--target", type=Path, default=TARGET, help="the file to write")
    arguments = parser.parse_args()
    take(arguments.address, arguments.target)
    size = arguments.target.stat().st_size
    sys.stdout.write(f"{arguments.target}: {size // 1000} kB\n")
    if size > MAX_BYTES:
        sys.exit(f"more than {MAX_BYTES // 1000} kB: too heavy for the README")


if __name__ == "__main__":
    main()
