"""Cuts a line into words and compares them as people write them: with or without diacritics, glued, with one slip."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.citizen.spelling import strip_diacritics
from bot.masking import HIDDEN

_TOKEN = re.compile(
    rf"{re.escape(HIDDEN)}"
    r"|\d{1,2}[:hg]\d{2}(?!\d)|\d{1,2}h(?!\w)"  # times of day
    r"|\d{1,2}-\d{1,2}-\d{2,4}|\d{4}-\d\d-\d\d|\d+(?:[./]\d+)+|\d+"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*|\S"
)
_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_MARK_ON_SECOND = re.compile(rf"(?<![qg])([ou])([aey])([{_TONE_MARKS}])(?![a-z\u0300-\u036f])")
_NO_LETTER = re.compile(r"[\W_]")

LONGEST_PHRASE = 6
SHORTEST_WITH_A_SLIP = 7
"""Letters from which a phrase is recognised with one slip: shorter ones would become other words."""
EXACTLY = "!"
"""Before a phrase that counts only with its own diacritics: "cố" without them is mostly có."""
SHORT = 4
"""Letters up to which diacritics, where they are written, must be the right ones: "ví" is no "vì"."""


def lower(text: str) -> str:
    """Small letters, the tone mark where the older of the two school conventions puts it ("hoà" -> "hòa")."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", _MARK_ON_SECOND.sub(r"\1\3\2", decomposed))


def bare(text: str) -> str:
    """For comparing: small letters and digits, without diacritics, spaces and marks."""
    return _NO_LETTER.sub("", strip_diacritics(lower(text)))


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark: in small letters (`low`), also without apostrophes (`spelt`) and diacritics (`bare`)."""

    text: str
    low: str
    spelt: str
    bare: str
    start: int
    end: int
    is_marked: bool
    """Whether it was written with diacritics."""

    @property
    def is_number(self) -> bool:
        return self.text.isdecimal()

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()

    @property
    def is_capitalised(self) -> bool:
        return self.text[0].isupper()


def tokens(line: str) -> tuple[Token, ...]:
    """The words, numbers and marks of a line in order; "ap3" and "2ng" come apart."""
    return tuple(_token(match) for match in _TOKEN.finditer(line.replace("’", "'")))


def _token(match: re.Match[str]) -> Token:
    low = lower(match[0])
    spelt = _NO_LETTER.sub("", low)
    return Token(
        match[0], low, spelt, strip_diacritics(spelt), match.start(), match.end(), low != strip_diacritics(low)
    )


class Words:
    """A set of single words. Diacritics may be left out, but those that are written must be right."""

    def __init__(self, words: str) -> None:
        self._low = frozenset(lower(word) for word in words.split())
        self._bare = frozenset(bare(word) for word in self._low) - {""}

    def __contains__(self, token: Token) -> bool:
        return token.low in self._low or (not token.is_marked and token.bare in self._bare)


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found in a line: what it means and how many words it takes."""

    meaning: str
    length: int


@dataclass(slots=True)
class Phrases:
    """Finds the longest of many phrases at a place, whatever the spaces and diacritics; long ones with one slip."""

    meanings: dict[str, str] = field(default_factory=dict)
    _spelt: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _less: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _exact: dict[str, str] = field(default_factory=dict)
    _is_loose: bool = False

    @classmethod
    def of(cls, lists: Iterable[tuple[str, str]], slips: bool = True, loose: bool = False) -> Phrases:
        """From pairs of a meaning and its phrases, separated by commas. Long loose ones may have wrong diacritics."""
        self = cls(_is_loose=loose)
        for meaning, phrases in lists:
            for phrase in phrases.split(","):
                self._add(phrase, meaning, slips)
        return self

    def _add(self, phrase: str, meaning: str, slips: bool) -> None:
        if phrase.startswith(EXACTLY):
            self._exact[_NO_LETTER.sub("", lower(phrase))] = meaning
            return
        letters = bare(phrase)
        self.meanings.setdefault(letters, meaning)
        self._spelt[letters].add(_NO_LETTER.sub("", lower(phrase)))
        # With a number in it, one slip would make another thing of it: "mức 1" is not "mức 2".
        if slips and len(letters) >= SHORTEST_WITH_A_SLIP and letters.isalpha():
            for shorter in _one_less(letters):
                self._less[shorter].add(letters)

    def at(self, line: Sequence[Token], place: int) -> Found | None:
        """The longest phrase that begins at a place of the line."""
        windows = list(_windows(line, place))
        for length, letters, spelling in reversed(windows):
            if spelling in self._exact:
                return Found(self._exact[spelling], length)
            if letters in self.meanings and self._is_spelt_so(letters, spelling):
                return Found(self.meanings[letters], length)
        for length, letters, _ in reversed(windows):
            slipped = self._with_a_slip(letters)
            # A short first word must be right: "Tu vneid" is no "tk vneid".
            is_same_start = slipped and (len(line[place].bare) > 2 or slipped.startswith(line[place].bare))
            if slipped and is_same_start:
                return Found(self.meanings[slipped], length)
        return None

    def _is_spelt_so(self, letters: str, spelling: str) -> bool:
        if spelling == letters or (self._is_loose and len(letters) > SHORT):
            return True
        return any(_leaves_out_only(spelling, known) for known in self._spelt[letters])

    def _with_a_slip(self, letters: str) -> str | None:
        if not self._less or len(letters) < SHORTEST_WITH_A_SLIP - 1 or not letters.isalpha():
            return None
        near = set(self._less.get(letters, ()))
        for shorter in _one_less(letters):
            near |= self._less.get(shorter, set())
            if shorter in self.meanings and len(shorter) >= SHORTEST_WITH_A_SLIP:
                near.add(shorter)
        return min((known for known in near if known[0] == letters[0] and is_one_slip(known, letters)), default=None)


def _windows(line: Sequence[Token], place: int) -> Iterator[tuple[int, str, str]]:
    letters = spelling = ""
    for length, token in enumerate(line[place : place + LONGEST_PHRASE], start=1):
        if not token.bare or token.text == HIDDEN:
            return
        letters += token.bare
        spelling += token.spelt
        yield length, letters, spelling


def _leaves_out_only(spelling: str, known: str) -> bool:
    """Whether every diacritic that was written is the right one."""
    return all(one == other or one == strip_diacritics(other) for one, other in zip(spelling, known, strict=False))


def _one_less(letters: str) -> Iterator[str]:
    return (letters[:i] + letters[i + 1 :] for i in range(len(letters)))


def is_one_slip(first: str, second: str) -> bool:
    """Whether two words are the same but for one letter more, less or other, or two neighbours changed over."""
    if first == second:
        return True
    if abs(len(first) - len(second)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second)))
    if len(first) == len(second):
        swapped = first[at : at + 2] == second[at : at + 2][::-1] and first[at + 2 :] == second[at + 2 :]
        return swapped or first[at + 1 :] == second[at + 1 :]
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    return longer[at + 1 :] == shorter[at:]
