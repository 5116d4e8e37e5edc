"""Posters (/ap-phich): which of them bring people, making one, printing it in each size, taking it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException

from content.numbers import TIME_ZONE
from content.periods import Period, PeriodKind, period_of
from db.outreach import audit, hamlets
from db.outreach.models import Hamlet
from db.reach import posters
from db.reach.models import Poster
from db.reach.posters import LONGEST_PLACE, Scans
from office.actors import actors_of
from office.fields import Id, Line
from office.guard import Editor, Viewer, Visitor
from office.poster_facts import facts_of, opens_only_here
from office.posters import Size, make_poster
from office.render import Notice, page, redirect, refusal
from office.site import Site

PDF = "application/pdf"
WHOLE_COMMUNE = "0"


@dataclass(frozen=True, slots=True)
class PosterLine:
    """A poster in the list: its hamlet of today, its article's title, whom it brought."""

    poster: Poster
    hamlet: Hamlet | None
    topic: str
    scans: Scans


def router(site: Site) -> APIRouter:
    """/ap-phich and one poster."""
    routes = APIRouter(prefix="/ap-phich")

    @routes.get("")
    async def show_all(request: Request, visitor: Viewer) -> Response:
        return await _show_all(site, request, visitor, {})

    @routes.post("")
    async def make(
        request: Request, visitor: Editor, hamlet: Line = "", topic: Line = "", place: Line = ""
    ) -> Response:
        typed = {"hamlet": hamlet, "topic": topic, "place": place}
        async with site.database.transaction() as session:
            home = await _chosen(session, site, hamlet)
            problem = ""
            if home is None and hamlet != WHOLE_COMMUNE:
                problem = "no_hamlet"
            elif topic and topic not in site.library().articles:
                problem = "no_topic"
            elif not place or len(place) > LONGEST_PLACE:
                problem = "long_place" if place else "no_place"
            if not problem:
                made = await posters.find_or_make(
                    session, site.commune, hamlet_id=home.id if home else None, topic=topic or None, place=place,
                    actor=visitor.actor, now=site.now(),
                )  # fmt: skip
                say = "posters.made" if made.is_new else "posters.same"
                return redirect(f"/ap-phich/{made.poster.id}", say)
        return await _show_all(site, request, visitor, typed, refusal(f"posters.{problem}"))

    @routes.get("/{poster_id}")
    async def show(request: Request, visitor: Viewer, poster_id: Id) -> Response:
        month = _month(site)
        async with site.database.transaction() as session:  # the first code of a commune makes its key
            poster = await _poster(session, site, poster_id)
            facts = await facts_of(
                session, poster, commune=site.profile, library=site.library(), link_addresses=site.link_addresses,
                site=site.address,
            )  # fmt: skip
            scans = (await posters.scans(session, site.commune, _beginning(month))).get(poster.id, Scans())
            entries = await audit.history(session, site.commune, "poster", poster.id)
            actors = await actors_of(session, site)
        return page(
            request, visitor, "poster.html", poster=poster, facts=facts, scans=scans, month=month, sizes=list(Size),
            only_here=_opens_only_here(site), entries=entries, actors=actors,
        )  # fmt: skip

    @routes.get("/{poster_id}/{size}.pdf")
    async def print_it(visitor: Viewer, poster_id: Id, size: str) -> Response:
        if size not in set(Size):
            raise HTTPException(404)
        async with site.database.transaction() as session:
            poster = await _poster(session, site, poster_id)
            facts = await facts_of(
                session, poster, commune=site.profile, library=site.library(), link_addresses=site.link_addresses,
                site=site.address,
            )  # fmt: skip
        texts = site.library().texts.posters
        content = make_poster(facts, Size(size), commune=site.profile, texts=texts, printed_on=site.today())
        headers = {"Content-Disposition": f'inline; filename="ap-phich-{poster_id}-{size}.pdf"'}
        return Response(content, media_type=PDF, headers=headers)

    @routes.post("/{poster_id}/go")
    async def retire(visitor: Editor, poster_id: Id) -> Response:
        async with site.database.transaction() as session:
            poster = await _poster(session, site, poster_id)
            await posters.retire(session, poster, visitor.actor, site.now())
        return redirect(f"/ap-phich/{poster_id}", "posters.retired")

    @routes.post("/{poster_id}/treo-lai")
    async def restore(visitor: Editor, poster_id: Id) -> Response:
        async with site.database.transaction() as session:
            poster = await _poster(session, site, poster_id)
            await posters.restore(session, poster, visitor.actor, site.now())
        return redirect(f"/ap-phich/{poster_id}", "posters.restored")

    return routes


async def _show_all(
    site: Site, request: Request, visitor: Visitor, typed: dict[str, str], notice: Notice | None = None
) -> Response:
    month = _month(site)
    async with site.database.snapshot() as session:
        scans = await posters.scans(session, site.commune, _beginning(month))
        every = await posters.all_of(session, site.commune)
        known = {one.id: one for one in await hamlets.every(session, site.commune)}
        present = await hamlets.present_ids(session, site.commune)
        places = await hamlets.all_of(session, site.commune)
    articles = site.library().articles
    lines = [
        PosterLine(
            one, known[present[one.hamlet_id]] if one.hamlet_id else None,
            articles[one.topic].title if one.topic and one.topic in articles else "", scans.get(one.id, Scans()),
        )
        for one in every
    ]  # fmt: skip
    lines.sort(key=lambda line: -line.scans.people)  # of equals the newest stays first
    return page(
        request, visitor, "posters.html", status=422 if notice else 200, notice=notice, month=month,
        hanging=[line for line in lines if line.poster.retired_at is None],
        retired=[line for line in lines if line.poster.retired_at is not None], places=places,
        topics=sorted((one.title, one.id) for one in articles.values()), only_here=_opens_only_here(site),
        typed={"hamlet": WHOLE_COMMUNE, "topic": "", "place": ""} | typed, whole=WHOLE_COMMUNE,
    )  # fmt: skip


async def _poster(session: AsyncSession, site: Site, poster_id: int) -> Poster:
    poster = await posters.by_id(session, site.commune, poster_id)
    if poster is None:
        raise HTTPException(404)
    return poster


async def _chosen(session: AsyncSession, site: Site, hamlet: str) -> Hamlet | None:
    is_number = hamlet.isascii() and hamlet.isdigit() and len(hamlet) < 16
    return await hamlets.by_id(session, site.commune, int(hamlet)) if is_number else None


def _month(site: Site) -> Period:
    """The reporting month that today lies in: the one that the other pages count."""
    return period_of(site.today(), PeriodKind.MONTH, site.profile.reporting_periods)


def _beginning(month: Period) -> datetime:
    return datetime.combine(month.first, time(), TIME_ZONE)


def _opens_only_here(site: Site) -> bool:
    return opens_only_here(site.link_addresses("x"), site.address)
