"""Households (/ho): the list with its filters, one household with pillars and visits, joining two that are one."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException

from db import links
from db.links import Sort
from db.outreach import audit, hamlets, household_search, households, session_search
from db.outreach.household_search import Circumstance, Wanted
from db.outreach.models import Household
from office.actors import actors_of
from office.fields import Id, Line
from office.guard import Editor, Viewer
from office.household_form import FLAGS, FormHousehold, make_forms
from office.paging import paging_of
from office.place_choice import chosen_place
from office.render import page, redirect
from office.site import Site

VISITS_SHOWN = 20
PDF = "application/pdf"
YES, NO = "co", "chua"


def router(site: Site) -> APIRouter:
    """/ho, one household, its form."""
    routes = APIRouter(prefix="/ho")

    @routes.get("")
    async def show_all(request: Request, visitor: Viewer) -> Response:
        async with site.database.snapshot() as session:
            place = await chosen_place(request, session, site)
            wanted = _wanted(request, site, [place.id] if place else None)
            paging = paging_of(request, await household_search.total(session, wanted))
            rows = await household_search.part(session, wanted, paging.offset, paging.size)
            pillars = await households.pillars(session, [row.household for row in rows])
            places = await hamlets.all_of(session, site.commune)
        return page(
            request, visitor, "households.html", block="results", wanted=wanted, place=place, places=places,
            names={one.id: one.name for one in places}, rows=rows, pillars=pillars, paging=paging,
        )  # fmt: skip

    @routes.get("/{household_id}")
    async def show(request: Request, visitor: Viewer, household_id: Id) -> Response:
        async with site.database.snapshot() as session:
            home = await _household(session, site, household_id)
            place = await hamlets.by_id(session, site.commune, home.hamlet_id)
            pillars = (await households.pillars(session, [home]))[home.id]
            its = session_search.Wanted(site.commune, household_id=home.id)
            visits = await session_search.part(session, its, 0, VISITS_SHOWN)
            count = await session_search.total(session, its)
            alike = [one for one in await households.alike(session, home.hamlet_id, home.name) if one.id != home.id]
            entries = await audit.history(session, site.commune, "household", home.id)
            actors = await actors_of(session, site)
        return page(
            request, visitor, "household.html", home=home, place=place, pillars=pillars, visits=visits, count=count,
            alike=alike, entries=entries, actors=actors, words=site.library().texts.log,
        )  # fmt: skip

    @routes.get("/{household_id}/phieu.pdf")
    async def form(visitor: Editor, household_id: Id) -> Response:
        async with site.database.transaction() as session:  # the first code of a commune makes its key
            home = await _household(session, site, household_id)
            place = await hamlets.by_id(session, site.commune, home.hamlet_id)
            pillars = (await households.pillars(session, [home]))[home.id]
            code = await links.make(session, site.commune, Sort.HOUSEHOLD, home.id)
            known = {pillar.value: count for pillar, count in pillars.items() if count or home.surveyed_at}
            said = FormHousehold(
                hamlet=place.name if place else "", name=home.name, number=home.number or "", people=home.people,
                adults=home.adults, flags=frozenset(flag for flag in FLAGS if getattr(home, flag)), pillars=known,
                address=site.link_addresses(code)[0],
            )  # fmt: skip
        texts = site.library().texts
        content = make_forms(
            [said], commune=site.profile, texts=texts.household_form, log=texts.log, printed_on=site.today()
        )
        headers = {"Content-Disposition": f'inline; filename="phieu-ho-{household_id}.pdf"'}
        return Response(content, media_type=PDF, headers=headers)

    @routes.post("/{household_id}/nhap-vao")
    async def merge(visitor: Editor, household_id: Id, into: Line = "") -> Response:
        async with site.database.transaction() as session:
            home = await _household(session, site, household_id)
            number = int(into) if into.isascii() and into.isdigit() and len(into) < 16 else 0
            other = await households.by_id(session, site.commune, number)
            if other is None or other.id == home.id or other.hamlet_id != home.hamlet_id:
                return redirect(f"/ho/{household_id}", "households.not_merged", is_bad=True)
            await households.merge(session, home, other, visitor.actor, site.now())
        return redirect(f"/ho/{other.id}", "households.merged", name=home.name)

    return routes


def _wanted(request: Request, site: Site, hamlet_ids: list[int] | None) -> Wanted:
    asked = request.query_params
    circumstance = asked.get("dien", "")
    return Wanted(
        site.commune,
        hamlet_ids,
        words=" ".join(asked.get("tim", "").split())[:100],
        circumstance=Circumstance(circumstance) if circumstance in set(Circumstance) else None,
        is_surveyed={YES: True, NO: False}.get(asked.get("khao_sat", "")),
        is_visited={YES: True, NO: False}.get(asked.get("tham", "")),
    )


async def _household(session: AsyncSession, site: Site, household_id: int) -> Household:
    """That household, or the one that it was joined into."""
    home = await households.by_id(session, site.commune, household_id)
    if home is None:
        raise HTTPException(404)
    return home
