"""Members: invitations that open once, accounts that speak for somebody, and what removal takes away."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.outreach import audit, hamlets, members
from db.outreach.audit import OPERATOR
from db.outreach.models import Hamlet, Invitation, Member, Role
from tests.support.clock import NOON
from tests.support.outreach import hamlet, member
from tests.support.rows import COMMUNE, open_conversation


async def invite(session: AsyncSession, *places: Hamlet) -> str:
    return await members.invite(
        session, commune=COMMUNE, role=Role.MEMBER, hamlets=places, created_by=OPERATOR, now=NOON
    )  # fmt: skip


async def why_refused(session: AsyncSession, code: str, *, commune: str = COMMUNE, now: datetime = NOON) -> str:
    with pytest.raises(members.InvitationError) as refused:
        await members.find_invitation(session, commune, code, now)
    return refused.value.reason


async def speaks_for(session: AsyncSession, who: str) -> Member | None:
    return await members.by_account(session, COMMUNE, "telegram", who)


class TestInvitations:
    async def test_one_makes_a_member_with_its_role_and_hamlets(self, database: Database) -> None:
        async with database.transaction() as session:
            joined = await member(session, "ba-an", await hamlet(session, "3"), role=Role.AMBASSADOR)
        async with database.snapshot() as session:
            found = await speaks_for(session, "ba-an")
            assert found is not None
            assert (found.id, found.role, [place.name for place in found.hamlets]) == (joined.id, "ambassador", ["3"])
            [entry] = await audit.history(session, COMMUNE, "member", joined.id)
            assert (entry.action, entry.actor) == ("member.joined", audit.by_member(joined))

    async def test_one_opens_once(self, database: Database) -> None:
        async with database.transaction() as session:
            code = await invite(session)
            invitation = await members.find_invitation(session, COMMUNE, code, NOON)
            joined = await members.join(session, invitation, await open_conversation(session), "Bà An", NOON)
            assert await why_refused(session, code) == "used"
            assert invitation.used_by_id == joined.id

    async def test_one_expires_after_seven_days(self, database: Database) -> None:
        async with database.transaction() as session:
            code = await invite(session)
            end = NOON + timedelta(days=7)
            assert await members.find_invitation(session, COMMUNE, code, end - timedelta(seconds=1))
            assert await why_refused(session, code, now=end) == "expired"

    async def test_a_revoked_an_unknown_and_another_commune_s_open_nothing(self, database: Database) -> None:
        async with database.transaction() as session:
            code = await invite(session)
            assert await why_refused(session, code, commune="sang-moc") == "unknown"
            assert await why_refused(session, code.swapcase()) == "unknown"
            invitation = await members.find_invitation(session, COMMUNE, code, NOON)
            assert await members.open_invitations(session, COMMUNE, NOON) == [invitation]
            assert not await members.revoke(session, "sang-moc", invitation.id, OPERATOR, NOON)
            for _twice in range(2):
                assert await members.revoke(session, COMMUNE, invitation.id, OPERATOR, NOON)
            assert await why_refused(session, code) == "revoked"
            assert await members.open_invitations(session, COMMUNE, NOON) == []
            entries = await audit.history(session, COMMUNE, "invitation", invitation.id)
            assert [entry.action for entry in entries] == ["invitation.created", "invitation.revoked"]

    async def test_a_used_one_can_not_be_revoked(self, database: Database) -> None:
        async with database.transaction() as session:
            joined = await member(session)
            [used] = await session.scalars(select(Invitation).where(Invitation.used_by_id == joined.id))
            assert not await members.revoke(session, COMMUNE, used.id, OPERATOR, NOON)
            assert used.revoked_at is None

    async def test_the_same_hamlet_named_twice_is_one(self, database: Database) -> None:
        async with database.transaction() as session:
            three = await hamlet(session, "3")
            invitation = await members.find_invitation(session, COMMUNE, await invite(session, three, three), NOON)
            joined = await members.join(session, invitation, await open_conversation(session), "Bà An", NOON)
            await members.change(session, joined, role=Role.MEMBER, hamlets=[three, three], actor=OPERATOR, now=NOON)
            assert joined.hamlets == [three]
            assert (await audit.history(session, COMMUNE, "member", joined.id))[-1].after == {
                "role": "member", "hamlet_ids": [three.id],
            }  # fmt: skip

    async def test_one_for_a_hamlet_that_was_merged_since_is_for_the_one_it_is_part_of(
        self, database: Database
    ) -> None:
        async with database.transaction() as session:
            three, four = await hamlet(session, "3"), await hamlet(session, "4")
            invitation = await members.find_invitation(session, COMMUNE, await invite(session, three, four), NOON)
            await hamlets.merge(session, three, four, OPERATOR, NOON)
            joined = await members.join(session, invitation, await open_conversation(session), "Bà An", NOON)
        async with database.snapshot() as session:
            assert [place.id for place in (await speaks_for(session, "ba-an") or joined).hamlets] == [four.id]

    async def test_a_member_who_accepts_one_stays_the_same_with_its_role_and_hamlets(self, database: Database) -> None:
        async with database.transaction() as session:
            three, four = await hamlet(session, "3"), await hamlet(session, "4")
            one = await member(session, "ba-an", three, role=Role.AMBASSADOR)
            code = await invite(session, four)
            await members.accept(session, await members.find_invitation(session, COMMUNE, code, NOON), one, NOON)
            assert await speaks_for(session, "ba-an") is one
            assert (one.role, one.hamlets) == ("member", [four])
            assert await why_refused(session, code) == "used"
            entry = (await audit.history(session, COMMUNE, "member", one.id))[-1]
            assert (entry.actor, entry.before) == (
                audit.by_member(one), {"role": "ambassador", "hamlet_ids": [three.id]},
            )  # fmt: skip

    async def test_the_code_itself_is_not_kept(self, database: Database) -> None:
        async with database.transaction() as session:
            code = await invite(session)
            kept = (await session.execute(select(Invitation.__table__))).one()
        assert code not in repr(kept)


class TestAccounts:
    async def test_of_a_removed_member_is_nobody_s(self, database: Database) -> None:
        async with database.transaction() as session:
            place = await hamlet(session)
            gone, stays = await member(session, "ba-an", place), await member(session, "anh-tu", place)
            for _twice in range(2):
                await members.remove(session, gone, OPERATOR, NOON)
        async with database.snapshot() as session:
            assert await speaks_for(session, "ba-an") is None
            assert [one.id for one in await members.all_of(session, COMMUNE)] == [stays.id]
            assert [one.id for one in await members.serving(session, COMMUNE, place.id, [Role.MEMBER])] == [stays.id]
            assert await members.conversations_of(session, [gone]) == {gone.id: []}
            entries = await audit.history(session, COMMUNE, "member", gone.id)
        assert [entry.action for entry in entries] == ["member.joined", "member.removed"]

    async def test_who_was_removed_may_be_invited_again(self, database: Database) -> None:
        async with database.transaction() as session:
            await members.remove(session, await member(session), OPERATOR, NOON)
            again = await member(session)
            assert await speaks_for(session, "ba-an") is again

    async def test_one_speaks_for_the_member_that_it_joined_as_last(self, database: Database) -> None:
        async with database.transaction() as session:
            first, second = await member(session), await member(session, role=Role.OFFICE)
            assert await speaks_for(session, "ba-an") is second
            chats = await members.conversations_of(session, [first, second])
            assert [len(chats[one.id]) for one in (first, second)] == [0, 1]

    async def test_a_stranger_s_and_the_same_name_on_another_channel_are_nobody_s(self, database: Database) -> None:
        async with database.transaction() as session:
            await member(session, "ba-an")
            assert await speaks_for(session, "ba-anh") is None
            assert await members.by_account(session, COMMUNE, "zalo", "ba-an") is None
            assert await members.by_account(session, "sang-moc", "telegram", "ba-an") is None


async def test_a_change_of_role_and_hamlets_says_what_was_before(database: Database) -> None:
    async with database.transaction() as session:
        three, four = await hamlet(session, "3"), await hamlet(session, "4")
        one = await member(session, "ba-an", three)
        await members.change(session, one, role=Role.AMBASSADOR, hamlets=[three, four], actor=OPERATOR, now=NOON)
        assert [place.name for place in one.hamlets] == ["3", "4"]
        entry = (await audit.history(session, COMMUNE, "member", one.id))[-1]
        assert entry.before == {"role": "member", "hamlet_ids": [three.id]}
        assert await members.serving(session, COMMUNE, four.id, [Role.AMBASSADOR]) == [one]
        assert await members.serving(session, COMMUNE, None, [Role.MEMBER]) == []


async def test_a_target_is_set_changed_and_taken_away(database: Database) -> None:
    async with database.transaction() as session:
        one = await member(session)
        for households in (15, 15, None):
            await members.set_target(session, one, households, OPERATOR, NOON)
        _joined, *entries = await audit.history(session, COMMUNE, "member", one.id)
        assert [entry.after for entry in entries] == [{"monthly_target": 15}, {"monthly_target": None}]
        assert one.monthly_target is None
