"""The scam check's files: what is shipped is good, and a mistake is told with its file and line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from content.article import ContentError
from content.library import Library
from content.scam import read_official_domains, read_scam_signals
from tests.conftest import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with the three files as they are shipped."""
    folder = tmp_path / "content"
    folder.mkdir()
    for name in ("scam_signals.yml", "official_domains.yml", "scam_examples.tsv"):
        shutil.copy(ROOT / "content" / name, folder)
    return folder


def change(file: Path, old: str, new: str) -> int:
    """Changes a file in one place; the line of that place."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_every_sign_is_explained_and_points_to_a_topic_that_exists(library: Library) -> None:
    signals = library.scam_signals
    assert {topic for _, topic in signals.topics()} <= library.topics.keys()
    for group in signals.signals.values():
        for signal in group.values():
            assert signal.reason.endswith(".")
            assert len(signal.reason.split()) <= 45


def test_no_verdict_calls_anything_safe(library: Library) -> None:
    levels = library.scam_signals.levels
    assert "an toàn" not in levels.none.title
    assert "cẩn thận" in levels.none.title


def test_whoever_stands_behind_a_domain_is_known(library: Library) -> None:
    domains = library.official_domains
    assert domains.owner_of("vneid.gov.vn") == "Cơ quan nhà nước Việt Nam"
    assert domains.owner_of("cskh.evnspc.vn") == "Tập đoàn Điện lực Việt Nam (EVN)"
    assert domains.owner_of("vneid.gov.vn.evil.top") is None
    assert domains.owner_of("notgov.vn") is None


def test_a_topic_that_does_not_exist_is_refused(folder: Path) -> None:
    line = change(folder / "scam_signals.yml", "topic: scam.data_leak", "topic: scam.data_leek")
    with pytest.raises(ContentError) as refusal:
        read_scam_signals(folder, {"scam.data_leak", *_topics()})
    [problem] = refusal.value.problems
    assert problem.file == Path("content/scam_signals.yml")
    assert abs(problem.line - line) <= 5
    assert problem.message.endswith("scam.data_leek không có trong topics.yml")


def test_a_broken_pattern_is_refused(folder: Path) -> None:
    change(folder / "scam_signals.yml", "['\\bapk+\\b']", "['\\bapk+(']")
    with pytest.raises(ContentError, match=r"content/scam_signals\.yml.*sai"):
        read_scam_signals(folder, ())


def test_a_word_that_is_not_defined_is_refused(folder: Path) -> None:
    change(folder / "scam_signals.yml", "['\\bapk+\\b']", "['{no_such}']")
    with pytest.raises(ContentError, match=re.escape("{no_such} không có trong words")):
        read_scam_signals(folder, ())


def test_an_unknown_key_is_refused_with_its_line(folder: Path) -> None:
    line = change(folder / "scam_signals.yml", "limits: {", "limits: {safe: 1, ")
    with pytest.raises(ContentError) as refusal:
        read_scam_signals(folder, ())
    assert [str(problem) for problem in refusal.value.problems] == [
        f"content/scam_signals.yml:{line}: limits.safe: không có khoá này, xem lại chính tả"
    ]


@pytest.mark.parametrize("row", ["spam\t\tabc", "scam\tscam.job", "honest\t\t ", "scam\tscam.jop\tabc"])
def test_a_broken_example_is_refused_with_its_line(folder: Path, row: str) -> None:
    file = folder / "scam_examples.tsv"
    file.write_text(f"label\ttopic\ttext\n{row}\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"content/scam_examples\.tsv:2: "):
        read_scam_signals(folder, _topics())


def test_a_domain_with_a_scheme_is_refused(folder: Path) -> None:
    change(folder / "official_domains.yml", "[vnpost.vn]", '["https://vnpost.vn"]')
    with pytest.raises(ContentError, match=r"content/official_domains\.yml:\d+: official\.\d+\.domains\.0"):
        read_official_domains(folder)


def _topics() -> set[str]:
    signals = read_scam_signals(ROOT / "content", ())
    return {topic for _, topic in signals.topics()} | {it.topic for it in signals.examples if it.topic}
