"""Whatever our texts hold, Telegram gets HTML that it takes, in parts that it takes, with nothing lost."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.markup import split_reply, split_text, to_html, utf16_length
from bot.messages import Button, Reply

MARKUP = st.sampled_from(
    ["**", "*", "[", "]", "(", ")", "](https://a.vn)", "[chữ](https://a.vn/b_(c))", "https://a.vn"]
)
SIGNS = st.sampled_from(["<", ">", "&", '"', "'", "<b>", "</b>", "&lt;", "<a href=", "\n", " ", "🙂", "ế", ". "])
MARKED_UP = st.lists(MARKUP | SIGNS | st.text(max_size=4), max_size=25).map("".join)
PROSE = st.lists(
    st.sampled_from(["chữ", "**đậm**", "**nhiều chữ đậm", "hết**", "🙂", "dài" * 15, "**", "Hết."])
    | st.text(st.characters(codec="utf-8"), max_size=6)
).flatmap(lambda words: st.sampled_from([" ", "\n", "\n\n", ". ", ""]).map(lambda gap: gap.join(words)))


class Checker(HTMLParser):
    """Reads HTML as strictly as Telegram: every tag is known, closed, and closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.text = ""
        self.links: list[str] = []
        self._open: list[str] = []
        assert "<" not in re.sub(r"</?b>|<a href=\"[^\"<>]*\">|</a>", "", text)
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "a"}
        assert tag not in self._open
        self._open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        assert "&" not in data
        self.text += data

    def handle_entityref(self, name: str) -> None:
        self.text += {"amp": "&", "lt": "<", "gt": ">"}[name]

    def handle_charref(self, name: str) -> None:
        raise AssertionError(name)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


@given(MARKED_UP)
def test_html_is_always_well_formed_and_every_sign_escaped(text: str) -> None:
    Checker(to_html(text))


@given(MARKED_UP.filter(lambda text: "](http" not in text))
def test_nothing_of_a_text_is_lost_in_html_but_the_stars(text: str) -> None:
    assert Checker(to_html(text)).text.replace("**", "") == text.replace("**", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bấm **Cài đặt** rồi **Mở**.", "Bấm <b>Cài đặt</b> rồi <b>Mở</b>."),
        ("**hai\ndòng**", "<b>hai\ndòng</b>"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("&lt;", "&amp;lt;"),
        ("2 * 3 ** 4", "2 * 3 ** 4"),
        ("**", "**"),
        ("****", "****"),
        ("Gọi 1900.0368, https://vneid.gov.vn", "Gọi 1900.0368, https://vneid.gov.vn"),
        ("[Báo](https://bao.vn/1)", '<a href="https://bao.vn/1">Báo</a>'),
        ("[A & B](https://bao.vn/?a=1&b=2)", '<a href="https://bao.vn/?a=1&amp;b=2">A &amp; B</a>'),
        ('[Báo](https://bao.vn/"x)', '<a href="https://bao.vn/%22x">Báo</a>'),
        ("[Báo](https://bao.vn/S_(1))", '<a href="https://bao.vn/S_(1)">Báo</a>'),
        ("**[Báo](https://bao.vn)**", '<b><a href="https://bao.vn">Báo</a></b>'),
        ("[Báo](javascript:alert)", "[Báo](javascript:alert)"),
        ("**a [b** c](https://bao.vn)", "<b>a [b</b> c](https://bao.vn)"),
        ("[a **b](https://bao.vn) c**", '<a href="https://bao.vn">a **b</a> c**'),
        ("[a](https://bao.vn/**b**)", '<a href="https://bao.vn/**b**">a</a>'),
    ],
)
def test_the_small_markup_in_html(text: str, shown: str) -> None:
    assert to_html(text) == shown
    Checker(shown)


@pytest.mark.parametrize(("text", "length"), [("", 0), ("abc", 3), ("tiếng", 5), ("🙂", 2), ("a🙂b", 4)])
def test_length_is_counted_as_telegram_counts(text: str, length: int) -> None:
    assert utf16_length(text) == length


# --- cutting ----------------------------------------------------------------------------------------------------------


@given(PROSE, st.integers(16, 80))
def test_no_part_is_over_the_limit_and_none_is_empty(text: str, limit: int) -> None:
    parts = list(split_text(text, limit))
    assert all(0 < utf16_length(part) <= limit for part in parts)
    assert all(part == part.strip() for part in parts)


@given(PROSE, st.integers(16, 80))
def test_only_white_space_and_stars_are_lost_or_added(text: str, limit: int) -> None:
    def letters(any_text: str) -> str:
        return re.sub(r"[\s*]", "", any_text)

    assert letters("".join(split_text(text, limit))) == letters(text)


@given(PROSE.filter(lambda text: text.count("**") % 2 == 0), st.integers(16, 80))
@example("chữchữchữhết****nhiều chữ đậm", 16)
def test_bold_that_is_cut_through_is_closed_and_opened_again(text: str, limit: int) -> None:
    assert all(part.count("**") % 2 == 0 for part in split_text(text, limit))


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_a_text_that_fits_stays_whole(text: str) -> None:
    assert list(split_text(text, 80)) == [text.strip()] * bool(text.strip())


def test_bold_goes_on_after_the_cut() -> None:
    parts = list(split_text("Bấm **Đăng nhập. Rồi Tiếp tục** nhé.", 26))
    assert parts == ["Bấm **Đăng nhập.**", "**Rồi Tiếp tục** nhé."]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Một hai. Ba bốn.\n\nNăm sáu bảy tám.", ["Một hai. Ba bốn.", "Năm sáu bảy tám."]),
        ("Một hai ba. Bốn\nnăm sáu bảy tám.", ["Một hai ba. Bốn", "năm sáu bảy tám."]),
        ("Một hai ba! Bốn năm sáu bảy tám.", ["Một hai ba!", "Bốn năm sáu bảy tám."]),
        ("Một hai ba? Bốn năm sáu bảy tám.", ["Một hai ba?", "Bốn năm sáu bảy tám."]),
        ("Một hai ba… Bốn năm sáu bảy tám.", ["Một hai ba…", "Bốn năm sáu bảy tám."]),
        ('Bảo "hai ba." Bốn năm sáu bảy.', ['Bảo "hai ba."', "Bốn năm sáu bảy."]),
        ("Bấm **hai.** Bốn năm sáu bảy.", ["Bấm **hai.**", "Bốn năm sáu bảy."]),
        ("Dạ.\n\nMột hai ba bốn năm sáu bảy.", ["Dạ.\n\nMột hai ba bốn", "năm sáu bảy."]),
        ("Gọi 1900.0368 hay 18001096 nhé", ["Gọi 1900.0368 hay", "18001096 nhé"]),
        ("a" * 30, ["a" * 22, "a" * 8]),
        ("🙂" * 15, ["🙂" * 11, "🙂" * 4]),
    ],
)
def test_a_text_is_cut_where_a_reader_would_pause(text: str, parts: list[str]) -> None:
    assert list(split_text(text, 24)) == parts


def test_a_long_message_for_telegram_ends_its_parts_with_sentences() -> None:
    sentences = [f"Câu số {number} nói về VNeID và các loại giấy tờ." for number in range(200)]
    parts = list(split_text(" ".join(sentences), 4096))

    assert len(parts) == 3
    assert all(part.endswith("giấy tờ.") for part in parts)
    assert all(part.startswith("Câu số") for part in parts)
    assert all(utf16_length(part) > 4000 for part in parts[:-1])


BUTTONS = ((Button("Lệ phí", "s:vneid.install:2"),),)


def test_a_reply_that_fits_is_one_message() -> None:
    reply = Reply("Cài VNeID.", BUTTONS, "Nguồn: báo.")
    assert split_reply(reply, 40) == [reply]


def test_buttons_and_sources_come_with_the_last_part() -> None:
    parts = split_reply(Reply("Một hai ba bốn. Năm sáu bảy tám.", BUTTONS, "Nguồn."), 28)
    assert parts == [Reply("Một hai ba bốn."), Reply("Năm sáu bảy tám.", BUTTONS, "Nguồn.")]


def test_sources_that_don_t_fit_below_the_text_get_a_message_of_their_own() -> None:
    parts = split_reply(Reply("Một hai ba bốn.", BUTTONS, "Nguồn: báo."), 27)
    assert parts == [Reply("Một hai ba bốn."), Reply("", BUTTONS, "Nguồn: báo.")]


def test_text_and_sources_may_fill_a_message_to_the_last_sign() -> None:
    reply = Reply("Một hai ba bốn.", BUTTONS, "Nguồn: báo.")
    assert split_reply(reply, 15 + 2 + 11) == [reply]


def test_sources_alone_are_one_message() -> None:
    assert split_reply(Reply("", BUTTONS, "Nguồn: báo."), 40) == [Reply("", BUTTONS, "Nguồn: báo.")]
