"""Posters in A3, A4 and A5, and sheets of ten name cards: PDF, with the QR code that leads into the chat.

Draws only: which poster it is and where its code leads is the caller's to know. Nothing is told by colour alone: most
are printed, and all are copied, in black and white.
"""

from __future__ import annotations

import io
from datetime import date
from enum import StrEnum

import qrcode
from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.pagesizes import A3, A4, A5
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from content.commune import Commune
from content.poster_texts import PosterTexts
from office.drawing import BOLD, PLAIN, draw_code, fitting, register_fonts, wrapped
from office.name_cards import draw_card, draw_cut_marks, places_of_cards
from office.poster_words import PosterFacts, PosterWords

QUIET = 4
"""Dots around a code on which nothing may stand: ISO/IEC 18004."""
INK = HexColor("#0b4f4c")
"""Dark enough for white letters on it, in grey too."""
GREY = HexColor("#4a4a4a")

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 11 * mm, WIDTH - 11 * mm, HEIGHT - 11 * mm, 11 * mm
ROOM = RIGHT - LEFT
PAD = 7 * mm
CODE = 96 * mm
WARNING = 25 * mm


class Size(StrEnum):
    """What can be printed."""

    A3 = "a3"
    A4 = "a4"
    A5 = "a5"
    CARDS = "cards"


PAPER = {Size.A3: A3, Size.A4: A4, Size.A5: A5, Size.CARDS: A4}


def make_poster(facts: PosterFacts, size: Size, *, commune: Commune, texts: PosterTexts, printed_on: date) -> bytes:
    """One page of that size."""
    register_fonts()
    file = io.BytesIO()
    width, height = PAPER[size]
    canvas = Canvas(file, pagesize=(width, height), invariant=True)
    words = PosterWords(facts, commune, texts)
    canvas.setTitle(f"{words.heading} - {words.where}")
    canvas.setAuthor(commune.name)
    if size is Size.CARDS:
        draw_cut_marks(canvas)
        for x, y in places_of_cards():
            draw_card(canvas, words, x, y)
    else:
        canvas.scale(width / WIDTH, height / HEIGHT)
        _Sheet(canvas, words).draw(printed_on)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


class _Sheet:
    """A poster as it is in A4, drawn from the top; `_y` is where the next thing stands."""

    def __init__(self, canvas: Canvas, words: PosterWords) -> None:
        self._canvas = canvas
        self._words = words
        self._y = TOP

    def draw(self, printed_on: date) -> None:
        """The whole page: heading and things from the top, warning and contact from the bottom, the code between."""
        self._head()
        self._things()
        ceiling = self._y
        self._way_in(ceiling, self._foot(printed_on))

    def _head(self) -> None:
        words = self._words
        size, lines = fitting(words.heading, (66, 44), ROOM - 2 * PAD, 1, BOLD)
        if lines != [words.heading]:
            size, lines = fitting(words.heading, (46, 26), ROOM - 2 * PAD, 2, BOLD)
        subtitles = [(words.where, 27.0)] + ([(words.asked, 17.0)] if words.facts.article else [])
        height = 12 * mm + len(lines) * size * 1.25 + sum(each * 1.4 for _, each in subtitles) + 1 * mm
        self._canvas.setFillColor(INK)
        self._canvas.roundRect(LEFT, TOP - height, ROOM, height, 4 * mm, stroke=0, fill=1)
        self._canvas.setFillColor(white)
        self._y = TOP - 3 * mm
        self._centred(words.team, 13, PLAIN)
        self._y -= 2 * mm
        for line in lines:
            self._centred(line, size, BOLD, leading=1.25)
        for text, each in subtitles:
            self._centred(text, each, BOLD if each > 20 else PLAIN, leading=1.4)
        self._canvas.setFillColor(black)
        self._y = TOP - height

    def _things(self) -> None:
        self._y -= 5 * mm
        step = 14.5 * mm
        for number, thing in enumerate(self._words.things, 1):
            middle = self._y - step / 2
            self._canvas.setFillColor(INK)
            self._canvas.circle(LEFT + 9 * mm, middle, 5.2 * mm, stroke=0, fill=1)
            self._canvas.setFillColor(white)
            self._canvas.setFont(BOLD, 20)
            self._canvas.drawCentredString(LEFT + 9 * mm, middle - 7, str(number))
            self._canvas.setFillColor(black)
            size, [line] = fitting(thing, (27, 14), ROOM - 20 * mm, font=BOLD)
            self._canvas.setFont(BOLD, size)
            self._canvas.drawString(LEFT + 18 * mm, middle - size * 0.36, line)
            self._y -= step
        self._y -= 1 * mm

    def _foot(self, printed_on: date) -> float:
        """Footer, contact and warning, from the bottom up; where they begin."""
        self._canvas.setFillColor(GREY)
        self._canvas.setFont(PLAIN, 8.5)
        [footer] = fitting(self._words.footer(printed_on), (8.5, 8.5), ROOM)[1]
        self._canvas.drawString(LEFT, BOTTOM, footer)
        self._canvas.setFillColor(black)
        size, lines = fitting(self._words.contact, (14, 10), ROOM, 2)
        y = BOTTOM + 7 * mm + (len(lines) - 1) * size * 1.3
        top = y + size + 4 * mm
        self._canvas.setFont(PLAIN, size)
        for line in lines:
            self._canvas.drawCentredString(WIDTH / 2, y, line)
            y -= size * 1.3
        self._canvas.setLineWidth(2.2)
        self._canvas.roundRect(LEFT + 1, top, ROOM - 2, WARNING, 4 * mm, stroke=1, fill=0)
        self._canvas.setLineWidth(1)
        self._y = top + WARNING - 3.5 * mm
        size, [line] = fitting(self._words.never, (27, 16), ROOM - 2 * PAD, font=BOLD)
        self._centred(line, size, BOLD)
        self._y -= 1.5 * mm
        size, [line] = fitting(self._words.never_more, (13, 9), ROOM - 2 * PAD)
        self._centred(line, size, PLAIN)
        end: float = top + WARNING
        return end

    def _way_in(self, ceiling: float, floor: float) -> None:
        """The code to the left, how to use it to the right, in what is left between those."""
        side = min(CODE, ceiling - floor - 4 * mm)
        middle = (ceiling + floor) / 2
        x = LEFT
        draw_code(
            self._canvas, self._words.facts.address, x, middle - side / 2, side, correction=qrcode.ERROR_CORRECT_H,
            quiet=QUIET,
        )  # fmt: skip
        left = x + side + 5 * mm
        y, lines = self._explained(RIGHT - left, ceiling - floor - 5 * mm)
        y += middle
        for gap, size, font, line in lines:
            y -= gap + size * 1.3
            self._canvas.setFont(font, size)
            self._canvas.drawString(left, y + size * 0.3, line)

    def _explained(self, room: float, height: float) -> tuple[float, list[tuple[float, float, str, str]]]:
        """How to come in, as (gap above, size, font, line), as large as there is room; and half of how high it is."""
        words = self._words
        parts = [(words.scan_title, 22.0, BOLD), (words.scan, 14.0, PLAIN), (words.by_hand_title, 17.0, BOLD)]
        parts += [*((way, 14.0, PLAIN) for way in words.by_hand), (words.free, 14.0, BOLD)]
        scale = 1.0
        while True:
            lines: list[tuple[float, float, str, str]] = []
            for text, full, font in parts:
                size = full * scale
                gap = (9.0 if font == BOLD else 4.0) * scale if lines else 0.0
                for line in wrapped(text, size, room, font):
                    lines.append((gap, size, font, line))
                    gap = 0.0
            high = sum(gap + size * 1.3 for gap, size, _, _ in lines)
            if high <= height or scale < 0.5:
                return high / 2, lines
            scale -= 0.04

    def _centred(self, text: str, size: float, font: str, leading: float = 1.3) -> None:
        size, [line] = fitting(text, (size, 8), ROOM - 2 * PAD, font=font)
        self._y -= size * leading
        self._canvas.setFont(font, size)
        self._canvas.drawCentredString(WIDTH / 2, self._y + size * (leading - 1), line)
