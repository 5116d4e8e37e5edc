"""One's own account (/toi): password, codes of an authenticator app, where one is signed in."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from db.office import accounts, sessions
from db.office.models import OfficeAccount
from office import passwords, totp
from office.fields import Line, Secret
from office.guard import Viewer, Visitor
from office.render import Notice, page, redirect, refusal
from office.site import Site


def router(site: Site) -> APIRouter:
    """/toi and what is done there."""
    routes = APIRouter()

    @routes.get("/toi")
    async def show(request: Request, visitor: Viewer) -> Response:
        return await _show(site, request, visitor)

    @routes.post("/toi/mat-khau")
    async def change_password(
        request: Request, visitor: Viewer, old: Secret = "", password: Secret = "", again: Secret = ""
    ) -> Response:
        if problem := await _check_password(site, request, visitor, old):
            return await _show(site, request, visitor, problem)
        if password != again:
            return await _show(site, request, visitor, refusal("accounts.passwords_differ"))
        if weak := passwords.weakness(password, visitor.account.user_name):
            return await _show(site, request, visitor, refusal(f"accounts.password_{weak}"))
        hashed = await passwords.hash_password(password)
        async with site.database.transaction() as session:
            account = await _own(session, visitor)
            accounts.set_password(session, account, hashed, visitor.actor, site.now())
            await sessions.end_all(session, account.id, site.now(), but=visitor.session_id)
        return redirect("/toi", "accounts.password_changed")

    @routes.post("/toi/dang-xuat-noi-khac")
    async def sign_out_elsewhere(visitor: Viewer) -> Response:
        async with site.database.transaction() as session:
            await sessions.end_all(session, visitor.account.id, site.now(), but=visitor.session_id)
        return redirect("/toi", "accounts.signed_out_elsewhere")

    @routes.get("/toi/ma-xac-thuc")
    async def offer_totp(request: Request, visitor: Viewer) -> Response:
        return _offer(site, request, visitor, totp.new_secret())

    @routes.post("/toi/ma-xac-thuc")
    async def switch_totp_on(request: Request, visitor: Viewer, secret: Secret = "", code: Line = "") -> Response:
        if not totp.is_secret(secret):
            return redirect("/toi/ma-xac-thuc")
        step = totp.step_of(secret, code, site.now())
        if step is None:
            return _offer(site, request, visitor, secret, refusal("accounts.totp_wrong"))
        async with site.database.transaction() as session:
            account = await _own(session, visitor)
            accounts.set_totp(session, account, secret, visitor.actor, site.now())
            await session.flush()
            await accounts.use_totp_step(session, account, step)
            await sessions.end_all(session, account.id, site.now(), but=visitor.session_id)
        return redirect("/toi", "accounts.totp_on")

    @routes.post("/toi/tat-ma-xac-thuc")
    async def switch_totp_off(request: Request, visitor: Viewer, old: Secret = "") -> Response:
        if problem := await _check_password(site, request, visitor, old):
            return await _show(site, request, visitor, problem)
        async with site.database.transaction() as session:
            accounts.set_totp(session, await _own(session, visitor), None, visitor.actor, site.now())
        return redirect("/toi", "accounts.totp_off")

    return routes


async def _show(site: Site, request: Request, visitor: Visitor, notice: Notice | None = None) -> Response:
    async with site.database.snapshot() as session:
        present = await sessions.present_of(session, visitor.account.id, site.now())
    return page(
        request, visitor, "account.html", status=422 if notice else 200, notice=notice, present=present,
        session_id=visitor.session_id,
    )  # fmt: skip


def _offer(site: Site, request: Request, visitor: Visitor, secret: str, notice: Notice | None = None) -> Response:
    return page(
        request, visitor, "totp.html", status=422 if notice else 200, notice=notice, secret=secret,
        address=totp.address(secret, visitor.account.user_name, site.profile.name),
    )  # fmt: skip


async def _own(session: AsyncSession, visitor: Visitor) -> OfficeAccount:
    account = await accounts.by_id(session, visitor.account.commune, visitor.account.id)
    assert account is not None, "accounts are disabled, not deleted"
    return account


async def _check_password(site: Site, request: Request, visitor: Visitor, typed: str) -> Notice | None:
    """Asks again for the password before what matters: a computer may have been left alone."""
    address = request.client.host if request.client else ""
    who = visitor.account.user_name
    if minutes := site.attempts.minutes_to_wait(who, address, site.now()):
        return refusal("accounts.too_often", minutes=minutes)
    if not await passwords.is_right(visitor.account.password_hash, typed):
        return refusal("accounts.old_password_wrong")
    site.attempts.succeeded(who, address)
    return None
