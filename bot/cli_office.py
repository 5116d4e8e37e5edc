"""`daisuso office`: accounts of the office's page, from the command line."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from bot import app as application
from bot.errors import OperatorError
from bot.settings import Settings
from bot.terminal import AsJson, or_exit, out, print_json, read_settings, with_database
from db.clock import utc_now
from db.engine import Database
from db.office import accounts, setup_links
from db.office.accounts import AccountError
from db.office.models import OfficeAccount, OfficeRole
from db.outreach.audit import OPERATOR
from office.guard import PATH
from office.messages import message

app = typer.Typer(help="Who may open the office's page.", no_args_is_help=True)


@app.command("setup")
def set_up() -> None:
    """Make a new one-time link for the very first account.

    Example: daisuso office setup
    """
    settings = _checked_settings()

    async def make(database: Database) -> str | None:
        return await application.set_up_link(settings, database, _site_address(settings))

    link = with_database(settings, make)
    if link is None:
        out.print("Đã có tài khoản. Thêm người bằng: daisuso office invite; quên mật khẩu: daisuso office reset")
        return
    _show(link)


@app.command()
def invite(
    user_name: Annotated[str, typer.Argument(help="What the person signs in with: a short name or e-mail address.")],
    name: Annotated[str, typer.Option("--name", help="The person's name.")],
    role: Annotated[OfficeRole, typer.Option("--role", help="What the person may do.")] = OfficeRole.VIEWER,
    as_json: AsJson = False,
) -> None:
    """Make an account and the one-time link by which its owner sets the password.

    Example: daisuso office invite thu-hoai --name "Nguyễn Thu Hoài" --role editor
    """
    settings = _checked_settings()

    async def make(database: Database) -> str:
        now = utc_now()
        async with database.transaction() as session:
            try:
                account = await accounts.add(
                    session, settings.commune, user_name=user_name, name=name, role=role, actor=OPERATOR, now=now
                )
            except AccountError as error:
                raise OperatorError(message(f"accounts.{error.reason}")) from None
            return _address(settings, await setup_links.make(session, settings.commune, account, OPERATOR, now))

    _tell(with_database(settings, make), as_json=as_json)


@app.command()
def reset(
    user_name: Annotated[str, typer.Argument(help="What the person signs in with.")],
    as_json: AsJson = False,
) -> None:
    """Make a one-time link to set a new password; opening it also switches the codes of a lost telephone off.

    Example: daisuso office reset thu-hoai
    """
    settings = _checked_settings()

    async def make(database: Database) -> str:
        now = utc_now()
        async with database.transaction() as session:
            account = await accounts.by_user_name(session, settings.commune, user_name)
            if account is None:
                raise OperatorError(f"Không có tài khoản {user_name!r}. Xem danh sách bằng: daisuso office list")
            accounts.note_link(session, account, OPERATOR, now)
            return _address(settings, await setup_links.make(session, settings.commune, account, OPERATOR, now))

    _tell(with_database(settings, make), as_json=as_json)


@app.command("list")
def list_accounts(as_json: AsJson = False) -> None:
    """Show who has an account, with what role.

    Example: daisuso office list
    """
    settings = _checked_settings()

    async def look(database: Database) -> list[OfficeAccount]:
        async with database.snapshot() as session:
            return await accounts.all_of(session, settings.commune)

    found: list[OfficeAccount] = with_database(settings, look)
    if as_json:
        print_json([_to_json(account) for account in found])
        return
    if not found:
        out.print("Chưa có tài khoản nào. Tạo đường dẫn cho tài khoản đầu tiên bằng: daisuso office setup")
    for account in found:
        state = "đã khoá" if account.disabled_at else "đang dùng" if account.password_hash else "chưa mở đường dẫn"
        out.print(escape(f"{account.user_name}  {account.name}  {account.role}  {state}"))


def _checked_settings() -> Settings:
    settings = read_settings()
    or_exit(lambda: application.open_library(settings))  # it knows whether there is such a commune
    return settings


def _site_address(settings: Settings) -> str:
    return settings.public_url or f"http://localhost:{settings.port}"


def _address(settings: Settings, token: str) -> str:
    return f"{_site_address(settings).rstrip('/')}{PATH}/mo/{token}"


def _tell(link: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"link": link, "hours": int(setup_links.GOOD_FOR.total_seconds() // 3600)})
    else:
        _show(link)


def _show(link: str) -> None:
    out.print("Đường dẫn dùng một lần, trong 24 giờ. Chỉ gửi cho đúng người:")
    out.print(escape(link))


def _to_json(account: OfficeAccount) -> dict[str, object]:
    return {
        "user_name": account.user_name,
        "name": account.name,
        "role": account.role,
        "disabled": account.disabled_at is not None,
        "password_set": account.password_hash is not None,
        "totp": account.totp_secret is not None,
        "signed_in_at": account.signed_in_at.isoformat() if account.signed_in_at else None,
    }
