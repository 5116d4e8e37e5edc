"""The support sessions behind a figure: a filter that a page puts into its own query, or their ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.outreach.models import Group, SessionKind, SessionOutcome, SupportSession


@dataclass(frozen=True, slots=True)
class Behind:
    """Sessions of a commune from `first` to `last` (both included), and of these if given.

    hamlet_ids: as the sessions name them, with hamlets that were merged. outcome: only those that achieved it. group:
    only those that helped somebody of it. of_household: only those with a household.
    """

    commune: str
    first: date
    last: date
    hamlet_ids: frozenset[int] | None = None
    outcome: str | None = None
    kind: SessionKind | None = None
    group: Group | None = None
    of_household: bool = False

    def condition(self) -> ColumnElement[bool]:
        """For `select(SupportSession).where(...)`."""
        wanted = [
            SupportSession.commune == self.commune,
            SupportSession.voided_at.is_(None),
            SupportSession.occurred_on.between(self.first, self.last),
        ]
        if self.hamlet_ids is not None:
            wanted.append(SupportSession.hamlet_id.in_(self.hamlet_ids))
        if self.outcome is not None:
            has_it = exists().where(
                SessionOutcome.session_id == SupportSession.id,
                SessionOutcome.code == self.outcome,
                SessionOutcome.count > 0,
            )
            wanted.append(has_it)
        if self.kind is not None:
            wanted.append(SupportSession.kind == self.kind.value)
        if self.group is not None:
            wanted.append(getattr(SupportSession, self.group.value) > 0)
        if self.of_household:
            wanted.append(SupportSession.household_id.is_not(None))
        return and_(*wanted)


def condition(some: Iterable[Behind]) -> ColumnElement[bool]:
    """The sessions of any of these filters, each once; of none of them nothing."""
    return or_(false(), *(one.condition() for one in some))


async def session_ids(session: AsyncSession, some: Iterable[Behind]) -> list[int]:
    """The ids of the sessions behind a figure, the latest day first."""
    query = (
        select(SupportSession.id)
        .where(condition(some))
        .order_by(SupportSession.occurred_on.desc(), SupportSession.id.desc())
    )
    return list(await session.scalars(query))
