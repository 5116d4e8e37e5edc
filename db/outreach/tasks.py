"""Whom to visit next, and why: the households of some hamlets, the neediest first.

The rule: points for what is missing and for whom it concerns; docs/indicators.md gives it to the office. Households
that were visited in the last two weeks are left alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach import households
from db.outreach.models import Household, Pillar, SupportSession

REST = timedelta(days=14)
LONG_AGO = timedelta(days=90)

NEVER, LONG, NOT_SURVEYED = 40, 15, 10
GROUPS = {"is_poor": ("poor", 20), "has_elderly": ("elderly", 20), "has_disabled": ("disabled", 20),
          "is_ethnic_minority": ("ethnic_minority", 10)}  # fmt: skip
PILLARS = {Pillar.IDENTITY: 12, Pillar.ACCOUNT: 8, Pillar.SKILL: 5}
"""Points for each adult who lacks a pillar; a device is nothing that a visit brings."""
MOST_ADULTS_COUNTED = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a household is on the list. `code` names a text; `count` is people or days where the text has a number."""

    code: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """A household to visit. Reasons come with the heaviest first."""

    household: Household
    points: int
    reasons: tuple[Reason, ...]


async def next_visits(
    session: AsyncSession, commune: str, hamlet_ids: Collection[int], today: date, limit: int
) -> list[Task]:
    """The households to visit next, the neediest first; among equals those that have waited longest."""
    homes = await households.of_hamlets(session, commune, hamlet_ids)
    last = await _last_visits(session, [home.id for home in homes])
    counts = await households.pillars(session, homes)
    tasks = []
    for home in homes:
        visited = last.get(home.id)
        if visited is not None and today - visited < REST:
            continue
        weighed = _weigh(home, counts[home.id], visited, today)
        if weighed:
            weighed.sort(key=lambda one: -one[1])
            tasks.append(Task(home, sum(points for _, points in weighed), tuple(reason for reason, _ in weighed)))
    tasks.sort(key=lambda task: (-task.points, last.get(task.household.id, date.min), task.household.id))
    return tasks[:limit]


def _weigh(home: Household, pillars: dict[Pillar, int], visited: date | None, today: date) -> list[tuple[Reason, int]]:
    weighed = []
    if visited is None:
        weighed.append((Reason("never"), NEVER))
    elif today - visited >= LONG_AGO:
        weighed.append((Reason("long", (today - visited).days), LONG))
    missing = []
    if home.adults is None:
        missing.append((Reason("not_surveyed"), NOT_SURVEYED))
    else:
        for pillar, points in PILLARS.items():
            lacking = home.adults - pillars[pillar]
            if lacking > 0:
                missing.append((Reason(pillar.value, lacking), points * min(lacking, MOST_ADULTS_COUNTED)))
    if not weighed and not missing:
        return []  # a poor household that has everything needs no visit for being poor
    groups = [(Reason(code), points) for column, (code, points) in GROUPS.items() if getattr(home, column)]
    return [*weighed, *missing, *groups]


async def _last_visits(session: AsyncSession, ids: Collection[int]) -> dict[int, date]:
    query = (
        select(SupportSession.household_id, func.max(SupportSession.occurred_on))
        .where(SupportSession.household_id.in_(ids), SupportSession.voided_at.is_(None))
        .group_by(SupportSession.household_id)
    )
    return {int(home): day for home, day in await session.execute(query) if home is not None}
