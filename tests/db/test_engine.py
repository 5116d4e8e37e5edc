"""Transactions keep all or nothing, writers wait for each other, readers wait for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from db import conversations
from db.engine import Database, alembic_config, insert_if_new
from db.models import Conversation, InboxMessage
from tests.support.clock import NOON
from tests.support.ports import free_port
from tests.support.rows import COMMUNE, arrival, open_conversation, store, write_to

DEADLINE_SECONDS = 10


class PowerCutError(Exception):
    """What breaks a transaction off here."""


@pytest.fixture
async def other_process(database: Database) -> AsyncIterator[Database]:
    """The same database as another process has it open."""
    other = Database(database.url)
    yield other
    await other.close()


async def count(database: Database, table: type[Conversation] | type[InboxMessage]) -> int:
    async with database.snapshot() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_a_transaction_that_ends_well_keeps_everything(database: Database) -> None:
    async with database.transaction() as session:
        await store(session, arrival(by="ba-an"))
        await store(session, arrival(by="ong-ba"))
    assert await count(database, Conversation) == 2
    assert await count(database, InboxMessage) == 2


async def test_a_transaction_that_breaks_keeps_nothing(database: Database) -> None:
    async def store_and_break() -> None:
        async with database.transaction() as session:
            await store(session, arrival())
            raise PowerCutError

    with pytest.raises(PowerCutError):
        await store_and_break()
    assert await count(database, Conversation) == 0
    assert await count(database, InboxMessage) == 0


async def test_a_cancelled_transaction_keeps_nothing_and_stands_in_nobodys_way(database: Database) -> None:
    written = asyncio.Event()

    async def write_and_wait() -> None:
        async with database.transaction() as session:
            await store(session, arrival(by="ba-an"))
            written.set()
            await asyncio.Event().wait()

    writing = asyncio.create_task(write_and_wait())
    await written.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    async with asyncio.timeout(DEADLINE_SECONDS), database.transaction() as session:
        await store(session, arrival(by="ong-ba"))
    async with database.snapshot() as session:
        assert list(await session.scalars(select(Conversation.chat))) == ["ong-ba"]


async def test_a_transaction_cancelled_at_any_moment_stands_in_nobodys_way(database: Database) -> None:
    async def write(who: str) -> None:
        async with database.transaction() as session:
            await store(session, arrival(by=who))

    for moment in range(60):
        writing = asyncio.create_task(write("ba-an"))
        for _ in range(moment):
            await asyncio.sleep(0)
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
        async with asyncio.timeout(DEADLINE_SECONDS):
            await write("ong-ba")


async def test_many_turns_at_once_wait_for_each_other_and_lose_no_change(
    database: Database, other_process: Database
) -> None:
    async with database.transaction() as session:
        conversation_id = (await open_conversation(session)).id

    async def take_turn(where: Database) -> None:
        async with where.transaction() as session:
            conversation = await conversations.lock(session, conversation_id)
            turns = conversation.state.get("turns", 0)
            await asyncio.sleep(0)
            conversation.state = {"turns": turns + 1}

    await asyncio.gather(*(take_turn(where) for _ in range(10) for where in (database, other_process)))
    async with database.snapshot() as session:
        assert (await session.scalars(select(Conversation))).one().state == {"turns": 20}


async def test_a_reader_waits_for_no_writer_and_sees_only_what_is_committed(database: Database) -> None:
    async with database.transaction() as session:
        await open_conversation(session, "ba-an")
        await session.flush()
        async with asyncio.timeout(DEADLINE_SECONDS):
            assert await count(database, Conversation) == 0
    assert await count(database, Conversation) == 1


async def test_what_a_snapshot_changes_is_not_kept(database: Database) -> None:
    async with database.snapshot() as session:
        await open_conversation(session)
    assert await count(database, Conversation) == 0


async def test_a_row_can_not_point_to_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction() as session:
            session.add(
                InboxMessage(
                    commune=COMMUNE, conversation_id=99, channel="telegram", message_id="1", kind="text", sent_at=NOON,
                    received_at=NOON,
                )
            )  # fmt: skip


async def test_the_id_of_a_deleted_row_is_not_given_to_the_next_one(database: Database) -> None:
    async with database.transaction() as session:
        [reply] = await write_to(session, "ba-an", "một")
        await session.execute(delete(Conversation))  # and with it what belongs to it
    async with database.transaction() as session:
        [next_reply] = await write_to(session, "ba-an", "hai")
    assert next_reply.id > reply.id
    assert (next_reply.inbox_id or 0) > (reply.inbox_id or 0)
    assert next_reply.conversation_id > reply.conversation_id


async def test_inserting_what_is_there_already_changes_nothing(database: Database) -> None:
    values = {"commune": COMMUNE, "channel": "telegram", "chat": "ba-an", "sender": "ba-an"}
    moments = {"created_at": NOON, "last_seen_at": NOON}
    async with database.transaction() as session:
        await session.execute(insert_if_new(session, Conversation, **values, **moments, state={"first": True}))
        await session.execute(insert_if_new(session, Conversation, **values, **moments, state={"first": False}))
    async with database.snapshot() as session:
        assert [found.state for found in await session.scalars(select(Conversation))] == [{"first": True}]


async def test_inserting_the_same_from_many_places_at_once_makes_one_row(
    database: Database, other_process: Database
) -> None:
    async def open_one(where: Database) -> int:
        async with where.transaction() as session:
            conversation = await open_conversation(session)
            await asyncio.sleep(0)
            return conversation.id

    opened = await asyncio.gather(*(open_one(where) for _ in range(5) for where in (database, other_process)))
    assert len(set(opened)) == 1


async def test_a_database_that_is_there_answers_a_ping(database: Database) -> None:
    await database.ping()


async def test_a_server_that_can_not_be_reached_is_told() -> None:
    database = Database(f"postgresql+psycopg://test@127.0.0.1:{free_port()}/test")
    with pytest.raises(SQLAlchemyError):
        await database.ping()
    await database.close()


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "test.db").write_text("Không phải là cơ sở dữ liệu." * 100)
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    for ask in (database.migrate, database.ping):
        with pytest.raises(SQLAlchemyError):
            await ask()
    await database.close()


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'nowhere' / 'test.db'}")
    with pytest.raises(SQLAlchemyError, match="unable to open database file"):
        await database.migrate()
    await database.close()


def test_a_password_with_a_percent_sign_reaches_the_migrations_unharmed() -> None:
    address = "postgresql+psycopg://bot:100%25@localhost/daisuso"
    assert alembic_config(address).get_main_option("sqlalchemy.url") == address
