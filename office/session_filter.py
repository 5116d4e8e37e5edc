"""Which support sessions a page is about: what its address asks for, in words that can be bookmarked and shared.

`chi_tieu` with `ky` are the sessions behind a figure, exactly those that it counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from content.indicators import Indicator
from content.periods import Period
from db.indicators import behind
from db.indicators.values import values
from db.outreach import hamlets
from db.outreach.models import Group, Hamlet, OutcomeCode, SessionKind
from db.outreach.session_search import Wanted
from office.period_choice import PARAMETER as PERIOD
from office.period_choice import chosen_period
from office.place_choice import chosen_place
from office.site import Site

Code = TypeVar("Code", bound=StrEnum)
MOST_WORDS = 100


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """The filter and, in it, what was chosen: for the form, and for the sentence above the list."""

    wanted: Wanted
    place: Hamlet | None
    indicator: Indicator | None
    period: Period | None


async def session_filter(request: Request, session: AsyncSession, site: Site) -> SessionFilter:
    """What the address asks for; what can't be read narrows nothing."""
    asked = request.query_params
    place = await chosen_place(request, session, site)
    indicator = site.library().indicators.get(asked.get("chi_tieu", ""))
    period = chosen_period(request, site) if asked.get(PERIOD) else None
    first, last = _day(asked.get("tu", "")), _day(asked.get("den", ""))
    also = None
    if indicator is not None:
        shown = period or chosen_period(request, site)
        until = min(site.today(), shown.last)
        hamlet_ids = [place.id] if place else None
        found = await values(session, site.commune, [indicator], period=shown, as_of=until, hamlet_ids=hamlet_ids)
        also = behind.condition(found[indicator.id].behind)
        period = shown
    elif period is not None:
        first, last = first or period.first, last or period.last
    wanted = Wanted(
        site.commune,
        first,
        last,
        hamlet_ids=await _with_merged(session, site, place) if place else None,
        kind=_code(SessionKind, asked.get("loai", "")),
        group=_code(Group, asked.get("nhom", "")),
        outcome=_code(OutcomeCode, asked.get("ket_qua", "")),
        member_id=_number(asked.get("thanh_vien", "")),
        household_id=_number(asked.get("ho", "")),
        words=" ".join(asked.get("tim", "").split())[:MOST_WORDS],
        is_voided=asked.get("da_bo") == "1",
        also=also,
    )
    return SessionFilter(wanted, place, indicator, period)


async def _with_merged(session: AsyncSession, site: Site, place: Hamlet) -> list[int]:
    """A hamlet with those that were merged into it: sessions keep the name that they were logged under."""
    return [one for one, present in (await hamlets.present_ids(session, site.commune)).items() if present == place.id]


def _code(codes: type[Code], asked: str) -> Code | None:
    return codes(asked) if asked in set(codes) else None


def _number(asked: str) -> int | None:
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None


def _day(asked: str) -> date | None:
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return None
