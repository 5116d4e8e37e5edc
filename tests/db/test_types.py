"""A moment comes back from the database as the same moment, whatever the time zone it was written in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from db.engine import Database
from db.models import Conversation
from db.types import UtcDateTime
from tests.support.clock import NOON
from tests.support.rows import open_conversation

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
CENTURY = timedelta(days=36525)
anywhere = st.integers(min_value=-14 * 60, max_value=14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


async def test_a_moment_comes_back_aware_and_in_utc(database: Database) -> None:
    async with database.transaction() as session:
        await open_conversation(session, now=datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=VIETNAM))
    async with database.snapshot() as session:
        opened = (await session.scalars(select(Conversation))).one().created_at
    assert opened == datetime(2026, 11, 22, 5, 0, 0, 123456, tzinfo=UTC)
    assert opened.tzinfo is UTC


async def test_moments_are_compared_and_ordered_as_moments(database: Database) -> None:
    async with database.transaction() as session:
        await open_conversation(session, "later", now=datetime(2026, 11, 22, 6, 0, tzinfo=UTC))
        await open_conversation(session, "earlier", now=datetime(2026, 11, 22, 12, 30, tzinfo=VIETNAM))
    async with database.snapshot() as session:
        query = select(Conversation.chat).order_by(Conversation.created_at)
        assert list(await session.scalars(query)) == ["earlier", "later"]
        before = query.where(Conversation.created_at < datetime(2026, 11, 22, 12, 45, tzinfo=VIETNAM))
        assert list(await session.scalars(before)) == ["earlier"]
        assert await session.scalar(select(func.min(Conversation.created_at))) == NOON + timedelta(minutes=30)


async def test_a_moment_without_a_time_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="give it a time zone"):
        async with database.transaction() as session:
            await open_conversation(session, now=NOON.replace(tzinfo=None))


@given(
    st.datetimes(
        min_value=(NOON - CENTURY).replace(tzinfo=None),
        max_value=(NOON + CENTURY).replace(tzinfo=None),
        timezones=anywhere,
    )
)
def test_every_moment_survives_a_database_that_knows_no_time_zones(moment: datetime) -> None:
    kind, dialect = UtcDateTime(), sqlite.dialect()
    stored = kind.process_bind_param(moment, dialect)
    assert stored is not None
    assert kind.process_result_value(stored.replace(tzinfo=None), dialect) == moment
