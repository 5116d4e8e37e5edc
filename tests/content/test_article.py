"""An article file is read whole, or refused with the file and line of everything that is wrong in it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from content.article import Article, ContentError, Source, read_article
from tests.support.articles import ARTICLE, article, saved

SHOWN_AS = Path("content/topics/vneid/install.md")


def read(folder: Path, text: str = ARTICLE) -> Article:
    return read_article(saved(folder, text), SHOWN_AS)


def problems(folder: Path, text: str) -> list[str]:
    """What the writer is told, without the file's name, which every line must begin with."""
    with pytest.raises(ContentError) as refusal:
        read(folder, text)
    told = str(refusal.value).split("\n")
    assert all(line.startswith(f"{SHOWN_AS}:") for line in told)
    return [line.removeprefix(f"{SHOWN_AS}:") for line in told]


def only_problem(folder: Path, text: str) -> str:
    [problem] = problems(folder, text)
    return problem


def line_of(words: str, text: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), start=1) if words in line)


def changed(old: str, new: str) -> str:
    assert old in ARTICLE
    return ARTICLE.replace(old, new)


def test_a_good_file_becomes_an_article(tmp_path: Path) -> None:
    read_one = read(tmp_path)

    assert read_one.id == "vneid.install"
    assert read_one.area == "vneid"
    assert read_one.summary == "Mở cửa hàng ứng dụng, gõ VNeID rồi bấm **Cài đặt**."
    assert len(read_one.questions) == 4
    assert [section.heading for section in read_one.sections] == ["Các bước", "Lệ phí"]
    assert read_one.sources == [
        Source(title="Hướng dẫn cài VNeID", url="https://vneid.gov.vn/cai-dat", date="2026-03-12")
    ]
    assert not read_one.urgent
    assert not read_one.guide


def test_a_section_is_found_by_its_heading(tmp_path: Path) -> None:
    read_one = read(tmp_path)

    fee = read_one.section("Lệ phí")
    assert fee is not None
    assert fee.text == "Cài VNeID không mất tiền."
    assert read_one.section("Giấy tờ") is None


def test_steps_come_without_their_numbers_and_with_all_their_lines(tmp_path: Path) -> None:
    text = changed("2. Gõ **VNeID**.", "2. Gõ **VNeID**.\n- chữ V hoa\n- chữ e thường")
    steps = read(tmp_path, text).section("Các bước")

    assert steps is not None
    assert steps.steps == (
        "Mở cửa hàng ứng dụng.",
        "Gõ **VNeID**.\n- chữ V hoa\n- chữ e thường",
        "Bấm **Cài đặt**.",
    )


def test_a_section_without_numbers_has_no_steps(tmp_path: Path) -> None:
    fee = read(tmp_path).section("Lệ phí")
    assert fee is not None
    assert fee.steps == ()


def test_files_saved_by_windows_are_read_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "install.md"
    file.write_bytes("\ufeff".encode() + ARTICLE.replace("\n", "\r\n").encode())
    assert read_article(file, SHOWN_AS) == read(tmp_path)


def test_letters_typed_in_two_parts_are_read_all_the_same(tmp_path: Path) -> None:
    in_parts = unicodedata.normalize("NFD", ARTICLE)
    assert in_parts != ARTICLE
    assert read(tmp_path, in_parts) == read(tmp_path)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-03-12", "12/3/2026"),
        ("2026-10-04", "4/10/2026"),
        ("2025-12", "12/2025"),
        ("2024", "2024"),
        (2024, "2024"),
        (None, ""),
    ],
)
def test_a_source_s_date_is_shown_as_vietnamese_write_it(written: object, shown: str) -> None:
    source = Source.model_validate({"title": "Báo", "url": "https://bao.vn", "date": written})
    assert source.shown_date == shown


@pytest.mark.parametrize("date", ["3/2026", "2026-13", "2026-00", "2026-02-32", "26", "hôm qua"])
def test_a_source_s_date_must_be_a_date(tmp_path: Path, date: str) -> None:
    text = changed("date: 2026-03-12", f'date: "{date}"')
    number = line_of("cai-dat", text)
    assert (
        only_problem(tmp_path, text)
        == f"{number}: sources.0.date: ngày của nguồn phải có dạng 2025, 2025-12 hoặc 2025-12-04"
    )


@pytest.mark.parametrize(
    ("old", "new", "at", "complaint"),
    [
        ("title: Tải", "titel: Tải", "titel", "titel: không có khoá này, xem lại chính tả"),
        ("title: Tải và cài đặt VNeID", f"title: {'a' * 49}", "title:", "title: dài quá 48 ký tự"),
        ("title: Tải và cài đặt VNeID", 'title: ""', "title:", "title: không được để trống"),
        ("title: Tải và cài đặt VNeID", "title: 113", "title:", "title: phải là chữ"),
        ("  - Máy tôi chưa có VNeID\n", "", "questions:", "questions: cần ít nhất 4, đang có 3"),
        ("[vneid.forgot_password]", "[a.b, a.c, a.d, a.e, a.f]", "related:", "related: nhiều nhất 4, đang có 5"),
        ("reviewed: 2026-11-22", "reviewed: hôm qua", "reviewed:", "reviewed: phải là ngày dạng 2026-11-22"),
        ("reviewed: 2026-11-22", "reviewed: 2026-02-30", "reviewed:", "reviewed: giá trị không đọc được"),
        ("review_by: 2027-05-22", "review_by: 2026-11-22", "review_by:", "review_by: phải sau reviewed"),
        ("review_by: 2027-05-22", "review_by: 2027-11-24", "review_by:", "review_by: cách reviewed hơn 12 tháng"),
        ("https://vneid.gov.vn/cai-dat", "vneid.gov.vn", "vneid.gov.vn", "sources.0.url: không đúng dạng"),
        ("url:", "link:", "link:", "sources.0.url: còn thiếu"),
        ("related:", "guide: có\nrelated:", "guide:", "guide: phải là true hoặc false"),
        ("related:", "title: Hai lần\nrelated:", "Hai lần", "title: đã có ở dòng 3, chỉ ghi một lần"),
        ("related:", "sections: []\nrelated:", "sections:", "các mục viết ở thân bài"),
        ("title: Tải", "title: VNeID: tải", "title:", "YAML sai: mapping values are not allowed here"),
        ("title: Tải", "title: @Tải", "title:", "YAML sai: found character '@'"),
        ("summary: Mở", "summary: \x07Mở", "summary:", "có ký tự lạ không nhìn thấy"),
        ("summary: Mở", "summary: &a [*a] #", "summary:", "summary: "),
    ],
)  # fmt: skip
def test_a_fault_at_the_top_is_told_with_its_line(tmp_path: Path, old: str, new: str, at: str, complaint: str) -> None:
    text = changed(old, new)
    told = problems(tmp_path, text)
    assert any(problem.startswith(f"{line_of(at, text)}: {complaint}") for problem in told), told


def test_a_fault_three_levels_down_is_told_with_its_own_line(tmp_path: Path) -> None:
    first, last = ARTICLE.index("  - {title: Hướng dẫn"), ARTICLE.index("---\n##")
    text = ARTICLE[:first] + "  - title: Báo\n    url: https://bao.vn\n    date: 3/2026\n" + ARTICLE[last:]
    assert only_problem(tmp_path, text).startswith(f"{line_of('date: 3/2026', text)}: sources.0.date: ")


def test_a_missing_key_is_told(tmp_path: Path) -> None:
    assert only_problem(tmp_path, changed("title: Tải và cài đặt VNeID\n", "")) == "1: title: còn thiếu"


def test_an_article_needs_a_source_unless_it_is_about_the_programme_itself(tmp_path: Path) -> None:
    without = ARTICLE[: ARTICLE.index("sources:")] + "sources: []\n" + ARTICLE[ARTICLE.index("---\n##") :]
    number = line_of("sources:", without)

    assert only_problem(tmp_path, without) == f"{number}: sources: phải có ít nhất một nguồn"
    assert read(tmp_path, without.replace("id: vneid.install", "id: help.bot")).sources == []


@pytest.mark.parametrize(
    ("summary", "complaint"),
    [
        ("chữ " * 61, "câu trả lời đầu dài 61 chữ, nhiều nhất là 60"),
        ("Một. Hai! Ba? Bốn.", "câu trả lời đầu có hơn 3 câu"),
    ],
)
def test_the_first_answer_must_be_short_enough_to_read_aloud(tmp_path: Path, summary: str, complaint: str) -> None:
    text = changed("Mở cửa hàng ứng dụng, gõ VNeID rồi bấm **Cài đặt**.", f'"{summary}"')
    assert only_problem(tmp_path, text) == f"{line_of('summary:', text)}: summary: {complaint}"


def test_a_number_with_a_point_is_no_end_of_a_sentence(tmp_path: Path) -> None:
    summary = "Gọi 1900.0368 hay vneid.gov.vn, phí 15.000 đồng. Xong. Hết."
    assert read(tmp_path, changed("Mở cửa hàng ứng dụng, gõ VNeID rồi bấm **Cài đặt**.", summary)).summary == summary


@pytest.mark.parametrize(
    ("body", "at", "complaint"),
    [
        ("## Các buớc\nChữ.", "## Các buớc", 'tiêu đề "## Các buớc" không có trong danh sách: Các bước, Giấy tờ'),
        ("# Lệ phí\nChữ.", "# Lệ phí", 'tiêu đề "# Lệ phí" không có trong danh sách'),
        ("### Lệ phí\nChữ.", "### Lệ phí", 'tiêu đề "### Lệ phí" không có trong danh sách'),
        ("Lời đầu.\n## Lệ phí\nChữ.", "Lời đầu", "không được có chữ trước tiêu đề ## đầu tiên"),
        ("## Lệ phí\nChữ.\n## Giấy tờ\nChữ.", "## Giấy tờ", "Giấy tờ: các mục phải theo thứ tự quy định"),
        ("## Lệ phí\nChữ.\n## Lệ phí\nChữ.", "## Lệ phí", "Lệ phí: các mục phải theo thứ tự quy định, mỗi mục một lần"),
        ("## Lệ phí\n\n## Ở đâu\nChữ.", "## Lệ phí", "Lệ phí: mục trống"),
        (f"## Lệ phí\n{'a' * 901}", "## Lệ phí", "Lệ phí: dài 901 ký tự, nhiều nhất là 900"),
        (f"## Các bước\n1. {'a' * 1398}", "## Các bước", "Các bước: dài 1401 ký tự, nhiều nhất là 1400"),
        ("## Các bước\n1. Một\n3. Ba", "## Các bước", "Các bước: các bước phải đánh số liên tục từ 1"),
        ("## Các bước\n" + "\n".join(f"{n}. Bước" for n in range(1, 10)), "## Các bước", "Các bước: có 9 bước"),
        ("## Lệ phí\nXem [ở đây](https://a.vn).", "## Lệ phí", "Lệ phí: liên kết dạng [chữ](địa chỉ)"),
        ("## Lệ phí\nChữ <b>đậm</b>.", "## Lệ phí", "Lệ phí: thẻ HTML"),
        ("## Lệ phí\n| a | b |", "## Lệ phí", "Lệ phí: bảng"),
        ("## Lệ phí\n- một\n  - hai", "## Lệ phí", "Lệ phí: danh sách lồng nhau"),
    ],
)  # fmt: skip
def test_a_fault_in_the_body_is_told_with_its_line(tmp_path: Path, body: str, at: str, complaint: str) -> None:
    text = ARTICLE[: ARTICLE.index("## Các bước")] + body
    where = len(text[: text.rindex(at)].split("\n"))  # of two, the second is the one that is wrong
    told = problems(tmp_path, text)
    assert any(problem.startswith(f"{where}: {complaint}") for problem in told), told


def test_an_article_needs_a_section(tmp_path: Path) -> None:
    text = ARTICLE[: ARTICLE.index("## Các bước")]
    assert only_problem(tmp_path, text).endswith(": bài phải có ít nhất một mục ##")


def test_a_wrong_heading_is_one_problem_and_not_two(tmp_path: Path) -> None:
    text = changed("## Lệ phí", "## Giá tiền")
    assert len(problems(tmp_path, text)) == 1


def test_a_guide_needs_three_steps(tmp_path: Path) -> None:
    guide = changed("related:", "guide: true\nrelated:")
    assert read(tmp_path, guide).guide

    number = line_of("guide:", guide)
    too_short = guide.replace("3. Bấm **Cài đặt**.\n", "")
    assert only_problem(tmp_path, too_short) == f"{number}: guide: true cần mục Các bước có ít nhất 3 bước đánh số"


def test_every_problem_of_a_file_is_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = changed("title: Tải", "titel: Tải").replace("## Lệ phí", "## Giá")
    numbers = [int(problem.partition(":")[0]) for problem in problems(tmp_path, text)]
    assert len(numbers) == 3  # title missing, titel unknown, heading unknown
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("text", ["", "---", "id: vneid.install", "## Lệ phí\nKhông mất tiền."])
def test_a_file_without_its_two_rules_is_refused(tmp_path: Path, text: str) -> None:
    assert only_problem(tmp_path, text) == "1: phần đầu tệp phải nằm giữa hai dòng ---"


def test_a_list_where_keys_are_due_is_refused(tmp_path: Path) -> None:
    assert only_problem(tmp_path, "---\n- a\n- b\n---\n## Lệ phí\nKhông.") == "1: phải là các dòng dạng khoá: giá trị"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "install.md"
    file.write_bytes(ARTICLE.encode("utf-16"))
    with pytest.raises(ContentError, match=r"install\.md:1: tệp không phải là chữ UTF-8"):
        read_article(file, SHOWN_AS)


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"install\.md:1: thiếu tệp này"):
        read_article(tmp_path / "install.md", SHOWN_AS)


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"install\.md:1: không đọc được tệp"):
        read_article(tmp_path, SHOWN_AS)


YAML = ["id:", "title: x", "- ", "{", "[", '"', "'", "&a", "*a", "!!int x", "2026-02-30", "? a", "<<: 1", "|", ">", "%"]
OTHER = ["---", "## Lệ phí", "1. ", "sources:", "sections: 1", "**", "\x00", "\ufeff", "\t", "\r"]
PIECES = st.sampled_from([*YAML, *OTHER]) | st.text(max_size=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(PIECES, max_size=12), st.lists(PIECES, max_size=6))
@example(["sections: 1"], ["## Lệ phí"])
@example(["reviewed: 2026-02-30"], [])
def test_whatever_nonsense_a_file_holds_it_is_refused_with_a_line(
    tmp_path: Path, front: list[str], body: list[str]
) -> None:
    file = tmp_path / "any.md"
    file.write_bytes("\n".join(["---", *front, "---", *body]).encode("utf-8", "surrogatepass"))
    lines = file.read_bytes().count(b"\n") + file.read_bytes().count(b"\r") + 1
    with pytest.raises(ContentError) as refusal:  # nothing this short makes a whole article
        read_article(file, SHOWN_AS)
    assert refusal.value.problems
    assert all(1 <= problem.line <= lines and problem.message for problem in refusal.value.problems)


def test_builders_and_files_make_the_same_sort_of_article(tmp_path: Path) -> None:
    assert article("vneid.install", "Tải và cài đặt VNeID").model_dump().keys() == read(tmp_path).model_dump().keys()
