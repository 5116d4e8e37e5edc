"""The log (/nhat-ky): who changed what and when, in words, with links to what was changed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from fastapi import APIRouter, Request, Response

from content.numbers import TIME_ZONE
from db.office.models import OfficeRole
from db.outreach import audit_search
from db.outreach.audit_search import Wanted
from db.outreach.models import AuditEntry
from db.outreach.session_changes import changes
from office.actors import OTHERS, Actors, actors_of
from office.guard import Editor, Visitor
from office.messages import all_messages, message
from office.paging import paging_of
from office.render import page
from office.site import Site

PATHS = {
    "session": "/dot-ho-tro", "household": "/ho", "hamlet": "/dia-ban", "class": "/lop-hoc", "request": "/yeu-cau",
    "member": "/thanh-vien", "official_figure": "/so-chinh-thuc", "account": "/tai-khoan",
    "article": "/noi-dung/ban-thao",
}  # fmt: skip
"""Where the subject of an entry has its page."""


def router(site: Site) -> APIRouter:
    """/nhat-ky."""
    routes = APIRouter()

    @routes.get("/nhat-ky")
    async def show(request: Request, visitor: Editor) -> Response:
        asked = request.query_params
        async with site.database.snapshot() as session:
            actors = await actors_of(session, site)
            people = [*((one, message(say)) for one, say in OTHERS.items()), *actors.choices()]
            subject = asked.get("viec", "")
            who = asked.get("ai", "")
            wanted = Wanted(
                site.commune,
                since=_begin(asked.get("tu", "")),
                until=_end(asked.get("den", "")),
                actor=who if who in dict(people) else None,
                subject=subject if subject in subjects() else None,
            )
            paging = paging_of(request, await audit_search.total(session, wanted))
            entries = await audit_search.part(session, wanted, paging.offset, paging.size)
            changed = [await changes(session, entry) for entry in entries]
        words = site.library().texts.log
        return page(
            request, visitor, "log.html", block="results", rows=list(zip(entries, changed, strict=True)),
            actors=actors, paging=paging, people=people, subjects=subjects(),
            path_of=lambda entry: _path(entry, visitor, actors), wanted=wanted, first=asked.get("tu", ""),
            last=asked.get("den", ""), fields=words.history_fields | words.groups | words.outcomes,
        )  # fmt: skip

    return routes


def _path(entry: AuditEntry, visitor: Visitor, actors: Actors) -> str:
    """Where the subject has its page; empty when it has none that this visitor could open."""
    if entry.subject == "account" and not visitor.may(OfficeRole.ADMIN):
        return ""
    if entry.subject == "member" and not actors.knows(f"member:{entry.subject_id}"):
        return ""
    return f"{PATHS[entry.subject]}/{entry.subject_id}" if entry.subject in PATHS else ""


def subjects() -> dict[str, str]:
    """What can be changed, by its code."""
    begin = "log.subject_"
    return {key.removeprefix(begin): text for key, text in all_messages().items() if key.startswith(begin)}


def _begin(asked: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(asked), time(), TIME_ZONE)
    except ValueError:
        return None


def _end(asked: str) -> datetime | None:
    begin = _begin(asked)
    return begin + timedelta(days=1) if begin and begin.year < 9999 else None
