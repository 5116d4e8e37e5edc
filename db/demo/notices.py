"""The alerts and notices of a made-up year: sent, stopped, sent back; and made-up people who asked to be told.

None of them waits for approval: whoever approved it would send made-up words to real people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from db.broadcasts import broadcasts
from db.broadcasts.letter import Letter
from db.broadcasts.models import Broadcast, BroadcastSort, BroadcastState, Interest, RecipientState, Subscription
from db.demo.people import Helper
from db.demo.scene import Notice, Scene
from db.models import Conversation
from db.outreach.models import Role

ASKED = {
    Interest.SCAM_ALERTS: 0.7,
    Interest.CLASS_NOTICES: 0.5,
    Interest.COMMUNE_NEWS: 0.4,
    Interest.LESSON_REMINDERS: 0.2,
}
"""How likely somebody wants to be told of it."""
SAYS_HOME = 0.8
HALF_AN_HOUR = timedelta(minutes=30)
CHANNELS = (("telegram", 0.25), ("web", 0.15), ("zalo", 0.6))
"""Where people are, as shares of all."""


async def subscribe(scene: Scene, talks: Sequence[Conversation], places: Sequence[int]) -> None:
    """Some of those who wrote want to be told, most of them say where they live."""
    rows: list[dict[str, Any]] = []
    for talk in talks:
        home = scene.rng.choice(places) if scene.rng.random() < SAYS_HOME else None
        rows += [
            {
                "commune": scene.commune, "conversation_id": talk.id, "interest": interest.value, "hamlet_id": home,
                "since": talk.created_at, "ended_at": None,
            }
            for interest, likely in ASKED.items()
            if scene.rng.random() < likely
        ]  # fmt: skip
    await scene.store(Subscription, rows)


async def tell(scene: Scene, helpers: Sequence[Helper]) -> None:
    """Writes them, some days apart, the last one yesterday."""
    writer = next(one for one in helpers if one.role is Role.OFFICE)
    second = next(one for one in helpers if one.role is Role.AMBASSADOR)
    for place, notice in enumerate(scene.texts.broadcasts):
        ahead = len(scene.texts.broadcasts) - 1 - place
        await _tell(scene, notice, writer.actor, second.actor, days_ago=1 + 4 * ahead)


async def _tell(scene: Scene, notice: Notice, writer: str, second: str, *, days_ago: int) -> None:
    at = scene.planned(scene.today - timedelta(days=days_ago), 9)
    letter = Letter(BroadcastSort(notice.sort), notice.text, notice.topic)
    made = await broadcasts.create(scene.session, scene.commune, letter, actor=writer, now=at)
    broadcasts.submit(scene.session, made, actor=writer, now=at)
    later = at + HALF_AN_HOUR
    if notice.ends == BroadcastState.REJECTED:
        broadcasts.reject(scene.session, made, notice.reason, actor=second, now=later)
        return
    broadcasts.approve(scene.session, made, actor=second, now=later)
    people = scene.rng.randint(60, 120)
    broadcasts.begin(scene.session, made, count=people, now=later)
    _count(scene, made, people, is_stopped=notice.ends == BroadcastState.STOPPED)
    if notice.ends == BroadcastState.STOPPED:
        await broadcasts.stop(scene.session, made, actor=second, now=later + HALF_AN_HOUR, reason=notice.reason)
    else:
        broadcasts.finish(scene.session, made, now=later + HALF_AN_HOUR)


def _count(scene: Scene, made: Broadcast, people: int, *, is_stopped: bool) -> None:
    """What became of the copies, on each channel."""
    counts: list[dict[str, Any]] = []
    for channel, share in CHANNELS:
        left = round(people * share)
        missed = ((RecipientState.BLOCKED, 4), (RecipientState.FAILED, 2), (RecipientState.OPTED_OUT, 2))
        for state, most in missed[2:] if channel == "web" else missed:
            count = scene.rng.randint(0, min(most, left))
            left -= count
            counts.append({"channel": channel, "state": state.value, "count": count})
        sent = left // 3 if is_stopped else left * 3 // 4 if channel == "web" else left
        rest = RecipientState.STOPPED if is_stopped else RecipientState.QUEUED
        counts.append({"channel": channel, "state": RecipientState.SENT.value, "count": sent})
        counts.append({"channel": channel, "state": rest.value, "count": left - sent})
    made.final = [one for one in counts if one["count"]]
