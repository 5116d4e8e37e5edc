"""What a citizen asked in vain is taught, with real Rasa, and the running bot takes it without a question failing."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path

import pytest

from tests.support.processes import (
    DAISUSO,
    RunningBot,
    environment,
    eventually,
    outcome_as_json,
    running_bot,
    unhurried,
)
from tests.support.rasa import ROOT

pytestmark = pytest.mark.servers

ASKED = "cái chìa khoá chữ của tui bay đâu mất tiêu"
MEANT = "vneid.forgot_password"
ITS_ANSWER = "bấm **Quên mật khẩu**"
UNDERSTOOD = "quên mật khẩu vneid thì làm sao"
FELL_BACK = "understanding by text search"
LONGEST_ROUND = 600.0


class Citizens:
    """Several people who ask without a pause until they are told to stop."""

    def __init__(self, bot: RunningBot, people: int = 3) -> None:
        self._bot = bot
        self._stop = threading.Event()
        self.answers: list[str] = []
        self.failures: list[str] = []
        self._threads = [threading.Thread(target=self._ask_on_and_on) for _ in range(people)]

    def __enter__(self) -> Citizens:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask_on_and_on(self) -> None:
        while not self._stop.wait(0.05):
            try:
                self.answers.append(self._bot.ask(UNDERSTOOD))
            except Exception as error:  # whatever it is, a citizen got no answer
                self.failures.append(repr(error))


def small_gate(folder: Path) -> Path:
    """Some of the shipped test questions: all of them take a minute."""
    file = folder / "gate.tsv"
    lines = (ROOT / "tests" / "nlu" / "questions.tsv").read_text().splitlines(keepends=True)
    file.write_text("".join([lines[0], *lines[1::12]]))
    return file


def test_a_decision_of_the_office_becomes_an_answer_while_the_bot_is_asked_without_a_pause(tmp_path: Path) -> None:
    var = tmp_path / "var"
    settings: dict[str, str] = {"gate": str(small_gate(tmp_path)), "messages_per_minute_address": "100000"}
    with running_bot(var, None, **settings) as bot:
        eventually(lambda: bot.health()["status"] == "ok", within=unhurried(30))
        assert ITS_ANSWER not in bot.ask(ASKED)
        [group] = outcome_as_json(var, "learn", "list", "--json", **settings)
        assert group["text"] == ASKED
        outcome_as_json(var, "learn", "assign", str(group["id"]), MEANT, "--json", **settings)
        before = bot.rasa
        assert before

        with Citizens(bot) as citizens:
            learned = subprocess.run(
                [str(DAISUSO), "learn", "run", "--json"],
                cwd=ROOT, env=environment(var, **settings), capture_output=True, text=True, check=False,
                timeout=LONGEST_ROUND,
            )  # fmt: skip
            assert learned.returncode == 0, learned.stdout + learned.stderr
            eventually(lambda: not before.is_running(), within=unhurried(15))

        report = json.loads(learned.stdout)
        assert (report["outcome"], report["live"]) == ("accepted", True)
        assert report["measured"]["new_after"]["right"] == 1
        assert citizens.failures == []
        assert len(citizens.answers) > 100
        assert all(ITS_ANSWER in answer for answer in citizens.answers)
        assert FELL_BACK not in bot.stderr
        assert ITS_ANSWER in bot.ask(ASKED)

    with running_bot(var, None, **settings) as again:  # the choice outlives the process
        eventually(lambda: again.health()["status"] == "ok", within=unhurried(30))
        assert ITS_ANSWER in again.ask(ASKED)
