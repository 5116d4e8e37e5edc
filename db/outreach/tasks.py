"""Whom to visit next, and why: the households of some hamlets, the neediest first.

The rule: points for what is missing and for whom it concerns; docs/indicators.md gives it to the office. Households
that were visited in the last two weeks are left alone, unless the member promised there to come again.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach import households
from db.outreach.models import Household, Pillar, SupportSession
from db.outreach.names import key

REST = timedelta(days=14)
LONG_AGO = timedelta(days=90)

PROMISED, NEVER, LONG, NOT_SURVEYED = 60, 40, 15, 10
GROUPS = {"is_poor": ("poor", 20), "has_elderly": ("elderly", 20), "has_disabled": ("disabled", 20),
          "is_ethnic_minority": ("ethnic_minority", 10)}  # fmt: skip
PILLARS = {Pillar.IDENTITY: 12, Pillar.ACCOUNT: 8, Pillar.SKILL: 5}
"""Points for each adult who lacks a pillar; a device is nothing that a visit brings."""
MOST_ADULTS_COUNTED = 4

_PROMISE = re.compile(
    r"\bhen (?:lai|hom|bua|ngay|mai|mot|tuan|thang|dau|cuoi|thu|t\d|cn|chu nhat|sang|trua|chieu|toi|\d+)\b"
    r"|\b(?:tuan|thang|lan|dot|dip) (?:sau|toi)\b|\b(?:hom|bua|lan|dip) khac\b|\b(?:ngay|sang|chieu|toi) mai\b"
    r"|^mai (?:cai|lam|mo|sang|ghe|qua|toi|den|em|huong|day)\b|\b(?:lam|cai) (?:tiep|not)\b"
    r"|(?<!khong )(?<!khong can )(?<!khoi )\b(?:quay|den|tro|ghe) lai\b"
)
"""In the note of a visit, without diacritics. "Hen" alone could be asthma."""


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


@dataclass(frozen=True, slots=True)
class _LastVisit:
    day: date
    is_promise: bool


async def next_visits(
    session: AsyncSession, commune: str, hamlet_ids: Collection[int], today: date, limit: int
) -> list[Task]:
    """The households to visit next, the neediest first; among equals those that have waited longest."""
    homes = await households.of_hamlets(session, commune, hamlet_ids)
    last = await _last_visits(session, commune, hamlet_ids)
    counts = await households.pillars(session, homes)
    tasks = []
    for home in homes:
        weighed = _weigh(home, counts[home.id], last.get(home.id), today)
        if weighed:
            weighed.sort(key=lambda one: -one[1])
            tasks.append(Task(home, sum(points for _, points in weighed), tuple(reason for reason, _ in weighed)))

    def order(task: Task) -> tuple[int, date, int]:
        visited = last.get(task.household.id)
        return -task.points, visited.day if visited else date.min, task.household.id

    return sorted(tasks, key=order)[:limit]


def is_promise(note: str) -> bool:
    """Whether the note of a visit says that somebody will come again: "hẹn thứ 5 quay lại"."""
    return _PROMISE.search(key(note)) is not None


def _weigh(
    home: Household, pillars: dict[Pillar, int], last: _LastVisit | None, today: date
) -> list[tuple[Reason, int]]:
    """Why to go there, with points; nothing when there is no need to."""
    weighed = []
    if last is None:
        weighed.append((Reason("never"), NEVER))
    elif last.is_promise and last.day < today:
        weighed.append((Reason("promised", (today - last.day).days), PROMISED))
    elif today - last.day < REST:
        return []
    elif today - last.day >= LONG_AGO:
        weighed.append((Reason("long", (today - last.day).days), LONG))
    if home.adults is None:
        weighed.append((Reason("not_surveyed"), NOT_SURVEYED))
    else:
        for pillar, points in PILLARS.items():
            lacking = home.adults - pillars[pillar]
            if lacking > 0:
                weighed.append((Reason(pillar.value, lacking), points * min(lacking, MOST_ADULTS_COUNTED)))
    if not weighed:
        return []  # a poor household that has everything needs no visit for being poor
    return weighed + [(Reason(code), points) for column, (code, points) in GROUPS.items() if getattr(home, column)]


async def _last_visits(session: AsyncSession, commune: str, hamlet_ids: Collection[int]) -> dict[int, _LastVisit]:
    """The last session that counts of each household, by its id."""
    query = (
        select(SupportSession.household_id, SupportSession.occurred_on, SupportSession.note)
        .join(Household, Household.id == SupportSession.household_id)
        .where(
            SupportSession.commune == commune,
            SupportSession.voided_at.is_(None),
            Household.hamlet_id.in_(hamlet_ids),
        )
        .order_by(SupportSession.occurred_on, SupportSession.id)
    )
    found = {home: (day, note) for home, day, note in await session.execute(query)}
    return {int(home): _LastVisit(day, is_promise(note)) for home, (day, note) in found.items() if home is not None}
