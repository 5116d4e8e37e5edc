"""Zalo's OpenAPI for Official Accounts: the few calls that we make, and what its answers mean.

Zalo answers errors with HTTP 200 too: `error` in the body tells. Addresses and bodies may hold tokens, so nothing here
logs or names them; error texts are Zalo's own words, cut.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from db.clock import Clock
from db.zalo import Pair

OPENAPI = "https://openapi.zalo.me"
OAUTH = "https://oauth.zaloapp.com"
ANSWER_SECONDS = 8.0
UPLOAD_SECONDS = 30.0
LONGEST_MESSAGE = 200
SHORTEST_LIFE = timedelta(minutes=1)

TOKEN_INVALID, TOKEN_EXPIRED, BAD_FIELD = -216, -220, -201
PICTURE_GONE = -100
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_SECRET = re.compile(r"[A-Za-z0-9_\-.]{24,}")


class ZaloError(Exception):
    """Zalo refuses: its code, and its words with whatever could be a token taken out."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        self.message = _SECRET.sub("…", message)[:LONGEST_MESSAGE]
        super().__init__(f"Zalo {code}: {self.message}")

    @property
    def is_of_token(self) -> bool:
        """Whether a new access token may help. Some lists give -201, a bad field, to bad tokens too: its words tell."""
        words = self.message.lower().replace("_", " ")
        return self.code in (TOKEN_INVALID, TOKEN_EXPIRED) or (self.code == BAD_FIELD and "access token" in words)


class NotReachedError(Exception):
    """The request has certainly not reached Zalo."""


class NoAnswerError(Exception):
    """The request may have reached Zalo, but there was no answer that can be read."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What may still be said to a person: when they last did something, and answers left; None where Zalo is silent."""

    last_interaction: datetime | None
    answers_left: int | None


@dataclass(frozen=True, slots=True)
class Profile:
    """The account as Zalo knows it."""

    oa_id: str
    name: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Challenge:
    """PKCE: the verifier stays here, its hash goes along with the request for consent."""

    verifier: str

    @classmethod
    def new(cls) -> Challenge:
        """One that nobody can guess, of 43 characters as Zalo wants."""
        return cls(secrets.token_urlsafe(32))

    @property
    def hashed(self) -> str:
        """The code challenge, S256."""
        return urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")


class ZaloApi:
    """Calls Zalo. `http` is closed by whoever made it."""

    def __init__(self, http: httpx.AsyncClient, clock: Clock, *, openapi: str = OPENAPI, oauth: str = OAUTH) -> None:
        self._http = http
        self._clock = clock
        self._openapi = openapi.rstrip("/")
        self._oauth = oauth.rstrip("/")

    async def send(self, token: str, person: str, message: Mapping[str, Any]) -> None:
        """Sends an answer (tin tư vấn).

        Raises:
            ZaloError, NotReachedError, NoAnswerError
        """
        await self._post(token, "/v3.0/oa/message/cs", {"recipient": {"user_id": person}, "message": message})

    async def upload_picture(self, token: str, content: bytes, media_type: str) -> str:
        """Uploads a JPEG or PNG of at most 1 MB; returns the id by which messages show it.

        Raises:
            ZaloError, NotReachedError, NoAnswerError
        """
        name = "anh.png" if media_type == "image/png" else "anh.jpg"
        answer = await self._call(
            "POST",
            f"{self._openapi}/v2.0/oa/upload/image",
            headers={"access_token": token},
            files={"file": (name, content, media_type)},
            seconds=UPLOAD_SECONDS,
        )
        found = _data(answer).get("attachment_id")
        if not isinstance(found, str) or not found:
            raise NoAnswerError("no attachment_id in the answer")
        return found

    async def quota(self, token: str, person: str) -> Quota:
        """What may still be said to a person.

        Raises:
            ZaloError, NotReachedError, NoAnswerError
        """
        data = _data(await self._post(token, "/v3.0/oa/quota/message", {"user_id": person}))
        replies = data.get("cs_reply")
        left = replies.get("remain") if isinstance(replies, dict) else None
        return Quota(moment(data.get("last_interaction")), _whole(left))

    async def profile(self, token: str) -> Profile:
        """Who we are.

        Raises:
            ZaloError, NotReachedError, NoAnswerError
        """
        answer = await self._call("GET", f"{self._openapi}/v2.0/oa/getoa", headers={"access_token": token})
        data = _data(answer)
        return Profile(str(data.get("oa_id") or data.get("oaid") or ""), str(data.get("name") or ""),
                       data.get("is_verified") is True)  # fmt: skip

    # --- tokens -----------------------------------------------------------------------------------------------------

    def consent_address(self, app_id: str, callback: str, challenge: Challenge, state: str) -> str:
        """The page on which an administrator of the account consents."""
        asked = {
            "app_id": app_id, "redirect_uri": callback, "code_challenge": challenge.hashed, "state": state,
        }  # fmt: skip
        return f"{self._oauth}/v4/oa/permission?{urlencode(asked)}"

    async def redeem(self, app_id: str, app_secret: str, code: str, verifier: str) -> Pair:
        """The pair for a code that consent gave.

        Raises:
            ZaloError, NotReachedError, NoAnswerError
        """
        return await self._tokens(
            app_id, app_secret, {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        )

    async def refresh(self, app_id: str, app_secret: str, refresh_token: str) -> Pair:
        """The next pair. The refresh token is used up by it, whatever becomes of the answer.

        Raises:
            ZaloError, NotReachedError, NoAnswerError
        """
        return await self._tokens(
            app_id, app_secret, {"grant_type": "refresh_token", "refresh_token": refresh_token}
        )  # fmt: skip

    async def _tokens(self, app_id: str, app_secret: str, asked: Mapping[str, str]) -> Pair:
        answer = await self._call(
            "POST",
            f"{self._oauth}/v4/oa/access_token",
            headers={"secret_key": app_secret},
            data={"app_id": app_id, **asked},
        )
        access, refresh, life = (answer.get(name) for name in ("access_token", "refresh_token", "expires_in"))
        if not (isinstance(access, str) and isinstance(refresh, str) and access and refresh):
            if code := answer.get("error"):
                raise ZaloError(_whole(code) or -1, _message(answer))
            raise NoAnswerError("no tokens in the answer")
        seconds = _whole(life) or 0
        return Pair(access, refresh, self._clock() + max(timedelta(seconds=seconds), SHORTEST_LIFE))

    # --- the wire ---------------------------------------------------------------------------------------------------

    async def _post(self, token: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return await self._call("POST", self._openapi + path, headers={"access_token": token}, json=body)

    async def _call(self, method: str, url: str, *, seconds: float = ANSWER_SECONDS, **options: Any) -> dict[str, Any]:
        try:
            response = await self._http.request(method, url, timeout=seconds, **options)
        except _NEVER_SENT as error:
            raise NotReachedError(type(error).__name__) from None  # httpx's own words may hold the address
        except httpx.HTTPError as error:
            raise NoAnswerError(type(error).__name__) from None
        try:
            answer = json.loads(response.content)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
                raise ZaloError(-32, "HTTP 429")
            raise NoAnswerError(f"HTTP {response.status_code}")
        code = _whole(answer.get("error", 0))
        if code != 0:
            raise ZaloError(-1 if code is None else code, _message(answer))
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise ZaloError(-32, "HTTP 429")
        if response.is_server_error:
            raise NoAnswerError(f"HTTP {response.status_code}")
        return answer


def moment(value: object) -> datetime | None:
    """A moment that Zalo writes in milliseconds, as text or number."""
    number = _whole(value)
    if number is None or not 0 < number < 10**14:
        return None
    return datetime.fromtimestamp(number / 1000, UTC)


def _data(answer: Mapping[str, Any]) -> dict[str, Any]:
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def _message(answer: Mapping[str, Any]) -> str:
    for name in ("message", "error_description", "error_reason", "error_name"):
        if isinstance(found := answer.get(name), str) and found:
            return found
    return ""
