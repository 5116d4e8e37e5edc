"""Who may see a page: sign-ins by cookie, roles, and requests that no other site may have started.

A page takes a `Viewer`, `Editor` or `Admin` as a parameter and is guarded by that. Requests that change something must
carry the token of the sign-in (in the form as `csrf`, or in the header that htmx sends), and must come from our own
pages by what the browser says of their origin.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from db.demo.mark import has_demo
from db.office import accounts, sessions
from db.office.models import OfficeAccount, OfficeRole
from office.site import Site

CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PATH = "/office"


class NotSignedIn(Exception):  # noqa: N818 - it is a state of affairs that leads to the sign-in page
    """Nobody is signed in, or not any more. `was_sending`: something was sent, which is lost."""

    def __init__(self, *, was_sending: bool) -> None:
        super().__init__("not signed in")
        self.was_sending = was_sending


class Refused(Exception):  # noqa: N818 - a decision, not a fault
    """A request that is not granted. `reason`: role, or forged."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is looking. `csrf` goes into every form (the template base.html and the macro ui.form do it)."""

    account: OfficeAccount
    session_id: int
    csrf: str
    has_demo: bool = False
    """Whether the commune holds made-up data now: every page says so."""

    @property
    def role(self) -> OfficeRole:
        """What the account may do."""
        return OfficeRole(self.account.role)

    @property
    def actor(self) -> str:
        """How the visitor stands in the audit log."""
        return accounts.by_account(self.account)

    def may(self, least: OfficeRole | str) -> bool:
        """Whether the visitor may do what needs that role; templates ask it to leave out what would be refused."""
        return self.role.may(OfficeRole(least))


def site_of(request: Request) -> Site:
    """The site that a request is for."""
    site = request.app.state.site
    assert isinstance(site, Site)
    return site


def signed_in(least: OfficeRole = OfficeRole.VIEWER) -> Callable[[Request], Awaitable[Visitor]]:
    """The dependency that lets in whoever is signed in with that role or more."""

    async def guard(request: Request) -> Visitor:
        if request.method not in SAFE_METHODS:
            check_origin(request)
        visitor = await find_visitor(request)
        if visitor is None:
            raise NotSignedIn(was_sending=request.method not in SAFE_METHODS)
        if request.method not in SAFE_METHODS:
            await _check_token(request, visitor)
        if not visitor.may(least):
            raise Refused("role")
        return visitor

    guard.least = least  # type: ignore[attr-defined]  # a test walks all routes and finds it
    return guard


Viewer = Annotated[Visitor, Depends(signed_in(OfficeRole.VIEWER))]
Editor = Annotated[Visitor, Depends(signed_in(OfficeRole.EDITOR))]
Admin = Annotated[Visitor, Depends(signed_in(OfficeRole.ADMIN))]


async def find_visitor(request: Request) -> Visitor | None:
    """Who is signed in, if anybody."""
    site = site_of(request)
    token = request.cookies.get(cookie_name(site))
    if not token:
        return None
    now = site.now()
    async with site.database.snapshot() as session:
        found = await sessions.find(session, site.commune, token, now)
        demo = found is not None and await has_demo(session, site.commune)
    if found is None:
        return None
    await _note_seen(site, found.id, found.last_seen_at, now)
    return Visitor(found.account, found.id, csrf_token(token), demo)


async def _note_seen(site: Site, session_id: int, last_seen_at: datetime, now: datetime) -> None:
    if now - last_seen_at >= sessions.SEEN_EVERY:
        async with site.database.transaction() as session:
            await sessions.seen(session, session_id, now)


def check_origin(request: Request) -> None:
    """Turns away what another site made the browser send.

    Raises:
        Refused: forged.
    """
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        raise Refused("forged")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() not in _own_hosts(request):
        raise Refused("forged")


def _own_hosts(request: Request) -> set[str]:
    return {request.headers.get("Host", "").lower(), urlsplit(site_of(request).address).netloc.lower()} - {""}


async def _check_token(request: Request, visitor: Visitor) -> None:
    sent = request.headers.get(CSRF_HEADER)
    if sent is None:
        value = (await request.form()).get(CSRF_FIELD)
        sent = value if isinstance(value, str) else ""
    if not hmac.compare_digest(sent.encode(), visitor.csrf.encode()):
        raise Refused("forged")


def csrf_token(session_token: str) -> str:
    """The token of a sign-in's forms: follows from the cookie, which no other site can read."""
    return hmac.digest(session_token.encode(), b"office csrf", hashlib.sha256).hex()


def cookie_name(site: Site) -> str:
    """The name of the cookie; with __Host- browsers take it only over https and from no other host."""
    return "__Host-daisuso-office" if site.is_secure else "daisuso-office"


def keep_signed_in(response: Response, site: Site, token: str) -> None:
    """Gives the browser the token of a sign-in."""
    response.set_cookie(
        cookie_name(site),
        token,
        max_age=int(sessions.LONGEST.total_seconds()),
        path="/",
        secure=site.is_secure,
        httponly=True,
        samesite="lax",  # strict would ask for the password again after every link from a chat
    )


def forget(response: Response, site: Site) -> None:
    """Takes the token back from the browser."""
    response.delete_cookie(cookie_name(site), path="/", secure=site.is_secure, httponly=True, samesite="lax")
