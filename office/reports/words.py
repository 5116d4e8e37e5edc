"""The texts of a report: composed from its figures by templates/texts.j2, a block a text; and its fixed headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import jinja2
import yaml

from content.commune import Commune
from content.indicators import PlanTask
from content.numbers import day, number, percent
from content.periods import Calendar
from office.reports.report import IndicatorLine, Report, TargetLine

TEMPLATES = Path(__file__).parent / "templates"
DOTS = "." * 116
"""About a line that is left to be filled in."""
MOST_CLASSES = 15
"""So many are listed in the paper; more are in the annex alone."""
OUTCOME = "outcome."
"""Before an outcome's code in `Report.lines`."""


def nearest(line: IndicatorLine) -> TargetLine | None:
    """The target that an indicator is held against: the first, since those whose day is over are left out."""
    return line.targets[0] if line.targets else None


def points(value: Decimal) -> str:
    """A difference of shares, written as the shares are but without the sign: percentage points."""
    return percent(value).removesuffix(" %")


_environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES),
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # noqa: S701 - no HTML
)
_environment.filters |= {"number": number, "percent": percent, "points": points, "day": day, "nearest": nearest}
_template = _environment.get_template("texts.j2")

TEXTS = tuple(_template.blocks)
"""The names of all texts, in the order of the paper."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the texts say beside the report's figures: what the profile tells of the plan, tasks that are due."""

    place: str
    plan_source: str
    reports_to: str
    by_decree: bool
    tasks: tuple[PlanTask, ...] = ()

    @classmethod
    def of(cls, commune: Commune, tasks: Sequence[PlanTask]) -> Facts:
        """What a profile tells."""
        plan = commune.plan
        return cls(
            commune.name.removeprefix("xã ").removeprefix("phường "), plan.source if plan else "",
            (plan.reports_to or "") if plan else "", commune.reporting_periods is Calendar.DECREE, tuple(tasks),
        )  # fmt: skip


def compose_texts(report: Report, facts: Facts) -> dict[str, str]:
    """Every text of a report, by its name; empty ones are left out of the paper."""
    planned = [line for line in report.indicators if line.targets]
    met = [line for line in planned if (first := nearest(line)) and first.is_met]
    unmet = [line for line in planned if (first := nearest(line)) and first.is_met is False]
    most = max((hamlet.values["attendances"] for hamlet in report.hamlets), default=0)
    context: dict[str, Any] = {
        "report": report,
        "value": report.value,
        "outcomes": [line for line in report.lines if line.code.startswith(OUTCOME)],
        "planned": planned,
        "met": met,
        "unmet": unmet,
        "unknown": [line for line in planned if line not in met and line not in unmet],
        "active": [hamlet for hamlet in report.hamlets if hamlet.values["sessions"]],
        "quiet": [hamlet.name for hamlet in report.hamlets if not hamlet.values["sessions"]],
        "most": [hamlet.name for hamlet in report.hamlets if most and hamlet.values["attendances"] == most],
        "most_value": most,
        "most_classes": MOST_CLASSES,
        "dots": DOTS,
        **{name: getattr(facts, name) for name in ("place", "plan_source", "reports_to", "by_decree", "tasks")},
    }
    texts = {}
    for name in TEXTS:
        told = "".join(_template.blocks[name](_template.new_context(context)))
        texts[name] = "\n".join(filter(None, map(str.strip, told.splitlines())))
    return texts


@dataclass(frozen=True, slots=True)
class Headings:
    """The words of the paper and the annex that are the same in every report (templates/headings.yml)."""

    words: Mapping[str, Any]

    def __getitem__(self, name: str) -> str:
        """A heading by its name, as in "section.results"; names are checked by the tests, which write every report."""
        found: Any = self.words
        for step in name.split("."):
            found = found[step]
        assert isinstance(found, str)
        return found

    def all_of(self, name: str) -> dict[str, str]:
        """The headings below a name, in the file's order."""
        found: dict[str, str] = self.words[name]
        return found

    def list_of(self, name: str) -> list[str]:
        """The headings of a table that is nothing else."""
        found: list[str] = self.words[name]
        return found


HEADINGS = Headings(yaml.safe_load((TEMPLATES / "headings.yml").read_text()))


def filled(name: str, report: Report, **more: object) -> str:
    """A heading with what it says of the report."""
    return fill(HEADINGS[name], report, **more)


def fill(heading: str, report: Report, **more: object) -> str:
    """Puts a report's names and days where a heading has {period}, {commune}, {hamlet_word} and the like."""
    word, period = report.hamlet_word, report.period
    return heading.format(
        hamlet_word=word, Hamlet_word=capital(word), period=period.name, commune=report.commune_name,
        first=day(period.first), counted_to=day(period.counted_to), **more,
    )  # fmt: skip


def capital(text: str) -> str:
    """With its first letter as a capital; the others stay."""
    return text[:1].upper() + text[1:]
