"""Codes in links: read back, not to be made up, and each commune's own."""

from __future__ import annotations

import pytest

from db import links
from db.engine import Database
from db.links import MOST_CHARACTERS, Link, LinkError, Sort

VALUES = dict.fromkeys(Sort, "12") | {Sort.TOPIC: "vneid.forgot_password", Sort.INVITATION: "iNq68HBb6NT16Afw"}


@pytest.mark.parametrize("sort", Sort)
async def test_a_code_leads_where_it_was_made_for(database: Database, sort: Sort) -> None:
    async with database.transaction() as session:
        code = await links.make(session, "tan-loi", sort, VALUES[sort])
        assert code == await links.make(session, "tan-loi", sort, VALUES[sort])
        assert len(code) <= MOST_CHARACTERS
        assert await links.read(session, "tan-loi", code) == Link(sort, VALUES[sort])


async def test_every_other_letter_makes_it_a_forgery(database: Database) -> None:
    async with database.transaction() as session:
        code = await links.make(session, "tan-loi", Sort.HOUSEHOLD, 12)
        for place in range(2, len(code)):
            forged = code[:place] + ("x" if code[place] != "x" else "y") + code[place + 1 :]
            with pytest.raises(LinkError) as refused:
                await links.read(session, "tan-loi", forged)
            assert refused.value.is_ours


async def test_another_commune_s_code_leads_nowhere(database: Database) -> None:
    async with database.transaction() as session:
        code = await links.make(session, "dak-to", Sort.CLASS, 7)
        with pytest.raises(LinkError):
            await links.read(session, "tan-loi", code)


@pytest.mark.parametrize("code", ["", "poster-7", "1", "1z12abcdefgh", "2c12abcdefgh", "1c" + "1" * 80, "1c1 abcdefgh"])
async def test_what_does_not_look_like_ours_is_not_taken_for_a_forgery(database: Database, code: str) -> None:
    async with database.transaction() as session:
        with pytest.raises(LinkError) as refused:
            await links.read(session, "tan-loi", code)
    assert not refused.value.is_ours


@pytest.mark.parametrize("value", ["x" * 60, "có dấu", "a b", "a/b"])
async def test_what_does_not_fit_is_refused(database: Database, value: str) -> None:
    async with database.transaction() as session:
        with pytest.raises(ValueError, match="does not fit"):
            await links.make(session, "tan-loi", Sort.TOPIC, value)
