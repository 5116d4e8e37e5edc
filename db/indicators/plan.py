"""The plan's targets against the values of a day: where the line to each target starts, and the progress to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.indicators import progress
from db.indicators.models import OfficialFigure
from db.indicators.progress import Goal, Progress, Start
from db.indicators.values import Value


class PlanGoal(Goal, Protocol):
    """A target that names its indicator; content.indicators.Target has that shape."""

    @property
    def indicator(self) -> str: ...


async def starts(
    session: AsyncSession, commune: str, indicators: Collection[str], *, hamlet_id: int | None = None
) -> dict[str, Start]:
    """The first official share of each indicator that has one, of the commune or a hamlet."""
    query = (
        select(OfficialFigure)
        .where(
            OfficialFigure.commune == commune,
            OfficialFigure.indicator.in_(indicators),
            OfficialFigure.withdrawn_at.is_(None),
            OfficialFigure.hamlet_id.is_(None) if hamlet_id is None else OfficialFigure.hamlet_id == hamlet_id,
        )
        .order_by(OfficialFigure.as_of.desc(), OfficialFigure.id.desc())
    )
    found: dict[str, Start] = {}
    for figure in await session.scalars(query):  # the earliest comes last and stays
        if figure.percent is not None:
            found[figure.indicator] = Start(figure.as_of, figure.percent)
    return found


async def against_plan(
    session: AsyncSession,
    commune: str,
    values: Mapping[str, Value],
    targets: Iterable[PlanGoal],
    day: date,
    *,
    hamlet_id: int | None = None,
) -> dict[str, tuple[Progress, ...]]:
    """How the values stand to the plan's targets on a day: by indicator, the nearest horizon first.

    Indicators without a target are not in it. The plan's shares are the commune's; a hamlet is held against them too.
    """
    goals: dict[str, list[PlanGoal]] = {}
    for target in targets:
        if target.indicator in values:
            goals.setdefault(target.indicator, []).append(target)
    begun = await starts(session, commune, list(goals), hamlet_id=hamlet_id)
    return {
        indicator: progress.of_goals(
            values[indicator].value, some, day, start=begun.get(indicator), denominator=values[indicator].denominator,
            numerator=values[indicator].numerator,
        )
        for indicator, some in goals.items()
    }  # fmt: skip
