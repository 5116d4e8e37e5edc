"""What stands on posters and is said to who scans one: parts of content/texts.py, read with it."""

from __future__ import annotations

from content.article import Strict, Text


class WelcomeTexts(Strict):
    """To who opened the link of a hamlet, a topic or a poster."""

    from_hamlet: Text
    about_topic_from_hamlet: Text
    about_topic: Text
    retired: Text
    gone: Text


class PosterTexts(Strict):
    """On posters and name cards. `lines`: what the bot helps with; `sections`: what articles tell of."""

    team: Text
    title: Text
    where: Text
    lines: tuple[Text, Text, Text]
    sections: dict[str, Text]
    asked: Text
    free: Text
    scan_title: Text
    scan: Text
    by_hand: Text
    telegram: Text
    site: Text
    person: Text
    never: Text
    never_more: Text
    contact: Text
    phone: Text
    address: Text
    hours: Text
    printed: Text
    printed_on: Text
    card_scan: Text
    card_telegram: Text
    card_phone: Text
