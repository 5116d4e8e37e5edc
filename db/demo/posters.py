"""The posters of a made-up year, who scanned them, and whom the chat then helped."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from db.demo.mark import PERSON
from db.demo.people import Helper
from db.demo.scene import Scene
from db.outreach.audit import SYSTEM
from db.outreach.models import Hamlet, Role, SessionKind, SupportSession
from db.outreach.sessions import Content
from db.reach import posters
from db.reach.chat import SOURCE
from db.reach.models import ChatPerson, Poster, PosterScan

HUNG_DAYS_AGO = 75
MOST_SCANS = 45
IN_HAMLETS = 4
ASKS = 0.6
"""How likely who scans also asks something that day; some ask again."""


async def hang(scene: Scene, places: Sequence[Hamlet], helpers: Sequence[Helper]) -> None:
    """One in some hamlets, two for the whole commune, one about a topic; some bring many people, one nobody yet."""
    clerk = next(one for one in helpers if one.role is Role.OFFICE)
    first, *others = scene.texts.poster_places
    wanted: list[tuple[Hamlet | None, str]] = [(home, first) for home in places[:IN_HAMLETS]]
    wanted += [(None, other) for other in others]
    helped: defaultdict[tuple[int, date], set[str]] = defaultdict(set)
    for number, (home, where) in enumerate(wanted):
        topic = scene.texts.feedback_topics[0] if number == 1 else None
        made = await posters.find_or_make(
            scene.session, scene.commune, hamlet_id=home.id if home else None, topic=topic, place=where,
            actor=clerk.actor, now=scene.at(scene.today - timedelta(days=HUNG_DAYS_AGO), 9),
        )  # fmt: skip
        most = 0 if number == len(wanted) - 1 else max(3, MOST_SCANS // (number + 1))
        for person, day in await _scan(scene, made.poster, most):
            if home and scene.rng.random() < ASKS:
                helped[home.id, day].add(person)
    await _help(scene, helped)


async def _scan(scene: Scene, poster: Poster, most: int) -> list[tuple[str, date]]:
    days = [scene.today - timedelta(days=scene.rng.randrange(1, HUNG_DAYS_AGO)) for _ in range(most)]
    rows = []
    for number, day in enumerate(days):
        at = scene.at(day, scene.rng.randint(7, 20))
        rows.append(
            {
                "commune": scene.commune, "poster_id": poster.id, "person": _person(f"{poster.id}:{number}"),
                "first_at": at, "last_at": at,
            }
        )  # fmt: skip
    if rows:
        await scene.session.execute(insert(PosterScan), rows)
    return [(str(row["person"]), day) for row, day in zip(rows, days, strict=True)]


async def _help(scene: Scene, helped: dict[tuple[int, date], set[str]]) -> None:
    """The chat's sessions, a day of a hamlet each, with whom they helped."""
    days = sorted(helped.items())
    contents = [Content(SessionKind.CHAT, home, day, len(people)) for (home, day), people in days]
    ids = await scene.store(SupportSession, [_row(scene, content) for content in contents])
    for number, content in zip(ids, contents, strict=True):
        at = scene.at(content.occurred_on, 12)
        scene.record(at, SYSTEM, "session.created", number, None, content.to_json())
    who = [
        {"commune": scene.commune, "session_id": number, "person": person}
        for number, (_, people) in zip(ids, days, strict=True)
        for person in sorted(people)
    ]
    if who:
        await scene.session.execute(insert(ChatPerson), who)


def _row(scene: Scene, said: Content) -> dict[str, Any]:
    at = scene.planned(said.occurred_on, 12)
    return {
        "commune": scene.commune, "origin": f"demo:chat:{said.hamlet_id}:{said.occurred_on}", "source": SOURCE,
        "kind": said.kind.value, "hamlet_id": said.hamlet_id, "household_id": None, "class_id": None,
        "member_id": None, "occurred_on": said.occurred_on, "logged_at": at, "people": said.people, "adults": 0,
        "elderly": 0, "poor": 0, "ethnic_minority": 0, "disabled": 0, "note": "", "written_at": at, "voided_at": None,
        "void_reason": "", "void_written_at": None, "is_demo": True,
    }  # fmt: skip


def _person(name: str) -> str:
    return PERSON + hashlib.sha256(name.encode()).hexdigest()[:32]
