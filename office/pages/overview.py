"""The first page (/office): the plan's indicators, the period's outreach, hamlets side by side, and what waits."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from content.indicators import Way
from content.periods import Period
from db import questions
from db.indicators.values import Value, trend, values_by_hamlet
from db.outreach import hamlets, requests
from db.outreach.models import Hamlet
from office.guard import Viewer
from office.outreach import outreach
from office.period_choice import chosen_period, last_months, offered_periods
from office.render import page
from office.site import Site
from office.standing import Standing, standings

MONTHS_SHOWN = 12
BESIDE_HAMLETS = ("people_reached", "sessions", "households_visited")
"""The figures of outreach that stand beside each hamlet's coverage."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the office."""

    requests: int
    untaken: int
    questions: int
    articles_due: int


@dataclass(frozen=True, slots=True)
class HamletRow:
    """A hamlet beside the others: its figures of outreach, and coverage by indicator."""

    hamlet: Hamlet
    figures: dict[str, int]
    coverage: dict[str, Value]

    @property
    def is_idle(self) -> bool:
        """Whether nothing was done there in the period."""
        return self.figures["sessions"] == 0


def router(site: Site) -> APIRouter:
    """The page at /office/ itself."""
    routes = APIRouter()

    @routes.get("/")
    async def overview(request: Request, visitor: Viewer) -> Response:
        period, commune, today = chosen_period(request, site), site.profile, site.today()
        indicators = site.library().indicators.values()
        async with site.database.snapshot() as session:
            stands = await standings(session, commune, indicators, period, today)
            done = await outreach(session, site, period)
            rows = await _rows(session, site, period)
            months = await _months(session, site, period)
            waiting = await _waiting(session, site)
        return page(
            request, visitor, "overview.html", period=period, periods=offered_periods(site, period),
            standings=stands, lagging=_lagging(stands), outreach=done, rows=rows,
            covered=_covered(rows, site), indicators=site.library().indicators, months=months, waiting=waiting,
        )  # fmt: skip

    return routes


def _lagging(stands: list[Standing]) -> list[Standing]:
    """Those behind their plan, the one that lacks most first."""
    return sorted((one for one in stands if one.lags), key=lambda one: -(one.nearest.gap or 0) if one.nearest else 0)


async def _rows(session: AsyncSession, site: Site, period: Period) -> list[HamletRow]:
    measures = [one for one in site.library().indicators.values() if one.way is not Way.OFFICIAL]
    day = min(site.today(), period.last)
    found = await values_by_hamlet(session, site.commune, measures, period=period, as_of=day)
    places = {one.id: one for one in await hamlets.all_of(session, site.commune)}
    return [
        HamletRow(
            places[hamlet_id],
            {name: one[name].numerator or 0 for name in BESIDE_HAMLETS},
            {name: value for name, value in one.items() if name not in BESIDE_HAMLETS},
        )
        for hamlet_id, one in found.items()
    ]


def _covered(rows: list[HamletRow], site: Site) -> list[str]:
    """The coverage indicators that any hamlet has achieved something of in the period."""
    names = [one.id for one in site.library().indicators.values() if one.way is Way.COVERAGE]
    return [name for name in names if any(row.coverage[name].in_period for row in rows)]


async def _months(session: AsyncSession, site: Site, period: Period) -> list[tuple[Period, int, int]]:
    """The last months with people reached and attendances."""
    months = last_months(period, MONTHS_SHOWN)
    indicators = site.library().indicators
    measures = [indicators["people_reached"], indicators["attendances"]]
    found = await trend(session, site.commune, measures, months)
    return [
        (month, found["people_reached"][place].numerator or 0, found["attendances"][place].numerator or 0)
        for place, month in enumerate(months)
    ]


async def _waiting(session: AsyncSession, site: Site) -> Waiting:
    live = await requests.live(session, site.commune, None)
    today = site.today()
    return Waiting(
        requests=len(live),
        untaken=sum(one.state == requests.State.OPEN for one in live),
        questions=await questions.count_unanswered(session, site.commune),
        articles_due=sum(article.review_by <= today for article in site.library().articles.values()),
    )
