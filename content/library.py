"""Everything the bot can say, read from the content folder and checked: topics, articles, lessons, phrases, communes.

A library is immutable. `LiveLibrary` follows the files: it swaps in a new library when they change, and keeps the last
good one, with the reason, when they are broken.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError
from watchfiles import awatch

from content import audio
from content.article import (
    Article,
    ContentError,
    Problem,
    Strict,
    Text,
    YamlMapping,
    read_article,
    read_text,
    read_yaml,
)
from content.commune import PLACEHOLDERS, Commune
from content.indicators import Indicator, read_indicators
from content.lessons import Lesson, read_lessons
from content.phrases import Phrases
from content.scam import OfficialDomains, ScamSignals, read_official_domains, read_scam_signals
from content.texts import Texts, read_texts

log = logging.getLogger(__name__)

SMALL_TALK = "chat"
OUT_OF_SCOPE = "out_of_scope"

_FILLED_IN = re.compile(r"\{(.*?)\}")


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
    texts: Texts
    communes: MappingProxyType[str, Commune]
    scam_signals: ScamSignals
    official_domains: OfficialDomains
    indicators: MappingProxyType[str, Indicator]
    lessons: MappingProxyType[str, Lesson]
    """The pocket lessons by their ids, in the order of the course."""

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
    phrases = collecting(_read_phrases, folder, groups)
    texts = collecting(read_texts, folder)
    scam_signals = collecting(read_scam_signals, folder, topics)
    official_domains = collecting(read_official_domains, folder)
    indicators = collecting(read_indicators, folder) or {}
    lessons = collecting(read_lessons, folder, topics) or {}
    communes = [collecting(_read_commune, file, folder, indicators) for file in _files(folder / "communes", "*.yml")]
    articles = {}
    for file in _files(folder / "topics", "*/*.md"):
        shown_as = file.relative_to(folder.parent)
        article = collecting(read_article, file, shown_as)
        if article is not None:
            articles[article.id] = article
            if topics:  # without them every article would be blamed for the one broken file
                problems.extend(misplaced(article, file, shown_as, topics))
            if texts:
                problems.extend(audio.problems_of(article, file, shown_as, folder, texts.audio.languages))
    if not communes and not problems:
        problems.append(Problem(Path(folder.name, "communes"), 1, "chưa có hồ sơ xã nào"))
    if problems:
        raise ContentError(sorted(problems))
    return Library(
        MappingProxyType(topics),
        MappingProxyType({group: tuple(topic.id for topic in members) for group, members in groups.items()}),
        MappingProxyType(articles),
        phrases,
        texts,
        MappingProxyType({commune.slug: commune for commune in communes}),
        scam_signals,
        official_domains,
        MappingProxyType(indicators),
        MappingProxyType(lessons),
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
            newest = read_library(self._folder)
            if gone := self.current.communes.keys() - newest.communes.keys():  # somebody speaks in their name just now
                places = [Path(self._folder.name, "communes", f"{slug}.yml") for slug in sorted(gone)]
                raise ContentError([Problem(place, 1, "thiếu tệp này") for place in places])
        except ContentError as error:
            self.problems = error.problems
            log.error("content not taken over, the last good version stays in use:\n%s", error)
            return False
        self.current, self.problems = newest, []
        log.info("content reloaded: %d articles", len(self.current.articles))
        return True

    async def follow(self) -> AsyncIterator[bool]:
        """Reloads whenever a file changes, and yields the outcome each time."""
        async for _ in awatch(self._folder):
            yield self.reload()


def _files(folder: Path, pattern: str) -> list[Path]:
    """The files for us: hidden ones are an editor's own, there while somebody types."""
    return sorted(file for file in folder.glob(pattern) if not file.name.startswith("."))


def _read_topics(folder: Path) -> dict[str, list[Topic]]:
    mapping = _read_mapping(folder / "topics.yml", folder)
    try:
        groups = TypeAdapter(dict[str, list[Topic]]).validate_python(mapping.values)
    except ValidationError as error:
        raise ContentError(mapping.problems(error)) from None
    problems = []
    known = set[str]()
    for group, topics in groups.items():
        for number, topic in enumerate(topics):
            if topic.id in known:
                line = mapping.line_of(group, number)
                problems.append(Problem(mapping.shown_as, line, f"{topic.id} có hai lần"))
            known.add(topic.id)
    if problems:
        raise ContentError(problems)
    return groups


def _read_phrases(folder: Path, groups: dict[str, list[Topic]]) -> Phrases:
    mapping = _read_mapping(folder / "phrases.yml", folder)
    try:
        phrases = Phrases.model_validate(mapping.values)
    except ValidationError as error:
        raise ContentError(mapping.problems(error)) from None
    small_talk = {topic.id for topic in groups.get(SMALL_TALK, [])}
    problems = [
        Problem(mapping.shown_as, mapping.line_of(key), f"{key}: còn thiếu {name}")
        for key, needed, there in (
            ("groups", groups.keys() - {SMALL_TALK}, phrases.groups),
            ("small_talk", small_talk, phrases.small_talk),
        )
        for name in sorted(needed - there.keys())
    ]
    if problems:
        raise ContentError(problems)
    return phrases


def _read_commune(file: Path, folder: Path, indicators: Mapping[str, Indicator]) -> Commune:
    mapping = _read_mapping(file, folder)
    try:
        commune = Commune.model_validate(mapping.values)
    except ValidationError as error:
        raise ContentError(mapping.problems(error)) from None
    if commune.slug != file.stem:
        reason = f"slug là {commune.slug} nhưng tệp tên là {file.name}"
        raise ContentError([Problem(mapping.shown_as, mapping.line_of("slug"), reason)])
    if commune.plan and indicators and (unknown := commune.plan.unknown_indicators(indicators)):
        reason = f"plan.targets: chỉ tiêu không có trong indicators.yml: {', '.join(unknown)}"
        raise ContentError([Problem(mapping.shown_as, mapping.line_of("plan", "targets"), reason)])
    return commune


def _read_mapping(file: Path, folder: Path) -> YamlMapping:
    shown_as = file.relative_to(folder.parent)
    return read_yaml(read_text(file, shown_as), shown_as)


def misplaced(article: Article, file: Path, shown_as: Path, topics: Mapping[str, Topic]) -> Iterator[Problem]:
    """What is wrong with a good article where it stands: its id, what it names, what it leaves to be filled in."""
    lines = read_text(file, shown_as).split("\n")

    def at(words: str) -> int:
        return next((number for number, line in enumerate(lines, start=1) if words in line), 1)

    place = f"{file.parent.name}.{file.stem}"
    if article.id != place:
        yield Problem(shown_as, at("id:"), f"id là {article.id} nhưng tệp nằm ở chỗ của {place}")
    if article.id not in topics:
        yield Problem(shown_as, at("id:"), f"id {article.id} không có trong topics.yml")
    for related in article.related:
        if related == article.id:
            yield Problem(shown_as, at("related:"), f"related: {related} là chính bài này")
        elif related not in topics:
            yield Problem(shown_as, at(related), f"related: {related} không có trong topics.yml")
    texts = [article.summary, *(section.text for section in article.sections)]
    for name in sorted({match for text in texts for match in _FILLED_IN.findall(text)} - PLACEHOLDERS):
        reason = f"{{{name}}} không phải là chỗ điền: {', '.join(sorted(PLACEHOLDERS))}"
        yield Problem(shown_as, at(f"{{{name}}}"), reason)
