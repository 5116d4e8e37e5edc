"""Plain text search finds what a text is about, without diacritics too, and finds nothing in what is about nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citizen.search import TextSearch
from bot.citizen.spelling import strip_diacritics
from content.library import Library
from tests.support.articles import library_of


@pytest.fixture(scope="module")
def search(small: Library) -> TextSearch:
    return TextSearch(small)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("quên mật khẩu vneid", "vneid.forgot_password"),
        ("QUÊN MẬT KHẨU!!!", "vneid.forgot_password"),
        ("quen mat khau vneid", "vneid.forgot_password"),
        ("dạ cho tôi hỏi máy tôi chưa có vneid", "vneid.install"),
        ("đổi thẻ căn cước ở đâu", "cccd.renew"),
        ("dấu hiệu lừa đảo", "scam.check"),
        ("gặp cán bộ", "help.human"),
    ],
)
def test_the_likeliest_topic_comes_first(search: TextSearch, text: str, topic: str) -> None:
    assert search.rank(text).ranking[0].intent == topic


def test_it_says_that_it_is_no_rasa(search: TextSearch) -> None:
    assert search.rank("quên mật khẩu").by == "search"


def test_an_article_s_own_question_is_the_same_as_itself(search: TextSearch) -> None:
    best = search.rank("Lấy lại mật khẩu VNeID thế nào").ranking[0]
    assert best.intent == "vneid.forgot_password"
    assert best.confidence == pytest.approx(1.0)


def test_each_topic_comes_once(search: TextSearch) -> None:
    topics = [guess.intent for guess in search.rank("VNeID mật khẩu căn cước lừa đảo cán bộ").ranking]
    assert len(topics) == len(set(topics)) > 3


@pytest.mark.parametrize("text", ["", "   ", "?!", "xyzzy"])
def test_what_is_about_nothing_finds_nothing(search: TextSearch, text: str) -> None:
    assert search.rank(text).ranking == ()


def test_words_about_something_else_make_a_text_less_like_an_article(search: TextSearch) -> None:
    short = search.rank("quên mật khẩu").ranking[0]
    lost_in_others = search.rank("quên mật khẩu của con mèo nhà hàng xóm hôm qua bị ốm nặng").ranking[0]
    assert lost_in_others.confidence < short.confidence / 2


@given(st.text(max_size=80))
def test_whatever_is_typed_likeness_is_between_0_and_1_best_first(search: TextSearch, text: str) -> None:
    ranking = search.rank(text).ranking
    confidences = [guess.confidence for guess in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 < confidence <= 1 for confidence in confidences)


@pytest.mark.parametrize("text", ["quên mật khẩu", "ĐỔI THẺ CĂN CƯỚC", "lừa đảo"])
def test_diacritics_and_capitals_make_no_difference(search: TextSearch, text: str) -> None:
    assert search.rank(text) == search.rank(strip_diacritics(text).lower())


def test_a_library_without_articles_finds_nothing(library: Library) -> None:
    assert TextSearch(library_of(library)).rank("quên mật khẩu").ranking == ()


def test_of_the_shipped_articles_each_is_found_by_its_own_title(library: Library) -> None:
    search = TextSearch(library)
    best_three = {
        one.id: {guess.intent for guess in search.rank(strip_diacritics(one.title)).ranking[:3]}
        for one in library.articles.values()
    }
    assert [topic for topic, found in best_three.items() if topic not in found] == []
