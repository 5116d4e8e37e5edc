"""The form for visits from house to house: PDF, A4, a household a page, with the QR code that opens its logging.

Draws only: who the households are and where their codes lead is the caller's to know.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import qrcode
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from content import numbers
from content.commune import Commune
from content.log_texts import LogTexts
from content.paper_texts import HouseholdFormTexts
from office.drawing import BOLD, PLAIN, draw_code, length, register_fonts, wrapped

WIDTH, HEIGHT = A4
LEFT, RIGHT = 17 * mm, WIDTH - 17 * mm
TOP, BOTTOM = HEIGHT - 15 * mm, 15 * mm
CODE_SIDE = 36 * mm
"""Large enough for the camera of a cheap phone at an arm's length, in a page that was copied once."""

QUIET = 5 * mm
"""Nothing may stand nearer to a code: four of its dots, ISO/IEC 18004."""

FLAGS = ("is_poor", "is_ethnic_minority", "has_elderly", "has_disabled")
GROUPS = ("adults", "elderly", "poor", "ethnic_minority", "disabled")
_BODY = 10.5
_SMALLEST = 7.0
_GREY = 0.45


@dataclass(frozen=True, slots=True)
class FormHousehold:
    """What the form says of a household before the visit; empty and None is left to be written.

    `hamlet` is without the commune's word for one. `flags` holds those of FLAGS that are known to be true, `pillars`
    adults by pillar. `address` goes into the code.
    """

    hamlet: str = ""
    name: str = ""
    number: str = ""
    people: int | None = None
    adults: int | None = None
    flags: frozenset[str] = frozenset()
    pillars: Mapping[str, int] = field(default_factory=dict)
    address: str = ""


def make_forms(
    households: Sequence[FormHousehold], *, commune: Commune, texts: HouseholdFormTexts, log: LogTexts, printed_on: date
) -> bytes:
    """The forms as one PDF, in this order.

    Raises:
        ValueError: there is no household.
    """
    if not households:
        raise ValueError("no household to print a form for")
    register_fonts()
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True)
    canvas.setTitle(f"{texts.title} - {commune.name}")
    canvas.setAuthor(commune.name)
    for household in households:
        _Page(canvas, commune, texts, log).draw(household, printed_on)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


class _Page:
    """One page, drawn from the top; `_y` is where the next thing stands."""

    def __init__(self, canvas: Canvas, commune: Commune, texts: HouseholdFormTexts, log: LogTexts) -> None:
        self._canvas = canvas
        self._commune = commune
        self._texts = texts
        self._log = log
        self._y = TOP

    def draw(self, household: FormHousehold, printed_on: date) -> None:
        """The whole page."""
        self._head(household)
        self._who(household)
        self._home(household)
        self._pillars(household)
        self._helped()
        self._outcomes()
        self._note()
        self._foot(household, printed_on)

    def _head(self, household: FormHousehold) -> None:
        room = RIGHT - LEFT - (CODE_SIDE + 8 * mm)
        team = self._commune.fill(self._texts.team).format(province=self._commune.province)
        self._text(LEFT, TOP - 4 * mm, team, 9.5, room=room, grey=True)
        self._text(LEFT, TOP - 13 * mm, self._texts.title, 16, BOLD, room=room)
        self._text(LEFT, TOP - 20 * mm, self._texts.subtitle, 11, room=room)
        if household.address:
            self._code(household.address, RIGHT - CODE_SIDE, TOP - CODE_SIDE)
            lines = wrapped(self._texts.scan, 8, CODE_SIDE + 6 * mm)
        else:
            lines = wrapped(self._texts.no_code, 9, CODE_SIDE + 6 * mm)
        start = TOP - (CODE_SIDE + QUIET + 1.5 * mm if household.address else 6 * mm)
        for place, line in enumerate(lines):
            self._canvas.setFont(PLAIN, 8 if household.address else 9)
            self._canvas.drawCentredString(RIGHT - CODE_SIDE / 2, start - place * 3.6 * mm, line)
        self._y = TOP - 29 * mm

    def _who(self, household: FormHousehold) -> None:
        narrow = RIGHT - CODE_SIDE - 8 * mm
        self._blank(LEFT, narrow, self._texts.head, household.name)
        self._y -= 10 * mm
        middle = LEFT + 62 * mm
        self._blank(LEFT, middle, self._commune.hamlet_word.capitalize(), household.hamlet)
        self._blank(middle + 4 * mm, narrow, self._texts.number, household.number)
        self._y -= 10 * mm
        self._blank(LEFT, middle, self._texts.day, "")
        self._blank(middle + 4 * mm, RIGHT, self._texts.visitor, "")

    def _home(self, household: FormHousehold) -> None:
        self._section(self._texts.home_title)
        after = self._counted(LEFT, self._texts.people, household.people)
        self._counted(after + 10 * mm, self._texts.adults, household.adults)
        self._y -= 8.5 * mm
        x = LEFT
        for flag in FLAGS:
            label = getattr(self._texts, flag)
            self._tick(x, label, ticked=flag in household.flags)
            x += 9 * mm + length(label, 9.5) + 4 * mm

    def _pillars(self, household: FormHousehold) -> None:
        self._section(self._texts.pillars_title)
        before, now = RIGHT - 42 * mm, RIGHT - 18 * mm
        for x, label in ((before, self._texts.pillar_before), (now, self._texts.pillar_now)):
            self._canvas.setFont(PLAIN, 9)
            self._canvas.drawCentredString(x + 9 * mm, self._y + 3 * mm, label)
        for pillar, name in self._texts.pillars.items():
            self._y -= 9 * mm
            self._text(LEFT, self._y + 2.6 * mm, name, _BODY, BOLD)
            self._text(
                LEFT + 40 * mm, self._y + 2.6 * mm, self._texts.meanings[pillar], 9, room=before - LEFT - 43 * mm
            )
            self._box(before, self._y, 18 * mm, 8 * mm, household.pillars.get(pillar))
            self._box(now, self._y, 18 * mm, 8 * mm)
        self._y -= 1 * mm

    def _helped(self) -> None:
        self._section(self._texts.helped_title)
        labels = [self._texts.helped_people, *(self._log.groups[group].capitalize() for group in GROUPS)]
        column = (RIGHT - LEFT) / 3
        for place, label in enumerate(labels):
            if place == 3:
                self._y -= 9.5 * mm
            x = LEFT + place % 3 * column
            self._box(x, self._y - 1.5 * mm, 13 * mm, 7.5 * mm)
            self._text(x + 15 * mm, self._y + 0.7 * mm, label, 10, room=column - 17 * mm)
        self._y -= 1 * mm

    def _outcomes(self) -> None:
        self._section(self._texts.outcomes_title)
        column = (RIGHT - LEFT + 6 * mm) / 2
        names = list(self._log.outcomes.values())
        for place, name in enumerate(names):
            if place and place % 2 == 0:
                self._y -= 9.5 * mm
            x = LEFT + place % 2 * column
            end = x + column - 6 * mm
            self._tick(x, name, size=10, room=column - 34 * mm)
            self._box(end - 14 * mm, self._y - 1.5 * mm, 14 * mm, 7.5 * mm)
        self._y -= 1 * mm

    def _note(self) -> None:
        self._section(self._texts.note_title)
        while self._y > BOTTOM + 18 * mm:
            self._canvas.setDash(1, 2)
            self._canvas.line(LEFT, self._y, RIGHT, self._y)
            self._canvas.setDash()
            self._y -= 8.5 * mm

    def _foot(self, household: FormHousehold, printed_on: date) -> None:
        self._canvas.setLineWidth(1.2)
        self._canvas.roundRect(LEFT, BOTTOM + 4 * mm, RIGHT - LEFT, 10 * mm, 2 * mm)
        self._canvas.setLineWidth(0.6)
        self._canvas.setFont(BOLD, 11.5)
        self._canvas.drawCentredString(WIDTH / 2, BOTTOM + 7.5 * mm, self._texts.warning)
        day = numbers.day(printed_on)
        place = f"{self._commune.hamlet_word} {household.hamlet}" if household.hamlet else ""
        name = ", ".join(part for part in (household.name, place) if part)
        template = self._texts.footer if name else self._texts.blank_footer
        self._text(LEFT, BOTTOM - 1 * mm, template.format(household=name, day=day), 8, room=RIGHT - LEFT, grey=True)

    def _section(self, title: str) -> None:
        self._y -= 8.7 * mm
        self._text(LEFT, self._y, title, 11.5, BOLD)
        self._canvas.line(LEFT, self._y - 1.8 * mm, RIGHT, self._y - 1.8 * mm)
        self._y -= 9.5 * mm

    def _blank(self, start: float, end: float, label: str, known: str) -> None:
        """A label, and a line to write on with what is known already."""
        self._text(start, self._y, f"{label}:", _BODY)
        x = start + length(f"{label}:", _BODY) + 2 * mm
        self._canvas.setDash(1, 2)
        self._canvas.line(x, self._y - 1 * mm, end, self._y - 1 * mm)
        self._canvas.setDash()
        if known:
            self._text(x + 1 * mm, self._y, known, 12, BOLD, room=end - x - 1 * mm)

    def _counted(self, x: float, label: str, known: int | None) -> float:
        """A label with a box for a count; where it ends."""
        self._text(x, self._y, label, _BODY)
        box: float = x + length(label, _BODY) + 2 * mm
        self._box(box, self._y - 2 * mm, 14 * mm, 7.5 * mm, known)
        end: float = box + 14 * mm
        return end

    def _tick(self, x: float, label: str, *, ticked: bool = False, size: float = 9.5, room: float = WIDTH) -> None:
        self._canvas.rect(x, self._y - 0.8 * mm, 4.6 * mm, 4.6 * mm)
        if ticked:
            self._canvas.setLineWidth(1.4)
            self._canvas.lines([
                (x + 0.9 * mm, self._y + 1.4 * mm, x + 2 * mm, self._y + 0.1 * mm),
                (x + 2 * mm, self._y + 0.1 * mm, x + 3.9 * mm, self._y + 3 * mm),
            ])  # fmt: skip
            self._canvas.setLineWidth(0.6)
        self._text(x + 6.5 * mm, self._y + 0.3 * mm, label, size, room=room)

    def _box(self, x: float, y: float, width: float, height: float, known: int | None = None) -> None:
        self._canvas.setLineWidth(0.6)
        self._canvas.rect(x, y, width, height)
        if known is not None:
            self._canvas.setFont(PLAIN, 11)
            self._canvas.drawCentredString(x + width / 2, y + height / 2 - 1.4 * mm, str(known))

    def _text(
        self, x: float, y: float, text: str, size: float, font: str = PLAIN, *, room: float = WIDTH, grey: bool = False
    ) -> None:
        """One line, made smaller and then shorter until it has room."""
        while size > _SMALLEST and length(text, size, font) > room:
            size -= 0.5
        while len(text) > 1 and length(text, size, font) > room:
            text = f"{text[:-2].rstrip()}…"
        self._canvas.setFillGray(_GREY if grey else 0)
        self._canvas.setFont(font, size)
        self._canvas.drawString(x, y, text)
        self._canvas.setFillGray(0)

    def _code(self, address: str, x: float, y: float) -> None:
        draw_code(self._canvas, address, x, y, CODE_SIDE, correction=qrcode.ERROR_CORRECT_M, quiet=0)
