"""Telex and VNI keys left in a text are read as the marks they stand for."""

import pytest
from components.keyboard import decode


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("maatj", "mật"),
        ("khaaur", "khẩu"),
        ("ddooir", "đổi"),
        ("hojwp", "hợp"),
        ("dduwowngf", "đường"),
        ("nguwowif", "người"),
        ("quyeenf", "quyền"),
        ("quys", "quý"),
        ("gias", "giá"),
        ("vaof", "vào"),
        ("baso", "báo"),
        ("thoaij", "thoại"),
        ("ma65t", "mật"),
        ("kha63u", "khẩu"),
        ("d9ie65n", "điện"),
    ],
)
def test_keys_become_marks(typed: str, meant: str) -> None:
    assert decode(typed) == meant


@pytest.mark.parametrize(
    "word",
    [
        "mật",
        "khong",
        "tre",
        "pass",
        "app",
        "zalo",
        "facebook",
        "vneid",
        "wifi",
        "sms",
        "otp",
        "text",
        "ct07",
        "50k",
        "1900",
        "",
        "ư",
    ],
)
def test_other_words_stay_as_they_are(word: str) -> None:
    assert decode(word) == word


def test_a_syllable_that_ends_in_a_stop_takes_only_two_tones() -> None:
    assert decode("matf") == "matf"
