"""Posters and name cards: what stands on them, and a code that cameras read in every size, also off a copy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import qrcode

from content.commune import Commune, Contact
from content.library import Library
from db.links import MOST_CHARACTERS
from office.poster_words import PosterFacts, telegram_in, typed_site
from office.posters import Size, make_poster
from tests.support.pdf_pages import SCREEN, PdfPages

DAY = date(2026, 11, 27)
TELEGRAM = "https://t.me/daisuso_tanloi_bot?start=1p123AbCdEfGh"
LONGEST = f"https://daisuso.tanloi.dongnai.gov.vn/?s={'1p' + 'x' * (MOST_CHARACTERS - 2)}"
FACTS = PosterFacts(
    TELEGRAM, "https://daisuso.tanloi.dongnai.gov.vn", "daisuso_tanloi_bot", "ấp 3", None, 123, "Nhà văn hóa ấp 3"
)
OFFICE = Contact(phone="0271 3888 999", address="Quốc lộ 14, ấp 4", hours="7 giờ 30 - 17 giờ")
POSTERS = [Size.A3, Size.A4, Size.A5]
PAPER = {Size.A3: (842, 1191), Size.A4: (595, 842), Size.A5: (420, 595), Size.CARDS: (595, 842)}
SEEN_AT = {Size.A3: SCREEN * 0.6, Size.A4: SCREEN, Size.A5: SCREEN * 1.2, Size.CARDS: SCREEN * 1.8}
"""Fewer dots than any telephone makes of the page: 43, 72, 86 and 130 an inch."""


def printed(library: Library, size: Size, facts: PosterFacts = FACTS, office: Contact = OFFICE) -> PdfPages:
    commune: Commune = library.communes["tan-loi"].model_copy(update={"office": office})
    return PdfPages(make_poster(facts, size, commune=commune, texts=library.texts.posters, printed_on=DAY))


@pytest.mark.parametrize("is_copied", [False, True], ids=["as printed", "copied in black and white"])
@pytest.mark.parametrize("size", Size)
def test_the_code_is_read_off_a_coarse_picture_of_every_size(library: Library, size: Size, is_copied: bool) -> None:
    said = printed(library, size).codes(scale=SEEN_AT[size], is_copied=is_copied)
    assert said == [TELEGRAM] * (10 if size is Size.CARDS else 1)


@pytest.mark.parametrize("size", Size)
def test_the_longest_address_there_can_be_is_read_too(library: Library, size: Size) -> None:
    page = printed(library, size, replace(FACTS, address=LONGEST))
    assert set(page.codes(scale=SEEN_AT[size] * 1.6, is_copied=True)) == {LONGEST}


@pytest.mark.parametrize("size", POSTERS)
def test_nothing_stands_within_four_dots_of_the_code(library: Library, size: Size) -> None:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_H, border=0)
    code.add_data(TELEGRAM)
    dots = len(code.get_matrix())
    assert printed(library, size).margin(dots) >= 4


@pytest.mark.parametrize("size", Size)
def test_what_must_stand_on_it_does_on_paper_of_the_right_size(library: Library, size: Size) -> None:
    page = printed(library, size)
    assert len(page) == 1
    assert page.size() == pytest.approx(PAPER[size], abs=1)
    assert page.right_edge() <= page.size()[0]
    text = " ".join(page.text().split())
    wanted = ["Hỏi Đại sứ số", "Ấp 3, xã Tân Lợi", *library.texts.posters.lines, "Không bao giờ hỏi mã OTP, mật khẩu"]
    wanted += ["@daisuso_tanloi_bot", "daisuso.tanloi.dongnai.gov.vn"]
    if size is not Size.CARDS:
        wanted += ["Tổ công nghệ số cộng đồng xã Tân Lợi", "0271 3888 999", "Áp phích số 123 · Nhà văn hóa ấp 3"]
    assert [words for words in wanted if words not in text] == []


@pytest.mark.parametrize("size", Size)
def test_a_poster_about_a_topic_says_what_its_article_tells(library: Library, size: Size) -> None:
    article = library.articles["vneid.forgot_password"]
    text = " ".join(printed(library, size, replace(FACTS, article=article, hamlet="")).text().split())
    sections = library.texts.posters.sections
    assert article.title in text
    assert "Xã Tân Lợi, tỉnh Đồng Nai" in text
    assert [sections[one.heading] for one in article.sections[:3] if sections[one.heading] not in text] == []


@pytest.mark.parametrize("size", [Size.A4, Size.CARDS])
def test_whatever_it_says_lines_stand_apart_and_on_the_page(library: Library, size: Size) -> None:
    long_named = replace(FACTS, place="x " * 60, hamlet="ấp " + "Đồng " * 9, telegram="daisuso_tanloi_dongnai_bot")
    longest = max(library.articles.values(), key=lambda one: len(one.title))
    for facts, article in (
        (FACTS, None),
        (FACTS, library.articles["vneid.forgot_password"]),
        (long_named, None),
        (long_named, longest),
    ):
        page = printed(library, size, replace(facts, article=article))
        assert page.overlaps() == [], article
        assert page.right_edge() <= page.size()[0]
        assert set(page.codes(scale=SEEN_AT[size])) == {TELEGRAM}


def test_what_is_not_known_is_not_said(library: Library) -> None:
    local = replace(FACTS, address="http://localhost:8080/?s=1p1AbCdEfGh", site="http://localhost:8080", telegram=None)
    text = printed(library, Size.A4, local, Contact()).text()
    assert "localhost" not in text
    assert "Telegram" not in text
    assert "Cần gặp cán bộ: UBND xã Tân Lợi" in text


def test_addresses_are_shortened_to_what_people_type() -> None:
    assert typed_site("https://daisuso.tanloi.vn/") == "daisuso.tanloi.vn"
    assert typed_site("https://xa.vn/daisuso/") == "xa.vn/daisuso"
    assert typed_site("http://127.0.0.1:8080") == ""
    assert telegram_in((TELEGRAM, "https://xa.vn/?s=1")) == "daisuso_tanloi_bot"
    assert telegram_in(("https://xa.vn/?s=1",)) is None
