"""Pictures are drawn when they are sent: a QR code that decodes, a chart with Vietnamese numbers."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.messages import Picture
from bot.pictures import draw, number


def test_a_qr_code_is_black_on_white_with_its_quiet_zone() -> None:
    image = Image.open(io.BytesIO(draw(Picture("qr", "Mã", text="https://t.me/bot?start=1iabc")))).convert("L")
    width, height = image.size
    assert width == height
    assert {image.getpixel((x, y)) for x in range(width) for y in range(48)} == {255}
    assert image.getextrema() == (0, 255)


@pytest.mark.parametrize("values", [(), (0,), (12, 5, 1234.5)])
def test_a_chart_grows_with_its_bars(values: tuple[float, ...]) -> None:
    labels = tuple(f"Ấp {place}" for place in range(len(values)))
    image = Image.open(io.BytesIO(draw(Picture("bars", "Tháng 11/2026", labels, values, target=900))))
    assert image.format == "PNG"
    assert image.width == 800
    assert image.height > 130


@pytest.mark.parametrize(("value", "shown"), [(1234, "1.234"), (12.5, "12,5"), (0, "0"), (1234567.25, "1.234.567,2")])
def test_numbers_are_written_as_vietnamese_do(value: float, shown: str) -> None:
    assert number(value) == shown
