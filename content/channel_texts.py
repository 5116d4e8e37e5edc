"""What is said where a channel can do less than others: a part of content/texts.py."""

from __future__ import annotations

from content.article import Strict, Text


class ChoiceTexts(Strict):
    """What stands above a list of choices that are typed instead of pressed."""

    by_number: Text
    by_letter: Text


class ZaloBotTexts(Strict):
    """What only the Zalo Bot Platform's channel says."""

    document: Text
    """{address}."""

    group: Text


class ZaloTexts(Strict):
    """What is said over Zalo's Official Account instead of what it can't carry."""

    document: Text
    document_nowhere: Text
