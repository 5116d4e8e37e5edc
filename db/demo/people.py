"""The team and the households of a made-up year: who serves which hamlet since when, who lives there with what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from db.demo import season
from db.demo.scene import FEWEST_HOUSEHOLDS, Scene
from db.outreach import members
from db.outreach.households import Survey
from db.outreach.models import Hamlet, Household, Member, MemberHamlet, OutcomeCode, Role
from db.outreach.names import key

A_HAMLET = 2
"""Members of the team in each."""
QUIET_SINCE = 50
"""So many days ago the quiet one logged the last visit."""
LEFT_BEFORE = 120
SURVEYED, POOR, MINORITY, ELDERLY, DISABLED = 0.75, 0.12, 0.2, 0.4, 0.08
IDENTITY, DEVICE, SKILL, ACCOUNT = 0.55, 0.7, 0.35, 0.5
"""How likely an adult had it when the year began."""


@dataclass(frozen=True, slots=True)
class Helper:
    """A member, and the days from which to which they log."""

    id: int
    role: Role
    hamlet_ids: tuple[int, ...]
    first: date
    last: date

    @property
    def actor(self) -> str:
        """As in the audit log."""
        return f"member:{self.id}"


@dataclass(slots=True)
class Home:
    """A household, and how many of its adults still lack what a session may bring."""

    id: int
    hamlet_id: int
    adults: int
    is_poor: bool
    is_minority: bool
    has_elderly: bool
    has_disabled: bool
    lacking: dict[OutcomeCode, int] = field(default_factory=dict)


async def hire(scene: Scene, hamlets: Sequence[Hamlet]) -> list[Helper]:
    """A team of two in each hamlet, two ambassadors at the desk, one person of the office; one left, one went quiet."""
    begin = season.days(scene.today)[0] - timedelta(days=10)
    wanted: list[tuple[Role, tuple[int, ...], date, date]] = []
    for place in hamlets:
        for number in range(A_HAMLET):
            joined = begin if number == 0 else begin + timedelta(days=scene.rng.randrange(90))
            wanted.append((Role.MEMBER, (place.id,), joined, scene.today))
    quiet = scene.today - timedelta(days=QUIET_SINCE)
    wanted[-1] = (*wanted[-1][:3], quiet)
    every = tuple(place.id for place in hamlets)
    leaves = scene.today - timedelta(days=LEFT_BEFORE)
    wanted += [(Role.AMBASSADOR, every, begin, scene.today)] * 2
    wanted += [(Role.OFFICE, (), begin, scene.today), (Role.MEMBER, every[:1], begin, leaves)]
    rows: list[dict[str, Any]] = [
        {
            "commune": scene.commune, "name": scene.name(), "role": role.value, "joined_at": scene.at(joined, 8),
            "removed_at": None, "is_demo": True,
            "monthly_target": scene.rng.choice((10, 12, 15)) if role is Role.MEMBER else None,
        }
        for role, _, joined, _ in wanted
    ]  # fmt: skip
    ids = await scene.store(Member, rows)
    helpers = [Helper(number, *one) for number, one in zip(ids, wanted, strict=True)]
    serving = [
        {"member_id": helper.id, "hamlet_id": place, "commune": scene.commune}
        for helper in helpers
        for place in helper.hamlet_ids
    ]
    await scene.session.execute(insert(MemberHamlet), serving)
    for helper, row in zip(helpers, rows, strict=True):
        after = {"role": helper.role.value, "hamlet_ids": list(helper.hamlet_ids)}
        scene.record(row["joined_at"], helper.actor, "member.joined", helper.id, None, after)
    gone = await scene.session.get_one(Member, helpers[-1].id)
    await members.remove(scene.session, gone, helpers[-2].actor, scene.at(leaves + timedelta(days=1), 9))
    return helpers


async def settle(scene: Scene, hamlets: Sequence[Hamlet], helpers: Sequence[Helper]) -> list[Home]:
    """Households in every hamlet, some more, some fewer; most of them surveyed in the course of the year."""
    shares = [scene.rng.uniform(0.6, 1.4) for _ in hamlets]
    rows: list[dict[str, Any]] = []
    surveys: list[Survey | None] = []
    for place, share in zip(hamlets, shares, strict=True):
        count = max(FEWEST_HOUSEHOLDS, round(scene.size.households * share / sum(shares)))
        team = [helper for helper in helpers if helper.hamlet_ids == (place.id,)]
        for number in range(1, count + 1):
            row, survey = _household(scene, place, number, scene.rng.choice(team))
            rows.append(row)
            surveys.append(survey)
    ids = await scene.store(Household, rows)
    homes = []
    for number, row, survey in zip(ids, rows, surveys, strict=True):
        actor = f"member:{row['created_by_id']}"
        after = {name: row[name] for name in ("name", "number", "hamlet_id")}
        scene.record(row["created_at"], actor, "household.created", number, None, after)
        if survey is not None:
            scene.record(row["surveyed_at"], actor, "household.surveyed", number, _UNKNOWN, asdict(survey))
        homes.append(_home(scene, number, row))
    return homes


_UNKNOWN = asdict(Survey(None, 0, 0, 0, 0, 0)) | {"adults": None}


def _household(scene: Scene, place: Hamlet, number: int, by: Helper) -> tuple[dict[str, Any], Survey | None]:
    name = scene.name()
    created = scene.at(by.first, 9)
    row: dict[str, Any] = {
        "commune": scene.commune, "hamlet_id": place.id, "name": name, "name_key": key(name), "number": str(number),
        "merged_into_id": None, "is_demo": True, "created_at": created, "created_by_id": by.id, "surveyed_at": None,
    }  # fmt: skip
    if scene.rng.random() > SURVEYED:
        return row | _UNKNOWN, None
    adults = scene.rng.choices((1, 2, 3, 4, 5), (12, 45, 22, 15, 6))[0]

    def some(likely: float) -> int:
        return sum(scene.rng.random() < likely for _ in range(adults))

    survey = Survey(
        people=adults + scene.rng.choices((0, 1, 2, 3), (35, 30, 25, 10))[0], adults=adults, identity=some(IDENTITY),
        device=some(DEVICE), skill=some(SKILL), account=some(ACCOUNT), is_poor=scene.rng.random() < POOR,
        is_ethnic_minority=scene.rng.random() < MINORITY, has_elderly=scene.rng.random() < ELDERLY,
        has_disabled=scene.rng.random() < DISABLED,
    )  # fmt: skip
    surveyed = scene.at(by.first + timedelta(days=scene.rng.randrange(1, 200)), 15)
    return row | asdict(survey) | {"surveyed_at": max(created, surveyed)}, survey


def _home(scene: Scene, number: int, row: dict[str, Any]) -> Home:
    adults = row["adults"] or 2
    lacking = {code: scene.rng.randint(0, adults) for code in OutcomeCode}
    lacking |= {
        OutcomeCode.VNEID_LEVEL2: adults - row["identity"],
        OutcomeCode.PAYMENT_ACCOUNT: adults - row["account"],
        OutcomeCode.BASIC_DIGITAL_SKILLS: adults - row["skill"],
        OutcomeCode.SCAM_AWARENESS: adults,
    }
    return Home(
        number, row["hamlet_id"], adults, row["is_poor"], row["is_ethnic_minority"], row["has_elderly"],
        row["has_disabled"], lacking,
    )  # fmt: skip
