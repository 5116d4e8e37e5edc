"""Two questions in one short message are told apart; a story is left whole."""

from __future__ import annotations

import pytest

from bot.citizen.clauses import clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "làm căn cước hết bao nhiêu tiền, với lại quên mật khẩu vneid thì làm sao",
            ["làm căn cước hết bao nhiêu tiền", "với lại quên mật khẩu vneid thì làm sao"],
        ),
        ("lam ho chieu o dau va doi bang lai xe the nao", ["lam ho chieu o dau", "va doi bang lai xe the nao"]),
        ("quên mật khẩu vneid. mất thẻ căn cước nữa", ["quên mật khẩu vneid", "mất thẻ căn cước nữa"]),
    ],
)
def test_two_questions_are_two(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "quên mật khẩu vneid",
        "chào bác. quên mật khẩu vneid rồi",
        "làm hộ chiếu online gồm những bước nào và lệ phí bao nhiêu?",
        "đổi sim rồi mà vneid cứ gửi mã về số cũ, chỉnh sao ạ",
        "Hôm qua tôi ra xã làm căn cước. " + "Trời mưa đường trơn quá. " * 6 + "Giờ quên mật khẩu vneid.",
        "",
    ],
)
def test_one_question_stays_one(text: str) -> None:
    assert clauses(text) == []
