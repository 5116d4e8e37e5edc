"""A visit that is being told: what is known of it so far, kept in a form as plain JSON until it can be stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from bot.team.quick_log import KnownPlaces, Visit, read_visits
from db.outreach.models import Group, OutcomeCode, SessionKind
from db.outreach.names import key
from db.outreach.sessions import Content

_PEOPLE_SAID = re.compile(r"\d+\s*(nguoi|ng|lguoi)\b")
_TODAY_SAID = re.compile(r"\b(hom nay|hnay|bua nay|sang nay|chieu nay|toi nay)\b")
_NOTE_SAID = re.compile(r"^\s*(?:ghi ch[uú]|gc)\s*:?\s+(.+)$", re.IGNORECASE | re.DOTALL)
_ZERO = re.compile(r"(?<!\d)0(?!\d)")
_DROP_SAID = re.compile(r"^\s*(?:bỏ|bo|xóa|xoá|xoa|không có|khong co)\s+", re.IGNORECASE)
_STAND_IN = "nhà Zz: "
"""Put before a bare figure ("4 người"), which the reader of whole sentences takes for no visit."""
LONGEST_NOTE = 500
GROUPS = tuple(group.value for group in Group)


@dataclass(frozen=True, slots=True)
class Answer:
    """Which message (its origin) answered what a question about a draft `wants`, and when that was written."""

    message: str
    wants: str
    written_at: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a visit; None is what nobody has told yet.

    A negative `people` was told, and can't be. `hamlet` and `household` are as written until `hamlet_id` and
    `household_id` are found. `is_new`: the member said that the household is a new one; `no_household`: that none is to
    be noted. `doubts` are sentences to be confirmed, `remarks` only to be read. `line` is the visit's place in its
    message, and with `message` its origin.
    """

    occurred_on: date
    message: str = ""
    line: int = 0
    kind: str = SessionKind.HOUSE_VISIT.value
    hamlet: str | None = None
    hamlet_id: int | None = None
    household: str | None = None
    household_id: int | None = None
    is_new: bool = False
    no_household: bool = False
    people: int | None = None
    adults: int | None = None
    elderly: int | None = None
    poor: int | None = None
    ethnic_minority: int | None = None
    disabled: int | None = None
    outcomes: Mapping[str, int] | None = None
    note: str = ""
    doubts: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    is_plain: bool = False
    """Its names were typed without diacritics."""
    is_place_said: bool = False
    """The sentence itself names the hamlet."""
    is_name_doubtful: bool = False
    """The household is what was typed when it was asked for, and does not look like a name."""
    is_confirmed: bool = False
    is_second: bool = False
    """The member said that this is a second visit of the same day."""
    written_at: str = ""
    asked: str = ""
    """Which question was asked in full about it last (`Question.key`)."""
    answers: tuple[Answer, ...] = ()
    """Messages that told a part of it. Editing one of them corrects that part."""

    @property
    def origin(self) -> str:
        """Under which it is stored: the same line of the same message is the same session."""
        return f"{self.message}{self.line}"

    def to_json(self) -> dict[str, Any]:
        """For a form."""
        return asdict(self) | {"occurred_on": self.occurred_on.isoformat()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Draft:
        """Reads what `to_json` wrote."""
        lists: dict[str, Any] = {name: tuple(kept.get(name) or ()) for name in ("doubts", "remarks")}
        lists["answers"] = tuple(Answer(**answer) for answer in kept.get("answers") or ())
        known = {one.name: kept[one.name] for one in fields(cls) if one.name in kept}
        return cls(**(known | lists | {"occurred_on": date.fromisoformat(kept["occurred_on"])}))

    @classmethod
    def from_content(cls, content: Content) -> Draft:
        """What a stored session says."""
        return cls(
            content.occurred_on, kind=content.kind.value, hamlet_id=content.hamlet_id, note=content.note,
            household_id=content.household_id, no_household=content.household_id is None, people=content.people,
            outcomes={code.value: count for code, count in content.outcomes.items()},
            **{name: getattr(content, name) for name in GROUPS},
        )  # fmt: skip

    @classmethod
    def from_visit(cls, visit: Visit) -> Draft:
        """What the reader of sentences found."""
        return cls(
            visit.occurred_on, kind=visit.kind, hamlet=visit.hamlet, household=visit.household, note=visit.note,
            household_id=visit.household_id, people=visit.people, outcomes=dict(visit.outcomes) or None,
            **{name: getattr(visit, name) for name in GROUPS},
        )  # fmt: skip

    def to_content(self, class_id: int | None = None) -> Content:
        """What is to be stored; hamlet and people must be known.

        Raises:
            ImpossibleError: by `check`, which the caller calls.
        """
        assert self.hamlet_id is not None, "the hamlet is asked for first"
        return Content(
            SessionKind(self.kind), self.hamlet_id, self.occurred_on, self.people or 0, class_id=class_id,
            household_id=self.household_id, note=self.note,
            outcomes={OutcomeCode(code): count for code, count in (self.outcomes or {}).items() if count},
            **{name: getattr(self, name) or 0 for name in GROUPS},
        )  # fmt: skip

    def with_answer(self, answer: Answer) -> Draft:
        """With a message that told a part of it, in place of what is known of that message."""
        others = tuple(one for one in self.answers if one.message != answer.message)
        return replace(self, answers=(*others, answer))

    def answered_by(self, message: str) -> Answer | None:
        """What the message of that origin told of it."""
        return next((one for one in self.answers if one.message == message), None)

    def with_figures(self, people: int) -> Draft:
        """With that many people, all of them adults as long as nothing else is said."""
        were_all = self.adults is None or self.adults == self.people
        return replace(self, people=people, adults=people if were_all else min(self.adults or 0, people))

    def with_group(self, group: str, count: int) -> Draft:
        """With that many people of a group (`GROUPS`)."""
        changes: dict[str, Any] = {group: count}
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a correction says beside the reader's visit."""

    visit: Visit | None
    is_people_said: bool = False
    is_day_said: bool = False
    is_household_said: bool = False


def corrected(draft: Draft, text: str, today: date, places: KnownPlaces) -> Draft | None:
    """The draft with what a correction says in place of what it said before: "4 người", "ấp 5", "ghi chú ...".

    Returns None when the text says nothing about a visit.
    """
    if noted := _NOTE_SAID.match(text):
        return replace(draft, note=" ".join(noted[1].split())[:LONGEST_NOTE])
    if taken_out := _taken_out(draft, text, today, places):
        return taken_out
    said = _read(text, today, places)
    visit = said.visit
    if visit is None:
        return None
    changes: dict[str, Any] = {}
    if visit.hamlet:
        changes |= {"hamlet": visit.hamlet, "hamlet_id": None}
    if said.is_household_said:
        changes |= {
            "household": visit.household, "household_id": visit.household_id, "no_household": False, "is_new": False,
            "is_plain": text.isascii(), "is_name_doubtful": False,
        }  # fmt: skip
    if said.is_day_said:
        changes["occurred_on"] = visit.occurred_on
    if said.is_household_said and visit.outcomes and visit.people is not None:  # the whole sentence anew
        changes |= {name: getattr(visit, name) for name in ("people", "note", *GROUPS)}
        return replace(draft, **changes, outcomes=dict(visit.outcomes))
    if visit.outcomes:
        changes["outcomes"] = {**(draft.outcomes or {}), **visit.outcomes}
    groups = {name: getattr(visit, name) for name in GROUPS if name != "adults" and getattr(visit, name) is not None}
    changes |= groups
    if visit.people is not None and (said.is_people_said or draft.people is None):
        changes["people"] = visit.people
        changes["adults"] = visit.adults
    return replace(draft, **changes) if changes else None


def _taken_out(draft: Draft, text: str, today: date, places: KnownPlaces) -> Draft | None:
    """Without the outcomes and groups that a text takes out ("vneid 0", "bỏ sổ sức khỏe"); None without such."""
    named = _ZERO.sub("1", text) if _ZERO.search(text) else _DROP_SAID.sub("", text)
    if named == text or re.search(r"[2-9]", named):
        return None
    visits = read_visits(_STAND_IN + named, today, places)
    if not visits or visits[0].household_id is not None:
        return None
    gone = set(visits[0].outcomes)
    groups: dict[str, Any] = {name: 0 for name in GROUPS if name != "adults" and getattr(visits[0], name) is not None}
    if not gone and not groups:
        return None
    left = {code: count for code, count in (draft.outcomes or {}).items() if code not in gone}
    return replace(draft, outcomes=left, **groups)


def _read(text: str, today: date, places: KnownPlaces) -> _Said:
    whole = read_visits(text, today, places)
    named = bool(whole and whole[0].household)
    visits = whole if named else read_visits(_STAND_IN + text, today, places)
    plain = key(text)
    return _Said(
        visits[0] if visits else None,
        is_people_said=bool(_PEOPLE_SAID.search(plain)),
        is_day_said=bool(visits and (visits[0].occurred_on != today or _TODAY_SAID.search(plain))),
        is_household_said=named,
    )
