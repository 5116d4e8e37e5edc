"""How often one may write to the web chat: by sender, by address, and whose word on the address is believed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.channels import web
from bot.channels.web import RateLimit
from bot.messages import MAX_TEXT
from db.engine import Database
from db.models import InboxMessage
from tests.support.clock import FakeClock
from tests.support.site import make_settings, make_site, running_site, shipped_library
from tests.support.told_nlu import ToldNlu
from tests.support.web_page import QUESTION, WebPage, assert_refused


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'web.db'}"


@pytest.fixture
def nlu() -> ToldNlu:
    return ToldNlu({QUESTION: "vneid.forgot_password"})


@pytest.fixture
def site_with(tmp_path: Path, database: Database, nlu: ToldNlu, clock: FakeClock) -> Callable[..., FastAPI]:
    """Makes the application with some settings changed."""
    return lambda **changed: make_site(make_settings(tmp_path, **changed), shipped_library(), database, nlu, clock)


async def count_stored(database: Database) -> int:
    async with database.snapshot() as session:
        return await session.scalar(select(func.count()).select_from(InboxMessage)) or 0


async def test_sender_who_writes_too_often_is_told_when_to_go_on(
    site_with: Callable[..., FastAPI], database: Database
) -> None:
    page = WebPage(site_with(messages_per_minute_sender=3))
    for number in range(3):
        await page.say(QUESTION, f"m-{number}")
    response = await page.post(text=QUESTION, message_id="m-3")
    seconds = int(response.headers["Retry-After"])
    assert 50 <= seconds <= 60
    assert_refused(response, 429, "too_many_messages", f"{seconds} giây")
    assert await count_stored(database) == 3
    assert (await page.post(text=QUESTION, sender="device-2")).status_code == 200


async def test_address_from_which_too_many_write_is_told_when_to_go_on(site_with: Callable[..., FastAPI]) -> None:
    site = site_with(messages_per_minute_address=3)
    page = WebPage(site, "203.0.113.7")
    for number in range(3):
        assert (await page.post(sender=f"device-{number}")).status_code == 200
    response = await page.post(sender="device-3")
    assert_refused(response, 429, "too_many_messages")
    assert int(response.headers["Retry-After"]) > 0
    assert (await WebPage(site, "203.0.113.8").post(sender="device-3")).status_code == 200


async def test_requests_that_are_refused_for_their_form_are_not_counted(site_with: Callable[..., FastAPI]) -> None:
    page = WebPage(site_with(messages_per_minute_sender=1, messages_per_minute_address=1))
    await page.post(text="a" * (MAX_TEXT + 1))
    await page.post_raw("{")
    assert (await page.post()).status_code == 200


def test_eager_sender_does_not_use_up_the_address_of_others() -> None:
    limit = RateLimit(per_sender=2, per_address=5, clock=lambda: 0.0)
    waits = [limit.seconds_to_wait("eager", "commune") for _ in range(50)]
    assert waits == [0, 0] + [60] * 48
    assert [limit.seconds_to_wait(f"other-{n}", "commune") for n in range(4)] == [0, 0, 0, 60]


pauses = st.integers(0, 120).map(lambda quarters: quarters / 4)
writings = st.lists(st.tuples(pauses, st.sampled_from("ab"), st.sampled_from("xy")), max_size=40)


@given(writings, st.integers(1, 4), st.integers(1, 6))
def test_no_minute_holds_more_messages_than_allowed_and_none_fewer(
    stream: list[tuple[float, str, str]], per_sender: int, per_address: int
) -> None:
    now = 0.0
    limit = RateLimit(per_sender, per_address, clock=lambda: now)
    passed: list[tuple[float, str, str]] = []
    for pause, sender, address in stream:
        now += pause
        lately = [entry for entry in passed if entry[0] + web.WINDOW_SECONDS > now]
        of_sender = sum(entry[1] == sender for entry in lately)
        of_address = sum(entry[2] == address for entry in lately)
        wait = limit.seconds_to_wait(sender, address)
        assert (wait == 0) == (of_sender < per_sender and of_address < per_address)
        assert 0 <= wait <= 60
        if wait == 0:
            passed.append((now, sender, address))


@given(writings)
def test_waiting_as_long_as_told_is_enough(stream: list[tuple[float, str, str]]) -> None:
    now = 0.0
    limit = RateLimit(2, 3, clock=lambda: now)
    for pause, sender, address in stream:
        now += pause
        now += limit.seconds_to_wait(sender, address)
    wait = limit.seconds_to_wait("a", "x")
    now += wait
    assert wait == 0 or limit.seconds_to_wait("a", "x") == 0


@pytest.mark.parametrize(
    ("trusted", "second_is"),
    [pytest.param("127.0.0.1", 200, id="from a trusted proxy"), pytest.param("10.9.9.9", 429, id="from anybody")],
)
def test_forwarded_address_counts_only_when_a_trusted_proxy_says_it(
    tmp_path: Path, trusted: str, second_is: int
) -> None:
    with running_site(tmp_path, trusted_proxies=trusted, messages_per_minute_address=1) as running:
        answers = [
            httpx.post(
                f"{running.address}/api/chat",
                json={"sender": citizen, "message_id": "1", "payload": "start"},
                headers={"X-Forwarded-For": citizen},
            ).status_code
            for citizen in ("198.51.100.1", "198.51.100.2")
        ]
    assert answers == [200, second_is]
