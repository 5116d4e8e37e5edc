"""The log tells in words who changed what, and every action that the programme records has its words."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from db.engine import Database
from db.office.models import OfficeRole
from db.outreach import sessions
from office.messages import all_messages
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.office import Office, OfficeBrowser

PATH = "/office/nhat-ky"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def browser(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.EDITOR)


def test_every_recorded_action_has_its_words() -> None:
    subjects = {key.removeprefix("log.subject_") for key in all_messages() if key.startswith("log.subject_")}
    found = set()
    for folder in ("db", "bot", "office"):
        for file in (ROOT / folder).rglob("*.py"):
            found |= set(re.findall(rf'"((?:{"|".join(subjects)})\.[a-z_]+)"', file.read_text()))
    found = {one for one in found if not one.endswith((".id", ".html", ".name"))}
    assert len(found) > 20
    assert {one for one in found if f"log.{one.replace('.', '_')}" not in all_messages()} == set()


async def test_what_was_changed_is_told_with_before_and_after(browser: OfficeBrowser, database: Database) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
        an = await outreach.member(session, "An", place)
        logged = await outreach.log(session, outreach.visit(place, people=2, adults=2), by=an)
        later = NOON + timedelta(minutes=1)
        changed = outreach.visit(place, people=5, adults=2)
        await sessions.edit(session, logged.session, changed, actor=f"member:{an.id}", written_at=later, now=later)
    page = await browser.text(PATH)
    row = re.search(r"<tr>(?:(?!</tr>).)*sửa đợt hỗ trợ.*?</tr>", page)
    assert row
    assert "An" in row[0]
    assert "người 2 → 5" in row[0]
    assert f'href="/office/dot-ho-tro/{logged.session.id}"' in row[0]


async def test_it_is_narrowed_by_day_person_and_subject(browser: OfficeBrowser, database: Database) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
        an = await outreach.member(session, "An", place)
        await outreach.log(session, outreach.visit(place), by=an)
    assert "ghi đợt hỗ trợ" in await browser.text(f"{PATH}?viec=session&den=2026-11-22&ai=member:1")
    assert "Không có mục nào" in await browser.text(f"{PATH}?viec=session&tu=2026-11-23")
    assert "Không có mục nào" in await browser.text(f"{PATH}?viec=report")
    assert "ghi đợt hỗ trợ" in await browser.text(f"{PATH}?viec=x&ai=y&tu=z&den=9999-12-31")


async def test_viewers_do_not_read_it(office: Office) -> None:
    viewer = await office.signed_in(OfficeRole.VIEWER)
    assert (await viewer.get(PATH)).status_code == 403
