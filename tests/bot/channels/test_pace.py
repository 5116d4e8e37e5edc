"""One account sends no faster than its messenger allows: not in all, not in one chat; and lets short bursts through."""

from __future__ import annotations

import pytest

from bot.channels.pace import BURST_SECONDS, CHAT_BURST, Pace


class Watch:
    """A clock of seconds that goes only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_to_many_chats_it_sends_so_many_a_second(watch: Watch) -> None:
    pace = Pace(30, clock=watch)
    moments = [pace.reserve(str(chat)) for chat in range(300)]
    assert moments == sorted(moments)
    for first in range(len(moments) - 40):
        within_a_second = sum(moments[first] <= moment < moments[first] + 1 for moment in moments)
        assert within_a_second <= 30 * (1 + BURST_SECONDS) + 1


def test_after_a_rest_nobody_waits_and_no_more_is_made_up_for_than_a_burst(watch: Watch) -> None:
    pace = Pace(30, clock=watch)
    watch.now += 3600
    assert pace.reserve("1") == 0
    assert sum(pace.reserve(str(chat)) == 0 for chat in range(2, 50)) <= 30 * BURST_SECONDS + 1


def test_one_chat_gets_a_burst_and_then_one_a_second_and_holds_up_no_other(watch: Watch) -> None:
    pace = Pace(1000, clock=watch)
    assert max(pace.reserve("7") for _ in range(CHAT_BURST)) < 0.1
    assert [round(pace.reserve("7")) for _ in range(3)] == [1, 2, 3]
    assert pace.reserve("8") < 0.1
    watch.now += 60
    assert pace.reserve("7") == 0


def test_a_group_is_written_to_more_slowly(watch: Watch) -> None:
    pace = Pace(1000, clock=watch)
    for _ in range(CHAT_BURST):
        pace.reserve("-100")
    assert round(pace.reserve("-100")) == 3


def test_what_it_remembers_of_chats_does_not_grow_for_ever(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.pace.KEPT_CHATS", 10)
    pace = Pace(1000, clock=watch)
    for chat in range(100):
        pace.reserve(str(chat))
        watch.now += 1
    assert len(pace._chats) <= 11
