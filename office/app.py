"""The office's page as an application of its own: its pages, what guards all of them, and what it says when one fails.

It is mounted at /office by bot/app.py. Paths in here are below that.
"""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.office import accounts as accounts_of_commune
from office.guard import PATH, NotSignedIn, Refused, find_visitor, site_of
from office.pages import (
    account,
    accounts,
    articles,
    broadcasts,
    classes,
    hamlets,
    households,
    indicators,
    log,
    members,
    official_figures,
    overview,
    plan,
    posters,
    questions,
    reports,
    requests,
    sessions,
    settings,
    sign_in,
)
from office.render import page, redirect
from office.site import Site
from office.static_files import PageFiles

MOST_BYTES = 10 * 1024 * 1024
"""Of one request: an Excel file of a commune's households has a tenth of that."""

SUBJECTS = (
    sign_in, account, accounts, settings, overview, indicators, official_figures, hamlets, sessions, households,
    classes, requests, members, reports, plan, questions, articles, broadcasts,
    posters, log,
)  # fmt: skip
"""The modules of pages; each gives its routes by `router(site)`."""

CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "Referrer-Policy": "same-origin",  # none at all would take from forms the origin by which we know our own
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


def make_office(site: Site) -> FastAPI:
    """The office's application for one commune."""
    office = FastAPI(title="Đại sứ số: văn phòng", docs_url=None, redoc_url=None, openapi_url=None)
    office.state.site = site
    for router in (routers := [subject.router(site) for subject in SUBJECTS]):
        office.include_router(router)
    office.state.routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    office.state.paths = frozenset(route.path for route in all_routes(office) if "GET" in (route.methods or ()))
    office.mount("/static", PageFiles())
    office.add_middleware(RequestBodyLimitMiddleware, max_body_size=MOST_BYTES)
    office.add_middleware(_SecurityHeaders, headers=HEADERS | (HTTPS_ONLY if site.is_secure else {}))
    office.add_exception_handler(NotSignedIn, _to_sign_in)
    office.add_exception_handler(Refused, _refused)
    office.add_exception_handler(RequestValidationError, _not_understood)
    office.add_exception_handler(HTTPException, _went_wrong)
    office.add_exception_handler(Exception, _broke)
    return office


def all_routes(office: FastAPI) -> list[APIRoute]:
    """Every route of the office's pages, with its path below /office."""
    routes: list[APIRoute] = office.state.routes
    return routes


class _SecurityHeaders:
    """Puts headers on every answer, and keeps pages out of caches unless they say otherwise."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers
        self._is_secure = HTTPS_ONLY.items() <= headers.items()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
                if self._is_secure:
                    message["headers"] = [_over_https_only(name, value) for name, value in message["headers"]]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _over_https_only(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    is_open = name.lower() == b"set-cookie" and b"secure" not in value.lower()
    return name, value + b"; Secure" if is_open else value


async def _to_sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotSignedIn)
    site = site_of(request)
    async with site.database.snapshot() as session:
        is_new = not await accounts_of_commune.count(session, site.commune)
    if is_new or error.was_sending:
        response = redirect("/dang-nhap", None if is_new else "accounts.session_over", is_bad=True)
    else:
        wanted = request.url.path.removeprefix(PATH) + (f"?{request.url.query}" if request.url.query else "")
        response = RedirectResponse(f"{PATH}/dang-nhap" + (f"?next={quote(wanted)}" if wanted.strip("/") else ""), 303)
    if request.headers.get("HX-Request") == "true":  # it would follow by itself and show the page in a corner of ours
        response.headers["HX-Redirect"] = response.headers["Location"]
        response.status_code = 200
    return response


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    visitor = await find_visitor(request)
    return page(request, visitor, "refused.html", status=403, reason=error.reason)


async def _not_understood(request: Request, _: Exception) -> Response:
    return page(request, await find_visitor(request), "refused.html", status=422, reason="not_understood")


async def _went_wrong(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    reason = {404: "not_found", 405: "not_found", 413: "too_large"}.get(error.status_code, "not_understood")
    return page(request, await find_visitor(request), "refused.html", status=error.status_code, reason=reason)


async def _broke(request: Request, _: Exception) -> Response:
    """A fault of ours, which the log tells. Asks the database for nothing: it may be the reason."""
    response = page(request, None, "refused.html", status=500, reason="broke")
    response.headers.update(HEADERS | {"Cache-Control": "no-store"})  # this answer comes from outside of the middleware
    return response
