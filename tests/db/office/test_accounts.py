"""Accounts, sign-ins and one-time links on both kinds of database."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.office import accounts, sessions, setup_links
from db.office.accounts import AccountError
from db.office.models import OfficeAccount, OfficeRole, OfficeSession
from db.outreach import audit
from db.outreach.audit import OPERATOR
from tests.support.clock import NOON
from tests.support.rows import COMMUNE


async def add(session: AsyncSession, user_name: str = "thu-hoai", *, commune: str = COMMUNE) -> OfficeAccount:
    """An admin's account with a password."""
    account = await accounts.add(
        session, commune, user_name=user_name, name="Thu Hoài", role=OfficeRole.ADMIN, actor=OPERATOR, now=NOON
    )
    accounts.set_password(session, account, "hash", OPERATOR, NOON)
    return account


def test_roles_build_on_each_other() -> None:
    allowed = {role: [least.value for least in OfficeRole if role.may(least)] for role in OfficeRole}
    assert allowed == {
        OfficeRole.VIEWER: ["viewer"], OfficeRole.EDITOR: ["viewer", "editor"],
        OfficeRole.ADMIN: ["viewer", "editor", "admin"],
    }  # fmt: skip


async def test_communes_know_nothing_of_each_other_s_accounts(database: Database) -> None:
    async with database.transaction() as session:
        ours, theirs = await add(session), await add(session, commune="sang-moc")  # the same name
        token = await sessions.begin(session, theirs, "", NOON)
        link = await setup_links.make(session, "sang-moc", theirs, OPERATOR, NOON)
    async with database.snapshot() as session:
        assert [one.id for one in await accounts.all_of(session, COMMUNE)] == [ours.id]
        assert await accounts.by_id(session, COMMUNE, theirs.id) is None
        assert await sessions.find(session, COMMUNE, token, NOON) is None
        assert await setup_links.find(session, COMMUNE, link, NOON) is None
        assert await setup_links.find(session, "sang-moc", link, NOON) is not None


@pytest.mark.parametrize("user_name", ["", "ab", "Thu Hoài", "x" * 65, "-hoai", "hoai@", "hoài", "a@b@c.vn", "a\nb"])
async def test_odd_user_names_are_refused(database: Database, user_name: str) -> None:
    async with database.transaction() as session:
        with pytest.raises(AccountError, match="bad_user_name"):
            await add(session, user_name)


@pytest.mark.parametrize("user_name", ["hoai", "thu.hoai_2", "VHXH@tanloi.dongnai.gov.vn", "  Hoai  "])
async def test_short_names_and_addresses_are_taken(database: Database, user_name: str) -> None:
    async with database.transaction() as session:
        account = await add(session, user_name)
        assert account.user_name == user_name.strip().lower()
        assert (await accounts.by_user_name(session, COMMUNE, user_name.upper())) is account
        with pytest.raises(AccountError, match="taken"):
            await add(session, user_name.upper())


async def test_what_happened_to_an_account_stands_in_the_audit_without_secrets(database: Database) -> None:
    async with database.transaction() as session:
        account = await add(session)
        await add(session, "van-an")
        accounts.set_totp(session, account, "SECRET", "office:thu-hoai", NOON)
        accounts.set_totp(session, account, None, "office:thu-hoai", NOON)
        await accounts.set_role(session, account, OfficeRole.VIEWER, "office:van-an", NOON)
        await accounts.set_role(session, account, OfficeRole.VIEWER, "office:van-an", NOON)
        await accounts.disable(session, account, "office:van-an", NOON)
        await accounts.disable(session, account, "office:van-an", NOON)
        await accounts.enable(session, account, "office:van-an", NOON)
        entries = await audit.history(session, COMMUNE, "account", account.id)
    assert [entry.action.partition(".")[2] for entry in entries] == [
        "created", "password_set", "totp_on", "totp_off", "role_set", "disabled", "enabled",
    ]  # fmt: skip
    said = str([(entry.before, entry.after) for entry in entries])
    assert "SECRET" not in said
    assert "hash" not in said


async def test_two_admins_who_step_down_at_once_do_not_leave_the_commune_without_one(database: Database) -> None:
    async with database.transaction() as session:
        both = [await add(session, "thu-hoai"), await add(session, "van-an")]

    async def step_down(account_id: int) -> str:
        async with database.transaction() as session:
            account = await accounts.by_id(session, COMMUNE, account_id)
            assert account
            try:
                await accounts.set_role(session, account, OfficeRole.VIEWER, OPERATOR, NOON)
            except AccountError as error:
                return error.reason
            return "done"

    assert sorted(await asyncio.gather(*(step_down(one.id) for one in both))) == ["done", "last_admin"]


async def test_a_code_is_used_once_even_by_two_at_the_same_time(database: Database) -> None:
    async with database.transaction() as session:
        account = await add(session)

    async def use(step: int) -> bool:
        async with database.transaction() as session:
            return await accounts.use_totp_step(session, account, step)

    assert sorted(await asyncio.gather(use(7), use(7))) == [False, True]
    assert not await use(6)
    assert await use(8)


async def test_a_link_is_used_up_by_one_of_two(database: Database) -> None:
    async with database.transaction() as session:
        token = await setup_links.make(session, COMMUNE, await add(session), OPERATOR, NOON)

    async def use() -> bool:
        async with database.transaction() as session:
            link = await setup_links.find(session, COMMUNE, token, NOON)
            if link:
                link.used_at = NOON
            return link is not None

    assert sorted(await asyncio.gather(use(), use())) == [False, True]


async def test_sign_ins_are_listed_while_they_last_and_cleared_away_later(database: Database) -> None:
    async with database.transaction() as session:
        account = await add(session)
        for hours, device in ((0, "Chrome, Windows"), (1, "Safari, iPhone")):
            await sessions.begin(session, account, device, NOON + timedelta(hours=hours))
    async with database.snapshot() as session:
        found = await sessions.present_of(session, account.id, NOON + timedelta(hours=12))
        assert [one.device for one in found] == ["Safari, iPhone"]
        assert await sessions.present_of(session, account.id, NOON + timedelta(hours=13)) == []
    async with database.transaction() as session:
        present = await accounts.by_id(session, COMMUNE, account.id)
        assert present
        await sessions.begin(session, present, "", NOON + timedelta(days=30))
        assert await session.scalar(select(func.count()).select_from(OfficeSession)) == 1


async def test_signing_out_everywhere_else_keeps_this_one(database: Database) -> None:
    async with database.transaction() as session:
        account = await add(session)
        tokens = [await sessions.begin(session, account, "", NOON) for _device in range(3)]
        kept = await sessions.find(session, COMMUNE, tokens[1], NOON)
        assert kept
        await sessions.end_all(session, account.id, NOON, but=kept.id)
        found = [await sessions.find(session, COMMUNE, token, NOON) is not None for token in tokens]
    assert found == [False, True, False]
