"""Signing in and out, and the one-time links by which people set their password. The only pages open to everybody."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from db.office import accounts, sessions, setup_links
from db.office.accounts import AccountError
from db.office.models import OfficeAccount, OfficeLink, OfficeRole
from office import passwords, totp
from office.devices import device_of
from office.fields import Line, Secret
from office.guard import Viewer, check_origin, find_visitor, forget, keep_signed_in
from office.render import Notice, page, redirect, refusal
from office.site import Site

log = logging.getLogger(__name__)

FIRST = "set-up"
"""Who stands in the audit log for having made the first account: whoever had the link."""


def router(site: Site) -> APIRouter:
    """/dang-nhap, /dang-xuat and /mo/{token}."""
    routes = APIRouter()

    @routes.get("/dang-nhap")
    async def show_sign_in(request: Request) -> Response:
        if await find_visitor(request):
            return redirect("/")
        async with site.database.snapshot() as session:
            if not await accounts.count(session, site.commune):
                return page(request, None, "first_run.html")
        return _sign_in_page(request)

    @routes.post("/dang-nhap")
    async def sign_in(
        request: Request,
        user_name: Line = "",
        password: Secret = "",
        code: Line = "",
        next_: Annotated[str, Form(alias="next")] = "",
    ) -> Response:
        check_origin(request)
        who = accounts.tidy_user_name(user_name)[: accounts.LONGEST_USER_NAME]
        address = request.client.host if request.client else ""
        if minutes := site.attempts.minutes_to_wait(who, address, site.now()):
            return _sign_in_page(request, refusal("accounts.too_often", minutes=minutes), user_name, next_, status=429)
        token = await _token_for(site, request, who, password, code)
        if token is None:
            log.warning("a sign-in to the office failed, from %s", address)
            return _sign_in_page(request, refusal("accounts.wrong"), user_name, next_, status=403)
        site.attempts.succeeded(who, address)
        response = redirect(next_ if next_.startswith("/") else "/")
        keep_signed_in(response, site, token)
        return response

    @routes.post("/dang-xuat")
    async def sign_out(visitor: Viewer) -> Response:
        async with site.database.transaction() as session:
            await sessions.end(session, visitor.session_id, site.now())
        response = redirect("/dang-nhap", "accounts.signed_out")
        forget(response, site)
        return response

    @routes.get("/mo/{token}")
    async def show_link(request: Request, token: str) -> Response:
        async with site.database.snapshot() as session:
            link, account = await _find_link(session, site, token)
        if link is None:
            return page(request, None, "link_over.html", status=404)
        return page(request, None, "set_password.html", account=account, user_name="", name="")

    @routes.post("/mo/{token}")
    async def use_link(
        request: Request,
        token: str,
        password: Secret = "",
        again: Secret = "",
        user_name: Line = "",
        name: Line = "",
    ) -> Response:
        check_origin(request)
        async with site.database.snapshot() as session:
            link, account = await _find_link(session, site, token)
        if link is None:
            return page(request, None, "link_over.html", status=404)
        if why := _refused(password, again, account.user_name if account else user_name):
            return page(
                request, None, "set_password.html", status=422, notice=refusal(why), account=account,
                user_name=user_name, name=name,
            )  # fmt: skip
        hashed = await passwords.hash_password(password)
        try:
            account, session_token = await _use_link(site, request, token, hashed, user_name, name)
        except AccountError as error:
            return page(
                request, None, "set_password.html", status=422, notice=refusal(f"accounts.{error.reason}"),
                account=account, user_name=user_name, name=name,
            )  # fmt: skip
        if account is None:
            return page(request, None, "link_over.html", status=404)
        response = redirect("/", "accounts.welcome", name=account.name)
        keep_signed_in(response, site, session_token)
        return response

    return routes


def _sign_in_page(
    request: Request, notice: Notice | None = None, user_name: str = "", next_: str = "", *, status: int = 200
) -> Response:
    wanted = next_ or request.query_params.get("next", "")
    return page(request, None, "sign_in.html", status=status, notice=notice, user_name=user_name, next=wanted)


async def _token_for(site: Site, request: Request, user_name: str, password: str, code: str) -> str | None:
    """A new sign-in's token, when password and code are right; a wrong name takes as long as a wrong password."""
    async with site.database.snapshot() as session:
        account = await accounts.by_user_name(session, site.commune, user_name)
    password_hash = account.password_hash if account and account.disabled_at is None else None
    is_right = await passwords.is_right(password_hash, password)
    if account is None or password_hash is None or not is_right:
        return None
    better = await passwords.hash_password(password) if passwords.is_outdated(password_hash) else None
    async with site.database.transaction() as session:
        present = await accounts.by_id(session, site.commune, account.id)
        if present is None or present.disabled_at is not None or present.password_hash != password_hash:
            return None
        if present.totp_secret:
            step = totp.step_of(present.totp_secret, code, site.now())
            if step is None or not await accounts.use_totp_step(session, present, step):
                return None
        if better:
            present.password_hash = better
        accounts.note_sign_in(session, present, device_of(request), site.now())
        return await sessions.begin(session, present, device_of(request), site.now())


async def _find_link(session: AsyncSession, site: Site, token: str) -> tuple[OfficeLink | None, OfficeAccount | None]:
    """The link and the account that it is for (None: the first one); a link for the first is over when there is one."""
    link = await setup_links.find(session, site.commune, token, site.now())
    if link is None:
        return None, None
    if link.account_id is None:
        return (None if await accounts.count(session, site.commune) else link), None
    account = await accounts.by_id(session, site.commune, link.account_id)
    return (link, account) if account and account.disabled_at is None else (None, None)


def _refused(password: str, again: str, user_name: str) -> str | None:
    if password != again:
        return "accounts.passwords_differ"
    weak = passwords.weakness(password, accounts.tidy_user_name(user_name))
    return f"accounts.password_{weak}" if weak else None


async def _use_link(
    site: Site, request: Request, token: str, hashed: str, user_name: str, name: str
) -> tuple[OfficeAccount | None, str]:
    """Sets the password, ends what was open before, signs in; None when somebody else used the link meanwhile."""
    now = site.now()
    async with site.database.transaction() as session:
        link, account = await _find_link(session, site, token)
        if link is None:
            return None, ""
        if account is None:
            account = await accounts.add(
                session, site.commune, user_name=user_name, name=name, role=OfficeRole.ADMIN, actor=FIRST, now=now
            )
        actor = accounts.by_account(account)
        accounts.set_password(session, account, hashed, actor, now)
        accounts.set_totp(session, account, None, actor, now)  # a new link is how a lost telephone is answered
        await sessions.end_all(session, account.id, now)
        link.used_at = now
        return account, await sessions.begin(session, account, device_of(request), now)
