"""Fills a commune with a year of made-up data, in one transaction: all of it is there, or none."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.demo import citizens, lessons, notices, official_figures, people, posters, visits
from db.demo.mark import DemoError, DemoFill
from db.demo.scene import Scene, Size, Texts
from db.engine import insert_if_new
from db.indicators.official import KnownById
from db.outreach import hamlets
from db.outreach.models import Household, Role, SupportSession

SEED = 10_10_2026


@dataclass(frozen=True, slots=True)
class Filled:
    """How much there is now."""

    hamlets: int
    members: int
    households: int
    sessions: int


async def fill(
    session: AsyncSession,
    commune: str,
    *,
    texts: Texts,
    known: KnownById,
    now: datetime,
    size: Size | None = None,
    with_real: bool = False,
    tell: Callable[[str], None] = lambda step: None,
) -> Filled:
    """Fills in; the same commune on the same day gets the same. `tell` hears the step that begins, by its code.

    The commune's hamlets must be there; they are no demo data and stay.

    Raises:
        DemoError: there is demo data already; there are real sessions and not `with_real`; there are no hamlets.
    """
    first = await session.scalar(
        insert_if_new(session, DemoFill, commune=commune, filled_at=now).returning(DemoFill.commune)
    )
    if first is None:
        raise DemoError("already")
    if not with_real and await session.scalar(_sessions(commune, is_demo=False)):
        raise DemoError("real_sessions")
    places = await hamlets.all_of(session, commune)
    if not places:
        raise DemoError("no_hamlets")
    scene = Scene(session, commune, texts, now, size or Size(), random.Random(f"{SEED}:{commune}"))  # noqa: S311
    tell("people")
    helpers = await people.hire(scene, places)
    homes = await people.settle(scene, places, helpers)
    tell("sessions")
    await visits.log_year(scene, helpers, homes)
    tell("classes")
    await lessons.hold(scene, helpers)
    tell("citizens")
    await citizens.ask(scene)
    talks = await citizens.talk(scene)
    await citizens.request(scene, helpers, talks)
    await posters.hang(scene, places, helpers)
    await notices.subscribe(scene, talks, [place.id for place in places])
    await notices.tell(scene, helpers)
    tell("official")
    [clerk] = [one for one in helpers if one.role is Role.OFFICE]
    await official_figures.enter(scene, known, places, homes, clerk)
    await scene.write_log()
    await session.flush()
    stored = select(func.count()).where(Household.commune == commune, Household.is_demo)
    return Filled(
        len(places), len(helpers), await session.scalar(stored) or 0,
        await session.scalar(_sessions(commune, is_demo=True)) or 0,
    )  # fmt: skip


def _sessions(commune: str, *, is_demo: bool) -> Select[int]:
    return select(func.count()).where(SupportSession.commune == commune, SupportSession.is_demo.is_(is_demo))
