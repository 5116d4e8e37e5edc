"""`daisuso members` as an operator uses it, over a database of its own."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.terminal import OPERATOR_ERROR, read_settings, with_database
from db.engine import Database
from tests.support import outreach

pytestmark = pytest.mark.usefixtures("content_is_read_once")


@pytest.fixture(autouse=True)
def operator(bare_settings: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of tân lợi, where one person has joined."""
    monkeypatch.setenv("DAISUSO_COMMUNE", "tan-loi")

    async def join(database: Database) -> None:
        async with database.transaction() as session:
            await outreach.member(session, "Chị Hoa", await outreach.hamlet(session, "3"))

    with_database(read_settings(), join)


def members(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["members", *arguments])


def test_a_target_is_set_shown_and_taken_away() -> None:
    assert members("target", "1", "15").stdout == "Mục tiêu của Chị Hoa: 15 hộ mỗi tháng.\n"
    [shown] = json.loads(members("list", "--json").stdout)
    assert (shown["name"], shown["hamlets"], shown["monthly_target"]) == ("Chị Hoa", ["3"], 15)
    assert "mục tiêu 15 hộ/tháng" in members("list").stdout
    assert members("target", "1", "0").stdout == "Chị Hoa không còn mục tiêu tháng.\n"
    assert "mục tiêu" not in members("list").stdout


@pytest.mark.parametrize("command", [("target", "2", "15"), ("remove", "2")])
def test_a_number_that_is_nobody_s_says_where_the_numbers_are(command: tuple[str, ...]) -> None:
    result = members(*command)
    assert result.exit_code == OPERATOR_ERROR
    assert "daisuso members list" in result.stderr


def test_who_was_removed_is_listed_no_more() -> None:
    assert "Đã đưa Chị Hoa ra khỏi tổ" in members("remove", "1").stdout
    assert "Chưa có thành viên nào" in members("list").stdout
