"""The spellings of Vietnamese chat come to one."""

import pytest
from components.normalise import normalise, strip_diacritics


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Quên MẬT KHẨU", "quên mật khẩu"),
        ("hoà bình", "hòa bình"),
        ("thuý", "thúy"),
        ("quý khách", "quý khách"),
        ("khoẻ", "khỏe"),
        ("toàn", "toàn"),
        ("alooooo", "alo"),
        ("ko đc", "không được"),
        ("mk vneid", "mật khẩu vneid"),
        ("mức 1", "mức 1"),
        ("50k", "50k"),
        ("vào https://vneid.gov.vn/abc nhé", "vào link nhé"),
        ("mâ\u0323t", "mật"),
        ("", ""),
        ("👍", "👍"),
    ],
)
def test_one_spelling_for_what_is_meant_alike(typed: str, read: str) -> None:
    assert normalise(typed) == read


def test_normalising_twice_changes_nothing() -> None:
    once = normalise("Em ơiiii, mk VNeID của e bị quên r thì lm ntn ạ???")
    assert normalise(once) == once


def test_diacritics_are_stripped_as_a_plain_keyboard_would_type() -> None:
    assert strip_diacritics("Đăng ký định danh mức hai") == "Dang ky dinh danh muc hai"
