"""The support sessions of a made-up year: visits, the desk, events; late ones, corrected ones, some in the trash."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from db.demo import season
from db.demo.people import Helper, Home
from db.demo.scene import Scene
from db.outreach import sessions
from db.outreach.models import OutcomeCode, Role, SessionKind, SessionOutcome, SupportSession
from db.outreach.sessions import Content

KINDS = {SessionKind.HOUSE_VISIT: 82, SessionKind.ONE_STOP_DESK: 15, SessionKind.PUBLIC_EVENT: 3}
SOURCES = {"sentence": 45, "buttons": 40, "excel": 15}
LATE, NOTED, EDITED = 0.06, 0.12, 0.02
MOST_DAYS_LATE = 12
VOIDED_OF_RECENT, RECENT = 0.05, timedelta(days=25)
"""Older ones that were thrown away have left the trash for good (sessions.TRASH_DAYS)."""
LIKELY = {
    OutcomeCode.VNEID_LEVEL2: 0.4, OutcomeCode.PAYMENT_ACCOUNT: 0.22, OutcomeCode.DIGITAL_SIGNATURE: 0.12,
    OutcomeCode.HEALTH_BOOK: 0.25, OutcomeCode.DVC_ACCOUNT: 0.2, OutcomeCode.SOCIAL_SECURITY_ACCOUNT: 0.06,
    OutcomeCode.BASIC_DIGITAL_SKILLS: 0.15, OutcomeCode.SCAM_AWARENESS: 0.35,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Written:
    """What a session says, who wrote it and when it arrived."""

    content: Content
    by: Helper
    source: str
    logged_at: datetime


async def log_year(scene: Scene, helpers: Sequence[Helper], homes: Sequence[Home]) -> list[int]:
    """Logs them all; their ids."""
    written = _write(scene, helpers, homes)
    rows = [_row(scene, number, one) for number, one in enumerate(written)]
    ids = await scene.store(SupportSession, rows)
    outcomes = []
    for number, one in zip(ids, written, strict=True):
        scene.record(one.logged_at, one.by.actor, "session.created", number, None, one.content.to_json())
        outcomes += [
            {"session_id": number, "code": code.value, "count": count, "commune": scene.commune}
            for code, count in one.content.outcomes.items()
        ]
    if outcomes:
        await scene.session.execute(insert(SessionOutcome), outcomes)
    await _change_minds(scene, list(zip(ids, written, strict=True)))
    return ids


def _write(scene: Scene, helpers: Sequence[Helper], homes: Sequence[Home]) -> list[_Written]:
    here: dict[int, list[Home]] = defaultdict(list)
    for home in homes:
        here[home.hamlet_id].append(home)
    energy = {place: scene.rng.uniform(0.35, 1.6) for place in here}
    desk = [helper for helper in helpers if helper.role is Role.AMBASSADOR]
    teams = {place: [one for one in helpers if one.role is Role.MEMBER and place in one.hamlet_ids] for place in here}
    year = season.days(scene.today)
    when = sorted(scene.rng.choices(year, [season.weight(day) for day in year], k=scene.size.sessions))
    kinds = scene.rng.choices(list(KINDS), list(KINDS.values()), k=len(when))
    written = []
    for day, kind in zip(when, kinds, strict=True):
        place = scene.rng.choices(list(energy), list(energy.values()))[0]
        team = (
            desk if kind is SessionKind.ONE_STOP_DESK else [one for one in teams[place] if one.first <= day <= one.last]
        )
        by = scene.rng.choice(team or desk)
        if kind is SessionKind.HOUSE_VISIT:
            content = _visit(scene, day, scene.rng.choice(here[place]))
            source = scene.rng.choices(list(SOURCES), list(SOURCES.values()))[0]
        elif kind is SessionKind.ONE_STOP_DESK:
            content, source = _many(scene, kind, day, place, scene.rng.randint(1, 9), scene.texts.desk_note), "desk"
        else:
            note = scene.rng.choice(scene.texts.event_notes)
            content, source = _many(scene, kind, day, place, scene.rng.randint(15, 120), note), "event"
        content.check()
        late = scene.rng.randint(1, MOST_DAYS_LATE) if scene.rng.random() < LATE else 0
        logged_at = scene.at(day + timedelta(days=late), scene.rng.randint(8, 19))
        written.append(_Written(content, by, source, logged_at))
    return written


def _visit(scene: Scene, day: date, home: Home) -> Content:
    people = scene.rng.randint(1, min(home.adults, 4))
    outcomes = {}
    for code, likely in LIKELY.items():
        if home.lacking[code] > 0 and scene.rng.random() < likely:
            outcomes[code] = scene.rng.randint(1, min(home.lacking[code], people))
            home.lacking[code] -= outcomes[code]
    return Content(
        SessionKind.HOUSE_VISIT, home.hamlet_id, day, people, household_id=home.id, adults=people,
        elderly=scene.rng.randint(1, people) if home.has_elderly else 0, poor=people if home.is_poor else 0,
        ethnic_minority=people if home.is_minority else 0, disabled=1 if home.has_disabled else 0, outcomes=outcomes,
        note=scene.rng.choice(scene.texts.notes) if scene.rng.random() < NOTED else "",
    )  # fmt: skip


def _many(scene: Scene, kind: SessionKind, day: date, place: int, people: int, note: str) -> Content:
    """Many people without a household; few of them leave with something done."""
    done = {
        code: count
        for code in (OutcomeCode.VNEID_LEVEL2, OutcomeCode.DVC_ACCOUNT, OutcomeCode.SCAM_AWARENESS)
        if (count := scene.rng.randint(0, people // 3))
    }
    return Content(
        kind, place, day, people, adults=people - people // 10, elderly=scene.rng.randint(0, people // 3),
        poor=scene.rng.randint(0, people // 6), ethnic_minority=scene.rng.randint(0, people // 4), outcomes=done,
        note=note,
    )  # fmt: skip


def _row(scene: Scene, number: int, one: _Written) -> dict[str, Any]:
    said = one.content
    return {
        "commune": scene.commune, "origin": f"demo:{number}:", "source": one.source, "kind": said.kind.value,
        "hamlet_id": said.hamlet_id, "household_id": said.household_id, "class_id": None, "member_id": one.by.id,
        "occurred_on": said.occurred_on, "logged_at": one.logged_at, "people": said.people, "adults": said.adults,
        "elderly": said.elderly, "poor": said.poor, "ethnic_minority": said.ethnic_minority, "disabled": said.disabled,
        "note": said.note, "written_at": one.logged_at, "voided_at": None, "void_reason": "", "void_written_at": None,
        "is_demo": True,
    }  # fmt: skip


async def _change_minds(scene: Scene, logged: list[tuple[int, _Written]]) -> None:
    """Corrects some sessions and throws some of the last weeks away, as members do it in the chat."""
    for number, one in scene.rng.sample(logged, round(len(logged) * EDITED)):
        corrected_at = min(one.logged_at + timedelta(hours=2), scene.now)
        content = replace(one.content, people=one.content.people + 1, note=scene.rng.choice(scene.texts.edit_notes))
        stored = await sessions.by_id(scene.session, scene.commune, number)
        assert stored is not None, "it was stored a moment ago"
        await sessions.edit(
            scene.session, stored, content, actor=one.by.actor, written_at=corrected_at, now=corrected_at
        )
    recent = [(number, one) for number, one in logged if one.logged_at > scene.now - RECENT]
    for number, one in scene.rng.sample(recent, round(len(recent) * VOIDED_OF_RECENT)):
        stored = await sessions.by_id(scene.session, scene.commune, number)
        assert stored is not None, "it was stored a moment ago"
        at = min(one.logged_at + timedelta(hours=3), scene.now)
        reason = scene.rng.choice(scene.texts.void_reasons)
        await sessions.void(scene.session, stored, reason=reason, actor=one.by.actor, written_at=at, now=at)
