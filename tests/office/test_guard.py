"""Every page of the office, those not written yet included, is closed to whoever may not see it.

The tests walk the list of all routes: a page that forgets its guard fails here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from fastapi.routing import APIRoute

from content.library import Library
from db.engine import Database
from db.office import accounts, sessions
from db.office.models import OfficeRole
from office.app import all_routes
from tests.support.clock import FakeClock
from tests.support.office import ADDRESS, PASSWORD, Office
from tests.support.outreach import member

OPEN_TO_ALL = {"/dang-nhap", "/mo/{token}"}
"""Signing in, and the one-time links by which passwords are set."""


@dataclass(frozen=True, slots=True)
class Request:
    """One way to ask for one route; ids in its path are such that there is nothing."""

    method: str
    path: str
    least: OfficeRole | None


def least_of(route: APIRoute) -> OfficeRole | None:
    """The role that a route's guard asks for; None when it has no guard."""
    found = [getattr(one.call, "least", None) for one in route.dependant.dependencies]
    return next((OfficeRole(least) for least in found if least), None)


def all_requests(office: Office) -> list[Request]:
    """Every route by each of its methods."""
    return [
        Request(method, "/office" + re.sub(r"\{[^}]*\}", "987654321", route.path), least_of(route))
        for route in all_routes(office.app)
        for method in sorted(route.methods or ())
        if route.path not in OPEN_TO_ALL
    ]


async def test_every_route_names_the_role_that_it_needs(office: Office) -> None:
    unguarded = [route.path for route in all_routes(office.app) if not least_of(route)]
    assert set(unguarded) == OPEN_TO_ALL


async def test_who_is_not_signed_in_is_led_to_the_sign_in_page_from_everywhere(office: Office) -> None:
    await office.account()
    browser = office.browser()
    for request in all_requests(office):
        response = await browser.http.request(request.method, request.path)
        assert response.status_code == 303, request
        assert response.headers["location"].startswith("/office/dang-nhap"), request


@pytest.mark.parametrize("role", OfficeRole)
async def test_each_role_gets_what_it_may_and_nothing_else(office: Office, role: OfficeRole) -> None:
    """Forms are sent without their token: whoever may send them is told so, whoever may not is refused either way."""
    browser = await office.signed_in(role)
    for request in all_requests(office):
        assert request.least
        response = await browser.http.request(request.method, request.path)
        if request.method != "GET":
            assert response.status_code == 403, request
        elif role.may(request.least):
            assert response.status_code not in {303, 403, 500}, request
        else:
            assert response.status_code == 403, request


@pytest.mark.parametrize("role", OfficeRole)
async def test_forms_with_their_token_are_refused_to_lesser_roles(office: Office, role: OfficeRole) -> None:
    browser = await office.signed_in(role)
    for request in all_requests(office):
        assert request.least
        if request.method != "GET" and not role.may(request.least):
            response = await browser.http.request(request.method, request.path, data={"csrf": browser.csrf})
            assert response.status_code == 403, request
            assert "không làm được việc đó" in response.text


async def test_no_form_is_taken_without_the_token_of_the_sign_in(office: Office) -> None:
    browser = await office.signed_in(OfficeRole.ADMIN)
    other = await office.signed_in(OfficeRole.EDITOR)
    for wrong in ("", "0" * 64, other.csrf):
        response = await browser.post("/office/tai-khoan", csrf=wrong, name="Kẻ Lạ", user_name="ke-la", role="admin")
        assert response.status_code == 403
        assert "Chưa có gì thay đổi" in response.text
    right = await browser.http.post(
        "/office/tai-khoan", data={"name": "Lê A", "user_name": "le-a"}, headers={"X-CSRF-Token": browser.csrf}
    )
    assert right.status_code == 200  # htmx sends it as a header
    async with office.database.snapshot() as session:
        assert {one.user_name for one in await accounts.all_of(session, office.site.commune)} == {
            "admin", "editor", "le-a",
        }  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ADDRESS + ".evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_forms_that_another_site_sends_are_refused_even_with_the_token(
    office: Office, headers: dict[str, str]
) -> None:
    browser = await office.signed_in(OfficeRole.ADMIN)
    assert (await browser.post_with(headers, "/office/toi/dang-xuat-noi-khac")).status_code == 403
    stranger = office.browser()
    assert (
        await stranger.post_with(headers, "/office/dang-nhap", user_name="admin", password=PASSWORD)
    ).status_code == 403


async def test_a_sign_in_ends_after_twelve_idle_hours_and_after_seven_days_at_most(
    office: Office, clock: FakeClock
) -> None:
    browser = await office.signed_in()
    clock.now += sessions.IDLE - timedelta(minutes=1)
    assert (await browser.get("/office/")).status_code == 200
    clock.now += sessions.IDLE - timedelta(minutes=1)  # the look before counts as use
    assert (await browser.get("/office/")).status_code == 200
    clock.now += sessions.IDLE
    response = await browser.get("/office/")
    assert response.headers["location"] == "/office/dang-nhap"

    await browser.sign_in("editor")
    begun = clock.now
    while clock.now < begun + sessions.LONGEST - timedelta(hours=6):
        clock.now += timedelta(hours=6)
        assert (await browser.get("/office/cai-dat")).status_code == 200
    clock.now = begun + sessions.LONGEST
    assert (await browser.get("/office/")).status_code == 303


async def test_a_disabled_account_is_out_with_its_next_request_and_can_not_come_back(office: Office) -> None:
    admin, editor = await office.signed_in(OfficeRole.ADMIN), await office.signed_in(OfficeRole.EDITOR)
    assert (await editor.get("/office/")).status_code == 200
    assert (await admin.post("/office/tai-khoan/2/khoa")).status_code == 303
    assert (await editor.get("/office/")).status_code == 303
    assert (await editor.sign_in("editor")).status_code == 403


async def test_what_was_sent_after_the_end_is_said_to_be_lost_and_htmx_leads_the_whole_page(
    office: Office, clock: FakeClock
) -> None:
    browser = await office.signed_in()
    clock.now += sessions.IDLE
    response = await browser.post("/office/toi/dang-xuat-noi-khac")
    assert "chưa được lưu" in await browser.follow(response)
    response = await browser.get("/office/", **{"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (200, "/office/dang-nhap")


async def test_a_member_of_the_team_is_nobody_here(office: Office, database: Database) -> None:
    async with database.transaction() as session:
        await member(session, "ba-an")
    await office.account()
    for name in ("ba-an", "1", "telegram:ba-an"):
        assert (await office.browser().sign_in(name)).status_code == 403


async def test_every_answer_has_the_headers_that_keep_others_out(office: Office) -> None:
    browser = await office.signed_in()
    for path in ("/office/", "/office/dang-nhap", "/office/khong-co", "/office/static/office.css"):
        headers = (await browser.get(path)).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
    assert (await browser.get("/office/")).headers["cache-control"] == "no-store"


async def test_over_https_the_cookie_goes_over_nothing_else(
    library: Library, database: Database, clock: FakeClock
) -> None:
    for address, name, secure in (
        ("https://xa.example", "__Host-daisuso-office", True),
        ("http://localhost:8080", "daisuso-office", False),
    ):
        office = Office(library, database, clock, address)
        await office.account(user_name="thu-hoai" if secure else "van-an")
        response = await office.browser().post_with(
            {"Origin": address}, "/office/dang-nhap", user_name="thu-hoai" if secure else "van-an", password=PASSWORD
        )
        [cookie] = [one for one in response.headers.get_list("set-cookie") if one.startswith(f"{name}=")]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert ("Secure" in cookie) is secure
        notice = (await office.browser().post_with({"Origin": address}, "/office/toi/mat-khau")).headers["set-cookie"]
        assert ("Secure" in notice) is secure
        assert ("strict-transport-security" in response.headers) is secure


async def test_pages_hold_nothing_that_their_own_rules_forbid(office: Office) -> None:
    browser = await office.signed_in(OfficeRole.ADMIN)
    for route in all_routes(office.app):
        if "GET" in (route.methods or ()) and "{" not in route.path:
            response = await browser.get("/office" + route.path)
            if "text/html" not in response.headers.get("content-type", ""):
                continue
            html = response.text
            assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", html), route.path
            inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", html)
            assert all('type="application/json"' in attributes for attributes in inline), route.path
            addresses = re.findall(r'(?:href|src|action)="([^"]*)"', html)
            outside = [a for a in addresses if not a.startswith(("/", "#", "?", "data:")) or a.startswith("//")]
            assert outside == [], route.path
