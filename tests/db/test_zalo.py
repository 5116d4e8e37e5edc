"""The account's tokens: a refresh token is used once, whoever dies or comes second."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from db import zalo
from db.engine import Database
from db.zalo import Account, ClaimedError, Pair, Trouble, TroubledError
from tests.support.clock import NOON

ACCOUNT = Account("tan-loi", "388")
FIRST = Pair("access-1", "refresh-1", NOON + timedelta(hours=25))
SECOND = Pair("access-2", "refresh-2", NOON + timedelta(hours=50))


@pytest.fixture
async def consented(database: Database) -> Database:
    async with database.transaction() as session:
        await zalo.consent(session, ACCOUNT, FIRST, NOON)
    return database


async def claim(database: Database, stale: str = "access-1", after: timedelta = timedelta(0)) -> str | None:
    trouble: TroubledError | None = None
    async with database.transaction() as session:
        try:
            return await zalo.claim_refresh(session, ACCOUNT, stale, NOON + after)
        except TroubledError as error:
            trouble = error
    raise trouble


async def test_of_two_who_want_to_refresh_one_may(consented: Database) -> None:
    both = await asyncio.gather(claim(consented), claim(consented), return_exceptions=True)
    assert "refresh-1" in both
    assert sum(isinstance(one, ClaimedError) for one in both) == 1
    async with consented.transaction() as session:
        await zalo.keep_refreshed(session, ACCOUNT, SECOND, "refresh-1", NOON)
    assert await claim(consented) is None, "it has been refreshed: the stored one is the token to use"
    assert await claim(consented, "access-2") == "refresh-2"


async def test_a_claim_whose_holder_died_is_never_taken_over(consented: Database) -> None:
    await claim(consented)
    with pytest.raises(ClaimedError):
        await claim(consented, after=zalo.CLAIM_LASTS - timedelta(seconds=1))
    for _ in range(2):
        with pytest.raises(TroubledError) as raised:
            await claim(consented, after=zalo.CLAIM_LASTS)
        assert raised.value.trouble is Trouble.REFRESH_LOST
    async with consented.transaction() as session:
        await zalo.consent(session, ACCOUNT, SECOND, NOON)
    assert await claim(consented, "access-2") == "refresh-2", "a new consent ends the trouble"


async def test_a_consent_given_while_a_refresh_was_under_way_stands(consented: Database) -> None:
    await claim(consented)
    async with consented.transaction() as session:
        await zalo.consent(session, ACCOUNT, SECOND, NOON)
    async with consented.transaction() as session:
        late = Pair("late", "late", NOON)
        await zalo.keep_refreshed(session, ACCOUNT, late, "refresh-1", NOON)
        await zalo.refresh_failed(session, ACCOUNT, "refresh-1", Trouble.REFRESH_REFUSED, "x", NOON)
    async with consented.snapshot() as session:
        row = await zalo.find(session, ACCOUNT)
        assert row
        assert (row.access_token, row.trouble) == ("access-2", None)


async def test_without_a_consent_there_is_nothing_to_refresh(database: Database) -> None:
    with pytest.raises(TroubledError) as raised:
        await claim(database)
    assert raised.value.trouble is Trouble.NO_GRANT


async def test_pictures_are_known_until_their_time_is_over(database: Database) -> None:
    async with database.transaction() as session:
        until = NOON + timedelta(days=6)
        await zalo.keep_picture(session, ACCOUNT, "d", "a-1", until=until, now=NOON)
        await zalo.keep_picture(session, ACCOUNT, "d", "a-2", until=until, now=NOON)
        assert await zalo.picture(session, ACCOUNT, "d", NOON) == "a-2"
        assert await zalo.picture(session, ACCOUNT, "d", until) is None
        await zalo.forget_picture(session, ACCOUNT, "d")
        assert await zalo.picture(session, ACCOUNT, "d", NOON) is None
