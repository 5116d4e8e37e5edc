"""A folder for data in which a commune has a small made-up year, and an account of each role: for real browsers."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from bot.settings import ROOT
from content.demo import read_demo
from db.clock import utc_now
from db.demo.fill import fill
from db.demo.scene import Size
from db.engine import Database
from db.office import accounts
from db.office.models import OfficeRole
from db.outreach import hamlets
from db.outreach.audit import OPERATOR
from office import passwords
from office.reports import desk
from tests.support.office import PASSWORD
from tests.support.reports import period
from tests.support.rows import COMMUNE
from tests.support.site import make_settings, shipped_library

SMALL = Size(households=60, sessions=150, classes=6, requests=10, questions=16, conversations=10)
NAMES = {OfficeRole.VIEWER: "Lê Văn Xem", OfficeRole.EDITOR: "Nguyễn Thu Hoài", OfficeRole.ADMIN: "Trần Minh Quản"}


def fill_folder(var: Path, size: Size = SMALL) -> None:
    """Makes the database of a site that has not been started yet; user names are those of the roles."""
    var.mkdir(parents=True, exist_ok=True)
    asyncio.run(_fill(Database(make_settings(var).database), size, utc_now()))


async def _fill(database: Database, size: Size, now: datetime) -> None:
    library = shipped_library().current
    commune = library.communes[COMMUNE]
    await database.migrate()
    hashed = await passwords.hash_password(PASSWORD)
    async with database.transaction() as session:
        await hamlets.load(session, COMMUNE, commune.hamlets, now)
        texts = read_demo(ROOT / "content")
        await fill(session, COMMUNE, texts=texts, known=library.indicators, now=now, size=size)
        for role, name in NAMES.items():
            account = await accounts.add(
                session, COMMUNE, user_name=role.value, name=name, role=role, actor=OPERATOR, now=now
            )
            account.password_hash = hashed
    last = period("2026-11", commune)
    await desk.draft(database, commune, library, last, actor=f"office:{OfficeRole.EDITOR.value}", now=now)
    await database.close()
