"""What is known beforehand and what was understood: places, visits and doubts, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

OUTCOMES = (
    "vneid_level2",
    "payment_account",
    "digital_signature",
    "health_book",
    "dvc_account",
    "social_security_account",
    "basic_digital_skills",
    "scam_awareness",
)
"""What a visit can achieve, in the order of the log."""

HOUSE_VISIT = "house_visit"
CLASS = "class"
ONE_STOP_DESK = "one_stop_desk"
PUBLIC_EVENT = "public_event"

NO_OUTCOMES: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class HouseholdName:
    """A household on record. `hamlet` is the hamlet's name as in KnownPlaces, `number` the one in the hamlet's list."""

    id: int
    hamlet: str
    name: str
    number: str | None


@dataclass(frozen=True, slots=True)
class KnownPlaces:
    """The commune's hamlets by full name ("ấp 3", "xóm Khuổi Mèo"), with its own word for one, and its households."""

    word: str
    hamlets: tuple[str, ...]
    households: tuple[HouseholdName, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A doubt to be confirmed or a thing to be mended. `code` is for programs, `text` a Vietnamese sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit as the sentence tells it; None is what it does not tell.

    `household` is as written, cleaned ("bác Năm", "hộ 12"); `household_id` is set when it is surely one on record.
    `people` holds everybody who was helped, `adults` those of them who are no children, and the four groups overlap.
    `outcomes` maps codes of OUTCOMES to how many people reached them. `missing` names fields that a visit of this kind
    needs and the sentence lacks. `kind` is house_visit, class, one_stop_desk or public_event.
    """

    hamlet: str | None
    household: str | None
    household_id: int | None
    occurred_on: date
    kind: str = HOUSE_VISIT
    people: int | None = None
    adults: int | None = None
    elderly: int | None = None
    poor: int | None = None
    ethnic_minority: int | None = None
    disabled: int | None = None
    outcomes: Mapping[str, int] = field(default_factory=lambda: NO_OUTCOMES)
    note: str = ""
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Field by field, as `daisuso team parse --json` prints it."""
        return {
            "hamlet": self.hamlet,
            "household": self.household,
            "household_id": self.household_id,
            "occurred_on": self.occurred_on.isoformat(),
            "kind": self.kind,
            "people": self.people,
            "adults": self.adults,
            "elderly": self.elderly,
            "poor": self.poor,
            "ethnic_minority": self.ethnic_minority,
            "disabled": self.disabled,
            "outcomes": dict(self.outcomes),
            "note": self.note,
            "missing": list(self.missing),
            "problems": [{"code": problem.code, "text": problem.text} for problem in self.problems],
        }
