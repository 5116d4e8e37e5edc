"""When a class begins is read as people say it."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.service import TIME_ZONE
from bot.team.class_time import read_moment

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=TIME_ZONE)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("thứ 5 19h", "2026-11-26 19:00"),
        ("thu nam 7 gio toi", "2026-11-26 19:00"),
        ("thứ 4 19h", "2026-11-25 19:00"),
        ("chủ nhật 8h30", "2026-11-29 08:30"),
        ("15/12 7 giờ tối", "2026-12-15 19:00"),
        ("15/12/2026 14:00", "2026-12-15 14:00"),
        ("mai 8h", "2026-11-26 08:00"),
        ("tối nay 7 rưỡi", "2026-11-25 19:30"),
        ("tối nay 8 giờ kém 15", "2026-11-25 19:45"),
        ("T7 14 giờ 30", "2026-11-28 14:30"),
        ("thứ 7 tuần sau 14:00", "2026-12-05 14:00"),
        ("19h thứ 2 tuần tới", "2026-11-30 19:00"),
        ("thứ 4 8h", "2026-12-02 08:00"),
        ("ngày 15 tháng 12 lúc 7 giờ tối", "2026-12-15 19:00"),
        ("ngày 30, 9h sáng", "2026-11-30 09:00"),
        ("8h ngày 10", "2026-12-10 08:00"),
        ("1h trưa mai", "2026-11-26 13:00"),
        ("chieu ngay kia 2h", "2026-11-27 14:00"),
        ("sáng mốt 8 giờ", "2026-11-27 08:00"),
        ("22/11 19h", None),
        ("tối nay 7 giờ rưỡi", "2026-11-25 19:30"),
        ("chiều thứ 7, 2h", "2026-11-28 14:00"),
        ("5/1 9h", "2027-01-05 09:00"),
        ("hôm nay 8h", None),
        ("19h", None),
        ("thứ 5", None),
        ("32/13 19h", None),
        ("thứ 5 25h", None),
        ("lúc nào cũng được", None),
    ],
)
def test_a_moment(text: str, said: str | None) -> None:
    moment = read_moment(text, NOW)
    assert (moment.strftime("%Y-%m-%d %H:%M") if moment else None) == said
