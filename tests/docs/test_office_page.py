"""The office's guide promises nothing that the page and the commands do not do."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer
from PIL import Image

from bot import cli
from office.navigation import MENU

ROOT = Path(__file__).resolve().parents[2]
PAGE_FILE = ROOT / "docs" / "vi" / "van-phong.md"
PAGE = PAGE_FILE.read_text()
PICTURES = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', PAGE)
COMMANDS = [
    line
    for block in re.findall(r"^```lenh\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
BOLD = set(re.findall(r"\*\*(.+?)\*\*", PAGE.replace("\n", " ")))
TEMPLATES = "\n".join(file.read_text() for file in (ROOT / "office" / "templates").rglob("*.html"))
HEAVIEST_PICTURE = 120_000
LABELS = (
    "Cài đặt", "Tài khoản văn phòng", "Tài khoản của tôi", "Số chính thức", "Rút số này", "Bỏ đợt này", "Mời người mới",
    "Bảng ngày hoạt động", "Lập bản nháp", "Ban hành", "Câu hỏi chưa trả lời", "Ngoài phạm vi", "Bỏ qua",
    "Bắt đầu học", "Nội dung", "Kế hoạch", "Nhật ký", "Tin cảnh báo", "Viết tin mới", "Báo tin lớp này",
    "Báo cho người dân", "Gửi chờ duyệt", "Duyệt và gửi", "Lấy về sửa", "Dừng gửi",
)  # fmt: skip
"""Buttons and pages that the guide names in bold."""


@pytest.mark.parametrize("label", LABELS)
def test_every_button_and_page_that_the_guide_names_is_there(label: str) -> None:
    assert label in BOLD
    assert label in TEMPLATES


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_typed_as_it_stands(command: str) -> None:
    program, *words = shlex.split(command)
    assert program == "daisuso"
    found = typer.main.get_command(cli.app)
    while words and (inner := getattr(found, "commands", {}).get(words[0])):
        found = inner
        words.pop(0)
    found.make_context(command, words)  # raises when it does not understand them


def test_each_page_that_an_editor_works_on_is_told_of() -> None:
    told = {"overview": "Tổng quan", "sessions": "Đợt hỗ trợ", "plan": "Kế hoạch", "reports": "Báo cáo",
            "questions": "Câu hỏi chưa trả lời", "content": "Nội dung", "members": "Thành viên", "log": "Nhật ký",
            "settings": "Cài đặt", "broadcasts": "Tin cảnh báo"}  # fmt: skip
    assert set(told) <= {entry.key for group in MENU for entry in group.entries}
    assert [name for name in told.values() if name not in PAGE] == []


def test_the_guide_shows_light_pictures_and_says_in_words_what_they_show() -> None:
    assert len(PICTURES) >= 8
    for source, words in PICTURES:
        picture = PAGE_FILE.parent / source
        assert picture.stat().st_size < HEAVIEST_PICTURE, source
        with Image.open(picture) as opened:
            assert opened.format == "PNG"
        assert len(words.split()) >= 4


def test_no_picture_of_the_office_is_left_over() -> None:
    shown = {Path(source).name for source, _ in PICTURES}
    folder = PAGE_FILE.parent / "pictures" / "van-phong"
    assert {file.name for file in folder.glob("*.png")} == shown
