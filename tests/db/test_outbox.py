"""Replies are claimed in order, one a conversation at a time, by one sender at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from db import outbox
from db.engine import Database
from db.models import OutboxMessage
from tests.support.clock import NOON
from tests.support.rows import answer, arrival, store, write_to

LEASE = timedelta(minutes=2)


def text_of(messages: list[OutboxMessage]) -> list[str]:
    return [message.body["text"] for message in messages]


async def claim(
    database: Database, *, now: datetime = NOON, limit: int = 10, channels: tuple[str, ...] = ("telegram",)
) -> list[str]:
    async with database.transaction() as session:
        return text_of(await outbox.claim(session, channels, now=now, lease=LEASE, limit=limit))


async def change(database: Database, text: str, **columns: object) -> None:
    async with database.transaction() as session:
        found = [message for message in await every(database) if message.body["text"] == text]
        stored = await session.get_one(OutboxMessage, found[0].id)
        for column, value in columns.items():
            setattr(stored, column, value)


async def every(database: Database) -> list[OutboxMessage]:
    from sqlalchemy import select

    async with database.snapshot() as session:
        return list(await session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))
