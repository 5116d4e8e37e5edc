"""The Word document is laid out as Nghị định 30/2020/NĐ-CP wants it, and its tables hold the report's figures."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from content.numbers import number
from office.reports import docx as paper
from office.reports.docx import lettered
from office.reports.report import IndicatorLine, Report, TargetLine
from office.reports.words import TEXTS, Facts, compose_texts
from tests.support.clock import NOON
from tests.support.outreach import TODAY
from tests.support.pdf_pages import PdfPages
from tests.support.reports import open_in_libreoffice


@pytest.fixture(scope="module")
def document(report: Report) -> Document:
    return docx.Document(io.BytesIO(paper.write(report, NOON)))


def cells(table: Table) -> list[list[str]]:
    return [[cell.text.replace("\u00a0", " ") for cell in row.cells] for row in table.rows]


def table_headed(document: Document, heading: str) -> Table:
    return next(table for table in document.tables if heading in cells(table)[0])


def paragraph(document: Document, text: str) -> Paragraph:
    return next(one for one in document.paragraphs if one.text.startswith(text))


def test_page_and_margins_are_those_of_the_decree(document: Document) -> None:
    [section] = document.sections
    assert section.page_width
    assert section.page_height
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    for margin, (least, most) in zip(margins, ((20, 25), (20, 25), (30, 35), (15, 20)), strict=True):
        assert margin is not None
        assert least <= round(margin.mm, 1) <= most


def test_pages_are_numbered_at_the_top_from_the_second_on(document: Document) -> None:
    [section] = document.sections
    assert section.different_first_page_header_footer
    assert section.first_page_header.is_linked_to_previous or not section.first_page_header.paragraphs[0].text
    head = section.header.paragraphs[0]
    assert head._p.findall(f".//{qn('w:instrText')}")[0].text == "PAGE"
    assert head.paragraph_format.alignment == 1
    assert head.runs[0].font.size in (Pt(13), Pt(14))


def test_all_is_written_in_times_new_roman(document: Document) -> None:
    fonts = {
        element.get(qn(f"w:{script}"))
        for part in (document.element, document.styles["Normal"].element, document.styles["Heading 1"].element)
        for element in part.iter(qn("w:rFonts"))
        for script in ("ascii", "hAnsi", "eastAsia")
    }
    assert fonts - {None} == {"Times New Roman"}
    assert document.styles["Body Text"].font.size == Pt(14)


def test_the_letterhead_names_the_nation_and_whose_report_it_is(document: Document, report: Report) -> None:
    left, right = document.tables[0].rows[0].cells
    assert left.text.split("\n")[:2] == ["UBND XÃ TÂN LỢI", "PHÒNG VĂN HÓA - XÃ HỘI"]
    assert right.text.split("\n")[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert [one.runs[0].bold for one in (*left.paragraphs[:2], *right.paragraphs[:2])] == [False, True, True, True]
    for cell in (left, right):
        assert cell.paragraphs[2]._p.findall(f".//{qn('w:pBdr')}"), "a line below"
    number_cell, dated = document.tables[0].rows[1].cells
    assert number_cell.text.endswith("/BC-VHXH")
    assert dated.text.startswith("Tân Lợi, ngày ")
    assert dated.paragraphs[0].runs[0].italic


def test_parts_come_in_the_order_of_the_decree(document: Document) -> None:
    texts = [one.text for one in document.paragraphs if one.text.strip()]
    order = [
        *("BÁO CÁO", "Kết quả hỗ trợ kỹ năng số", "Kính gửi:", "Căn cứ", "Phòng Văn hóa - Xã hội xã Tân Lợi báo cáo"),
        *("I. KẾT QUẢ THỰC HIỆN", "1. ", "a) ", "2. ", "3. ", "4. ", "5. ", "6. ", "7. Điều chỉnh"),
        *("II. ", "....", "III. ", "IV. ", "Trên đây"),
    ]
    rest = iter(texts)
    assert [start for start in order if not any(text.startswith(start) for text in rest)] == []
    assert texts[-1].endswith("./.")
    left, right = document.tables[-1].rows[0].cells
    assert left.text.split("\n")[0] == "Nơi nhận:"
    assert right.text.split("\n")[0] == "TRƯỞNG PHÒNG"
    assert [left.paragraphs[n].runs[0].font.size for n in (0, 1)] == [Pt(12), Pt(11)]


def test_tables_hold_the_figures_and_repeat_their_heading(document: Document, report: Report) -> None:
    general = cells(table_headed(document, "Nội dung"))
    assert {row[1]: row[4] for row in general[1:]} == {
        line.name: number(line.value)
        for line in report.lines
        if not line.code.startswith("outcome.") or line.value or line.before
    }
    assert ["Lượt người được hỗ trợ", "lượt người", "2", "1.229", "+1.227"] in [row[1:] for row in general]
    hamlets = table_headed(document, "Hộ được thăm")
    assert len(hamlets.rows) == 1 + 14 + 1
    assert cells(hamlets)[1][1:6] == ["ấp 1", "3", "1", "995", "993"]
    assert cells(hamlets)[-1][1:6] == ["Toàn xã", "4", "2", "1.229", "1.227"]
    assert cells(table_headed(document, "Chênh lệch"))[1][-1] == "+2"
    for table in document.tables[1:-1]:
        assert table.rows[0]._tr.findall(f".//{qn('w:tblHeader')}")


def test_an_indicator_without_an_official_figure_says_so(document: Document, report: Report) -> None:
    rows = {row[1]: row for row in cells(table_headed(document, "Kế hoạch giao"))}
    vneid = rows["Người dân có tài khoản định danh điện tử (VNeID)"]
    assert vneid[2] == "Chưa có số liệu chính thức; tổ công nghệ số đã ghi 2 người"
    assert vneid[3:] == ["từ 80 % (hết 2026)", "Công an xã", "Chưa đánh giá được"]
    signature = rows["Người trưởng thành có chữ ký số cá nhân"]
    assert signature[2] == "Chưa có số liệu chính thức"


def test_an_indicator_with_one_is_held_against_the_next_target() -> None:
    target = TargetLine(Decimal(95), TODAY, is_more_than=True, is_met=False, missing=Decimal("7.75"))
    line = IndicatorLine(
        "x", "X", "%", Decimal("87.25"), 349, 400, 340, 9, TODAY, "Trạm Y tế", "Trạm Y tế xã", (target,)
    )
    assert paper.value_of(line) == "87,3 %\n(số chính thức đến 22/11/2026, cộng 9 người mới hỗ trợ)"
    assert paper.target_of(target, "%") == "trên 95 % (đến 22/11/2026)"
    assert paper.state_of(line) == "Chưa đạt, thiếu 7,8 điểm %"


def test_several_paragraphs_are_lettered_unless_the_office_has_marked_them() -> None:
    assert lettered("Một.\nHai.") == "a) Một.\nb) Hai."
    for kept in ("Một.", "- Một.\n- Hai.", "a) Một.\nb) Hai.", "......\n......"):
        assert lettered(kept) == kept


@pytest.mark.parametrize("slug", ["dak-to", "nghia-dan", "sang-moc", "tay-giang"])
def test_every_commune_gets_its_report(report: Report, library: object, slug: str) -> None:
    commune = library.communes[slug]  # type: ignore[attr-defined]
    bare = replace(report, commune_name=commune.name, indicators=(), hamlets=(), classes=(), adjustments=())
    texts = compose_texts(bare, Facts.of(commune, ()))
    assert set(texts) == set(TEXTS)
    assert "None" not in "".join(texts.values())
    document = docx.Document(io.BytesIO(paper.write(bare.with_texts(texts), NOON)))
    assert paragraph(document, "Kính gửi: ")


@pytest.mark.servers
def test_libreoffice_lays_it_out_on_numbered_pages(report: Report, tmp_path: Path) -> None:
    file = tmp_path / "report.docx"
    file.write_bytes(paper.write(report, NOON))
    open_in_libreoffice(file, "pdf")
    pages = PdfPages(file.with_suffix(".pdf"))
    assert [round(side * 25.4 / 72) for side in pages.size()] == [210, 297]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages.text()
    assert [pages.text(page).strip().startswith(str(page + 1)) for page in range(len(pages))] == [
        page > 0 for page in range(len(pages))
    ]
    last = pages.text(len(pages) - 1)
    assert "TRƯỞNG PHÒNG" in last
    assert "Trên đây là báo cáo" in last, "who signs sees the end of the text above"
