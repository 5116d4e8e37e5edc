"""Where Telegram brings updates when there is a public address. Answered only after the update is stored."""

from __future__ import annotations

import hmac
import json

from fastapi import APIRouter, Request, Response

from bot.channels.telegram import TelegramChannel
from bot.inbox import Inbox

PATH = "/telegram/webhook"
MAX_BODY_BYTES = 1024 * 1024


def webhook_router(channel: TelegramChannel, inbox: Inbox, secret: str) -> APIRouter:
    """The route; `secret` must come back in Telegram's header with every update."""
    router = APIRouter()

    @router.post(PATH)
    async def take_in(request: Request) -> Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        if int(request.headers.get("content-length") or 0) > MAX_BODY_BYTES:
            return Response(status_code=413)
        try:
            update = channel.update_from_json(json.loads(await request.body()))
        except (ValueError, KeyError, TypeError, AttributeError):
            return Response(status_code=400)
        await channel.take_in([update], inbox)
        return Response()

    return router
