"""A plan in words: counts, then what must be mended and what should be looked at, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence

from bot.team.visit_sheet.planning import Fate, Plan
from bot.team.visit_sheet.rows import Problem
from bot.team.visit_sheet.saving import Saved
from bot.team.visit_sheet.words import Words

MOST_IN_CHAT = 8
"""Problems told in one message: who has more mends these first."""

MOST_HOUSEHOLDS = 5


def counts(plan: Plan, words: Words) -> list[str]:
    """What the rows would do: "12 lượt mới", "2 dòng có lỗi", ..."""
    says = words.texts.visit_sheet
    parts = [
        (says.summary_new, len(plan.of(Fate.NEW))),
        (says.summary_changed, len(plan.of(Fate.CHANGED))),
        (says.summary_same, len(plan.of(Fate.SAME))),
        (says.summary_gone, len(plan.of(Fate.GONE))),
        (says.summary_wrong, plan.wrong_rows),
    ]
    told = [words.say(template, count=count) for template, count in parts if count]
    if new := plan.new_households:
        names = ", ".join(home.name for home in new[:MOST_HOUSEHOLDS]) + (", …" if len(new) > MOST_HOUSEHOLDS else "")
        told.append(words.say(says.summary_households, count=len(new), names=names))
    return told


def summary(plan: Plan, name: str, rows: int, words: Words) -> str:
    """The dry run as a message."""
    says = words.texts.visit_sheet
    lines = [words.say(says.summary_title, name=name, count=rows), *(f"- {one}" for one in counts(plan, words))]
    for title, problems in ((says.problems_title, plan.problems), (says.remarks_title, plan.remarks)):
        if problems:
            lines += ["", title, *_first(problems, words)]
    return "\n".join(lines)


def saved(done: Saved, name: str, left_out: int, words: Words) -> str:
    """The receipt of an import."""
    says = words.texts.visit_sheet
    what = [
        words.say(template, count=count)
        for template, count in ((says.summary_new, done.new), (says.summary_changed, done.changed))
        if count
    ]
    if not what:
        return says.nothing_to_save
    rest = words.say(says.left_out, count=left_out) if left_out else says.edit_hint
    return "\n".join([words.say(says.saved, name=name, what=", ".join(what)), rest])


def where(problem: Problem, words: Words) -> str:
    """The cell, or the row, that a problem is about."""
    says = words.texts.visit_sheet
    if not problem.header:
        return words.say(says.row, row=problem.row)
    return words.say(says.cell, row=problem.row, column=problem.column, header=problem.header)


def _first(problems: Sequence[Problem], words: Words) -> list[str]:
    told = [f"- {where(problem, words)}: {problem.text}" for problem in problems[:MOST_IN_CHAT]]
    more = len(problems) - MOST_IN_CHAT
    return [*told, words.say(words.texts.visit_sheet.more, count=more)] if more > 0 else told
