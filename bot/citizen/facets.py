"""Which side of a topic a question is about: the papers, the fee, the time, the place, the steps."""

from __future__ import annotations

import re

from bot.citizen.spelling import strip_diacritics

# On texts without diacritics. Order decides where two fit: "nộp ở đâu hết bao nhiêu tiền" asks for the place first.
_FACETS = (
    ("Ở đâu", r"o dau|o mo\b|cho nao|noi nao|den dau|ra dau|nop dau|di dau|dia chi|dia diem"),
    (
        "Lệ phí",
        r"le phi|chi phi|phi bao nhieu|(?:mat|ton|mien|dong) phi|phi khong|bao nhieu tien|(?:may|mat|ton) tien",
    ),
    (
        "Thời gian",
        r"bao lau(?: moi)?|may ngay|bao nhieu ngay|may hom|thoi gian|thoi han|(?:khi nao|bao gio) (?:xong|co|lay)",
    ),
    (
        "Giấy tờ",
        r"(?:(?:mang|dem|chuan bi) (?:theo )?(?:nhung )?)?(?:giay to|ho so)(?: gom)?"
        r"|(?:mang|dem|chuan bi) (?:theo )?(?:nhung |cai )?(?:gi|j)|can (?:nhung )?(?:gi|j|giay(?: to)?)",
    ),
    ("Các bước", r"cac buoc|tung buoc|huong dan|cach lam|lam the nao|lam sao|lam ntn|nhu the nao|buoc dau"),
)
_PATTERNS = tuple((heading, re.compile(rf"\b(?:{pattern})\b")) for heading, pattern in _FACETS)

# Words that say nothing of a topic: courtesy, pronouns, and the small change of a question.
_FILLER = frozenset(
    [
        "a",
        "ah",
        "ak",
        "ha",
        "alo",
        "thi",
        "the",
        "vay",
        "va",
        "con",
        "cho",
        "hoi",
        "xin",
        "toi",
        "tui",
        "minh",
        "bac",
        "chu",
        "co",
        "chau",
        "em",
        "anh",
        "chi",
        "ong",
        "ba",
        "ban",
        "oi",
        "nhe",
        "nha",
        "nhi",
        "da",
        "vang",
        "phai",
        "can",
        "la",
        "gi",
        "nhung",
        "bao",
        "nhieu",
        "mat",
        "ton",
        "het",
        "lam",
        "di",
        "den",
        "ra",
        "nop",
        "duoc",
        "khong",
        "ko",
        "k",
        "hong",
        "nua",
        "may",
        "cai",
        "do",
        "nay",
        "viec",
        "vao",
        "thu",
        "tuc",
        "nhu",
        "nao",
        "ro",
        "hon",
        "giup",
        "voi",
        "nho",
        "de",
        "xong",
        "lay",
        "tien",
        "phi",
        "ngay",
        "luc",
        "bay",
        "gio",
        "sao",
    ]
)


def find_facet(text: str) -> str | None:
    """The heading of the section that a question asks for, or None."""
    bare = strip_diacritics(text.lower())
    return next((heading for heading, pattern in _PATTERNS if pattern.search(bare)), None)


def is_only_a_facet(text: str) -> bool:
    """Whether a question names a facet and no topic ("thế lệ phí bao nhiêu?"), so that it means the topic before."""
    bare = strip_diacritics(text.lower())
    for _, pattern in _PATTERNS:
        bare = pattern.sub(" ", bare)
    return find_facet(text) is not None and all(word in _FILLER for word in re.findall(r"\w+", bare))
