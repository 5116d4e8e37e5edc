"""Finds what a line says of people and outcomes: counts, groups without a number, what was achieved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.team.quick_log.lexicon import (
    CHILD,
    DISABLED,
    ELDER,
    ETHNIC,
    EVERYONE,
    PEOPLE_NOUNS,
    PEOPLES,
    PEOPLES_OF_TWO_WORDS,
    PERSON,
    POOR,
)
from bot.team.quick_log.numbers import Number, number_at
from bot.team.quick_log.words import Phrases, Token, Words

OLD_AGE = 60
"""Years from which somebody is an elderly person (Luật Người cao tuổi 2009, Điều 2)."""

GROWN_UP = 16
"""Years from which somebody is no child any more (Luật Trẻ em 2016, Điều 1)."""

_SHARE = re.compile(r"(\d{1,3})/(\d{1,3})")
_NOT_PEOPLE_AFTER = Words(
    "giờ h phút tiếng % tháng năm tuần ngày hôm bữa lần buổi nhà hộ ấp thôn xóm km cây mét k triệu nghìn ngàn "
    "đồng độ máy "
    "điện điểm mục tổ lớp gđ gia chiếc lít phòng đợt giấy thẻ"
)
_NAMES_A_NUMBER = Words(
    "mức tổ số lớp đội cấp quý khu khối điều nq qđ kh đợt lần thứ tháng năm tuổi phường quận ngõ ngách sn"
)
_AGE = Words("tuổi t")
_PERHAPS_CLASSIFIER = Words("cái cháu đứa con vị cặp đôi")
_LINKS = Words(
    "trên từ hơn là bị thuộc diện người ng toàn bộ đều dân tộc hộ dtts bà con thì đồng bào già đều tuổi cao lớn"
)
_TRIGGERS = Words("cho chỉ bày dạy giúp với và cùng dẫn trợ cả gồm đỡ kèm")
_UNNUMBERED = Phrases.of(
    (
        ("1elderly", "!già,!cố,cụ,cụ ông,cụ bà,ông cụ,bà cụ,người già,cụ già,ông già,bà già,bà lão,ông lão"),
        ("2elderly", "ông bà,hai ông bà,ông bà già,ông bà cụ"),
        ("2adult", "vợ chồng,2 vợ chồng,ba mẹ,bố mẹ,cha mẹ,ba má,cô chú"),
        (
            "1adult",
            "cô,chú,bác,anh,chị,ông,bà,dì,o,mụ,mệ,dượng,thím,cậu,mợ,mẹ,má,bố,ba,cha,vợ,chồng,con dâu,con trai,"
            "con gái,con rể,"
            "chị con dâu,ổng,bả,em,bác gái,bác trai,con,chồng chị,mẹ chị,mẹ anh,con dì,con cô,con chú,con bác,"
            "già làng",
        ),
        ("0adult", "con cháu,bà con,anh em mình,chị em mình,em mình"),
        ("1child", "cháu,cháu nhỏ,em nhỏ,bé,cháu bé,em bé"),
    ),
    slips=False,
)
_ALWAYS = frozenset({"1elderly", "2elderly", "2adult"})
_FOLK = Words("con")


@dataclass(frozen=True, slots=True)
class OutcomeMark:
    """Something achieved, by its code in lexicon.OUTCOME_PHRASES."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class CountMark:
    """A number of people, or a bare number (`kind` ""). `of` is the whole in "3/4 người".

    `noun` tells apart those who are counted; `groups` are their groups; `is_said` is False where a person is named
    without a number ("cho cô").
    """

    start: int
    end: int
    value: int
    kind: str = ""
    noun: str = ""
    groups: tuple[str, ...] = ()
    of: int | None = None
    is_said: bool = True
    is_vague: bool = False
    is_total: bool = False
    is_negative: bool = False


@dataclass(frozen=True, slots=True)
class GroupMark:
    """A group named without a number ("người Mông", "hộ nghèo"): everybody, or one person where it is a disability."""

    start: int
    end: int
    group: str


@dataclass(frozen=True, slots=True)
class EveryoneMark:
    """ "mỗi người", "đều", "cả nhà"."""

    start: int
    end: int


def _one_noun(noun: str) -> str:
    """Old people are called in many ways; "2 cụ cao tuổi" and "2 cụ" are the same two."""
    return "cu" if noun in _OLD else noun


_OLD = frozenset(
    {"nguoi gia", "nguoi cao tuoi", "nct", "cu gia", "cu cao tuoi", "cao tuoi", "nguoi lon tuoi", "gia", "ng cao tuoi"}
)


class CountFinder:
    """Reads the counts and groups of one line. `busy` tells which words already mean something else."""

    def __init__(self, line: Sequence[Token], busy: Sequence[bool], reached: Sequence[OutcomeMark]) -> None:
        self._line, self._busy = line, busy
        self._outcome_starts = frozenset(mark.start for mark in reached)
        self._outcome_ends = frozenset(mark.end for mark in reached)

    def find(self) -> list[CountMark | GroupMark | EveryoneMark]:
        """In order; no two overlap."""
        found: list[CountMark | GroupMark | EveryoneMark] = []
        place = 0
        while place < len(self._line):
            mark = None if self._busy[place] else self._at(place)
            if mark:
                found.append(mark)
            place = mark.end if mark else place + 1
        return found

    def _at(self, place: int) -> CountMark | GroupMark | EveryoneMark | None:
        return (
            self._share(place)
            or self._counted(place)
            or self._everyone(place)
            or self._unnumbered(place)
            or self._age(place)
            or self._group(place)
        )

    def _token(self, place: int) -> Token | None:
        return self._line[place] if 0 <= place < len(self._line) and not self._busy[place] else None

    def _share(self, place: int) -> CountMark | None:
        """ "3/4 người", "3 trong 5 người", "3 trên tổng số 5 người"."""
        match = _SHARE.fullmatch(self._line[place].text)
        if match and int(match[1]) <= int(match[2]):
            noun = PEOPLE_NOUNS.at(self._line, place + 1) if place + 1 < len(self._line) else None
            end = place + 1 + (noun.length if noun else 0)
            return CountMark(place, end, int(match[1]), PERSON, "người", of=int(match[2]))
        first = number_at(self._line, place)
        at = place + first.length if first else 0
        if not first or at >= len(self._line) or self._line[at].bare not in {"trong", "tren"}:
            return None
        at += 1
        while at < len(self._line) and self._line[at].bare in {"tong", "so"}:
            at += 1
        whole = number_at(self._line, at) if at < len(self._line) else None
        noun = PEOPLE_NOUNS.at(self._line, at + whole.length) if whole and at + whole.length < len(self._line) else None
        if not whole or not noun or whole.value < first.value:
            return None
        return CountMark(place, at + whole.length + noun.length, first.value, PERSON, "người", of=whole.value)

    def _counted(self, place: int) -> CountMark | None:
        line = self._line
        if line[place].text == "-" and place + 1 < len(line) and self._is_negative(place):
            number = number_at(line, place + 1)
            mark = self._counted(place + 1) if number else None
            end = mark.end if mark else place + 2
            return CountMark(place, end, 0, PERSON, "người", is_negative=True)
        number = number_at(line, place)
        if not number:
            return None
        after = place + number.length
        before = self._token(place - 1)
        if before is not None and before in _NAMES_A_NUMBER and not number.in_words:
            return None
        noun = self._noun(after, number)
        if noun:
            return self._with_noun(place, after, number, *noun)
        return self._without_noun(place, after, number)

    def _is_negative(self, place: int) -> bool:
        minus, following = self._line[place], self._line[place + 1]
        before = self._line[place - 1] if place else None
        return following.is_number and minus.end == following.start and before is not None and before.end < minus.start

    def _noun(self, after: int, number: Number) -> tuple[str, int] | None:
        if after >= len(self._line) or self._busy[after]:
            return None
        noun = PEOPLE_NOUNS.at(self._line, after)
        if noun is None and self._line[after] in _PERHAPS_CLASSIFIER and after + 1 < len(self._line):
            noun = PEOPLE_NOUNS.at(self._line, after + 1)
            return (noun.meaning, noun.length + 1) if noun else None
        if noun is None:
            return self._people_at(after)
        if number.in_words and number.value == 3 and self._line[after - 1].low == "ba":
            if self._line[after].bare in {"me", "ma"} and noun.length == 1:
                return None  # father and mother, not three mothers
            # "ba cu" typed without diacritics is bà cụ, "ba con" is bà con.
            if not self._line[after].is_marked and self._line[after].bare in {"cu", "con", "lao", "gia"}:
                return None
        if self._line[after - 1].low == "bay" and self._line[after].bare != "nguoi" and noun.meaning != PERSON:
            return None  # bày, "to show", more likely than bảy, "seven"
        if after in self._outcome_starts and noun.length == 1 and self._line[after].bare in {"dan"}:
            return None
        if noun.meaning == DISABLED and self._says_illiterate(after):
            return PERSON, noun.length
        return noun.meaning, noun.length

    def _people_at(self, place: int) -> tuple[str, int] | None:
        if place >= len(self._line):
            return None
        two = PEOPLES_OF_TWO_WORDS.at(self._line, place)
        if two:
            return ETHNIC, two.length
        is_mother = self._line[place].bare == "ma" and not self._line[place].is_capitalised  # "ba mạ con"
        return (ETHNIC, 1) if self._line[place] in PEOPLES and not is_mother else None

    def _with_noun(self, place: int, after: int, number: Number, kind: str, length: int) -> CountMark:
        end = after + length
        noun = _one_noun(" ".join(token.bare for token in self._line[after:end]))
        groups = [kind] if kind in {ELDER, POOR, ETHNIC, DISABLED, CHILD} else []
        if noun in {"ba chau", "ong chau"}:
            groups.append("elderly_one")
        end = self._trailing_groups(end, groups)
        if noun == "vo chong" and ELDER in groups:
            noun = "ong ba"
        before = [token.bare for token in self._line[max(0, place - 3) : place]]
        is_total = noun in {"khau", "nhan khau", "thanh vien"} or before[-1:] in (["tong"],) or "tong" in before
        is_total |= before[-2:] in (["ca", "nha"], ["gia", "dinh"], ["nha", "co"], ["ho", "co"], ["tong", "so"])
        is_total |= before[-1:] == ["ca"]
        doubtful = number.is_vague
        return CountMark(
            place, end, number.value, kind, noun, tuple(dict.fromkeys(groups)), is_vague=doubtful, is_total=is_total
        )

    def _trailing_groups(self, end: int, groups: list[str]) -> int:
        """Reads on over "2 cụ già người Mông", "3 người nghèo"."""
        place = end
        while place < len(self._line) and place - end < LONGEST_LINK and not self._busy[place]:
            people = self._people_at(place)
            noun = PEOPLE_NOUNS.at(self._line, place)
            if people:
                groups.append(ETHNIC)
                place = end = place + people[1]
            elif (
                noun
                and noun.meaning in {POOR, ETHNIC, DISABLED, ELDER}
                and not self._starts_a_count(place + noun.length)
            ):
                if self._line[place].bare in {"ong", "ba", "cu", "ct"} and noun.length == 1:
                    break
                groups.append(noun.meaning)
                place = end = place + noun.length
            elif self._line[place].text == "(" or self._line[place] in _LINKS:
                place += 1
            elif (number := number_at(self._line, place)) and self._is_age(place, number):
                if number.value >= OLD_AGE:
                    groups.append(ELDER)
                place = end = place + number.length + 1
            else:
                break
        return end

    def _starts_a_count(self, place: int) -> bool:
        """ "người nghèo 1": the number after the group is its own."""
        token = self._token(place)
        return token is not None and token.is_number and self._noun(place + 1, Number(1, 1)) is None

    def _is_age(self, place: int, number: Number) -> bool:
        token = self._token(place + number.length)
        return token is not None and token.bare in {"tuoi", "t"} and (token.bare == "tuoi" or number.value >= OLD_AGE)

    def _without_noun(self, place: int, after: int, number: Number) -> CountMark | None:
        following = self._token(after)
        if self._is_age(place, number) or (
            following is not None and following in _NOT_PEOPLE_AFTER and following.bare != "nam"
        ):
            return None
        before = self._token(place - 1)
        if number.in_words and not (
            (
                before is not None
                and before.bare in {"ca", "duoc", "cho"}
                and (self._line[place].is_marked or number.value < 3)
            )
            or after in self._outcome_starts
            or (place in self._outcome_ends and (after == len(self._line) or not self._line[after].is_word))
        ):
            return None
        if number.in_words and not self._line[place].is_marked and number.value not in {1, 2, 10} and before is None:
            return None
        is_total = before is not None and before.bare == "ca"  # "cài cho cả 2"
        return CountMark(place, after, number.value, is_vague=number.is_vague, is_total=is_total)

    def _everyone(self, place: int) -> EveryoneMark | None:
        found = EVERYONE.at(self._line, place)
        return EveryoneMark(place, place + found.length) if found else None

    def _unnumbered(self, place: int) -> CountMark | None:
        found = _UNNUMBERED.at(self._line, place)
        if not found or found.meaning.startswith("0"):
            return None
        end = place + found.length
        before = self._line[place - 1] if place else None
        following = self._line[end] if end < len(self._line) else None
        if following is not None and following in _FOLK and self._line[end - 1].bare == "ba":
            return None
        begins = before is None or not before.bare
        # "bác trai vneid, bác gái ssk", "dì với dượng cài", "chú cài vneid, thím cài ssk"
        begins &= found.length > 1 or self._is_one_of_two(end) or self._did_it(end)
        is_triggered = begins or (
            before is not None and (before in _TRIGGERS or (self._busy[place - 1] and before.bare == "chi"))
        )
        if found.meaning not in _ALWAYS and not is_triggered:
            return None
        if found.meaning == "1elderly" and found.length == 1 and not is_triggered:
            return None
        noun = " ".join(token.bare for token in self._line[place:end])
        kind = found.meaning[1:]
        groups = [kind] if kind in {ELDER, CHILD} else []
        end = self._trailing_groups(end, groups)
        return CountMark(
            place,
            end,
            int(found.meaning[0]),
            kind,
            noun,
            tuple(dict.fromkeys(groups)),
            is_said=kind == ELDER or found.meaning[0] == "2",
        )

    def _is_one_of_two(self, end: int) -> bool:
        joined = end + 1 < len(self._line) and self._line[end].bare in {"voi", "va"}
        return joined and _UNNUMBERED.at(self._line, end + 1) is not None

    def _did_it(self, end: int) -> bool:
        """Whether who was named did what follows; a member who says "em cài" means the helper."""
        is_helper = self._line[end - 1].bare in {"em", "con", "chau"}
        does = end < len(self._line) and self._line[end].bare in {"cai", "lam", "mo", "kich", "tao", "ky", "dang"}
        return does and not is_helper and bool(self._outcome_starts & set(range(end, end + 3)))

    def _age(self, place: int) -> GroupMark | None:
        number = number_at(self._line, place)
        if not number or not self._is_age(place, number):
            return None
        group = ELDER if number.value >= OLD_AGE else CHILD if number.value < GROWN_UP else ""
        return GroupMark(place, place + number.length + 1, group)

    def _group(self, place: int) -> CountMark | GroupMark | None:
        people = self._people_at(place)
        noun = PEOPLE_NOUNS.at(self._line, place)
        if (
            noun
            and noun.meaning == DISABLED
            and self._line[place].bare in {"mu", "bi"}
            and self._says_illiterate(place)
        ):
            return None
        if people and not (noun and noun.length > people[1]):
            kind, length = people
        elif (noun and noun.meaning in {POOR, ETHNIC, DISABLED}) or (
            noun and noun.length > 1 and noun.meaning == ELDER
        ):
            kind, length = noun.meaning, noun.length
        else:
            return None
        end = place + length
        more = self._people_at(end)
        if kind == ETHNIC and more:  # "dân tộc Khmer"
            end += more[1]
        at = end + 1 if end < len(self._line) and self._line[end].text in {":", "="} else end
        if self._starts_a_count(at) and at not in self._outcome_starts:
            number = number_at(self._line, at)
            after = at + 1
            if number and not (after < len(self._line) and after in self._outcome_starts):
                return CountMark(place, after, number.value, kind, kind, (kind,))
        return GroupMark(place, end, kind)

    def _says_illiterate(self, place: int) -> bool:
        return any(token.bare == "chu" for token in self._line[place : place + 3])


LONGEST_LINK = 5
"""Words between a count and a group that still belongs to it."""
