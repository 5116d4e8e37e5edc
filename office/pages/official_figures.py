"""Official figures (/so-chinh-thuc): the list, entering one, correcting and withdrawing it with history, from Excel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response, UploadFile
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException

from content.indicators import Way
from db.indicators import official
from db.indicators.models import OfficialFigure
from db.indicators.official import Entry, FigureError
from db.outreach import hamlets
from office import official_sheet
from office.actors import actors_of
from office.fields import Id, Line
from office.guard import Editor, Viewer, Visitor
from office.official_template import make_template
from office.paging import paging_of
from office.render import Notice, page, redirect
from office.site import Site
from office.workbook import SheetError

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAVE_ALL, SAVE_RIGHT = "all", "right"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: as somebody typed it, or as a link or the figure to correct filled it in."""

    indicator: str = ""
    place: str = ""
    as_of: str = ""
    count: str = ""
    total: str = ""
    percent: str = ""
    source: str = ""

    def entry(self) -> Entry:
        """As a figure.

        Raises:
            FigureError: a field can't be read.
        """
        share = self.percent.removesuffix("%").strip().replace(",", ".")
        try:
            percent = Decimal(share) if share else None
        except InvalidOperation:
            raise FigureError("bad_percent", "percent", value=self.percent) from None
        try:
            as_of = date.fromisoformat(self.as_of)
        except ValueError:
            if not self.as_of:
                raise FigureError("no_day", "as_of") from None
            raise FigureError("bad_day", "as_of", value=self.as_of) from None
        place = self.place if self.place.isascii() and self.place.isdigit() and len(self.place) < 16 else ""
        return Entry(
            self.indicator, as_of, self.source, int(place) if place else None, _count(self.count, "count"),
            _count(self.total, "total"), percent,
        )  # fmt: skip


def router(site: Site) -> APIRouter:
    """/so-chinh-thuc and what is done there."""
    routes = APIRouter(prefix="/so-chinh-thuc")

    @routes.get("")
    async def show_all(request: Request, visitor: Viewer) -> Response:
        asked = request.query_params
        return await _show_all(site, request, visitor, Typed(asked.get("chi_tieu", ""), asked.get("dia_ban", "")))

    @routes.post("")
    async def enter(
        request: Request, visitor: Editor, indicator: Line = "", place: Line = "", as_of: Line = "", count: Line = "",
        total: Line = "", percent: Line = "", source: Annotated[str, Form(max_length=1000)] = "",
    ) -> Response:  # fmt: skip
        typed = Typed(indicator, place, as_of, count, total, percent, source)
        try:
            async with site.database.transaction() as session:
                done = await official.enter(
                    session, site.commune, typed.entry(), known=site.library().indicators, actor=visitor.actor,
                    now=site.now(), today=site.today(),
                )  # fmt: skip
                number = done.figure.id
        except FigureError as error:
            return await _show_all(site, request, visitor, typed, _refused(site, error))
        say = "entered" if done.is_new else "corrected" if done.is_changed else "same"
        return redirect(f"/so-chinh-thuc/{number}", f"official.{say}")

    @routes.get("/mau.xlsx")
    async def template(visitor: Viewer) -> Response:
        async with site.database.snapshot() as session:
            names = [one.name for one in await hamlets.all_of(session, site.commune)]
        library = site.library()
        content = make_template(site.profile, names, library.indicators, library.texts.official)
        disposition = 'attachment; filename="so-chinh-thuc.xlsx"'
        return Response(content, media_type=SHEET, headers={"Content-Disposition": disposition})

    @routes.post("/tep")
    async def read_sheet(request: Request, visitor: Editor, file: UploadFile, save: Line = "") -> Response:
        content, library = await file.read(), site.library()
        try:
            async with site.database.transaction() as session:
                sheet = official_sheet.read(
                    content, commune=site.profile, hamlets=await hamlets.all_of(session, site.commune),
                    indicators=library.indicators, texts=library.texts.official, today=site.today(),
                )  # fmt: skip
                planned = await official_sheet.plan(session, site.commune, sheet.rows)
                saved = None
                if save == SAVE_RIGHT or (save == SAVE_ALL and not sheet.problems):
                    saved = await official_sheet.save(
                        session, site.commune, sheet.rows, indicators=library.indicators, actor=visitor.actor,
                        now=site.now(), today=site.today(),
                    )  # fmt: skip
        except SheetError as error:
            reason = library.texts.visit_sheet.files[error.reason].format(**error.values)
            return await _show_all(site, request, visitor, Typed(), Notice(reason, is_bad=True))
        return page(
            request, visitor, "official_sheet.html", name=file.filename or "", sheet=sheet, planned=planned,
            saved=saved, asked=save, indicators=library.indicators, fates=library.texts.official.fates,
        )  # fmt: skip

    @routes.get("/{figure_id}")
    async def show(request: Request, visitor: Viewer, figure_id: Id) -> Response:
        return await _show(site, request, visitor, figure_id)

    @routes.post("/{figure_id}/rut")
    async def withdraw(request: Request, visitor: Editor, figure_id: Id, reason: Line = "") -> Response:
        try:
            async with site.database.transaction() as session:
                figure = await _figure(session, site, figure_id)
                await official.withdraw(session, figure, reason=reason, actor=visitor.actor, now=site.now())
        except FigureError as error:
            return await _show(site, request, visitor, figure_id, _refused(site, error))
        return redirect(f"/so-chinh-thuc/{figure_id}", "official.withdrawn")

    return routes


async def _show_all(
    site: Site, request: Request, visitor: Visitor, typed: Typed, notice: Notice | None = None
) -> Response:
    indicators = site.library().indicators
    async with site.database.snapshot() as session:
        found = await official.all_of(session, site.commune)
        places = await hamlets.all_of(session, site.commune)
    paging = paging_of(request, len(found))
    return page(
        request, visitor, "official_figures.html", status=422 if notice else 200, notice=notice, typed=typed,
        official=found[paging.offset : paging.last], paging=paging, used=frozenset(), places=places,
        indicators=indicators, offered=[one for one in indicators.values() if one.way is not Way.OUTREACH],
    )  # fmt: skip


async def _show(
    site: Site, request: Request, visitor: Visitor, figure_id: int, notice: Notice | None = None
) -> Response:
    async with site.database.snapshot() as session:
        figure = await _figure(session, site, figure_id)
        changes = await official.history(session, figure)
        places = await hamlets.all_of(session, site.commune)
        actors = await actors_of(session, site)
    indicators = site.library().indicators
    share = "" if figure.hundredths is None else f"{figure.percent:f}".replace(".", ",")
    typed = Typed(
        figure.indicator, str(figure.hamlet_id or ""), figure.as_of.isoformat(),
        "" if figure.count is None else str(figure.count), "" if figure.total is None else str(figure.total), share,
        figure.source,
    )  # fmt: skip
    return page(
        request, visitor, "official_figure.html", status=422 if notice else 200, notice=notice, figure=figure,
        changes=changes, actors=actors, typed=typed, places=places, indicators=indicators,
        offered=[one for one in indicators.values() if one.id == figure.indicator],
    )  # fmt: skip


async def _figure(session: AsyncSession, site: Site, figure_id: int) -> OfficialFigure:
    figure = await official.by_id(session, site.commune, figure_id)
    if figure is None:
        raise HTTPException(404)
    return figure


def _refused(site: Site, error: FigureError) -> Notice:
    return Notice(site.library().texts.official.error(error.reason, **error.values), is_bad=True)


def _count(written: str, field: str) -> int | None:
    """A number as people write it: 1.234 or 1 234."""
    plain = written.replace(".", "").replace(" ", "")
    if not plain:
        return None
    if not (plain.removeprefix("-").isascii() and plain.removeprefix("-").isdigit() and len(plain) <= 12):
        raise FigureError("bad_count", field, value=written)
    return int(plain)
