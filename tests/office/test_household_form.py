"""The printed form: what stands on it, for every household a page, and a code that a camera reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from content.library import Library
from db.links import MOST_CHARACTERS
from office.household_form import FLAGS, FormHousehold, make_forms
from tests.support.pdf_pages import SCREEN, PdfPages

DAY = date(2026, 11, 27)
TELEGRAM = "https://t.me/daisuso_sangmoc_bot?start=1g123456AbCdEfGh"
LONGEST = f"https://daisuso.sangmoc.thainguyen.gov.vn/?s={'1g' + 'x' * (MOST_CHARACTERS - 2)}"
NAM = FormHousehold(
    "Khuổi Mèo", "bác Nguyễn Thị Đào Hạnh Phượng", "12", 5, 3, frozenset({"is_poor"}), {"identity": 2}, TELEGRAM
)  # fmt: skip


def printed(library: Library, *households: FormHousehold) -> PdfPages:
    texts = library.texts
    commune = library.communes["sang-moc"]
    content = make_forms(households, commune=commune, texts=texts.household_form, log=texts.log, printed_on=DAY)
    return PdfPages(content)


def test_every_household_has_a_page_of_its_own(library: Library) -> None:
    forms = printed(library, NAM, replace(NAM, name="Lê Văn Tám"))
    assert len(forms) == 2
    assert "bác Nguyễn Thị Đào Hạnh Phượng" in forms.text(0)
    assert "Lê Văn Tám" in forms.text(1)
    assert forms.size() == pytest.approx((595.3, 841.9), abs=0.1)  # A4


def test_the_four_pillars_groups_outcomes_and_the_warning_stand_on_it(library: Library) -> None:
    text = printed(library, NAM).text()
    texts = library.texts
    wanted = [*texts.household_form.pillars.values(), *texts.log.outcomes.values(), texts.household_form.warning]
    assert [words for words in wanted if words not in text] == []
    assert "Không ghi số CCCD, mật khẩu, mã OTP" in text


@pytest.mark.parametrize("address", [TELEGRAM, LONGEST])
def test_the_code_is_read_even_off_a_coarse_picture(library: Library, address: str) -> None:
    page = printed(library, replace(NAM, address=address))
    assert page.code(0, SCREEN if address == TELEGRAM else 2 * SCREEN) == address


def test_a_blank_form_has_no_code_and_names_nobody(library: Library) -> None:
    page = printed(library, FormHousehold())
    assert page.code() == ""
    assert "Phiếu trống" in page.text()
    assert "/ghi" in page.text()


def test_long_names_stay_on_the_page(library: Library) -> None:
    page = printed(
        library, FormHousehold("x " * 60, "Tên rất dài " * 10, "123A", 999, 999, frozenset(FLAGS), {}, TELEGRAM)
    )
    assert "…" in page.text()
    assert page.right_edge() <= page.size()[0]
    assert page.code() == TELEGRAM


def test_nobody_to_print_for_is_a_mistake_of_the_caller(library: Library) -> None:
    with pytest.raises(ValueError, match="no household"):
        printed(library)
