"""Members (/thanh-vien): who serves where and who has gone quiet, inviting, changing, removing, the sheet of days."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException

from content.numbers import TIME_ZONE, day
from content.periods import Period
from db import links
from db.links import Sort
from db.office.models import OfficeRole
from db.outreach import activity, audit, hamlets, members, session_search
from db.outreach.activity import Activity
from db.outreach.models import Hamlet, Member, Role
from office.actors import actors_of
from office.fields import Id, Line
from office.guard import Editor, Viewer, Visitor
from office.messages import message
from office.period_choice import chosen_period, offered_periods
from office.render import page, redirect
from office.site import Site

QUIET_AFTER = timedelta(days=14)
OF_TEAM = (Role.MEMBER, Role.AMBASSADOR)
"""Roles that editors may give; those of the office are the admins' to give."""
SHOWN = 20
MOST_TARGET = 999
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in the list. `is_quiet`: a member of the team who has logged nothing for two weeks."""

    member: Member
    activity: Activity
    last_day: date | None
    is_quiet: bool


def router(site: Site) -> APIRouter:
    """/thanh-vien, one member, the sheet of days."""
    routes = APIRouter(prefix="/thanh-vien")

    @routes.get("")
    async def show_all(request: Request, visitor: Viewer) -> Response:
        period = chosen_period(request, site)
        async with site.database.snapshot() as session:
            rows = await _rows(session, site, period)
            places = await hamlets.all_of(session, site.commune)
            invitations = await members.open_invitations(session, site.commune, site.now())
        return page(
            request, visitor, "members.html", block="results", rows=rows, places=places, invitations=invitations,
            names={one.id: one.name for one in places}, roles=_names(site), may_give=_may_give(visitor),
            period=period, periods=offered_periods(site, period),
        )  # fmt: skip

    @routes.get("/ngay-hoat-dong.csv")
    async def days_csv(request: Request, visitor: Viewer) -> Response:
        period = chosen_period(request, site)
        async with site.database.snapshot() as session:
            rows = await _rows(session, site, period)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([message(f"members.column_{name}") for name in ("name", "role", "days", "sessions", "dates")])
        for row in rows:
            dates = ", ".join(day(one) for one in row.activity.days)
            writer.writerow(
                [row.member.name, _names(site)[row.member.role], len(row.activity.days), row.activity.sessions, dates]
            )
        headers = {"Content-Disposition": f'attachment; filename="ngay-hoat-dong-{period.code}.csv"'}
        return Response(text.getvalue().encode("utf-8-sig"), media_type=CSV, headers=headers)

    @routes.get("/ngay-hoat-dong")
    async def days(request: Request, visitor: Viewer) -> Response:
        period = chosen_period(request, site)
        async with site.database.snapshot() as session:
            rows = await _rows(session, site, period)
        return page(
            request, visitor, "member_days.html", block="results", rows=rows, roles=_names(site), period=period,
            periods=offered_periods(site, period),
        )  # fmt: skip

    @routes.post("/moi")
    async def invite(
        request: Request, visitor: Editor, role: Annotated[Role, Form()] = Role.MEMBER,
        hamlet: Annotated[list[str], Form()] = [],  # noqa: B006 - fastapi copies it
    ) -> Response:  # fmt: skip
        if role not in _may_give(visitor):
            return redirect("/thanh-vien", "members.role_too_high", is_bad=True)
        async with site.database.transaction() as session:
            places = await _chosen(session, site, hamlet)
            if role in OF_TEAM and not places:
                return redirect("/thanh-vien", "members.no_hamlet", is_bad=True)
            code = await members.invite(
                session, commune=site.commune, role=role, hamlets=places, created_by=visitor.actor, now=site.now()
            )
            link = await links.make(session, site.commune, Sort.INVITATION, code)
        return page(
            request, visitor, "member_invited.html", role=_names(site)[role], places=places,
            addresses=site.link_addresses(link), until=site.now() + timedelta(days=members.INVITATION_DAYS),
        )  # fmt: skip

    @routes.post("/loi-moi/{invitation_id}/rut")
    async def revoke(visitor: Editor, invitation_id: Id) -> Response:
        async with site.database.transaction() as session:
            done = await members.revoke(session, site.commune, invitation_id, visitor.actor, site.now())
        return redirect("/thanh-vien", "members.revoked" if done else "members.not_revoked", is_bad=not done)

    @routes.get("/{member_id}")
    async def show(request: Request, visitor: Viewer, member_id: Id) -> Response:
        period = chosen_period(request, site)
        async with site.database.snapshot() as session:
            member = await _member(session, site, member_id)
            done = (await activity.of_members(session, site.commune, period.first, period.last)).get(member.id)
            last = (await activity.last_days(session, site.commune)).get(member.id)
            wanted = session_search.Wanted(site.commune, member_id=member.id)
            visits = await session_search.part(session, wanted, 0, SHOWN)
            places = await hamlets.all_of(session, site.commune)
            entries = await audit.history(session, site.commune, "member", member.id)
            actors = await actors_of(session, site)
        return page(
            request, visitor, "member.html", member=member, activity=done or Activity(), last_day=last, visits=visits,
            places=places, own={one.id for one in member.hamlets}, roles=_names(site), period=period,
            may_give=_may_give(visitor), may_change=Role(member.role) in _may_give(visitor), entries=entries,
            actors=actors, words=site.library().texts.log,
        )  # fmt: skip

    @routes.post("/{member_id}")
    async def change(
        visitor: Editor, member_id: Id, role: Annotated[Role, Form()], target: Line = "",
        hamlet: Annotated[list[str], Form()] = [],  # noqa: B006 - fastapi copies it
    ) -> Response:  # fmt: skip
        if target and not (target.isascii() and target.isdigit() and int(target[:9]) <= MOST_TARGET):
            return redirect(f"/thanh-vien/{member_id}", "members.bad_target", is_bad=True)
        async with site.database.transaction() as session:
            member = await _member(session, site, member_id)
            if not {role, Role(member.role)} <= set(_may_give(visitor)):
                return redirect(f"/thanh-vien/{member_id}", "members.role_too_high", is_bad=True)
            places = await _chosen(session, site, hamlet)
            if role in OF_TEAM and not places:
                return redirect(f"/thanh-vien/{member_id}", "members.no_hamlet", is_bad=True)
            await members.change(
                session, member, role=role, hamlets=places, actor=visitor.actor, now=site.now()
            )  # fmt: skip
            await members.set_target(session, member, int(target) if target else None, visitor.actor, site.now())
        return redirect(f"/thanh-vien/{member_id}", "members.changed")

    @routes.post("/{member_id}/roi-to")
    async def remove(visitor: Editor, member_id: Id) -> Response:
        async with site.database.transaction() as session:
            member = await _member(session, site, member_id)
            if Role(member.role) not in _may_give(visitor):
                return redirect(f"/thanh-vien/{member_id}", "members.role_too_high", is_bad=True)
            await members.remove(session, member, visitor.actor, site.now())
        return redirect("/thanh-vien", "members.removed", name=member.name)

    return routes


async def _rows(session: AsyncSession, site: Site, period: Period) -> list[MemberRow]:
    done = await activity.of_members(session, site.commune, period.first, period.last)
    last, today = await activity.last_days(session, site.commune), site.today()

    def is_quiet(one: Member) -> bool:
        since = last.get(one.id, one.joined_at.astimezone(TIME_ZONE).date())
        return one.role in OF_TEAM and today - since > QUIET_AFTER

    return [
        MemberRow(one, done.get(one.id, Activity()), last.get(one.id), is_quiet(one))
        for one in await members.all_of(session, site.commune)
    ]


async def _member(session: AsyncSession, site: Site, member_id: int) -> Member:
    found = next((one for one in await members.all_of(session, site.commune) if one.id == member_id), None)
    if found is None:
        raise HTTPException(404)
    return found


async def _chosen(session: AsyncSession, site: Site, ids: list[str]) -> list[Hamlet]:
    return [one for one in await hamlets.all_of(session, site.commune) if str(one.id) in ids]


def _may_give(visitor: Visitor) -> tuple[Role, ...]:
    return tuple(Role) if visitor.may(OfficeRole.ADMIN) else OF_TEAM


def _names(site: Site) -> dict[str, str]:
    return site.library().texts.people.roles
