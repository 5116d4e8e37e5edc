"""Where the Zalo Bot Platform brings updates when it shall use a webhook. Answered only after the update is stored."""

from __future__ import annotations

import hmac
import json

from fastapi import APIRouter, Request, Response

from bot.channels.zalo_bot import ZaloBotChannel
from bot.channels.zalo_bot_updates import update_in
from bot.inbox import Inbox

PATH = "/zalo-bot/webhook"
HEADER = "X-Bot-Api-Secret-Token"
MAX_BODY_BYTES = 256 * 1024


def webhook_router(channel: ZaloBotChannel, inbox: Inbox, secret: str) -> APIRouter:
    """The route; `secret` must come back in the platform's header with every update."""
    router = APIRouter()

    @router.post(PATH)
    async def take_in(request: Request) -> Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                return Response(status_code=413)
        try:
            update = update_in(json.loads(body))
        except (ValueError, RecursionError):
            return Response(status_code=400)
        await channel.take_in(update, inbox)
        return Response()

    return router
