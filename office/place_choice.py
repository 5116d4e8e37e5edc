"""Which hamlet a page is about: what its address asks for (?dia_ban=12)."""

from __future__ import annotations

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach import hamlets
from db.outreach.models import Hamlet
from office.site import Site

PARAMETER = "dia_ban"
LONGEST_ID = 15


async def chosen_place(request: Request, session: AsyncSession, site: Site) -> Hamlet | None:
    """The commune's hamlet of that id, as it is now; None for the whole commune, and for what is none."""
    asked = request.query_params.get(PARAMETER, "")
    if not (asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_ID):
        return None
    return await hamlets.by_id(session, site.commune, int(asked))
