"""Support sessions (/dot-ho-tro): the list with its filters, one session with its history, the trash, taking away."""

from __future__ import annotations

import csv
import io

from fastapi import APIRouter, Request, Response
from openpyxl import Workbook
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException

from content.numbers import day
from db.outreach import audit, hamlets, members, session_search, sessions
from db.outreach.models import Group, SupportSession
from db.outreach.session_changes import changes
from office.actors import actors_of
from office.fields import Id, Line
from office.guard import Editor, Viewer
from office.messages import message
from office.paging import paging_of
from office.render import page, redirect
from office.session_filter import session_filter
from office.site import Site

MOST_EXPORTED = 50_000
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
COLUMNS = ("id", "day", "kind", "hamlet", "household", "member")
GROUPS = tuple(group.value for group in Group)


def router(site: Site) -> APIRouter:
    """/dot-ho-tro, its files, and one session."""
    routes = APIRouter(prefix="/dot-ho-tro")

    @routes.get("")
    async def show_all(request: Request, visitor: Viewer) -> Response:
        async with site.database.snapshot() as session:
            chosen = await session_filter(request, session, site)
            total = await session_search.total(session, chosen.wanted)
            paging = paging_of(request, total.sessions)
            rows = await session_search.part(session, chosen.wanted, paging.offset, paging.size)
            places = await hamlets.all_of(session, site.commune)
            people = await members.all_of(session, site.commune)
        return page(
            request, visitor, "sessions.html", block="results", chosen=chosen, wanted=chosen.wanted, total=total,
            paging=paging, rows=rows, places=places, people=people, words=site.library().texts.log,
        )  # fmt: skip

    @routes.get("/tai-ve.csv")
    async def take_csv(request: Request, visitor: Viewer) -> Response:
        text = io.StringIO()
        csv.writer(text).writerows([[_safe(value) for value in row] for row in await _table(site, request)])
        return _file(text.getvalue().encode("utf-8-sig"), CSV, "dot-ho-tro.csv")

    @routes.get("/tai-ve.xlsx")
    async def take_workbook(request: Request, visitor: Viewer) -> Response:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Đợt hỗ trợ")
        sheet.freeze_panes = "A2"
        for row in await _table(site, request):
            sheet.append([_safe(value) for value in row])
        file = io.BytesIO()
        book.save(file)
        return _file(file.getvalue(), SHEET, "dot-ho-tro.xlsx")

    @routes.get("/{session_id}")
    async def show(request: Request, visitor: Viewer, session_id: Id) -> Response:
        async with site.database.snapshot() as session:
            stored = await _session(session, site, session_id)
            entries = await audit.history(session, site.commune, "session", stored.id)
            changed = [await changes(session, entry) for entry in entries]
            actors = await actors_of(session, site)
        words = site.library().texts.log
        return page(
            request, visitor, "session.html", stored=stored, entries=list(zip(entries, changed, strict=True)),
            actors=actors, words=words, fields=words.history_fields | words.groups | words.outcomes, groups=GROUPS,
        )  # fmt: skip

    @routes.post("/{session_id}/bo")
    async def void(visitor: Editor, session_id: Id, reason: Line = "") -> Response:
        if not reason:
            return redirect(f"/dot-ho-tro/{session_id}", "sessions.no_reason", is_bad=True)
        now = site.now()
        async with site.database.transaction() as session:
            stored = await _session(session, site, session_id)
            changed = await sessions.void(
                session, stored, reason=reason, actor=visitor.actor, written_at=now, now=now
            )  # fmt: skip
        return redirect(f"/dot-ho-tro/{session_id}", "sessions.voided" if changed else "sessions.already_voided")

    @routes.post("/{session_id}/lay-lai")
    async def restore(visitor: Editor, session_id: Id) -> Response:
        now = site.now()
        async with site.database.transaction() as session:
            stored = await _session(session, site, session_id)
            await sessions.restore(session, stored, actor=visitor.actor, written_at=now, now=now)
        return redirect(f"/dot-ho-tro/{session_id}", "sessions.restored")

    return routes


async def _session(session: AsyncSession, site: Site, session_id: int) -> SupportSession:
    stored = await sessions.by_id(session, site.commune, session_id)
    if stored is None:
        raise HTTPException(404)
    return stored


async def _table(site: Site, request: Request) -> list[list[str | int]]:
    """What the filter finds, as a table with its header."""
    words = site.library().texts.log
    async with site.database.snapshot() as session:
        chosen = await session_filter(request, session, site)
        found = await session_search.every(session, chosen.wanted, MOST_EXPORTED)
    header: list[str | int] = [
        *(message(f"sessions.column_{name}") for name in COLUMNS), words.groups["people"],
        *(words.groups[group] for group in GROUPS), *words.outcomes.values(), message("sessions.column_note"),
    ]  # fmt: skip
    return [header, *(_row(one, words.outcomes, words.kinds) for one in found)]


def _row(one: SupportSession, outcomes: dict[str, str], kinds: dict[str, str]) -> list[str | int]:
    achieved = {outcome.code: outcome.count for outcome in one.outcomes}
    return [
        one.id, day(one.occurred_on), kinds[one.kind], one.hamlet.name, one.household.name if one.household else "",
        one.member.name if one.member else "", one.people, *(getattr(one, group) for group in GROUPS),
        *(achieved.get(code, 0) for code in outcomes), one.note,
    ]  # fmt: skip


def _safe(value: str | int) -> str | int:
    """No text that a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
