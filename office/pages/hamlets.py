"""Hamlets (/dia-ban): side by side, and each with its figures, households, members and what waits there."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException

from content.indicators import Way
from content.periods import Period
from db.indicators.values import values_by_hamlet
from db.outreach import classes, hamlets, households, members, requests
from db.outreach.models import Hamlet, Member, Pillar, Role
from office.fields import Id
from office.guard import Viewer
from office.outreach import outreach
from office.period_choice import chosen_period, last_months, offered_periods
from office.render import page
from office.site import Site
from office.standing import standings

MONTHS_SHOWN = 6
TEAM = (Role.MEMBER, Role.AMBASSADOR)


@dataclass(frozen=True, slots=True)
class HamletLine:
    """A hamlet in the list: its figures of outreach by indicator, households on record, members who serve it."""

    hamlet: Hamlet
    figures: dict[str, int]
    households: int
    members: list[Member]


@dataclass(frozen=True, slots=True)
class Pillars:
    """The four pillars of a hamlet's surveyed households, in adults."""

    households: int
    surveyed: int
    adults: int
    counts: dict[Pillar, int]


def router(site: Site) -> APIRouter:
    """/dia-ban and one hamlet."""
    routes = APIRouter(prefix="/dia-ban")

    @routes.get("")
    async def show_all(request: Request, visitor: Viewer) -> Response:
        period = chosen_period(request, site)
        async with site.database.snapshot() as session:
            lines = await _lines(session, site, period)
        return page(
            request, visitor, "hamlets.html", block="results", period=period,
            periods=offered_periods(site, period), lines=lines,
        )  # fmt: skip

    @routes.get("/{hamlet_id}")
    async def show(request: Request, visitor: Viewer, hamlet_id: Id) -> Response:
        period, today = chosen_period(request, site), site.today()
        async with site.database.snapshot() as session:
            place = await hamlets.by_id(session, site.commune, hamlet_id)
            if place is None:
                raise HTTPException(404)
            stands = await standings(
                session, site.profile, site.library().indicators.values(), period, today, hamlet_ids=[place.id]
            )
            done = await outreach(session, site, period, [place.id])
            months = [
                (month, await outreach(session, site, month, [place.id])) for month in last_months(period, MONTHS_SHOWN)
            ]
            people = await members.serving(session, site.commune, place.id, TEAM)
            live = [one for one in await requests.live(session, site.commune, [place.id]) if one.hamlet_id == place.id]
            coming = await classes.coming(session, site.commune, site.now(), hamlet_ids=[place.id])
            pillars = await _pillars(session, site.commune, place)
        return page(
            request, visitor, "hamlet.html", block="results", hamlet=place, period=period,
            periods=offered_periods(site, period), standings=stands, outreach=done, months=months, members=people,
            requests=live, classes=coming, pillars=pillars,
        )  # fmt: skip

    return routes


async def _lines(session: AsyncSession, site: Site, period: Period) -> list[HamletLine]:
    measures = [one for one in site.library().indicators.values() if one.way is Way.OUTREACH]
    day = min(site.today(), period.last)
    figures = await values_by_hamlet(session, site.commune, measures, period=period, as_of=day)
    homes = await households.count_by_hamlet(session, site.commune)
    team = [one for one in await members.all_of(session, site.commune) if one.role in TEAM]
    return [
        HamletLine(
            place,
            {name: value.numerator or 0 for name, value in figures[place.id].items()},
            homes.get(place.id, 0),
            [one for one in team if place.id in {served.id for served in one.hamlets}],
        )
        for place in await hamlets.all_of(session, site.commune)
    ]


async def _pillars(session: AsyncSession, commune: str, place: Hamlet) -> Pillars:
    every = await households.of_hamlets(session, commune, [place.id])
    surveyed = [one for one in every if one.adults is not None]
    counts = await households.pillars(session, surveyed)
    return Pillars(
        len(every),
        len(surveyed),
        sum(one.adults or 0 for one in surveyed),
        {pillar: sum(counts[one.id][pillar] for one in surveyed) for pillar in Pillar},
    )
