"""When a class begins, in plain Vietnamese: "thứ 5 19h", "15/12 7 giờ tối", "mai 8h30"."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from bot.service import TIME_ZONE
from db.outreach.names import key

_CLOCK = re.compile(r"\b(\d{1,2})\s*(?:h|gio|g|:)\s*(\d{2}|ruoi)?\b")
_DATE = re.compile(r"\b(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}))?\b")
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_WEEKDAY = re.compile(r"\b(?:thu|t)\s*(2|3|4|5|6|7|hai|ba|tu|nam|sau|bay)\b|\b(chu nhat|cn)\b")
_AFTER_NOON = re.compile(r"\b(chieu|toi)\b")
NOON = 12
FURTHEST = timedelta(days=366)


def read_moment(text: str, now: datetime) -> datetime | None:
    """The moment ahead that a text names, in the commune's time zone; None when day or hour are not told."""
    here = now.astimezone(TIME_ZONE)
    plain = " ".join(re.findall(r"[\w:/.-]+", _bare(text)))
    rest = _DATE.sub(" ", plain)
    at, day = _clock(rest), _day(plain, here.date())
    if at is None or day is None:
        return None
    moment = datetime.combine(day, at, TIME_ZONE)
    return moment if here < moment <= here + FURTHEST else None


def _bare(text: str) -> str:
    return " ".join(key(word) if not re.search(r"\d[:/.-]\d", word) else word for word in text.split())


def _clock(plain: str) -> time | None:
    match = _CLOCK.search(plain)
    if match is None:
        return None
    hour = int(match[1])
    minute = 30 if match[2] == "ruoi" else int(match[2] or 0)
    if hour < NOON and _AFTER_NOON.search(plain):
        hour += NOON
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(plain: str, today: date) -> date | None:
    if match := _DATE.search(plain):
        return _date(int(match[1]), int(match[2]), int(match[3]) if match[3] else None, today)
    if match := _WEEKDAY.search(plain):
        wanted = 6 if match[2] else _WEEKDAYS.get(match[1], int(match[1]) - 2 if match[1].isdigit() else 0)
        return today + timedelta(days=(wanted - today.weekday()) % 7)
    if re.search(r"\b(ngay )?(mai|kia|mot)\b", plain):
        return today + timedelta(days=1 if "mai" in plain.split() else 2)
    if re.search(r"\b(hom nay|toi nay|chieu nay|sang nay)\b", plain):
        return today
    return None


def _date(day: int, month: int, year: int | None, today: date) -> date | None:
    try:
        found = date(year or today.year, month, day)
        return found if year or found >= today else found.replace(year=today.year + 1)
    except ValueError:
        return None
