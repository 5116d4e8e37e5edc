"""What is said about listening: a part of content/texts.py."""

from __future__ import annotations

from content.article import Strict, Text


class AudioTexts(Strict):
    """Recordings under articles, and voice messages. `languages` names them by their ISO 639 codes."""

    listen_button: Text
    listen_in_button: Text
    clip: Text
    clip_synthesised: Text
    heard: Text
    not_heard: Text
    languages: dict[str, Text]
