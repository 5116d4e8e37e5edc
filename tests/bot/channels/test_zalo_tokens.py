"""The Official Account's tokens against the emulator: single-use refresh tokens, ends in mid-conversation, crashes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.channels.zalo_api import ZaloApi
from bot.channels.zalo_tokens import LaterError, NoTokenError, Tokens
from bot.settings import ZaloKeys
from content.library import Library
from db import zalo
from db.engine import Database
from db.zalo import Account, Pair, Trouble
from tests.support.told_nlu import ToldNlu
from tests.support.zalo_emulator import ZaloOa
from tests.support.zalo_emulator.tokens import ACCESS_LIFE
from tests.support.zalo_programme import ZaloProgramme, hurry

LAN = "2468458835296197922"
QUESTION = "quen mat khau"
ACCOUNT = Account("tan-loi", ZaloOa.oa_id)
KEYS = ZaloKeys(ZaloOa.app_id, ZaloOa.app_secret, ZaloOa.oa_id, ZaloOa.oa_secret)


@pytest.fixture
def oa() -> Iterator[ZaloOa]:
    with ZaloOa() as oa:
        yield oa


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'zalo.db'}"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as http:
        yield http


class Processes:
    """Several processes with the same account, each with its own token keeper."""

    def __init__(self, oa: ZaloOa, database: Database, http: httpx.AsyncClient) -> None:
        self.oa, self.database = oa, database
        api = ZaloApi(http, oa.now, openapi=oa.address, oauth=oa.address)
        self.first, self.second = (Tokens(database, api, KEYS, ACCOUNT, oa.now) for _ in range(2))

    async def consent(self) -> None:
        pair = self.oa.pair()
        async with self.database.transaction() as session:
            kept = Pair(pair.access, pair.refresh, self.oa.now() + ACCESS_LIFE)
            await zalo.consent(session, ACCOUNT, kept, self.oa.now())

    async def trouble(self) -> str | None:
        async with self.database.snapshot() as session:
            row = await zalo.find(session, ACCOUNT)
            return row.trouble if row else None


@pytest.fixture
async def processes(oa: ZaloOa, database: Database, http: httpx.AsyncClient) -> Processes:
    made = Processes(oa, database, http)
    await made.consent()
    return made


async def test_two_processes_refresh_once_and_both_go_on(processes: Processes) -> None:
    old = await processes.first.current()
    processes.oa.advance(hours=26)
    tokens = await asyncio.gather(*(keeper.current() for keeper in (processes.first, processes.second) * 3))
    assert len(set(tokens)) == 1
    assert tokens[0] != old
    assert len(processes.oa.calls("access_token")) == 1
    assert await processes.trouble() is None


async def test_it_is_refreshed_long_before_it_ends(processes: Processes) -> None:
    processes.oa.advance(hours=19)
    await processes.first.refresh_if_due()
    assert processes.oa.calls("access_token") == []
    processes.oa.advance(hours=2)
    await asyncio.gather(processes.first.refresh_if_due(), processes.second.refresh_if_due())
    assert len(processes.oa.calls("access_token")) == 1
    processes.oa.advance(hours=5)
    assert processes.oa.tokens.state_of(await processes.second.current()) == "good"


async def test_a_crash_between_the_answer_and_its_keeping_uses_no_token_twice(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes.oa.advance(hours=21)

    async def dies(*_: object) -> None:
        raise SystemError("the process dies here")

    with monkeypatch.context() as patched:
        patched.setattr(processes.first, "_keep", dies)
        with pytest.raises(SystemError):
            await processes.first.refresh_if_due()
    processes.oa.advance(minutes=2)
    token = await processes.second.current()
    assert processes.oa.tokens.state_of(token) == "good", "what is left of the old access token is used"
    with pytest.raises(NoTokenError):
        await processes.second.refresh_if_due()
    for _ in range(3):
        await processes.second.refresh_if_due()
    assert len(processes.oa.calls("access_token")) == 1, "the used-up refresh token was not sent again"
    assert await processes.trouble() == Trouble.REFRESH_LOST
    processes.oa.advance(hours=5)
    with pytest.raises(NoTokenError):
        await processes.second.current()
    await processes.consent()
    assert processes.oa.tokens.state_of(await processes.second.current()) == "good"


async def test_an_answer_that_is_lost_is_no_reason_to_try_again(processes: Processes) -> None:
    processes.oa.advance(hours=26)
    processes.oa.drop_connection_next("access_token", after_effect=True)
    for _ in range(3):
        with pytest.raises(NoTokenError):
            await processes.first.current()
    assert len(processes.oa.calls("access_token")) == 1
    assert await processes.trouble() == Trouble.REFRESH_LOST


async def test_a_refusal_is_the_end_until_somebody_consents(
    processes: Processes, caplog: pytest.LogCaptureFixture
) -> None:
    processes.oa.tokens.withdraw()
    processes.oa.advance(hours=26)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            with pytest.raises(NoTokenError):
                await processes.first.current()
    assert len(processes.oa.calls("access_token")) == 1
    assert await processes.trouble() == Trouble.REFRESH_REFUSED
    assert "daisuso zalo authorize" in caplog.text


async def test_zalo_that_cannot_be_reached_costs_no_token(processes: Processes) -> None:
    processes.oa.advance(hours=26)
    processes.oa.stop()
    with pytest.raises(LaterError):
        await processes.first.current()
    processes.oa.start()
    assert processes.oa.tokens.state_of(await processes.first.current()) == "good"


async def test_being_told_to_stop_while_refreshing_still_keeps_the_new_pair(processes: Processes) -> None:
    processes.oa.advance(hours=26)
    refreshing = asyncio.create_task(processes.first.current())
    await processes.oa.wait_until_async(lambda: processes.oa.calls("access_token"))
    refreshing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await refreshing
    assert processes.oa.tokens.state_of(await processes.second.current()) == "good"
    assert len(processes.oa.calls("access_token")) == 1


# --- in a conversation ------------------------------------------------------------------------------------------------


@pytest.fixture
async def bot(oa: ZaloOa, database: Database, library: Library, nlu: ToldNlu) -> AsyncIterator[ZaloProgramme]:
    bot = ZaloProgramme(oa, database, library, nlu)
    await bot.start()
    yield bot
    await bot.stop()


@pytest.mark.parametrize("code", [-216, -220])
async def test_a_token_that_ends_in_mid_conversation_is_not_noticed(bot: ZaloProgramme, code: int) -> None:
    bot.oa.knobs.expired_code = code
    await bot.ask(LAN, QUESTION)
    bot.oa.tokens.expire_access()
    answers = await bot.ask(LAN, QUESTION)
    assert len(answers) == 1
    assert len(bot.oa.calls("access_token")) == 1
    assert await bot.account.problems() == []


async def test_a_fresh_token_that_is_refused_stops_everything_with_one_alarm(
    bot: ZaloProgramme, caplog: pytest.LogCaptureFixture
) -> None:
    await bot.ask(LAN, QUESTION)
    before = len(bot.oa.messages_to(LAN))
    bot.oa.refuse_next("cs", -216, "Access token is invalid", times=2)
    bot.oa.says(LAN, QUESTION)
    await bot.oa.wait_until_async(lambda: len(bot.oa.calls("cs")) == before + 2)
    await asyncio.sleep(0.3)
    assert len(bot.oa.calls("access_token")) == 1
    assert len(bot.oa.calls("cs")) == before + 2, "nothing is sent with a refused token"
    assert "authorize" in (await bot.account.problems())[0]
    row = await bot.row()
    assert row.access_token
    assert row.refresh_token
    assert row.access_token not in caplog.text
    assert row.refresh_token not in caplog.text
    bot.oa.advance(minutes=1)
    await bot.consent()
    assert len(await bot.said_to(LAN)) == before + 1, "what waited is sent after the new consent"
    assert await bot.account.problems() == []


async def test_without_consent_messages_are_taken_in_and_answered_after_it(
    oa: ZaloOa, database: Database, library: Library, nlu: ToldNlu
) -> None:
    bot = ZaloProgramme(oa, database, library, nlu)
    await bot.start(consents=False)
    oa.says(LAN, QUESTION)
    await oa.wait_until_async(lambda: not oa.undelivered())
    assert "daisuso zalo authorize" in (await bot.account.problems())[0]
    await bot.consent()
    assert len(await bot.said_to(LAN)) == 1
    await bot.stop()


def test_nothing_here_takes_longer_than_zalo_s_tokens_live() -> None:
    assert zalo.REFRESH_AFTER + timedelta(hours=1) < ACCESS_LIFE
