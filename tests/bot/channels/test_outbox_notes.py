"""What is noted at the same time is written together, and nobody suffers for another's mishap."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.outbox import ClaimLostError
from bot.channels.outbox_notes import Change, OutboxNotes
from db.engine import Database
from db.models import OutboxMessage
from tests.support.rows import write_to


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


async def test_each_change_is_kept_or_refused_for_itself(database: Database) -> None:
    async with database.transaction() as session:
        first, second, third = await write_to(session, "an", "một", "hai", "ba")

    def attempts(number: int) -> Change:
        def change(message: OutboxMessage | None) -> None:
            assert message is not None
            message.attempts = number

        return change

    def refuse(_: OutboxMessage | None) -> None:
        raise ClaimLostError

    def spoil(message: OutboxMessage | None) -> None:
        assert message is not None
        setattr(message, "channel", None)  # noqa: B010 - the database refuses it, as the type checker would

    def is_gone(message: OutboxMessage | None) -> None:
        assert message is None

    notes = OutboxNotes(database)
    came = await asyncio.gather(
        notes.write(first.id, attempts(1)),
        notes.write(second.id, refuse),
        notes.write(third.id, spoil),
        notes.write(987654, is_gone),
        return_exceptions=True,
    )
    assert [type(one).__name__ for one in came] == ["NoneType", "ClaimLostError", "IntegrityError", "NoneType"]
    async with database.snapshot() as session:
        query = select(OutboxMessage.attempts, OutboxMessage.channel).order_by(OutboxMessage.id)
        assert [tuple(row) for row in await session.execute(query)] == [
            (1, "telegram"), (0, "telegram"), (0, "telegram"),
        ]  # fmt: skip
