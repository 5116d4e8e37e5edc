"""Which message answered a question about a session: one question a message, gone with the session."""

from __future__ import annotations

from datetime import timedelta

from db.engine import Database
from db.outreach import answers, sessions
from db.outreach.audit import OPERATOR
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.rows import COMMUNE

ORIGIN = "chat:1:7:"


async def test_of_a_message_and_its_edits_the_one_written_last_counts(database: Database) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        stored = (await outreach.log(session, outreach.visit(place), "visit:1")).session
        for minutes in (5, 1):
            at = NOON + timedelta(minutes=minutes)
            await answers.note(session, stored, origin=ORIGIN, wants="people", written_at=at)
    async with database.snapshot() as session:
        noted = await answers.of_origin(session, COMMUNE, ORIGIN)
        assert noted is not None
        assert (noted.session_id, noted.wants) == (stored.id, "people")
        assert noted.written_at == NOON + timedelta(minutes=5)
        assert await answers.of_origin(session, "another", ORIGIN) is None


async def test_it_goes_with_its_session(database: Database) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        stored = (await outreach.log(session, outreach.visit(place), "visit:1")).session
        await answers.note(session, stored, origin=ORIGIN, wants="people", written_at=NOON)
        await sessions.void(session, stored, reason="", actor=OPERATOR, written_at=NOON, now=NOON)
        await sessions.empty_trash(session, NOON + timedelta(days=31))
        assert await answers.of_origin(session, COMMUNE, ORIGIN) is None
