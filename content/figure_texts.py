"""Texts of the figures that members and the office ask for in the chat (content/texts/figures.yml)."""

from __future__ import annotations

from content.article import Strict, Text


class FigureTexts(Strict):
    """`states`: met, lags, open, over, unknown."""

    choose: Text
    title: Text
    commune: Text
    own: Text
    share: Text
    plain: Text
    recorded: Text
    unknown: Text
    official: Text
    official_alone: Text
    recorded_and_learned: Text
    learned: Text
    learned_in_period: Text
    in_period: Text
    target: Text
    states: dict[str, Text]
    missing: Text
    trend_title: Text
    trend_text: Text
    others_button: Text
    before_button: Text
    after_button: Text
    not_yours: Text
