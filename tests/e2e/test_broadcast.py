"""A broadcast over real HTTP, with the programme killed in the middle: everybody gets it exactly once.

A question of somebody is answered meanwhile. 10,000 people are a whole commune; BROADCAST_PEOPLE takes fewer where time
is short. BROADCAST_KILLS and CRASH_SEED choose other courses of events; --log-cli-level=INFO tells how long it took.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from sqlalchemy import insert, select

from db.broadcasts import broadcasts, copies
from db.broadcasts.letter import Letter
from db.broadcasts.models import Broadcast, BroadcastSort, BroadcastState, Interest, RecipientState, Subscription
from db.clock import utc_now
from db.engine import Database
from db.models import Conversation
from tests.support.processes import DAISUSO, Program, environment, eventually, unhurried
from tests.support.rasa import ROOT
from tests.support.rows import COMMUNE
from tests.support.telegram_emulator import TelegramEmulator

log = logging.getLogger(__name__)

pytestmark = pytest.mark.servers

PEOPLE = int(os.environ.get("BROADCAST_PEOPLE", "10000"))
KILLS = int(os.environ.get("BROADCAST_KILLS", "2"))
FIRST = 100_001
NOWHERE = "http://127.0.0.1:9"
A_SECOND = 500
"""How fast the test lets the programme send: far faster than Telegram would, as fast as this machine can."""

LONGEST = 300.0
"""Seconds for a third of the way; a quiet machine takes 50."""

TEXT = "Đang có kẻ giả danh công an xã gọi điện đòi **chuyển tiền**. Không làm theo, gọi 113."
QUESTION = "VNeID là gì"


@pytest.fixture
def telegram() -> Iterator[TelegramEmulator]:
    """Telegram, which outlives the programme, and in which everybody has once begun the chat."""
    with TelegramEmulator() as emulator:
        for person in range(FIRST, FIRST + PEOPLE):
            emulator.add_user(person, f"Bác {person}")
        yield emulator


@pytest.fixture
async def database(tmp_path: Path) -> Database:
    """SQLite, as it is by default, with everybody subscribed and the broadcast approved by a second person."""
    made = Database(f"sqlite+aiosqlite:///{tmp_path / 'daisuso.db'}")
    await made.migrate()
    now = utc_now()
    async with made.transaction() as session:
        rows = [
            {"commune": COMMUNE, "channel": "telegram", "chat": str(person), "sender": str(person), "state": {},
             "created_at": now, "last_seen_at": now}
            for person in range(FIRST, FIRST + PEOPLE)
        ]  # fmt: skip
        await session.execute(insert(Conversation), rows)
        asked = [
            {"commune": COMMUNE, "conversation_id": chat, "interest": Interest.SCAM_ALERTS.value, "since": now}
            for chat in await session.scalars(select(Conversation.id))
        ]
        await session.execute(insert(Subscription), asked)
        letter = Letter(BroadcastSort.SCAM_ALERT, TEXT)
        broadcast = await broadcasts.create(session, COMMUNE, letter, actor="office:an", now=now)
        broadcasts.submit(session, broadcast, actor="office:an", now=now)
        broadcasts.approve(session, broadcast, actor="office:binh", now=now)
    return made


def content_without_night(folder: Path) -> Path:
    """The shipped content with a profile that knows no quiet hours: tests run at night too."""
    content = shutil.copytree(ROOT / "content", folder / "content", ignore=shutil.ignore_patterns("__pycache__"))
    file = content / "communes" / f"{COMMUNE}.yml"
    profile = yaml.safe_load(file.read_text())
    file.write_text(file.read_text() + 'quiet_from: "00:00"\nquiet_until: "00:00"\n')
    assert "quiet_from" not in profile
    return content


async def test_everybody_gets_it_once_however_often_the_programme_is_killed(
    tmp_path: Path, database: Database, telegram: TelegramEmulator
) -> None:
    chance = random.Random(os.environ.get("CRASH_SEED", "27/11/2026"))
    surroundings = environment(
        tmp_path,
        content=str(content_without_night(tmp_path)),
        rasa_url=NOWHERE,
        rasa_token="none",
        telegram_token=telegram.token,
        telegram_api=telegram.base_url,
        telegram_per_second=str(A_SECOND),
    ) | {"NO_PROXY": "127.0.0.1"}

    def run() -> Program:
        notes = tmp_path / f"run-{len(list(tmp_path.glob('run-*')))}"
        notes.mkdir()
        return Program([DAISUSO, "run"], surroundings, notes)

    def has_sent(program: Program, so_many: int) -> None:
        def look() -> bool:
            assert program.process.poll() is None, program.stderr
            return telegram.total_sent() >= so_many

        eventually(look, within=unhurried(LONGEST))

    def send_and_die() -> Program:
        for kill in range(1, KILLS + 1):
            victim = run()
            try:
                has_sent(victim, PEOPLE * kill // (KILLS + 1))
                time.sleep(chance.uniform(0, 0.2))
            finally:
                victim.kill()
        return run()

    began = time.monotonic()
    program = await asyncio.to_thread(send_and_die)
    try:
        await asyncio.to_thread(has_sent, program, telegram.total_sent() + 20)
        before, asked = telegram.total_sent(), time.monotonic()
        telegram.user_says(FIRST, QUESTION)
        await asyncio.to_thread(eventually, lambda: len(telegram.messages_to(FIRST)) > 1, unhurried(30))
        between = telegram.total_sent() - before - 1
        log.info("a question was answered in %.1f s, after %d of the broadcast", time.monotonic() - asked, between)
        await asyncio.to_thread(has_sent, program, PEOPLE + 1)
        log.info("%d people, %d kills: %.1f s", PEOPLE, KILLS, time.monotonic() - began)
        assert between < PEOPLE / 2, "an answer waited for the broadcast"
        await is_over(database)
    finally:
        program.kill()
    got = Counter(
        one.chat_id
        for person in range(FIRST, FIRST + PEOPLE)
        for one in telegram.messages_to(person)
        if "giả danh công an" in one.visible_text
    )
    assert got == dict.fromkeys(range(FIRST, FIRST + PEOPLE), 1)
    await database.close()


async def is_over(database: Database) -> None:
    """The programme says so itself: the broadcast is done, and every copy counts as sent."""
    deadline = time.monotonic() + unhurried(60)
    while True:
        async with database.snapshot() as session:
            broadcast = (await session.scalars(select(Broadcast))).one()
            if broadcast.state == BroadcastState.DONE:
                break
        assert time.monotonic() < deadline, broadcast.state
        await asyncio.sleep(0.2)
    async with database.snapshot() as session:
        counts = await copies.progress(session, broadcast)
    assert [(one.state, one.count) for one in counts] == [(RecipientState.SENT, PEOPLE)]
