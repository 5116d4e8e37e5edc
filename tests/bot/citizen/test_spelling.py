"""Letters lose their signs and nothing else, whichever way they were typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citizen.spelling import strip_diacritics


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Mật khẩu", "Mat khau"),
        ("Đường đi Đồng Nai", "Duong di Dong Nai"),
        ("hoà, hòa, thuỷ, thủy", "hoa, hoa, thuy, thuy"),
        ("ĂÂÊÔƠƯ ăâêôơư", "AAEOOU aaeoou"),
        ("VNeID mức 2, 50.000đ", "VNeID muc 2, 50.000d"),
        ("", ""),
    ],
)
def test_signs_go_and_letters_stay(text: str, bare: str) -> None:
    assert strip_diacritics(text) == bare
    assert strip_diacritics(unicodedata.normalize("NFD", text)) == bare


VIETNAMESE = st.text("aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ ")


@given(VIETNAMESE)
def test_of_vietnamese_only_plain_letters_are_left(text: str) -> None:
    bare = strip_diacritics(text)
    assert bare.isascii()
    assert len(bare) == len(text)
    assert strip_diacritics(bare) == bare
