"""Finds hamlets and households in a line. Hamlets are matched with the commune's; for households see `matching`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.team.quick_log.lexicon import (
    HOUSE,
    HOUSE_OF_TWO_WORDS,
    KIN,
    KIN_LETTERS,
    LONG_KIN,
    NO_HOUSE,
    NOT_IN_NAMES,
    ORDINAL_NAMES,
    PEOPLE_NOUNS,
    SURNAMES,
)
from bot.team.quick_log.numbers import number_at
from bot.team.quick_log.visit import KnownPlaces
from bot.team.quick_log.words import Phrases, Token, Words, bare

HAMLET_WORDS = Words("ấp thôn xóm bản buôn làng khóm khu sóc plei phum ap")
_SHORT_HAMLET_WORDS = {"a": "ấp", "x": "xóm", "t": "thôn", "th": "thôn", "b": "bản"}
_NOT_ONE_HAMLET = Words("trưởng họp các trong từng toàn mọi cả mỗi khắp liên ngoài già văn")
_NUMBER_WORD = Words("số")
SHORTEST_NAME_ALONE = 6
"""Letters of a hamlet's name that is recognised without the hamlet word before it."""
LONGEST_NAME = 4
LONGEST_SMALL_NAME = 2
"""Words of a name typed in small letters: what follows is more likely something else."""
_SEXES = Words("văn thị đình hữu")


@dataclass(frozen=True, slots=True)
class HamletMark:
    """A hamlet in a line: its name on record, or as written where the commune knows none like it."""

    start: int
    end: int
    name: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class HouseholdMark:
    """A household in a line, as written and cleaned. `is_weak` where a person was named without a word for house."""

    start: int
    end: int
    name: str
    is_weak: bool = False
    kin: str = ""


class HamletFinder:
    """Knows one commune's hamlets."""

    def __init__(self, places: KnownPlaces) -> None:
        self._word = places.word
        self._is_known_at_all = bool(places.hamlets)
        self._names = {self._key(name): name for name in places.hamlets}
        pairs = [(name, self._without_word(name)) for name in places.hamlets]
        self._by_name = Phrases.of(((name, own) for name, own in pairs if not own.isdecimal()), loose=True)
        long = [(name, own) for name, own in pairs if len(bare(own)) + ("'" in own) >= SHORTEST_NAME_ALONE]
        self._alone = Phrases.of(long, loose=True)

    def canonical(self, name: str) -> str:
        """The name on record for a name as somebody says it, or that name itself."""
        return self._names.get(self._key(name), name)

    def find(self, line: Sequence[Token]) -> list[HamletMark]:
        """The hamlets that a line names, in order."""
        found, place = [], 0
        while place < len(line):
            mark = self._at(line, place)
            if mark:
                found.append(mark)
            place = mark.end if mark else place + 1
        return found

    def _at(self, line: Sequence[Token], place: int) -> HamletMark | None:
        after = self._after_word(line, place)
        if after is not None:
            return self._named(line, place, after)
        alone = self._alone.at(line, place)
        return HamletMark(place, place + alone.length, alone.meaning, True) if alone else None

    def _after_word(self, line: Sequence[Token], place: int) -> int | None:
        """Where a hamlet's name must begin if its word, or a short form of it, stands at `place`."""
        token, following = line[place], line[place + 1 : place + 3]
        if not following:
            return None
        if token in HAMLET_WORDS and place and line[place - 1] in _NOT_ONE_HAMLET and not following[0].is_number:
            return None  # "họp ấp", "trưởng thôn", but "họp ấp 8"
        is_called = place > 0 and line[place - 1] in KIN and (following[0] in _SEXES or token.is_capitalised)
        if token in HAMLET_WORDS and is_called and not following[0].is_number:
            return None  # "ông Bàn Văn Tư"
        if token in HAMLET_WORDS:
            skip = 2 if following[0] in _NUMBER_WORD or following[0].text == "." else 1
            return place + skip if place + skip < len(line) else None
        if _SHORT_HAMLET_WORDS.get(token.low) != self._word:
            return None
        if following[0].is_number and token.end == following[0].start:
            is_times = place > 0 and line[place - 1].bare not in {
                "",
                "qua",
                "nay",
                "o",
                "tai",
                "den",
                "ghe",
                "hqua",
                "kia",
            }
            return None if is_times and token.low == "x" else place + 1
        if following[0].text == "." and len(following) > 1:
            return place + 2
        return None

    def _named(self, line: Sequence[Token], start: int, place: int) -> HamletMark | None:
        known = self._by_name.at(line, place)
        if known:
            return HamletMark(start, place + known.length, known.meaning, True)
        number = number_at(line, place)
        if number and not number.is_vague:
            name = f"{self._word} {number.value}"
            known_name = self._names.get(self._key(name))
            return HamletMark(
                start, place + number.length, known_name or name, bool(known_name) or not self._is_known_at_all
            )
        end = _name_end(line, place)
        if end == place or line[place] in HOUSE or line[place] in KIN:
            return None
        has_number = (
            end < len(line)
            and line[end].is_number
            and (end + 1 == len(line) or not line[end + 1].bare or line[end + 1] in HOUSE)
        )
        end += has_number  # "thôn Kon Đào 1"
        name = f"{self._word} {_written(line[place:end])}"
        return HamletMark(start, end, name, not self._is_known_at_all)

    def _without_word(self, name: str) -> str:
        first, _, rest = name.partition(" ")
        return rest if rest and bare(first) == bare(self._word) else name

    def _key(self, name: str) -> str:
        own = bare(self._without_word(name))
        return own.lstrip("0") or own


def households(line: Sequence[Token], busy: Sequence[bool], outcome_starts: frozenset[int]) -> list[HouseholdMark]:
    """The households that a line names, in order. `busy` tells which words are already a date or a hamlet."""
    found: list[HouseholdMark] = []
    place = 0
    while place < len(line):
        mark = None if busy[place] else _household_at(line, place, busy, outcome_starts)
        if mark:
            found.append(mark)
        place = mark.end if mark else place + 1
    strong = [mark for mark in found if not mark.is_weak]
    return strong or found


def _household_at(
    line: Sequence[Token], place: int, busy: Sequence[bool], outcome_starts: frozenset[int]
) -> HouseholdMark | None:
    if NO_HOUSE.at(line, place):
        return None
    two_words = HOUSE_OF_TWO_WORDS.at(line, place)
    is_house = bool(two_words) or line[place] in HOUSE
    if is_house and _is_a_file(line, place):
        return None
    start = place
    if is_house:
        place += two_words.length if two_words else 1
        while place < len(line) and line[place].bare in {"so", "co", "cua"} and _is_followed_by_number(line, place):
            place += 1
        if place < len(line) and line[place].text in {":", "."}:
            return None
        numbered = _numbered(line, start, place, busy)
        if numbered:
            return numbered
    elif line[place].bare == "so" and place + 1 < len(line) and line[place + 1].bare == "nha":
        return _numbered(line, start, place + 2, busy)
    elif place and not busy[place - 1] and (line[place - 1].is_number or _is_word_number_before(line, place)):
        return None
    return _called(line, start, place, busy, outcome_starts, is_weak=not is_house)


def _is_a_file(line: Sequence[Token], place: int) -> bool:
    """ "ho so" is hồ sơ where no number follows: hộ số 12."""
    following = line[place + 1] if place + 1 < len(line) else None
    is_file = line[place].bare == "ho" and following is not None and following.bare == "so"
    return is_file and not _is_followed_by_number(line, place + 1)


def _is_followed_by_number(line: Sequence[Token], place: int) -> bool:
    return place + 1 < len(line) and (line[place + 1].is_number or line[place + 1].bare == "so")


def _is_word_number_before(line: Sequence[Token], place: int) -> bool:
    number = number_at(line, place - 1)
    return bool(number and number.in_words and (line[place - 1].is_marked or number.value in (1, 2, 4)))


def _numbered(line: Sequence[Token], start: int, place: int, busy: Sequence[bool]) -> HouseholdMark | None:
    """ "hộ 12", "nhà 27", "số nhà 45"; "nhà 4 người" and "2 hộ" are no households."""
    if start and line[start - 1].bare in {"moi", "tung"}:
        return None  # "mỗi hộ 2 vneid"
    is_counted = start > 0 and line[start - 1].is_number and not busy[start - 1]
    if place >= len(line) or not line[place].is_number or (is_counted and line[start].bare != "ho"):
        return None
    following = line[place + 1] if place + 1 < len(line) else None
    if following is not None and following.is_word and PEOPLE_NOUNS.at(line, place + 1):
        is_attribute = following in HOUSE or following.bare in {"ngheo", "can"}  # "hộ 12 hộ nghèo"
        if (following not in KIN or line[start].bare == "nha") and not is_attribute:
            return None
    end = place + 1
    name = f"hộ {int(line[place].text)}"
    if (
        end < len(line)
        and line[end].is_word
        and line[end].end - line[end].start == 1
        and line[place].end == line[end].start
    ):
        name, end = name + line[end].text.upper(), end + 1  # "hộ 12a"
    return HouseholdMark(start, end, name)


def _called(
    line: Sequence[Token], start: int, place: int, busy: Sequence[bool], outcome_starts: frozenset[int], is_weak: bool
) -> HouseholdMark | None:
    if place >= len(line) or busy[place]:
        return None
    kin, name_at = _kin(line, place)
    if name_at >= len(line) or busy[name_at] or not (line[name_at].is_word or (kin and line[name_at].is_number)):
        return None
    first = line[name_at]
    is_highlander = first.text in {"A", "Y"} and _is_full_name(line, name_at)
    if is_weak and not is_highlander and (not kin or not _is_surely_a_name(line, name_at)):
        return None
    if not kin and (first in NOT_IN_NAMES or name_at in outcome_starts) and not _is_full_name(line, name_at):
        return None
    if kin and not _can_be_called(line, place, name_at):
        return None
    end = name_at + 1
    if not first.is_number or (end < len(line) and line[end].is_capitalised):
        end = _name_end(line, name_at, busy, outcome_starts)
    elif PEOPLE_NOUNS.at(line, end):
        return None
    has_marks = any(token.is_marked for token in (line if first.is_capitalised else line[place:name_at]))
    written = _written(line[name_at:end], may_be_ordinal=bool(kin) and not has_marks)  # "bác Nam" is not "bác Năm"
    return HouseholdMark(start, max(end, name_at + 1), f"{kin} {written}".strip(), is_weak, kin)


def _kin(line: Sequence[Token], place: int) -> tuple[str, int]:
    """The word of kinship at a place, with its diacritics, and where the name after it begins."""
    long = LONG_KIN.at(line, place)
    if long:
        return long.meaning, place + long.length
    token = line[place]
    following = line[place + 1] if place + 1 < len(line) else None
    if token.text in {"A", "Y"} and following is not None and following.is_capitalised:
        return "", place  # a name of the Xơ Đăng: A Thao, Y Blan
    if token.low in KIN_LETTERS and following is not None and (following.is_word or following.is_number):
        return KIN_LETTERS[token.low], place + 1 + (following.text == ".")
    if token in KIN:
        return _with_diacritics(token), place + 1
    return "", place


_KIN_SPELT = {
    bare(word): word
    for word in [
        "ông",
        "bác",
        "cô",
        "chú",
        "anh",
        "chị",
        "dì",
        "cậu",
        "mợ",
        "thím",
        "dượng",
        "cụ",
        "mụ",
        "bà",
        "em",
        "út",
        "thầy",
        "bé",
        "bố",
        "già",
        "má",
    ]
}


def _with_diacritics(token: Token) -> str:
    return token.low if token.is_marked else _KIN_SPELT.get(token.bare, token.low)


def _can_be_called(line: Sequence[Token], place: int, name_at: int) -> bool:
    """Whether a word of kinship has a name after it: "bà con", "cụ già" and "ông bà" have none."""
    noun = PEOPLE_NOUNS.at(line, place)
    first = line[name_at]
    if noun and noun.length > name_at - place and not first.is_capitalised:
        return False
    return first.is_number or first not in NOT_IN_NAMES or first.is_capitalised or _may_be_ordinal(first)


def _may_be_ordinal(token: Token) -> bool:
    return token.low in ORDINAL_NAMES or (not token.is_marked and token.bare in _ORDINALS)


_ORDINALS = {bare(word): name for word, name in ORDINAL_NAMES.items()}


def _is_surely_a_name(line: Sequence[Token], place: int) -> bool:
    return _may_be_ordinal(line[place]) or (line[place].is_capitalised and line[place].bare not in {"vneid", "zalo"})


def _is_full_name(line: Sequence[Token], place: int) -> bool:
    if line[place].text in {"A", "Y"} and place + 1 < len(line) and line[place + 1].is_capitalised:
        return True
    return (
        line[place] in SURNAMES
        and place + 1 < len(line)
        and (line[place].is_capitalised and line[place + 1].is_capitalised)
    )


def _name_end(
    line: Sequence[Token], place: int, busy: Sequence[bool] = (), outcome_starts: frozenset[int] = frozenset()
) -> int:
    """Where a name that begins at `place` ends: capitals go on with capitals; small letters with little."""
    first = line[place]
    if not first.is_word or (first in NOT_IN_NAMES and not first.is_capitalised and not _may_be_ordinal(first)):
        return place
    is_full = first in SURNAMES and (
        (len(line) > place + 1 and line[place + 1] in SURNAMES) or _has_middle(line, place)
    )
    longest = LONGEST_NAME if first.is_capitalised or is_full else LONGEST_SMALL_NAME
    end = place + 1
    while end < len(line) and end - place < longest:
        token = line[end]
        if not token.is_word or (busy and busy[end]) or (token.text.isupper() and len(token.text) > 2):
            break
        if first.is_capitalised and not token.is_capitalised:
            break
        if not token.is_capitalised or not first.is_capitalised:
            if token not in _SEXES and (token in NOT_IN_NAMES or end in outcome_starts):
                break
        elif (
            (end in outcome_starts and token.text.isupper()) or token in HAMLET_WORDS or token.bare in {"vneid", "zalo"}
        ):
            break
        end += 1
    return end


def _has_middle(line: Sequence[Token], place: int) -> bool:
    return place + 2 < len(line) and (line[place + 1] in _SEXES or line[place + 1] in SURNAMES)


def _written(words: Sequence[Token], may_be_ordinal: bool = False) -> str:
    """A name as it is shown: capitals, and the diacritics of a number that is a name ("bac nam" -> "bác Năm")."""
    shown = []
    for index, token in enumerate(words):
        if may_be_ordinal and index == 0 and not token.is_marked and token.bare in _ORDINALS:
            shown.append(_ORDINALS[token.bare])
        else:
            shown.append(token.text if token.is_capitalised and not token.text.isupper() else token.text.capitalize())
    return " ".join(shown)
