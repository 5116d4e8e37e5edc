"""Codes that are typed: taken as the link that would have brought them, and nothing else is."""

from __future__ import annotations

import unicodedata

import pytest

from bot.start_code import with_command


@pytest.mark.parametrize(
    "typed",
    [
        "mã 1p12AbCdEfGh",
        "Mã: 1p12AbCdEfGh",
        " MA 1p12AbCdEfGh. ",
        unicodedata.normalize("NFD", "mã số 1p12AbCdEfGh"),
        "mã https://xa.vn/?s=1p12AbCdEfGh",
    ],
)
def test_a_typed_code_is_opened(typed: str) -> None:
    assert with_command(typed) == "/start 1p12AbCdEfGh"


@pytest.mark.parametrize(
    "text",
    [
        "1p12AbCdEfGh",
        "mã 123456",
        "mã OTP là 1p12AbCdEfGh",
        "mã 1p12AbCdEfGh giúp tôi",
        "mã 1p1",
        "/start 1p12AbCdEfGh",
    ],
)
def test_anything_else_stays_as_it_is(text: str) -> None:
    assert with_command(text) == text
