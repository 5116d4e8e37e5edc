"""Names as people compare them, and the pairs on which the likeness that makes us ask was measured."""

from __future__ import annotations

import unicodedata

import pytest

from db.outreach.names import are_alike, contradict, key, person_key


@pytest.mark.parametrize(
    "name", ["Khuổi Mèo", "khuoi meo", "  KHUỔI   MÈO ", unicodedata.normalize("NFD", "Khuổi Mèo")]
)
def test_a_key_is_the_same_whatever_diacritics_capitals_and_spaces(name: str) -> None:
    assert key(name) == "khuoi meo"


def test_a_key_knows_the_letter_that_unicode_does_not_take_apart() -> None:
    assert key("Đồng Đăng") == "dong dang"


def test_a_key_of_no_letters_is_empty() -> None:
    assert key(" - ! ") == ""


@pytest.mark.parametrize(
    ("said", "meant"),
    [("nhà bác Năm", "nam"), ("Gia đình ông Hoàng Văn Năm", "hoang van nam"), ("hộ 12", "12"), ("Năm", "nam")],
)
def test_a_person_is_known_without_words_of_kinship(said: str, meant: str) -> None:
    assert person_key(said) == meant


def test_who_is_called_like_a_word_of_kinship_keeps_the_name() -> None:
    assert person_key("bà Ba") == person_key("Ba") == "ba"
    assert person_key("nhà cô Út Em") == "ut em"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoàng Văn Năm", "hoang van nam"),
        ("Hoàng Văn Năm", "Năm Hoàng Văn"),
        ("nhà ông Hoàng Văn Năm", "bác Hoàng Văn Năm"),
        ("bác Năm", "Hoàng Văn Năm"),
        ("Hoàng Văn Năm", "Hoàng Năm"),
        ("Nông Thị Hường", "Nông Thị Hương"),
        ("Nguyễn Văn Thanh", "Nguyen Van Thah"),
        ("hộ 12", "nhà 12"),
    ],
)
def test_names_that_may_mean_one_household(one: str, other: str) -> None:
    assert are_alike(one, other)
    assert are_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoàng Văn Năm", "Nông Thị Hường"),
        ("bác Năm", "bác Sáu"),
        ("Hoàng Văn Năm", "Hoàng Thị Lan"),
        ("hộ 12", "hộ 13"),
        ("Hoàng Văn Năm 1", "Hoàng Văn Năm 2"),
        ("", "Năm"),
        ("!", "?"),
    ],
)
def test_names_that_mean_two_households(one: str, other: str) -> None:
    assert not are_alike(one, other)
    assert not are_alike(other, one)


@pytest.mark.parametrize(
    ("said", "on_record", "is_another"),
    [
        ("bác Nam", "Bác Năm", True),
        ("bác Nam", "Hoàng Văn Năm", True),
        ("bác Năm", "Hoàng Văn Năm", False),
        ("chị Hoà", "Chị Hòa", False),
        ("nhà BÁC NĂM", "bác Năm", False),
    ],
)
def test_names_of_one_key_with_other_diacritics_are_two(said: str, on_record: str, is_another: bool) -> None:
    assert contradict(said, on_record) is is_another
