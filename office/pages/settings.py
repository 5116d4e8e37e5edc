"""Settings (/cai-dat): the way to one's own account, the accounts of the office, and what else can be set."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from office.guard import Viewer
from office.render import page
from office.site import Site


def router(_: Site) -> APIRouter:
    """/cai-dat."""
    routes = APIRouter()

    @routes.get("/cai-dat")
    async def show(request: Request, visitor: Viewer) -> Response:
        return page(request, visitor, "settings.html")

    return routes
