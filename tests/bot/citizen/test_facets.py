"""A question's side is recognised with and without diacritics; one that names no topic means the topic before."""

from __future__ import annotations

import pytest

from bot.citizen.facets import find_facet, is_only_a_facet
from bot.citizen.spelling import strip_diacritics
from content.article import HEADINGS

FOLLOW_UPS = [
    ("lệ phí bao nhiêu", "Lệ phí"),
    ("thế lệ phí bao nhiêu ạ?", "Lệ phí"),
    ("hết bao nhiêu tiền", "Lệ phí"),
    ("mất bao nhiêu tiền vậy cháu", "Lệ phí"),
    ("có mất phí không", "Lệ phí"),
    ("có tốn tiền không em", "Lệ phí"),
    ("miễn phí không", "Lệ phí"),
    ("thế còn lệ phí thì sao", "Lệ phí"),
    ("mất bao lâu", "Thời gian"),
    ("bao lâu thì xong", "Thời gian"),
    ("bao lâu mới lấy được vậy", "Thời gian"),
    ("mấy ngày thì có", "Thời gian"),
    ("khi nào lấy được", "Thời gian"),
    ("làm ở đâu", "Ở đâu"),
    ("thế phải đi đâu", "Ở đâu"),
    ("nộp chỗ nào", "Ở đâu"),
    ("địa chỉ ở đâu", "Ở đâu"),
    ("cần giấy tờ gì", "Giấy tờ"),
    ("cần mang giấy tờ gì", "Giấy tờ"),
    ("phải mang theo những gì", "Giấy tờ"),
    ("phải chuẩn bị giấy tờ gì", "Giấy tờ"),
    ("hồ sơ gồm những gì ạ", "Giấy tờ"),
    ("còn giấy tờ thì sao", "Giấy tờ"),
    ("các bước thế nào", "Các bước"),
    ("làm thế nào", "Các bước"),
    ("giờ phải làm sao", "Các bước"),
    ("bây giờ làm thế nào", "Các bước"),
    ("hướng dẫn bác với", "Các bước"),
]

NEW_QUESTIONS = [
    ("lệ phí làm căn cước bao nhiêu", "Lệ phí"),
    ("đăng ký tạm trú ở đâu", "Ở đâu"),
    ("làm hộ chiếu mất bao lâu", "Thời gian"),
    ("đổi bằng lái xe cần giấy tờ gì", "Giấy tờ"),
    ("quên mật khẩu làm sao", "Các bước"),
    ("bị lừa thì phải làm sao", "Các bước"),
    ("nộp hồ sơ trên mạng ở đâu hết bao nhiêu tiền", "Ở đâu"),
]

NO_FACETS = ["VNeID là gì", "chào cháu", "cảm ơn", "", "???", "quên mật khẩu", "phim hay", "không", "thẻ căn cước"]


@pytest.mark.parametrize(("text", "heading"), [*FOLLOW_UPS, *NEW_QUESTIONS])
def test_the_side_asked_for_is_recognised(text: str, heading: str) -> None:
    assert find_facet(text) == heading
    assert find_facet(strip_diacritics(text)) == heading
    assert find_facet(text.upper()) == heading
    assert heading in HEADINGS


@pytest.mark.parametrize(("text", "_"), FOLLOW_UPS)
def test_without_a_topic_it_is_a_follow_up(text: str, _: str) -> None:
    assert is_only_a_facet(text)
    assert is_only_a_facet(strip_diacritics(text))


@pytest.mark.parametrize(("text", "_"), NEW_QUESTIONS)
def test_with_a_topic_it_is_a_question_of_its_own(text: str, _: str) -> None:
    assert not is_only_a_facet(text)
    assert not is_only_a_facet(strip_diacritics(text))


@pytest.mark.parametrize("text", NO_FACETS)
def test_other_texts_ask_for_no_side(text: str) -> None:
    assert find_facet(text) is None
    assert not is_only_a_facet(text)
