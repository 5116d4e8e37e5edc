"""Reports (/bao-cao): drafts whose texts are edited, issuing, and the files of each."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from content.periods import Period, PeriodKind, period_of, read_period
from db import reports
from db.reports import ChangedError, IssuedError
from office.actors import actors_of
from office.fields import Line, LongText
from office.guard import Editor, Viewer
from office.period_choice import offered_periods
from office.render import page, redirect
from office.reports import desk
from office.reports.compose import NotBegunError
from office.reports.desk import Opened
from office.site import Site

SUFFIXES = ("docx", "xlsx", "csv")
SHORT = frozenset({"superior", "issuer", "number", "dated", "subject", "authority", "signer"})
"""Texts of one line."""


def router(site: Site) -> APIRouter:
    """/bao-cao and one report."""
    routes = APIRouter(prefix="/bao-cao")

    @routes.get("")
    async def show_all(request: Request, visitor: Viewer) -> Response:
        calendar = site.profile.reporting_periods
        over = period_of(site.today(), PeriodKind.MONTH, calendar).previous
        async with site.database.snapshot() as session:
            stored = await reports.all_of(session, site.commune)
            actors = await actors_of(session, site)
        rows = [(one, read_period(one.period, calendar)) for one in stored]
        return page(
            request, visitor, "reports.html", rows=rows, actors=actors, periods=offered_periods(site, over),
            proposed=over, plan=site.profile.plan,
        )  # fmt: skip

    @routes.post("")
    async def draft(visitor: Editor, period: Line = "") -> Response:
        wanted = _period(site, period)
        try:
            await desk.draft(
                site.database, site.profile, site.library(), wanted, actor=visitor.actor, now=site.now()
            )  # fmt: skip
        except IssuedError:
            return redirect(f"/bao-cao/{wanted.code}", "reports.issued_already", is_bad=True)
        except NotBegunError:
            return redirect("/bao-cao", "reports.not_begun", is_bad=True, period=wanted.name)
        return redirect(f"/bao-cao/{wanted.code}", "reports.drafted")

    @routes.get("/{period}")
    async def show(request: Request, visitor: Viewer, period: str) -> Response:
        opened = await _opened(site, period)
        return page(
            request, visitor, "report.html", opened=opened, report=opened.report, period=_period(site, period),
            suffixes=SUFFIXES, short=SHORT,
        )  # fmt: skip

    @routes.post("/{period}/sua")
    async def edit(visitor: Editor, period: str, name: Line = "", text: LongText = "", undo: Line = "") -> Response:
        wanted = _period(site, period)
        try:
            await desk.edit_text(
                site.database, site.commune, wanted.code, name, None if undo else text, actor=visitor.actor,
                now=site.now(),
            )  # fmt: skip
        except IssuedError:
            return redirect(f"/bao-cao/{wanted.code}", "reports.issued_already", is_bad=True)
        except LookupError:
            raise HTTPException(404) from None
        return redirect(f"/bao-cao/{wanted.code}", "reports.text_undone" if undo else "reports.text_saved")

    @routes.post("/{period}/ban-hanh")
    async def issue(visitor: Editor, period: str, version: Line = "") -> Response:
        wanted = _period(site, period)
        seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1
        try:
            await desk.issue(
                site.database, site.commune, wanted.code, actor=visitor.actor, now=site.now(), version=seen
            )  # fmt: skip
        except (ChangedError, IssuedError) as error:
            say = "changed" if isinstance(error, ChangedError) else "issued_already"
            return redirect(f"/bao-cao/{wanted.code}", f"reports.{say}", is_bad=True)
        except LookupError:
            raise HTTPException(404) from None
        return redirect(f"/bao-cao/{wanted.code}", "reports.issued")

    @routes.get("/{period}/tep.{suffix}")
    async def file(visitor: Viewer, period: str, suffix: str) -> Response:
        try:
            found = await desk.files(site.database, site.commune, _period(site, period).code)
        except LookupError:
            raise HTTPException(404) from None
        one = next((one for one in found if one.name.endswith(f".{suffix}")), None)
        if one is None:
            raise HTTPException(404)
        headers = {"Content-Disposition": f'attachment; filename="{one.name}"'}
        return Response(one.content, media_type=one.media_type, headers=headers)

    return routes


async def _opened(site: Site, period: str) -> Opened:
    opened = await desk.read(site.database, site.commune, _period(site, period).code)
    if opened is None:
        raise HTTPException(404)
    return opened


def _period(site: Site, code: str) -> Period:
    try:
        return read_period(code, site.profile.reporting_periods)
    except ValueError:
        raise HTTPException(404) from None
