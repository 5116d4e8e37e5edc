"""The pocket lessons (content/lessons/*.yml): a few cards and three questions each, read and checked.

Who has read what, and what an answer counts, is left to the service that gives the lessons.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError, ValidationInfo, field_validator, model_validator

from content.article import FORBIDDEN_MARKUP, ContentError, Problem, Source, Strict, Text, read_text, read_yaml
from content.commune import PLACEHOLDERS

QUESTIONS = 3
CARD_CHARACTERS = 350
OPTION_CHARACTERS = 40
"""What fits a button on every channel; placeholders are not allowed there, they could bring it over."""
PRACTICE = "**Thử làm ngay.**"
"""How a lesson's last card begins when it asks to do something on the phone."""

_FILLED_IN = re.compile(r"\{(.*?)\}")


class Domain(StrEnum):
    """The areas of the national programme, in the order in which the course goes through them.

    Those that official letter 3139/BTTTT-KTS&XHS (31/7/2024) and the reports on decision 757/QĐ-BKHCN (29/4/2025) name;
    the decision's own table was not at hand, so these are no wording of it.
    """

    DEVICE = "device"
    COMMUNICATION = "communication"
    INFORMATION = "information"
    SAFETY = "safety"
    PUBLIC_SERVICES = "public_services"
    EVERYDAY_SERVICES = "everyday_services"
    AI = "ai"

    @property
    def shown(self) -> str:
        """As citizens and reports read it."""
        return _DOMAIN_TITLES[self]


_DOMAIN_TITLES = {
    Domain.DEVICE: "Dùng điện thoại và ứng dụng",
    Domain.COMMUNICATION: "Liên lạc, mạng xã hội",
    Domain.INFORMATION: "Tìm và xem xét thông tin",
    Domain.SAFETY: "An toàn, chống lừa đảo",
    Domain.PUBLIC_SERVICES: "VNeID và dịch vụ công",
    Domain.EVERYDAY_SERVICES: "Dịch vụ số hằng ngày",
    Domain.AI: "Trí tuệ nhân tạo (AI)",
}


class Group(StrEnum):
    """The subjects under which a list of lessons shows them."""

    PHONE = "phone"
    ZALO = "zalo"
    NEWS = "news"
    PASSWORD = "password"  # noqa: S105 - the subject
    SCAM = "scam"
    VNEID = "vneid"
    DVC = "dvc"
    PAYMENT = "payment"
    HEALTH = "health"
    AI = "ai"

    @property
    def shown(self) -> str:
        """As buttons and lists show it."""
        return _GROUP_TITLES[self]


_GROUP_TITLES = {
    Group.PHONE: "Điện thoại",
    Group.ZALO: "Zalo",
    Group.NEWS: "Tin thật, tin giả",
    Group.PASSWORD: "Mật khẩu, mã OTP",
    Group.SCAM: "Nhận ra lừa đảo",
    Group.VNEID: "VNeID",
    Group.DVC: "Dịch vụ công trực tuyến",
    Group.PAYMENT: "Thanh toán",
    Group.HEALTH: "Sức khoẻ, bảo hiểm",
    Group.AI: "Trí tuệ nhân tạo",
}

LessonId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=20)]
"""Short, because it is part of button payloads."""
Card = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=CARD_CHARACTERS)]
Option = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=OPTION_CHARACTERS)]
Explanation = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=250)]


class LessonSource(Source):
    """A source, and the day when somebody last compared the lesson with it."""

    checked: date


class Question(Strict):
    """A question with its options as buttons or numbered choices; `right` counts from 1, as readers count."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=220)]
    options: Annotated[list[Option], Field(min_length=2, max_length=4)]
    right: Annotated[int, Field(ge=1)]
    when_right: Explanation
    """Said after the right option: why it is right."""
    when_wrong: Explanation
    """Said after any other: what is right and why, without blame."""

    @property
    def right_option(self) -> str:
        """The right option's words."""
        return self.options[self.right - 1]

    def is_right(self, number: int) -> bool:
        """Whether the option with that number, counted from 1, is the right one."""
        return number == self.right

    @field_validator("options")
    @classmethod
    def _differ_and_are_buttons(cls, value: list[str]) -> list[str]:
        if len({option.casefold() for option in value}) < len(value):
            raise ValueError("có hai câu trả lời giống nhau")
        if any(_FILLED_IN.search(option) or "*" in option or "\n" in option for option in value):
            raise ValueError("câu trả lời là chữ trên nút bấm: không chỗ điền, không **, không xuống dòng")
        return value

    @field_validator("right")
    @classmethod
    def _is_one_of_them(cls, value: int, info: ValidationInfo) -> int:
        options = info.data.get("options")
        if options is not None and value > len(options):
            raise ValueError(f"chỉ có {len(options)} câu trả lời, đếm từ 1")
        return value


class Lesson(Strict):
    """One lesson. `order` is its place in the course, unique over all lessons; `minutes` is an honest guess."""

    id: LessonId
    order: Annotated[int, Field(ge=1, le=999)]
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=48)]
    minutes: Annotated[int, Field(ge=3, le=5)]
    domain: Domain
    group: Group
    cards: Annotated[list[Card], Field(min_length=3, max_length=6)]
    """Read one after the other; small markup and the commune's placeholders; the last may begin with `PRACTICE`."""
    questions: Annotated[list[Question], Field(min_length=QUESTIONS, max_length=QUESTIONS)]
    sources: Annotated[list[LessonSource], Field(min_length=1, max_length=10)]
    related: Annotated[list[Text], Field(min_length=1, max_length=4)]
    """Topics whose articles say more."""

    @property
    def checked(self) -> date:
        """The day of the longest ago comparison with a source: since then the lesson may be out of date."""
        return min(source.checked for source in self.sources)

    @field_validator("cards")
    @classmethod
    def _small_markup(cls, value: list[str]) -> list[str]:
        for number, card in enumerate(value, start=1):
            for pattern, reason in FORBIDDEN_MARKUP:
                if pattern.search(card):
                    raise ValueError(f"thẻ {number}: {reason}")
            if card.count("**") % 2:
                raise ValueError(f"thẻ {number}: dấu ** phải đi thành cặp")
            if card.startswith(PRACTICE) and number < len(value):
                raise ValueError(f"thẻ {number}: {PRACTICE} chỉ đứng ở thẻ cuối")
        return value

    @model_validator(mode="after")
    def _fills_in_what_it_may(self) -> Lesson:
        asked = [(f"cards.{number}", card) for number, card in enumerate(self.cards)]
        for number, question in enumerate(self.questions):
            asked += [
                (f"questions.{number}.{field}", getattr(question, field))
                for field in ("text", "when_right", "when_wrong")
            ]
        for place, text in asked:
            if unknown := sorted(set(_FILLED_IN.findall(text)) - PLACEHOLDERS):
                raise ValueError(f"{place}: {{{unknown[0]}}} không phải là chỗ điền: {', '.join(sorted(PLACEHOLDERS))}")
        return self


def read_lessons(folder: Path, topics: Collection[str]) -> dict[str, Lesson]:
    """Reads content/lessons/*.yml, in the order of the course; a folder without lessons gives none.

    `topics` are the ids of topics.yml that lessons may name; empty when that file is broken, then nobody is blamed.

    Raises:
        ContentError: with every problem in every file.
    """
    problems: list[Problem] = []
    lessons: list[tuple[Path, Lesson]] = []
    for file in sorted((folder / "lessons").glob("*.yml")):
        if file.name.startswith("."):  # an editor's own
            continue
        shown_as = file.relative_to(folder.parent)
        try:
            lessons.append((shown_as, _read_lesson(file, shown_as, topics)))
        except ContentError as error:
            problems += error.problems
    lessons.sort(key=lambda each: each[1].order)
    problems += _out_of_order(lessons)
    if problems:
        raise ContentError(sorted(problems))
    return {lesson.id: lesson for _, lesson in lessons}


def _read_lesson(file: Path, shown_as: Path, topics: Collection[str]) -> Lesson:
    mapping = read_yaml(read_text(file, shown_as), shown_as)
    try:
        lesson = Lesson.model_validate(mapping.values)
    except ValidationError as error:
        raise ContentError(mapping.problems(error)) from None
    problems = []
    if lesson.id != file.stem:
        reason = f"id: là {lesson.id} nhưng tệp tên là {file.name}"
        problems.append(Problem(shown_as, mapping.line_of("id"), reason))
    for number, topic in enumerate(lesson.related):
        if topics and topic not in topics:
            reason = f"related.{number}: {topic} không có trong topics.yml"
            problems.append(Problem(shown_as, mapping.line_of("related", number), reason))
    if problems:
        raise ContentError(problems)
    return lesson


def _out_of_order(lessons: list[tuple[Path, Lesson]]) -> Iterator[Problem]:
    """Two lessons in one place, or an area of the programme that the course leaves and comes back to."""
    domains = list(Domain)
    for (_, before), (shown_as, lesson) in pairwise(lessons):
        if lesson.order == before.order:
            yield Problem(shown_as, 1, f"order: {lesson.order} đã là của bài {before.id}")
        elif domains.index(lesson.domain) < domains.index(before.domain):
            reason = f"order: {lesson.order} đứng sau bài {before.id} (domain: {before.domain})"
            wanted = " → ".join(domains)
            yield Problem(shown_as, 1, f"{reason}, nhưng khoá học đi theo thứ tự {wanted}")
