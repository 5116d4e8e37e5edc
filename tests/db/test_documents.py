"""Files that replies bring: fetched by their key alone, gone with their time or with their conversation."""

from __future__ import annotations

from datetime import timedelta

from db import conversations, documents
from db.documents import KEPT_FOR, File
from db.engine import Database
from tests.support.clock import NOON
from tests.support.rows import open_conversation

FILE = File("mẫu.xlsx", "application/octet-stream", bytes(range(256)))


async def test_a_file_comes_back_byte_for_byte(database: Database) -> None:
    async with database.transaction() as session:
        key = await documents.keep(session, await open_conversation(session), FILE, NOON)
    async with database.snapshot() as session:
        assert await documents.fetch(session, key) == FILE
        assert await documents.fetch(session, key[:-1]) is None


async def test_every_file_has_a_key_of_its_own(database: Database) -> None:
    async with database.transaction() as session:
        conversation = await open_conversation(session)
        keys = {await documents.keep(session, conversation, FILE, NOON) for _ in range(5)}
    assert len(keys) == 5
    assert min(len(key) for key in keys) >= 32


async def test_it_is_kept_for_a_week(database: Database) -> None:
    async with database.transaction() as session:
        key = await documents.keep(session, await open_conversation(session), FILE, NOON)
        await documents.delete_old(session, NOON + KEPT_FOR)
        assert await documents.fetch(session, key) is not None
        await documents.delete_old(session, NOON + KEPT_FOR + timedelta(seconds=1))
        assert await documents.fetch(session, key) is None


async def test_who_has_everything_deleted_leaves_no_file(database: Database) -> None:
    async with database.transaction() as session:
        conversation = await open_conversation(session)
        key = await documents.keep(session, conversation, FILE, NOON)
        await conversations.forget(session, conversation, keep_inbox_id=1, now=NOON)
        assert await documents.fetch(session, key) is None
