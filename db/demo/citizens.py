"""What citizens did in a made-up year: asked for a person, asked what the bot could not answer, said what helped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from db.demo import season
from db.demo.mark import CHANNEL
from db.demo.people import Helper
from db.demo.scene import Scene
from db.models import Conversation, Feedback, UnansweredQuestion
from db.outreach import requests
from db.outreach.models import HelpRequest, Member, Role, SessionKind, SupportSession
from db.outreach.requests import State
from db.retention import KEEP_MESSAGES

HELPFUL = 0.78
RECENT = 45
"""Questions of so many days wait for the office: those before have been decided about, and deleted."""
REASONS = ("refused", "none_of_these", "not_helpful")


async def talk(scene: Scene) -> list[Conversation]:
    """Conversations on a channel that nothing is sent to; each says of some articles whether they helped."""
    rows: list[dict[str, Any]] = []
    for number in range(scene.size.conversations):
        seen = scene.at(scene.today - timedelta(days=scene.rng.randrange(28)), scene.rng.randint(7, 20))
        rows.append(
            {
                "commune": scene.commune, "channel": CHANNEL, "chat": f"demo:{number}", "sender": f"demo:{number}",
                "state": {}, "start_code": None, "blocked_at": seen, "created_at": seen, "last_seen_at": seen,
            }
        )  # fmt: skip
    ids = await scene.store(Conversation, rows)
    said = [
        {
            "commune": scene.commune, "conversation_id": number, "topic": topic,
            "helpful": scene.rng.random() < HELPFUL, "given_at": row["last_seen_at"],
        }
        for number, row in zip(ids, rows, strict=True)
        for topic in scene.rng.sample(scene.texts.feedback_topics, scene.rng.randint(1, 3))
    ]  # fmt: skip
    if said:
        await scene.session.execute(insert(Feedback), said)
    query = select(Conversation).where(Conversation.commune == scene.commune, Conversation.channel == CHANNEL)
    return list(await scene.session.scalars(query.order_by(Conversation.id)))


async def ask(scene: Scene) -> None:
    """Questions that got no good answer, the same ones in several wordings, some asked far more often than others."""
    rows: list[dict[str, Any]] = []
    weights = [1 / (place + 1) for place in range(len(scene.texts.questions))]
    for asked in scene.rng.choices(scene.texts.questions, weights, k=scene.size.questions):
        day = scene.today - timedelta(days=scene.rng.randrange(RECENT))
        rows.append(
            {
                "commune": scene.commune, "channel": CHANNEL, "text": scene.rng.choice(asked.wordings),
                "reason": scene.rng.choice(REASONS[1:]) if asked.topic else REASONS[0], "topic": asked.topic,
                "asked_at": scene.at(day, scene.rng.randint(6, 21)),
            }
        )  # fmt: skip
    await scene.store(UnansweredQuestion, sorted(rows, key=lambda row: row["asked_at"]))


async def request(scene: Scene, helpers: Sequence[Helper], talks: Sequence[Conversation]) -> None:
    """Requests in every state: old ones done or cancelled, young ones open or taken."""
    team = [one for one in helpers if one.role is Role.MEMBER and one.last == scene.today]
    if not talks or not team:
        return
    year = season.days(scene.today)[-330:]
    old = sorted(scene.rng.choices(year, [season.weight(day) for day in year], k=scene.size.requests))
    for place, day in enumerate(old):
        by = scene.rng.choice(team)
        made = await _make(scene, by, talks[place % len(talks)], scene.today - day)
        state = scene.rng.choices((State.DONE, State.CANCELLED), (85, 15))[0]
        if (scene.today - day).days < 4:
            state = scene.rng.choice((State.OPEN, State.TAKEN))
        await _go_on(scene, made, by, state)
    for state in (State.OPEN, State.OPEN, State.TAKEN):
        by = scene.rng.choice(team)
        await _go_on(scene, await _make(scene, by, talks[0], timedelta(days=scene.rng.randint(0, 3))), by, state)


async def _make(scene: Scene, by: Helper, talk: Conversation, ago: timedelta) -> HelpRequest:
    wanted = scene.rng.choice(scene.texts.requests)
    made = await requests.make(
        scene.session, talk, kind=wanted.kind, hamlet_id=by.hamlet_ids[0], topic=wanted.topic, text=wanted.text,
        now=scene.at(scene.today - ago, scene.rng.randint(7, 18)),
    )  # fmt: skip
    made.is_demo = True
    made.conversation_id = None  # as of somebody who has left: nobody can be written to
    return made


async def _go_on(scene: Scene, made: HelpRequest, by: Helper, state: State) -> None:
    if state in (State.TAKEN, State.DONE):
        taken_at = min(made.created_at + timedelta(hours=scene.rng.randint(1, 30)), scene.now)
        await requests.take(scene.session, made, await scene.session.get_one(Member, by.id), taken_at)
    if state in (State.DONE, State.CANCELLED):
        closed_at = min(made.created_at + timedelta(days=scene.rng.randint(2, 6)), scene.now)
        await requests.close(scene.session, made, state, by.actor, closed_at)
        if closed_at < scene.now - KEEP_MESSAGES:
            made.text = ""  # db/retention.py
        if state is State.DONE:
            made.helped = scene.rng.choices((True, False, None), (70, 10, 20))[0]
            made.session_id = await _visit_of(scene, by, made)


async def _visit_of(scene: Scene, by: Helper, made: HelpRequest) -> int | None:
    """A visit of that member in the days after, if there is one."""
    query = select(SupportSession.id).where(
        SupportSession.member_id == by.id,
        SupportSession.kind == SessionKind.HOUSE_VISIT.value,
        SupportSession.occurred_on >= made.created_at.date(),
        SupportSession.voided_at.is_(None),
    )
    return await scene.session.scalar(query.order_by(SupportSession.occurred_on, SupportSession.id).limit(1))
