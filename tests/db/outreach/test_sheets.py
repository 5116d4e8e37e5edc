"""Sheets that wait for a decision, and rows that were imported: what is remembered, for whom, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.outreach import sessions, sheets
from db.outreach.audit import OPERATOR
from db.outreach.sheets import WAITS_FOR, ImportedRow
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.rows import COMMUNE, open_conversation


async def imported(session: AsyncSession, mark: str = "abc-1", digest: str = "d1", batch: str = "b1") -> ImportedRow:
    place = await outreach.hamlet(session)
    logged = await outreach.log(session, outreach.visit(place), f"sheet:{mark}:{digest}")
    row = ImportedRow(
        commune=COMMUNE, mark=mark, digest=digest, session_id=logged.session.id, household_id=None,
        occurred_on=outreach.TODAY, batch=batch, imported_at=NOON,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row


async def test_a_sheet_waits_in_its_own_conversation_alone(database: Database) -> None:
    async with database.transaction() as session:
        mine, other = [await open_conversation(session, who) for who in ("chi-hoa", "chu-bay")]
        number = await sheets.keep(session, mine, "a.xlsx", [{"number": 5}], NOON)
        found = await sheets.waiting(session, mine, number)
        assert found is not None
        assert found.rows == [{"number": 5}]
        assert await sheets.waiting(session, other, number) is None


async def test_it_waits_for_a_day(database: Database) -> None:
    async with database.transaction() as session:
        mine = await open_conversation(session)
        number = await sheets.keep(session, mine, "a.xlsx", [], NOON)
        await sheets.delete_old(session, NOON + WAITS_FOR)
        assert await sheets.waiting(session, mine, number)
        await sheets.delete_old(session, NOON + WAITS_FOR + timedelta(seconds=1))
        assert await sheets.waiting(session, mine, number) is None


async def test_a_row_is_found_by_its_mark_and_by_what_it_said(database: Database) -> None:
    async with database.transaction() as session:
        first = await imported(session)
        second = await imported(session, "abc-2", "d2")
        assert await sheets.known(session, COMMUNE, {"abc-1"}, {"d2"}) == [first, second]
        assert await sheets.known(session, COMMUNE, {"abc-3"}, {"d3"}) == []
        assert await sheets.known(session, "dak-to", {"abc-1"}, {"d2"}) == []
        many = {f"x-{number}" for number in range(1000)} | {"abc-1"}
        assert await sheets.known(session, COMMUNE, many, ()) == [first]


async def test_a_row_outlives_its_session(database: Database) -> None:
    async with database.transaction() as session:
        row = await imported(session)
        assert row.session_id is not None
        stored = await sessions.by_id(session, COMMUNE, row.session_id)
        assert stored is not None
        await sessions.void(session, stored, reason="", actor=OPERATOR, written_at=NOON, now=NOON)
        assert await sessions.empty_trash(session, NOON + timedelta(days=31)) == 1
    async with database.transaction() as session:
        [row] = await sheets.known(session, COMMUNE, {"abc-1"}, ())
        assert row.session is None


async def test_two_that_import_the_same_row_at_once_cannot_both(database: Database) -> None:
    async with database.transaction() as session:
        await imported(session)
    with pytest.raises(IntegrityError):
        async with database.transaction() as session:
            await imported(session)


async def test_a_batch_is_found_and_forgotten_as_a_whole(database: Database) -> None:
    async with database.transaction() as session:
        first, second = await imported(session), await imported(session, "abc-2", "d2")
        await imported(session, "abc-3", "d3", "b2")
        rows = await sheets.of_batch(session, COMMUNE, "b1")
        assert rows == [first, second]
        await sheets.forget(session, rows)
        assert await sheets.known(session, COMMUNE, {"abc-1", "abc-2"}, ()) == []
        assert len(await sheets.of_batch(session, COMMUNE, "b2")) == 1
