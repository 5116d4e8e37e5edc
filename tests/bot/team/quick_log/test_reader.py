"""A member's sentence becomes a visit: where, when, who, what; and what is in doubt is said."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.team.quick_log import HouseholdName, KnownPlaces, Visit, read_visits

TUESDAY = date(2026, 11, 24)
TAN_LOI = KnownPlaces("ấp", tuple(f"ấp {number}" for number in range(1, 15)))
SANG_MOC = KnownPlaces("xóm", ("xóm Khuổi Mèo", "xóm Bản Chương"))


def read(text: str, places: KnownPlaces = TAN_LOI, own_hamlet: str | None = None) -> tuple[Visit, ...]:
    return read_visits(text, TUESDAY, places, own_hamlet)


def one(text: str, places: KnownPlaces = TAN_LOI, own_hamlet: str | None = None) -> Visit:
    [visit] = read(text, places, own_hamlet)
    return visit


def codes(visit: Visit) -> set[str]:
    return {problem.code for problem in visit.problems}


class TestTheExamplesOfThePlan:
    def test_a_house_with_two_old_people(self) -> None:
        visit = one("hôm qua ấp 3 nhà bác Năm cài vneid cho 2 cụ, mở tài khoản ngân hàng 1")
        assert (visit.hamlet, visit.household, visit.occurred_on) == ("ấp 3", "bác Năm", date(2026, 11, 23))
        assert (visit.people, visit.adults, visit.elderly) == (2, 2, 2)
        assert visit.outcomes == {"vneid_level2": 2, "payment_account": 1}
        assert (visit.missing, visit.problems) == ((), ())

    def test_an_unclear_abbreviation_is_asked_about(self) -> None:
        visit = one("xóm khuổi mèo hộ 12: 3 người, 2 dân tộc, kích hoạt mức 2 cho 2, csk 1", SANG_MOC)
        assert (visit.hamlet, visit.household) == ("xóm Khuổi Mèo", "hộ 12")
        assert (visit.people, visit.ethnic_minority) == (3, 2)
        assert visit.outcomes == {"vneid_level2": 2, "digital_signature": 1}
        assert codes(visit) == {"doubtful_outcome"}


class TestNumbers:
    @pytest.mark.parametrize(
        ("said", "people"),
        [
            ("2 người", 2),
            ("hai nguoi", 2),
            ("mười lăm người", 15),
            ("muoi nguoi", 10),
            ("hai mươi mốt người", 21),
            ("ba chục người", 30),
            ("hai vợ chồng", 2),
            ("3 mẹ con", 3),
            ("cả nhà 4 người", 4),
            ("2 cụ, 1 chị", 3),
            ("ông bà", 2),
            ("4 khẩu", 4),
            ("2 người lớn 1 trẻ em", 3),
        ],
    )
    def test_people_in_many_words(self, said: str, people: int) -> None:
        assert one(f"ấp 3 hộ 12 {said}, vneid 1").people == people

    @pytest.mark.parametrize(
        "text",
        [
            "ấp 3 nhà bác Năm cài vneid cho 2 người",
            "ap 3 nha bac nam cai vneid cho 2 nguoi",
            "ấp 3 nhà chị Bảy lúc 9h cài vneid cho 2 người",
            "tổ 5 ấp 3 nhà anh Ba cài vneid cho 2 người",
            "15/11 ấp 3 hộ 12 vneid mức 2: 2",
            "ấp 3 số nhà 45 kích hoạt mức 2 cho 2",
        ],
    )
    def test_numbers_that_are_names_are_not_counted(self, text: str) -> None:
        visit = one(text)
        assert (visit.people, dict(visit.outcomes)) == (2, {"vneid_level2": 2})

    @pytest.mark.parametrize(
        "text",
        ["vneid 2, tknh 1", "2 vneid, 1 tknh", "vneid: 2; ", "2 cụ cài vneid, 1 cụ mở tknh", "vneid x2", "vneid (2)"],
    )
    def test_a_number_goes_before_or_after_its_outcome(self, text: str) -> None:
        assert one(f"ấp 3 hộ 12: {text}").outcomes["vneid_level2"] == 2

    def test_outcomes_share_a_number(self) -> None:
        assert one("ấp 3 hộ 12 cài vneid, mở tknh cho 3 người").outcomes == {"vneid_level2": 3, "payment_account": 3}

    def test_children_are_people_but_not_adults(self) -> None:
        visit = one("ấp 3 hộ 12 4 người, 1 trẻ em, vneid 3")
        assert (visit.people, visit.adults) == (4, 3)

    def test_people_are_at_least_the_largest_outcome(self) -> None:
        assert one("ấp 3 hộ 12 vneid 1 tknh 3").people == 3

    def test_what_was_not_reached_is_not_counted(self) -> None:
        assert one("ấp 3 hộ 12 cài vneid nhưng máy yếu không cài được").outcomes == {}


class TestGroups:
    @pytest.mark.parametrize(
        ("said", "group"),
        [
            ("2 cụ", "elderly"),
            ("2 người cao tuổi", "elderly"),
            ("2 người nghèo", "poor"),
            ("hộ nghèo, 2 người", "poor"),
            ("2 người Mông", "ethnic_minority"),
            ("2 bà con dân tộc", "ethnic_minority"),
            ("2 người khuyết tật", "disabled"),
        ],
    )
    def test_groups_are_counted(self, said: str, group: str) -> None:
        assert getattr(one(f"ấp 3 hộ 12 {said}, vneid 2"), group) == 2

    def test_illiterate_is_not_blind(self) -> None:
        assert one("ấp 3 hộ 12 1 người mù chữ, vneid 1").disabled is None


class TestPlaces:
    @pytest.mark.parametrize("written", ["ấp 3", "ap 3", "Ap3", "ấp ba", "ap ba", "a3", "ẤP 3", "ấp số 3", "ấp 03"])
    def test_a_hamlet_in_many_spellings(self, written: str) -> None:
        assert one(f"{written} hộ 12 vneid 2").hamlet == "ấp 3"

    @pytest.mark.parametrize(
        "written", ["xom khuoi meo", "x. khuoi meo", "Khuổi Mèo", "xóm khoui meo", "xóm Khuổi Mèoo"]
    )
    def test_a_name_with_one_slip(self, written: str) -> None:
        assert one(f"{written} hộ 12 vneid 2", SANG_MOC).hamlet == "xóm Khuổi Mèo"

    def test_an_unknown_hamlet_is_kept_and_asked_about(self) -> None:
        visit = one("ấp 30 hộ 12 vneid 2")
        assert (visit.hamlet, codes(visit)) == ("ấp 30", {"unknown_hamlet"})

    def test_without_a_hamlet_ones_own_is_meant(self) -> None:
        assert one("hộ 12 vneid 2", own_hamlet="ấp 7").hamlet == "ấp 7"
        assert one("hộ 12 vneid 2").missing == ("hamlet",)

    @pytest.mark.parametrize(
        ("written", "household"),
        [
            ("nhà bác Năm", "bác Năm"),
            ("nha bac nam", "bác Năm"),
            ("hộ 12", "hộ 12"),
            ("số nhà 12", "hộ 12"),
            ("hộ ông Nguyễn Văn An", "ông Nguyễn Văn An"),
            ("nha co Hai Lua", "cô Hai Lua"),
            ("gđ anh Tư", "anh Tư"),
            ("nhà a Tư", "anh Tư"),
            ("hộ Nguyễn Thị Bé", "Nguyễn Thị Bé"),
        ],
    )
    def test_a_household_in_many_spellings(self, written: str, household: str) -> None:
        assert one(f"ấp 3 {written} vneid 2").household == household


class TestKnownHouseholds:
    PLACES = KnownPlaces(
        "ấp",
        ("ấp 3", "ấp 4"),
        (
            HouseholdName(1, "ấp 3", "Nguyễn Văn Năm", "12"),
            HouseholdName(2, "ấp 3", "bà Lê Thị Hoà", "13"),
            HouseholdName(3, "ấp 4", "Trần Văn Năm", "12"),
            HouseholdName(4, "ấp 4", "Phạm Văn Năm", "14"),
        ),
    )

    @pytest.mark.parametrize(
        ("written", "household"),
        [
            ("ấp 3 hộ 12", 1),
            ("ap 4 ho 12", 3),
            ("ấp 3 nhà bác Năm", 1),
            ("ap 3 nha nguyen van nam", 1),
            ("ấp 3 nhà cô Lê Thị Hòa", 2),
            ("ấp 3 nhà bà Lê Thị Hoàa", 2),
            ("ấp 3 hộ 99", None),
        ],
    )
    def test_they_are_recognised(self, written: str, household: int | None) -> None:
        assert one(f"{written} vneid 2", self.PLACES).household_id == household

    def test_among_several_it_is_asked(self) -> None:
        visit = one("ấp 4 nhà bác Năm vneid 2", self.PLACES)
        assert (visit.household_id, codes(visit)) == (None, {"ambiguous_household"})


class TestDays:
    @pytest.mark.parametrize(
        ("said", "day"),
        [
            ("hôm nay", (11, 24)),
            ("hnay", (11, 24)),
            ("chiều qua", (11, 23)),
            ("hom kia", (11, 22)),
            ("thứ 3", (11, 24)),
            ("thứ tư", (11, 18)),
            ("T6", (11, 20)),
            ("thứ 3 tuần trước", (11, 17)),
            ("chủ nhật", (11, 22)),
            ("mùng 5", (11, 5)),
            ("ngày 15", (11, 15)),
            ("ngày 30", (10, 30)),
            ("15/11", (11, 15)),
            ("15-11-2026", (11, 15)),
            ("15 tháng 11", (11, 15)),
            ("2 hôm trước", (11, 22)),
        ],
    )
    def test_days_are_counted_from_the_day_of_writing(self, said: str, day: tuple[int, int]) -> None:
        assert one(f"{said} ấp 3 hộ 12 vneid 2").occurred_on == date(2026, *day)

    def test_in_january_december_was_last_year(self) -> None:
        [visit] = read_visits("28/12 ấp 3 hộ 12 vneid 2", date(2027, 1, 5), TAN_LOI)
        assert visit.occurred_on == date(2026, 12, 28)

    @pytest.mark.parametrize(
        ("said", "code"), [("30/11", "future_date"), ("1/9/2026", "old_date"), ("hôm trước", "doubtful_date")]
    )
    def test_odd_days_are_asked_about(self, said: str, code: str) -> None:
        assert code in codes(one(f"{said} ấp 3 hộ 12 vneid 2"))


class TestSeveralVisits:
    def test_a_line_each_and_day_and_hamlet_said_once(self) -> None:
        first, second = read("hôm qua ấp 3\nnhà bác Năm vneid 2\n- hộ 15: cks 1")
        assert (first.hamlet, first.occurred_on, first.household) == ("ấp 3", date(2026, 11, 23), "bác Năm")
        assert (second.hamlet, second.occurred_on, second.household) == ("ấp 3", date(2026, 11, 23), "hộ 15")

    def test_one_after_the_other_in_one_line(self) -> None:
        visits = read("ấp 3 nhà bác Năm vneid 2, sau đó qua nhà chị Bảy mở tknh 1")
        assert [(v.household, dict(v.outcomes)) for v in visits] == [
            ("bác Năm", {"vneid_level2": 2}),
            ("chị Bảy", {"payment_account": 1}),
        ]

    def test_places_may_come_last(self) -> None:
        visits = read("vneid cho 2 cụ nhà chú Tư ấp 6, tknh cho 1 chị nhà cô Hai ấp 7")
        assert [(v.hamlet, v.household, v.people) for v in visits] == [("ấp 6", "chú Tư", 2), ("ấp 7", "cô Hai", 1)]

    @pytest.mark.parametrize("text", ["Hộ bác Năm ấp 3: VNeID: 2; TKNH: 1", "ấp 3 nhà bác Năm\n- vneid 2\n- tknh 1"])
    def test_figures_in_lines_of_their_own_belong_to_the_household_before(self, text: str) -> None:
        visit = one(text)
        assert (visit.household, dict(visit.outcomes)) == ("bác Năm", {"vneid_level2": 2, "payment_account": 1})

    def test_what_is_no_visit_is_left_out_and_named(self) -> None:
        [visit] = read("ấp 3 hộ 12 vneid 2\ncho em hỏi bao giờ có lớp học mới vậy?")
        assert codes(visit) == {"left_out"}

    @pytest.mark.parametrize(
        "text",
        ["", "chào em", "tôi muốn cài vneid cho mẹ ở ấp 3", "làm sao mở tài khoản ngân hàng?", "ok cảm ơn", "ấp 3"],
    )
    def test_greetings_and_questions_are_no_visits(self, text: str) -> None:
        assert read(text) == ()


class TestKinds:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("lớp kỹ năng số ấp 2 có 25 người", "class"),
            ("sáng nay trực một cửa giúp 12 người nộp hồ sơ dvc", "one_stop_desk"),
            ("ra quân 10/10 ấp 5 tuyên truyền lừa đảo 60 người", "public_event"),
            ("ấp 3 nhà bác Năm dạy 2 cụ dùng zalo", "house_visit"),
        ],
    )
    def test_the_words_tell_the_kind(self, text: str, kind: str) -> None:
        assert one(text).kind == kind

    def test_a_class_teaches_digital_skills(self) -> None:
        assert one("lớp học ấp 2 có 25 người").outcomes == {"basic_digital_skills": 25}


class TestImpossibleThings:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("ấp 3 hộ 12 2 người, vneid 5", "more_than_people"),
            ("ấp 3 hộ 12 3 người, 5 cụ, vneid 2", "group_more_than_people"),
            ("ap 3 ho 12 4 khau, 5 cu, ssk 2", "group_more_than_people"),
            ("ấp 3 hộ 12 3 người: 2 cụ, 2 chị, vneid 2", "more_listed_than_people"),
            ("ấp 3 hộ 12 vneid 10000 người", "too_many_people"),
            ("ấp 3 hộ 12 vneid cho -2 người", "negative_count"),
            ("ấp 3 hộ 12 vneid cho vài người", "vague_count"),
            ("ấp 3 nhà bác Năm cài vneid", "guessed_count"),
        ],
    )
    def test_they_are_named(self, text: str, code: str) -> None:
        assert code in codes(one(text))

    @pytest.mark.parametrize(
        ("told", "people", "elderly"),
        [
            ("3 người, 5 cụ, vneid 2", 3, 5),
            ("3 người, vneid 3 người lớn, ssk 2 cụ", 3, 2),
            ("5 người, 2 cụ, 3 nữ", 5, 2),
        ],
    )
    def test_how_many_they_were_is_what_was_said(self, told: str, people: int, elderly: int) -> None:
        visit = one(f"ấp 3 hộ 12 {told}")
        assert (visit.people, visit.elderly) == (people, elderly)

    @pytest.mark.parametrize(
        "told", ["co 3 nguoi vneid 3", "may cua con gai, 3 nguoi vneid 3", "3 nguoi, vneid 3 vi mua to"]
    )
    def test_words_without_diacritics_are_not_doubted_for_what_they_hardly_mean(self, told: str) -> None:
        visit = one(f"ap 3 nha ong Tam {told}")
        assert (visit.household, visit.people, dict(visit.outcomes), codes(visit)) == (
            "ông Tám", 3, {"vneid_level2": 3}, set(),
        )  # fmt: skip

    def test_an_id_number_is_hidden_and_warned_about(self) -> None:
        visit = one("ấp 3 hộ 12 cccd 075204001234 vneid 2")
        assert "personal_number" in codes(visit)
        assert "075204001234" not in str(visit)
        assert visit.people == 2


WORDS = st.sampled_from(
    [
        *("ấp", "thôn", "a3", "3", "hộ", "12", "nhà", "bác", "Năm", "nam", "cho", "2", "vneid", "tknh", "cụ", "người"),
        *(
            ",",
            ".",
            ";",
            ":",
            "-",
            "-2",
            "(",
            ")",
            "/",
            "15/11",
            "hôm",
            "qua",
            "t3",
            "thứ",
            "chục",
            "mươi",
            "cả",
            "đều",
        ),
        *("chưa", "không", "được", "nghèo", "Mông", "A", "Y", "và", "rồi", "[đã", "che]", "lớp", "một", "cửa", "\n"),
    ]
)


class TestWhateverIsWritten:
    @given(st.text(max_size=300))
    def test_no_text_makes_it_fail(self, text: str) -> None:
        self.check(read(text))

    @given(st.lists(WORDS, max_size=40))
    @settings(max_examples=300)
    def test_no_order_of_its_own_words_makes_it_fail(self, words: list[str]) -> None:
        self.check(read(" ".join(words)))

    def check(self, visits: tuple[Visit, ...]) -> None:
        for visit in visits:
            figures = (visit.people, visit.adults, visit.elderly, visit.poor, visit.ethnic_minority, visit.disabled)
            assert all(figure is None or figure >= 0 for figure in (*figures, *visit.outcomes.values()))
            assert (visit.adults or 0) <= (visit.people or 0)

    @pytest.mark.parametrize(
        "part", ["ấp 3 nhà bác Năm vneid 2, ", "ba ba ", "không ", "nhà ", "1 ", "\n;", "bác Năm 2 vneid ", "x"]
    )
    def test_ten_thousand_characters_are_read_fast(self, part: str) -> None:
        started = perf_counter()
        read((part * 10_000)[:10_000])
        assert perf_counter() - started < 5
