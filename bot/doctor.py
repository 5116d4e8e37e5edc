"""`daisuso doctor`: what is configured, what can be reached, what is missing, and what to do about it."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import StrEnum

import httpx
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot import app, rasa_model
from bot.channels.zalo_api import NoAnswerError, NotReachedError, ZaloError
from bot.channels.zalo_bot_opening import open_zalo_bot
from bot.channels.zalo_opening import open_zalo
from bot.channels.zalo_tokens import LaterError, NoTokenError
from bot.errors import OperatorError
from bot.nlu import Endpoint, NluUnavailableError, RasaClient
from bot.settings import Settings
from db.clock import utc_now


class State(StrEnum):
    """How a check ended. OFF is a choice, not a fault."""

    OK = "ok"
    OFF = "off"
    HINT = "hint"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    subject: str
    state: State
    detail: str


async def examine(settings: Settings) -> AsyncGenerator[Finding, None]:
    """Looks at every part, one after the other, changing nothing but the database's schema version."""
    yield _folder(settings)
    for finding in _content(settings):
        yield finding
    yield await _database(settings)
    yield _rasa_environment(settings)
    yield await _rasa(settings)
    yield await _telegram(settings)
    yield await _zalo(settings)
    yield await _zalo_bot(settings)
    yield await _running(settings)


def _folder(settings: Settings) -> Finding:
    try:
        app.check_folder(settings.var)
    except OperatorError as error:
        return Finding("Thư mục dữ liệu", State.BROKEN, str(error))
    return Finding("Thư mục dữ liệu", State.OK, str(settings.var))


def _content(settings: Settings) -> list[Finding]:
    try:
        library = app.open_library(settings).current
    except OperatorError as error:
        return [Finding("Nội dung", State.BROKEN, str(error))]
    commune = library.communes[settings.commune]
    contacts = [("office", commune.office), ("police", commune.police), ("service_centre", commune.service_centre)]
    missing = [name for name, contact in contacts if not contact.phone]
    profile = f"content/communes/{commune.slug}.yml"
    return [
        Finding("Nội dung", State.OK, f"{len(library.articles)} bài"),
        Finding(
            "Hồ sơ xã",
            State.HINT,
            f"{commune.name}: chưa có số điện thoại của {', '.join(missing)}; điền vào {profile}",
        )
        if missing
        else Finding("Hồ sơ xã", State.OK, commune.name),
    ]


async def _database(settings: Settings) -> Finding:
    try:
        database = app.open_database(settings)
        try:
            await app.migrate(database)
            await database.ping()
        finally:
            await database.close()
    except OperatorError as error:
        return Finding("Cơ sở dữ liệu", State.BROKEN, str(error))
    return Finding("Cơ sở dữ liệu", State.OK, "SQLite" if database.is_sqlite else "PostgreSQL")


def _rasa_environment(settings: Settings) -> Finding:
    subject = "Môi trường Rasa"
    if settings.rasa_url:
        return Finding(subject, State.OFF, "dùng máy chủ Rasa ở DAISUSO_RASA_URL")
    try:
        python = rasa_model.python_of(settings.rasa_project)
    except OperatorError as error:
        return Finding(subject, State.BROKEN, str(error))
    try:
        version = subprocess.run([python, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    except OSError as error:
        version = f"{python}: {error.strerror}"
    if not version.startswith("Python 3.10."):
        return Finding(
            subject,
            State.BROKEN,
            f"{version or 'không chạy được'}; cần Python 3.10: xoá rasa_project/.venv, make install",
        )
    return Finding(subject, State.OK, version)


async def _rasa(settings: Settings) -> Finding:
    subject = "Mô hình hiểu câu hỏi"
    if settings.rasa_url:
        return await _external_rasa(app.external_rasa(settings.rasa_url, settings.rasa_token))
    model = rasa_model.model_file(settings.rasa_project, settings.var)
    if model.exists():
        return Finding(subject, State.OK, model.name)
    return Finding(subject, State.HINT, "chưa huấn luyện; lần chạy tới sẽ tự làm, mất khoảng 1 phút")


async def _external_rasa(endpoint: Endpoint) -> Finding:
    subject = "Mô hình hiểu câu hỏi"
    async with app.rasa_http() as http:
        client = RasaClient(lambda: endpoint, http)
        if problem := await client.problem():
            return Finding(subject, State.BROKEN, problem)
        try:
            await client.parse("xin chào")
        except NluUnavailableError:
            advice = "kiểm tra DAISUSO_RASA_TOKEN và mô hình ở đó"
            return Finding(subject, State.BROKEN, f"{endpoint.url} có chạy nhưng không trả lời câu hỏi; {advice}")
    return Finding(subject, State.OK, endpoint.url)


async def _telegram(settings: Settings) -> Finding:
    if settings.telegram_token is None:
        return Finding("Telegram", State.OFF, "chưa đặt DAISUSO_TELEGRAM_TOKEN trong .env (lấy mã ở @BotFather)")
    try:
        async with Bot(settings.telegram_token.get_secret_value(), base_url=settings.telegram_api) as bot:
            name = bot.username
    except InvalidToken:
        return Finding("Telegram", State.BROKEN, "Telegram không nhận mã bot; lấy lại mã ở @BotFather")
    except TelegramError as error:
        return Finding("Telegram", State.BROKEN, f"chưa liên lạc được với Telegram ({error.message}); kiểm tra mạng")
    way = f"webhook tới {settings.public_url}" if settings.public_url else "tự hỏi tin mới (long polling)"
    return Finding("Telegram", State.OK, f"@{name}, nhận tin bằng {way}")


async def _zalo(settings: Settings) -> Finding:
    subject = "Zalo OA"
    if settings.zalo is None:
        return Finding(
            subject, State.OFF, "chưa đặt DAISUSO_ZALO_APP_ID và ba khoá đi cùng trong .env (docs/vi/zalo.md)"
        )
    if not (settings.public_url or "").startswith("https://"):
        return Finding(subject, State.BROKEN, "Zalo chỉ đưa tin đến địa chỉ https công khai: đặt DAISUSO_PUBLIC_URL")
    async with AsyncExitStack() as stack:
        try:
            database = app.open_database(settings)
            stack.push_async_callback(database.close)
            texts = app.open_library(settings).current.texts
            account = await open_zalo(settings, database, lambda: texts, utc_now, stack)
            assert account is not None, "it is set"
            if found := await account.problems():
                return Finding(subject, State.BROKEN, "; ".join(found))
            profile = await account.api.profile(await account.tokens.current())
        except (OperatorError, SQLAlchemyError):
            return Finding(subject, State.BROKEN, "xem lỗi của cơ sở dữ liệu hoặc nội dung ở trên")
        except (ZaloError, NotReachedError, NoAnswerError, NoTokenError, LaterError) as error:
            return Finding(subject, State.BROKEN, f"Zalo không trả lời được câu hỏi “OA này là ai” ({error})")
    verified = "đã xác thực" if profile.is_verified else "chưa xác thực: một số quyền gửi tin có thể bị khoá"
    return Finding(subject, State.OK if profile.is_verified else State.HINT, f"{profile.name}, {verified}")


async def _zalo_bot(settings: Settings) -> Finding:
    subject = "Zalo Bot"
    if settings.zalo_bot_token is None:
        return Finding(subject, State.OFF, "chưa đặt DAISUSO_ZALO_BOT_TOKEN trong .env (docs/vi/zalo.md)")
    async with AsyncExitStack() as stack:
        try:
            database = app.open_database(settings)
            stack.push_async_callback(database.close)
            texts = app.open_library(settings).current.texts
            bot = await open_zalo_bot(settings, database, lambda: texts, "", utc_now, stack)
            assert bot is not None, "it is set"
            name = await bot.channel.check_token()
            used = await bot.use()
        except OperatorError as error:
            return Finding(subject, State.BROKEN, str(error))
        except SQLAlchemyError:
            return Finding(subject, State.BROKEN, "xem lỗi của cơ sở dữ liệu ở trên")
    if name is None:
        return Finding(subject, State.BROKEN, f"{bot.channel.problem}; kiểm tra mạng")
    way = f"webhook tới {settings.public_url}" if settings.zalo_bot_webhook else "tự hỏi tin mới (long polling)"
    pictures = "" if settings.public_url else "; chưa có DAISUSO_PUBLIC_URL nên hình được nói bằng lời"
    state = State.HINT if used.is_nearly_all else State.OK
    return Finding(subject, state, f"{name}, nhận tin bằng {way}, {used}{pictures}")


async def _running(settings: Settings) -> Finding:
    address = f"http://127.0.0.1:{settings.port}/healthz"
    async with httpx.AsyncClient(timeout=3.0, trust_env=False) as http:
        try:
            status = (await http.get(address)).json()["status"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return Finding("Đang chạy", State.OFF, f"không thấy ở {address}; khởi động bằng: make run")
    return Finding("Đang chạy", State.OK if status == "ok" else State.HINT, f"{address}: {status}")
