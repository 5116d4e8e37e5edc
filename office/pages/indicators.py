"""One indicator (/chi-tieu/...): its value and how it came about, targets, trend, the official figures behind it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from content.indicators import Way
from db.indicators import behind, official
from db.indicators.values import trend, values
from db.outreach import hamlets
from office.guard import Viewer
from office.period_choice import chosen_period, last_months, offered_periods
from office.place_choice import chosen_place
from office.render import page
from office.site import Site
from office.standing import standings

MONTHS_SHOWN = 12


def router(site: Site) -> APIRouter:
    """/chi-tieu/..."""
    routes = APIRouter(prefix="/chi-tieu")

    @routes.get("/{indicator}")
    async def show(request: Request, visitor: Viewer, indicator: str) -> Response:
        one = site.library().indicators.get(indicator)
        if one is None:
            raise HTTPException(404)
        period, commune = chosen_period(request, site), site.profile
        day = min(site.today(), period.last)
        async with site.database.snapshot() as session:
            places = await hamlets.all_of(session, site.commune)
            place = await chosen_place(request, session, site)
            hamlet_ids = [place.id] if place else None
            value = (await values(session, site.commune, [one], period=period, as_of=day, hamlet_ids=hamlet_ids))[
                one.id
            ]
            stands = await standings(session, commune, [one], period, site.today(), hamlet_ids=hamlet_ids)
            months = last_months(period, MONTHS_SHOWN)
            past = (await trend(session, site.commune, [one], months, hamlet_ids=hamlet_ids))[one.id]
            sessions = await behind.session_ids(session, value.behind)
            figures = [
                figure
                for figure in await official.all_of(session, site.commune, indicators=[one.id])
                if place is None or figure.hamlet_id == place.id
            ]
        return page(
            request, visitor, "indicator.html", block="results", indicator=one, value=value,
            standing=stands[0] if stands else None, months=list(zip(months, past, strict=True)),
            is_outreach=one.way is Way.OUTREACH, behind=len(sessions), official=figures, used=set(value.figure_ids),
            indicators=site.library().indicators,
            places=places, place=place, period=period, periods=offered_periods(site, period),
            targets=commune.plan.targets_of(one.id) if commune.plan else (), plan=commune.plan,
        )  # fmt: skip

    return routes
