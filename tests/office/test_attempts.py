"""How often passwords may be tried, from where and for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from office import attempts
from office.attempts import Attempts
from tests.support.clock import NOON


def fail(tries: Attempts, account: str, address: str, times: int = 1) -> None:
    for _time in range(times):
        assert tries.minutes_to_wait(account, address, NOON) == 0


def test_a_pair_waits_until_its_first_failure_is_a_quarter_of_an_hour_old() -> None:
    tries = Attempts()
    fail(tries, "hoai", "a", attempts.MOST_FOR_PAIR)
    assert tries.minutes_to_wait("hoai", "a", NOON) == 15
    assert tries.minutes_to_wait("hoai", "a", NOON + timedelta(minutes=14, seconds=1)) == 1
    assert tries.minutes_to_wait("hoai", "a", NOON + timedelta(minutes=15)) == 0


def test_success_begins_anew_for_the_pair_and_costs_nobody_anything() -> None:
    tries = Attempts()
    for _day in range(100):
        fail(tries, "hoai", "a", attempts.MOST_FOR_PAIR)
        tries.succeeded("hoai", "a")
        if _day >= 4:
            break
    assert tries.minutes_to_wait("hoai", "a", NOON) == 0


def test_an_account_is_guarded_against_many_addresses_and_an_address_against_many_accounts() -> None:
    tries = Attempts()
    for address in range(attempts.MOST_FOR_ACCOUNT):
        fail(tries, "hoai", f"a{address}")
    assert tries.minutes_to_wait("hoai", "another", NOON) == 15
    assert tries.minutes_to_wait("an", "another", NOON) == 0

    tries = Attempts()
    for account in range(attempts.MOST_FOR_ADDRESS):
        fail(tries, f"u{account}", "a")
    assert tries.minutes_to_wait("another", "a", NOON) == 15


def test_no_flood_of_names_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MOST_REMEMBERED", 50)
    tries = Attempts()
    for number in range(500):
        tries.minutes_to_wait(f"u{number}", f"a{number}", NOON)
    assert len(tries._failed) <= 50
