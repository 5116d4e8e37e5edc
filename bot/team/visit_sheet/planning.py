"""What saving a sheet would do, row by row. Asks the database and changes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.team.visit_sheet.places import NewHousehold, Places, UnclearError
from bot.team.visit_sheet.rows import BadRow, Problem, Row, SheetRow
from bot.team.visit_sheet.words import Words
from content import numbers
from content.commune import Commune
from db.outreach import sheets
from db.outreach.models import Hamlet, Household, OutcomeCode, SessionKind
from db.outreach.names import are_alike
from db.outreach.sessions import Content
from db.outreach.sheets import ImportedRow

SAME_VISIT_WITHIN = timedelta(days=7)
"""A changed row is a correction of the visit that it told before only when it is the same household and about the same
day. People use a sheet again for the next month, and hand empty copies on: those rows are other visits."""


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row that is right. `content` lacks the household when it is a new one; `known` is what the row was before."""

    row: SheetRow
    fate: Fate
    content: Content | None = None
    new_household: NewHousehold | None = None
    known: ImportedRow | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What saving would do: the right rows, and what is to be said of cells."""

    rows: tuple[PlannedRow, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]
    wrong_rows: int

    def of(self, *fates: Fate) -> list[PlannedRow]:
        """The right rows with one of these fates."""
        return [row for row in self.rows if row.fate in fates]

    @property
    def to_save(self) -> list[PlannedRow]:
        """The rows that would change something."""
        return self.of(Fate.NEW, Fate.CHANGED)

    @property
    def new_households(self) -> list[NewHousehold]:
        """Each once, in the order of the sheet."""
        return list({row.new_household.same: row.new_household for row in self.rows if row.new_household}.values())


@dataclass(slots=True)
class _Planner:
    words: Words
    places: Places
    by_mark: dict[str, list[ImportedRow]]
    spare: Counter[str]
    """How often each digest was imported under another mark: rows that were sorted, or copied into another sheet.

    Two sheets may well hold the same line about nobody's house ("one person at the desk"): for such it counts in one.
    """
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    new: dict[tuple[int, str], tuple[NewHousehold, int]] = field(default_factory=dict)

    def plan(self, row: SheetRow) -> PlannedRow | None:
        """What becomes of a row; None when it is wrong."""
        of_mark = self.by_mark.get(row.mark, [])
        if same := next((known for known in of_mark if known.digest == row.digest), None):
            return self._gone(row, same) if _is_gone(same) else PlannedRow(row, Fate.SAME, known=same)
        if self.spare[row.digest]:
            self.spare[row.digest] -= 1
            return PlannedRow(row, Fate.SAME)
        if (meant := self._meant(row, of_mark)) is None:
            return None
        hamlet, home = meant
        return self._decided(row, hamlet, home, of_mark)

    def check_names(self, row: BadRow) -> None:
        """Notes what is wrong with the names of a row that has other faults already."""
        if row.hamlet or row.household:
            self._meant(row, ())

    def _meant(self, row: Row, of_mark: Sequence[ImportedRow]) -> tuple[Hamlet, Household | NewHousehold | None] | None:
        """The hamlet and the household that a row names; None when that is not clear."""
        try:
            hamlet = self.places.hamlet(row.hamlet)
        except UnclearError as error:
            self._note(row, error, "hamlet")
            return None
        try:
            home = self.places.household(row.household, hamlet, _home_before(of_mark)) if row.household else None
        except UnclearError as error:
            self._note(row, error, "household")
            return None
        return hamlet, home

    def _decided(
        self, row: SheetRow, hamlet: Hamlet, home: Household | NewHousehold | None, of_mark: Sequence[ImportedRow]
    ) -> PlannedRow:
        new = home if isinstance(home, NewHousehold) else None
        old = home if isinstance(home, Household) else None
        content = _content(row, hamlet, old)
        for known in of_mark:
            if not _is_same_visit(known, content, is_new_home=new is not None):
                continue
            if _is_gone(known):
                return self._gone(row, known)
            if known.session and known.session.written_at > known.imported_at:
                self.remarks.append(self.words.problem("edited_since", row))
            return PlannedRow(row, Fate.CHANGED, content, new, known)
        if of_mark:
            self.remarks.append(self.words.problem("other_visit", row, before=self._before(of_mark[-1])))
        if new:
            self._meet(row, hamlet, new)
        return PlannedRow(row, Fate.NEW, content, new)

    def _gone(self, row: SheetRow, known: ImportedRow) -> PlannedRow:
        self.remarks.append(self.words.problem("deleted", row))
        return PlannedRow(row, Fate.GONE, known=known)

    def _note(self, row: Row, error: UnclearError, column: str) -> None:
        self.problems.append(self.words.problem(error.reason, row, column, **error.values))

    def _meet(self, row: SheetRow, hamlet: Hamlet, new: NewHousehold) -> None:
        """Tells of a household that the sheet names for the first time."""
        if new.same in self.new:
            return
        for other, number in self.new.values():
            if other.hamlet_id == new.hamlet_id and are_alike(other.name, new.name):
                values = {"value": new.name, "other": other.name, "other_row": number}
                self.remarks.append(self.words.problem("alike_new_households", row, "household", **values))
        self.new[new.same] = (new, row.number)

    def _before(self, known: ImportedRow) -> str:
        home = known.session.household if known.session else None
        day = f"ngày {numbers.day(known.occurred_on)}"
        return f"{home.name}, {day}" if home else day


async def make_plan(
    session: AsyncSession, rows: Sequence[Row], *, commune: Commune, own: Sequence[Hamlet], words: Words
) -> Plan:
    """What saving these rows would do for whoever may log for the hamlets of `own`."""
    right = [row for row in rows if isinstance(row, SheetRow)]
    marks = {row.mark for row in right}
    homes = {row.digest for row in right if row.household}
    known = await sheets.known(session, commune.slug, marks, homes)
    by_mark: dict[str, list[ImportedRow]] = defaultdict(list)
    for one in known:
        by_mark[one.mark].append(one)
    here = {(row.mark, row.digest) for row in right}
    spare = Counter(
        one.digest for one in known if (one.mark, one.digest) not in here and (one.digest in homes or one.mark in marks)
    )
    planner = _Planner(words, await Places.load(session, commune, own), by_mark, spare)
    planned = [made for row in right if (made := planner.plan(row))]
    bad = [row for row in rows if isinstance(row, BadRow)]
    for row in bad:
        planner.check_names(row)
    problems = [problem for row in bad for problem in row.problems] + planner.problems
    remarks = [remark for row in right for remark in row.remarks] + planner.remarks
    remarks += await _perhaps_twice(session, commune, planned, words)
    return Plan(
        tuple(planned), tuple(sorted(problems, key=_place)), tuple(sorted(remarks, key=_place)),
        len({problem.row for problem in problems}),
    )  # fmt: skip


async def _perhaps_twice(
    session: AsyncSession, commune: Commune, planned: Collection[PlannedRow], words: Words
) -> list[Problem]:
    """Remarks on new visits of a household on a day that has one already, in the database or in the sheet."""
    remarks = []
    visits = [row for row in planned if row.fate is Fate.NEW and row.content and row.content.household_id]
    days = [row.content.occurred_on for row in visits if row.content]
    homes = {row.content.household_id for row in visits if row.content and row.content.household_id}
    logged = await sheets.near(session, commune.slug, homes, min(days), max(days)) if days else []
    taken = {(one.household_id, one.occurred_on) for one in logged}
    met: dict[tuple[object, object], int] = {}
    for row in planned:
        if row.fate is not Fate.NEW or row.content is None or not row.row.household:
            continue
        home: object = row.new_household.same if row.new_household else row.content.household_id
        day = row.content.occurred_on
        if (home, day) in taken:
            remarks.append(words.problem("same_day", row.row, "household", day=numbers.day(day)))
        elif (home, day) in met:
            remarks.append(words.problem("same_day_in_sheet", row.row, "household", other_row=met[home, day]))
        met.setdefault((home, day), row.row.number)
    return remarks


def _content(row: SheetRow, hamlet: Hamlet, home: Household | None) -> Content:
    return Content(
        SessionKind(row.kind), hamlet.id, row.day, row.people, household_id=home.id if home else None, note=row.note,
        outcomes={OutcomeCode(code): count for code, count in row.outcomes.items()}, **row.groups,
    )  # fmt: skip


def _is_same_visit(known: ImportedRow, content: Content, *, is_new_home: bool) -> bool:
    day = known.session.occurred_on if known.session else known.occurred_on
    if content.household_id is None:
        same_place = known.session is not None and (known.session.kind, known.session.hamlet_id) == (
            content.kind.value,
            content.hamlet_id,
        )
        return same_place and not is_new_home and day == content.occurred_on
    homes = {known.household_id, known.session.household_id if known.session else None}
    days = (known.occurred_on, day)
    return content.household_id in homes and any(abs(content.occurred_on - one) <= SAME_VISIT_WITHIN for one in days)


def _is_gone(known: ImportedRow) -> bool:
    return known.session is None or known.session.voided_at is not None


def _home_before(of_mark: Sequence[ImportedRow]) -> Household | None:
    return next((one.session.household for one in of_mark if one.session and one.session.household), None)


def _place(problem: Problem) -> tuple[int, int, str]:
    return problem.row, len(problem.column), problem.column
