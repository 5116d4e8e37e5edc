"""Settings (/cai-dat): the way to accounts, and what is set elsewhere: the commune's profile, deadlines, retention."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter, Request, Response

from db.retention import KEEP_MESSAGES
from office.guard import Viewer
from office.render import page
from office.site import Site

OFFICES = ("office", "police", "service_centre")
"""Whose contacts a profile holds."""


def router(site: Site) -> APIRouter:
    """/cai-dat."""
    routes = APIRouter()

    @routes.get("/cai-dat")
    async def show(request: Request, visitor: Viewer) -> Response:
        commune = site.profile
        return page(
            request, visitor, "settings.html", contacts=[(name, getattr(commune, name)) for name in OFFICES],
            missing=[name for name in OFFICES if not any(getattr(commune, name).model_dump().values())],
            keep_days=KEEP_MESSAGES.days, version=version("dai-su-so"),
        )  # fmt: skip

    return routes
