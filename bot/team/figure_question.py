"""Reads a question for a figure: "ấp 3 quý này thế nào", "thang nay xa minh dinh danh duoc bao nhieu nguoi".

Strict: what is no question, or names neither a period nor a place nor an indicator of ours, is left to others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.citizen.spelling import strip_diacritics
from content.periods import Calendar, Period, PeriodKind, period_of, read_period

MOST_WORDS = 25
"""A longer text tells something."""

_ASKS = re.compile(
    r"\bbao nhieu\b|\bmay (?:nguoi|ho|lop|dot|luot|phan tram)\b|\bthe nao\b|\b(?:toi|den) dau\b|\bra sao\b|\bty le\b"
    r"|\bphan tram\b|\bcho (?:xem|hoi|biet)\b|\bxem\b|\?"
)
_INDICATORS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf"\b(?:{words})\b")
    for name, words in {
        "payment_account": r"tai khoan (?:ngan hang|thanh toan)|tknh|tk ngan hang",
        "digital_signature": r"chu ky so|ck ?so|csk",
        "health_book": r"so suc khoe|sskdt",
        "dvc_account": r"tai khoan (?:dich vu cong|dvc)",
        "basic_digital_skills": r"ky nang so",
        "vneid_account": r"vneid|dinh danh|muc 2",
        "attendances": r"luot nguoi",
        "classes_held": r"may lop|bao nhieu lop|so lop|lop hoc|mo lop",
        "households_visited": r"may ho|bao nhieu ho|so ho|ho (?:da )?tham|tham (?:duoc )?(?:may|bao nhieu) (?:ho|nha)",
        "sessions": r"may dot|bao nhieu dot|so dot|dot ho tro",
        "people_reached": (
            r"(?:nguoi|ba con|dan) (?:da )?(?:duoc )?(?:ho tro|giup|huong dan)|giup (?:duoc )?(?:may|bao nhieu)"
        ),
    }.items()
}  # fmt: skip
_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
_COMMUNE = re.compile(r"\b(?:xa|phuong) (?:minh|ta|nha)\b|\b(?:ca|toan) (?:xa|phuong)\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked; None is what the text does not say."""

    indicator: str | None
    period: Period | None
    of_commune: bool


def read_question(text: str, today: date, calendar: Calendar) -> Asked | None:
    """What a text asks; None when it asks for no figure, as far as its words tell."""
    plain = " ".join(strip_diacritics(text.lower()).split())
    if len(plain.split()) > MOST_WORDS or not _ASKS.search(plain):
        return None
    indicator = next((name for name, pattern in _INDICATORS.items() if pattern.search(plain)), None)
    return Asked(indicator, _period(plain, today, calendar), bool(_COMMUNE.search(plain)))


def _period(plain: str, today: date, calendar: Calendar) -> Period | None:
    for kind, word in (
        (PeriodKind.MONTH, "thang"), (PeriodKind.QUARTER, "quy"), (PeriodKind.YEAR, "nam"),
    ):  # fmt: skip
        present = period_of(today, kind, calendar)
        if re.search(rf"\b{word} (?:nay|ni)\b|\bdau {word}\b", plain):
            return present
        if re.search(rf"\b{word} (?:truoc|ngoai|roi|vua roi)\b", plain):
            return present.previous
    year = (found := re.search(r"\bnam (20\d\d)\b|/(20\d\d)\b", plain)) and (found[1] or found[2])
    if quarter := re.search(r"\bquy (iv|i{1,3}|[1-4])\b", plain):
        return read_period(f"{year or today.year}-Q{_QUARTERS[quarter[1]]}", calendar)
    if month := re.search(r"\bthang (1[0-2]|0?[1-9])\b", plain):
        return read_period(f"{year or today.year}-{int(month[1]):02}", calendar)
    return read_period(year, calendar) if year else None
