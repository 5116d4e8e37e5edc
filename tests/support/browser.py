"""A headless Chromium, and pages in it that are watched for what they must never do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

PATIENCE_MS = 10_000
PHONE_SIZE = {"width": 360, "height": 740}
PHONE = {"viewport": PHONE_SIZE, "is_mobile": True, "has_touch": True}
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Starts the machine's Chromium. Only for a while: as long as it runs, no asynchronous test can."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise RuntimeError("Chromium is not installed: run scripts/install-test-tools.sh")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


class Device:
    """A browser of its own, with its own storage. `complaints` must be empty at the end."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        """`address` is the only site that may be asked for anything."""
        self.context: BrowserContext = browser.new_context(locale="vi-VN", reduced_motion="reduce", **options)
        self.context.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.may_lose_connection = False
        self._address = address
        self.context.on("request", self._check_request)
        self.context.on("console", self._check_console)
        self.context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))

    def open(self) -> Page:
        """The site's first page in a new tab."""
        page = self.context.new_page()
        page.goto(self._address)
        return page

    def _check_request(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if (
            asked.scheme != "data" and asked.netloc != urlsplit(self._address).netloc
        ):  # a picture may come with the page
            self.complaints.append(f"asked for {request.url}")

    def _check_console(self, message: ConsoleMessage) -> None:
        is_lost_connection = message.text.startswith("Failed to load resource: net::ERR_")
        if message.type in {"error", "warning"} and not (is_lost_connection and self.may_lose_connection):
            self.complaints.append(f"console: {message.text}")
