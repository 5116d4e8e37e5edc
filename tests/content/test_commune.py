"""A commune's own names and numbers stand where articles have placeholders; what it has not told is never guessed."""

from __future__ import annotations

from datetime import time

import pytest
from pydantic import ValidationError

from content.commune import PLACEHOLDERS, Commune, Contact

TAN_LOI = Commune(slug="tan-loi", name="xã Tân Lợi", province="tỉnh Đồng Nai", hamlet_word="ấp")


def test_names_are_filled_in() -> None:
    text = "Ở {xa}, hỏi {to_cong_nghe}, trưởng {thon}, {cong_an_xa} hoặc {trung_tam}."
    assert TAN_LOI.fill(text) == (
        "Ở xã Tân Lợi, hỏi tổ công nghệ số của ấp, trưởng ấp, Công an xã Tân Lợi"
        " hoặc Trung tâm Phục vụ hành chính công xã Tân Lợi."
    )


def test_telephone_numbers_stand_beside_the_names_where_they_are_known() -> None:
    commune = TAN_LOI.model_copy(
        update={"police": Contact(phone="0251 3 123 456"), "service_centre": Contact(phone="0251 3 654 321")}
    )
    assert commune.fill("{cong_an_xa}; {trung_tam}") == (
        "Công an xã Tân Lợi (0251 3 123 456); Trung tâm Phục vụ hành chính công xã Tân Lợi (0251 3 654 321)"
    )


def test_the_contact_sentence_tells_all_that_is_known() -> None:
    office = Contact(phone="0251 3 111 222", address="ấp 3", hours="7h30 đến 16h30")
    commune = TAN_LOI.model_copy(update={"office": office})
    assert commune.fill("{lien_he}") == (
        "UBND xã Tân Lợi, tỉnh Đồng Nai: địa chỉ ấp 3, điện thoại 0251 3 111 222, giờ làm việc 7h30 đến 16h30."
    )


def test_the_contact_sentence_leaves_out_what_is_not_known() -> None:
    commune = TAN_LOI.model_copy(update={"office": Contact(address="ấp 3")})
    assert commune.fill("{lien_he}") == "UBND xã Tân Lợi, tỉnh Đồng Nai: địa chỉ ấp 3."


def test_without_any_contact_it_says_so_and_whom_to_ask() -> None:
    assert TAN_LOI.fill("{lien_he}") == (
        "UBND xã Tân Lợi, tỉnh Đồng Nai (xã chưa đưa số điện thoại và giờ làm việc lên đây, nên hỏi trưởng ấp)."
    )


def test_every_placeholder_that_articles_may_use_is_filled() -> None:
    filled = TAN_LOI.fill(" ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS)))
    assert "{" not in filled


def test_other_braces_stay_as_they_are() -> None:
    assert TAN_LOI.fill("{khac} {} {XA} {xa") == "{khac} {} {XA} {xa"


@pytest.mark.parametrize("slug", ["Tan-Loi", "tân-lợi", "tan loi", "tan--loi", "-tan", ""])
def test_a_slug_is_plain_small_letters(slug: str) -> None:
    with pytest.raises(ValidationError):
        Commune(slug=slug, name="xã Tân Lợi", province="tỉnh Đồng Nai", hamlet_word="ấp")


@pytest.mark.parametrize(
    ("begins", "ends", "quiet", "not_quiet"),
    [
        (time(21), time(6, 30), ["21:00", "23:59", "00:00", "06:29"], ["06:30", "12:00", "20:59"]),
        (time(12), time(14), ["12:00", "13:59"], ["11:59", "14:00", "00:00"]),
        (time(0), time(0), [], ["00:00", "12:00"]),
    ],
)
def test_quiet_hours_may_go_over_midnight_or_be_none(
    begins: time, ends: time, quiet: list[str], not_quiet: list[str]
) -> None:
    commune = TAN_LOI.model_copy(update={"quiet_from": begins, "quiet_until": ends})
    assert [hour for hour in (*quiet, *not_quiet) if commune.is_quiet(time.fromisoformat(hour))] == quiet


def test_an_hour_without_quotes_is_refused_for_yaml_reads_it_as_another() -> None:
    with pytest.raises(ValidationError, match="ngoặc kép"):
        Commune.model_validate(TAN_LOI.model_dump() | {"quiet_from": 1260})
