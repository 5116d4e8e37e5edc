"""What is promised or was not reached is a note: neither its day nor its figures are those of the visit."""

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
        "tuần sau làm tài khoản ngân hàng",
        "mai cài nốt csk",
        "lan sau huong dan dvc",
        "tháng tới mở tài khoản cho cụ",
        "30/11 làm tiếp csk 1",
        "chiều mai sang làm tknh, csk",
        "chu nhat tuan toi mo tai khoan 3 nguoi",
    ],
)
@pytest.mark.parametrize("joint", [", ", ". ", " "])
def test_a_promise_is_kept_as_a_note_and_changes_nothing_else(joint: str, promise: str) -> None:
    [visit] = read_visits(f"{VISIT}{joint}{promise}", FRIDAY, PLACES)
    assert (visit.occurred_on, visit.people, visit.outcomes) == (FRIDAY, 2, {"vneid_level2": 2})
    assert visit.note == promise
    assert not visit.problems
    assert is_promise(visit.note)


@pytest.mark.parametrize(
    "put_off", ["csk để tuần sau", "còn dvc thì lần tới làm", "sẽ làm csk sau", "mai em qua nhà cô Tư làm tknh 3 người"]
)
def test_what_is_put_off_is_not_reached(put_off: str) -> None:
    [visit] = read_visits(f"{VISIT}, {put_off}", FRIDAY, PLACES)
    assert (visit.occurred_on, visit.people, visit.outcomes) == (FRIDAY, 2, {"vneid_level2": 2})
    assert visit.note == put_off


def test_a_promise_in_a_line_of_its_own_belongs_to_the_visit_before() -> None:
    [visit] = read_visits(f"{VISIT}\nmai cài nốt csk", FRIDAY, PLACES)
    assert (visit.note, visit.outcomes, visit.problems) == ("mai cài nốt csk", {"vneid_level2": 2}, ())


@pytest.mark.parametrize("name", ["chi mai", "anh tuan toi", "chị Mai", "chi lan sau"])
def test_a_name_is_no_time_to_come(name: str) -> None:
    [visit] = read_visits(f"ap 3 nha {name} cai vneid cho 2 nguoi", FRIDAY, PLACES)
    assert (visit.occurred_on, visit.outcomes, visit.note) == (FRIDAY, {"vneid_level2": 2}, "")


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


def test_a_visit_of_tomorrow_is_one_that_has_not_been() -> None:
    [visit] = read_visits("ấp 3 nhà bác Năm mai cài vneid 2 người", FRIDAY, PLACES)
    assert [problem.code for problem in visit.problems] == ["future_date"]


def test_a_promise_alone_is_no_visit() -> None:
    assert read_visits("hẹn mai quay lại cài vneid cho 2 cụ", FRIDAY, PLACES) == ()
    assert read_visits("tuần sau ấp 3 nhà bác Năm cài vneid cho 2 cụ", FRIDAY, PLACES) == ()


@pytest.mark.parametrize(
    "unmet",
    [
        "chưa làm được chữ ký số",
        "chua lam duoc chu ky so",
        "không mở được tài khoản ngân hàng vì hỏng điện thoại",
        "ko kich hoat duoc vi dien tu cho 1 nguoi",
        "tknh không mở được",
        "chưa ký số",
        "mở tài khoản thất bại",
        "1 người đi vắng",
    ],
)
def test_what_was_not_reached_is_kept_as_a_note(unmet: str) -> None:
    [visit] = read_visits(f"{VISIT}, {unmet}", FRIDAY, PLACES)
    assert (visit.people, visit.outcomes, visit.note) == (2, {"vneid_level2": 2}, unmet)


@pytest.mark.parametrize(
    ("told", "outcomes"),
    [
        ("2 người, không kích hoạt được vneid vì hỏng điện thoại", {}),
        ("2 nguoi cai vneid roi nhung chua kich hoat duoc muc 2", {}),
        ("máy cũ không cài được vneid nên chỉ dạy zalo cho 2 người", {"basic_digital_skills": 2}),
        ("2 người, làm giúp vneid vì bà không biết chữ", {"vneid_level2": 2}),
        ("bác đã có vneid, cài ssk cho 2 bác", {"health_book": 2}),
        ("2 người chưa có vneid, cài cho cả 2", {"vneid_level2": 2}),
        ("2 người chưa từng dùng vneid, cài xong hết", {"vneid_level2": 2}),
        ("2 người chưa có vneid, cài cho 2 người, csk chưa được", {"vneid_level2": 2}),
        ("2 người sợ lừa đảo nên không mở ngân hàng, vneid 2", {"vneid_level2": 2}),
    ],
)
def test_what_was_reached_in_spite_of_a_no_is_told_apart(told: str, outcomes: dict[str, int]) -> None:
    [visit] = read_visits(f"ấp 3 nhà bác Năm {told}", FRIDAY, PLACES)
    assert (visit.people, visit.outcomes) == (2, outcomes)
