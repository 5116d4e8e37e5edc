"""The indicators of outreach (content/indicators.yml), and what a commune's plan asks: targets, reports, tasks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from content.article import ContentError, Problem, Strict, Text, read_text, read_yaml
from content.numbers import number, percent
from content.periods import PeriodKind

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]


class Way(StrEnum):
    """How an indicator gets its value.

    official: entered by its owner, as a share or as a count of a total. coverage: the latest official count, and whom
    sessions have newly reached since. outreach: computed from support sessions alone.
    """

    OFFICIAL = "official"
    COVERAGE = "coverage"
    OUTREACH = "outreach"


class Unit(StrEnum):
    """What a value counts."""

    PERCENT = "%"
    PEOPLE = "người"
    ATTENDANCES = "lượt người"
    SESSIONS = "đợt"
    HOUSEHOLDS = "hộ"
    CLASSES = "lớp"


class Indicator(Strict):
    """What is measured. `outcome` (of db/outreach OutcomeCode) is what a session adds to a coverage indicator."""

    id: Id
    name: Text
    short: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    """For charts and narrow tables."""
    unit: Unit
    way: Way
    outcome: str | None = None
    numerator: Text
    denominator: str = ""
    """What a share is a share of; empty for counts."""
    how: Text
    """How it is counted, in words for the office."""
    source: Text

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.way is Way.COVERAGE) != (self.outcome is not None):
            raise ValueError(f"{self.id}: outcome đi với way: coverage, và chỉ với nó")
        if (self.unit is Unit.PERCENT) != bool(self.denominator):
            raise ValueError(f"{self.id}: denominator đi với đơn vị %, và chỉ với nó")
        return self

    def show(self, value: float | Decimal) -> str:
        """A value as every page, paper and chat writes it: "87,3 %", "1.234 lượt người"."""
        return percent(value) if self.unit is Unit.PERCENT else f"{number(value)} {self.unit.value}"


class Aim(StrEnum):
    """How a plan words a target: at least the value, or more than it."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"


class Target(Strict):
    """What a commune's plan asks of an indicator by a day. There may be several horizons for one indicator."""

    indicator: Id
    by: date
    value: float
    aim: Aim = Aim.AT_LEAST
    owner: Text | None = None
    note: str = ""


class ReportDue(Strict):
    """A report that the plan asks for, and the day before which it is due, when the plan says one.

    The day is counted from the period's last month: `months_after` 1 and `day` 5 is the 5th of the month after it.
    """

    kind: PeriodKind
    months_after: int = 1
    day: Annotated[int, Field(ge=1, le=28)] | None = None


class PlanTask(Strict):
    """A task of the plan. Without a deadline it goes on throughout the year."""

    id: Id
    title: Text
    responsible: Text | None = None
    result: Text
    deadline: date | None = None


class Plan(Strict):
    """A commune's plan, as far as it is about outreach. What the plan does not state is left out, never guessed."""

    title: Text
    source: Text
    reports_to: Text | None = None
    reports: tuple[ReportDue, ...] = ()
    targets: tuple[Target, ...] = ()
    tasks: tuple[PlanTask, ...] = ()

    @model_validator(mode="after")
    def _nothing_twice(self) -> Self:
        names = {
            "mục tiêu": [f"{target.indicator} {target.by}" for target in self.targets],
            "việc": [task.id for task in self.tasks],
            "báo cáo": [report.kind.value for report in self.reports],
        }
        for what, seen in names.items():
            if twice := next((one for one in seen if seen.count(one) > 1), None):
                raise ValueError(f"{what} có hai lần: {twice}")
        return self

    def targets_of(self, indicator: str) -> tuple[Target, ...]:
        """An indicator's targets, the nearest horizon first."""
        return tuple(sorted((one for one in self.targets if one.indicator == indicator), key=lambda one: one.by))

    def unknown_indicators(self, known: Collection[str]) -> list[str]:
        """Indicators that have a target but no definition."""
        return sorted({target.indicator for target in self.targets} - set(known))


def read_indicators(folder: Path) -> dict[str, Indicator]:
    """Reads content/indicators.yml; the order in the file is the order everywhere.

    Raises:
        ContentError: with every problem in the file.
    """
    file = folder / "indicators.yml"
    shown_as = file.relative_to(folder.parent)
    mapping = read_yaml(read_text(file, shown_as), shown_as)
    try:
        indicators = TypeAdapter(list[Indicator]).validate_python(mapping.values.get("indicators"))
    except ValidationError as error:
        raise ContentError(mapping.problems(error)) from None
    ids = [indicator.id for indicator in indicators]
    if twice := next((one for one in ids if ids.count(one) > 1), None):
        raise ContentError([Problem(shown_as, 1, f"{twice} có hai lần")])
    return {indicator.id: indicator for indicator in indicators}
