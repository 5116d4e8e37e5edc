"""Who counts, by consent and once a person, as an adult with basic digital skills after finishing the course."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import persons
from db.engine import insert_if_new
from db.lessons.models import CountedLearner
from db.models import Conversation
from db.outreach import audit
from db.outreach.models import OutcomeCode
from db.reach.accounts import person_behind

OUTCOME = OutcomeCode.BASIC_DIGITAL_SKILLS.value
"""The outcome of support sessions beside which learners count."""


async def agree(
    session: AsyncSession, who: Conversation, *, hamlet_id: int, finished_on: date, actor: str, now: datetime
) -> bool:
    """Counts a person in a hamlet, with their consent; False when they count already, in whichever of their chats."""
    if await hamlet_of(session, who) is not None:
        return False
    person = await persons.account_hash(session, who)
    new_id = await session.scalar(
        insert_if_new(
            session, CountedLearner, commune=who.commune, person=person, hamlet_id=hamlet_id, finished_on=finished_on,
            agreed_at=now,
        ).returning(CountedLearner.id)
    )  # fmt: skip
    if new_id is None:
        return False
    audit.record(
        session, commune=who.commune, actor=actor, action="learner.counted", subject_id=new_id, before=None,
        after={"hamlet_id": hamlet_id, "finished_on": finished_on.isoformat()}, now=now,
    )  # fmt: skip
    return True


async def hamlet_of(session: AsyncSession, who: Conversation) -> int | None:
    """The hamlet in which a person counts; None when they do not."""
    query = select(CountedLearner.hamlet_id).where(
        CountedLearner.commune == who.commune, CountedLearner.person.in_(await _accounts(session, who))
    )
    return (await session.scalars(query.order_by(CountedLearner.id).limit(1))).first()


async def withdraw(session: AsyncSession, who: Conversation, *, actor: str, now: datetime) -> bool:
    """Takes a person out again, at their wish; False when they did not count."""
    return await _delete(session, who, await _accounts(session, who), actor, now)


async def forget(session: AsyncSession, who: Conversation, now: datetime) -> None:
    """Takes out what counts by this very account: its owner has all data deleted."""
    await _delete(session, who, [await persons.account_hash(session, who)], audit.CITIZEN, now)


async def by_day(session: AsyncSession, commune: str, until: date) -> Sequence[tuple[int, date, int]]:
    """How many people count from which day on in which hamlet, by day; who linked two counted chats is one."""
    person = person_behind(CountedLearner.person, CountedLearner.commune).label("person")
    each = (
        select(CountedLearner.id, func.row_number().over(partition_by=person, order_by=CountedLearner.id).label("nth"))
        .where(CountedLearner.commune == commune)
        .subquery()
    )
    query = (
        select(CountedLearner.hamlet_id, CountedLearner.finished_on, func.count())
        .join(each, each.c.id == CountedLearner.id)
        .where(each.c.nth == 1, CountedLearner.finished_on <= until)
        .group_by(CountedLearner.hamlet_id, CountedLearner.finished_on)
        .order_by(CountedLearner.finished_on)
    )
    return [(int(place), day, int(people)) for place, day, people in await session.execute(query)]


async def _delete(session: AsyncSession, who: Conversation, accounts: Sequence[str], actor: str, now: datetime) -> bool:
    gone = await session.execute(
        delete(CountedLearner)
        .where(CountedLearner.commune == who.commune, CountedLearner.person.in_(accounts))
        .returning(CountedLearner.id, CountedLearner.hamlet_id)
    )
    found = gone.all()
    for learner_id, hamlet_id in found:
        audit.record(
            session, commune=who.commune, actor=actor, action="learner.withdrawn", subject_id=learner_id,
            before={"hamlet_id": hamlet_id}, after=None, now=now,
        )  # fmt: skip
    return bool(found)


async def _accounts(session: AsyncSession, who: Conversation) -> list[str]:
    chats = await persons.conversations_of(session, persons.person_of(who))
    return [await persons.account_hash(session, chat) for chat in chats]
