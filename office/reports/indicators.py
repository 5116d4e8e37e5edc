"""The indicators of a report: their values as db/indicators counts them, against the targets that are still ahead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from content.commune import Commune
from content.indicators import Indicator, Target, Way
from content.library import Library
from content.periods import Period
from db.indicators.progress import Progress, of_goals
from db.indicators.values import Basis, Value, values
from office.reports.report import IndicatorLine, TargetLine


async def indicator_lines(
    session: AsyncSession, commune: Commune, library: Library, period: Period, counted_to: date
) -> tuple[IndicatorLine, ...]:
    """Those that the plan asks for, and others of which something is known; all but the outreach figures."""
    measures = [one for one in library.indicators.values() if one.way is not Way.OUTREACH]
    found = await values(session, commune.slug, measures, period=period, as_of=counted_to)
    lines = []
    for indicator in measures:
        value = found[indicator.id]
        targets = _ahead(commune.plan.targets_of(indicator.id) if commune.plan else (), counted_to)
        if targets or value.basis is not Basis.NOTHING:
            lines.append(_line(indicator, value, targets, counted_to))
    return tuple(lines)


def _ahead(targets: Sequence[Target], day: date) -> Sequence[Target]:
    """Those whose day has not passed; when all have, the last one."""
    return [target for target in targets if target.by >= day] or targets[-1:]


def _line(indicator: Indicator, value: Value, targets: Sequence[Target], day: date) -> IndicatorLine:
    progress = of_goals(value.value, targets, day, denominator=value.denominator, numerator=value.numerator)
    adds = value.basis in (Basis.OFFICIAL_AND_OUTREACH, Basis.OUTREACH)
    return IndicatorLine(
        id=indicator.id,
        name=indicator.name,
        unit=indicator.unit.value,
        value=value.value,
        numerator=value.numerator,
        denominator=value.denominator,
        official=value.official,
        since=value.since if adds else 0,
        learned=value.learned if adds else 0,
        as_of=value.as_of,
        source=value.source,
        owner=(targets[0].owner or "") if targets else "",
        targets=tuple(map(_target, progress)),
    )


def _target(progress: Progress) -> TargetLine:
    return TargetLine(progress.target, progress.by, progress.is_more_than, progress.is_met, progress.gap)
