"""The classes of a made-up year: held with people who checked in, called off, not yet closed, and ahead."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import insert, update

from db.demo import season
from db.demo.mark import PERSON
from db.demo.people import Helper
from db.demo.scene import Scene
from db.outreach import classes
from db.outreach.classes import HeadCount
from db.outreach.models import ClassAttendance, LearningClass, OutcomeCode, Role, SupportSession

PEOPLE = 400
"""So many accounts come to classes; some come again."""
CALLED_OFF = 0.06
AHEAD_DAYS = (2, 6, 13)
PLANNED_BEFORE = timedelta(days=5)


async def hold(scene: Scene, helpers: Sequence[Helper]) -> None:
    """Holds the year's classes."""
    team = [one for one in helpers if one.role is Role.MEMBER and one.last == scene.today]
    year = season.days(scene.today)[5:-1]  # today's are not over
    weights = [season.weight(day) for day in year]
    for day in sorted(scene.rng.choices(year, weights, k=scene.size.classes)):
        leader = scene.rng.choice([one for one in team if one.first <= day] or team)
        await _hold(scene, leader, day)
    await _plan(scene, team[0], scene.today - timedelta(days=1))  # nobody has closed it
    for ahead in AHEAD_DAYS:
        planned = await _plan(scene, scene.rng.choice(team), scene.today + timedelta(days=ahead))
        await _come(scene, planned, scene.rng.randint(3, 9), is_present=False)


async def _plan(scene: Scene, leader: Helper, day: date) -> LearningClass:
    starts_at = scene.planned(day, scene.rng.choice((8, 14, 18)))
    planned = await classes.create(
        scene.session, commune=scene.commune, hamlet_id=leader.hamlet_ids[0],
        title=scene.rng.choice(scene.texts.class_titles), place=scene.rng.choice(scene.texts.class_places),
        starts_at=starts_at, created_by_id=leader.id, actor=leader.actor,
        now=min(starts_at - PLANNED_BEFORE, scene.now),
    )  # fmt: skip
    planned.is_demo = True
    return planned


async def _hold(scene: Scene, leader: Helper, day: date) -> None:
    planned = await _plan(scene, leader, day)
    if scene.rng.random() < CALLED_OFF:
        await classes.cancel(scene.session, planned, leader.actor, planned.starts_at - timedelta(hours=20))
        return
    present = scene.rng.randint(2, 14)
    await _come(scene, planned, present, is_present=True)
    by_hand = scene.rng.randint(0, 12)
    people = present + by_hand
    elderly, poor = scene.rng.randint(0, people // 2), scene.rng.randint(0, people // 6)
    minority = scene.rng.randint(0, people // 4)
    over = min(planned.starts_at + classes.LESSON, scene.now)
    counted = HeadCount(by_hand, elderly, poor, minority, disabled=0)
    classes.count_by_hand(scene.session, planned, counted, leader.actor, over)
    learned = {
        OutcomeCode.BASIC_DIGITAL_SKILLS: scene.rng.randint(0, people),
        OutcomeCode.SCAM_AWARENESS: scene.rng.randint(people // 2, people),
        OutcomeCode.VNEID_LEVEL2: scene.rng.randint(0, people // 4),
    }
    closed = await classes.close(
        scene.session, planned, learned, occurred_on=day, member_id=leader.id, actor=leader.actor, written_at=over,
        now=over,
    )  # fmt: skip
    mark = update(SupportSession).where(SupportSession.id == closed.session.id).values(is_demo=True)
    await scene.session.execute(mark)


async def _come(scene: Scene, planned: LearningClass, count: int, *, is_present: bool) -> None:
    await scene.session.flush()
    before = min(planned.starts_at, scene.now) - timedelta(days=1)
    rows = [
        {
            "commune": scene.commune, "class_id": planned.id, "person": _person(number), "conversation_id": None,
            "signed_up_at": None if is_present and number % 3 else before,
            "checked_in_at": planned.starts_at + timedelta(minutes=number % 20) if is_present else None,
        }
        for number in scene.rng.sample(range(PEOPLE), count)
    ]  # fmt: skip
    await scene.session.execute(insert(ClassAttendance), rows)


def _person(number: int) -> str:
    return PERSON + hashlib.sha256(str(number).encode()).hexdigest()[:32]
