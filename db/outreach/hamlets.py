"""Hamlets: loaded from the commune's profile, found by name, merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach import audit
from db.outreach.models import Hamlet, Household, MemberHamlet
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
    """That hamlet, if it is this commune's."""
    query = select(Hamlet).where(Hamlet.commune == commune, Hamlet.id == hamlet_id)
    return (await session.scalars(query)).one_or_none()


async def by_name(session: AsyncSession, commune: str, name: str) -> Hamlet | None:
    """The hamlet of that name, without the word: "3", "khuoi meo"."""
    query = select(Hamlet).where(Hamlet.commune == commune, Hamlet.name_key == key(name))
    return (await session.scalars(query)).one_or_none()


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
    """Makes `one` a part of `into`: its sessions count there, its households and members go there.

    Its name stays known.

    Raises:
        ValueError: they are the same, or `into` was itself merged.
    """
    if one.id == into.id or one.commune != into.commune or into.merged_into_id is not None:
        raise ValueError(f"hamlet {one.id} can't be merged into {into.id}")
    one.merged_into_id = into.id
    for merged in await session.scalars(select(Hamlet).where(Hamlet.merged_into_id == one.id)):
        merged.merged_into_id = into.id  # chains stay one step long
    await session.execute(update(Household).where(Household.hamlet_id == one.id).values(hamlet_id=into.id))
    served = select(MemberHamlet.member_id).where(MemberHamlet.hamlet_id == into.id).scalar_subquery()
    both = delete(MemberHamlet).where(MemberHamlet.hamlet_id == one.id, MemberHamlet.member_id.in_(served))
    await session.execute(both.execution_options(synchronize_session=False))
    await session.execute(update(MemberHamlet).where(MemberHamlet.hamlet_id == one.id).values(hamlet_id=into.id))
    audit.record(
        session, commune=one.commune, actor=actor, action="hamlet.merged", subject_id=one.id,
        before={"name": one.name}, after={"into": into.id}, now=now,
    )  # fmt: skip
