"""Posters: made, retired and brought back by the office; scanned by people, each counted once a poster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from db import persons
from db.engine import insert_if_new
from db.models import Conversation
from db.outreach import audit
from db.outreach.names import key
from db.reach.accounts import person_behind
from db.reach.models import Poster, PosterScan

LONGEST_PLACE = 128


@dataclass(frozen=True, slots=True)
class Made:
    """A poster, and whether it was made just now: the same place, hamlet and topic are the same poster."""

    poster: Poster
    is_new: bool


@dataclass(frozen=True, slots=True)
class Scans:
    """What a poster has brought. people: distinct, ever; recent: of them, those who first came since a moment."""

    people: int = 0
    recent: int = 0
    last_at: datetime | None = None


async def by_id(session: AsyncSession, commune: str, poster_id: int) -> Poster | None:
    """That poster, if it is this commune's."""
    query = _whole().where(Poster.commune == commune, Poster.id == poster_id)
    return (await session.scalars(query)).one_or_none()


async def all_of(session: AsyncSession, commune: str) -> list[Poster]:
    """All of a commune's posters, retired ones too, the newest first."""
    return list(await session.scalars(_whole().where(Poster.commune == commune).order_by(Poster.id.desc())))


async def find_or_make(
    session: AsyncSession,
    commune: str,
    *,
    hamlet_id: int | None,
    topic: str | None,
    place: str,
    actor: str,
    now: datetime,
) -> Made:
    """The poster of that place that hangs, or a new one: who prints it again wants no second one to count."""
    query = _whole().where(Poster.commune == commune, Poster.retired_at.is_(None)).order_by(Poster.id)
    for poster in await session.scalars(query):
        if (poster.hamlet_id, poster.topic, key(poster.place)) == (hamlet_id, topic, key(place)):
            return Made(poster, is_new=False)
    poster = Poster(
        commune=commune, hamlet_id=hamlet_id, topic=topic, place=place, created_at=now, created_by=actor,
    )  # fmt: skip
    session.add(poster)
    await session.flush()
    await session.refresh(poster, ["hamlet"])
    after = {"hamlet_id": hamlet_id, "topic": topic, "place": place}
    _note(session, poster, "poster.created", actor, now, after)
    return Made(poster, is_new=True)


async def retire(session: AsyncSession, poster: Poster, actor: str, now: datetime) -> bool:
    """Takes a poster down; False when it was down already."""
    return _decide(session, poster, "poster.retired", actor, now, retired_at=now)


async def restore(session: AsyncSession, poster: Poster, actor: str, now: datetime) -> bool:
    """Takes back that it was taken down; False when it hangs."""
    return _decide(session, poster, "poster.restored", actor, now, retired_at=None)


async def scan(session: AsyncSession, poster: Poster, who: Conversation, at: datetime) -> bool:
    """Counts somebody who opened a poster's code at that moment; False when they were counted for it before.

    Messages come late, twice and in any order: whichever comes first, the moments kept are the first and the last.
    """
    person = await persons.account_hash(session, who)
    is_new = await session.scalar(
        insert_if_new(
            session, PosterScan, commune=poster.commune, poster_id=poster.id, person=person, first_at=at, last_at=at
        ).returning(PosterScan.id)
    )
    its = update(PosterScan).where(PosterScan.poster_id == poster.id, PosterScan.person == person)
    await session.execute(its.where(PosterScan.first_at > at).values(first_at=at))
    await session.execute(its.where(PosterScan.last_at < at).values(last_at=at))
    return is_new is not None


async def scans(session: AsyncSession, commune: str, since: datetime) -> Mapping[int, Scans]:
    """What each poster of a commune has brought, by its id; posters that brought nobody are not in it."""
    person = person_behind(PosterScan.person, PosterScan.commune)
    each = (
        select(
            PosterScan.poster_id, person.label("person"), func.min(PosterScan.first_at).label("first_at"),
            func.max(PosterScan.last_at).label("last_at"),
        )
        .where(PosterScan.commune == commune)
        .group_by(PosterScan.poster_id, person)
        .subquery()
    )  # fmt: skip
    query = select(
        each.c.poster_id, func.count(), func.count().filter(each.c.first_at >= since), func.max(each.c.last_at)
    ).group_by(each.c.poster_id)
    return {
        int(poster_id): Scans(int(people), int(recent), last_at)
        for poster_id, people, recent, last_at in await session.execute(query)
    }


def _decide(
    session: AsyncSession, poster: Poster, action: str, actor: str, now: datetime, *, retired_at: datetime | None
) -> bool:
    if (poster.retired_at is None) == (retired_at is None):
        return False
    poster.retired_at = retired_at
    _note(session, poster, action, actor, now, None)
    return True


def _note(
    session: AsyncSession, poster: Poster, action: str, actor: str, now: datetime, after: dict[str, Any] | None
) -> None:
    audit.record(
        session, commune=poster.commune, actor=actor, action=action, subject_id=poster.id, before=None, after=after,
        now=now,
    )  # fmt: skip


def _whole() -> Select[Poster]:
    return select(Poster).options(selectinload(Poster.hamlet))
