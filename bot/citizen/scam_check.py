"""Looks for signs of a scam in a message, link, number or description, and says how sure it is.

Pure: what it knows comes from content/scam_signals.yml and content/official_domains.yml. What is said to the citizen is
left to the desk. It never calls anything safe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.citizen.scam_links import Link, LinkJudge, foreign_numbers, pieces
from bot.citizen.scam_text import PlainText, clean, plain
from bot.citizen.scam_wording import Wording
from bot.masking import HIDDEN, mask
from content.scam import Example, Explained, OfficialDomains, ScamSignals, Signal

MESSAGE_WORDS = 6
"""A text of so many words that is a clear scam and holds no question is somebody else's message, pasted."""

SHORT_WORDS = 6
"""A telephone number with at most so many words beside it is meant to be checked."""

MOST_BY_SIGNS = 14.0
"""Signs beyond this sum prove nothing more: the wording still has its say."""

LEAST_BY_SIGNS = -4.0

TRICK = 4
"""A sign of this weight in an address or number stays, however honest the words around it sound."""

FEW_WORDS = 3

GENERAL_SHARE = 0.3
"""How much a sign that many kinds of scam show counts for its topic."""

TOPIC_FIT = 3.0
"""How much the wording counts beside the signs when the fitting article is chosen."""

_NUMBER = re.compile(r"(?:\+|\b0)\d[\d .\-]*" + re.escape(HIDDEN) + r"|(?:\+|\b0)\d(?:[ .\-]?\d){7,}")
_SENTENCE = re.compile(r"[.!?;\n]")


class Danger(StrEnum):
    """The three verdicts."""

    SCAM = "scam"
    SUSPICIOUS = "suspicious"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: its name and reason for a citizen, and the words of the message that show it."""

    name: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `signs` come heaviest first; `topic` is the scam article that fits best."""

    level: Danger
    signs: tuple[Sign, ...]
    topic: str | None

    def to_json(self) -> dict[str, object]:
        """As the command line prints it."""
        signs = [{"name": sign.name, "reason": sign.reason, "words": sign.words} for sign in self.signs]
        return {"verdict": self.level.value, "signs": signs, "topic": self.topic}


@dataclass(frozen=True, slots=True)
class _Found:
    explained: Explained
    words: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text as the checks read it."""

    plain: PlainText
    links: tuple[Link, ...]
    official: frozenset[Link]


class ScamCheck:
    """Checks texts against one version of the signals and domains.

    The tone is learnt from `examples`; by default from those of the signals.
    """

    def __init__(
        self, signals: ScamSignals, domains: OfficialDomains, examples: Iterable[Example] | None = None
    ) -> None:
        self._signals = signals
        self._judge = LinkJudge(domains)
        learnt = signals.examples if examples is None else examples
        self._wording = Wording((example, self._read(mask(example.text)).plain) for example in learnt)
        self._denials = signals.compile(signals.denials)
        self._by_words = tuple(
            (signal, signals.compile(signal.patterns), signals.compile(signal.unless))
            for group in signals.signals.values()
            for signal in group.values()
        )
        self._honest = tuple((entry, signals.compile(entry.patterns)) for entry in signals.honest)
        self._sure_warning = signals.compile(signals.warnings.sure)
        self._warning_signs = tuple(signals.compile([pattern]) for pattern in signals.warnings.signs)
        self._emergency = tuple(signals.compile([pattern]) for pattern in signals.emergency.patterns)
        self._no_emergency = signals.compile(signals.emergency.unless)
        self._pasted = signals.compile(signals.to_check.pasted)
        self._reported = signals.compile(signals.to_check.reported)
        self._asked = signals.compile(signals.to_check.asked)
        self._own_words = signals.compile(signals.to_check.own_words)
        self._questions = signals.compile(signals.to_check.questions)

    def check(self, text: str) -> Verdict:
        """The verdict on a text; any text will do, masked or not."""
        return self._verdict(self._read(text))

    def is_to_be_checked(self, text: str) -> bool:
        """Whether a citizen's message is something to check: a pasted message, a link, a number, or a report of a call.

        Ordinary questions, also those about scams in general, are not: articles answer them.
        """
        reading = self._read(text)
        words = len(re.findall(r"[a-z]+", re.sub(r"<\w+>", " ", reading.plain.text)))
        asked = _is_in(self._asked, reading.plain.text)
        if any(link not in reading.official for link in reading.links):
            return True
        if reading.links and asked:
            return True
        if self._is_number(text) and (words <= SHORT_WORDS or foreign_numbers(clean(text))):
            return True
        if _is_in(self._pasted, reading.plain.text):
            return True
        level = self._verdict(reading).level
        if level is Danger.NONE:
            return False
        if _is_in(self._reported, reading.plain.text):
            return asked or level is Danger.SCAM or not _is_in(self._questions, reading.plain.text)
        is_message = words >= MESSAGE_WORDS and not _is_in(self._own_words, reading.plain.text)
        return asked or (is_message and level is Danger.SCAM)

    def holds_link_or_number(self, text: str) -> bool:
        """Whether there is a link that is not official, or a telephone number from abroad: always worth a check."""
        reading = self._read(text)
        return any(link not in reading.official for link in reading.links) or bool(foreign_numbers(reading.plain.clean))

    def is_emergency(self, text: str) -> bool:
        """Whether it has happened already: money sent, code read out, app installed."""
        return bool(self.emergency_words(text))

    def emergency_words(self, text: str) -> tuple[str, ...]:
        """The words that show that it has happened already; empty when none do."""
        return self._emergency_words(self._read(text).plain)

    def _emergency_words(self, read: PlainText) -> tuple[str, ...]:
        found = []
        for pattern in self._emergency:
            for match in pattern.finditer(read.text) if pattern else ():
                start, end = _clause(read.text, match.start(), match.end())
                if not _is_in(self._no_emergency, read.text[start:end]):
                    found.append(read.words(match.start(), match.end()))
        return tuple(dict.fromkeys(found))

    def _read(self, text: str) -> _Reading:
        cleaned = clean(text)
        links = self._judge.find(cleaned)
        official = {link for link in links if self._judge.is_official(link)}
        return _Reading(plain(cleaned, pieces(links, official)), links, frozenset(official))

    def _verdict(self, reading: _Reading) -> Verdict:
        limits = self._signals.limits
        in_links = [*self._in_links(reading)]
        found = [*self._happened(reading), *in_links, *self._in_words(reading)]
        weight = float(sum(sign.explained.weight for sign in found))
        if all(sign.explained.weight < limits.hard for sign in found):
            weight -= sum(entry.weight for entry, pattern in self._honest if _is_in(pattern, reading.plain.text))
        tone = self._tone(reading)
        if any(sign.explained.weight >= TRICK for sign in in_links):
            tone = max(0.0, tone)
        if tone >= 1 and (words := self._wording.telling_words(reading.plain)):
            found.append(_Found(self._signals.wording.sign, words))
        weight = max(LEAST_BY_SIGNS, min(MOST_BY_SIGNS, weight)) + tone
        is_grave = any(sign.explained.weight >= limits.grave for sign in found)
        if not found or weight < (limits.suspicious_if_grave if is_grave else limits.suspicious):
            return Verdict(Danger.NONE, (), None)
        found.sort(key=lambda sign: -sign.explained.weight)
        return Verdict(
            Danger.SCAM if weight >= limits.scam else Danger.SUSPICIOUS,
            tuple(Sign(sign.explained.name, sign.explained.reason, sign.words) for sign in found),
            self._topic(found, reading),
        )

    def _tone(self, reading: _Reading) -> float:
        """What the wording adds to the signs, or takes away. A lone link or number sounds like nothing."""
        if len(re.findall(r"(?<!<)\b[a-z]{2,}", reading.plain.text)) < FEW_WORDS:
            return 0.0
        heard = self._signals.wording
        most = 0.0 if self._warns(reading.plain.text) else heard.most
        return max(heard.least, min(most, heard.weight * self._wording.likeness(reading.plain)))

    def _topic(self, found: list[_Found], reading: _Reading) -> str | None:
        """The kind of scam that the signs and the wording together point to; for who has paid already, the way out."""
        happened = self._signals.emergency.sign
        if any(sign.explained is happened for sign in found):
            return happened.topic
        weights: dict[str, float] = {}
        for it in (sign.explained for sign in found if sign.explained.topic):
            share = GENERAL_SHARE if it.general else 1.0
            weights[it.topic or ""] = weights.get(it.topic or "", 0.0) + share * it.weight
        fits = self._wording.topics(reading.plain)
        worst = min(fits.values(), default=0.0)
        totals = {topic: weights.get(topic, 0.0) + TOPIC_FIT * fits.get(topic, worst) for topic in {**fits, **weights}}
        return max(totals, key=lambda topic: totals[topic], default=None)

    def _happened(self, reading: _Reading) -> Iterator[_Found]:
        if words := self._emergency_words(reading.plain):
            yield _Found(self._signals.emergency.sign, words[0])

    def _in_links(self, reading: _Reading) -> Iterator[_Found]:
        told = set[str]()
        for link in reading.links:
            for trick in self._judge.tricks(link):
                if trick not in told:
                    told.add(trick)
                    yield _Found(getattr(self._signals.links, trick), link.shown)
        cleaned = reading.plain.clean
        for start, end in () if self._warns(reading.plain.text) else foreign_numbers(cleaned)[:1]:
            yield _Found(self._signals.links.foreign_number, cleaned[start:end])

    def _in_words(self, reading: _Reading) -> Iterator[_Found]:
        text = reading.plain.text
        warns = self._warns(text)
        for signal, pattern, unless in self._by_words:
            if warns and not signal.in_warnings:
                continue
            for match in pattern.finditer(text) if pattern else ():
                if self._counts(signal, unless, text, match):
                    yield _Found(signal, reading.plain.words(match.start(), match.end()))
                    break

    def _counts(self, signal: Signal, unless: re.Pattern[str] | None, text: str, match: re.Match[str]) -> bool:
        if signal.denied and _is_in(self._denials, text[max(0, match.start() - 60) : match.start()]):
            return False
        start, end = _sentence(text, match.start(), match.end())
        return not _is_in(unless, text[start:end])

    def _warns(self, text: str) -> bool:
        if _is_in(self._sure_warning, text):
            return True
        return sum(_is_in(pattern, text) for pattern in self._warning_signs) >= 2

    @staticmethod
    def _is_number(text: str) -> bool:
        return bool(_NUMBER.search(text))


class ScamChecks:
    """Gives the check for the present signs: made anew only when they change, for learning takes a second or two."""

    def __init__(self) -> None:
        self._last: tuple[ScamSignals, OfficialDomains, ScamCheck] | None = None

    def of(self, signals: ScamSignals, domains: OfficialDomains) -> ScamCheck:
        """The check for these signs and domains."""
        if self._last is None or (self._last[0], self._last[1]) != (signals, domains):
            self._last = (signals, domains, ScamCheck(signals, domains))
        return self._last[2]


SCAM_CHECKS = ScamChecks()
"""Shared by all desks of the process: an article that changes costs no learning."""


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence or sentences around a stretch."""
    before = max((match.end() for match in _SENTENCE.finditer(text, 0, start)), default=0)
    after = _SENTENCE.search(text, end)
    return before, after.start() if after else len(text)


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Like a sentence, but a comma ends it too: "chưa chuyển, nhưng đã đọc mã" tells of two things."""
    before = max((text.rfind(mark, 0, start) for mark in ".!?;\n,"), default=-1) + 1
    after = _SENTENCE.search(text, end)
    return before, after.start() if after else len(text)


def _is_in(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None
