"""Official paper by Nghị định 30/2020/NĐ-CP, Phụ lục I: page, fonts, letterhead, headings, tables, signature block.

What a report says is not known here (office/reports/docx.py). Measures are the decree's: A4, margins 20-25 mm at top
and bottom, 30-35 mm left, 15-20 mm right; Times New Roman; page numbers from the second page on, centred at the top.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FONT = "Times New Roman"
TOP, BOTTOM, LEFT, RIGHT = Mm(20), Mm(20), Mm(30), Mm(15)
WIDTH, HEIGHT = Mm(210), Mm(297)
ROOM = Length(WIDTH - LEFT - RIGHT)
"""Between the margins."""

TEXT, TABLE_TEXT, NOTE = Pt(14), Pt(12), Pt(12)
HEAD, MOTTO, NUMBER, RECIPIENTS_HEAD, RECIPIENTS = Pt(12), Pt(13), Pt(13), Pt(12), Pt(11)
INDENT = Mm(10)
LETTERHEAD = (Mm(68), Length(ROOM - Mm(68)))
CAPITAL, SMALL = 0.62, 0.45
"""How wide a bold letter of Times is on the average, in ems: for lines that are as long as the words above them."""

_PERCENT = re.compile(r"(?<=\d) %")

CENTER, JUSTIFIED, RIGHT_EDGE = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.RIGHT
LEFT_EDGE = WD_ALIGN_PARAGRAPH.LEFT


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its heading, how wide it is in millimetres, and whether it holds numbers."""

    heading: str
    width: float
    is_number: bool = False


class Paper:
    """One document that grows from top to bottom."""

    def __init__(self, title: str, author: str, made_at: datetime) -> None:
        self._document: Document = docx.Document()
        properties = self._document.core_properties
        properties.title, properties.author, properties.language = title, author, "vi-VN"
        properties.created = properties.modified = made_at
        properties.comments = ""
        self._set_page()
        self._set_styles()

    def file(self) -> bytes:
        """The document as a .docx file."""
        file = BytesIO()
        self._document.save(file)
        return file.getvalue()

    def letterhead(self, superior: str, issuer: str, number: str, country: str, motto: str, dated: str) -> None:
        """Whose document it is, the nation's name and motto, each with its line; number and sign, place and date."""
        table = self._bare_table(2, LETTERHEAD)
        left, right = table.rows[0].cells
        first = left.paragraphs[0]
        if superior:
            _write(first, superior.upper(), HEAD, CENTER)
            first = left.add_paragraph()
        _write(first, issuer.upper(), HEAD, CENTER, bold=True)
        _line(left.add_paragraph(), LETTERHEAD[0], 0.4 * CAPITAL * HEAD * len(issuer))
        _write(right.paragraphs[0], country.upper(), HEAD, CENTER, bold=True)
        _write(right.add_paragraph(), motto, MOTTO, CENTER, bold=True)
        _line(right.add_paragraph(), LETTERHEAD[1], SMALL * MOTTO * len(motto))
        left, right = table.rows[1].cells
        _write(left.paragraphs[0], number, NUMBER, CENTER)
        _write(right.paragraphs[0], dated, NUMBER, CENTER, italic=True)
        for cell in (left, right):
            cell.paragraphs[0].paragraph_format.space_before = Pt(6)

    def title(self, kind: str, subject: str) -> None:
        """The document's kind in capitals, what it is about, and a line."""
        head = self._paragraph()
        _write(head, kind.upper(), TEXT, CENTER, bold=True)
        head.paragraph_format.space_before = Pt(18)
        for line in subject.splitlines():
            _write(self._paragraph(), line, TEXT, CENTER, bold=True)
        longest = max(map(len, subject.splitlines()), default=0)
        _line(self._paragraph(), ROOM, min(0.4 * SMALL * TEXT * longest, Mm(60)))

    def addressee(self, text: str) -> None:
        """ "Kính gửi: ...", of a report to somebody above."""
        paragraph = self._paragraph()
        _write(paragraph, text, TEXT, CENTER)
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(12), Pt(6)

    def section(self, heading: str) -> None:
        """A heading "I. ..."."""
        self._document.add_paragraph(heading.upper(), "Heading 1")

    def part(self, heading: str) -> None:
        """A heading "1. ..."."""
        self._document.add_paragraph(heading, "Heading 2")

    def text(self, text: str, *, italic: bool = False, stays_with_next: bool = False) -> None:
        """Paragraphs, one a line. `stays_with_next`: on one page with what follows."""
        for line in filter(None, map(str.strip, text.splitlines())):
            paragraph = self._document.add_paragraph(style="Body Text")
            run = paragraph.add_run(_unbroken(line))
            run.italic = italic or None
            paragraph.paragraph_format.keep_with_next = stays_with_next or None

    def caption(self, text: str) -> None:
        """What the table below shows."""
        paragraph = self._paragraph()
        _write(paragraph, text, NUMBER, CENTER, bold=True)
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(6), Pt(3)
        paragraph.paragraph_format.keep_with_next = True

    def note(self, text: str) -> None:
        """Small print beneath a table."""
        for line in filter(None, text.splitlines()):
            paragraph = self._paragraph()
            _write(paragraph, line, NOTE, JUSTIFIED, italic=True)
            paragraph.paragraph_format.space_before = Pt(3)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, bold_last: bool, whole: bool) -> None:
        """A table with lines; its heading comes again on every page, and no row is torn in two.

        `whole`: the table stands on one page if one can hold it.
        """
        table = self._document.add_table(1 + len(rows), len(columns), "Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        _set_padding(table, Mm(1))
        _set_widths(table, [Length(round(ROOM * one.width / sum(c.width for c in columns))) for one in columns])
        _repeat(table.rows[0])
        for cell, column in zip(table.rows[0].cells, columns, strict=True):
            _fill(cell, column.heading, CENTER, bold=True)
        for place, values in enumerate(rows, start=1):
            cells = table.rows[place].cells
            _keep_whole(table.rows[place])
            for cell, value, column in zip(cells, values, columns, strict=True):
                align = CENTER if column.is_number else LEFT_EDGE
                _fill(cell, value, align, bold=bold_last and place == len(rows))
        if whole:
            for row in table.rows[:-1]:
                for paragraph in (one for cell in row.cells for one in cell.paragraphs):
                    paragraph.paragraph_format.keep_with_next = True

    def signatures(self, recipients_head: str, recipients: Sequence[str], authority: Sequence[str], name: str) -> None:
        """Nơi nhận on the left; who signs on the right, with room for the hand and the seal."""
        table = self._bare_table(1, (Length(ROOM // 2), Length(ROOM // 2)))
        _keep_whole(table.rows[0])
        left, right = table.rows[0].cells
        _write(left.paragraphs[0], recipients_head, RECIPIENTS_HEAD, LEFT_EDGE, bold=True, italic=True)
        for line in recipients:
            _write(left.add_paragraph(), line, RECIPIENTS, LEFT_EDGE)
        for number, line in enumerate(authority):
            _write(right.paragraphs[0] if number == 0 else right.add_paragraph(), line.upper(), TEXT, CENTER, bold=True)
        signed = right.add_paragraph()
        _write(signed, name, TEXT, CENTER, bold=True)
        signed.paragraph_format.space_before = Pt(66)
        for paragraph in right.paragraphs:
            paragraph.paragraph_format.keep_with_next = True
        left.paragraphs[0].paragraph_format.space_before = Pt(3)
        end = self._paragraph()  # Word wants one after a table
        end.paragraph_format.line_spacing_rule, end.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)

    def _paragraph(self) -> Paragraph:
        return self._document.add_paragraph()

    def _set_page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = WIDTH, HEIGHT
        section.top_margin, section.bottom_margin = TOP, BOTTOM
        section.left_margin, section.right_margin = LEFT, RIGHT
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = CENTER
        number.paragraph_format.tab_stops.clear_all()
        run = number.add_run()
        _dress(run, NUMBER)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            run._r.append(_field(kind, text))

    def _set_styles(self) -> None:
        styles: Any = self._document.styles
        for name, size in (("Normal", TEXT), ("Body Text", TEXT), ("Heading 1", TEXT), ("Heading 2", TEXT)):
            style = styles[name]
            style.font.name, style.font.size, style.font.color.rgb = FONT, size, RGBColor(0, 0, 0)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for attribute in list(fonts.attrib):
                del fonts.attrib[attribute]
            for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
                fonts.set(qn(script), FONT)
            style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
            style.paragraph_format.line_spacing = 1.0
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "vi-VN")
        styles["Normal"].element.get_or_add_rPr().append(language)
        body = styles["Body Text"].paragraph_format
        body.alignment, body.first_line_indent = JUSTIFIED, INDENT
        body.space_before = body.space_after = Pt(3)
        body.line_spacing = 1.1
        body.widow_control = True
        for name in ("Heading 1", "Heading 2"):
            heading = styles[name].paragraph_format
            styles[name].font.bold = True
            heading.first_line_indent, heading.space_before, heading.space_after = INDENT, Pt(8), Pt(4)
            heading.keep_with_next = True

    def _bare_table(self, rows: int, widths: Sequence[Length]) -> Table:
        table: Table = self._document.add_table(rows, len(widths))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        _set_widths(table, widths)
        _set_padding(table, Mm(0))
        return table


def _write(
    paragraph: Paragraph,
    text: str,
    size: Length,
    align: WD_ALIGN_PARAGRAPH,
    *,
    bold: bool = False,
    italic: bool = False,
) -> None:
    run = paragraph.add_run(_unbroken(text))
    run.bold, run.italic = bold, italic
    _dress(run, size)
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)


def _unbroken(text: str) -> str:
    """Keeps a number and its percent sign on one line."""
    return _PERCENT.sub("\u00a0%", text)


def _dress(run: Run, size: Length) -> None:
    run.font.name, run.font.size = FONT, size
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)


def _fill(cell: _Cell, text: str, align: WD_ALIGN_PARAGRAPH, *, bold: bool) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for number, line in enumerate(text.splitlines() or [""]):
        _write(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), line, TABLE_TEXT, align, bold=bold)


def _line(paragraph: Paragraph, room: Length, length: float) -> None:
    """An unbroken line, centred, as the border of a paragraph that is almost nothing else."""
    indent = Length(round(max(0.0, (room - length) / 2)))
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = indent
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    layout.space_before, layout.space_after = Pt(3), Pt(0)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _field(kind: str, text: str) -> Any:
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        return mark
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = text
    return instruction


def _set_widths(table: Table, widths: Sequence[Length]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _keep_whole(row)


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _set_padding(table: Table, padding: Length) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(padding.twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
