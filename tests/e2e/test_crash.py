"""The whole programme is killed at random points while people write to it on Telegram, and started again each time.

In the end every message has been answered exactly once, in order for each person: whatever a process had stored, begun,
sent or left unsaid when it died. CRASH_SEED chooses another course of events.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from bot.channels import telegram_messages as channel
from bot.citizen.decision import Way
from bot.citizen.desk import CitizenDesk, Memory
from bot.nlu import Endpoint, RasaClient
from content.library import Library, read_library
from db import outbox
from db.engine import Database
from db.models import InboxMessage
from tests.support.processes import DAISUSO, Program, environment, unhurried
from tests.support.telegram_emulator import TelegramEmulator

pytestmark = pytest.mark.servers

ROOT = Path(__file__).resolve().parents[2]
COMMUNE = "tan-loi"
PEOPLE = range(1001, 1021)
QUESTIONS_EACH = 10
KILLS = 6

LONGEST_PAUSE = 0.1
LONGEST_START = 2.5
LONGEST_LIFE = 3.0
PATIENCE = 60.0
"""Seconds: between two messages, until a kill during the start, until any other kill, until all is answered."""


@pytest.fixture
def telegram() -> Iterator[TelegramEmulator]:
    """Telegram, which outlives the programme."""
    with TelegramEmulator() as emulator:
        yield emulator


async def test_every_message_is_answered_once_and_in_order_however_often_the_programme_is_killed(
    tmp_path: Path, database_url: str, rasa_server: Endpoint, telegram: TelegramEmulator
) -> None:
    chance = random.Random(os.environ.get("CRASH_SEED", "22/11/2026"))
    content = shutil.copytree(ROOT / "content", tmp_path / "content", ignore=shutil.ignore_patterns("__pycache__"))
    questions = await sure_questions(read_library(content), rasa_server, QUESTIONS_EACH)
    asked = {person: chance.sample(questions, len(questions)) for person in PEOPLE}
    surroundings = environment(
        tmp_path,
        content=str(content),
        database_url=database_url,
        rasa_url=rasa_server.url,
        rasa_token=rasa_server.token,
        telegram_token=telegram.token,
        telegram_api=telegram.base_url,
    ) | {"NO_PROXY": "127.0.0.1"}

    def run() -> Program:
        notes = tmp_path / f"run-{len(list(tmp_path.glob('run-*')))}"
        notes.mkdir()
        return Program([DAISUSO, "run"], surroundings, notes)

    def survivor() -> Program:
        crowd = Crowd(telegram, asked, KILLS + 1, chance)
        for _ in range(KILLS):
            crowd.begin_next_wave()
            victim = run()
            try:
                wait_for_a_bad_moment(telegram, chance)
                assert victim.process.poll() is None, victim.stderr
            finally:
                victim.kill()
        crowd.begin_next_wave()
        return run()

    program = await asyncio.to_thread(survivor)
    try:
        await telegram.wait_until_async(
            lambda: all(len(telegram.messages_to(person)) >= QUESTIONS_EACH for person in PEOPLE), unhurried(PATIENCE)
        )
        await nothing_is_left_to_do(database_url)
        program.signal(signal.SIGTERM)
        assert await asyncio.to_thread(program.end, 10) == 0, program.stderr
    finally:
        program.kill()
    answered = {person: [first_line(said.visible_text) for said in telegram.messages_to(person)] for person in PEOPLE}
    assert answered == asked
    assert not any(said.edits for person in PEOPLE for said in telegram.messages_to(person))


class Crowd:
    """People who ask their questions, each in order, all mixed and at a random pace, in waves that the test begins."""

    def __init__(
        self, telegram: TelegramEmulator, asked: dict[int, list[str]], waves: int, chance: random.Random
    ) -> None:
        self._telegram = telegram
        turns = [person for person, questions in asked.items() for _ in questions]
        chance.shuffle(turns)
        next_of = {person: iter(questions) for person, questions in asked.items()}
        said = [(person, next(next_of[person]), chance.uniform(0, LONGEST_PAUSE)) for person in turns]
        size = -(-len(said) // waves)
        self._waves = [said[first : first + size] for first in range(0, len(said), size)]
        self._speaker: threading.Thread | None = None

    def begin_next_wave(self) -> None:
        """Lets the next wave speak in the background, as soon as the last one is through."""
        if self._speaker:
            self._speaker.join()
        self._speaker = threading.Thread(target=self._speak, args=[self._waves.pop(0)], daemon=True)
        self._speaker.start()

    def _speak(self, wave: list[tuple[int, str, float]]) -> None:
        for person, question, pause in wave:
            time.sleep(pause)
            self._telegram.user_says(person, question)


def wait_for_a_bad_moment(telegram: TelegramEmulator, chance: random.Random) -> None:
    """Returns at a random moment: during the start of the programme, or close to a call that it makes."""
    if chance.random() < 0.2:
        time.sleep(chance.uniform(0, LONGEST_START))
        return
    method, most = chance.choice([("getUpdates", 4), ("sendMessage", 12), ("sendMessage", 12), ("sendMessage", 12)])
    calls = len(telegram.calls(method)) + chance.randint(1, most)
    with suppress(TimeoutError):  # there is nothing to be said just now
        telegram.wait_until(lambda: len(telegram.calls(method)) >= calls, LONGEST_LIFE)
    time.sleep(chance.choice([0, chance.uniform(0, 0.03), chance.uniform(0, 0.3)]))


async def sure_questions(library: Library, rasa: Endpoint, wanted: int) -> list[str]:
    """Titles of articles that answer them in one message, found by Rasa and also, should that be slow, by text search.

    An answer begins with the title of its article, so it shows which question it answers.
    """
    desk = CitizenDesk(lambda: library, COMMUNE)
    questions: list[str] = []
    async with httpx.AsyncClient(trust_env=False) as http:
        nlu = RasaClient(lambda: rasa, http)
        for article in library.articles.values():
            outcomes = [
                desk.answer(article.title, understood, Memory())
                for understood in (await nlu.parse(article.title), desk.search(article.title))
            ]
            if all(
                outcome.decision is not None
                and (outcome.decision.way, outcome.decision.topic) == (Way.ANSWER, article.id)
                and len(channel.split(*outcome.replies)) == 1
                for outcome in outcomes
            ):
                questions.append(article.title)
            if len(questions) == wanted:
                return questions
    raise AssertionError(f"only {len(questions)} of {wanted} questions are answered surely")


def first_line(text: str) -> str:
    return text.partition("\n")[0]


async def nothing_is_left_to_do(database_url: str) -> None:
    """Waits until all that came in is handled and all that was to be sent is known to be delivered."""
    database = Database(database_url)
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                async with database.snapshot() as session:
                    unsent, _ = await outbox.backlog(session)
                    waiting = select(func.count()).select_from(InboxMessage).where(InboxMessage.handled_at.is_(None))
                    if not unsent and not await session.scalar(waiting):
                        return
                await asyncio.sleep(0.1)
    finally:
        await database.close()
