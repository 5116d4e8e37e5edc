"""What a report holds, whatever it is written as: figures, lists, and the texts composed from them.

Everything is a plain value, so that an issued report can be stored as JSON and read back the same. The figures are
taken from the database by office/reports/compose.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Span:
    """The period: its code (2026-10), its name (tháng 10/2026), its days, and up to which of them is counted."""

    code: str
    name: str
    first: date
    last: date
    counted_to: date
    """Earlier than `last` in a report that is made before the period has ended."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the period, and that of the period before; None when nothing was recorded there."""

    code: str
    name: str
    unit: str
    value: int
    before: int | None


@dataclass(frozen=True, slots=True)
class TargetLine:
    """What the plan asks: the value by the day. `is_met` is None while there is no value to compare."""

    value: Decimal
    by: date
    is_more_than: bool
    is_met: bool | None
    missing: Decimal | None
    """How much there is still to go; 0 when met, None when unknown."""


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator against the plan.

    `value` is in `unit` (a share in percent) and None when there is no official figure. `numerator` is then what the
    team itself has recorded, if anything. `as_of` and `source` are those of the official figure.
    """

    id: str
    name: str
    unit: str
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    official: int | None
    since: int
    """People newly reached after the official figure's day; without such a figure all whom the team recorded."""
    as_of: date | None
    source: str
    owner: str
    targets: tuple[TargetLine, ...]
    learned: int = 0
    """People who learnt it by themselves and agreed to count; beside `since`. Reports issued earlier knew of none."""


@dataclass(frozen=True, slots=True)
class HamletLine:
    """One hamlet's figures, by the codes of `Report.lines`."""

    name: str
    values: dict[str, int]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A priority group: lượt người and số người."""

    code: str
    name: str
    attendances: int
    people: int


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class that was held."""

    day: date
    hamlet: str
    title: str
    people: int


@dataclass(frozen=True, slots=True)
class Requests:
    """Citizens' requests for a person that were made in the period, and what has become of them by now."""

    received: int = 0
    done: int = 0
    taken: int = 0
    waiting: int = 0
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A figure of an earlier period: as it was last reported, and as it is counted now."""

    period: str
    """The code of the period."""
    period_name: str
    code: str
    name: str
    unit: str
    reported: int
    now: int


@dataclass(frozen=True, slots=True)
class Report:
    """One commune's report on one period. A field that comes later needs a default: issued reports don't have it."""

    commune: str
    commune_name: str
    province: str
    hamlet_word: str
    period: Span
    before_name: str
    """The name of the period before."""
    lines: tuple[Line, ...]
    indicators: tuple[IndicatorLine, ...]
    hamlets: tuple[HamletLine, ...]
    groups: tuple[GroupLine, ...]
    classes: tuple[ClassLine, ...]
    requests: Requests
    adjustments: tuple[Adjustment, ...]
    texts: dict[str, str]
    """By the names of the blocks in templates/texts.j2; those that the office has edited are as it wrote them."""

    def value(self, code: str) -> int:
        """A figure of the period."""
        return next(line.value for line in self.lines if line.code == code)

    def with_texts(self, texts: dict[str, str]) -> Report:
        """The same with other texts."""
        return replace(self, texts=texts)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        told: dict[str, Any] = _JSON.dump_python(self, mode="json")
        return told

    @staticmethod
    def from_json(told: dict[str, Any]) -> Report:
        """Back from `to_json`."""
        return _JSON.validate_python(told)


_JSON = TypeAdapter(Report)
