"""A broadcast is seen by two people, can be stopped at any moment, and every step of it is in the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from db.broadcasts import broadcasts
from db.broadcasts.broadcasts import LONGEST_TEXT, BroadcastError
from db.broadcasts.letter import letter_of
from db.broadcasts.models import BroadcastState
from db.engine import Database
from db.outreach import audit
from tests.support.broadcasts import ALERT, SECOND, WRITER, approved
from tests.support.clock import NOON
from tests.support.rows import COMMUNE


async def test_each_step_is_logged_with_who_took_it(database: Database) -> None:
    async with database.transaction() as session:
        broadcast = await approved(session)
        await broadcasts.stop(session, broadcast, actor=WRITER, now=NOON, reason="sai số")
    async with database.snapshot() as session:
        entries = await audit.history(session, COMMUNE, "broadcast", broadcast.id)
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("broadcast.created", WRITER),
        ("broadcast.submitted", WRITER),
        ("broadcast.approved", SECOND),
        ("broadcast.stopped", WRITER),
    ]
    assert (broadcast.state, broadcast.approved_by, broadcast.ended_at) == ("stopped", SECOND, NOON)


async def test_whoever_wrote_the_text_last_cannot_approve_it(database: Database) -> None:
    async with database.transaction() as session:
        broadcast = await broadcasts.create(session, COMMUNE, ALERT, actor=WRITER, now=NOON)
        await broadcasts.edit(session, broadcast, replace(ALERT, text="Bản mới"), actor=SECOND, now=NOON)
        broadcasts.submit(session, broadcast, actor=WRITER, now=NOON)
        with pytest.raises(BroadcastError, match="same_person"):
            broadcasts.approve(session, broadcast, actor=SECOND, now=NOON)
        broadcasts.approve(session, broadcast, actor=WRITER, now=NOON)
        assert (broadcast.state, letter_of(broadcast).text) == (BroadcastState.APPROVED, "Bản mới")


async def test_what_was_handed_on_is_changed_no_more_and_what_was_rejected_can_be_mended(database: Database) -> None:
    async with database.transaction() as session:
        broadcast = await broadcasts.create(session, COMMUNE, ALERT, actor=WRITER, now=NOON)
        broadcasts.submit(session, broadcast, actor=WRITER, now=NOON)
        with pytest.raises(BroadcastError, match="wrong_state"):
            await broadcasts.edit(session, broadcast, ALERT, actor=WRITER, now=NOON)
        broadcasts.reject(session, broadcast, "thiếu số gọi", actor=SECOND, now=NOON)
        assert broadcast.reason == "thiếu số gọi"
        await broadcasts.edit(session, broadcast, ALERT, actor=WRITER, now=NOON)
        assert (broadcast.state, broadcast.reason) == (BroadcastState.DRAFT, "")


@pytest.mark.parametrize(
    ("letter", "reason"),
    [
        (replace(ALERT, text=" \n "), "empty"),
        (replace(ALERT, text="😀" * (LONGEST_TEXT // 2) + "a"), "too_long"),
        (replace(ALERT, hamlet_ids=(987,)), "bad_hamlet"),
        (replace(ALERT, roles=("king",)), "bad_role"),
    ],
)
async def test_what_cannot_be_sent_is_refused_by_name(database: Database, letter: object, reason: str) -> None:
    async with database.transaction() as session:
        with pytest.raises(BroadcastError, match=reason):
            await broadcasts.create(session, COMMUNE, letter, actor=WRITER, now=NOON)  # type: ignore[arg-type]


async def test_only_what_is_approved_and_due_is_live(database: Database) -> None:
    async with database.transaction() as session:
        await broadcasts.create(session, COMMUNE, ALERT, actor=WRITER, now=NOON)
        at_once = await approved(session)
        later = await approved(session, replace(ALERT, scheduled_for=NOON + timedelta(hours=1)))
        assert await broadcasts.live(session, COMMUNE, NOON) == [at_once.id]
        assert await broadcasts.live(session, COMMUNE, NOON + timedelta(hours=1)) == [at_once.id, later.id]
        assert await broadcasts.live(session, "yen-phong", NOON) == []
