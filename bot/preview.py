"""What the chat would say of an article, as the office's page shows it before the article goes live."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from bot.channels.markup import to_html
from bot.citizen.presenter import Presenter
from bot.messages import Reply
from content.article import Article
from content.commune import Commune
from content.library import Library
from office.site import ShownMessage


def preview(library: Library, commune: Commune, article: Article) -> tuple[ShownMessage, ...]:
    """The first answer, then each section as its button brings it; the article need not be in the library yet."""
    articles = MappingProxyType({**library.articles, article.id: article})
    presenter = Presenter(replace(library, articles=articles), commune)
    sections = (presenter.section(article, section.heading) for section in article.sections)
    return tuple(_shown(reply) for reply in (presenter.answer(article), *sections) if reply)


def _shown(reply: Reply) -> ShownMessage:
    buttons = tuple(tuple(button.label for button in row) for row in reply.buttons)
    return ShownMessage(to_html(reply.text), buttons, to_html(reply.note))
