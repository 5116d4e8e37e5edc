"""A promise in a sentence is a note: neither its day nor its figures are those of the visit."""

from __future__ import annotations

from datetime import date

import pytest

from bot.team.quick_log import KnownPlaces, read_visits
from db.outreach.tasks import is_promise

FRIDAY = date(2026, 11, 13)
PLACES = KnownPlaces("ấp", ("ấp 3", "ấp 4"), ())
VISIT = "ấp 3 nhà bà Sáu cài vneid cho 2 cụ"


@pytest.mark.parametrize(
    "promise",
    [
        "hẹn thứ 5 quay lại",
        "hen tuan sau quay lai",
        "hẹn 20/11 cài tiếp cho 3 người",
        "hẹn mai sẽ qua cài csk",
        "hẹn lại chủ nhật",
        "mai quay lại làm nốt tknh 1",
        "thứ 3 tuần sau ghé lại",
    ],
)
@pytest.mark.parametrize("joint", [", ", ". ", " "])
def test_a_promise_is_kept_as_a_note_and_changes_nothing_else(joint: str, promise: str) -> None:
    [visit] = read_visits(f"{VISIT}{joint}{promise}", FRIDAY, PLACES)
    assert (visit.occurred_on, visit.people, visit.outcomes) == (FRIDAY, 2, {"vneid_level2": 2})
    assert visit.note == promise
    assert not visit.problems
    assert is_promise(visit.note)


def test_what_comes_after_it_is_read_again() -> None:
    first, second = read_visits(
        "hôm qua ấp 3 nhà bà Sáu vneid 2 cụ, hẹn mai quay lại, nhà bác Bảy 3 người tknh 1", FRIDAY, PLACES
    )
    assert (first.household, first.note) == ("bà Sáu", "hẹn mai quay lại")
    assert (second.household, second.people, second.outcomes) == ("bác Bảy", 3, {"payment_account": 1})
    assert first.occurred_on == second.occurred_on == date(2026, 11, 12)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("theo hẹn thứ 5 đến ấp 3 nhà bác Năm cài vneid 2 người", date(2026, 11, 12)),
        ("ấp 3 nhà bác Năm đã hẹn hôm qua cài vneid 2 người", date(2026, 11, 12)),
        ("thứ 3 quay lại ấp 3 nhà bác Năm cài vneid 2 người", date(2026, 11, 10)),
        ("ấp 3 nhà bác Năm 2 người bị hen, vneid 2", FRIDAY),
    ],
)
def test_a_kept_appointment_is_a_visit_like_any(text: str, day: date) -> None:
    [visit] = read_visits(text, FRIDAY, PLACES)
    assert (visit.occurred_on, visit.people, visit.outcomes) == (day, 2, {"vneid_level2": 2})


def test_a_promise_alone_is_no_visit() -> None:
    assert read_visits("hẹn mai quay lại cài vneid cho 2 cụ", FRIDAY, PLACES) == ()
