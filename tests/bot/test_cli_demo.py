"""`daisuso demo` as an operator uses it, with a year that is small."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.terminal import OPERATOR_ERROR, read_settings, with_database
from db.demo import fill
from db.demo.scene import Size
from db.engine import Database
from tests.support import outreach
from tests.support.outreach import visit

pytestmark = pytest.mark.usefixtures("content_is_read_once")

SMALL = Size(households=42, sessions=120, classes=4, requests=4, questions=10, conversations=4)


@pytest.fixture(autouse=True)
def operator(bare_settings: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody with an empty database."""
    monkeypatch.setattr(fill, "Size", lambda: SMALL)


def demo(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["demo", *arguments])


def test_it_fills_in_is_refused_twice_and_goes_again() -> None:
    told = demo("--commune", "tan-loi")
    assert "xã Tân Lợi có dữ liệu mẫu của một năm" in told.stdout
    assert "14 ấp" in told.stdout
    assert "Ghi đợt hỗ trợ mẫu" in told.stderr
    again = demo()
    assert again.exit_code == OPERATOR_ERROR
    assert "daisuso demo --remove" in again.stderr
    gone = json.loads(demo("--remove", "--json").stdout)
    assert gone["sessions"] > SMALL.sessions
    assert gone["kept_households"] == 0
    nothing = demo("--remove")
    assert nothing.exit_code == OPERATOR_ERROR
    assert "không có dữ liệu mẫu" in nothing.stderr


def test_beside_real_sessions_it_wants_to_be_asked_twice() -> None:
    async def log(database: Database) -> None:
        async with database.transaction() as session:
            await outreach.log(session, visit(await outreach.hamlet(session, "3")))

    with_database(read_settings(), log)
    refused = demo()
    assert refused.exit_code == OPERATOR_ERROR
    assert "--force" in refused.stderr
    assert json.loads(demo("--force", "--json").stdout)["hamlets"] == 1
    assert "Đã xóa dữ liệu mẫu" in demo("--remove").stdout


@pytest.mark.parametrize(("commune", "reason"), [("nowhere", "tan-loi"), ("dak-to", "danh sách thôn")])
def test_a_commune_without_profile_or_hamlets_is_told_what_to_do(commune: str, reason: str) -> None:
    result = demo("--commune", commune)
    assert result.exit_code == OPERATOR_ERROR
    assert reason in result.stderr
