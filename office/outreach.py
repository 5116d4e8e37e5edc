"""The figures of outreach in a period, each beside what it was in the period before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from content.indicators import Indicator, Way
from content.periods import Period
from db.indicators.values import values
from office.site import Site


@dataclass(frozen=True, slots=True)
class Outreach:
    """One figure of outreach. `before` is that of the whole period before."""

    indicator: Indicator
    count: int
    before: int


async def outreach(
    session: AsyncSession, site: Site, period: Period, hamlet_ids: Collection[int] | None = None
) -> list[Outreach]:
    """All figures of outreach in a period as far as it has come, of the commune or of some hamlets."""
    measures = [one for one in site.library().indicators.values() if one.way is Way.OUTREACH]
    until = min(site.today(), period.last)
    now = await values(session, site.commune, measures, period=period, as_of=until, hamlet_ids=hamlet_ids)
    then = await values(session, site.commune, measures, period=period.previous, hamlet_ids=hamlet_ids)
    return [Outreach(one, now[one.id].numerator or 0, then[one.id].numerator or 0) for one in measures]
