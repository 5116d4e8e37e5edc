"""What printed pages are drawn with: bundled fonts, fitting texts, QR codes. PDF; points from the lower left corner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import qrcode
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path(__file__).parent / "fonts"
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"


@cache
def register_fonts() -> None:
    """Makes PLAIN and BOLD known; before the first text."""
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))


def length(text: str, size: float, font: str = PLAIN) -> float:
    """How wide a text is."""
    width: float = pdfmetrics.stringWidth(text, font, size)
    return width


def wrapped(text: str, size: float, room: float, font: str = PLAIN) -> list[str]:
    """A text in lines that have room, if no single word is too long."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and length(longer, size, font) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def fitting(
    text: str, sizes: tuple[float, float], room: float, most_lines: int = 1, font: str = PLAIN
) -> tuple[float, list[str]]:
    """The largest size between the second and the first at which a text has room in so many lines, and the lines.

    If it has none even at the smallest, it is cut, and ends in an ellipsis.
    """
    size, smallest = sizes
    while True:
        lines = wrapped(text, size, room, font)
        if len(lines) <= most_lines and all(length(line, size, font) <= room for line in lines):
            return size, lines
        if size <= smallest:
            return size, [_cut(line, size, room, font) for line in _last_open(lines, most_lines)]
        size = max(size - 0.5, smallest)


def draw_code(canvas: Canvas, address: str, x: float, y: float, side: float, *, correction: int, quiet: int) -> None:
    """An address as a QR code with its lower left corner there; `side` has the quiet zone of so many dots in it."""
    code = qrcode.QRCode(error_correction=correction, border=quiet)
    code.add_data(address)
    matrix: list[list[bool]] = code.get_matrix()
    dot = side / len(matrix)
    for row, dots in enumerate(matrix):
        for start, count in _runs(dots):
            canvas.rect(x + start * dot, y + side - (row + 1) * dot, count * dot, dot, stroke=0, fill=1)


def _runs(dots: Sequence[bool]) -> Iterable[tuple[int, int]]:
    """Dark stretches of a row, as (start, length): without the hairlines that show between single squares."""
    start = None
    for place, is_dark in enumerate([*dots, False]):
        if is_dark and start is None:
            start = place
        elif not is_dark and start is not None:
            yield start, place - start
            start = None


def _last_open(lines: list[str], most: int) -> list[str]:
    """As many lines as allowed; what they lose shows at the end of the last."""
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"]


def _cut(line: str, size: float, room: float, font: str) -> str:
    while len(line) > 1 and length(line, size, font) > room:
        line = f"{line[:-2].rstrip()}…"
    return line
