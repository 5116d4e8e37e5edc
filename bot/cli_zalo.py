"""`daisuso zalo`: an administrator's consent for the Official Account, and how the account stands.

Tokens and codes are typed where nobody sees them, and never printed.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import typer
from rich.markup import escape

from bot import app as application
from bot.channels.zalo import FREE_FOR
from bot.channels.zalo_api import Challenge, NoAnswerError, NotReachedError, ZaloError
from bot.channels.zalo_opening import ZaloOA, open_zalo
from bot.channels.zalo_webhook import CONSENT_PATH, PATH
from bot.errors import OperatorError
from bot.settings import Settings
from bot.terminal import FAILED, AsJson, or_exit, out, print_json, read_settings, with_database
from content.numbers import TIME_ZONE, moment
from db import zalo
from db.clock import utc_now
from db.engine import Database
from db.zalo import Pair, ZaloAccount

PASTED_LASTS = timedelta(hours=24)
"""A pair from the console may be an hour old."""

T = TypeVar("T")

app = typer.Typer(help="The commune's Official Account on Zalo.", no_args_is_help=True)


@app.command()
def authorize(
    paste: Annotated[bool, typer.Option("--paste", help="Type a pair of tokens from Zalo's console instead.")] = False,
    callback: Annotated[str, typer.Option(help="The callback address set in the console, if it is not ours.")] = "",
    own_verifier: Annotated[
        bool, typer.Option("--verifier", help="The console holds a code challenge already: type its verifier.")
    ] = False,
) -> None:
    """Get an administrator's consent: open the link, agree, paste the address of the page that follows.

    Example: daisuso zalo authorize
    """
    settings = read_settings()
    or_exit(lambda: _keys(settings))
    if paste:
        pair = _typed_pair()
        _with_account(settings, lambda account: _keep(account, pair))
    else:
        verifier = typer.prompt("Code verifier ở trang quản trị", hide_input=True).strip() if own_verifier else ""
        challenge = Challenge(verifier) if verifier else Challenge.new()
        state = secrets.token_urlsafe(12)
        where = or_exit(lambda: callback or _callback(settings))

        async def link(account: ZaloOA) -> str:
            return account.api.consent_address(account.keys.app_id, where, challenge, state)

        out.print("1. Quản trị viên OA mở địa chỉ này, đăng nhập Zalo và bấm đồng ý:\n")
        out.print(escape(_with_account(settings, link)), soft_wrap=True)
        out.print("\n2. Chép cả địa chỉ của trang hiện ra sau đó (hoặc chỉ mã code) rồi dán vào đây, trong 10 phút.")
        code = or_exit(lambda: _code(typer.prompt("Địa chỉ hoặc mã", hide_input=True), state, settings))
        _with_account(settings, lambda account: _redeem(account, code, challenge))
    out.print("Xong. Bot đang chạy sẽ tự dùng mã mới; xem lại bằng: daisuso zalo status")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Tell how the account stands: consent, token, webhook, people. Exit code 1 when something is wrong.

    Example: daisuso zalo status --json
    """
    settings = read_settings()
    or_exit(lambda: _keys(settings))

    async def look(account: ZaloOA) -> tuple[ZaloAccount | None, list[str], tuple[int, int]]:
        async with account.database.snapshot() as session:
            row = await zalo.find(session, account.account)
            people = await zalo.reachable(session, settings.commune, utc_now() - FREE_FOR)
        return row, await account.problems(), people

    row, problems, (known, open_now) = _with_account(settings, look)
    if as_json:
        print_json(_as_json(settings, row, problems, known, open_now))
    else:
        out.print(f"[bold]OA[/] {settings.zalo_oa_id}, webhook {_webhook(settings)}")
        out.print(f"  đồng ý lần cuối   {_shown(row and row.consented_at)}")
        out.print(
            f"  mã truy cập       đổi lúc {_shown(row and row.refreshed_at)}, hết {_shown(row and row.expires_at)}"
        )
        out.print(f"  sự kiện cuối      {_shown(row and row.event_at)}")
        out.print(f"  người             {known}, trong đó {open_now} người còn nhắn miễn phí được (48 giờ)")
        for problem in problems:
            out.print(f"  [red]✗[/] {escape(problem)}")
    if problems:
        raise typer.Exit(FAILED)


def _keys(settings: Settings) -> None:
    if settings.zalo is None:
        raise OperatorError("Chưa đặt DAISUSO_ZALO_APP_ID và ba khoá đi cùng trong .env. Xem docs/vi/zalo.md.")


def _callback(settings: Settings) -> str:
    if settings.public_url is None:
        raise OperatorError(
            "Chưa đặt DAISUSO_PUBLIC_URL. Đặt, hoặc thêm --callback với địa chỉ đã khai ở trang quản trị."
        )
    return settings.public_url.rstrip("/") + CONSENT_PATH


def _webhook(settings: Settings) -> str:
    return (settings.public_url or "https://…").rstrip("/") + PATH


def _typed_pair() -> Pair:
    access = typer.prompt("Access token", hide_input=True).strip()
    refresh = typer.prompt("Refresh token", hide_input=True).strip()
    return Pair(access, refresh, utc_now() + PASTED_LASTS)


def _code(pasted: str, state: str, settings: Settings) -> str:
    """The code in what was pasted: the whole address, or the code alone.

    Raises:
        OperatorError: the consent was for something else, or there is no code.
    """
    pasted = pasted.strip()
    if "=" not in pasted and "/" not in pasted:
        return pasted
    given = {name: values[0] for name, values in parse_qs(urlsplit(pasted).query).items()}
    if given.get("oa_id", settings.zalo_oa_id) != settings.zalo_oa_id:
        raise OperatorError("Lời đồng ý này là của OA khác với DAISUSO_ZALO_OA_ID. Chọn đúng OA rồi làm lại.")
    if given.get("state", state) != state:
        raise OperatorError("Địa chỉ này là của một lần xin khác. Mở đúng liên kết vừa in ra rồi làm lại.")
    if not given.get("code"):
        raise OperatorError("Không thấy mã code trong địa chỉ vừa dán. Bấm đồng ý rồi chép cả địa chỉ, và làm lại.")
    return given["code"]


async def _redeem(account: ZaloOA, code: str, challenge: Challenge) -> None:
    pair = await _asked(
        lambda: account.api.redeem(account.keys.app_id, account.keys.app_secret, code, challenge.verifier)
    )
    await _keep(account, pair)


async def _keep(account: ZaloOA, pair: Pair) -> None:
    """Keeps a pair that Zalo accepts for our account."""
    profile = await _asked(lambda: account.api.profile(pair.access_token))
    if profile.oa_id and profile.oa_id != account.account.oa_id:
        raise OperatorError(f"Mã truy cập này là của OA {profile.oa_id}, không phải DAISUSO_ZALO_OA_ID. Không lưu gì.")
    async with account.database.transaction() as session:
        await zalo.consent(session, account.account, pair, utc_now())


async def _asked(ask: Callable[[], Awaitable[T]]) -> T:
    try:
        return await ask()
    except ZaloError as error:
        raise OperatorError(f"Zalo từ chối ({error}). Mã chỉ dùng một lần trong 10 phút: làm lại từ đầu.") from None
    except (NotReachedError, NoAnswerError) as error:
        raise OperatorError(f"Chưa liên lạc được với Zalo ({error}). Kiểm tra mạng rồi làm lại.") from None


def _with_account(settings: Settings, work: Callable[[ZaloOA], Awaitable[Any]]) -> Any:
    texts = or_exit(lambda: application.open_library(settings)).current.texts

    async def do(database: Database) -> Any:
        async with AsyncExitStack() as stack:
            account = await open_zalo(settings, database, lambda: texts, utc_now, stack)
            assert account is not None, "it is set"
            return await work(account)

    return with_database(settings, do)


def _shown(at: datetime | None) -> str:
    return moment(at) if at else "chưa có"


def _as_json(
    settings: Settings, row: ZaloAccount | None, problems: list[str], known: int, open_now: int
) -> dict[str, Any]:
    names = ("consented_at", "refreshed_at", "expires_at", "event_at", "refused_at")
    times = {name: getattr(row, name) if row else None for name in names}
    return {
        "oa_id": settings.zalo_oa_id,
        "webhook": _webhook(settings),
        **{name: at and at.astimezone(TIME_ZONE).isoformat(timespec="seconds") for name, at in times.items()},
        "refused_why": row.refused_why if row else None,
        "problems": problems,
        "people": known,
        "people_within_48_hours": open_now,
    }
