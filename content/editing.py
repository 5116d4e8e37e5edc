"""An article's file while somebody edits it: its text, a beginning for a new one, checks before it counts, writing it.

Articles are named by their topic's id, which callers take from the library: it decides where the file lies.
"""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from content.article import Article, ContentError, Problem, read_article, read_text
from content.library import Library, misplaced, read_library

REVIEW_AFTER = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a text would be as an article; `elsewhere` are faults of other files, with or because of it."""

    article: Article | None
    problems: tuple[Problem, ...] = ()
    elsewhere: tuple[Problem, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether it can go live."""
        return self.article is not None


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a comparison. `mark`: "+" new, "-" gone, " " as before, "…" lines between were left out."""

    mark: str
    text: str


def file_of(folder: Path, topic: str) -> Path:
    """Where a topic's article lies."""
    area, _, name = topic.partition(".")
    return folder / "topics" / area / f"{name}.md"


def text_of(folder: Path, topic: str) -> str:
    """What stands in a topic's file now; empty when there is none.

    Raises:
        ContentError: it can't be read.
    """
    file = file_of(folder, topic)
    return tidy(read_text(file, file.relative_to(folder))) if file.exists() else ""


def tidy(text: str) -> str:
    """A text as files hold it: composed letters, plain line ends, one at the end."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip() + "\n"


def look(library: Library, topic: str, text: str) -> Checked:
    """Reads the text as the article of its topic; quick, for a page that shows it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "content")
        write(folder, topic, text)
        file = file_of(folder, topic)
        shown_as = file.relative_to(folder.parent)
        try:
            article = read_article(file, shown_as)
        except ContentError as error:
            return Checked(None, tuple(error.problems))
        problems = tuple(sorted(misplaced(article, file, shown_as, library.topics)))
        return Checked(None if problems else article, problems)


def check(folder: Path, topic: str, text: str) -> Checked:
    """Reads the whole library as it would be with this text, before it goes live; takes about a second."""
    with tempfile.TemporaryDirectory() as place:
        trial = Path(place, folder.name)
        shutil.copytree(folder, trial, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
        write(trial, topic, text)
        try:
            return Checked(read_library(trial).articles[topic])
        except ContentError as error:
            shown_as = file_of(trial, topic).relative_to(trial.parent)
            own = tuple(problem for problem in error.problems if problem.file == shown_as)
            return Checked(None, own, tuple(problem for problem in error.problems if problem.file != shown_as))
        except KeyError:
            return Checked(None, (Problem(Path(f"{topic}.md"), 1, f"id phải là {topic}"),))


def can_write(folder: Path) -> bool:
    """Whether articles can be written there (in a container the folder may be mounted for reading alone)."""
    topics = folder / "topics"
    return os.access(topics, os.W_OK) and all(os.access(area, os.W_OK) for area in topics.iterdir() if area.is_dir())


def write(folder: Path, topic: str, text: str) -> None:
    """Writes a topic's file as a whole or not at all, safe from a power cut; readers see the old or the new text."""
    file = file_of(folder, topic)
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(tidy(text))
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            shutil.copymode(file, unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def skeleton(topic: str, title: str, today: date) -> str:
    """A beginning for a new article: what must be there, with places to fill in."""
    return f"""---
id: {topic}
title: {title}
summary: >
  Viết câu trả lời đầu tiên ở đây: một hoặc hai câu, nhiều nhất 45 chữ.
questions:
  - Cách hỏi thứ nhất
  - Cách hỏi thứ hai
  - Cách hỏi thứ ba
  - Cách hỏi thứ tư
related: []
reviewed: {today}
review_by: {today + REVIEW_AFTER}
sources:
  - {{title: "Tên văn bản hoặc trang", url: "https://"}}
---
## Các bước
1. Bước thứ nhất.
2. Bước thứ hai.

## Lưu ý
Điều cần lưu ý.
"""


def difference(before: str, after: str) -> tuple[DiffLine, ...]:
    """What changed from one text to another, with three lines around each change."""
    found = []
    for line in list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3))[2:]:
        found.append(DiffLine("…", "") if line.startswith("@@") else DiffLine(line[0], line[1:]))
    return tuple(found[1:] if found and found[0].mark == "…" else found)
