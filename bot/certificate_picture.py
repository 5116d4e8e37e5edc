"""Draws the certificate of the pocket lessons: A5 landscape, PNG, to be kept on a phone or printed.

It looks friendly, not official - no coat of arms, no stamp, no signature - and its last line says what it is not.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import office
from bot.messages import Picture

WIDTH, HEIGHT = 1654, 1165
"""A5 at 200 dots an inch."""
DOTS_PER_INCH = 200
FONTS = Path(office.__file__).parent / "fonts"
PLAIN, BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"
GREEN, GOLD, INK, GREY, PAPER, TINT = "#0b6e4f", "#b8860b", "#1b1b1b", "#4a4a4a", "#fffdf6", "#eef6f1"
MARGIN = 46
ROOM = WIDTH - 2 * 170
"""How wide a line may be: between the ornaments."""


def draw_certificate(picture: Picture) -> bytes:
    """The certificate with these lines: heading, title, before the name, name, course, content, day, small print."""
    heading, title, before, name, course, content, day, small_print = picture.labels
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    canvas = ImageDraw.Draw(image)
    _frame(canvas)
    _line(canvas, 148, heading, BOLD, 34, GREEN)
    _line(canvas, 262, title, BOLD, 84, GREEN)
    canvas.line((WIDTH / 2 - 170, 336, WIDTH / 2 + 170, 336), fill=GOLD, width=5)
    _line(canvas, 400, before, PLAIN, 36, GREY)
    _name(canvas, 510, name)
    _line(canvas, 628, course, BOLD, 38, INK)
    _block(canvas, 706, content, 30, GREY)
    _medal(canvas, WIDTH // 2, 868)
    _line(canvas, 1004, day, PLAIN, 32, INK)
    _line(canvas, 1062, small_print, PLAIN, 25, GREY)
    file = io.BytesIO()
    image.save(file, format="png", dpi=(DOTS_PER_INCH, DOTS_PER_INCH), optimize=True)
    return file.getvalue()


def _frame(canvas: ImageDraw.ImageDraw) -> None:
    inner = MARGIN + 18
    canvas.rectangle((MARGIN, MARGIN, WIDTH - MARGIN, HEIGHT - MARGIN), outline=GREEN, width=10)
    canvas.rectangle((inner, inner, WIDTH - inner, HEIGHT - inner), outline=GOLD, width=3)
    for x in (inner, WIDTH - inner):
        for y in (inner, HEIGHT - inner):
            canvas.ellipse((x - 22, y - 22, x + 22, y + 22), fill=PAPER, outline=GOLD, width=5)


def _medal(canvas: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """A rosette with a tick: learnt, done."""
    for side in (-1, 1):
        ribbon = [(x + side * 8, y + 20), (x + side * 56, y + 72), (x + side * 30, y + 70), (x + side * 20, y + 90)]
        canvas.polygon(ribbon, fill=GREEN)
    canvas.ellipse((x - 56, y - 56, x + 56, y + 56), fill=GOLD)
    canvas.ellipse((x - 42, y - 42, x + 42, y + 42), fill=TINT)
    canvas.line((x - 20, y + 2, x - 5, y + 17, x + 22, y - 15), fill=GREEN, width=10, joint="curve")


def _name(canvas: ImageDraw.ImageDraw, y: int, name: str) -> None:
    """As large as it fits in one line; a long one in two, for very small letters are no honour."""
    one_line = _fitting(name, BOLD, 82, 50)
    if one_line is not None:
        _put(canvas, y, name, one_line, GOLD)
        return
    halves = _halves(name)
    font = min((_fitted(half, BOLD, 60) for half in halves), key=lambda one: one.size)
    for place, half in zip((y - 36, y + 36), halves, strict=True):
        _put(canvas, place, half, font, GOLD)


def _halves(text: str) -> tuple[str, str]:
    """Two lines as even as the words allow."""
    words = text.split()
    if len(words) == 1:
        return text[: len(text) // 2], text[len(text) // 2 :]
    ways = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return min(ways, key=lambda way: max(map(len, way)))


def _line(canvas: ImageDraw.ImageDraw, y: int, text: str, font: str, size: int, colour: str) -> None:
    _put(canvas, y, text, _fitted(text, font, size), colour)


def _block(canvas: ImageDraw.ImageDraw, y: int, text: str, size: int, colour: str) -> None:
    """Lines of words, centred."""
    font = _font(PLAIN, size)
    for place, line in enumerate(_wrapped(text.split(), font)):
        _put(canvas, y + place * int(size * 1.5), line, font, colour)


def _wrapped(words: Sequence[str], font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= ROOM:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _put(canvas: ImageDraw.ImageDraw, y: int, text: str, font: ImageFont.FreeTypeFont, colour: str) -> None:
    canvas.text((WIDTH / 2, y), text, font=font, fill=colour, anchor="mm")


def _fitted(text: str, font: str, size: int) -> ImageFont.FreeTypeFont:
    """That size, or the largest below in which the line has room."""
    return _fitting(text, font, size, 12) or _font(font, 12)


def _fitting(text: str, font: str, size: int, least: int) -> ImageFont.FreeTypeFont | None:
    return next(
        (_font(font, one) for one in range(size, least - 1, -2) if _font(font, one).getlength(text) <= ROOM), None
    )


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / name), size)
