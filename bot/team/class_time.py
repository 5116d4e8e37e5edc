"""When a class begins, in plain Vietnamese: "thứ 5 19h", "15/12 7 giờ tối", "sáng mai 8 rưỡi", "thứ 7 tuần sau 14:00".

Only moments ahead are read: a class is planned. What could be another day or hour than meant is shown to be confirmed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from bot.service import TIME_ZONE
from db.outreach.names import key

_CLOCK = re.compile(r"\b(\d{1,2})\s*(?:h|gio|g|:)\s*(\d{2}|ruoi|kem \d{1,2})?\b")
_HALF = re.compile(r"\b(\d{1,2})( )(ruoi)\b")
_DATE = re.compile(r"\b(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}))?\b")
_DATE_IN_WORDS = re.compile(r"\b(\d{1,2}) thang (\d{1,2})(?: nam (\d{4}))?\b")
_DAY = re.compile(r"\b(?:ngay|mung|mong) (\d{1,2})\b(?! *(?:h|gio|g)\b)")
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_WEEKDAY = re.compile(r"\b(?:thu|t)\s*(2|3|4|5|6|7|hai|ba|tu|nam|sau|bay)\b|\b(chu nhat|cn)\b")
_NEXT_WEEK = re.compile(r"\btuan (?:sau|toi|ke|ke tiep)\b")
_DAYS_AHEAD = (
    (re.compile(r"\b(?:ngay |sang |trua |chieu |toi )?mai\b"), 1),
    (re.compile(r"\b(?:ngay|sang|trua|chieu|toi|hom|bua) (?:kia|mot)\b|\bmot\b"), 2),
    (re.compile(r"\b(?:hom|bua|sang|trua|chieu|toi) nay\b"), 0),
)
_AFTERNOON = re.compile(r"\b(?:chieu|toi|dem|pm)\b")
_MIDDAY = re.compile(r"\btrua\b")
NOON = 12
FURTHEST = timedelta(days=366)
SLIP = timedelta(days=180)
"""A day of this year that passed more recently is a slip, and not the same day of the next year."""


def read_moment(text: str, now: datetime) -> datetime | None:
    """The moment ahead that a text names, in the commune's time zone.

    None when it does not tell both day and hour, or when they are past or more than a year ahead.
    """
    here = now.astimezone(TIME_ZONE)
    plain = " ".join(re.findall(r"[\w:/.-]+", _bare(text)))
    at, day = _clock(_DATE.sub(" ", plain)), _day(plain, here.date())
    if at is None or day is None:
        return None
    moment = datetime.combine(day, at, TIME_ZONE)
    if moment <= here and day == here.date() and _WEEKDAY.search(plain):
        moment += timedelta(days=7)  # "thứ 4 8h", said on a Wednesday at ten
    return moment if here < moment <= here + FURTHEST else None


def _bare(text: str) -> str:
    return " ".join(key(word) if not re.search(r"\d[:/.-]\d", word) else word for word in text.split())


def _clock(plain: str) -> time | None:
    match = _CLOCK.search(plain) or _HALF.search(plain)
    if match is None:
        return None
    hour, said = int(match[1]), (match[match.lastindex or 1] if (match.lastindex or 1) > 1 else "")
    minute = 30 if said == "ruoi" else int(said) if said.isdigit() else 0
    if hour < NOON and (_AFTERNOON.search(plain) or (_MIDDAY.search(plain) and hour <= 2)):
        hour += NOON
    if said.startswith("kem "):
        hour, minute = hour - 1, 60 - int(said.removeprefix("kem "))
    return time(hour, minute) if 0 <= hour < 24 and 0 <= minute < 60 else None


def _day(plain: str, today: date) -> date | None:
    if match := _DATE.search(plain) or _DATE_IN_WORDS.search(plain):
        return _date(int(match[1]), int(match[2]), int(match[3]) if match[3] else None, today)
    if match := _WEEKDAY.search(plain):
        wanted = 6 if match[2] else _WEEKDAYS.get(match[1], int(match[1]) - 2 if match[1].isdigit() else 0)
        if _NEXT_WEEK.search(plain):
            return today + timedelta(days=7 - today.weekday() + wanted)
        return today + timedelta(days=(wanted - today.weekday()) % 7)
    for said, days in _DAYS_AHEAD:
        if said.search(plain):
            return today + timedelta(days=days)
    if match := _DAY.search(plain):
        return _day_of_month(int(match[1]), today)
    return None


def _date(day: int, month: int, year: int | None, today: date) -> date | None:
    try:
        found = date(year or today.year, month, day)
        return found if year or today - found < SLIP else found.replace(year=today.year + 1)
    except ValueError:
        return None


def _day_of_month(day: int, today: date) -> date | None:
    """ "ngày 15": of this month, or of the next one when it is past."""
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    for month in (today.replace(day=1), next_month):
        try:
            found = month.replace(day=day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None
