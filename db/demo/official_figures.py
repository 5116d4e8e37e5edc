"""The official figures of a made-up year, growing from quarter to quarter; one corrected, one withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from db.demo.people import Helper, Home
from db.demo.scene import Scene
from db.indicators import official
from db.indicators.models import OfficialFigure
from db.indicators.official import OUTREACH, PERCENT_UNIT, Entry, KnownById
from db.outreach.models import Hamlet, Role

COVERAGE = "coverage"
QUARTERS = (11, 8, 5, 2)
"""Ends of months so long ago; those of the last two are given for each hamlet too."""
UNLISTED = 1.15
"""Adults of a hamlet for each adult of its listed households."""


async def enter(scene: Scene, known: KnownById, hamlets: Sequence[Hamlet], homes: Sequence[Home], by: Helper) -> None:
    """Enters figures where there are no real ones."""
    assert by.role is Role.OFFICE, "official figures are the office's"
    adults = {
        place.id: round(UNLISTED * sum(home.adults for home in homes if home.hamlet_id == place.id))
        for place in hamlets
    }
    taken = select(OfficialFigure.indicator, OfficialFigure.hamlet_id, OfficialFigure.as_of)
    found = await scene.session.execute(taken.where(OfficialFigure.commune == scene.commune))
    there = {(indicator, hamlet_id, as_of) for indicator, hamlet_id, as_of in found}
    entered: list[Entry] = []
    for indicator, measure in known.items():
        if str(measure.way) == OUTREACH or str(measure.unit) != PERCENT_UNIT:
            continue
        begins, grows = scene.rng.uniform(0.3, 0.6), scene.rng.uniform(0.03, 0.09)
        skill = {place: scene.rng.uniform(0.85, 1.15) for place in adults}
        for number, ago in enumerate(QUARTERS):
            share = min(begins + grows * number, 0.93)
            day = _month_end(scene.today, ago)
            if str(measure.way) != COVERAGE:
                entered.append(
                    Entry(indicator, day, scene.texts.official_source, percent=Decimal(round(share * 1000)) / 10)
                )
                continue
            counts = {place: min(round(total * share * skill[place]), total) for place, total in adults.items()}
            whole = Entry(
                indicator, day, scene.texts.official_source, count=sum(counts.values()), total=sum(adults.values())
            )
            entered.append(whole)
            if number >= len(QUARTERS) - 2:
                entered += [
                    replace(whole, hamlet_id=place, count=count, total=adults[place]) for place, count in counts.items()
                ]
    new = [entry for entry in entered if (entry.indicator, entry.hamlet_id, entry.as_of) not in there]
    for entry in new:
        await _enter(scene, known, entry, by, days_after=3)
    await _mend(scene, known, new, by)


async def _enter(scene: Scene, known: KnownById, entry: Entry, by: Helper, days_after: int) -> OfficialFigure:
    now = scene.at(entry.as_of + timedelta(days=days_after), 10)
    stored = await official.enter(
        scene.session, scene.commune, entry, known=known, actor=by.actor, now=now, today=scene.today
    )
    stored.figure.is_demo = True
    return stored.figure


async def _mend(scene: Scene, known: KnownById, new: Sequence[Entry], by: Helper) -> None:
    """Corrects the first share and withdraws the second, so that histories can be seen."""
    shares = [entry for entry in new if entry.percent is not None]
    if shares:
        entry = shares[0]
        assert entry.percent is not None, "chosen by it"
        mended = replace(entry, percent=min(entry.percent + Decimal("0.5"), Decimal(100)))
        await _enter(scene, known, mended, by, days_after=5)
    if len(shares) > 1:
        figure = await _enter(scene, known, shares[1], by, days_after=3)
        at = scene.at(shares[1].as_of + timedelta(days=6), 9)
        await official.withdraw(scene.session, figure, reason=scene.texts.withdraw_reason, actor=by.actor, now=at)


def _month_end(today: date, ago: int) -> date:
    """The last day of the month that many months back."""
    months = today.year * 12 + today.month - 1 - (ago - 1)
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)
