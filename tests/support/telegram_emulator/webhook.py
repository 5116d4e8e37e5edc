"""The webhook: its settings, and pushing updates to it until it answers 2xx.

Order is kept within a chat, different chats go in parallel (as at Telegram, up to ``max_connections``).
"""

import asyncio
import re
import ssl
import time
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx

from .errors import bad_request
from .polling import any_of
from .registry import method
from .requests import Params
from .state import WebhookSettings, World
from .updates import Delivery

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_RETRY = 0.05  # seconds before the second attempt; doubles with each failure (Telegram's grow from 1 s)
LAST_RETRY = 1.0  # seconds, the longest pause between two attempts
ANSWER_WITHIN = 10.0  # seconds that the webhook has to answer

# A context that is made at once, unlike httpx' own: webhooks of tests are plain HTTP on the loopback.
_TRUSTING_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@method("setWebhook")
def set_webhook(world: World, params: Params) -> bool:
    url, secret = params.text("url"), params.text("secret_token")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if url and urlsplit(url).scheme != "https" and urlsplit(url).hostname not in _LOOPBACK:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    world.webhook = WebhookSettings(url, secret, params.number("max_connections", 40))
    world.updates.allow(params.get("allowed_updates"))
    if params.flag("drop_pending_updates"):
        world.updates.drop_all()
    world.updates.wake_receivers()
    return True


@method("deleteWebhook")
def delete_webhook(world: World, params: Params) -> bool:
    world.webhook = WebhookSettings()
    if params.flag("drop_pending_updates"):
        world.updates.drop_all()
    return True


@method("getWebhookInfo")
def get_webhook_info(world: World, params: Params) -> dict[str, Any]:
    settings = world.webhook
    info: dict[str, Any] = {
        "url": settings.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.deliveries),
        "allowed_updates": list(world.updates.allowed),
    }
    if settings.url:
        info["max_connections"] = settings.max_connections
    if settings.last_error_message:
        info["last_error_date"] = settings.last_error_date
        info["last_error_message"] = settings.last_error_message
    return {name: value for name, value in info.items() if value != []}


class WebhookPusher:
    """Pushes waiting updates while a webhook is set. Lives in the server's event loop."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._woken = asyncio.Event()
        self._pushes: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Works until it is cancelled; a push that was under way then counts as not delivered."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self._woken.set)

        with self._world.changed:
            self._world.updates.listeners.add(wake)
        try:
            async with httpx.AsyncClient(verify=_TRUSTING_NOBODY, trust_env=False, timeout=ANSWER_WITHIN) as client:
                while True:
                    self._woken.clear()
                    due, pause = self._due(time.monotonic())
                    for delivery in due:
                        push = asyncio.create_task(self._push(client, delivery))
                        self._pushes.add(push)
                        push.add_done_callback(self._pushes.discard)
                    await any_of(self._woken, within=pause)
        finally:
            with self._world.changed:
                self._world.updates.listeners.discard(wake)
            for push in self._pushes:
                push.cancel()
            await asyncio.gather(*self._pushes, return_exceptions=True)

    def _due(self, now: float) -> tuple[list[Delivery], float | None]:
        """What to push now (marked as in flight), and the seconds until something else may be due."""
        with self._world.changed:
            settings, waiting = self._world.webhook, self._world.updates.deliveries
            if not settings.url:
                return [], None
            first_of_chats: dict[int, Delivery] = {}
            for delivery in waiting:
                first_of_chats.setdefault(delivery.update.chat_id, delivery)
            idle = [delivery for delivery in first_of_chats.values() if not delivery.in_flight]
            free = settings.max_connections - sum(delivery.in_flight for delivery in waiting)
            due = [delivery for delivery in idle if delivery.not_before <= now][: max(free, 0)]
            for delivery in due:
                delivery.in_flight = True
            later = [delivery.not_before - now for delivery in idle if delivery.not_before > now]
            return due, min(later, default=None)

    async def _push(self, client: httpx.AsyncClient, delivery: Delivery) -> None:
        settings = self._world.webhook
        headers = {SECRET_HEADER: settings.secret_token} if settings.secret_token else {}
        problem: str | None = "Webhook connection closed"
        try:
            response = await client.post(settings.url, json=delivery.update.as_json(), headers=headers)
            problem = None if response.is_success else _wrong_response(response.status_code)
        except httpx.ConnectError:
            problem = "Connection refused"
        except httpx.TimeoutException:
            problem = "Read timeout expired"
        except (httpx.HTTPError, httpx.InvalidURL):
            pass
        finally:
            self._settle(settings, delivery, problem)

    def _settle(self, settings: WebhookSettings, delivery: Delivery, problem: str | None) -> None:
        with self._world.changed:
            delivery.in_flight = False
            if problem is None:
                waiting = self._world.updates.deliveries
                self._world.updates.deliveries = [other for other in waiting if other is not delivery]
            else:
                delivery.not_before = time.monotonic() + min(FIRST_RETRY * 2**delivery.failures, LAST_RETRY)
                delivery.failures += 1
                settings.last_error_date, settings.last_error_message = self._world.now(), problem
            self._world.changed.notify_all()
        self._woken.set()


def _wrong_response(status: int) -> str:
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    return f"Wrong response from the webhook: {status} {phrase}".rstrip()
