"""Requests of citizens for a person (/yeu-cau): what waits and for how long, who took it, how it ended."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from db.outreach import audit, hamlets, request_search
from db.outreach.request_search import Wanted
from db.outreach.requests import State
from office.actors import actors_of
from office.fields import Id
from office.guard import Viewer
from office.paging import paging_of
from office.place_choice import chosen_place
from office.render import page
from office.site import Site

WAITING = "waiting"
STATES = {WAITING: (State.OPEN, State.TAKEN)} | {state.value: (state,) for state in State}


def router(site: Site) -> APIRouter:
    """/yeu-cau and one request."""
    routes = APIRouter(prefix="/yeu-cau")

    @routes.get("")
    async def show_all(request: Request, visitor: Viewer) -> Response:
        asked = request.query_params.get("tinh_trang", "")
        async with site.database.snapshot() as session:
            place = await chosen_place(request, session, site)
            wanted = Wanted(site.commune, STATES.get(asked), place.id if place else None)
            paging = paging_of(request, await request_search.total(session, wanted))
            rows = await request_search.part(session, wanted, paging.offset, paging.size)
            places = await hamlets.all_of(session, site.commune)
            open_now = await request_search.total(session, Wanted(site.commune, (State.OPEN,)))
            taken_now = await request_search.total(session, Wanted(site.commune, (State.TAKEN,)))
        late = site.now() - timedelta(hours=site.profile.answer_within_hours)
        return page(
            request, visitor, "requests.html", block="results", rows=rows, paging=paging, places=places, place=place,
            chosen=asked, open_now=open_now, taken_now=taken_now, late=late,
            kinds=site.library().texts.help_request.kinds, topics=_titles(site),
        )  # fmt: skip

    @routes.get("/{request_id}")
    async def show(request: Request, visitor: Viewer, request_id: Id) -> Response:
        async with site.database.snapshot() as session:
            found = await request_search.by_id(session, site.commune, request_id)
            if found is None:
                raise HTTPException(404)
            entries = await audit.history(session, site.commune, "request", found.id)
            actors = await actors_of(session, site)
        return page(
            request, visitor, "request.html", one=found, entries=entries, actors=actors,
            kinds=site.library().texts.help_request.kinds, topics=_titles(site),
        )  # fmt: skip

    return routes


def _titles(site: Site) -> dict[str, str]:
    return {article.id: article.title for article in site.library().articles.values()}
