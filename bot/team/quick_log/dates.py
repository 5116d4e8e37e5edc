"""When a visit was, seen from the day its message was sent: "hôm qua", "thứ 3 tuần trước", "mùng 5", "15/11"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.team.quick_log.lexicon import KIN, KIN_LETTERS
from bot.team.quick_log.numbers import number_at
from bot.team.quick_log.words import Phrases, Token, Words

_DAYS_AGO = Phrases.of(
    (
        (
            "0",
            "hôm nay,hnay,hn,bữa nay,sáng nay,trưa nay,chiều nay,tối nay,nay,hồi sáng,hồi trưa,hồi chiều,hồi nãy,"
            "lúc nãy,ban nãy,mới nãy,vừa nãy,vừa xong,sáng ni,chiều ni,bữa ni,hôm ni,ban sáng,ban chiều,sớm nay,"
            "đêm nay,"
            "ngày hôm nay,sáng hôm nay,chiều hôm nay,tối hôm nay,trưa hôm nay,sáng hnay,chiều hnay",
        ),
        (
            "1",
            "hôm qua,hqua,h qua,hq,bữa qua,ngày qua,sáng qua,trưa qua,chiều qua,tối qua,đêm qua,ngày hôm qua,"
            "sáng hôm qua,"
            "trưa hôm qua,chiều hôm qua,tối hôm qua,đêm hôm qua,chiều hqua,sáng hqua,tối hqua,bựa qua,"
            "hồi hôm qua,hồi hôm",
        ),
        (
            "2",
            "hôm kia,bữa kia,ngày kia,sáng kia,chiều kia,tối kia,ngày hôm kia,sáng hôm kia,chiều hôm kia,tối hôm kia,"
            "hôm tê,bữa tê,hkia,bữa kìa,hôm kìa",
        ),
        ("?2", "hôm trước,bữa trước,hôm nọ,bữa nọ,bữa hổm,hôm rồi,bữa rồi,mấy hôm trước,mấy bữa trước,mấy hôm nay,hổm"),
        ("-1", "ngày mai,sáng mai,chiều mai,tối mai,trưa mai,mai"),
        ("-2", "ngày mốt,hôm mốt,bữa mốt"),
        ("?7", "tuần trước,tuần rồi,tuần qua,tuần vừa rồi"),
    ),
    slips=False,
)
_WEEKDAYS = {"2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5}
_SUNDAY = Phrases.of((("sunday", "chủ nhật,cn,chúa nhật,chủ nhựt"),), slips=False)
_LAST_WEEK = Phrases.of((("last", "tuần trước,tuần rồi,tuần qua,tuần vừa rồi,tuần vừa qua"),), slips=False)
_WEEKDAY, _DAY, _EARLY, _MONTH, _AGO = (
    Words("thứ"), Words("ngày hôm bữa ngay"), Words("mùng mồng mống"), Words("tháng"), Words("trước"),
)  # fmt: skip
_TIME_OF_DAY = Words("sáng trưa chiều tối đêm")
_DAYS = Words("ngày hôm bữa bựa")
_YEAR = Words("năm")
_BEFORE_A_DAY = frozenset({
    "em", "da", "toi", "luc", "tu", "den", "va", "tui", "con", "chau", "roi", "de", "thi", "nguoi", "ng", "nhung",
})  # fmt: skip
"""Words after which "mai" and "nay" are a day, and no name."""
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(?:[/.-](\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class DateMark:
    """A day named in a line, from word `start` to before `end`."""

    start: int
    end: int
    day: date
    is_doubtful: bool = False


def dates(line: Sequence[Token], sent_on: date) -> list[DateMark]:
    """The days that a line names, in order."""
    found, place = [], 0
    while place < len(line):
        mark = _date_at(line, place, sent_on)
        if mark:
            found.append(mark)
        place = mark.end if mark else place + 1
    return found


def _date_at(line: Sequence[Token], place: int, sent_on: date) -> DateMark | None:
    return (
        _numeric(line, place, sent_on)
        or _weekday(line, place, sent_on)
        or _days_back(line, place, sent_on)
        or _day_of_month(line, place, sent_on)
        or _relative(line, place, sent_on)
    )


def _numeric(line: Sequence[Token], place: int, sent_on: date) -> DateMark | None:
    start = place
    while place < len(line) - 1 and (line[place] in _DAY or line[place] in _TIME_OF_DAY):
        place += 1
    text, length = line[place].text, 1
    if iso := _ISO.fullmatch(text):
        return _mark(start, place + 1, _day(int(iso[3]), int(iso[2]), int(iso[1])))
    is_named = place > start
    if place + 2 < len(line) and line[place + 1].text == "-" and line[place].end + 1 == line[place + 2].start:
        text, length = text + "-" + line[place + 2].text, 3
    match = _NUMERIC.fullmatch(text)
    if not match:
        return None
    # "3/4 người" is a share, "1.5" a number, "2-3 người" a guess.
    if match[2] != "/" and not match[4] and not (is_named or place == 0):
        return None
    after = place + length
    if not match[4] and not is_named and after < len(line) and line[after].bare in {"nguoi", "ng", "khau", "ho", "cu"}:
        return None
    day = _near(int(match[1]), int(match[3]), sent_on) if not match[4] else _with_year(match)
    return _mark(start, after, day)


def _with_year(match: re.Match[str]) -> date | None:
    year = int(match[4])
    return _day(int(match[1]), int(match[3]), year if year > 99 else 2000 + year)


def _near(day: int, month: int, sent_on: date) -> date | None:
    """The day of that name that is nearest: in January, "28/12" was last year."""
    options = [_day(day, month, sent_on.year + shift) for shift in (-1, 0, 1)]
    return min((option for option in options if option), key=lambda option: abs(option - sent_on), default=None)


def _weekday(line: Sequence[Token], place: int, sent_on: date) -> DateMark | None:
    sunday = _SUNDAY.at(line, place)
    if sunday:
        number, end = 6, place + sunday.length
    elif place and line[place].low == "thu" and (line[place - 1] in KIN or line[place - 1].low in KIN_LETTERS):
        return None  # "chị Thu 2 người"
    elif place + 1 < len(line) and (line[place] in _WEEKDAY or _is_short_weekday(line, place)):
        said = number_at(line, place + 1)
        weekday = _WEEKDAYS.get(str(said.value)) if said else None
        if weekday is None:
            return None
        number, end = weekday, place + 1 + (said.length if said else 0)
    else:
        return None
    start = place
    last_week = _LAST_WEEK.at(line, end) if end < len(line) else None
    before = next((n for n in (2, 3) if place >= n and (f := _LAST_WEEK.at(line, place - n)) and f.length == n), 0)
    monday = sent_on - timedelta(days=sent_on.weekday())
    if last_week or before:
        end += last_week.length if last_week else 0
        return DateMark(start - before, end, monday + timedelta(days=number - 7))
    day = sent_on - timedelta(days=(sent_on.weekday() - number) % 7)
    return DateMark(start, end, day)


def _is_short_weekday(line: Sequence[Token], place: int) -> bool:
    """ "t3", "T7" in one word."""
    following = line[place + 1]
    return line[place].low == "t" and line[place].end == following.start and following.is_number


def _days_back(line: Sequence[Token], place: int, sent_on: date) -> DateMark | None:
    """ "3 hôm trước"."""
    number = number_at(line, place)
    end = place + number.length if number else 0
    if not number or end + 1 >= len(line) or line[end] not in _DAYS or line[end + 1] not in _AGO:
        return None
    return DateMark(place, end + 2, sent_on - timedelta(days=min(number.value, 366)), number.is_vague)


def _day_of_month(line: Sequence[Token], place: int, sent_on: date) -> DateMark | None:
    """ "ngày 15", "mùng 5", "ngày 15 tháng 11 năm 2026", "15 tháng 11"."""
    start = place
    is_named = line[place] in _DAY or line[place] in _EARLY
    while place < len(line) - 1 and (line[place] in _DAY or line[place] in _EARLY):
        place += 1
    number = number_at(line, place)
    if not number or not 1 <= number.value <= 31:
        return None
    end = place + number.length
    if end + 1 < len(line) and line[end] in _MONTH:
        month = number_at(line, end + 1)
        if month:
            end += 1 + month.length
            year = number_at(line, end + 1) if end + 1 < len(line) and line[end] in _YEAR else None
            day = _day(number.value, month.value, year.value) if year else _near(number.value, month.value, sent_on)
            return _mark(start, end + (1 + year.length if year else 0), day)
    if not is_named or (number.in_words and line[start] not in _EARLY and line[start].is_marked is False):
        return None
    first = sent_on.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    for month_start in (first, before, (before - timedelta(days=1)).replace(day=1)):
        day = _day(number.value, month_start.month, month_start.year)
        if day and day <= sent_on:
            return DateMark(start, end, day)
    return None


def _relative(line: Sequence[Token], place: int, sent_on: date) -> DateMark | None:
    found = _DAYS_AGO.at(line, place)
    if not found:
        return None
    # "nay" and "mai" are also names and ends of other words: alone they count only where a clause begins.
    if found.length == 1 and line[place].bare in {"mai", "nay", "hn", "hq", "hom"} and not _begins(line, place):
        return None
    if found.length == 1 and line[place].is_capitalised and line[place].bare == "mai" and place > 0:
        return None
    days = int(found.meaning.strip("?"))
    return DateMark(place, place + found.length, sent_on - timedelta(days=days), found.meaning.startswith("?"))


def _begins(line: Sequence[Token], place: int) -> bool:
    before = line[place - 1] if place else None
    is_counted = place > 1 and line[place - 2].is_number  # "2 cụ mai"
    if before is None or not before.bare or before.is_number or is_counted or before.bare in _BEFORE_A_DAY:
        return True
    # "nhà bác Năm mai cài": a name, and then a small letter.
    is_name_over = before.is_capitalised and not line[place].is_capitalised and before not in KIN
    return is_name_over and before.bare not in {"nha", "ho"}


def _mark(start: int, end: int, day: date | None) -> DateMark | None:
    return DateMark(start, end, day) if day else None


def _day(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
