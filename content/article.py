"""One article: its file format, read and checked. What the format is, and why, stands in docs/content-format.md."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, ValidationInfo, field_validator

HEADINGS = ("Các bước", "Giấy tờ", "Lệ phí", "Thời gian", "Ở đâu", "Lưu ý", "Cảnh báo")
"""The sections an article may have, in this order. Their place in the tuple is part of button payloads: only append."""

SUMMARY_WORDS = 60  # docs/content-format.md asks for 45; placeholders may bring it up to this
SUMMARY_SENTENCES = 3
SECTION_CHARACTERS = 900
STEPS_CHARACTERS = 1400
STEPS = 8
REVIEW_WITHIN = timedelta(days=366)
AREAS_WITHOUT_SOURCES = frozenset({"help"})  # they describe the programme itself

FORBIDDEN_MARKUP = (
    (re.compile(r"\]\("), "liên kết dạng [chữ](địa chỉ) không dùng được ở mọi kênh, hãy ghi địa chỉ ra"),
    (re.compile(r"<[a-zA-Z/]"), "thẻ HTML không được dùng"),
    (re.compile(r"^\s*\|", re.MULTILINE), "bảng không được dùng"),
    (re.compile(r"^\s+(-|\d+\.) ", re.MULTILINE), "danh sách lồng nhau không được dùng"),
    (re.compile(r"!\["), "hình ảnh không được dùng"),
)
_STEP = re.compile(r"^(\d+)\. ", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
_SOURCE_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

_SAID_PLAINLY = {
    "missing": "còn thiếu",
    "extra_forbidden": "không có khoá này, xem lại chính tả",
    "string_type": "phải là chữ (số điện thoại thì đặt trong ngoặc kép)",
    "string_too_short": "không được để trống",
    "string_too_long": "dài quá {max_length} ký tự",
    "string_pattern_mismatch": "không đúng dạng {pattern}",
    "list_type": "phải là một danh sách",
    "too_short": "cần ít nhất {min_length}, đang có {actual_length}",
    "too_long": "nhiều nhất {max_length}, đang có {actual_length}",
    "bool_parsing": "phải là true hoặc false",
    "bool_type": "phải là true hoặc false",
    "date_from_datetime_parsing": "phải là ngày dạng 2026-11-22",
    "date_parsing": "phải là ngày dạng 2026-11-22",
    "date_type": "phải là ngày dạng 2026-11-22",
    "dict_type": "phải là các dòng dạng khoá: giá trị",
    "model_type": "phải là các dòng dạng khoá: giá trị",
}
"""pydantic's errors, by type, for people who write articles; the rarer ones stay in English."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong in a content file. `line` counts from 1; the message is for the person who wrote the file."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ContentError(Exception):
    """Content that can't be used; `problems` names every place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Strict(BaseModel):
    """A model that refuses unknown keys, so that a typing mistake in a file is told and not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Source(Strict):
    """Where a claim comes from. `date` is a year, a month or a day, as precise as the source itself."""

    title: Text
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
    date: str | None = None

    @field_validator("date", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int | date) else value

    @field_validator("date")
    @classmethod
    def _year_month_or_day(cls, value: str | None) -> str | None:
        if value is not None and not _SOURCE_DATE.fullmatch(value):
            raise ValueError("ngày của nguồn phải có dạng 2025, 2025-12 hoặc 2025-12-04")
        return value

    @property
    def shown_date(self) -> str:
        """The date as Vietnamese write it: 4/12/2025, 12/2025, 2025; empty when the source has none."""
        parts = (self.date or "").split("-")
        return "/".join(part.lstrip("0") for part in reversed(parts))


class Section(Strict):
    """A part of an article that can be read alone."""

    heading: str
    text: str

    @property
    def steps(self) -> tuple[str, ...]:
        """The numbered steps, without their numbers; empty when the section has none."""
        pieces = _STEP.split(self.text)
        return tuple(piece.strip() for piece in pieces[2::2])


class Recording(Strict):
    """Somebody, or a machine, reads the article aloud: a file in content/audio (see content/audio.py)."""

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    """Its ISO 639 code: vi, sed (Xơ Đăng), tay; content/texts/audio.yml names them."""
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,64}\.ogg$")]
    read_by: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    date: dt.date
    source: str
    """recorded: by a person; synthesised: by a machine."""

    @field_validator("source")
    @classmethod
    def _says_when_it_is_a_machine(cls, value: str, info: ValidationInfo) -> str:
        if value not in {"recorded", "synthesised"}:
            raise ValueError("phải là recorded (người đọc) hoặc synthesised (máy đọc)")
        if value == "synthesised" and "giọng máy" not in info.data.get("title", "giọng máy").lower():
            raise ValueError("bản do máy đọc thì title phải có chữ: giọng máy")
        return value


class Article(Strict):
    """The answer to one topic. `summary` is what a citizen reads first."""

    id: Text
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=48)]
    summary: Text
    questions: Annotated[list[Text], Field(min_length=4, max_length=8)]
    related: Annotated[list[str], Field(max_length=4)] = []
    urgent: bool = False
    guide: bool = False
    reviewed: date
    review_by: date
    sources: Annotated[list[Source], Field(max_length=8)]
    audio: Annotated[list[Recording], Field(max_length=4)] = []
    sections: tuple[Section, ...] = ()

    @property
    def area(self) -> str:
        return self.id.partition(".")[0]

    def section(self, heading: str) -> Section | None:
        """The section under that heading, if the article has it."""
        return next((section for section in self.sections if section.heading == heading), None)

    @field_validator("summary")
    @classmethod
    def _short_enough_to_read_aloud(cls, value: str) -> str:
        value = " ".join(value.split())
        if (words := len(value.split())) > SUMMARY_WORDS:
            raise ValueError(f"câu trả lời đầu dài {words} chữ, nhiều nhất là {SUMMARY_WORDS}")
        if len(_SENTENCE_END.findall(value)) > SUMMARY_SENTENCES:
            raise ValueError(f"câu trả lời đầu có hơn {SUMMARY_SENTENCES} câu")
        return value

    @field_validator("review_by")
    @classmethod
    def _within_a_year(cls, value: date, info: ValidationInfo) -> date:
        reviewed = info.data.get("reviewed", value - REVIEW_WITHIN)
        if value <= reviewed:
            raise ValueError("phải sau reviewed")
        if value - reviewed > REVIEW_WITHIN:
            raise ValueError("cách reviewed hơn 12 tháng")
        return value

    @field_validator("sources")
    @classmethod
    def _sourced(cls, value: list[Source], info: ValidationInfo) -> list[Source]:
        if not value and info.data.get("id", "").partition(".")[0] not in AREAS_WITHOUT_SOURCES:
            raise ValueError("phải có ít nhất một nguồn")
        return value


def read_article(file: Path, shown_as: Path) -> Article:
    """Reads one article file.

    Raises:
        ContentError: with every problem found, each with `shown_as` and its line.
    """
    lines = read_text(file, shown_as).split("\n")
    if lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        raise ContentError([Problem(shown_as, 1, "phần đầu tệp phải nằm giữa hai dòng ---")])
    end = next(number for number, line in enumerate(lines[1:], start=1) if line.strip() == "---")

    sections, problems = _read_sections(lines, start=end + 1, shown_as=shown_as)
    try:
        front = read_yaml("\n".join(["", *lines[1:end]]), shown_as)
        if "sections" in front.values:
            raise ContentError([Problem(shown_as, front.line_of("sections"), "các mục viết ở thân bài, dưới ##")])
        article = Article.model_validate({**front.values, "sections": tuple(sections)})
    except ContentError as error:
        problems += error.problems
    except ValidationError as error:
        problems += front.problems(error)
    if problems:
        raise ContentError(sorted(problems))
    if article.guide and len((article.section("Các bước") or Section(heading="", text="")).steps) < 3:
        reason = "guide: true cần mục Các bước có ít nhất 3 bước đánh số"
        raise ContentError([Problem(shown_as, front.line_of("guide"), reason)])
    return article


def read_text(file: Path, shown_as: Path) -> str:
    """A content file's text, in the one way of writing Vietnamese letters that all our comparisons expect (NFC).

    Raises:
        ContentError: it can't be read, or is no UTF-8.
    """
    try:
        return unicodedata.normalize("NFC", file.read_text(encoding="utf-8-sig"))  # Notepad writes a mark in front
    except UnicodeDecodeError:
        raise ContentError([Problem(shown_as, 1, "tệp không phải là chữ UTF-8")]) from None
    except FileNotFoundError:
        raise ContentError([Problem(shown_as, 1, "thiếu tệp này")]) from None
    except OSError as error:
        raise ContentError([Problem(shown_as, 1, f"không đọc được tệp: {error.strerror}")]) from None


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """A YAML mapping with the line of each of its keys and entries, so that errors can say where."""

    values: dict[str, Any]
    lines: dict[tuple[int | str, ...], int]
    shown_as: Path

    def line_of(self, *place: int | str) -> int:
        """The line of a key or list entry, given the way to it; of the nearest one above if it is not there."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problems(self, error: ValidationError) -> list[Problem]:
        """pydantic's errors as problems at the lines of their keys."""
        found = []
        for detail in error.errors():
            place = detail["loc"]
            path = ".".join(str(step) for step in place)
            plainly = _SAID_PLAINLY.get(detail["type"], detail["msg"].removeprefix("Value error, "))
            reason = plainly.format(**detail.get("ctx", {})) if detail["type"] in _SAID_PLAINLY else plainly
            found.append(Problem(self.shown_as, self.line_of(*place), f"{path}: {reason}" if path else reason))
        return found


def read_yaml(text: str, shown_as: Path) -> YamlMapping:
    """Parses a YAML mapping.

    Raises:
        ContentError: when it is no valid YAML, or no mapping, or has a key twice.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError([Problem(shown_as, line, f"YAML sai: {error.problem}")]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        raise ContentError([Problem(shown_as, line, "có ký tự lạ không nhìn thấy, xoá dòng này và gõ lại")]) from None
    if not isinstance(node, yaml.MappingNode):
        raise ContentError([Problem(shown_as, 1, "phải là các dòng dạng khoá: giá trị")])

    values: dict[str, Any] = {}
    lines: dict[tuple[int | str, ...], int] = {}
    problems = []
    loader = yaml.SafeLoader("")
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        try:
            values[name] = loader.construct_object(value, deep=True)
        except (yaml.YAMLError, ValueError):
            problems.append(Problem(shown_as, line, f"{name}: giá trị không đọc được, xem lại ngày và dấu ngoặc"))
    for place, line in _places(node):
        if place in lines:
            problems.append(Problem(shown_as, line, f"{place[-1]}: đã có ở dòng {lines[place]}, chỉ ghi một lần"))
        lines.setdefault(place, line)
    if problems:
        raise ContentError(problems)
    return YamlMapping(values, lines, shown_as)


def _places(node: yaml.Node, above: tuple[int | str, ...] = ()) -> Iterator[tuple[tuple[int | str, ...], int]]:
    """Every key and list entry under a node, each with its line. Our files are 3 deep; one in a circle has no end."""
    entries: list[tuple[int | str, yaml.Node, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        entries = [(str(key.value), key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        entries = [(number, item, item) for number, item in enumerate(node.value)]
    for step, start, inner in entries:
        yield (*above, step), start.start_mark.line + 1
        if len(above) < 3:
            yield from _places(inner, (*above, step))


def _read_sections(lines: list[str], start: int, shown_as: Path) -> tuple[list[Section], list[Problem]]:
    problems: list[Problem] = []
    sections: list[Section] = []
    heading, heading_line, body = "", start + 1, list[str]()

    def close() -> None:
        text = "\n".join(body).strip()
        if heading in HEADINGS:
            if sections and HEADINGS.index(heading) <= HEADINGS.index(sections[-1].heading):
                reason = "các mục phải theo thứ tự quy định, mỗi mục một lần"
                problems.append(Problem(shown_as, heading_line, f"{heading}: {reason}"))
            sections.append(Section(heading=heading, text=text))
            problems.extend(Problem(shown_as, heading_line, message) for message in _faults_of_section(heading, text))
        elif text and not heading:
            problems.append(Problem(shown_as, heading_line, "không được có chữ trước tiêu đề ## đầu tiên"))

    for number, line in enumerate(lines[start:], start=start + 1):
        if not line.startswith("#"):
            body.append(line.rstrip())
            continue
        close()
        heading, heading_line, body = line.lstrip("#").strip(), number, []
        if heading not in HEADINGS or not line.startswith("## "):
            problems.append(
                Problem(shown_as, number, f'tiêu đề "{line}" không có trong danh sách: {", ".join(HEADINGS)}')
            )
            heading = line
    close()

    if not sections:
        problems.append(Problem(shown_as, start, "bài phải có ít nhất một mục ##"))
    return sections, problems


def _faults_of_section(heading: str, text: str) -> list[str]:
    faults = [f"{heading}: {reason}" for pattern, reason in FORBIDDEN_MARKUP if pattern.search(text)]
    limit = STEPS_CHARACTERS if heading == "Các bước" else SECTION_CHARACTERS
    if not text:
        faults.append(f"{heading}: mục trống")
    if len(text) > limit:
        faults.append(f"{heading}: dài {len(text)} ký tự, nhiều nhất là {limit}")
    numbers = [int(number) for number in _STEP.findall(text)]
    if heading == "Các bước" and len(numbers) > STEPS:
        faults.append(f"{heading}: có {len(numbers)} bước, nhiều nhất là {STEPS}")
    if numbers != list(range(1, len(numbers) + 1)):
        faults.append(f"{heading}: các bước phải đánh số liên tục từ 1")
    return faults
