"""What the cells of a sheet are taken for, and what files are refused before anything is read from them."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import office.workbook
from bot.team.visit_sheet import workbook
from bot.team.visit_sheet.columns import ALL
from bot.team.visit_sheet.planning import Fate
from bot.team.visit_sheet.reading import read_sheet
from bot.team.visit_sheet.rows import BadRow, Row, SheetRow, row_from_json
from bot.team.visit_sheet.template import EXAMPLE_ROW, FIRST_ROW, HEADER_ROW, ROWS, Choice, make_template
from bot.team.visit_sheet.workbook import MOST_ROWS, SheetError
from content.library import Library
from tests.support.articles import COMMUNE
from tests.support.sheets import filled, saved

TODAY = date(2026, 11, 22)
VISIT = {"day": date(2026, 11, 20), "hamlet": "ấp 3", "household": "bác Năm", "people": 3}


@pytest.fixture(scope="module")
def template(library: Library) -> bytes:
    choices = [Choice("ấp 3", "=SUM(A1)"), Choice("ấp 5", "Lê Văn Tám"), Choice("ấp 3", "bác Năm")]
    return make_template(COMMUNE, ["ấp 3", "ấp 5"], choices, library.texts, TODAY)


@pytest.fixture
def read(library: Library) -> Any:
    def reading(content: bytes) -> tuple[Row, ...]:
        return read_sheet(content, commune=COMMUNE, texts=library.texts, today=TODAY)

    return reading


@pytest.fixture
def read_row(read: Any, template: bytes) -> Any:
    def reading(**said: object) -> SheetRow | BadRow:
        [row] = read(filled(template, VISIT | said))
        assert isinstance(row, SheetRow | BadRow)
        return row

    return reading


def problems(row: SheetRow | BadRow) -> list[tuple[str, str]]:
    assert isinstance(row, BadRow), row
    return [(problem.column, problem.text) for problem in row.problems]


class TestTemplate:
    def test_every_column_has_its_header_and_the_mark_is_hidden(self, template: bytes, library: Library) -> None:
        sheet = openpyxl.load_workbook(io.BytesIO(template)).worksheets[0]
        assert len([cell.value for cell in sheet[HEADER_ROW] if cell.value]) == len(ALL)
        assert sheet.column_dimensions["A"].hidden
        assert sheet.cell(EXAMPLE_ROW, 4).value == library.texts.visit_sheet.example_household
        assert len({sheet.cell(row, 1).value for row in range(FIRST_ROW, FIRST_ROW + ROWS)}) == ROWS

    def test_hamlets_households_kinds_and_counts_are_checked_while_typing(self, template: bytes) -> None:
        sheet = openpyxl.load_workbook(io.BytesIO(template)).worksheets[0]
        rules = {str(rule.sqref).split(":")[0].split()[0]: rule for rule in sheet.data_validations.dataValidation}
        assert {"B5", "C5", "D5", "E5", "F5"} <= rules.keys()
        assert "TODAY()" in str(rules["B5"].formula2)
        assert "'Danh sách'!$A$2:$A$3" in str(rules["C5"].formula1)
        assert "MATCH($C5,'Danh sách'!$C$2:$C$4,0)" in str(rules["D5"].formula1)
        assert rules["C5"].showErrorMessage
        assert not rules["D5"].showErrorMessage  # a new household may be typed

    def test_a_name_that_looks_like_a_formula_stays_a_name(self, template: bytes) -> None:
        lists = openpyxl.load_workbook(io.BytesIO(template)).worksheets[1]
        assert [lists.cell(row, 4).value for row in (2, 3, 4)] == ["=SUM(A1)", "bác Năm", "Lê Văn Tám"]
        assert lists.cell(2, 4).data_type == "s"

    def test_two_templates_have_no_mark_in_common(self, template: bytes, library: Library) -> None:
        other = make_template(COMMUNE, ["ấp 3"], [], library.texts, TODAY)
        marks = [
            openpyxl.load_workbook(io.BytesIO(one)).worksheets[0].cell(FIRST_ROW, 1).value for one in (template, other)
        ]
        assert marks[0] != marks[1]


class TestCells:
    @pytest.mark.parametrize(
        "written",
        [datetime(2026, 11, 20, 8, 30), date(2026, 11, 20), "20/11/2026", "20.11.26", "20-11", "2026-11-20", 46346],  # noqa: DTZ001
    )
    def test_a_day_may_be_written_in_many_ways(self, read_row: Any, written: object) -> None:
        assert read_row(day=written).day == date(2026, 11, 20)

    def test_a_day_without_a_year_is_the_last_one(self, read_row: Any) -> None:
        assert read_row(day="20/12").day == date(2025, 12, 20)

    @pytest.mark.parametrize("written", ["31/2/2026", "hôm qua", 12, "2026", True, "20/13", date(1990, 1, 1)])
    def test_what_is_no_day_is_told(self, read_row: Any, written: object) -> None:
        [(column, text)] = problems(read_row(day=written))
        assert column == "B"
        assert "Không hiểu ngày" in text

    def test_a_day_to_come_is_refused_and_one_long_past_looked_at(self, read_row: Any) -> None:
        assert problems(read_row(day=date(2026, 11, 23))) == [("B", "Ngày 23/11/2026 chưa tới.")]
        assert "hơn một năm" in read_row(day=date(2025, 11, 20)).remarks[0].text

    @pytest.mark.parametrize(("written", "count"), [(2, 2), (2.0, 2), ("2", 2), (0, 0), (None, 0)])
    def test_counts_may_be_text_or_numbers(self, read_row: Any, written: object, count: int) -> None:
        assert read_row(elderly=written).groups.get("elderly", 0) == count

    @pytest.mark.parametrize(
        ("said", "column", "part"),
        [
            ({"people": None}, "F", "Chưa ghi số người"),
            ({"people": 0}, "F", "ít nhất 1 người"),
            ({"people": -1}, "F", "ít nhất 1 người"),
            ({"people": 10_000}, "F", "nhiều quá"),
            ({"people": 2.5}, "F", "không phải số người"),
            ({"elderly": -1}, "H", "số âm"),
            ({"elderly": 4}, "H", "cả lượt chỉ giúp 3"),
            ({"vneid_level2": 4}, "L", "cả lượt chỉ giúp 3"),
            ({"vneid_level2": "x"}, "L", "không phải số người"),
            ({"vneid_level2": "1e400"}, "L", "không phải số người"),
            ({"day": None}, "B", "Chưa ghi ngày"),
            ({"household": None}, "D", "phải ghi hộ"),
            ({"household": "079085001234"}, "D", "Xoá số đó"),
            ({"household": "a" * 129}, "D", "dài quá"),
            ({"note": "a" * 501}, "T", "dài quá"),
            ({"kind": "Đám cưới"}, "E", "Không có hình thức"),
            ({"kind": "Trực Một cửa"}, "D", "để trống ô hộ"),
            ({"elderly": "=1+1"}, "H", "công thức"),
        ],
    )
    def test_what_can_not_be_is_told_with_its_column(
        self, read_row: Any, said: dict[str, object], column: str, part: str
    ) -> None:
        [(where, text)] = problems(read_row(**said))
        assert where == column
        assert part in text

    def test_all_that_is_wrong_with_a_row_is_told_at_once(self, read_row: Any) -> None:
        assert len(problems(read_row(day="x", people="y", elderly=-1))) == 3

    def test_the_desk_needs_no_household(self, read_row: Any) -> None:
        assert read_row(kind="trực một cửa", household=None).kind == "one_stop_desk"

    def test_a_number_that_should_not_be_there_is_masked_in_the_note(self, read_row: Any) -> None:
        row = read_row(note="cccd 079085001234")
        assert "0790" not in row.note
        assert "đã che đi" in row.remarks[0].text

    def test_an_id_number_in_the_place_of_a_name_goes_no_further(self, read_row: Any) -> None:
        assert "079085001234" not in str(read_row(household="079085001234").to_json())

    def test_rows_survive_waiting_in_the_database(self, read: Any, template: bytes) -> None:
        rows = read(
            filled(template, VISIT | {"elderly": 1, "scam_awareness": 2, "note": "số 079085001234"}, {"day": "x"})
        )
        assert tuple(row_from_json(row.to_json()) for row in rows) == rows


class TestRows:
    def test_the_example_is_no_visit_until_it_is_written_over(self, read: Any, template: bytes) -> None:
        assert [row.number for row in read(filled(template, VISIT))] == [FIRST_ROW]
        assert [row.number for row in read(filled(template, VISIT, first=EXAMPLE_ROW))] == [EXAMPLE_ROW]

    def test_columns_may_be_moved_and_left_out(self, read: Any) -> None:
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(["Số người được giúp", "Xóm", "hộ (tên hoặc số)", "ngày", "linh tinh"])
        book.active.append([2, "ấp 3", "bác Năm", "20/11/2026", "?"])
        [row] = read(saved(book))
        assert (row.people, row.household, row.mark[:5]) == (2, "bác Năm", "said:")

    def test_the_same_line_twice_is_two_visits_with_marks_of_their_own(self, read: Any, template: bytes) -> None:
        rows = read(filled(template, VISIT, VISIT, first=FIRST_ROW + ROWS))
        assert len({row.mark for row in rows}) == 2
        assert len({row.digest for row in rows}) == 1

    def test_too_many_rows_are_refused(self, read: Any, template: bytes) -> None:
        assert len(read(filled(template, *[VISIT] * MOST_ROWS))) == MOST_ROWS
        with pytest.raises(SheetError, match="too_many_rows"):
            read(filled(template, *[VISIT] * (MOST_ROWS + 1)))


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipping:
        zipping.writestr("xl/workbook.xml", b"<workbook/>")
        for name, content in parts.items():
            zipping.writestr(name.replace("_", "/") + ".xml", content)
    return file.getvalue()


class TestFiles:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "not_excel"),
            (b"PK\x03\x04", "not_excel"),
            (zipped(), "broken"),
            (zipped(xl_a=b"0" * (workbook.MOST_UNPACKED + 1)), "too_large"),
            (zipped(**{f"p{number}": b"" for number in range(workbook.MOST_PARTS)}), "too_large"),
            (zipped(xl_a=b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "broken"),
        ],
    )
    def test_harmful_and_broken_files_are_refused(self, read: Any, content: bytes, reason: str) -> None:
        with pytest.raises(SheetError, match=reason):
            read(content)

    def test_missing_headers_are_named(self, read: Any) -> None:
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(["Ngày", "Ấp", "Họ tên"])
        with pytest.raises(SheetError, match="wrong_headers") as refused:
            read(saved(book))
        assert refused.value.values["missing"] == "“Hộ (tên hoặc số)”, “Số người được giúp”"

    @pytest.mark.parametrize("seed", range(40))
    def test_a_damaged_file_is_refused_or_read_and_never_an_accident(
        self, read: Any, library: Library, template: bytes, seed: int
    ) -> None:
        chance = random.Random(seed)
        content = bytearray(filled(template, VISIT))
        for _ in range(chance.randint(1, 4)):
            start = chance.randrange(len(content))
            content[start : start + chance.randint(1, 40)] = chance.randbytes(chance.randint(0, 40))
        reason = _refusal(read, bytes(content))
        assert reason is None or reason in library.texts.visit_sheet.files

    @pytest.mark.parametrize("seed", range(40))
    def test_nor_is_a_sheet_whose_xml_is_damaged(self, read: Any, library: Library, template: bytes, seed: int) -> None:
        chance = random.Random(seed)
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(filled(template, VISIT))) as parts, zipfile.ZipFile(file, "w") as damaged:
            for part in parts.infolist():
                content = bytearray(parts.read(part))
                start = chance.randrange(len(content))
                if chance.random() < 0.4:
                    content[start : start + chance.randint(0, 30)] = chance.choice(
                        [b"", b"<", b"-1", b"&#0;", b"99999999", b"A"]
                    )
                damaged.writestr(part.filename, bytes(content))
        reason = _refusal(read, file.getvalue())
        assert reason is None or reason in library.texts.visit_sheet.files


def _refusal(read: Any, content: bytes) -> str | None:
    try:
        read(content)
    except SheetError as error:
        return error.reason
    return None


def test_every_reason_has_its_sentence(library: Library) -> None:
    """The codes stand in the modules as text; this finds one that is misspelt on either side."""
    files = [*Path(workbook.__file__).parent.glob("*.py"), Path(office.workbook.__file__)]
    source = "".join(file.read_text() for file in files)
    says = library.texts.visit_sheet
    assert [code for code in (*says.problems, *says.files) if f'"{code}"' not in source] == []
    assert {fate.value for fate in Fate} == {"new", "changed", "same", "gone"}
