"""What a sheet says: rows that are right so far, rows that are not, and what is to be said about them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from db.outreach.models import SessionKind


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one cell, or (column "") a whole row. `row` is Excel's number, `column` its letter."""

    row: int
    column: str
    header: str
    text: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A visit as its row tells it: names as typed, counts of people; only those of 1 and more in `outcomes`.

    `mark` is by what the row is known again: the template's hidden id, or one made of what it says.
    """

    number: int
    mark: str
    day: date
    hamlet: str
    household: str
    kind: SessionKind
    people: int
    groups: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    letters: Mapping[str, str] = field(default_factory=dict)
    """Excel's letters of the columns with names, for what is found out about them later."""
    remarks: tuple[Problem, ...] = ()

    @property
    def digest(self) -> str:
        """A fingerprint of what the row says, wherever it stands."""
        said = self.to_json()
        for name in ("number", "mark", "letters", "remarks"):
            del said[name]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:24]

    def marked(self, mark: str) -> SheetRow:
        """The same row under another mark."""
        return replace(self, mark=mark)

    def to_json(self) -> dict[str, Any]:
        """For the table of sheets that wait."""
        return asdict(self) | {"day": self.day.isoformat(), "kind": self.kind.value}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> SheetRow:
        """Reads what `to_json` wrote."""
        read = {"day": date.fromisoformat(kept["day"]), "kind": SessionKind(kept["kind"])}
        return cls(**(dict(kept) | read | {"remarks": _problems(kept["remarks"])}))


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row in which something is wrong; its names, so that all that is wrong with it can be told at once."""

    number: int
    problems: tuple[Problem, ...]
    hamlet: str = ""
    household: str = ""
    letters: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """For the table of sheets that wait."""
        return asdict(self)


Row = SheetRow | BadRow


def row_from_json(kept: Mapping[str, Any]) -> Row:
    """Reads what either kind of row wrote."""
    if "problems" in kept:
        return BadRow(**(dict(kept) | {"problems": _problems(kept["problems"])}))
    return SheetRow.from_json(kept)


def _problems(kept: list[dict[str, Any]]) -> tuple[Problem, ...]:
    return tuple(Problem(**problem) for problem in kept)
