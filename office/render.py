"""Makes pages of templates: what every page shows beside its own values, short notices after a redirect, fragments."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from content import numbers
from office import navigation
from office.guard import PATH, Visitor, site_of
from office.messages import action_in_words, message
from office.qr import picture_of
from office.static_files import version_of

TEMPLATES = Path(__file__).parent / "templates"
_FLASH = "daisuso-office-notice"
_FLASH_SECONDS = 60
_LONGEST_FLASH = 2000


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence at the top of a page. `is_bad`: something was refused."""

    text: str
    is_bad: bool = False


def page(
    request: Request,
    visitor: Visitor | None,
    template: str,
    *,
    status: int = 200,
    notice: Notice | None = None,
    block: str | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page of a template with its values, and with what all share: commune, visitor, menu, notices, now and today.

    With `block` htmx gets that block of the template alone (a list that was filtered), browsers the whole page.
    """
    site = site_of(request)
    below = request.url.path.removeprefix(PATH) or "/"
    flashed = _read_flash(request)
    context = {
        "path": PATH + below,
        "query": request.query_params,
        "commune": site.profile,
        "visitor": visitor,
        "csrf": visitor.csrf if visitor else "",
        "menu": navigation.menu_for(visitor.role, request.app.state.paths) if visitor else (),
        "current": navigation.current_key(below),
        "notices": [one for one in (notice, flashed) if one],
        "now": site.now(),
        "today": site.today(),
        **values,
    }
    found = environment().get_template(template)
    if block is not None and wants_fragment(request):
        html = "".join(found.blocks[block](found.new_context(context)))
    else:
        html = found.render(context)
    response = HTMLResponse(html, status, headers={"Vary": "HX-Request"})
    if flashed:
        response.delete_cookie(_FLASH, path=PATH)
    return response


def redirect(path: str, say: str | None = None, *, is_bad: bool = False, **values: object) -> Response:
    """Leads to a page below /office, which then says a message (templates/messages) once."""
    response = RedirectResponse(PATH + path, 303)
    if say is not None:
        notice = Notice(message(say, **values), is_bad)
        text = json.dumps({"text": notice.text, "is_bad": is_bad}).encode()
        response.set_cookie(
            _FLASH,
            base64.urlsafe_b64encode(text[:_LONGEST_FLASH]).decode(),
            max_age=_FLASH_SECONDS,
            path=PATH,
            httponly=True,
            samesite="lax",
        )
    return response


def refusal(say: str, **values: object) -> Notice:
    """The notice of a page that is shown again because something was refused."""
    return Notice(message(say, **values), is_bad=True)


def wants_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of a page; when it restores its history it needs the whole."""
    headers = request.headers
    wants_all = any(headers.get(name) == "true" for name in ("HX-Boosted", "HX-History-Restore-Request"))
    return headers.get("HX-Request") == "true" and not wants_all


def _read_flash(request: Request) -> Notice | None:
    kept = request.cookies.get(_FLASH)
    if not kept:
        return None
    try:
        value = json.loads(base64.urlsafe_b64decode(kept))
        return Notice(str(value["text"]), bool(value["is_bad"]))
    except (ValueError, KeyError, TypeError):
        return None


@cache
def environment() -> Environment:
    """The templates, their filters, and the macros of ui.html as `ui`."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= {
        "number": numbers.number,
        "percent": numbers.percent,
        "day": numbers.day,
        "moment": numbers.moment,
        "json_data": _json_data,
        "did": action_in_words,
        "qr": picture_of,
    }
    made.globals["asset"] = _asset
    made.globals["ui"] = made.get_template("ui.html").module
    return made


def _asset(name: str) -> str:
    return f"{PATH}/static/{name}?v={version_of(name)}"


def _json_data(value: Any) -> Markup:
    """JSON that may stand in a script element: no value in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704
