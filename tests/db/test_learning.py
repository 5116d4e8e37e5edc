"""The office's decisions: who, when, what; what follows for training; and what is kept of the trainings."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from db import learning, questions, retention
from db.engine import Database
from db.learning import IGNORE, Measured, Sentence
from db.models import QuestionDecision, UnansweredQuestion
from db.retention import KEEP_MESSAGES
from tests.support.clock import NOON
from tests.support.rows import COMMUNE

GOLD = "giá vàng hôm nay"
PASSWORD = "nhập sai riết hông vô được nữa"


async def ask(database: Database, *texts: str, commune: str = COMMUNE) -> list[int]:
    """Questions that got no good answer; returns their ids."""
    rows = [
        UnansweredQuestion(commune=commune, channel="web", text=text, reason="refused", asked_at=NOON) for text in texts
    ]
    async with database.transaction() as session:
        session.add_all(rows)
    return [row.id for row in rows]


async def decide(database: Database, ids: list[int], verdict: str, *, by: str = "cô Hạnh", now: datetime = NOON) -> int:
    async with database.transaction() as session:
        return await learning.decide(session, COMMUNE, ids, verdict=verdict, by=by, now=now)


async def waiting(database: Database) -> list[str]:
    async with database.snapshot() as session:
        groups = await learning.waiting_groups(session, COMMUNE)
        assert await questions.count_unanswered(session, COMMUNE) == sum(group.count for group in groups)
        return sorted(group.representative.text for group in groups)


async def to_learn(database: Database) -> list[Sentence]:
    async with database.snapshot() as session:
        return await learning.sentences(session, COMMUNE)


class TestDeciding:
    async def test_a_decision_is_kept_with_who_and_when(self, database: Database) -> None:
        ids = await ask(database, PASSWORD)
        assert await decide(database, ids, "vneid.forgot_password") == 1
        async with database.snapshot() as session:
            [kept] = await learning.decided(session, COMMUNE)
        assert (kept.id, kept.text, kept.verdict) == (ids[0], PASSWORD, "vneid.forgot_password")
        assert (kept.decided_by, kept.decided_at) == ("cô Hạnh", NOON)

    async def test_what_is_decided_waits_no_more_nor_does_who_asks_the_same_later(self, database: Database) -> None:
        await decide(database, await ask(database, GOLD), "out_of_scope")
        await ask(database, "Gia vang hom nay?", PASSWORD)
        assert await waiting(database) == [PASSWORD]

    async def test_a_later_decision_replaces_the_earlier_one(self, database: Database) -> None:
        ids = await ask(database, PASSWORD)
        await decide(database, ids, IGNORE)
        await decide(database, ids, "vneid.locked", by="anh Tư", now=NOON + timedelta(days=1))
        async with database.snapshot() as session:
            [kept] = await learning.decided(session, COMMUNE)
        assert (kept.verdict, kept.decided_by) == ("vneid.locked", "anh Tư")

    async def test_another_commune_s_questions_are_neither_seen_nor_decided(self, database: Database) -> None:
        theirs = await ask(database, GOLD, commune="sang-moc")
        assert await decide(database, theirs, IGNORE) == 0
        async with database.snapshot() as session:
            assert await learning.group_of(session, COMMUNE, theirs[0]) == ()
            assert len(await learning.waiting_groups(session, "sang-moc")) == 1
        assert await waiting(database) == []

    async def test_the_group_of_a_question_is_what_waits_with_it(self, database: Database) -> None:
        ids = await ask(database, GOLD, PASSWORD, "gia vang hom nay the nao")
        async with database.snapshot() as session:
            assert await learning.group_of(session, COMMUNE, ids[2]) == (ids[0], ids[2])
            assert await learning.group_of(session, COMMUNE, max(ids) + 1) == ()

    async def test_the_group_of_a_decided_question_is_all_that_say_the_same(self, database: Database) -> None:
        ids = await ask(database, GOLD, "Gia vang hom nay", PASSWORD)
        await decide(database, ids, IGNORE)
        async with database.snapshot() as session:
            assert set(await learning.group_of(session, COMMUNE, ids[1])) == set(ids[:2])


class TestWhatIsLearned:
    async def test_topics_and_out_of_scope_each_wording_once(self, database: Database) -> None:
        await decide(database, await ask(database, PASSWORD, PASSWORD.upper()), "vneid.forgot_password")
        await decide(database, await ask(database, GOLD, "gia  vang hom nay"), "out_of_scope")
        await decide(database, await ask(database, "asdf"), IGNORE)
        assert await to_learn(database) == [
            Sentence("gia vang hom nay", "out_of_scope"),
            Sentence(GOLD, "out_of_scope"),
            Sentence(PASSWORD.upper(), "vneid.forgot_password"),
        ]

    async def test_of_two_verdicts_on_the_same_words_the_later_counts(self, database: Database) -> None:
        await decide(database, await ask(database, GOLD), "vneid.what")
        await decide(database, await ask(database, "gia vang hom nay"), "out_of_scope", now=NOON + timedelta(hours=1))
        assert {sentence.topic for sentence in await to_learn(database)} == {"out_of_scope"}


class TestRetention:
    async def test_what_was_decided_to_teach_nothing_goes_after_the_period(self, database: Database) -> None:
        long_ago = NOON - KEEP_MESSAGES - timedelta(seconds=1)
        await decide(database, await ask(database, "chuyện riêng nhà tôi"), IGNORE, now=long_ago)
        await decide(database, await ask(database, "chuyện khác"), IGNORE, now=NOON - KEEP_MESSAGES)
        await decide(database, await ask(database, GOLD), "out_of_scope", now=long_ago)
        await ask(database, PASSWORD)
        async with database.transaction() as session:
            await retention.delete_old(session, NOON)
        async with database.snapshot() as session:
            left = set(await session.scalars(select(UnansweredQuestion.text)))
            decisions = list(await session.scalars(select(QuestionDecision.verdict)))
        assert left == {"chuyện khác", GOLD, PASSWORD}
        assert sorted(decisions) == [IGNORE, "out_of_scope"]


class TestRuns:
    async def begin(self, database: Database, *, now: datetime = NOON) -> int:
        async with database.transaction() as session:
            return await learning.begin_run(
                session, COMMUNE, by="anh Tư", model="nlu-1.tar.gz", sentences=3, new_sentences=2, now=now
            )

    async def test_one_is_kept_with_its_figures_and_when_it_went_live(self, database: Database) -> None:
        run_id = await self.begin(database)
        measured = Measured({"right": 1}, {"right": 2}, {"right": 0}, {"right": 2}, [{"text": GOLD}])
        async with database.transaction() as session:
            await learning.finish_run(
                session, run_id, outcome=learning.ACCEPTED, reason="", measured=measured, now=NOON
            )
            await learning.went_live(session, run_id, NOON + timedelta(seconds=9))
        async with database.snapshot() as session:
            [run] = await learning.runs(session, COMMUNE)
            assert await learning.runs(session, "sang-moc") == []
        assert (run.outcome, run.gate_before, run.gate_after) == ("accepted", {"right": 1}, {"right": 2})
        assert (run.sentences, run.new_sentences, run.worse) == (3, 2, [{"text": GOLD}])
        assert (run.finished_at, run.live_at) == (NOON, NOON + timedelta(seconds=9))

    async def test_one_that_was_cut_off_is_told_apart_when_the_next_begins(self, database: Database) -> None:
        for hours in (0, 1):
            await self.begin(database, now=NOON + timedelta(hours=hours))
        async with database.snapshot() as session:
            last, cut_off = await learning.runs(session, COMMUNE)
        assert (last.outcome, cut_off.outcome) == ("running", "failed")
        assert "ngắt giữa chừng" in cut_off.reason
