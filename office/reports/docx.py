"""A report as a Word document on official paper (office/reports/paper.py)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from string import ascii_lowercase

from content.numbers import day, number, percent
from office.reports.paper import Column, Paper
from office.reports.report import IndicatorLine, Report, TargetLine
from office.reports.words import HEADINGS, MOST_CLASSES, OUTCOME, capital, fill, filled, points

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HAMLET_COLUMNS = ("sessions", "households", "attendances", "people", "classes")
HAMLET_OUTCOMES = ("outcome.vneid_level2", "outcome.payment_account")
"""Of the outcomes those that every plan asks for; all of them stand in the annex."""
PERCENT = "%"
WHOLE = 100
MOST_ROWS_KEPT = 18
"""Rows of a line each, up to half a page: such a table is not torn in two."""
_MARKED = re.compile(r"(\w\)|-|\+|\d+\.)\s|\.{4}")
"""A line that is numbered already, or is left to be filled in."""


def write(report: Report, made_at: datetime) -> bytes:
    """The .docx file."""
    texts = report.texts
    paper = Paper(f"{HEADINGS['kind']}: {texts['subject']}", texts["issuer"], made_at)
    paper.letterhead(
        texts["superior"], texts["issuer"], texts["number"], HEADINGS["country"], HEADINGS["motto"], texts["dated"]
    )
    paper.title(HEADINGS["kind"], texts["subject"])
    if texts["addressee"]:
        paper.addressee(texts["addressee"])
    paper.text(texts["bases"], italic=True)
    paper.text(texts["opening"])
    paper.section(HEADINGS["section.results"])
    _Results(paper, report).write()
    for name in ("difficulties", "proposals", "next_tasks"):
        paper.section(HEADINGS[f"section.{name}"])
        paper.text(texts[name])
    paper.text(texts["closing"], stays_with_next=True)
    paper.signatures(
        HEADINGS["recipients"], texts["recipients"].splitlines(), texts["authority"].splitlines(), texts["signer"]
    )
    return paper.file()


class _Results:
    """Section I: its parts and tables are counted, since a part without anything to say is left out."""

    def __init__(self, paper: Paper, report: Report) -> None:
        self._paper, self._report = paper, report
        self._parts, self._tables = 0, 0

    def write(self) -> None:
        report = self._report
        self._part("general")
        self._table("general", (11, 52, 20, 20, 20, 20), _general_rows(report), numbers=(0, 2, 3, 4, 5))
        self._paper.note(HEADINGS["note.people"])
        self._part("indicators")
        if planned := [line for line in report.indicators if line.targets]:
            rows = [_indicator_row(place, line) for place, line in enumerate(planned, start=1)]
            self._table("indicators", (11, 42, 32, 42, 26, 22), rows, numbers=(0,))
        self._part("hamlets")
        if report.hamlets:
            self._hamlets()
        self._part("groups")
        if report.value("sessions"):
            self._table("groups", (11, 60, 25, 25), [
                (str(place), capital(line.name), number(line.attendances), number(line.people))
                for place, line in enumerate(report.groups, start=1)
            ], numbers=(0, 2, 3))  # fmt: skip
        self._part("classes")
        if 0 < len(report.classes) <= MOST_CLASSES:
            self._table("classes", (11, 22, 30, 62, 20), [
                (str(place), day(line.day), line.hamlet, line.title or HEADINGS["word.none"], number(line.people))
                for place, line in enumerate(report.classes, start=1)
            ], numbers=(0, 1, 4))  # fmt: skip
        self._part("requests")
        if report.adjustments:
            self._part("adjustments")
            self._table("adjustments", (11, 26, 44, 20, 20, 22, 20), [
                (str(place), capital(line.period_name), line.name, line.unit, number(line.reported), number(line.now),
                 signed(line.now - line.reported))
                for place, line in enumerate(report.adjustments, start=1)
            ], numbers=(0, 3, 4, 5, 6))  # fmt: skip

    def _hamlets(self) -> None:
        report = self._report
        shown = {line.code: line.name for line in report.lines if line.code in HAMLET_OUTCOMES}
        codes = (*HAMLET_COLUMNS, *shown)
        rows = [
            (str(place), hamlet.name, *(number(hamlet.values[code]) for code in codes))
            for place, hamlet in enumerate(report.hamlets, start=1)
        ]
        rows.append(("", HEADINGS["word.whole_commune"], *(number(report.value(code)) for code in codes)))
        self._table(
            "hamlets", (11, 34, *(17 for _ in codes)), rows, numbers=(0, *range(2, 2 + len(codes))),
            more=tuple(shown.values()), bold_last=True,
        )  # fmt: skip
        if any(sum(h.values[code] for h in report.hamlets) != report.value(code) for code in ("people", "households")):
            self._paper.note(filled("note.hamlets", report))

    def _part(self, name: str) -> None:
        self._parts += 1
        self._paper.part(f"{self._parts}. {filled(f'part.{name}', self._report)}")
        self._paper.text(lettered(self._report.texts[name]))

    def _table(
        self,
        name: str,
        widths: Sequence[float],
        rows: Sequence[Sequence[str]],
        *,
        numbers: Sequence[int],
        more: Sequence[str] = (),
        bold_last: bool = False,
    ) -> None:
        self._tables += 1
        self._paper.caption(filled(f"caption.{name}", self._report, number=self._tables))
        headings = [fill(heading, self._report) for heading in HEADINGS.all_of(name).values()]
        columns = [
            Column(heading, width, place in numbers)
            for place, (heading, width) in enumerate(zip([*headings, *more], widths, strict=True))
        ]
        self._paper.table(
            columns, rows, bold_last=bold_last, whole=len(rows) <= MOST_ROWS_KEPT and name != "indicators"
        )


def lettered(text: str) -> str:
    """Paragraphs as a), b), c) where there are several; the office's own letters and dashes stay."""
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    if len(lines) < 2 or len(lines) > len(ascii_lowercase) or any(_MARKED.match(line) for line in lines):
        return text
    return "\n".join(f"{letter}) {line}" for letter, line in zip(ascii_lowercase, lines, strict=False))


def signed(change: int) -> str:
    """A difference with its sign: +5, -3, 0."""
    return f"+{number(change)}" if change > 0 else number(change)


def value_of(line: IndicatorLine) -> str:
    """An indicator's value with where it comes from; without an official figure it says so."""
    if line.value is None:
        if line.since:
            return HEADINGS["word.no_official_counted"].format(since=number(line.since)) + _learned(line)
        if line.learned:
            return HEADINGS["word.no_official"] + _learned(line)
        return HEADINGS["word.no_official"]
    shown = percent(line.value) if line.unit == PERCENT else number(line.value)
    if line.as_of is None:
        return shown
    origin = HEADINGS["word.as_of_and_since" if line.since else "word.as_of"]
    return f"{shown}\n({origin.format(as_of=day(line.as_of), since=number(line.since))}{_learned(line)})"


def _learned(line: IndicatorLine) -> str:
    """Who learnt by themselves, told apart from what teams recorded."""
    return HEADINGS["word.learned"].format(learned=number(line.learned)) if line.learned else ""


def target_of(target: TargetLine, unit: str) -> str:
    """What the plan asks, in words."""
    value = percent(target.value) if unit == PERCENT else number(target.value)
    aim = "more_than" if target.is_more_than else "all" if target.value >= WHOLE and unit == PERCENT else "at_least"
    return HEADINGS[f"word.{aim}"].format(value=value, by=_deadline(target.by))


def _deadline(by: date) -> str:
    if (by.month, by.day) == (12, 31):
        return HEADINGS["word.year_end"].format(year=by.year)
    return HEADINGS["word.by"].format(day=day(by))


def state_of(line: IndicatorLine) -> str:
    """Whether the nearest target is met."""
    target = line.targets[0]
    if target.is_met is None:
        return HEADINGS["word.unknown"]
    if target.is_met or target.missing is None:
        return HEADINGS["word.met"] if target.is_met else HEADINGS["word.unknown"]
    if line.unit == PERCENT:
        return HEADINGS["word.unmet"].format(missing=points(target.missing))
    return HEADINGS["word.unmet_count"].format(missing=number(target.missing))


def _general_rows(report: Report) -> list[tuple[str, ...]]:
    none = HEADINGS["word.none"]
    shown = [line for line in report.lines if not line.code.startswith(OUTCOME) or line.value or line.before]
    return [
        (
            str(place), line.name, line.unit, none if line.before is None else number(line.before), number(line.value),
            none if line.before is None else signed(line.value - line.before),
        )
        for place, line in enumerate(shown, start=1)
    ]  # fmt: skip


def _indicator_row(place: int, line: IndicatorLine) -> tuple[str, ...]:
    targets = "\n".join(target_of(target, line.unit) for target in line.targets)
    return str(place), line.name, value_of(line), targets, line.owner or HEADINGS["word.no_owner"], state_of(line)
