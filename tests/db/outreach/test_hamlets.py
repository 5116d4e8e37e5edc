"""Hamlets: loaded as often as one likes, known by name, merged with history."""

from __future__ import annotations

import pytest

from db.engine import Database
from db.outreach import audit, classes, hamlets, households, members, requests
from tests.support.clock import NOON
from tests.support.outreach import hamlet, household, member
from tests.support.rows import COMMUNE, open_conversation


async def names(database: Database) -> list[str]:
    async with database.snapshot() as session:
        return [one.name for one in await hamlets.all_of(session, COMMUNE)]


async def load(database: Database, *profile: str) -> list[str]:
    """Loads a profile; returns the names that were added."""
    async with database.transaction() as session:
        return [one.name for one in await hamlets.load(session, COMMUNE, profile, NOON)]


class TestLoading:
    async def test_twice_adds_nothing(self, database: Database) -> None:
        assert await load(database, "Khuổi Mèo", "3") == ["Khuổi Mèo", "3"]
        assert await load(database, "Khuổi Mèo", "3") == []
        assert await names(database) == ["Khuổi Mèo", "3"]

    async def test_a_new_profile_adds_orders_and_deletes_none(self, database: Database) -> None:
        await load(database, "Khuổi Mèo", "3")
        assert await load(database, "Nà Lẹng", "khuoi meo") == ["Nà Lẹng"]
        assert set(await names(database)) == {"Nà Lẹng", "Khuổi Mèo", "3"}
        await load(database, "3", "Nà Lẹng", "Khuổi Mèo")
        assert await names(database) == ["3", "Nà Lẹng", "Khuổi Mèo"]

    async def test_a_name_twice_in_one_profile_is_one_hamlet(self, database: Database) -> None:
        assert await load(database, "Khuổi Mèo", "khuoi meo") == ["Khuổi Mèo"]

    async def test_another_commune_has_its_own(self, database: Database) -> None:
        async with database.transaction() as session:
            ours, theirs = await hamlet(session, "3"), await hamlet(session, "3", commune="sang-moc")
            assert ours.id != theirs.id
            assert await hamlets.by_id(session, COMMUNE, theirs.id) is None
            assert await hamlets.by_name(session, COMMUNE, " 3 ") is ours


class TestMerging:
    async def test_the_merged_one_is_listed_no_more_and_a_load_does_not_bring_it_back(self, database: Database) -> None:
        async with database.transaction() as session:
            one, into = await hamlet(session, "3"), await hamlet(session, "4")
            await hamlets.merge(session, one, into, audit.OPERATOR, NOON)
        assert await load(database, "3", "4") == []
        assert await names(database) == ["4"]
        async with database.snapshot() as session:
            [entry] = await audit.history(session, COMMUNE, "hamlet", one.id)
        assert (entry.action, entry.before, entry.after) == ("hamlet.merged", {"name": "3"}, {"into": into.id})

    async def test_chains_stay_one_step_long(self, database: Database) -> None:
        async with database.transaction() as session:
            first, second, third = [await hamlet(session, name) for name in "345"]
            await hamlets.merge(session, first, second, audit.OPERATOR, NOON)
            await hamlets.merge(session, second, third, audit.OPERATOR, NOON)
        assert first.merged_into_id == second.merged_into_id == third.id

    async def test_neither_into_itself_nor_into_a_merged_one_nor_into_another_commune(self, database: Database) -> None:
        async with database.transaction() as session:
            one, other = await hamlet(session, "3"), await hamlet(session, "4")
            third, theirs = await hamlet(session, "5"), await hamlet(session, "3", commune="sang-moc")
            await hamlets.merge(session, one, other, audit.OPERATOR, NOON)
            for merged, into in ((other, other), (other, one), (other, theirs), (one, third)):
                with pytest.raises(ValueError, match="can't be merged"):
                    await hamlets.merge(session, merged, into, audit.OPERATOR, NOON)

    async def test_households_members_classes_and_requests_go_there_and_the_log_says_so(
        self, database: Database
    ) -> None:
        async with database.transaction() as session:
            one, into = await hamlet(session, "3"), await hamlet(session, "4")
            home, other = await household(session, place=one), await household(session, place=into)
            only_one, both = await member(session, "ba-an", one), await member(session, "anh-tu", one, into)
            lesson = await classes.create(
                session, commune=COMMUNE, hamlet_id=one.id, title="Lớp", place="Nhà văn hoá", starts_at=NOON,
                created_by_id=both.id, actor=audit.OPERATOR, now=NOON,
            )  # fmt: skip
            request = await requests.make(
                session, await open_conversation(session, "ba-con"), kind="home_visit", hamlet_id=one.id, topic=None,
                text="", now=NOON,
            )  # fmt: skip
            await hamlets.merge(session, one, into, audit.OPERATOR, NOON)
        async with database.snapshot() as session:
            homes = await households.of_hamlets(session, COMMUNE, [into.id])
            assert {found.id for found in homes} == {home.id, other.id}
            served = {
                found.name: [place.id for place in found.hamlets] for found in await members.all_of(session, COMMUNE)
            }
            assert served == {"ba-an": [into.id], "anh-tu": [into.id]}
            assert [found.id for found in await requests.live(session, COMMUNE, [into.id])] == [request.id]
            assert [found.id for found in await classes.coming(session, COMMUNE, NOON, hamlet_ids=[into.id])] == [
                lesson.id
            ]
            moved = ("household", home), ("member", only_one), ("member", both), ("class", lesson), ("request", request)
            for subject, what in moved:
                entry = (await audit.history(session, COMMUNE, subject, what.id))[-1]
                assert (entry.action, entry.before, entry.after) == (
                    f"{subject}.moved", {"hamlet_id": one.id}, {"hamlet_id": into.id},
                )  # fmt: skip
            assert await hamlets.by_id(session, COMMUNE, one.id) is await hamlets.by_name(session, COMMUNE, "3")
            assert (await hamlets.by_name(session, COMMUNE, "3") or one).id == into.id
