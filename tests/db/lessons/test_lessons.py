"""Lessons: progress is a person's and only grows, in whatever order; who agrees counts once, and can leave."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Picture, Reply
from content.library import Library
from db import conversations, outbox, persons, retention
from db.engine import Database
from db.indicators import official
from db.indicators.official import Entry
from db.indicators.values import Basis, Value, values, values_by_hamlet
from db.lessons import counted, progress, reminders
from db.lessons.models import CountedLearner, LessonCourse, LessonProgress
from db.models import Conversation, OutboxMessage
from db.outreach import audit
from db.outreach.audit import CITIZEN, OPERATOR
from db.outreach.models import OutcomeCode
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.outreach import TODAY, visit
from tests.support.rows import COMMUNE, arrival, open_conversation, store

DAY = timedelta(days=1)
SKILLS = "basic_digital_skills"
CARDS = 4


async def learn(session: AsyncSession, who: Conversation, lesson: str) -> None:
    """All of a lesson."""
    for number in (1, 2, 3):
        await progress.mark(
            session, who, lesson, cards=CARDS, questions=3, now=NOON, card=CARDS, right=number
        )  # fmt: skip


async def agree(session: AsyncSession, who: Conversation, hamlet_id: int, day: date = TODAY) -> bool:
    return await counted.agree(session, who, hamlet_id=hamlet_id, finished_on=day, actor=CITIZEN, now=NOON)


async def of_skills(session: AsyncSession, library: Library, **said: object) -> Value:
    asked = {"as_of": TODAY} | said
    return (await values(session, COMMUNE, [library.indicators[SKILLS]], **asked))[SKILLS]  # type: ignore[arg-type]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), max_size=8), data=st.data())
async def test_presses_in_any_order_and_twice_end_in_the_same_progress(
    database: Database, told: list[tuple[int, int]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations([*told, *told[:3]]))
    async with database.transaction() as session:
        ends = []
        for name, presses in (("one", told), ("other", shuffled)):
            who = await open_conversation(session, name)
            await progress.forget(session, who)
            for card, right in presses:
                await progress.mark(
                    session, who, "vneid", cards=CARDS, questions=3, now=NOON, card=card, right=right or None
                )
            ends.append((await progress.of_person(session, who)).get("vneid", progress.Known()))
        cards = [card for card, _ in told if card <= CARDS]
        answered = frozenset(one for _, one in told if 1 <= one <= 3)
        most = max(cards, default=0)
        assert ends[0] == ends[1] == progress.Known(most, answered, most == CARDS and len(answered) == 3)


async def test_what_was_learnt_in_two_chats_is_one_persons_once_they_are_linked(database: Database) -> None:
    async with database.transaction() as session:
        phone = await open_conversation(session, "ba")
        web = await open_conversation(session, "ba-web", channel="web")
        await progress.mark(session, phone, "zalo", cards=CARDS, questions=3, now=NOON, card=CARDS, right=1)
        await progress.mark(session, web, "zalo", cards=CARDS, questions=3, now=NOON, right=2)
        await persons.link(session, phone, web)
        known = await progress.mark(session, web, "zalo", cards=CARDS, questions=3, now=NOON, right=3)
        assert known == progress.Known(CARDS, frozenset({1, 2, 3}), is_finished=True)
        assert await progress.has_finished(session, phone, ["zalo"], NOON)
        assert await progress.finished_at(session, web) == NOON
        assert not await progress.has_finished(session, await open_conversation(session, "ong"), ["zalo"], NOON)


async def test_a_course_once_finished_stays_so_when_lessons_are_added(database: Database) -> None:
    async with database.transaction() as session:
        who = await open_conversation(session, "ba")
        assert not await progress.has_finished(session, who, [], NOON)
        await learn(session, who, "zalo")
        assert await progress.has_finished(session, who, ["zalo"], NOON)
        assert await progress.has_finished(session, who, ["zalo", "new"], NOON + DAY)
        assert await progress.finished_at(session, who) == NOON


async def test_who_agrees_counts_once_apart_from_the_teams_and_within_the_rule(
    database: Database, library: Library
) -> None:
    async with database.transaction() as session:
        one, other = await outreach.hamlet(session, "1"), await outreach.hamlet(session, "2")
        ba, ong = await open_conversation(session, "ba"), await open_conversation(session, "ong")
        assert await agree(session, ba, one.id)
        assert not await agree(session, ba, other.id)  # counted, wherever
        assert await agree(session, ong, one.id, TODAY - 40 * DAY)
        told = visit(one, people=5, outcomes={OutcomeCode.BASIC_DIGITAL_SKILLS: 4})
        await outreach.log(session, told, "a")
        alone = await of_skills(session, library)
        assert (alone.basis, alone.value, alone.numerator) == (Basis.OUTREACH, None, 6)
        assert (alone.since, alone.learned) == (4, 2)
        assert (await of_skills(session, library, as_of=TODAY - DAY)).learned == 1
        entry = Entry(SKILLS, TODAY - 30 * DAY, "Văn phòng", None, 90, 93)
        await official.enter(
            session, COMMUNE, entry, known=library.indicators, actor=OPERATOR, now=NOON, today=TODAY
        )  # fmt: skip
        found = await of_skills(session, library)
        assert (found.official, found.since, found.learned) == (90, 4, 1)  # the other one is in the figure already
        assert (found.numerator, found.is_capped, found.basis) == (93, True, Basis.OFFICIAL_AND_OUTREACH)
        assert (found.in_period, found.learned_in_period) == (4, 2)
        places = await values_by_hamlet(session, COMMUNE, [library.indicators[SKILLS]], as_of=TODAY)
        assert {place: its[SKILLS].learned for place, its in places.items()} == {one.id: 2, other.id: 0}


async def test_who_links_two_chats_that_both_count_is_one_person(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        phone = await open_conversation(session, "ba")
        web = await open_conversation(session, "ba-web", channel="web")
        assert await agree(session, phone, place.id)
        assert await agree(session, web, place.id)
        assert (await of_skills(session, library)).learned == 2
        await persons.link(session, phone, web)
        assert (await of_skills(session, library)).learned == 1
        assert await counted.withdraw(session, phone, actor=CITIZEN, now=NOON)
        assert not await counted.withdraw(session, web, actor=CITIZEN, now=NOON)
        assert (await of_skills(session, library)).basis is Basis.NOTHING


async def test_deleting_ones_data_takes_progress_and_count_along(database: Database, library: Library) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        asked = await store(session, arrival("/xoadulieu", by="ba"))
        who = await open_conversation(session, "ba")
        await learn(session, who, "zalo")
        await progress.has_finished(session, who, ["zalo"], NOON)
        await agree(session, who, place.id)
        learner_id = await session.scalar(select(CountedLearner.id))
        await conversations.forget(session, who, asked.id, NOON)
        for table in (LessonProgress, LessonCourse, CountedLearner):
            assert (await session.scalars(select(table))).all() == []
        assert (await of_skills(session, library)).basis is Basis.NOTHING
        entries = await audit.history(session, COMMUNE, "learner", learner_id or 0)
        assert [one.action for one in entries] == ["learner.counted", "learner.withdrawn"]


async def test_who_asked_is_reminded_once_a_week_until_it_is_enough(database: Database) -> None:
    async with database.transaction() as session:
        who = await open_conversation(session, "ba")
        silent = await open_conversation(session, "ong")
        for one in (who, silent):
            await progress.mark(session, one, "zalo", cards=CARDS, questions=3, now=NOON, card=1)
        assert await reminders.want(session, who, NOON)
        assert not await reminders.want(session, who, NOON + DAY)
        times = []
        for day in range(60):
            for chat in await reminders.due(session, COMMUNE, NOON + day * DAY, 10):
                times.append((chat.sender, day))
        assert times == [("ba", 7), ("ba", 14), ("ba", 21), ("ba", 28)]
        assert not await reminders.is_wanted(session, who)


async def test_nobody_is_reminded_who_learns_has_finished_or_said_stop(database: Database) -> None:
    async with database.transaction() as session:
        busy, done, stopped = [await open_conversation(session, name) for name in ("busy", "done", "stopped")]
        for one in (busy, done, stopped):
            await reminders.want(session, one, NOON)
        await progress.mark(session, busy, "zalo", cards=CARDS, questions=3, now=NOON + 5 * DAY, card=1)
        await learn(session, done, "zalo")
        await progress.has_finished(session, done, ["zalo"], NOON)
        assert await reminders.stop(session, stopped)
        assert await reminders.due(session, COMMUNE, NOON + 8 * DAY, 10) == []
        assert [one.id for one in await reminders.due(session, COMMUNE, NOON + 13 * DAY, 10)] == [busy.id]


async def test_who_pauses_for_months_goes_on_where_they_were_and_after_a_year_all_is_gone(database: Database) -> None:
    async with database.transaction() as session:
        await progress.mark(session, await open_conversation(session, "ba"), "zalo", cards=9, questions=3, now=NOON)
    for days, left in ((200, 1), (366, 0)):
        async with database.transaction() as session:
            await retention.delete_old(session, NOON + days * DAY)
            assert len((await session.scalars(select(LessonProgress))).all()) == left


async def test_the_name_on_a_certificate_is_gone_from_its_message_after_two_days(database: Database) -> None:
    async with database.transaction() as session:
        asked = await store(session, arrival("tên"))
        who = await conversations.lock(session, asked.conversation_id)
        replies = [
            Reply("Đây ạ.", picture=Picture("certificate", "Giấy", ("Hoàng Thị Năm",), text="Hoàng Thị Năm")),
            Reply("Mã", picture=Picture("qr", "Mã", text="https://t.me/bot")),
        ]
        outbox.add(session, who, asked, [reply.to_json() for reply in replies], NOON)
        asked.handled_at = NOON
    for days, kept in ((1, True), (3, False)):
        async with database.transaction() as session:
            await retention.delete_old(session, NOON + days * DAY)
        async with database.snapshot() as session:
            bodies = list(await session.scalars(select(OutboxMessage.body).order_by(OutboxMessage.id)))
        assert ("Năm" in str(bodies[0])) is kept
        assert Reply.from_json(bodies[0]).text == "Đây ạ."
        assert Reply.from_json(bodies[1]).picture is not None
