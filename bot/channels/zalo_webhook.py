"""Where Zalo brings the events of an Official Account. Answered when they are stored; what follows comes after.

Zalo wants an answer within two seconds, repeats what it did not get one for over almost two hours, in any order, and
switches the webhook off when all that was in vain.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import StrEnum

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from bot.channels import zalo_events
from bot.channels.zalo_api import moment
from bot.channels.zalo_events import Event
from bot.settings import ZaloKeys
from db.clock import Clock

log = logging.getLogger(__name__)

PATH = "/zalo/webhook"
CONSENT_PATH = "/zalo/consent"
MAX_BODY_BYTES = 256 * 1024
SIGNATURE, TIMESTAMP = "X-ZEvent-Signature", "X-ZEvent-Timestamp"
WINDOW = timedelta(hours=2)
"""The last repetition comes 1 hour 51 minutes after the event; older ones are somebody's recording."""

CONSENT_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer"><title>Đại sứ số</title>
<p>Đã nhận lời đồng ý của Zalo. Chép <b>cả địa chỉ</b> của trang này (trên thanh địa chỉ) rồi dán vào lệnh
<code>daisuso zalo authorize</code> đang chờ. Mã chỉ dùng được trong 10 phút. Xong thì đóng trang này.</p></html>"""


class Refusal(StrEnum):
    """Why an event is turned away. The last four say what it would fit to: a wrong setting on either side."""

    MALFORMED = "malformed"
    UNSIGNED = "unsigned"
    OLD = "old"
    WRONG = "wrong"
    APP_SECRET = "app_secret"  # noqa: S105 - a reason
    OA_ID = "oa_id"
    HEADER_TIME = "header_time"
    HMAC = "hmac"


Take = Callable[[Event], Awaitable[None]]
Note = Callable[[Refusal | None], Awaitable[None]]
"""Hears of every event whether it was turned away, and why."""


def signature(app_id: str, body: bytes, timestamp: str, key: str) -> str:
    """The signature of an event: SHA-256 (no HMAC) over app, the bytes as they came, timestamp and key."""
    return hashlib.sha256(app_id.encode() + body + timestamp.encode() + key.encode()).hexdigest()


def check(body: bytes, headers: Callable[[str], str], keys: ZaloKeys, now: datetime) -> dict[str, object] | Refusal:
    """The event in a signed request, or why it is none of Zalo's. `headers` gives a header by name, or "".

    The app's secret serves to tell what is wrong, never to accept.
    """
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return Refusal.MALFORMED
    if not isinstance(event, dict):
        return Refusal.MALFORMED
    given = headers(SIGNATURE).strip()
    given = (given[4:] if given[:4].lower() == "mac=" else given).lower()
    if not given:
        return Refusal.UNSIGNED
    timestamp = event.get("timestamp")
    stamp = str(timestamp) if isinstance(timestamp, (str, int)) and not isinstance(timestamp, bool) else ""
    header_stamp = headers(TIMESTAMP)
    stamp = stamp or header_stamp
    if not _same(given, signature(keys.app_id, body, stamp, keys.oa_secret_key)):
        return _diagnosis(body, given, stamp, header_stamp, keys)
    at = moment(stamp)
    if at is None or abs(now - at) > WINDOW:
        return Refusal.OLD
    return event


def _diagnosis(body: bytes, given: str, stamp: str, header_stamp: str, keys: ZaloKeys) -> Refusal:
    """What a signature would fit to. None of these is accepted: only one way is documented."""
    message = keys.app_id.encode() + body + stamp.encode()
    others = {
        Refusal.APP_SECRET: signature(keys.app_id, body, stamp, keys.app_secret),
        Refusal.OA_ID: signature(keys.oa_id, body, stamp, keys.oa_secret_key),
        Refusal.HEADER_TIME: signature(keys.app_id, body, header_stamp, keys.oa_secret_key),
        Refusal.HMAC: hmac.digest(keys.oa_secret_key.encode(), message, "sha256").hex(),
    }
    return next((why for why, other in others.items() if _same(given, other)), Refusal.WRONG)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def webhook_router(keys: ZaloKeys, clock: Clock, take: Take, note: Note) -> APIRouter:
    """The routes: events, and the page to which Zalo leads back whoever has consented."""
    router = APIRouter()

    @router.post(PATH)
    async def take_in(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        if body.strip() in (b"", b"{}"):  # Zalo asks, unsigned, whether anybody is there when the address is saved
            return Response()
        now = clock()
        event = check(body, lambda name: request.headers.get(name, ""), keys, now)
        if isinstance(event, Refusal):
            log.warning("an event for Zalo's webhook was turned away: %s", event.value)
            await note(event)
            return Response(status_code=403 if event is not Refusal.MALFORMED else 400)
        await take(zalo_events.read(event, keys.oa_id, now))
        await note(None)
        return Response()

    @router.get(CONSENT_PATH)
    async def consented() -> Response:
        headers = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
                   "Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}  # fmt: skip
        return Response(CONSENT_PAGE, media_type="text/html; charset=utf-8", headers=headers)

    return router


async def _body(request: Request) -> bytes | None:
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BODY_BYTES:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)
