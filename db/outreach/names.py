"""Names as people compare them: whatever the diacritics, capitals, order and words of kinship."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz

ALIKE = 85.0
"""Likeness (0-100) from which two names may be the same; measured on pairs in tests/db/outreach/test_names.py."""

_KINSHIP = frozenset({
    "ong", "ba", "co", "chu", "bac", "anh", "chi", "em", "di", "cau", "mo", "thim", "duong", "cu", "o", "me", "bo",
    "cha", "nha", "ho", "gia", "dinh", "gd", "chau", "thay",
})  # fmt: skip


def key(name: str) -> str:
    """ "  Khuổi  Mèo" -> "khuoi meo"."""
    decomposed = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", bare))


def person_key(name: str) -> str:
    """Like `key`, without words of kinship at the front: "nhà bác Năm" -> "nam". At least the last word stays."""
    words = key(name).split()
    while len(words) > 1 and words[0] in _KINSHIP:
        words = words[1:]
    return " ".join(words)


def are_alike(one: str, other: str) -> bool:
    """Whether two names may mean the same household: to be asked about, never decided by this alone."""
    a, b = person_key(one), person_key(other)
    if not a or not b:
        return False
    if a == b:
        return True
    numbers = [set(re.findall(r"\d+", name)) for name in (a, b)]
    if numbers[0] != numbers[1]:
        return False
    return fuzz.token_sort_ratio(a, b) >= ALIKE or (set(a.split()) < set(b.split()) or set(b.split()) < set(a.split()))


def contradict(part: str, whole: str) -> bool:
    """Whether names of like keys are still two: "bác Nam" is nobody called "Hoàng Văn Năm" or "Bác Năm".

    For names typed with diacritics; one typed without ("bac nam") contradicts nothing. Where a tone mark stands in its
    word does not matter.
    """
    return not set(_marked(part)) <= set(_marked(whole))


def _marked(name: str) -> list[str]:
    words = re.findall(r"\w+", unicodedata.normalize("NFC", name.casefold()))
    own = words[len(words) - len(person_key(name).split()) :]
    return ["".join(sorted(unicodedata.normalize("NFD", word))) for word in own]
