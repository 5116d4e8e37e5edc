"""The whole programme is killed at random points while people write to it on Telegram, and started again each time.

In the end every message has been answered exactly once, in order for each person: whatever a process had stored, begun,
sent or left unsaid when it died.
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

from bot.channels import telegram as channel
from bot.citizen.decision import Way
from bot.citizen.desk import CitizenDesk, Memory
from bot.nlu import Endpoint, RasaClient
from content.library import Library, read_library
from db import outbox
from db.engine import Database
from db.models import InboxMessage
from tests.support.processes import DAISUSO, Program, environment
from tests.support.telegram_emulator import TelegramEmulator
from tests.support.telegram_emulator.text import parse_html

pytestmark = pytest.mark.servers

ROOT = Path(__file__).resolve().parents[2]
COMMUNE = "tan-loi"
PEOPLE = range(1001, 1021)
QUESTIONS_EACH = 10
KILLS = 6
LONGEST_LIFE = 4.0
END_SECONDS = 60.0


class Crowd:
    """People who ask their questions in random order and pace, in waves: the first part before anything is killed, the
    next after the first kill, and so on."""

    def __init__(
        self, telegram: TelegramEmulator, questions: dict[int, list[str]], waves: int, chance: random.Random
    ) -> None:
        self._telegram = telegram
        turns = [person for person, own in questions.items() for _ in own]
        chance.shuffle(turns)
        own = {person: iter(own) for person, own in questions.items()}
        said = [(person, next(own[person]), chance.uniform(0, 0.12)) for person in turns]
        size = -(-len(said) // waves)
        self._waves = [said[i : i + size] for i in range(0, len(said), size)]
        self._speaker: threading.Thread | None = None

    def next_wave(self) -> None:
        """Sets off the next wave, in the background, as soon as the last one is over."""
        if self._speaker:
            self._speaker.join()
        self._speaker = threading.Thread(target=self._speak, args=[self._waves.pop(0)], daemon=True)
        self._speaker.start()

    def _speak(self, wave: list[tuple[int, str, float]]) -> None:
        for person, question, pause in wave:
            time.sleep(pause)
            self._telegram.user_says(person, question)


class Killer:
    """Waits for random moments: by the clock while the programme starts, or close to a call that it makes."""

    def __init__(self, telegram: TelegramEmulator, chance: random.Random) -> None:
        self._telegram = telegram
        self._chance = chance

    def wait(self) -> None:
        """Returns when it is time to kill."""
        if self._chance.random() < 0.2:
            time.sleep(self._chance.uniform(0, 3))
            return
        method = self._chance.choice(["getUpdates", "sendMessage", "sendMessage", "sendMessage"])
        calls = len(self._telegram.calls(method)) + self._chance.randint(1, 12 if method == "sendMessage" else 4)
        with suppress(TimeoutError):  # nothing is left to be said at this moment
            self._telegram.wait_until(lambda: len(self._telegram.calls(method)) >= calls, LONGEST_LIFE)
        time.sleep(self._chance.choice([0, self._chance.uniform(0, 0.03), self._chance.uniform(0, 0.3)]))


async def test_every_message_is_answered_once_and_in_order_however_often_the_programme_is_killed(
    tmp_path: Path, database_url: str, rasa_server: Endpoint, telegram: TelegramEmulator
) -> None:
    chance = random.Random(os.environ.get("CRASH_SEED", "2345"))
    content = shutil.copytree(ROOT / "content", tmp_path / "content", ignore=shutil.ignore_patterns("__pycache__"))
    answers = await sure_answers(read_library(content), rasa_server, QUESTIONS_EACH)
    asked = {person: chance.sample(list(answers), QUESTIONS_EACH) for person in PEOPLE}
    settings = environment(
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
        return Program([DAISUSO, "run"], settings, notes)

    def survivor() -> Program:
        crowd = Crowd(telegram, asked, KILLS + 1, chance)
        killer = Killer(telegram, chance)
        for _ in range(KILLS):
            crowd.next_wave()
            program = run()
            try:
                killer.wait()
            finally:
                program.kill()
        crowd.next_wave()
        return run()

    t = time.time()
    program = await asyncio.to_thread(survivor)
    print("survivor after", time.time() - t)
    try:
        expected = {person: [text for question in asked[person] for text in answers[question]] for person in PEOPLE}
        await telegram.wait_until_async(
            lambda: all(len(telegram.messages_to(person)) >= len(expected[person]) for person in PEOPLE), END_SECONDS
        )
        print("answered after", time.time() - t)
        await nothing_is_left_to_do(database_url)
        print(
            "done after",
            time.time() - t,
            len(telegram.calls("editMessageText")),
            [c.status for c in telegram.calls("editMessageText") if c.error and "not modified" in c.error],
        )
        program.signal(signal.SIGTERM)
        assert await asyncio.to_thread(program.end, 10) == 0, program.stderr
    finally:
        program.kill()
    got = {person: [message.visible_text for message in telegram.messages_to(person)] for person in PEOPLE}
    assert got == expected
    assert not any(message.edits for person in PEOPLE for message in telegram.messages_to(person))


@pytest.fixture
def telegram() -> Iterator[TelegramEmulator]:
    with TelegramEmulator() as emulator:
        yield emulator


async def sure_answers(library: Library, rasa: Endpoint, wanted: int) -> dict[str, list[str]]:
    """Questions, and the messages that answer them: the same whether Rasa or, should it be slow, text search is asked."""
    desk = CitizenDesk(lambda: library, COMMUNE)
    answers: dict[str, list[str]] = {}
    async with httpx.AsyncClient(trust_env=False) as http:
        nlu = RasaClient(lambda: rasa, http)
        for article in library.articles.values():
            understood = [await nlu.parse(article.title), desk.search(article.title)]
            outcomes = [desk.answer(article.title, one, Memory()) for one in understood]
            ways = [outcome.decision and outcome.decision.way for outcome in outcomes]
            if ways == [Way.ANSWER, Way.ANSWER] and outcomes[0].replies == outcomes[1].replies:
                parts = [part for reply in outcomes[0].replies for part in channel.split(reply)]
                answers[article.title] = [parse_html(channel._html(part)).text.strip() for part in parts]
            if len(answers) == wanted:
                return answers
    raise AssertionError(f"only {len(answers)} of {wanted} questions have a sure answer")


async def nothing_is_left_to_do(database_url: str) -> None:
    """Waits until all that came in is handled and all that was to be sent is known to be delivered."""
    database = Database(database_url)
    try:
        async with asyncio.timeout(END_SECONDS):
            while True:
                async with database.snapshot() as session:
                    unsent, _ = await outbox.backlog(session)
                    unhandled = await session.scalar(
                        select(func.count()).select_from(InboxMessage).where(InboxMessage.handled_at.is_(None))
                    )
                if not unsent and not unhandled:
                    return
                await asyncio.sleep(0.1)
    finally:
        await database.close()
