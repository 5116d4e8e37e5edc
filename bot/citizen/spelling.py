"""Texts as they are typed on a keyboard without Vietnamese."""

from __future__ import annotations

import unicodedata


def strip_diacritics(text: str) -> str:
    """ "Mật khẩu" -> "Mat khau", "đ" -> "d"."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
