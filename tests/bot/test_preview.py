"""The office sees of an article what a citizen would."""

from __future__ import annotations

from bot.preview import preview
from content.library import Library
from tests.support.articles import article


def test_an_article_that_is_not_live_yet_is_shown_as_the_chat_would_say_it(library: Library) -> None:
    draft = article("vneid.install", "Bài <mới>")
    shown = preview(library, library.communes["tan-loi"], draft)
    assert "<b>Bài &lt;mới&gt;</b>" in shown[0].html
    assert shown[0].buttons
    assert "Bài" not in library.articles["vneid.install"].title


def test_every_section_follows_its_answer_and_the_commune_s_names_are_filled_in(library: Library) -> None:
    commune = library.communes["tan-loi"]
    for found in library.articles.values():
        shown = preview(library, commune, found)
        assert len(shown) == 1 + len(found.sections)
        assert not [message for message in shown if "{" in message.html], found.id
