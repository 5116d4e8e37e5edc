"""Everything the bot can say, read from the content folder and checked: topics, articles, phrases, communes.

A library is immutable. `LiveLibrary` follows the files: it swaps in a new library when they change, and keeps the last
good one, with the reason, when they are broken.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import Field, ValidationError
from watchfiles import awatch

from content.article import Article, ContentError, Problem, Strict, Text, YamlMapping, read_article, read_yaml
from content.commune import PLACEHOLDER, PLACEHOLDERS, Commune
from content.phrases import Phrases

log = logging.getLogger(__name__)

SMALL_TALK = "chat"
OUT_OF_SCOPE = "out_of_scope"


class Topic(Strict):
    """Something citizens ask about, as topics.yml defines it; small talk has neither title nor article."""

    id: Text
    title: str = ""
    scope: str = ""
    not_: str | None = Field(default=None, alias="not")
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Library:
    """The whole content at one moment."""

    topics: MappingProxyType[str, Topic]
    groups: MappingProxyType[str, tuple[str, ...]]
    """The top-level keys of topics.yml, each with its topics' ids in their order: what the menu shows."""
    articles: MappingProxyType[str, Article]
    phrases: Phrases
    communes: MappingProxyType[str, Commune]

    def related(self, article: Article) -> list[Article]:
        """The related articles that exist, in the writer's order."""
        return [self.articles[topic] for topic in article.related if topic in self.articles]

    def in_group(self, group: str) -> list[Article]:
        """A group's articles in the order of topics.yml; empty for an unknown group."""
        return [self.articles[topic] for topic in self.groups.get(group, ()) if topic in self.articles]


def read_library(folder: Path) -> Library:
    """Reads and checks the content folder.

    Raises:
        ContentError: with every problem in every file.
    """
    problems: list[Problem] = []

    def collecting(read: Any, *arguments: Any) -> Any:
        try:
            return read(*arguments)
        except ContentError as error:
            problems.extend(error.problems)
            return None

    groups = collecting(_read_topics, folder) or {}
    topics = {topic.id: topic for group in groups.values() for topic in group}
    phrases = collecting(_read_model, Phrases, folder / "phrases.yml", folder)
    communes = [collecting(_read_model, Commune, file, folder) for file in sorted((folder / "communes").glob("*.yml"))]
    articles = {}
    for file in sorted((folder / "topics").glob("*/*.md")):
        shown_as = file.relative_to(folder.parent)
        article = collecting(read_article, file, shown_as)
        if article is not None:
            articles[article.id] = article
            problems.extend(_misplaced(article, file, shown_as, topics))
    if not communes and not problems:
        problems.append(Problem(Path(folder.name, "communes"), 1, "chưa có hồ sơ xã nào"))
    if problems:
        raise ContentError(sorted(problems))
    return Library(
        MappingProxyType(topics),
        MappingProxyType({group: tuple(topic.id for topic in members) for group, members in groups.items()}),
        MappingProxyType(articles),
        phrases,
        MappingProxyType({commune.slug: commune for commune in communes}),
    )


class LiveLibrary:
    """The library as the running bot sees it. `problems` says why the newest files are not in use."""

    def __init__(self, folder: Path) -> None:
        """Reads the folder at once.

        Raises:
            ContentError: the first reading has no good version to fall back on.
        """
        self._folder = folder
        self.current = read_library(folder)
        self.problems: list[Problem] = []

    def reload(self) -> bool:
        """Reads the files again; True when they are good and now in use."""
        try:
            self.current = read_library(self._folder)
        except ContentError as error:
            self.problems = error.problems
            log.error("content not taken over, the last good version stays in use:\n%s", error)
            return False
        self.problems = []
        log.info("content reloaded: %d articles", len(self.current.articles))
        return True

    async def follow(self) -> AsyncIterator[bool]:
        """Reloads whenever a file changes, and yields the outcome each time."""
        async for _ in awatch(self._folder):
            yield self.reload()


def _read_topics(folder: Path) -> dict[str, list[Topic]]:
    mapping = _read_mapping(folder / "topics.yml", folder)
    try:
        return {group: [Topic.model_validate(entry) for entry in entries] for group, entries in mapping.values.items()}
    except ValidationError as error:
        raise ContentError(mapping.problems(error)) from None


def _read_mapping(file: Path, folder: Path) -> YamlMapping:
    shown_as = file.relative_to(folder.parent)
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError([Problem(shown_as, 1, "thiếu tệp này")]) from None
    except UnicodeDecodeError:
        raise ContentError([Problem(shown_as, 1, "tệp không phải là chữ UTF-8")]) from None
    return read_yaml(text, shown_as)


def _read_model(model: type[Any], file: Path, folder: Path) -> Any:
    mapping = _read_mapping(file, folder)
    try:
        return model.model_validate(mapping.values)
    except ValidationError as error:
        raise ContentError(mapping.problems(error)) from None


def _misplaced(article: Article, file: Path, shown_as: Path, topics: dict[str, Topic]) -> Iterator[Problem]:
    place = f"{file.parent.name}.{file.stem}"
    if article.id != place:
        yield Problem(shown_as, 1, f"id là {article.id} nhưng tệp nằm ở chỗ của {place}")
    if article.id not in topics:
        yield Problem(shown_as, 1, f"id {article.id} không có trong topics.yml")
    for related in article.related:
        if related not in topics or related == article.id:
            yield Problem(shown_as, 1, f"related: {related} không có trong topics.yml")
    texts = [article.summary, *(section.text for section in article.sections)]
    for name in {match for text in texts for match in PLACEHOLDER.findall(text)} - PLACEHOLDERS:
        yield Problem(shown_as, 1, f"{{{name}}} không phải là chỗ điền: {', '.join(sorted(PLACEHOLDERS))}")
