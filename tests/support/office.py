"""The office's page for tests: its application over a database, and browsers that sign in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from bot.settings import ROOT
from content.library import Library
from db.clock import Clock
from db.engine import Database
from db.office import accounts, setup_links
from db.office.models import OfficeAccount, OfficeRole
from db.outreach.audit import OPERATOR
from office.app import make_office
from office.site import ChannelMessage, LearningState, ShownMessage, Site
from tests.support.clock import NOON
from tests.support.rows import COMMUNE

PASSWORD = "Trâu đi trước cày theo sau"
ADDRESS = "http://office.example"
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""The real argon2, too weak for anything but tests."""


class Office:
    """One commune's office page. `library` can be changed, as by a hot reload."""

    def __init__(
        self,
        library: Library,
        database: Database,
        clock: Clock,
        address: str = ADDRESS,
        content: Path = ROOT / "content",
    ) -> None:
        self.library = library
        self.learning = LearningState()
        self.learning_started_by: list[str] = []
        self.database = database
        self.clock = clock
        self.site, self.app, stage = _make(address, content)
        stage.office = self
        self.site.attempts.forget_all()
        self._outer = FastAPI()
        self._outer.mount("/office", self.app)

    def browser(self, at: str = "203.0.113.7") -> OfficeBrowser:
        """A browser in which nobody is signed in."""
        return OfficeBrowser(self._outer, self.site.address, at)

    async def account(
        self, role: OfficeRole = OfficeRole.EDITOR, user_name: str | None = None, *, password: bool = True
    ) -> OfficeAccount:
        """An account with PASSWORD, named after its role unless told otherwise."""
        async with self.database.transaction() as session:
            who = user_name or role.value
            account = await accounts.add(
                session, COMMUNE, user_name=who, name=f"Cán bộ {who}", role=role, actor=OPERATOR, now=NOON
            )
            if password:
                account.password_hash = QUICK_HASHER.hash(PASSWORD)
        return account

    async def link(self, account: OfficeAccount | None = None) -> str:
        """The path of a one-time link."""
        async with self.database.transaction() as session:
            return f"/office/mo/{await setup_links.make(session, COMMUNE, account, OPERATOR, self.clock())}"

    async def signed_in(self, role: OfficeRole = OfficeRole.EDITOR, user_name: str | None = None) -> OfficeBrowser:
        """A browser in which a new account with that role is signed in."""
        account = await self.account(role, user_name)
        browser = self.browser()
        assert (await browser.sign_in(account.user_name)).status_code == 303
        return browser


class _Stage:
    """Which test's office is on: making the routes anew for each test would take longer than most tests."""

    office: Office


class _LearningOnStage:
    """Notes who started a training, which takes minutes; its state is what the test says it is."""

    def __init__(self, stage: _Stage) -> None:
        self._stage = stage

    def state(self) -> LearningState:
        return self._stage.office.learning

    def start(self, by: str) -> bool:
        if self.state().is_running:
            return False
        self._stage.office.learning_started_by.append(by)
        return True


class _DatabaseOnStage(Database):
    """The database of the test that runs."""

    def __init__(self, stage: _Stage) -> None:
        self._stage = stage

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        async with self._stage.office.database.transaction() as session:
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        async with self._stage.office.database.snapshot() as session:
            yield session


@cache
def _make(address: str, content: Path) -> tuple[Site, FastAPI, _Stage]:
    """The application for an address, with all that it asks of the test that runs."""
    stage = _Stage()
    site = Site(
        library=lambda: stage.office.library,
        database=_DatabaseOnStage(stage),
        commune=COMMUNE,
        clock=lambda: stage.office.clock(),
        address=address,
        link_addresses=lambda code: (f"https://t.me/dai_su_so_bot?start={code}",),
        preview=lambda article: (ShownMessage(article.title),),
        preview_broadcast=lambda sort, text, topic: (ChannelMessage("web", (ShownMessage(text),), len(text), 0),),
        content=content,
        learning=_LearningOnStage(stage),
    )
    return site, make_office(site), stage


class OfficeBrowser:
    """Speaks to the page as a browser does: keeps cookies, sends forms with their token; follows no redirect."""

    def __init__(self, app: FastAPI, address: str, at: str) -> None:
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=(at, 50000)),
            base_url=address,
            headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36"},
        )
        self.csrf = ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Opens a page; its token is kept for the next form."""
        return self._noted(await self.http.get(path, headers=headers))

    async def text(self, path: str) -> str:
        """A page's HTML with single spaces; it must be there."""
        response = await self.get(path)
        assert response.status_code == 200, (path, response.status_code, response.headers.get("location"))
        return " ".join(response.text.split())

    async def post(self, path: str, **form: Any) -> httpx.Response:
        """Sends a form with the token of the page opened last; a redirect is not followed."""
        return await self.post_with({}, path, **form)

    async def post_with(self, headers: dict[str, str], path: str, **form: Any) -> httpx.Response:
        """As `post`, with headers of its own."""
        data = {"csrf": self.csrf} | form
        return self._noted(await self.http.post(path, data=data, headers={"Origin": ADDRESS} | headers))

    async def follow(self, response: httpx.Response) -> str:
        """The page to which a redirect leads, as `text` gives it."""
        assert response.status_code == 303, (response.status_code, response.text[:2000])
        return await self.text(response.headers["location"])

    async def sign_in(self, user_name: str, password: str = PASSWORD, **form: Any) -> httpx.Response:
        """Fills in the sign-in page; then opens the first page for its token."""
        response = await self.post("/office/dang-nhap", user_name=user_name, password=password, **form)
        if response.status_code == 303:
            await self.get("/office/toi")
        return response

    def _noted(self, response: httpx.Response) -> httpx.Response:
        if found := re.search(r'<meta name="csrf" content="([^"]*)">', response.text):
            self.csrf = found[1] or self.csrf
        return response
