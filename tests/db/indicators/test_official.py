"""Official figures: what is refused, corrections that keep what was, withdrawal."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from content.library import Library
from db.engine import Database
from db.indicators import official
from db.indicators.official import Entered, Entry, FigureError
from db.outreach import hamlets
from db.outreach.audit import OPERATOR
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.outreach import TODAY
from tests.support.rows import COMMUNE


def entry(**said: Any) -> Entry:
    """A right one, unless `said` otherwise."""
    told: dict[str, Any] = {
        "indicator": "vneid_account", "as_of": TODAY, "source": "Công an xã", "count": 600, "total": 1000,
    }  # fmt: skip
    return Entry(**(told | said))


async def enter(session: AsyncSession, library: Library, said: Entry, actor: str = OPERATOR) -> Entered:
    return await official.enter(
        session, COMMUNE, said, known=library.indicators, actor=actor, now=NOON, today=TODAY
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"indicator": "zalo"}, "unknown_indicator"),
        ({"indicator": "people_reached"}, "not_official"),
        ({"as_of": TODAY + timedelta(days=1)}, "future"),
        ({"as_of": date(1026, 1, 1)}, "too_early"),
        ({"count": -1}, "negative"),
        ({"total": -1}, "negative"),
        ({"count": 10**9, "total": 10**9}, "too_large"),
        ({"count": 1001}, "count_over_total"),
        ({"count": 0, "total": 0}, "count_over_total"),
        ({"total": None}, "no_total"),
        ({"count": None}, "no_count"),
        ({"percent": Decimal(60)}, "both"),
        ({"count": None, "total": None, "percent": Decimal("100.01")}, "percent_range"),
        ({"count": None, "total": None, "percent": Decimal("NaN")}, "percent_range"),
        ({"count": None, "total": None, "percent": Decimal("87.333")}, "percent_decimals"),
        ({"source": " "}, "no_source"),
        ({"source": "x" * 257}, "long_source"),
    ],
)
def test_what_can_not_be_is_refused_with_a_sentence(library: Library, said: dict[str, Any], reason: str) -> None:
    with pytest.raises(FigureError) as refused:
        entry(**said).check(library.indicators, TODAY)
    assert refused.value.reason == reason
    sentence = library.texts.official.error(reason, **refused.value.values)
    assert "{" not in sentence


def test_every_reason_has_its_sentence(library: Library) -> None:
    root = Path(official.__file__).parents[2]
    source = "".join((root / name).read_text() for name in ("db/indicators/official.py", "office/official_sheet.py"))
    said = set(re.findall(r'(?:FigureError|\.wrong)\(\s*"(\w+)"', source))
    assert said == set(library.texts.official.errors)


async def test_a_correction_keeps_who_changed_what_and_when(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        first = await enter(session, library, entry(), "account:1")
        assert (first.is_new, first.is_changed) == (True, True)
        again = await enter(session, library, entry())
        assert (again.is_new, again.is_changed, again.figure.id) == (False, False, first.figure.id)
        mended = await enter(session, library, entry(count=610), "account:2")
        assert (mended.is_new, mended.is_changed, mended.figure.count) == (False, True, 610)

        entered, corrected = await official.history(session, first.figure)
        assert (entered.actor, entered.before) == ("account:1", None)
        assert (corrected.actor, corrected.at, corrected.action) == ("account:2", NOON, "official_figure.corrected")
        assert corrected.before is not None and corrected.after is not None  # noqa: PT018
        assert (corrected.before["count"], corrected.after["count"]) == (600, 610)


async def test_a_withdrawn_figure_stays_readable_and_may_be_entered_again(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        figure = (await enter(session, library, entry())).figure
        with pytest.raises(FigureError, match="no_reason"):
            await official.withdraw(session, figure, reason=" ", actor=OPERATOR, now=NOON)
        assert await official.withdraw(session, figure, reason="nhầm xã", actor=OPERATOR, now=NOON)
        assert not await official.withdraw(session, figure, reason="lại nữa", actor=OPERATOR, now=NOON)
        assert [one.withdraw_reason for one in await official.all_of(session, COMMUNE)] == ["nhầm xã"]
        assert await official.all_of(session, COMMUNE, withdrawn=False) == []
        assert (await enter(session, library, entry())).is_changed
        actions = [one.action.partition(".")[2] for one in await official.history(session, figure)]
        assert actions == ["entered", "withdrawn", "corrected"]


async def test_only_hamlets_of_this_commune_that_are_still_there(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        one, into = await outreach.hamlet(session, "1"), await outreach.hamlet(session, "2")
        other = await outreach.hamlet(session, "1", commune="tan-loi")
        await hamlets.merge(session, one, into, OPERATOR, NOON)
        for place in (one, other):
            with pytest.raises(FigureError, match="unknown_hamlet"):
                await enter(session, library, entry(hamlet_id=place.id))
        assert (await enter(session, library, entry(hamlet_id=into.id))).is_new
        assert (await enter(session, library, entry())).is_new  # the commune's own is another figure
