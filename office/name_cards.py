"""Sheets of ten name cards, 90 x 55 mm each, with marks where to cut."""

from __future__ import annotations

from collections.abc import Iterator

import qrcode
from reportlab.lib.colors import black, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from office.drawing import BOLD, PLAIN, draw_code, fitting
from office.poster_words import PosterWords

WIDTH, HEIGHT = 90 * mm, 55 * mm
COLUMNS, ROWS = 2, 5
CODE = 37 * mm
QUIET = 4
_X, _Y = (A4[0] - COLUMNS * WIDTH) / 2, (A4[1] - ROWS * HEIGHT) / 2
_EDGE = 4 * mm
_MARK = 6 * mm
_ARM = 1.5 * mm


def places_of_cards() -> Iterator[tuple[float, float]]:
    """The lower left corners, in reading order."""
    for row in reversed(range(ROWS)):
        for column in range(COLUMNS):
            yield _X + column * WIDTH, _Y + row * HEIGHT


def draw_cut_marks(canvas: Canvas) -> None:
    """Lines at the sheet's edges, and a small cross where four cards meet."""
    columns = [_X + column * WIDTH for column in range(COLUMNS + 1)]
    rows = [_Y + row * HEIGHT for row in range(ROWS + 1)]
    canvas.setStrokeColor(black)
    canvas.setLineWidth(0.3)
    for x in columns:
        canvas.line(x, rows[0] - _MARK, x, rows[0] - 1 * mm)
        canvas.line(x, rows[-1] + 1 * mm, x, rows[-1] + _MARK)
    for y in rows:
        canvas.line(columns[0] - _MARK, y, columns[0] - 1 * mm, y)
        canvas.line(columns[-1] + 1 * mm, y, columns[-1] + _MARK, y)
    for x in columns:
        for y in rows:
            canvas.line(x - _ARM, y, x + _ARM, y)
            canvas.line(x, y - _ARM, x, y + _ARM)


def draw_card(canvas: Canvas, words: PosterWords, x: float, y: float) -> None:
    """One card: what it is about and the warning to the left, the code and the ways in to the right."""
    code_x = x + WIDTH - CODE - 1.5 * mm
    left, room = x + _EDGE, code_x - x - _EDGE
    floor = _warning(canvas, words.never, left, y + _EDGE, room)
    _told(canvas, words, left, y + HEIGHT - _EDGE, floor, room)
    draw_code(
        canvas, words.facts.address, code_x, y + HEIGHT - CODE - 1.5 * mm, CODE,
        correction=qrcode.ERROR_CORRECT_H, quiet=QUIET,
    )  # fmt: skip
    under = y + HEIGHT - CODE - 3.5 * mm
    for text, font in ((words.card_scan, PLAIN), *((address, BOLD) for address in words.addresses)):
        size, [line] = fitting(text, (7.5, 5), CODE - 2 * mm, font=font)
        canvas.setFont(font, size)
        canvas.drawCentredString(code_x + CODE / 2, under, line)
        under -= size * 1.3


def _told(canvas: Canvas, words: PosterWords, x: float, top: float, floor: float, room: float) -> None:
    """Heading, place, the three things and the telephone, as large as there is room for them above the floor."""
    parts = [(words.heading, 15.0, BOLD, 0.0), (words.where, 9.0, PLAIN, 3.0)]
    parts += [(words.asked, 9.0, PLAIN, 0.0)] if words.facts.article else []
    parts += [(f"{number}. {thing}", 9.0, PLAIN, 2.5) for number, thing in enumerate(words.things, 1)]
    parts += [(words.card_phone, 8.0, PLAIN, 3.0)] if words.card_phone else []
    scale = 1.0
    while True:
        written = [
            (gap * scale, font, *fitting(text, (size * scale, 5), room, 2, font)) for text, size, font, gap in parts
        ]
        height = sum(gap + size * 1.25 * len(lines) for gap, _, size, lines in written)
        if height <= top - floor - 2 or scale < 0.5:
            break
        scale -= 0.05
    for gap, font, size, lines in written:
        top -= gap
        canvas.setFont(font, size)
        for line in lines:
            top -= size * 1.25
            canvas.drawString(x, top + size * 0.25, line)


def _warning(canvas: Canvas, text: str, x: float, y: float, room: float) -> float:
    """White on black from `y` upwards; where it ends."""
    size, lines = fitting(text, (7.5, 6), room - 4 * mm, 2, BOLD)
    height = len(lines) * size * 1.25 + 2 * mm
    canvas.setFillColor(black)
    canvas.roundRect(x, y, room - 2 * mm, height, 1 * mm, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.setFont(BOLD, size)
    for place, line in enumerate(lines):
        canvas.drawString(x + 1.5 * mm, y + height - 1 * mm - (place + 1) * size * 1.25 + size * 0.3, line)
    canvas.setFillColor(black)
    end: float = y + height
    return end
