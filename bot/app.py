"""The composition root: builds every part from the settings and runs them together. Only this module knows them all."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import uvicorn
from alembic.util import CommandError
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from bot import broadcast_preview, rasa_model
from bot.broadcasts.sending import Broadcasting
from bot.channels import telegram, web
from bot.channels.fitting import splitter
from bot.channels.outbox import OutboxSender, Sender
from bot.channels.pace import Pace
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_webhook import PATH as WEBHOOK_PATH
from bot.channels.telegram_webhook import webhook_router
from bot.channels.zalo_both import open_both
from bot.citizen.desk import CitizenDesk
from bot.conversation import Conversations
from bot.entrances import Entrances
from bot.errors import OperatorError
from bot.health import Health, Problems
from bot.inbox import Inbox
from bot.jobs.catalogue import Parts, make_jobs
from bot.jobs.clockwork import running_jobs
from bot.jobs.runner import Runner
from bot.learning.background import BackgroundLearning
from bot.learning.follow import watch_and_follow
from bot.nlu import Endpoint, Nlu, RasaClient
from bot.preview import preview
from bot.rasa_server import RasaServer, running_server
from bot.running import STOP_SECONDS, Server, run_together
from bot.service_desk import ServiceDesk
from bot.services import SERVICES
from bot.settings import Settings
from bot.transcriber import open_transcriber
from content import audio
from content.article import ContentError
from content.library import LiveLibrary
from db import documents, outbox
from db.clock import Clock, utc_now
from db.engine import Database
from db.office import accounts, setup_links
from db.outreach import hamlets
from db.outreach.audit import OPERATOR
from office.app import make_office
from office.guard import PATH as OFFICE
from office.site import Site

log = logging.getLogger(__name__)

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the running programme is reached; `set_up` makes the office's first account, None when there is one."""

    chat: str
    office: str
    health: str
    set_up: str | None = None


async def run(settings: Settings, tell: Tell, started: Callable[[Addresses], None]) -> None:
    """Runs everything until cancelled; `tell` hears of slow steps, `started` is called when questions are answered.

    Raises:
        OperatorError: something that must be mended first; nothing was left running.
    """
    async with AsyncExitStack() as stack:
        listener = stack.enter_context(listen(settings.host, settings.port))
        check_folder(settings.var)
        library = open_library(settings)
        database = open_database(settings)
        stack.push_async_callback(database.close)
        await migrate(database)
        await load_hamlets(library, database, settings.commune)
        http = await stack.enter_async_context(rasa_http())
        channel = await open_telegram(settings, database, stack)
        site_address = _addresses(listener, settings).chat
        zalo = await open_both(settings, database, lambda: library.current.texts, site_address, utc_now, stack)
        endpoint, watch_rasa = await open_rasa(settings, http, tell, stack)

        desk = CitizenDesk(lambda: library.current, settings.commune)
        desk.prepare()
        nlu = RasaClient(endpoint, http)

        def entrances() -> Entrances:
            return Entrances(channel.user_name if channel else None, site_address)

        senders: dict[str, Sender] = ({telegram.NAME: channel} if channel else {}) | zalo.senders()
        split = splitter(lambda: library.current)
        paces = {telegram.NAME: Pace(settings.telegram_per_second), **zalo.paces()}
        sender = OutboxSender(database, senders, utc_now, paces, lambda now: not broadcasting.is_quiet(now))
        broadcasting = Broadcasting(
            database, settings.commune, lambda: library.current, split, utc_now, told=sender.wake
        )
        inbox = Inbox(
            database,
            Conversations(desk, ServiceDesk(SERVICES), nlu, lambda: library.current, entrances),
            commune=settings.commune,
            split=split,
            clock=utc_now,
            answered=sender.wake,
        )
        if channel:
            inbox.fetch_files_by(telegram.NAME, channel.fetch_file)
        if settings.transcriber:
            inbox.hear_voice_by(open_transcriber(settings.transcriber, settings.transcriber_seconds))
        site = make_site(settings, library, database, inbox, channel, nlu, utc_now, entrances(), zalo.problems())
        zalo.connect(inbox, site)
        server = Server(
            uvicorn.Config(
                site,
                lifespan="off",  # nothing of ours begins or ends with the site, and an abrupt end would log a traceback
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=int(STOP_SECONDS),
                forwarded_allow_ips=settings.trusted_proxies,
            )
        )
        parts = Parts(database, lambda: library.current, settings.commune, utc_now, sender.wake, settings.var)
        runner = Runner(database, settings.commune, utc_now)
        await stack.enter_async_context(running_jobs(make_jobs(parts), runner))

        jobs: list[Coroutine[Any, Any, None]] = [
            sender.run(), broadcasting.run(), inbox.sweep(), _follow(library, desk), *zalo.jobs(inbox),
        ]  # fmt: skip
        if watch_rasa:
            jobs.append(watch_rasa())
        if channel and settings.public_url:
            jobs.append(channel.use_webhook(settings.public_url.rstrip("/") + WEBHOOK_PATH, settings.webhook_secret))
        elif channel:
            jobs.append(channel.poll(inbox))
        started(replace(_addresses(listener, settings), set_up=await set_up_link(settings, database, site_address)))
        await run_together(server, listener, jobs, inbox)


@asynccontextmanager
async def open_desk(settings: Settings, tell: Tell) -> AsyncIterator[tuple[CitizenDesk, Nlu]]:
    """The real way of answering without channels and database, for the command line.

    Uses the Rasa server of a running bot if it serves the present model, else starts one for the while.
    """
    async with AsyncExitStack() as stack:
        check_folder(settings.var)
        library = open_library(settings)
        http = await stack.enter_async_context(rasa_http())
        model = rasa_model.model_file(settings.rasa_project, settings.var)
        endpoint = None if settings.rasa_url else running_server(settings.var, model)
        nlu = RasaClient(lambda: endpoint, http)
        if endpoint is None or await nlu.problem():
            find_endpoint, _ = await open_rasa(settings, http, tell, stack)
            nlu = RasaClient(find_endpoint, http)
        yield CitizenDesk(lambda: library.current, settings.commune), nlu


@contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """A listening socket, opened before anything slow so that a port in use is told at once."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(128)
        except OSError as error:
            raise OperatorError(
                f"Không mở được cổng {port} ở {host} ({error.strerror}). "
                "Có lẽ chương trình khác đang dùng: tắt nó, hoặc đặt DAISUSO_PORT sang số khác."
            ) from None
        yield listener


def check_folder(folder: Path) -> None:
    """Makes sure that we can write there.

    Raises:
        OperatorError: we can't.
    """
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise OperatorError(
            f"Không ghi được vào thư mục {folder} ({error.strerror}). "
            "Cấp quyền ghi cho người chạy, hoặc đặt DAISUSO_VAR sang thư mục khác."
        ) from None


def open_library(settings: Settings) -> LiveLibrary:
    """The content, checked.

    Raises:
        OperatorError: a file is broken (the first one is named), or there is no such commune.
    """
    try:
        library = LiveLibrary(settings.content)
    except ContentError as error:
        more = f" (còn {len(error.problems) - 1} lỗi khác)" if len(error.problems) > 1 else ""
        raise OperatorError(
            f"Nội dung có lỗi: {error.problems[0]}{more}. Sửa tệp đó rồi chạy lại; xem hết bằng: daisuso content check"
        ) from None
    if settings.commune not in library.current.communes:
        known = ", ".join(library.current.communes)
        raise OperatorError(f"Không có hồ sơ xã {settings.commune!r}. Đặt DAISUSO_COMMUNE là một trong: {known}.")
    return library


def open_database(settings: Settings) -> Database:
    """The database, before the first connection.

    Raises:
        OperatorError: its address is none.
    """
    try:
        return Database(settings.database)
    except (SQLAlchemyError, ImportError, ValueError):  # what they say may hold the password
        raise OperatorError(
            "DAISUSO_DATABASE_URL không phải là địa chỉ cơ sở dữ liệu dùng được. Viết theo mẫu "
            "postgresql+psycopg://người_dùng:mật_khẩu@máy:5432/tên, hoặc để trống để dùng SQLite."
        ) from None


async def migrate(database: Database) -> None:
    """Brings the database to the newest version.

    Raises:
        OperatorError: it can't be reached, the migration failed, or a newer programme has migrated it further.
    """
    try:
        await database.migrate()
    except CommandError as error:
        raise OperatorError(
            f"Cơ sở dữ liệu không hợp với phiên bản này của chương trình ({error}). "
            "Dùng phiên bản mới hơn, hoặc khôi phục bản sao lưu cũ."
        ) from None
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise OperatorError(f"Không dùng được cơ sở dữ liệu ({reason}). Kiểm tra DAISUSO_DATABASE_URL.") from None


async def load_hamlets(library: LiveLibrary, database: Database, commune: str) -> None:
    """Puts the profile's hamlets into a database that has none of the commune yet; later ones are the office's."""
    async with database.transaction() as session:
        if not await hamlets.all_of(session, commune):
            await hamlets.load(session, commune, library.current.communes[commune].hamlets, utc_now())


async def set_up_link(settings: Settings, database: Database, site_address: str) -> str | None:
    """A one-time link to make the office's first account; None when somebody can sign in already."""
    async with database.transaction() as session:
        if await accounts.count(session, settings.commune):
            return None
        token = await setup_links.make(session, settings.commune, None, OPERATOR, utc_now())
    return f"{site_address.rstrip('/')}{OFFICE}/mo/{token}"


def rasa_http() -> httpx.AsyncClient:
    """What Rasa is called with: never through the proxy that the environment names for the internet."""
    return httpx.AsyncClient(trust_env=False)


async def open_telegram(settings: Settings, database: Database, stack: AsyncExitStack) -> TelegramChannel | None:
    """The Telegram channel, or None without a token.

    Raises:
        OperatorError: Telegram refuses the token.
    """
    if settings.telegram_token is None:
        return None

    async def load(key: str) -> documents.File | None:
        async with database.snapshot() as session:
            return await documents.fetch(session, key)

    token, clips = settings.telegram_token.get_secret_value(), settings.content / audio.FOLDER
    channel = TelegramChannel(token, settings.telegram_api, utc_now, load, clips)
    stack.push_async_callback(channel.close)
    await channel.check_token()
    async with database.snapshot() as session:
        channel.start_counting_from(await outbox.highest_numbers(session, settings.commune, telegram.NAME))
    return channel


async def open_rasa(
    settings: Settings, http: httpx.AsyncClient, tell: Tell, stack: AsyncExitStack
) -> tuple[Callable[[], Endpoint | None], Callable[[], Coroutine[Any, Any, None]] | None]:
    """Where to find Rasa, and what watches over it if it is ours. Trains the model first when its inputs have changed.

    Raises:
        OperatorError: it could not be trained or started.
    """
    if settings.rasa_url:
        external = external_rasa(settings.rasa_url, settings.rasa_token)
        return lambda: external, None
    model = rasa_model.model_file(settings.rasa_project, settings.var)
    if not model.exists():
        tell("Huấn luyện mô hình hiểu câu hỏi (lần đầu, hoặc khi dữ liệu thay đổi)")
        await rasa_model.train(settings.rasa_project, settings.var, tell)
    tell("Khởi động Rasa")
    server = RasaServer(settings.rasa_project, settings.var, http)
    stack.push_async_callback(server.stop)
    await server.start(model)
    return lambda: server.endpoint, lambda: watch_and_follow(server, settings.rasa_project, settings.var)


def external_rasa(url: str, token: SecretStr | None) -> Endpoint:
    """The Rasa server that somebody else runs."""
    return Endpoint(url.rstrip("/"), token.get_secret_value() if token else "")


def make_site(
    settings: Settings,
    library: LiveLibrary,
    database: Database,
    inbox: Inbox,
    channel: TelegramChannel | None,
    nlu: RasaClient,
    clock: Clock,
    entrances: Entrances,
    more_channels: Mapping[str, Problems | None] = MappingProxyType({}),
) -> FastAPI:
    """All that is served over HTTP."""
    chat = web.WebChannel(
        inbox,
        database,
        web.RateLimit(settings.messages_per_minute_sender, settings.messages_per_minute_address),
        phrases=lambda: library.current.phrases.web,
        commune=lambda: library.current.communes[settings.commune],
        clock=clock,
        clips=settings.content / audio.FOLDER,
    )
    health = Health(
        database,
        library,
        clock,
        rasa_problem=nlu.problem,
        telegram_problem=(lambda: channel.problem) if channel else None,
        more_channels=more_channels,
    )
    site = FastAPI(title="Đại sứ số", docs_url=None, redoc_url=None, openapi_url=None)
    site.include_router(chat.router())
    site.include_router(health.router())
    if channel and settings.public_url:
        site.include_router(webhook_router(channel, inbox, settings.webhook_secret))
    site.mount("/chat", web.PageFiles())
    pages = Site(
        library=lambda: library.current,
        database=database,
        commune=settings.commune,
        clock=clock,
        address=entrances.site.rstrip("/"),
        link_addresses=entrances.addresses,
        preview=lambda article: preview(library.current, library.current.communes[settings.commune], article),
        preview_broadcast=lambda sort, text, topic: broadcast_preview.preview(
            library.current, library.current.communes[settings.commune], sort, text, topic
        ),
        content=settings.content,
        learning=BackgroundLearning(),
    )
    site.mount(OFFICE, make_office(pages))
    return site


async def _follow(library: LiveLibrary, desk: CitizenDesk) -> None:
    async for is_new in library.follow():  # the library tells the log itself
        if is_new:
            await asyncio.to_thread(desk.prepare)


def _addresses(listener: socket.socket, settings: Settings) -> Addresses:
    port = listener.getsockname()[1]
    host = "localhost" if settings.host in {"127.0.0.1", "0.0.0.0", "::"} else settings.host  # noqa: S104 - only shown
    base = (settings.public_url or f"http://{host}:{port}").rstrip("/")
    return Addresses(f"{base}/", f"{base}/office", f"{base}/healthz")
