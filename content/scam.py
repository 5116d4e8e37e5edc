"""What the scam check knows: signs of a scam with their reasons, and the web addresses that are official.

Patterns are regular expressions over text without diacritics, in small letters, in which every web address stands as
`<link>` or `<official>` and every hidden number as `<hidden>` (bot/citizen/scam_text.py). `{name}` in a pattern is an
entry of `words`. How the signs are weighed is the business of bot/citizen/scam_check.py.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, PrivateAttr, StringConstraints, ValidationError, model_validator

from content.article import ContentError, Problem, Strict, Text, YamlMapping, read_text, read_yaml

SIGNALS_FILE = "scam_signals.yml"
DOMAINS_FILE = "official_domains.yml"
EXAMPLES_FILE = "scam_examples.tsv"

M = TypeVar("M", bound=BaseModel)

_LABELS = {"scam": True, "honest": False, "story": None}

_WORD = re.compile(r"\{([a-z_]+)\}")

HostName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{3,}$")]
Weight = Annotated[int, Field(ge=1, le=10)]


class Explained(Strict):
    """A sign as a citizen is told of it. `weight` (1-10) adds up; `topic` is the article that it points to.

    `general`: many kinds of scam show it, so its topic counts only where no other sign names one.
    """

    name: Text
    reason: Text
    weight: Weight
    topic: str | None = None
    general: bool = False


class Signal(Explained):
    """A sign that shows in words.

    `unless` are patterns that explain it away when they stand in the same sentence. `denied`: "không", "đừng" before it
    takes it away. `in_warnings`: it counts even in a text that warns of scams.
    """

    patterns: Annotated[list[Text], Field(min_length=1)]
    unless: Annotated[list[Text], Field(default_factory=list)]
    denied: bool = True
    in_warnings: bool = False


class LinkSignals(Strict):
    """The signs that show in a web address or telephone number; the code finds them, the file explains them."""

    lookalike: Explained
    letters: Explained
    subdomain: Explained
    before_at: Explained
    ip_address: Explained
    apk: Explained
    shortener: Explained
    odd_ending: Explained
    lure: Explained
    free_page: Explained
    unknown: Explained
    foreign_number: Explained


@dataclass(frozen=True, slots=True)
class Example:
    """One row of scam_examples.tsv, from which the check learns how scams and honest texts sound.

    `is_scam` is None for a question that tells of a kind of scam: it teaches only which article fits.
    """

    text: str
    is_scam: bool | None
    topic: str | None


class Heard(Strict):
    """How the likeness to the examples counts: times `weight`, within the bounds; `sign` is what a citizen is told."""

    weight: float
    most: float
    least: float
    sign: Explained


class Limits(Strict):
    """Sums of weights from which a text is called so; with a sign of `grave` or more `suspicious_if_grave` is enough.

    Beside a sign of `hard` or more nothing honest is counted.
    """

    suspicious: Annotated[float, Field(ge=1, le=10)]
    suspicious_if_grave: Annotated[float, Field(ge=0, le=10)]
    grave: Weight
    scam: Annotated[float, Field(ge=1, le=20)]
    hard: Weight


class Honest(Strict):
    """What honest messages say, each with the weight that it takes off; it helps only where no hard sign is."""

    name: Text
    weight: Weight
    patterns: Annotated[list[Text], Field(min_length=1)]


class Warnings(Strict):
    """How a text shows that it warns of scams: one of `sure`, or two different ones of `signs`."""

    sure: list[Text]
    signs: list[Text]


class Emergency(Strict):
    """Words of somebody to whom it has happened already, and what in the same sentence says that it has not."""

    sign: Explained
    patterns: Annotated[list[Text], Field(min_length=1)]
    unless: list[Text]


class ToCheck(Strict):
    """How to tell a thing to be checked from a question: pasted messages, reports of others' words, plain questions."""

    pasted: list[Text]
    reported: list[Text]
    asked: list[Text]
    own_words: list[Text]
    questions: list[Text]


class Level(Strict):
    """What is said of a text with this verdict, and what to do now."""

    title: Text
    advice: Text


class Levels(Strict):
    """The three verdicts. None of them ever says that something is safe."""

    scam: Level
    suspicious: Level
    none: Level

    def of(self, verdict: str) -> Level:
        """What is said for a verdict: scam, suspicious or none."""
        return {"scam": self.scam, "suspicious": self.suspicious, "none": self.none}[verdict]


class ScamSignals(Strict):
    """The whole of scam_signals.yml."""

    levels: Levels
    limits: Limits
    words: dict[str, Text]
    denials: Annotated[list[Text], Field(min_length=1)]
    signals: dict[str, dict[str, Signal]]
    links: LinkSignals
    wording: Heard
    honest: list[Honest]
    warnings: Warnings
    emergency: Emergency
    to_check: ToCheck

    _compiled: dict[str, re.Pattern[str]] = PrivateAttr(default_factory=dict)
    _examples: tuple[Example, ...] = PrivateAttr(default=())

    @property
    def examples(self) -> tuple[Example, ...]:
        """What scam_examples.tsv holds."""
        return self._examples

    def compile(self, patterns: Iterable[str]) -> re.Pattern[str] | None:
        """One expression that finds any of the patterns; None for no patterns."""
        alternatives = "|".join(f"(?:{self._filled_in(pattern)})" for pattern in patterns)
        if not alternatives:
            return None
        if alternatives not in self._compiled:
            self._compiled[alternatives] = re.compile(alternatives, re.MULTILINE)
        return self._compiled[alternatives]

    def topics(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every topic that is pointed to, with its place in the file."""
        for group, signals in self.signals.items():
            for key, signal in signals.items():
                if signal.topic:
                    yield ("signals", group, key), signal.topic
        for key in LinkSignals.model_fields:
            topic = getattr(self.links, key).topic
            if topic:
                yield ("links", key), topic

    def _filled_in(self, pattern: str) -> str:
        for _ in range(4):  # words may be made of words
            pattern = _WORD.sub(lambda match: f"(?:{self.words[match[1]]})", pattern)
        return pattern

    @model_validator(mode="after")
    def _patterns_can_be_used(self) -> ScamSignals:
        for place, pattern in _patterns("", self):
            try:
                re.compile(self._filled_in(pattern))
            except KeyError as error:
                raise ValueError(f"{place}: {{{error.args[0]}}} không có trong words") from None
            except re.error as error:
                raise ValueError(f"{place}: mẫu {pattern} sai: {error}") from None
        return self


class Owner(Strict):
    """Who stands behind web addresses. `names` are what look-alikes of them use: vneid, vietcombank."""

    owner: Text
    domains: Annotated[list[HostName], Field(min_length=1)]
    names: Annotated[list[Name], Field(default_factory=list)]


class OfficialDomains(Strict):
    """The whole of official_domains.yml. An address under an official domain is official too."""

    official: list[Owner]
    known: list[HostName]
    """Well-known sites: neither official nor suspicious."""
    free_pages: list[HostName]
    """Under these anybody can put up a page or a form within minutes."""
    shorteners: list[HostName]
    endings: list[Name | Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]]
    """Endings by which a web address is recognised in a text."""
    odd_endings: list[Name | Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]]
    """Cheap endings that scammers like; they count as endings too."""
    lures: list[Name]

    def owner_of(self, host: str) -> str | None:
        """Who owns a host, when it is official."""
        return next((entry.owner for entry in self.official if is_under(host, entry.domains)), None)


def is_under(host: str, domains: Iterable[str]) -> bool:
    """Whether a host is one of the domains or below one."""
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def read_scam_signals(folder: Path, topics: Iterable[str]) -> ScamSignals:
    """Reads scam_signals.yml; every topic it names must be one of `topics` (none given: not checked).

    Raises:
        ContentError: with every problem found.
    """
    mapping = _read_mapping(folder, SIGNALS_FILE)
    signals = _validated(ScamSignals, mapping)
    known = set(topics)
    problems = [
        Problem(mapping.shown_as, mapping.line_of(*place), f"{'.'.join(place)}: {topic} không có trong topics.yml")
        for place, topic in signals.topics()
        if known and topic not in known
    ]
    signals._examples, more = _read_examples(folder, known)
    if problems := [*problems, *more]:
        raise ContentError(problems)
    return signals


def _read_examples(folder: Path, known: set[str]) -> tuple[tuple[Example, ...], list[Problem]]:
    shown_as = Path(folder.name, EXAMPLES_FILE)
    lines = read_text(folder / EXAMPLES_FILE, shown_as).splitlines()
    examples, problems = [], []
    for number, row in enumerate(csv.reader(lines[1:], delimiter="\t", quoting=csv.QUOTE_NONE), 2):
        if len(row) != 3 or row[0] not in _LABELS or not row[2].strip():
            problems.append(Problem(shown_as, number, "mỗi dòng cần ba cột: label (scam, honest, story), topic, text"))
        elif known and row[1] and row[1] not in known:
            problems.append(Problem(shown_as, number, f"{row[1]} không có trong topics.yml"))
        else:
            examples.append(Example(row[2], _LABELS[row[0]], row[1] or None))
    return tuple(examples), problems


def read_official_domains(folder: Path) -> OfficialDomains:
    """Reads official_domains.yml.

    Raises:
        ContentError: with every problem found.
    """
    return _validated(OfficialDomains, _read_mapping(folder, DOMAINS_FILE))


def _read_mapping(folder: Path, name: str) -> YamlMapping:
    shown_as = Path(folder.name, name)
    return read_yaml(read_text(folder / name, shown_as), shown_as)


def _validated(model: type[M], mapping: YamlMapping) -> M:
    try:
        return model.model_validate(mapping.values)
    except ValidationError as error:
        raise ContentError(mapping.problems(error)) from None


def _patterns(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every pattern below a value, with its place: they are what the lists of texts hold, and `words`."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _patterns(f"{place}.{name}".strip("."), getattr(value, name))
    elif isinstance(value, dict):
        for name, inner in value.items():
            if place == "words":
                yield f"words.{name}", inner
            else:
                yield from _patterns(f"{place}.{name}", inner)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                yield place, item
            else:
                yield from _patterns(place, item)
