"""Hamlets: loaded from the commune's profile, found by name, merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach import audit
from db.outreach.models import Hamlet, HelpRequest, Household, LearningClass, MemberHamlet
from db.outreach.names import key


async def all_of(session: AsyncSession, commune: str) -> list[Hamlet]:
    """A commune's hamlets that have not been merged into another, in the profile's order."""
    query = (
        select(Hamlet)
        .where(Hamlet.commune == commune, Hamlet.merged_into_id.is_(None))
        .order_by(Hamlet.position, Hamlet.id)
    )
    return list(await session.scalars(query))


async def every(session: AsyncSession, commune: str) -> list[Hamlet]:
    """A commune's hamlets with those that were merged into another: their names are still said."""
    return list(await session.scalars(select(Hamlet).where(Hamlet.commune == commune)))


async def by_id(session: AsyncSession, commune: str, hamlet_id: int) -> Hamlet | None:
    """That hamlet, if it is this commune's; one that was merged is the one it was merged into."""
    query = select(Hamlet).where(Hamlet.commune == commune, Hamlet.id == hamlet_id)
    return await _present(session, (await session.scalars(query)).one_or_none())


async def by_name(session: AsyncSession, commune: str, name: str) -> Hamlet | None:
    """The hamlet of that name, without the word: "3", "khuoi meo"; also by the name of one that was merged into it."""
    query = select(Hamlet).where(Hamlet.commune == commune, Hamlet.name_key == key(name))
    return await _present(session, (await session.scalars(query)).one_or_none())


async def present_ids(session: AsyncSession, commune: str) -> dict[int, int]:
    """The id of every hamlet that the commune ever had -> its own, or that of the one it was merged into."""
    return {one.id: one.merged_into_id or one.id for one in await every(session, commune)}


async def load(session: AsyncSession, commune: str, names: Sequence[str], now: datetime) -> list[Hamlet]:
    """Adds the hamlets that are not there yet and puts all in this order; safe to repeat, deletes none.

    Returns the ones added.
    """
    known = {
        hamlet.name_key: hamlet for hamlet in await session.scalars(select(Hamlet).where(Hamlet.commune == commune))
    }
    added = []
    for position, name in enumerate(names):
        hamlet = known.get(key(name))
        if hamlet is None:
            hamlet = Hamlet(commune=commune, name=name, name_key=key(name), created_at=now)
            session.add(hamlet)
            added.append(hamlet)
            known[hamlet.name_key] = hamlet
        hamlet.position = position
    await session.flush()
    return added


async def merge(session: AsyncSession, one: Hamlet, into: Hamlet, actor: str, now: datetime) -> None:
    """Makes `one` a part of `into`: its sessions count there; its households, members, classes and requests go there.

    Its name stays known.

    Raises:
        ValueError: they are the same, or one of them was itself merged.
    """
    if one.id == into.id or one.commune != into.commune or one.merged_into_id or into.merged_into_id:
        raise ValueError(f"hamlet {one.id} can't be merged into {into.id}")
    one.merged_into_id = into.id
    for merged in await session.scalars(select(Hamlet).where(Hamlet.merged_into_id == one.id)):
        merged.merged_into_id = into.id  # chains stay one step long
    moved = {
        "household": await _moved(session, select(Household).where(Household.hamlet_id == one.id), into),
        "class": await _moved(session, select(LearningClass).where(LearningClass.hamlet_id == one.id), into),
        "request": await _moved(session, select(HelpRequest).where(HelpRequest.hamlet_id == one.id), into),
        "member": await _members_moved(session, one, into),
    }
    audit.record(
        session, commune=one.commune, actor=actor, action="hamlet.merged", subject_id=one.id,
        before={"name": one.name}, after={"into": into.id}, now=now,
    )  # fmt: skip
    for name, ids in moved.items():
        for moved_id in ids:
            audit.record(
                session, commune=one.commune, actor=actor, action=f"{name}.moved", subject_id=moved_id,
                before={"hamlet_id": one.id}, after={"hamlet_id": into.id}, now=now,
            )  # fmt: skip
    await session.flush()


async def _moved(session: AsyncSession, there: Select[Any], into: Hamlet) -> list[int]:
    """Moves what is found to a hamlet; the ids, in order."""
    found = list(await session.scalars(there))
    for row in found:
        row.hamlet_id = into.id
    return sorted(row.id for row in found)


async def _members_moved(session: AsyncSession, one: Hamlet, into: Hamlet) -> list[int]:
    """Members of one hamlet serve the other; who served both serves it once."""
    every_one = list(await session.scalars(select(MemberHamlet.member_id).where(MemberHamlet.hamlet_id == one.id)))
    both = set(
        await session.scalars(
            select(MemberHamlet.member_id).where(
                MemberHamlet.hamlet_id == into.id, MemberHamlet.member_id.in_(every_one)
            )
        )
    )
    await session.execute(delete(MemberHamlet).where(MemberHamlet.hamlet_id == one.id))
    for member_id in every_one:
        if member_id not in both:
            session.add(MemberHamlet(member_id=member_id, hamlet_id=into.id, commune=into.commune))
    return sorted(every_one)


async def _present(session: AsyncSession, hamlet: Hamlet | None) -> Hamlet | None:
    if hamlet is None or hamlet.merged_into_id is None:
        return hamlet
    return await session.get_one(Hamlet, hamlet.merged_into_id)
