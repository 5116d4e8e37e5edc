"""Households: found, added, surveyed; their adults on the four pillars; those that may be the same one twice.

A pillar's count is what the last survey found plus what sessions since then achieved, never above the number of adults.
It is computed, not kept: a session that is edited, voided or arrives late needs no second book.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach import audit
from db.outreach.models import Household, OutcomeCode, Pillar, SessionOutcome, SupportSession
from db.outreach.names import are_alike, key

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_AT_ONCE = 5000
"""So many households are asked for in one query: databases refuse more than some 32,000 values."""

RAISED_BY: Mapping[OutcomeCode, Pillar] = {
    OutcomeCode.VNEID_LEVEL2: Pillar.IDENTITY,
    OutcomeCode.BASIC_DIGITAL_SKILLS: Pillar.SKILL,
    OutcomeCode.PAYMENT_ACCOUNT: Pillar.ACCOUNT,
}
"""What a session achieves for a pillar; a device is only found by surveys."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a house-to-house survey found; counts are adults, `people` all who live there."""

    people: int | None
    adults: int
    identity: int
    device: int
    skill: int
    account: int
    is_poor: bool = False
    is_ethnic_minority: bool = False
    has_elderly: bool = False
    has_disabled: bool = False


async def by_id(session: AsyncSession, commune: str, household_id: int) -> Household | None:
    """That household, if it is this commune's; one that was merged is the one it was merged into."""
    query = select(Household).where(Household.commune == commune, Household.id == household_id)
    found = (await session.scalars(query)).one_or_none()
    if found is not None and found.merged_into_id is not None:
        return await by_id(session, commune, found.merged_into_id)
    return found


async def of_hamlets(session: AsyncSession, commune: str, hamlet_ids: Collection[int]) -> list[Household]:
    """All households of some hamlets, by number and name."""
    query = (
        select(Household)
        .where(Household.commune == commune, Household.hamlet_id.in_(hamlet_ids), Household.merged_into_id.is_(None))
        .order_by(func.length(func.coalesce(Household.number, "")), Household.number, Household.name_key, Household.id)
    )
    return list(await session.scalars(query))


async def count_by_hamlet(session: AsyncSession, commune: str) -> dict[int, int]:
    """How many households each hamlet has on record, by its id; merged ones are not counted."""
    query = (
        select(Household.hamlet_id, func.count(Household.id))
        .where(Household.commune == commune, Household.merged_into_id.is_(None))
        .group_by(Household.hamlet_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def recent(session: AsyncSession, hamlet_id: int, limit: int) -> list[Household]:
    """The households of a hamlet that were visited or added last."""
    last = (
        select(func.max(SupportSession.logged_at))
        .where(SupportSession.household_id == Household.id)
        .correlate(Household)
        .scalar_subquery()
    )
    query = (
        select(Household)
        .where(Household.hamlet_id == hamlet_id, Household.merged_into_id.is_(None))
        .order_by(func.coalesce(last, Household.created_at).desc(), Household.id.desc())
        .limit(limit)
    )
    return list(await session.scalars(query))


async def search(session: AsyncSession, hamlet_id: int, words: str, limit: int) -> list[Household]:
    """Households of a hamlet whose name or number holds those words, or is like them."""
    query = (
        select(Household)
        .where(
            Household.hamlet_id == hamlet_id,
            Household.merged_into_id.is_(None),
            or_(Household.name_key.contains(key(words), autoescape=True), Household.number == words.strip()),
        )
        .order_by(Household.name_key)
        .limit(limit)
    )
    found = list(await session.scalars(query))
    if len(found) < limit:
        found += [one for one in await alike(session, hamlet_id, words) if one not in found][: limit - len(found)]
    return found


async def alike(session: AsyncSession, hamlet_id: int, name: str) -> list[Household]:
    """Households of a hamlet that may be meant by a name: to ask about before a new one is made."""
    query = select(Household).where(Household.hamlet_id == hamlet_id, Household.merged_into_id.is_(None))
    return [household for household in await session.scalars(query) if are_alike(household.name, name)]


async def named(session: AsyncSession, hamlet_id: int, name: str) -> list[Household]:
    """Households of a hamlet that are called just so, whatever the diacritics and capitals."""
    query = select(Household).where(
        Household.hamlet_id == hamlet_id, Household.merged_into_id.is_(None), Household.name_key == key(name)
    )
    return list(await session.scalars(query))


async def add(
    session: AsyncSession,
    *,
    commune: str,
    hamlet_id: int,
    name: str,
    number: str | None,
    created_by_id: int | None,
    actor: str,
    now: datetime,
) -> Household:
    """A new household."""
    household = Household(
        commune=commune, hamlet_id=hamlet_id, name=name, name_key=key(name), number=number, created_at=now,
        created_by_id=created_by_id,
    )  # fmt: skip
    session.add(household)
    await session.flush()
    audit.record(
        session, commune=commune, actor=actor, action="household.created", subject_id=household.id, before=None,
        after={"name": name, "number": number, "hamlet_id": hamlet_id}, now=now,
    )  # fmt: skip
    return household


async def survey(session: AsyncSession, household: Household, found: Survey, actor: str, now: datetime) -> None:
    """Puts what was counted in the house in place of what was known.

    Raises:
        ValueError: more adults on a pillar than adults, or a negative count.
    """
    counts = (found.adults, found.identity, found.device, found.skill, found.account)
    if min(counts) < 0 or max(counts) > found.adults or (found.people is not None and found.people < found.adults):
        raise ValueError("counts of a household must lie between 0 and its adults")
    before = {field: getattr(household, field) for field in Survey.__dataclass_fields__}
    for field, value in asdict(found).items():
        setattr(household, field, value)
    household.surveyed_at = now
    audit.record(
        session, commune=household.commune, actor=actor, action="household.surveyed", subject_id=household.id,
        before=before, after=asdict(found), now=now,
    )  # fmt: skip


async def pillars(session: AsyncSession, households: Collection[Household]) -> dict[int, dict[Pillar, int]]:
    """The adults on each pillar today, by household id."""
    found = {one.id: {pillar: getattr(one, pillar.value) for pillar in Pillar} for one in households}
    surveyed = {one.id: _day(one.surveyed_at) for one in households}
    for part in _parts(found):
        query = (
            select(SupportSession.household_id, SupportSession.occurred_on, SessionOutcome.code, SessionOutcome.count)
            .join(SessionOutcome, SessionOutcome.session_id == SupportSession.id)
            .where(
                SupportSession.household_id.in_(part),
                SupportSession.voided_at.is_(None),
                SessionOutcome.code.in_(RAISED_BY),
            )
        )
        for household_id, day, code, count in await session.execute(query):
            assert household_id is not None, "the query asks for these households"
            since = surveyed[household_id]
            if since is None or day > since:
                found[household_id][RAISED_BY[OutcomeCode(code)]] += count
    for one in households:
        if one.adults is not None:
            found[one.id] = {pillar: min(count, one.adults) for pillar, count in found[one.id].items()}
    return found


async def merge(session: AsyncSession, one: Household, into: Household, actor: str, now: datetime) -> None:
    """Two entries are the same household, as a person has said: visits of `one` become visits of `into`.

    Raises:
        ValueError: they are the same, or of two communes, or one of them was itself merged.
    """
    if one.id == into.id or one.commune != into.commune or one.merged_into_id or into.merged_into_id:
        raise ValueError(f"household {one.id} can't be merged into {into.id}")
    visits = list(await session.scalars(select(SupportSession).where(SupportSession.household_id == one.id)))
    for visit in visits:
        visit.household_id = into.id
    one.merged_into_id = into.id
    audit.record(
        session, commune=one.commune, actor=actor, action="household.merged", subject_id=one.id,
        before={"name": one.name}, after={"into": into.id, "sessions": [visit.id for visit in visits]}, now=now,
    )  # fmt: skip


def _parts(ids: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    return (ordered[at : at + _AT_ONCE] for at in range(0, len(ordered), _AT_ONCE))


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(TIME_ZONE).date() if moment else None
