"""From the counts and outcomes of one visit's sentence to its figures, as a careful clerk would add them up.

- Whose a number is: in "vneid cho 2 cụ" and "vneid 2" it follows its outcome, in "2 vneid" and "2 cụ cài vneid" it goes
  before. An outcome without a number shares the number of its neighbours ("vneid, tknh cho 2 người"), else it
  means everybody who was counted, else one person; the last is a guess and is asked about.
- People: a number said of everybody ("3 người", "4 khẩu") counts, and groups are among them; without one, different
  kinds of people are added up ("2 cụ, 1 chị"). They are at least as many as the largest outcome.
- Everybody is an adult but those called children.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.team.quick_log.lexicon import (
    ACTIVATION,
    ADULT,
    CHILD,
    DISABLED,
    ELDER,
    ETHNIC,
    LEVEL_1,
    OTHER,
    PERSON,
    POOR,
    UNCLEAR_SIGNATURE,
)
from bot.team.quick_log.marks import CountMark, EveryoneMark, GroupMark, OutcomeMark
from bot.team.quick_log.visit import OUTCOMES

Item = OutcomeMark | CountMark | GroupMark | EveryoneMark
GROUPS = (ELDER, POOR, ETHNIC, DISABLED)


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands between two commas. `is_undone` where it says that something was not reached ("chưa cài được").

    `says_why` where that may be meant of what stands before it as well ("cài vneid, máy yếu không cài được").
    `unmet` are the words of the line that say it, `lacking` the outcomes that they name; `items` has these no more.
    """

    items: tuple[Item, ...]
    is_undone: bool = False
    says_why: bool = False
    unmet: range | None = None
    lacking: frozenset[str] = frozenset()


@dataclass(slots=True)
class Tally:
    """The figures of one visit, and which of them were guessed."""

    people: int | None = None
    adults: int | None = None
    groups: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    guessed: tuple[str, ...] = ()
    """Outcomes whose number was not said."""
    is_vague: bool = False
    is_negative: bool = False
    has_unclear_signature: bool = False
    listed: int | None = None
    """How many were listed one by one, where that is more than were said to be there: "3 người: 2 cụ, 2 chị"."""


@dataclass(slots=True)
class _Reached:
    code: str
    clause: int
    count: CountMark | None = None
    value: int | None = None


def tally(clauses: Sequence[Clause], named_people: int = 0) -> Tally:
    """Adds up. `named_people` is 1 where a person was named as the one who was helped, without a number."""
    done = [clause for clause in clauses if not clause.is_undone]
    reached = [entry for number, clause in enumerate(done) for entry in _reached(clause, number)]
    reached = _sorted_out(reached)
    counts = [item for clause in done for item in clause.items if isinstance(item, CountMark)]
    groups = [item for clause in done for item in clause.items if isinstance(item, GroupMark)]
    everyone = {n for n, c in enumerate(done) if any(isinstance(item, EveryoneMark) for item in c.items)}
    used = {id(entry.count) for entry in reached if entry.count}

    result = Tally()
    result.is_vague = any(count.is_vague for count in counts)
    result.is_negative = any(count.is_negative for count in counts)
    result.has_unclear_signature = any(entry.code == UNCLEAR_SIGNATURE for entry in reached)

    children, people = _people(
        [count for count in counts if not count.is_negative], used, named_people if reached else 0
    )
    said = _said_before_all(counts, used)
    if said is not None:
        listed = _listed([count for count in counts if id(count) not in used])
        people, result.listed = said, listed if listed > said else None
    if not children and people:
        children = min(sum(mark.group == CHILD for mark in groups), people)
    _share_numbers(reached, done, people, everyone)
    guessed = []
    for entry in reached:
        if entry.code == LEVEL_1:
            people = max(people or 0, entry.value or 0)
            continue
        if entry.value is None:
            entry.value = people or 1
            if not people:
                guessed.append(entry.code)
        if not counts:
            guessed.append(entry.code)
        code = "digital_signature" if entry.code == UNCLEAR_SIGNATURE else entry.code
        result.outcomes[code] = max(result.outcomes.get(code, 0), entry.value)
    result.outcomes = {code: result.outcomes[code] for code in OUTCOMES if result.outcomes.get(code)}
    result.guessed = tuple(guessed)
    if _total(counts) is None and not _said_alone(done, used):
        people = max([people or 0, *result.outcomes.values()]) or None
    result.people = people
    if people is not None:
        result.adults = max(people - children, 0)
    result.groups = _groups(counts, groups, people)
    if people is None and result.groups:
        result.people = result.adults = max(result.groups.values())
    return result


def _said_alone(clauses: Sequence[Clause], used: Collection[int]) -> bool:
    """Whether people were counted apart from any outcome: "2 người, vneid 5" is then a contradiction to be shown."""
    return any(
        isinstance(item, CountMark) and item.kind == PERSON and id(item) not in used
        for clause in clauses
        for item in clause.items
    )


def _said_before_all(counts: Sequence[CountMark], used: Collection[int]) -> int | None:
    """How many people there were, if that is said before any are told apart: "3 người, 5 cụ" is a contradiction."""
    apart = [count for count in counts if count.kind and count.kind not in {PERSON, OTHER} and count.is_said]
    said = [count for count in counts if count.kind == PERSON and id(count) not in used and not _is_a_kind(count)]
    if not apart or not said or said[0].start > apart[0].start:
        return None
    people = max(count.of or count.value for count in said)
    return people if _total(counts) in {None, people} else None


def _is_a_kind(count: CountMark) -> bool:
    """ "anh chị", "cô bác": grown-ups beside others, not everybody."""
    return not count.noun.startswith(("nguoi", "ng", "nhan khau", "khau", "thanh", "luot", "ba con", "dan", "hoc"))


def _listed(counts: Sequence[CountMark]) -> int:
    """How many are told apart by who they are, groups that may hold others left out."""
    by_noun: dict[str, int] = {}
    for count in counts:
        if count.kind in {ELDER, ADULT, CHILD} and count.is_said:
            by_noun[count.noun] = max(by_noun.get(count.noun, 0), count.value)
    return sum(by_noun.values()) if len(by_noun) > 1 or CHILD in {count.kind for count in counts} else 0


def _reached(clause: Clause, number: int) -> list[_Reached]:
    """The outcomes of a clause, with the numbers that stand by them."""
    items = [item for item in clause.items if isinstance(item, OutcomeMark | CountMark) and not _is_a_share(item)]
    marks = [item for item in items if isinstance(item, OutcomeMark)]
    found = [_Reached(mark.code, number) for mark in marks]
    if not marks or len(marks) == len(items):
        return found
    goes_before = isinstance(items[0], CountMark) and isinstance(items[-1], OutcomeMark)
    for entry, mark in zip(found, marks, strict=True):
        at = items.index(mark)
        near = items[at::-1] if goes_before else items[at:]
        count = next((item for item in near if isinstance(item, CountMark)), None)
        if (
            count is None
            and not goes_before
            and at
            and isinstance(items[0], CountMark)
            and len(marks) == len(items) - 1
        ):
            count = items[0]
        if count:
            together = [i for i in _between(items, at, items.index(count)) if isinstance(i, CountMark)]
            value = count.value + sum(c.value for c in together if c is not count)
            value += _joined(items, items.index(count), goes_before)
            entry.count, entry.value = count, value
    return found


def _is_a_share(item: Item) -> bool:
    return isinstance(item, CountMark) and item.kind == OTHER


def _between(items: Sequence[Item], first: int, last: int) -> Sequence[Item]:
    return items[min(first, last) + 1 : max(first, last)]


def _joined(items: Sequence[Item], at: int, goes_before: bool) -> int:
    """Neighbours of a count that are counted with it: "cho 1 bà cụ và 1 chị"."""
    total, step = 0, (-1 if goes_before else 1)
    first = items[at]
    at += step
    while 0 <= at < len(items):
        item = items[at]
        if not isinstance(item, CountMark) or not item.kind or not isinstance(first, CountMark) or not first.kind:
            break
        if first.kind == PERSON or item.kind == PERSON or item.kind in {POOR, ETHNIC, DISABLED}:
            break
        if item.noun != first.noun:
            total += item.value
        at += step
    return total


def _sorted_out(reached: list[_Reached]) -> list[_Reached]:
    """One entry a thing: "kích hoạt" names what it activates, and a thing said twice without a number is one."""
    named = {entry.code for entry in reached} - {ACTIVATION, LEVEL_1}
    kept: list[_Reached] = []
    for entry in reached:
        if entry.code == ACTIVATION:
            same_clause = [e for e in reached if e.clause == entry.clause and e.code not in {ACTIVATION}]
            if same_clause and entry.value is None:
                continue
            if same_clause and any(e.count is entry.count for e in same_clause):
                continue
            entry.code = "vneid_level2"
            if "vneid_level2" in named and entry.value is None:
                continue
        kept.append(entry)
    numbered = {entry.code for entry in kept if entry.value is not None}
    return [entry for entry in kept if entry.value is not None or entry.code not in numbered]


def _share_numbers(reached: list[_Reached], clauses: Sequence[Clause], people: int | None, everyone: set[int]) -> None:
    """Gives a number to outcomes that have none of their own: everybody's, a neighbour's."""
    for place, entry in enumerate(reached):
        if entry.value is not None:
            continue
        total = _total([item for clause in clauses for item in clause.items if isinstance(item, CountMark)])
        later = next((e for e in reached[place + 1 :] if e.value is not None), None)
        earlier = next((e for e in reversed(reached[:place]) if e.value is not None), None)
        if entry.clause in everyone and people:
            entry.value = people
        elif total:
            entry.value = total
        elif entry.code in {"scam_awareness", "basic_digital_skills"} and people:
            entry.value = people
        elif earlier:
            entry.value = earlier.value
        elif later and later.count and later.count.kind and _follows_its_outcome(later, clauses):
            entry.value = later.value
        elif people:
            entry.value = people


def _follows_its_outcome(entry: _Reached, clauses: Sequence[Clause]) -> bool:
    items = clauses[entry.clause].items
    mark = next((item for item in items if isinstance(item, OutcomeMark) and item.code == entry.code), None)
    return bool(mark and entry.count and entry.count.start > mark.start)


def _total(counts: Sequence[CountMark]) -> int | None:
    """How many they were altogether, where the sentence says so."""
    said = [count.of or count.value for count in counts if (count.of or count.is_total) and count.kind != OTHER]
    return max(said, default=None)


def _people(counts: Sequence[CountMark], used: set[int], named_people: int) -> tuple[int, int | None]:
    """Children, and everybody. Used counts stand by an outcome."""
    by_noun: dict[str, CountMark] = {}
    for count in counts:
        if (
            count.kind
            and count.kind != OTHER
            and (count.noun not in by_noun or by_noun[count.noun].value < count.value)
        ):
            by_noun[count.noun] = count
    nouns = list(by_noun.values())
    children = sum(count.value for count in nouns if count.kind == CHILD)
    generic = max((count.of or count.value for count in nouns if count.kind == PERSON), default=0)
    kinds = [count for count in nouns if count.kind not in {PERSON, POOR, ETHNIC, DISABLED}]
    if any(count.is_said for count in kinds):  # "cho cô", "cho bà" are mostly among those who were counted
        said_adults = [c for c in kinds if c.is_said]
        kinds = said_adults if generic or any(c.kind not in {ELDER, CHILD} for c in said_adults) else kinds
    specific = sum(count.value for count in kinds)
    attributes = [count for count in nouns if count.kind in {POOR, ETHNIC, DISABLED}]
    peoples = max((count.value for count in attributes if count.kind == ETHNIC), default=0)
    if peoples and not generic and peoples >= max((count.value for count in nouns), default=0):
        generic, specific = peoples, 0  # "22 người dân tộc, 6 cụ": who they were, and then who of them
    whole = [count for count in attributes if count.noun.startswith(("nguoi", "ng "))]
    listed = sum(count.value for count in whole) if not generic else 0
    bare = max((count.value for count in counts if not count.kind and id(count) not in used), default=0)
    attribute = max((count.value for count in attributes), default=0)
    total = _total(counts)
    if total is not None:
        return children, max(total, children, generic)
    found = max(generic, specific + listed, attribute, 0)
    if not found and bare:
        found = bare
    if not found and named_people:
        found = named_people
    return children, found or None


def _groups(counts: Sequence[CountMark], groups: Sequence[GroupMark], people: int | None) -> dict[str, int]:
    figures: dict[str, int] = {}
    for group in GROUPS:
        by_noun: dict[str, int] = {}
        for count in counts:
            if group in count.groups or (group == ELDER and "elderly_one" in count.groups):
                value = count.value if group in count.groups else 1
                by_noun[count.noun] = max(by_noun.get(count.noun, 0), value)
        named = any(mark.group == group for mark in groups)
        if by_noun:
            figures[group] = sum(by_noun.values())
            if people is not None:  # one count that is more than all is a contradiction to be shown
                figures[group] = min(figures[group], max(people, *by_noun.values()))
        elif named and people:
            figures[group] = 1 if group in {DISABLED, ELDER} else people
        elif named:
            figures[group] = 1
    return figures
