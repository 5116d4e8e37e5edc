"""What citizens tell us about our answers is kept for the office: questions without a name, one opinion a person."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from db import questions
from db.engine import Database
from db.models import Feedback, UnansweredQuestion
from tests.support.clock import NOON
from tests.support.rows import COMMUNE, open_conversation


async def test_an_unanswered_question_is_kept_without_a_tie_to_who_asked_it(database: Database) -> None:
    async with database.transaction() as session:
        conversation = await open_conversation(session, "ba-an")
        questions.keep_unanswered(
            session, conversation, text="mua xe máy cũ", reason="refused", topic="proc.vehicle", now=NOON
        )
    async with database.snapshot() as session:
        kept = (await session.scalars(select(UnansweredQuestion))).one()
    assert (kept.text, kept.reason, kept.topic, kept.asked_at) == ("mua xe máy cũ", "refused", "proc.vehicle", NOON)
    assert not UnansweredQuestion.__table__.foreign_keys
    assert "ba-an" not in {getattr(kept, column.key) for column in UnansweredQuestion.__table__.columns}


async def test_questions_are_counted_for_their_commune_alone(database: Database) -> None:
    async with database.transaction() as session:
        for commune in (COMMUNE, COMMUNE, "sang-moc"):
            conversation = await open_conversation(session, commune=commune)
            questions.keep_unanswered(session, conversation, text="?", reason="refused", topic=None, now=NOON)
    async with database.snapshot() as session:
        assert await questions.count_unanswered(session, COMMUNE) == 2
        assert await questions.count_unanswered(session, "nghia-dan") == 0


async def test_a_new_opinion_replaces_the_old_one_of_the_same_person_and_topic(database: Database) -> None:
    async def say(who: str, topic: str, helpful: bool, *, days: int = 0) -> None:
        async with database.transaction() as session:
            conversation = await open_conversation(session, who)
            await questions.record_feedback(
                session, conversation, topic=topic, helpful=helpful, now=NOON + timedelta(days=days)
            )

    await say("ba-an", "vneid.what", False)
    await say("ba-an", "vneid.install", False)
    await say("ong-ba", "vneid.what", False)
    await say("ba-an", "vneid.what", True, days=1)

    async with database.snapshot() as session:
        given = list(await session.scalars(select(Feedback).order_by(Feedback.id)))
    assert [(one.topic, one.helpful) for one in given] == [
        ("vneid.what", True),
        ("vneid.install", False),
        ("vneid.what", False),
    ]
    assert given[0].given_at == NOON + timedelta(days=1)
