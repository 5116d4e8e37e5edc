"""What is said of official figures and indicators: a part of content/texts.py, read with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from content.article import Strict, Text
from content.numbers import day, number


class OfficialTexts(Strict):
    """Official figures: what is wrong with one, the Excel sheet for them, and what a value rests on."""

    errors: dict[str, Text]
    """By the reasons of db.indicators.official.FigureError, and those of the sheet's cells."""
    learned: Text
    basis: dict[str, Text]
    """By db.indicators.values.Basis."""
    commune: Text
    withdrawn: Text
    sheet_title: Text
    lists_title: Text
    title: Text
    how_to: Text
    columns: dict[str, Text]
    check_title: Text
    only_listed: Text
    only_counts: Text
    only_past_days: Text
    fates: dict[str, Text]

    def error(self, reason: str, **values: object) -> str:
        """Why a figure can't be taken, in a sentence."""
        return self.errors[reason].format(**{name: _shown(value) for name, value in values.items()})


def _shown(value: object) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f").replace(".", ",") if value.is_finite() else str(value)
    return number(value) if isinstance(value, int) else str(value)
