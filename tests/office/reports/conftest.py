"""A report with something in every part, made once: what it is written as is looked at from many sides."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from content.library import Library
from db.engine import Database
from office.reports.compose import compose
from office.reports.report import Adjustment, Report
from tests.support.clock import NOON
from tests.support.reports import fill, period


@pytest.fixture(scope="package")
def report(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """October of a commune, with an adjustment of September."""
    return asyncio.run(_composed(library, tmp_path_factory.mktemp("report")))


async def _composed(library: Library, folder: Path) -> Report:
    commune = library.communes["tan-loi"]
    database = Database(f"sqlite+aiosqlite:///{folder / 'test.db'}")
    try:
        await database.migrate()
        async with database.transaction() as session:
            await fill(session, commune)
            composed = await compose(session, commune, library, period("2026-10", commune), NOON)
    finally:
        await database.close()
    return replace(
        composed,
        adjustments=(Adjustment("2026-09", "tháng 9/2026", "sessions", "Đợt hỗ trợ", "đợt", 1, 3),),
        texts=composed.texts | {"adjustments": "Số liệu đã báo cáo được điều chỉnh như sau:"},
    )
