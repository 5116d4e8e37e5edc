"""`daisuso poster` as an operator uses it, over a database of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.terminal import OPERATOR_ERROR
from tests.support.pdf_pages import PdfPages

pytestmark = pytest.mark.usefixtures("content_is_read_once")

CODE = re.compile(r"https://daisuso\.example\.vn/\?s=1p(\d+)[A-Za-z0-9_-]{8}")


@pytest.fixture(autouse=True)
def operator(bare_settings: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Somebody who has set the public address, and stands in an empty folder."""
    monkeypatch.setenv("DAISUSO_PUBLIC_URL", "https://daisuso.example.vn")
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["poster", *arguments, "--out", "ap-phich.pdf"])


def printed(*arguments: str) -> tuple[str, PdfPages]:
    """The poster's number in its code, and its page."""
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    page = PdfPages(Path("ap-phich.pdf"))
    [said] = set(page.codes(scale=2))
    found = CODE.fullmatch(said)
    assert found, said
    return found[1], page


def test_a_poster_of_a_hamlet_is_printed_and_every_size_of_it_is_the_same_poster() -> None:
    place = ("--commune", "tan-loi", "--hamlet", "3", "--place", "Nhà văn hóa ấp 3")
    number, page = printed(*place)
    assert "Ấp 3, xã Tân Lợi" in page.text()
    for size in ("A3", "a5", "cards"):
        assert printed(*place, "--size", size)[0] == number
    assert printed("--hamlet", "ấp 3", "--place", "Chợ")[0] != number


def test_a_poster_may_be_about_a_topic_and_the_whole_commune() -> None:
    _, page = printed("--topic", "vneid.forgot_password")
    assert "Quên mật khẩu VNeID" in " ".join(page.text().split())
    assert "Xã Tân Lợi, tỉnh Đồng Nai" in page.text()


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--hamlet", "33"), "Không có ấp 33. Đang có: 1, 2"),
        (("--topic", "vneid.nothing"), "Không có mục vneid.nothing"),
        (("--commune", "nowhere"), "Không có hồ sơ xã nowhere"),
        (("--place", "x" * 129), "dài quá"),
    ],
)
def test_what_does_not_exist_is_told_in_a_sentence(arguments: tuple[str, ...], part: str) -> None:
    done = run(*arguments)
    assert done.exit_code == OPERATOR_ERROR
    assert part in " ".join(done.stderr.split())


def test_a_code_that_opens_only_on_this_computer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAISUSO_PUBLIC_URL")
    done = run()
    assert done.exit_code == 0
    assert "chỉ mở được trên máy này" in " ".join(done.stderr.split())
