"""The certificate as a picture: A5, every line inside the frame, however long the name is."""

from __future__ import annotations

import io

import numpy
import pytest
from PIL import Image

from bot.certificate_picture import ROOM, WIDTH
from bot.messages import Picture
from bot.pictures import draw
from content.library import Library

GOLD = (184, 134, 11)
EDGE = (WIDTH - ROOM) // 2


def certificate(library: Library, name: str) -> Image.Image:
    texts = library.texts.certificate
    lines = (
        "ĐẠI SỨ SỐ", texts.picture_title, texts.picture_before_name, name, texts.picture_course, texts.picture_content,
        "Xã Tân Lợi, ngày 22 tháng 11 năm 2026", texts.picture_small_print,
    )  # fmt: skip
    return Image.open(io.BytesIO(draw(Picture("certificate", "Giấy chứng nhận", lines))))


@pytest.mark.parametrize(
    "name", ["An", "Hoàng Thị Năm", "Nguyễn Phạm Hoàng Thị Quỳnh Phương Khánh Ngọc", "Ữ" * 48, "Ễ " + "M" * 46]
)
def test_a_name_of_any_length_stays_between_the_ornaments(library: Library, name: str) -> None:
    image = certificate(library, name)
    assert (image.format, image.size) == ("PNG", (1654, 1165))
    assert [round(dots) for dots in image.info["dpi"]] == [200, 200]
    rows = numpy.asarray(image.convert("RGB"))[430:600, 90 : WIDTH - 90]
    gold = numpy.nonzero((rows == GOLD).all(axis=2))[1] + 90
    assert gold.size
    assert gold.min() >= EDGE - 2
    assert gold.max() <= WIDTH - EDGE + 2


def test_it_says_that_it_is_no_certificate_of_the_state(library: Library) -> None:
    texts = library.texts.certificate
    assert "Không phải văn bằng, chứng chỉ của Nhà nước" in texts.picture_small_print
    assert "Không phải chứng chỉ của Nhà nước" in texts.picture_alt
