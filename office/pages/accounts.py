"""The accounts of the office (/tai-khoan), for its admins: made by one-time link, given roles, locked, opened again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException

from db.office import accounts, sessions, setup_links
from db.office.accounts import AccountError
from db.office.models import OfficeAccount, OfficeRole
from db.outreach import members
from office.fields import Id, Line
from office.guard import PATH, Admin, Visitor
from office.render import Notice, page, redirect, refusal
from office.site import Site


def router(site: Site) -> APIRouter:
    """/tai-khoan, one account, and what is done with it."""
    routes = APIRouter(prefix="/tai-khoan")

    @routes.get("")
    async def show_all(request: Request, visitor: Admin) -> Response:
        return await _show_all(site, request, visitor)

    @routes.post("")
    async def add(
        request: Request,
        visitor: Admin,
        user_name: Line = "",
        name: Line = "",
        role: Annotated[OfficeRole, Form()] = OfficeRole.VIEWER,
    ) -> Response:
        try:
            async with site.database.transaction() as session:
                account = await accounts.add(
                    session, site.commune, user_name=user_name, name=name, role=role, actor=visitor.actor,
                    now=site.now(),
                )  # fmt: skip
                token = await setup_links.make(session, site.commune, account, visitor.actor, site.now())
        except AccountError as error:
            typed = {"user_name": user_name, "name": name, "role": role}
            return await _show_all(site, request, visitor, refusal(f"accounts.{error.reason}"), typed)
        return _show_link(site, request, visitor, account, token)

    @routes.get("/{account_id}")
    async def show(request: Request, visitor: Admin, account_id: Id) -> Response:
        async with site.database.snapshot() as session:
            account = await _account(session, site, account_id)
            present = await sessions.present_of(session, account.id, site.now())
            people = await members.all_of(session, site.commune)
        return page(request, visitor, "account_of.html", account=account, present=present, people=people)

    @routes.post("/{account_id}/vai-tro")
    async def set_role(visitor: Admin, account_id: Id, role: Annotated[OfficeRole, Form()]) -> Response:
        async def do(session: AsyncSession, account: OfficeAccount) -> None:
            await accounts.set_role(session, account, role, visitor.actor, site.now())

        return await _change(site, account_id, do, "accounts.role_set")

    @routes.post("/{account_id}/khoa")
    async def disable(visitor: Admin, account_id: Id) -> Response:
        async def do(session: AsyncSession, account: OfficeAccount) -> None:
            await accounts.disable(session, account, visitor.actor, site.now())
            await sessions.end_all(session, account.id, site.now())
            await setup_links.end_all(session, site.commune, account.id, site.now())

        return await _change(site, account_id, do, "accounts.disabled")

    @routes.post("/{account_id}/mo-lai")
    async def enable(visitor: Admin, account_id: Id) -> Response:
        async def do(session: AsyncSession, account: OfficeAccount) -> None:
            await accounts.enable(session, account, visitor.actor, site.now())

        return await _change(site, account_id, do, "accounts.enabled")

    @routes.post("/{account_id}/thanh-vien")
    async def link_member(visitor: Admin, account_id: Id, member: Line = "") -> Response:
        async def do(session: AsyncSession, account: OfficeAccount) -> None:
            people = {str(one.id): one.id for one in await members.all_of(session, site.commune)}
            if member and member not in people:
                raise AccountError("unknown_member")
            await accounts.link_member(session, account, people.get(member), visitor.actor, site.now())

        return await _change(site, account_id, do, "accounts.member_linked")

    @routes.post("/{account_id}/duong-dan")
    async def make_link(request: Request, visitor: Admin, account_id: Id) -> Response:
        async with site.database.transaction() as session:
            account = await _account(session, site, account_id)
            token = await setup_links.make(session, site.commune, account, visitor.actor, site.now())
            accounts.note_link(session, account, visitor.actor, site.now())
        return _show_link(site, request, visitor, account, token)

    return routes


async def _show_all(
    site: Site,
    request: Request,
    visitor: Visitor,
    notice: Notice | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    async with site.database.snapshot() as session:
        found = await accounts.all_of(session, site.commune)
    return page(
        request, visitor, "accounts.html", status=422 if notice else 200, notice=notice, accounts=found,
        typed=typed or {"user_name": "", "name": "", "role": OfficeRole.VIEWER},
    )  # fmt: skip


def _show_link(site: Site, request: Request, visitor: Visitor, account: OfficeAccount, token: str) -> Response:
    """The link, once: it is not kept, so this page can't be shown again."""
    address = f"{site.address}{PATH}/mo/{token}"
    until = site.now() + setup_links.GOOD_FOR
    return page(request, visitor, "account_link.html", account=account, address=address, until=until)


async def _account(session: AsyncSession, site: Site, account_id: int) -> OfficeAccount:
    account = await accounts.by_id(session, site.commune, account_id)
    if account is None:
        raise HTTPException(404)
    return account


async def _change(
    site: Site, account_id: int, do: Callable[[AsyncSession, OfficeAccount], Awaitable[None]], say: str
) -> Response:
    """Does something with an account, and leads back to it with word of what was done or why not."""
    try:
        async with site.database.transaction() as session:
            account = await _account(session, site, account_id)
            await do(session, account)
    except AccountError as error:
        return redirect(f"/tai-khoan/{account_id}", f"accounts.{error.reason}", is_bad=True)
    return redirect(f"/tai-khoan/{account_id}", say, name=account.name)
