"""The calls of an Official Account over HTTP: HTTP 200 even for errors, which are in ``error``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tests.support.telegram_emulator.requests import read_params
from tests.support.telegram_emulator.state import FileContent

from .oa_messages import OaError, SentMessage, Wanted, read_message
from .served import Answer, post
from .tokens import TokenError

if TYPE_CHECKING:
    from .oa import Person, ZaloOa

FREE_WINDOW = timedelta(hours=48)
WINDOW = timedelta(days=7)
UPLOAD_LIFE = timedelta(days=7)
LARGEST_IMAGE = 1024 * 1024
LARGEST_FILE = 5 * 1024 * 1024
_IMAGE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_FILE_ENDS = (".pdf", ".doc", ".docx", ".csv")


class OaApi:
    """openapi.zalo.me and oauth.zaloapp.com, on one address."""

    def __init__(self, oa: ZaloOa) -> None:
        self._oa = oa

    def routes(self) -> Sequence[BaseRoute]:
        """All of them."""
        return [
            post("/v4/oa/access_token", self._access_token),
            post("/v3.0/oa/message/cs", self._message),
            post("/v2.0/oa/message", self._old_message),
            post("/v2.0/oa/upload/{sort}", self._upload),
            post("/v3.0/oa/quota/message", self._quota),
            Route("/v3.0/oa/user/detail", self._detail),
            Route("/v2.0/oa/getoa", self._account),
        ]

    async def _access_token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))

        def act() -> Answer:
            with self._oa.changed:
                if request.headers.get("secret_key") != self._oa.app_secret:
                    return _refused(-14004, "Invalid secret key")
                if form.get("app_id") != self._oa.app_id:
                    return _refused(-14002, "App is not active")
                try:
                    pair = self._oa.tokens.exchange(form)
                except TokenError as error:
                    return Answer({"error": error.code, "error_name": str(error), "error_description": str(error)})
                return Answer(
                    {"access_token": pair.access, "refresh_token": pair.refresh, "expires_in": "90000"}
                )  # without "error", and the number as a string, as Zalo does

        return await self._oa.answered(request, "access_token", form, act)

    async def _message(self, request: Request) -> Response:
        body = await _json(request)
        return await self._called(request, "cs", body, lambda: self._send(body))

    async def _old_message(self, request: Request) -> Response:
        def act() -> Any:
            raise OaError(-240, "MessageV2 API has been shut down, please use MessageV3 API")

        return await self._called(request, "message", await _json(request), act)

    async def _upload(self, request: Request) -> Response:
        sort = request.path_params["sort"]
        file = (await read_params(request)).files.get("file")
        sizes = {"size": len(file.content), "name": file.name} if file else {}

        def act() -> Any:
            if file is None:
                raise OaError(-201, "file is invalid")
            if sort == "file":
                return {"token": self._oa.keep_upload(_checked_file(file), UPLOAD_LIFE)}
            return {"attachment_id": self._oa.keep_upload(_checked_image(file), UPLOAD_LIFE)}

        return await self._called(request, sort, sizes, act)

    async def _quota(self, request: Request) -> Response:
        body = await _json(request)

        def act() -> Any:
            person = self._person(body.get("user_id"))
            knobs, at = self._oa.knobs, person.last_interaction
            answer: dict[str, Any] = {"last_interaction": int(at.timestamp() * 1000) if at else 0}
            if knobs.quota_says_replies:
                total = knobs.answers_per_interaction or 8
                answer["cs_reply"] = {"total": total, "remain": max(total - person.free_answers_used, 0)}
            return answer

        return await self._called(request, "quota", body, act)

    async def _detail(self, request: Request) -> Response:
        wanted = json.loads(request.query_params.get("data", "{}"))

        def act() -> Any:
            person = self._person(wanted.get("user_id"))
            return {
                "user_id": person.user_id,
                "display_name": person.name,
                "user_is_follower": person.is_follower,
                "avatar": f"{self._oa.address}/media/none.jpg",
            }

        return await self._called(request, "detail", wanted, act)

    async def _account(self, request: Request) -> Response:
        def act() -> Any:
            return {
                "oa_id": self._oa.oa_id,
                "name": "UBND xã Tân Lợi",
                "is_verified": True,
                "oa_type": 4,
                "package_name": "Dùng thử",
                "num_follower": sum(person.is_follower for person in self._oa.people.values()),
            }

        return await self._called(request, "getoa", {}, act)

    # --- what they all go through -----------------------------------------------------------------------------------

    async def _called(self, request: Request, name: str, params: dict[str, Any], act: Callable[[], Any]) -> Response:
        token = request.headers.get("access_token", "")

        def whole() -> Answer:
            with self._oa.changed:
                try:
                    left = self._count_call()
                    self._check(token)
                    data = act()
                except OaError as error:
                    return _refused(error.code, str(error))
                finally:
                    self._oa.changed.notify_all()
                headers = (
                    ("X-RateLimit-Limit", str(self._oa.knobs.calls_a_minute)),
                    ("X-RateLimit-Remain", str(left)),
                )
                return Answer({"error": 0, "message": "Success", "data": data}, headers=headers)

        return await self._oa.answered(request, name, params, whole)

    def _count_call(self) -> int:
        recent, now = self._oa.recent_calls, self._oa.now()
        while recent and recent[0] <= now - timedelta(minutes=1):
            recent.popleft()
        left = self._oa.knobs.calls_a_minute - len(recent)
        if left <= 0:
            raise OaError(-32, "Application rate limit exceeded")
        recent.append(now)
        return left - 1

    def _check(self, token: str) -> None:
        match self._oa.tokens.state_of(token):
            case "unknown":
                raise OaError(-216, "Access token is invalid")
            case "expired":
                raise OaError(self._oa.knobs.expired_code, "Access token has expired")

    def _person(self, user_id: Any) -> Person:
        person = self._oa.people.get(str(user_id))
        if person is None:
            raise OaError(-213, "User has not followed OA")
        return person

    def _send(self, body: dict[str, Any]) -> dict[str, Any]:
        wanted = read_message(body.get("message"))
        person = self._person((body.get("recipient") or {}).get("user_id"))
        self._check_window(person)
        picture, file = self._attached(wanted)
        oa = self._oa
        message = SentMessage(person.user_id, oa.next_id(), wanted.text, wanted.buttons, picture, file, oa.now())
        person.free_answers_used += 1
        if oa.knobs.messages_left is not None:
            oa.knobs.messages_left -= 1
        oa.sent.append(message)
        oa.echo(message, "image" if picture else "file" if file else "text")
        return {
            "message_id": message.message_id,
            "user_id": person.user_id,
            "sent_time": str(oa.milliseconds()),
            "quota": {"owner_type": "OA", "quota_type": "reply"},
        }

    def _check_window(self, person: Person) -> None:
        knobs, last = self._oa.knobs, person.last_interaction
        if person.has_blocked:
            raise OaError(-217, "User has blocked invitation from OA")
        if last is None:
            raise OaError(-232, "User has no interaction with OA")
        silent = self._oa.now() - last
        if silent > WINDOW:
            raise OaError(-230, "User has not interacted with the OA in the past 7 days")
        if silent > FREE_WINDOW and not knobs.pays_after_48_hours:
            raise OaError(-305, "Message is out of the 48 hours window")
        if knobs.messages_left is not None and knobs.messages_left <= 0:
            raise OaError(-211, "Out of quota")
        if knobs.answers_per_interaction is not None and person.free_answers_used >= knobs.answers_per_interaction:
            raise OaError(-311, "Out of reply quota for this user")

    def _attached(self, wanted: Wanted) -> tuple[bytes | None, bytes | None]:
        name = wanted.attachment_id or wanted.file_token
        if wanted.picture_url:
            return wanted.picture_url.encode(), None
        if name is None:
            return None, None
        stored = self._oa.uploads.get(name)
        if stored is None or stored.until <= self._oa.now():
            raise OaError(-100, "Attachment is expired or invalid")
        return (stored.content, None) if wanted.attachment_id else (None, stored.content)


def _checked_image(file: FileContent) -> bytes:
    if not file.content.startswith(_IMAGE_STARTS):
        raise OaError(-201, "image must be jpg or png")
    if len(file.content) > LARGEST_IMAGE:
        raise OaError(-210, "image must not exceed 1MB")
    return file.content


def _checked_file(file: FileContent) -> bytes:
    if not file.name.lower().endswith(_FILE_ENDS):
        raise OaError(-233, "file type is not supported")
    if len(file.content) > LARGEST_FILE:
        raise OaError(-210, "file must not exceed 5MB")
    return file.content


async def _json(request: Request) -> dict[str, Any]:
    body = json.loads(await request.body() or b"{}")
    return body if isinstance(body, dict) else {}


def _refused(code: int, words: str) -> Answer:
    return Answer({"error": code, "message": words})
