"""What the office decides about unanswered questions, the sentences that follow for training, and how trainings went.

The office's page and `daisuso learn` both work through here. Topics are checked by the caller, who knows the content;
training and comparing is bot/learning.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import questions
from db.models import LearningRun, QuestionDecision, UnansweredQuestion
from db.question_groups import QuestionGroup, group, key

IGNORE = "ignore"
"""The verdict on what teaches nothing: nonsense, or too personal. Such questions are deleted in time."""

NEWEST = 1000
"""So many waiting questions are grouped at most, which takes about 2 s; older ones come up when those are decided."""

RUNNING, ACCEPTED, REFUSED, FAILED = "running", "accepted", "refused", "failed"


@dataclass(frozen=True, slots=True)
class DecidedQuestion:
    """A question with what was decided about it."""

    id: int
    text: str
    verdict: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence to be learned; `topic` may be out_of_scope."""

    text: str
    topic: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What a comparison found; see db.models.LearningRun."""

    gate_before: dict[str, Any]
    gate_after: dict[str, Any]
    new_before: dict[str, Any]
    new_after: dict[str, Any]
    worse: list[dict[str, Any]]


async def waiting_groups(session: AsyncSession, commune: str) -> list[QuestionGroup]:
    """The questions that wait for a decision, like ones together, those asked most often first."""
    waiting = await questions.waiting(session, commune)
    return await asyncio.to_thread(group, waiting[-NEWEST:])


async def group_of(session: AsyncSession, commune: str, question_id: int) -> tuple[int, ...]:
    """The ids of the group that a question belongs to; of a decided one those of the same words. Empty if unknown."""
    for waiting in await waiting_groups(session, commune):
        if question_id in waiting.ids:
            return waiting.ids
    asked = await session.get(UnansweredQuestion, question_id)
    if asked is None or asked.commune != commune:
        return ()
    same = (question.id for question in await decided(session, commune) if key(question.text) == key(asked.text))
    return tuple({question_id, *same})


async def decide(
    session: AsyncSession, commune: str, question_ids: Collection[int], *, verdict: str, by: str, now: datetime
) -> int:
    """Records a verdict on questions (a topic's id, out_of_scope or IGNORE); it replaces an earlier one.

    Returns how many of the ids are questions of this commune; the others are left alone.
    """
    known = list(
        await session.scalars(
            select(UnansweredQuestion.id).where(
                UnansweredQuestion.commune == commune, UnansweredQuestion.id.in_(question_ids)
            )
        )
    )
    await session.execute(delete(QuestionDecision).where(QuestionDecision.question_id.in_(known)))
    session.add_all(
        QuestionDecision(commune=commune, question_id=number, verdict=verdict, decided_by=by, decided_at=now)
        for number in known
    )
    await session.flush()
    return len(known)


async def decided(session: AsyncSession, commune: str) -> list[DecidedQuestion]:
    """Every question with a verdict, the one decided last first."""
    rows = await session.execute(
        select(UnansweredQuestion, QuestionDecision)
        .join(QuestionDecision, QuestionDecision.question_id == UnansweredQuestion.id)
        .where(QuestionDecision.commune == commune)
        .order_by(QuestionDecision.decided_at.desc(), QuestionDecision.id.desc())
    )
    return [
        DecidedQuestion(asked.id, asked.text, decision.verdict, decision.decided_by, decision.decided_at)
        for asked, decision in rows
    ]


async def sentences(session: AsyncSession, commune: str) -> list[Sentence]:
    """What is to be learned, each wording once, in alphabetical order by topic; the latest verdict on it counts."""
    latest: dict[str, dict[str, str]] = defaultdict(dict)
    verdicts: dict[str, str] = {}
    for question in await decided(session, commune):
        bare = key(question.text)
        if bare:
            verdicts.setdefault(bare, question.verdict)
            latest[bare].setdefault(" ".join(question.text.lower().split()), " ".join(question.text.split()))
    return sorted(
        (Sentence(text, verdicts[bare]) for bare, texts in latest.items() for text in texts.values()
         if verdicts[bare] != IGNORE),
        key=lambda sentence: (sentence.topic, sentence.text),
    )  # fmt: skip


async def delete_ignored(session: AsyncSession, decided_before: datetime) -> None:
    """Deletes questions that were decided to teach nothing."""
    ignored = select(QuestionDecision.question_id).where(
        QuestionDecision.verdict == IGNORE, QuestionDecision.decided_at < decided_before
    )
    await session.execute(delete(UnansweredQuestion).where(UnansweredQuestion.id.in_(ignored)))


async def begin_run(
    session: AsyncSession, commune: str, *, by: str, model: str, sentences: int, new_sentences: int, now: datetime
) -> int:
    """Notes that a training has begun and returns its id. Only one may run at a time: an open one was cut off."""
    await session.execute(
        update(LearningRun)
        .where(LearningRun.commune == commune, LearningRun.outcome == RUNNING)
        .values(outcome=FAILED, reason="Bị ngắt giữa chừng; mô hình đang dùng vẫn giữ nguyên.", finished_at=now)
    )
    run = LearningRun(
        commune=commune, started_by=by, started_at=now, model=model, sentences=sentences, new_sentences=new_sentences
    )
    session.add(run)
    await session.flush()
    return run.id


async def finish_run(
    session: AsyncSession, run_id: int, *, outcome: str, reason: str, measured: Measured | None, now: datetime
) -> None:
    """Notes how a training ended: ACCEPTED, REFUSED or FAILED, and why if not accepted."""
    run = await session.get_one(LearningRun, run_id)
    run.outcome, run.reason, run.finished_at = outcome, reason, now
    if measured is not None:
        run.gate_before, run.gate_after = measured.gate_before, measured.gate_after
        run.new_before, run.new_after = measured.new_before, measured.new_after
        run.worse = measured.worse


async def went_live(session: AsyncSession, run_id: int, now: datetime) -> None:
    """Notes that the running bot has taken the model."""
    (await session.get_one(LearningRun, run_id)).live_at = now


async def runs(session: AsyncSession, commune: str, limit: int = 20) -> list[LearningRun]:
    """The trainings so far, the last one first."""
    query = select(LearningRun).where(LearningRun.commune == commune)
    return list(await session.scalars(query.order_by(LearningRun.id.desc()).limit(limit)))
