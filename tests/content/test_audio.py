"""Recordings: a good one is found and measured; each fault is told where the article names it."""

from __future__ import annotations

import shutil
import struct
from datetime import date
from pathlib import Path

import pytest

from content.article import ContentError, Recording, read_article
from content.audio import FOLDER, MOST_BYTES, fault_of, opus_seconds, problems_of
from content.library import Library, read_library
from tests.conftest import ROOT
from tests.support.articles import ARTICLE

SAMPLE = ROOT / "content" / FOLDER / "scam.fake_police.vi.ogg"
LINE = (
    '  - {language: vi, title: "Cài VNeID (giọng máy)", file: cai.ogg, read_by: espeak-ng, date: 2026-11-27, '
    "source: synthesised}\n"
)


def page(position: int, content: bytes, *, is_last: bool = False) -> bytes:
    sizes = bytes([255] * (len(content) // 255) + [len(content) % 255])
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, 4 if is_last else 0, position, 1, 0, 0, len(sizes))
    return head + sizes + content


def opus(seconds: float) -> bytes:
    """A file of that length, without sound."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
    return page(0, head) + page(0, b"OpusTags") + page(int(seconds * 48000) + 312, b"x" * 300, is_last=True)


def article_with(folder: Path, recordings: str, content: bytes | None) -> list[str]:
    """What is wrong with an article that names cai.ogg."""
    file = folder / "install.md"
    file.write_text(ARTICLE.replace("---\n## Các bước", f"audio:\n{recordings}---\n## Các bước"))
    (folder / FOLDER).mkdir(exist_ok=True)
    if content is not None:
        (folder / FOLDER / "cai.ogg").write_bytes(content)
    read = read_article(file, Path("install.md"))
    return [str(problem) for problem in problems_of(read, file, Path("install.md"), folder, {"vi"})]


def test_the_shipped_sample_is_said_to_be_a_machine_s_and_plays(library: Library) -> None:
    [recording] = library.articles["scam.fake_police"].audio
    assert recording.source == "synthesised"
    assert "giọng máy" in recording.title
    assert fault_of(SAMPLE) is None
    assert opus_seconds(SAMPLE.read_bytes()) == pytest.approx(73.8, abs=0.1)


def test_a_good_recording_is_no_problem(tmp_path: Path) -> None:
    assert article_with(tmp_path, LINE, opus(90)) == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "thiếu tệp này trong thư mục audio"),
        (b"ID3" + bytes(100), "không phải âm thanh OGG/OPUS"),
        (page(0, b"\x01vorbis" + bytes(30), is_last=True), "không phải âm thanh OGG/OPUS"),
        (opus(60)[:-100], "không phải âm thanh OGG/OPUS"),
        (b"", "không phải âm thanh OGG/OPUS"),
        (opus(301), "dài 5.0 phút, nhiều nhất 5 phút"),
        (bytes(MOST_BYTES * 3 // 2), "nặng 1.5 MB, nhiều nhất 1 MB"),
    ],
)
def test_a_recording_that_not_every_channel_plays_is_told_with_its_line(
    tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    [problem] = article_with(tmp_path, LINE, content)
    assert problem.startswith("install.md:16: audio: cai.ogg: ")
    assert complaint in problem


def test_a_language_without_a_name_and_a_file_named_twice_are_told(tmp_path: Path) -> None:
    [problem] = article_with(tmp_path, LINE.replace("language: vi", "language: xyz"), opus(9))
    assert "chưa có tên cho tiếng xyz" in problem
    [twice] = article_with(tmp_path, LINE + LINE, opus(9))
    assert "ghi hai lần" in twice


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (" (giọng máy)", "", "title phải có chữ: giọng máy"),
        ("cai.ogg", "../cai.ogg", "không đúng dạng"),
        ("source: synthesised", "source: robot", "phải là recorded "),
        ("read_by: espeak-ng, ", "", "read_by: còn thiếu"),
    ],
)
def test_what_is_said_of_a_recording_is_checked(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    with pytest.raises(ContentError, match=complaint):
        article_with(tmp_path, LINE.replace(old, new), opus(9))


def test_the_whole_content_names_a_lost_recording(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    (folder / FOLDER / SAMPLE.name).unlink()
    with pytest.raises(ContentError, match=r"fake_police\.md:\d+: audio: scam\.fake_police\.vi\.ogg: thiếu tệp này"):
        read_library(folder)


def test_a_person_s_recording_needs_no_mark() -> None:
    read = Recording(
        language="sed",
        title="Nghe tiếng Xơ Đăng",
        file="a.ogg",
        read_by="Y Hlim",
        date=date(2026, 11, 1),
        source="recorded",
    )
    assert read.source == "recorded"
