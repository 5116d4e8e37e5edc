"""Alerts and notices (/tin-canh-bao): the list, writing one, approval by a second person, how far the sending is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException

from content import numbers
from content.commune import Commune
from content.numbers import TIME_ZONE
from db.broadcasts import audience, broadcasts
from db.broadcasts.broadcasts import LIVE, LONGEST_TEXT, MENDED, BroadcastError
from db.broadcasts.letter import CITIZEN, Letter
from db.broadcasts.models import INTEREST_OF, Broadcast, BroadcastSort, BroadcastState
from db.outreach import audit, hamlets
from office.actors import actors_of
from office.broadcast_figures import Progress, progress_of, subscribed
from office.broadcast_form import FormError, Typed, beginning, typed_form
from office.fields import Id, Line
from office.guard import Editor, Viewer, Visitor
from office.messages import message
from office.paging import paging_of
from office.render import Notice, page, redirect, refusal, wants_fragment
from office.site import ChannelMessage, Site

PATH = "/tin-canh-bao"
ROWS = 20
BEGINNING = 90
"""Characters of a text in the list."""
GROUPS = {
    "waiting": (BroadcastState.SUBMITTED,),
    "open": MENDED,
    "going": LIVE,
    "over": (BroadcastState.DONE, BroadcastState.STOPPED),
}
"""What the list is narrowed to."""
UNSENT = (*MENDED, BroadcastState.SUBMITTED, BroadcastState.APPROVED)
"""Whom such a one reaches is chosen when it begins."""
Form_ = Annotated[Typed, Depends(typed_form)]


@dataclass(frozen=True, slots=True)
class Row:
    """A broadcast in the list; `at` is when the last thing happened to it."""

    broadcast: Broadcast
    beginning: str
    at: datetime
    progress: Progress


@dataclass(frozen=True, slots=True)
class Look:
    """What a broadcast looks like and whom it reaches now: None once its recipients are chosen.

    `asked`: how many want to hear of such things.
    """

    shown: tuple[ChannelMessage, ...]
    length: int
    reach: audience.Reach | None
    asked: int
    most: int = LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class Offered:
    """What a form offers: articles, groups of people and hamlets, each as (value, name); and the hours of sending."""

    articles: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    places: tuple[tuple[int, str], ...]
    nights: str
    """From when to when nothing is sent, in words; empty when there is no such time."""
    morning: str
    is_quiet: bool


def router(site: Site) -> APIRouter:
    """/tin-canh-bao, its form, one broadcast."""
    routes = APIRouter(prefix=PATH)

    @routes.get("")
    async def show_all(request: Request, visitor: Viewer) -> Response:
        asked = request.query_params.get("tinh_trang", "")
        states = GROUPS.get(asked, ())
        async with site.database.snapshot() as session:
            paging = paging_of(request, await broadcasts.count(session, site.commune, states), ROWS)
            found = await broadcasts.part(session, site.commune, paging.offset, paging.size, states)
            rows = [Row(one, _beginning(one.text), _last(one), await progress_of(session, one)) for one in found]
            counted = await subscribed(session, site.commune)
            actors = await actors_of(session, site)
        return page(
            request, visitor, "broadcasts.html", block="results", rows=rows, paging=paging, chosen=asked,
            subscribed=counted, actors=actors,
        )  # fmt: skip

    @routes.get("/moi")
    async def begin(request: Request, visitor: Editor) -> Response:
        async with site.database.snapshot() as session:
            typed = await beginning(request, session, site)
        return await _form(site, request, visitor, typed)

    @routes.post("/moi")
    async def create(
        request: Request, visitor: Editor, typed: Form_, send: Annotated[bool, Form()] = False
    ) -> Response:
        try:
            letter = typed.letter(site)
            async with site.database.transaction() as session:
                made = await broadcasts.create(session, site.commune, letter, actor=visitor.actor, now=site.now())
                if send:
                    broadcasts.submit(session, made, actor=visitor.actor, now=site.now())
        except (FormError, BroadcastError) as error:
            return await _form(site, request, visitor, typed, notice=_refusal(error.reason))
        return redirect(f"{PATH}/{made.id}", "broadcasts.submitted" if send else "broadcasts.kept")

    @routes.post("/xem-truoc")
    async def look(request: Request, visitor: Editor, typed: Form_) -> Response:
        """The form as it is now, as people will see it, and whom it reaches; nothing is kept."""
        async with site.database.snapshot() as session:
            found = await _look(site, session, typed)
        return page(request, visitor, "broadcast_preview.html", look=found)

    @routes.get("/{broadcast_id}")
    async def show(request: Request, visitor: Viewer, broadcast_id: Id) -> Response:
        async with site.database.snapshot() as session:
            broadcast = await _find(session, site, broadcast_id)
            progress = await progress_of(session, broadcast)
            entries = await audit.history(session, site.commune, "broadcast", broadcast.id)
            actors = await actors_of(session, site)
            typed = Typed.of(broadcast)
            found = await _look(site, session, typed, counts=broadcast.state in UNSENT)
            offered = await _offered(site, session)
        response = page(
            request, visitor, "broadcast.html", block="progress", broadcast=broadcast, progress=progress,
            entries=entries, actors=actors, typed=typed, is_own=broadcast.created_by == visitor.actor,
            is_open=broadcast.state in MENDED, is_live=broadcast.state in LIVE, seen=version(broadcast),
            renews=_renews(broadcast, site.now()) and not is_quiet(site), look=found, offered=offered,
        )  # fmt: skip
        if broadcast.state not in LIVE and wants_fragment(request):
            response.headers["HX-Refresh"] = "true"  # the polling page is about something that has ended
        return response

    @routes.post("/{broadcast_id}")
    async def keep(
        request: Request, visitor: Editor, broadcast_id: Id, typed: Form_, send: Annotated[bool, Form()] = False
    ) -> Response:
        to = f"{PATH}/{broadcast_id}"
        try:
            letter = typed.letter(site)
            async with site.database.transaction() as session:
                broadcast = await _find(session, site, broadcast_id, lock=True)
                await broadcasts.edit(session, broadcast, letter, actor=visitor.actor, now=site.now())
                if send:
                    broadcasts.submit(session, broadcast, actor=visitor.actor, now=site.now())
        except (FormError, BroadcastError) as error:
            if error.reason == "wrong_state":
                return redirect(to, "broadcasts.wrong_state", is_bad=True)
            return await _form(site, request, visitor, typed, notice=_refusal(error.reason), action=to)
        return redirect(to, "broadcasts.submitted" if send else "broadcasts.kept")

    @routes.post("/{broadcast_id}/duyet")
    async def approve(visitor: Editor, broadcast_id: Id, seen: Line = "") -> Response:
        to = f"{PATH}/{broadcast_id}"
        try:
            async with site.database.transaction() as session:
                broadcast = await _find(session, site, broadcast_id, lock=True)
                if broadcast.state == BroadcastState.SUBMITTED and seen != version(broadcast):
                    raise BroadcastError("changed_meanwhile")
                broadcasts.approve(session, broadcast, actor=visitor.actor, now=site.now())
                at = broadcast.scheduled_for
        except BroadcastError as error:
            return redirect(to, f"broadcasts.{error.reason}", is_bad=True)
        if at is not None and at > site.now():
            return redirect(to, "broadcasts.approved_later", when=numbers.moment(at))
        return redirect(to, "broadcasts.approved_by_night" if is_quiet(site) else "broadcasts.approved")

    @routes.post("/{broadcast_id}/tra-lai")
    async def reject(visitor: Editor, broadcast_id: Id, reason: Line = "") -> Response:
        if not reason:
            return redirect(f"{PATH}/{broadcast_id}", "broadcasts.no_reason", is_bad=True)
        return await _back(site, visitor, broadcast_id, reason, "rejected")

    @routes.post("/{broadcast_id}/lay-ve")
    async def take_back(visitor: Editor, broadcast_id: Id) -> Response:
        async with site.database.snapshot() as session:
            is_own = (await _find(session, site, broadcast_id)).created_by == visitor.actor
        if not is_own:
            return redirect(f"{PATH}/{broadcast_id}", "broadcasts.not_yours", is_bad=True)
        return await _back(site, visitor, broadcast_id, message("broadcasts.taken_back"), "taken")

    @routes.post("/{broadcast_id}/dung")
    async def stop(visitor: Editor, broadcast_id: Id, reason: Line = "") -> Response:
        to = f"{PATH}/{broadcast_id}"
        try:
            async with site.database.transaction() as session:
                broadcast = await _find(session, site, broadcast_id, lock=True)
                count = await broadcasts.stop(
                    session, broadcast, actor=visitor.actor, now=site.now(), reason=reason
                )  # fmt: skip
        except BroadcastError as error:
            return redirect(to, f"broadcasts.{error.reason}", is_bad=True)
        return redirect(to, "broadcasts.stopped", count=numbers.number(count))

    return routes


def version(broadcast: Broadcast) -> str:
    """Which text somebody looked at who approves it: it can't be changed while it waits, but given back and mended."""
    return broadcast.submitted_at.isoformat() if broadcast.submitted_at else ""


async def _back(site: Site, visitor: Visitor, broadcast_id: int, reason: str, said: str) -> Response:
    to = f"{PATH}/{broadcast_id}"
    try:
        async with site.database.transaction() as session:
            broadcast = await _find(session, site, broadcast_id, lock=True)
            broadcasts.reject(session, broadcast, reason, actor=visitor.actor, now=site.now())
    except BroadcastError as error:
        return redirect(to, f"broadcasts.{error.reason}", is_bad=True)
    return redirect(to, f"broadcasts.{said}")


async def _form(
    site: Site, request: Request, visitor: Visitor, typed: Typed, *, notice: Notice | None = None,
    action: str = f"{PATH}/moi",
) -> Response:  # fmt: skip
    async with site.database.snapshot() as session:
        look, offered = await _look(site, session, typed), await _offered(site, session)
    return page(
        request, visitor, "broadcast_new.html", status=422 if notice else 200, notice=notice, typed=typed,
        action=f"/office{action}", look=look, offered=offered,
    )  # fmt: skip


async def _look(site: Site, session: AsyncSession, typed: Typed, *, counts: bool = True) -> Look:
    """What the form's text looks like and, where it `counts`, whom it reaches; nothing of what can't be read."""
    sort = BroadcastSort(typed.sort) if typed.sort in set(BroadcastSort) else BroadcastSort.OTHER
    topic = typed.topic if typed.topic in site.library().articles else None
    letter = Letter(sort, typed.text, topic, typed.hamlet_ids, typed.roles)
    return Look(
        site.preview_broadcast(sort, typed.text, topic) if typed.text.strip() else (), len(typed.text),
        await audience.reach(session, site.commune, letter, site.now()) if counts else None,
        (await audience.subscribers(session, site.commune))[INTEREST_OF[sort]],
    )  # fmt: skip


async def _offered(site: Site, session: AsyncSession) -> Offered:
    profile = site.profile
    articles = sorted(site.library().articles.values(), key=lambda one: (one.area != "scam", one.title))
    roles = site.library().texts.people.roles
    return Offered(
        tuple((one.id, one.title) for one in articles),
        ((CITIZEN, message("broadcasts.citizens")), *((key, name.capitalize()) for key, name in roles.items())),
        tuple((one.id, one.name) for one in await hamlets.all_of(session, site.commune)),
        _nights(profile), _hour(profile.quiet_until), is_quiet(site),
    )  # fmt: skip


def is_quiet(site: Site) -> bool:
    """Whether nothing is sent at this hour."""
    return site.profile.is_quiet(site.now().astimezone(TIME_ZONE).time())


def _nights(profile: Commune) -> str:
    if profile.quiet_from == profile.quiet_until:
        return ""
    return message("broadcasts.nights", first=_hour(profile.quiet_from), last=_hour(profile.quiet_until))


def _hour(at: time) -> str:
    """An hour of the day in words: "21 giờ", "6 giờ 30"."""
    return message("broadcasts.hour", hour=at.hour) + (f" {at.minute:02}" if at.minute else "")


def _renews(broadcast: Broadcast, now: datetime) -> bool:
    """Whether something may happen to it at any moment: the page asks for itself again and again."""
    at = broadcast.scheduled_for
    return broadcast.state == BroadcastState.SENDING or (
        broadcast.state == BroadcastState.APPROVED and (at is None or at <= now)
    )


def _refusal(reason: str) -> Notice:
    return refusal(f"broadcasts.{reason}", most=numbers.number(LONGEST_TEXT))


def _beginning(text: str) -> str:
    """The first words of a text, without the marks of bold."""
    words = " ".join(text.replace("**", "").split())
    return words if len(words) <= BEGINNING else words[:BEGINNING].rsplit(" ", 1)[0] + "…"


def _last(broadcast: Broadcast) -> datetime:
    """When the last thing happened to it."""
    steps = (
        broadcast.created_at,
        broadcast.submitted_at,
        broadcast.approved_at,
        broadcast.started_at,
        broadcast.ended_at,
    )
    return max(one for one in steps if one is not None)


async def _find(session: AsyncSession, site: Site, broadcast_id: int, *, lock: bool = False) -> Broadcast:
    found = await broadcasts.find(session, site.commune, broadcast_id, lock=lock)
    if found is None:
        raise HTTPException(404)
    return found
