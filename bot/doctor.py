"""`daisuso doctor`: what is configured, what can be reached, what is missing, and what to do about it."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum

import httpx

from bot import app, rasa_model
from bot.channels.telegram import TelegramChannel
from bot.errors import OperatorError
from bot.settings import Settings
from db.clock import utc_now
from db.engine import Database


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


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Looks at every part, one after the other, without changing anything but the database's schema version."""
    yield _folder(settings)
    for finding in _content(settings):
        yield finding
    yield await _database(settings)
    yield _rasa_environment(settings)
    yield await _rasa(settings)
    yield await _telegram(settings)
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
    database = Database(settings.database)
    try:
        await app.migrate(database)
        await database.ping()
    except OperatorError as error:
        return Finding("Cơ sở dữ liệu", State.BROKEN, str(error))
    finally:
        await database.close()
    return Finding("Cơ sở dữ liệu", State.OK, "SQLite" if database.is_sqlite else "PostgreSQL")


def _rasa_environment(settings: Settings) -> Finding:
    subject = "Môi trường Rasa"
    if settings.rasa_url:
        return Finding(subject, State.OFF, "dùng máy chủ Rasa ở DAISUSO_RASA_URL")
    try:
        python = rasa_model.python_of(settings.rasa_project)
    except OperatorError as error:
        return Finding(subject, State.BROKEN, str(error))
    version = subprocess.run([python, "--version"], capture_output=True, text=True, check=False).stdout.strip()
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
        async with httpx.AsyncClient(timeout=3.0) as http:
            try:
                answer = await http.get(settings.rasa_url)
            except httpx.HTTPError as error:
                return Finding(subject, State.BROKEN, f"không gọi được {settings.rasa_url} ({type(error).__name__})")
        return Finding(
            subject, State.OK if answer.is_success else State.BROKEN, f"{settings.rasa_url}: HTTP {answer.status_code}"
        )
    model = rasa_model.model_file(settings.rasa_project, settings.var)
    if model.exists():
        return Finding(subject, State.OK, model.name)
    return Finding(subject, State.HINT, "chưa huấn luyện; lần chạy tới sẽ tự làm, mất khoảng 1 phút")


async def _telegram(settings: Settings) -> Finding:
    if settings.telegram_token is None:
        return Finding("Telegram", State.OFF, "chưa đặt DAISUSO_TELEGRAM_TOKEN trong .env (lấy mã ở @BotFather)")
    channel = TelegramChannel(settings.telegram_token.get_secret_value(), settings.telegram_api, utc_now)
    try:
        await channel.check_token()
    except OperatorError as error:
        return Finding("Telegram", State.BROKEN, str(error))
    finally:
        await channel.close()
    if channel.problem:
        return Finding("Telegram", State.BROKEN, f"{channel.problem}; kiểm tra mạng")
    way = f"webhook tới {settings.public_url}" if settings.public_url else "tự hỏi tin mới (long polling)"
    return Finding("Telegram", State.OK, f"mã bot đúng, nhận tin bằng {way}")


async def _running(settings: Settings) -> Finding:
    address = f"http://127.0.0.1:{settings.port}/healthz"
    async with httpx.AsyncClient(timeout=3.0) as http:
        try:
            report = (await http.get(address)).json()
        except (httpx.HTTPError, ValueError):
            return Finding("Đang chạy", State.OFF, f"không thấy ở {address}; khởi động bằng: make run")
    state = State.OK if report.get("status") == "ok" else State.HINT
    return Finding("Đang chạy", state, f"{address}: {report.get('status')}")
