"""A commune with some months of outreach, as tests of reports need it, and LibreOffice to open what was written."""

from __future__ import annotations

import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from content.commune import Commune
from content.periods import Period, read_period
from db.outreach import classes, hamlets
from db.outreach.models import HelpRequest, OutcomeCode, SessionKind
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.outreach import visit

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
"""Days in those reporting months."""


def period(code: str, commune: Commune) -> Period:
    """A period of a commune's calendar."""
    return read_period(code, commune.reporting_periods)


async def fill(session: AsyncSession, commune: Commune) -> None:
    """Visits in September and October in the first two hamlets, a class, and requests in each state."""
    await hamlets.load(session, commune.slug, commune.hamlets, NOON)
    first, second = (await hamlets.all_of(session, commune.slug))[:2]
    home = await outreach.household(session, "Lê Văn Bình", place=first)
    other = await outreach.household(session, "Trần Thị Cúc", place=second)
    done = {OutcomeCode.VNEID_LEVEL2: 2, OutcomeCode.PAYMENT_ACCOUNT: 1}
    await outreach.log(session, visit(first, home, people=2, occurred_on=SEPTEMBER), "a")
    await outreach.log(session, visit(first, home, people=3, elderly=1, occurred_on=OCTOBER, outcomes=done), "b")
    await outreach.log(session, visit(first, home, people=2, occurred_on=OCTOBER + timedelta(2)), "c")
    await outreach.log(session, visit(second, other, people=234, poor=1, occurred_on=OCTOBER), "d")
    held = await classes.create(
        session, commune=commune.slug, hamlet_id=first.id, title='=Lớp "VNeID"', place="Nhà văn hóa",
        starts_at=NOON, created_by_id=None, actor="operator", now=NOON,
    )  # fmt: skip
    lesson = visit(first, kind=SessionKind.CLASS, class_id=held.id, people=990, elderly=5, occurred_on=OCTOBER)
    await outreach.log(session, lesson, "e")
    for state in ("open", "taken", "done", "done", "cancelled"):
        session.add(HelpRequest(commune=commune.slug, kind="human", state=state, created_at=_morning(OCTOBER)))
    await session.flush()


def open_in_libreoffice(file: Path, into: str) -> None:
    """Converts a file, beside itself, as LibreOffice reads it: formulas are computed, pages are laid out."""
    profile = file.parent / "libreoffice"
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", into]
    subprocess.run([*command, "--outdir", str(file.parent), str(file)], check=True, capture_output=True, timeout=120)


def _morning(day: date) -> datetime:
    return NOON.replace(month=day.month, day=day.day)
