"""Puts what is to be said about a sheet into the commune's words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.team.visit_sheet import columns
from bot.team.visit_sheet.rows import Problem, Row
from bot.team.visit_sheet.workbook import SheetError
from content.commune import Commune
from content.texts import Texts


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one commune."""

    commune: Commune
    texts: Texts

    def say(self, template: str, **values: object) -> str:
        """A text with the commune's names and these values in it."""
        return self.commune.fill(template).format(**values)

    def problem(self, reason: str, row: Row, column: str = "", **values: object) -> Problem:
        """What is to be said of the hamlet or household of a row, or of all of it."""
        shown = columns.headers(self.commune, self.texts.visit_sheet, self.texts.log)
        text = self.say(self.texts.visit_sheet.problems[reason], **values)
        return Problem(row.number, row.letters.get(column, ""), shown.get(column, ""), text)

    def refusal(self, name: str, error: SheetError) -> str:
        """Why a file can't be used."""
        says = self.texts.visit_sheet
        return self.say(says.unreadable, name=name, reason=self.say(says.files[error.reason], **error.values))
