"""`daisuso office` as an operator uses it, over a database of its own."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.terminal import OPERATOR_ERROR, read_settings, with_database
from db.clock import utc_now
from db.engine import Database
from db.office import accounts, setup_links
from db.office.models import OfficeLink

pytestmark = pytest.mark.usefixtures("content_is_read_once")

LINK = re.compile(r"http://localhost:8080/office/mo/([\w-]{32})\n")


@pytest.fixture(autouse=True)
def operator(bare_settings: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of tân lợi."""
    monkeypatch.setenv("DAISUSO_COMMUNE", "tan-loi")


def office(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["office", *arguments])


def opened_by(result: Result) -> OfficeLink | None:
    """What the printed link opens now."""
    found = LINK.search(result.stdout)
    assert found, result.output

    async def find(database: Database) -> OfficeLink | None:
        async with database.snapshot() as session:
            return await setup_links.find(session, "tan-loi", found[1], utc_now())

    link: OfficeLink | None = with_database(read_settings(), find)
    return link


def set_password(user_name: str) -> None:
    """As if the person had opened their link."""

    async def do(database: Database) -> None:
        async with database.transaction() as session:
            account = await accounts.by_user_name(session, "tan-loi", user_name)
            assert account
            account.password_hash = "a hash"

    with_database(read_settings(), do)


def test_the_first_link_is_made_until_somebody_can_sign_in() -> None:
    first, second = office("setup"), office("setup")
    assert opened_by(first) is None
    link = opened_by(second)
    assert link
    assert link.account_id is None
    office("invite", "thu-hoai", "--name", "Thu Hoài")
    set_password("thu-hoai")
    assert "Đã có tài khoản" in office("setup").stdout


def test_somebody_is_invited_listed_and_later_given_a_new_link() -> None:
    invited = office("invite", "Thu-Hoai", "--name", "Nguyễn Thu Hoài", "--role", "editor")
    link = opened_by(invited)
    assert link
    assert "thu-hoai  Nguyễn Thu Hoài  editor  chưa mở đường dẫn" in office("list").stdout
    set_password("thu-hoai")
    [shown] = json.loads(office("list", "--json").stdout)
    assert (shown["user_name"], shown["role"], shown["password_set"], shown["totp"]) == (
        "thu-hoai",
        "editor",
        True,
        False,
    )
    assert opened_by(office("reset", "THU-HOAI"))
    assert opened_by(invited) is None
    assert "/office/mo/" in json.loads(office("reset", "thu-hoai", "--json").stdout)["link"]


def test_the_link_leads_to_the_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAISUSO_PUBLIC_URL", "https://xa.example/")
    assert "https://xa.example/office/mo/" in office("setup").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("invite", "Thu Hoài", "--name", "Thu Hoài"), "Tên đăng nhập gồm"),
        (("invite", "thu-hoai", "--name", " "), "Xin ghi họ tên"),
        (("reset", "khong-co"), "daisuso office list"),
    ],
)
def test_what_can_not_be_done_is_one_sentence(arguments: tuple[str, ...], told: str) -> None:
    result = office(*arguments)
    assert (result.exit_code, told in result.stderr) == (OPERATOR_ERROR, True)


def test_nobody_yet() -> None:
    assert "daisuso office setup" in office("list").stdout
