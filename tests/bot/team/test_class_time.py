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
        ("tối nay 7 rưỡi", None),
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
