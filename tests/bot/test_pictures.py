"""Pictures are drawn when they are sent: a QR code that decodes, a chart with Vietnamese numbers."""

from __future__ import annotations

import io
import subprocess
import sys

import cv2
import numpy
import pytest
from PIL import Image

from bot.messages import Picture
from bot.pictures import draw


def test_a_qr_code_is_black_on_white_with_its_quiet_zone() -> None:
    image = Image.open(io.BytesIO(draw(Picture("qr", "Mã", text="https://t.me/bot?start=1iabc")))).convert("L")
    width, height = image.size
    assert width == height
    assert {image.getpixel((x, y)) for x in range(width) for y in range(48)} == {255}
    assert image.getextrema() == (0, 255)


@pytest.mark.parametrize(
    "text", ["https://t.me/daisuso_bot?start=1iabcDEF_-9", f"http://localhost:8080/#start={'x' * 60}", "Ấp Đồng Xê"]
)
def test_a_camera_reads_off_a_qr_code_what_it_is_for(text: str) -> None:
    seen = cv2.imdecode(numpy.frombuffer(draw(Picture("qr", "Mã", text=text)), numpy.uint8), cv2.IMREAD_GRAYSCALE)
    assert seen is not None
    small = cv2.resize(seen, (200, 200), interpolation=cv2.INTER_AREA)
    assert cv2.QRCodeDetectorAruco().detectAndDecode(small)[0] == text


@pytest.mark.filterwarnings("error")
def test_names_of_any_length_and_letters_are_drawn_as_they_are() -> None:
    """A dollar begins a formula in the drawing library; a letter without a glyph would warn."""
    picture = Picture("bars", "Hộ ông $Bảy$ " * 9, ("ấp $\\frac{", "Ữ ẵ ỡ ộ ự đ " * 30), (1, 2))
    assert Image.open(io.BytesIO(draw(picture))).width == 800


def test_the_drawing_library_is_loaded_only_when_a_chart_is_drawn() -> None:
    code = "import sys, bot.app; assert 'matplotlib' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("values", [(), (0,), (12, 5, 1234.5)])
def test_a_chart_grows_with_its_bars(values: tuple[float, ...]) -> None:
    labels = tuple(f"Ấp {place}" for place in range(len(values)))
    image = Image.open(io.BytesIO(draw(Picture("bars", "Tháng 11/2026", labels, values, target=900))))
    assert image.format == "PNG"
    assert image.width == 800
    assert image.height > 130
