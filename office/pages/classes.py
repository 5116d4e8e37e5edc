"""Classes (/lop-hoc): the list, opening one, and one class with its check-in code, head count and result."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from content.numbers import TIME_ZONE
from db import links
from db.links import Sort
from db.outreach import audit, class_search, classes, hamlets, members, sessions
from db.outreach.class_search import State, Wanted, state_of
from office.actors import actors_of
from office.fields import Id, Line
from office.guard import Editor, Viewer, Visitor
from office.paging import paging_of
from office.place_choice import chosen_place
from office.render import Notice, page, redirect, refusal
from office.site import Site


def router(site: Site) -> APIRouter:
    """/lop-hoc and one class."""
    routes = APIRouter(prefix="/lop-hoc")

    @routes.get("")
    async def show_all(request: Request, visitor: Viewer) -> Response:
        return await _show_all(site, request, visitor, {})

    @routes.post("")
    async def open_class(
        request: Request, visitor: Editor, hamlet: Line = "", title: Line = "", place: Line = "", starts_at: Line = ""
    ) -> Response:
        typed = {"hamlet": hamlet, "title": title, "place": place, "starts_at": starts_at}
        when = _moment(starts_at)
        problem = "no_title" if not title else "bad_time" if when is None else "past" if when <= site.now() else ""
        async with site.database.transaction() as session:
            known = hamlet.isascii() and hamlet.isdigit() and len(hamlet) < 16
            home = await hamlets.by_id(session, site.commune, int(hamlet)) if known else None
            if home is None:
                problem = "no_hamlet"
            if not problem and home is not None and when is not None:
                planned = await classes.create(
                    session, commune=site.commune, hamlet_id=home.id, title=title, place=place, starts_at=when,
                    created_by_id=visitor.account.member_id, actor=visitor.actor, now=site.now(),
                )  # fmt: skip
                return redirect(f"/lop-hoc/{planned.id}", "classes.opened")
        return await _show_all(site, request, visitor, typed, refusal(f"classes.{problem}"))

    @routes.get("/{class_id}")
    async def show(request: Request, visitor: Viewer, class_id: Id) -> Response:
        async with site.database.transaction() as session:  # the first code of a commune makes its key
            planned = await classes.by_id(session, site.commune, class_id)
            if planned is None:
                raise HTTPException(404)
            signed_up, checked_in = await classes.counts(session, planned.id)
            leader = await classes.leader_of(session, planned)
            held = await sessions.of_origin(session, site.commune, classes.origin(planned))
            code = await links.make(session, site.commune, Sort.CLASS, planned.id)
            entries = await audit.history(session, site.commune, "class", planned.id)
            actors = await actors_of(session, site)
        return page(
            request, visitor, "class.html", planned=planned, state=state_of(planned, site.now()).value,
            signed_up=signed_up, checked_in=checked_in, leader=leader, held=held[0] if held else None,
            address=site.link_addresses(code)[0], entries=entries, actors=actors, words=site.library().texts.log,
        )  # fmt: skip

    return routes


async def _show_all(
    site: Site, request: Request, visitor: Visitor, typed: dict[str, str], notice: Notice | None = None
) -> Response:
    now, asked = site.now(), request.query_params.get("tinh_trang", "")
    async with site.database.snapshot() as session:
        place = await chosen_place(request, session, site)
        state = State(asked) if asked in set(State) else None
        wanted = Wanted(site.commune, [place.id] if place else None, state)
        paging = paging_of(request, await class_search.total(session, wanted, now))
        rows = await class_search.part(session, wanted, now, paging.offset, paging.size)
        places = await hamlets.all_of(session, site.commune)
        leaders = {one.id: one.name for one in await members.all_of(session, site.commune)}
    return page(
        request, visitor, "classes.html", block="results", status=422 if notice else 200, notice=notice, place=place,
        places=places, chosen=asked, rows=[(row, state_of(row.planned, now).value) for row in rows], paging=paging,
        leaders=leaders, typed={"hamlet": "", "title": "", "place": "", "starts_at": ""} | typed,
    )  # fmt: skip


def _moment(typed: str) -> datetime | None:
    """What a field for day and time sends, by the clock of Vietnam."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=TIME_ZONE)
    except ValueError:
        return None
