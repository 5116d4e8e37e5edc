"""How the commune stands to its plan: each indicator with its value, that before, and its progress to the targets."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from content.commune import Commune
from content.indicators import Indicator, Way
from content.periods import Period
from db.indicators import plan as plans
from db.indicators.progress import Progress
from db.indicators.values import Basis, Value, trend


@dataclass(frozen=True, slots=True)
class Standing:
    """One indicator in a period. `before` is its value in the period before, `targets` its progress to each horizon."""

    indicator: Indicator
    value: Value
    before: Value
    targets: tuple[Progress, ...] = ()
    owner: str = ""

    @property
    def nearest(self) -> Progress | None:
        """The progress to the next horizon; when all are past, to the last one."""
        ahead = [one for one in self.targets if not one.is_over]
        return ahead[0] if ahead else self.targets[-1] if self.targets else None

    @property
    def lags(self) -> bool:
        """Whether it is known to be behind its plan."""
        return bool(self.nearest and self.nearest.lags)

    @property
    def change(self) -> float | None:
        """What was added since the period before; None when one of the values is unknown."""
        if self.value.value is None or self.before.value is None:
            return None
        return float(self.value.value - self.before.value)


async def standings(
    session: AsyncSession,
    commune: Commune,
    indicators: Iterable[Indicator],
    period: Period,
    today: date,
    *,
    hamlet_ids: Collection[int] | None = None,
) -> list[Standing]:
    """Those that the plan asks for, and others of which something is known; not the figures of outreach alone."""
    measures = [one for one in indicators if one.way is not Way.OUTREACH]
    day = min(today, period.last)
    found = await trend(session, commune.slug, measures, [period.previous, _until(period, day)], hamlet_ids=hamlet_ids)
    present = {name: some[1] for name, some in found.items()}
    targets = commune.plan.targets if commune.plan else ()
    hamlet_id = next(iter(hamlet_ids)) if hamlet_ids and len(hamlet_ids) == 1 else None
    progress = await plans.against_plan(session, commune.slug, present, targets, day, hamlet_id=hamlet_id)
    owners = {target.indicator: target.owner or "" for target in targets}
    return [
        Standing(one, present[one.id], found[one.id][0], progress.get(one.id, ()), owners.get(one.id, ""))
        for one in measures
        if one.id in progress or present[one.id].basis is not Basis.NOTHING
    ]


@dataclass(frozen=True, slots=True)
class _Days:
    first: date
    last: date


def _until(period: Period, day: date) -> _Days:
    """The period as far as it has come."""
    return _Days(period.first, day)
