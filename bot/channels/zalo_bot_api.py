"""The calls of the Zalo Bot Platform. The token stands in every address: nothing here logs or raises one.

Zalo publishes no library and no place to try things in; what is done here is what several public programmes agree on.
An answer says `ok` - also where HTTP says 200 - and else `error_code`; a 429 names no pause.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

API = "https://bot-api.zaloplatforms.com"
ANSWER_SECONDS = 10.0
"""Long, for a message whose answer is lost may come twice."""

UNAUTHORIZED, FORBIDDEN, NOT_FOUND, IDLE, TOO_MANY, GATEWAY_TIMEOUT = 401, 403, 404, 408, 429, 504
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol)


class ZaloBotError(Exception):
    """The platform refuses a call."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}".strip())
        self.code = code


class UnreachableError(Exception):
    """The platform was not reached: the call has had no effect."""


class UnansweredError(Exception):
    """No answer came, or none that says what happened: the call may have had its effect."""


class ZaloBotApi:
    """One bot's calls."""

    def __init__(self, token: str, address: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"{address.rstrip('/')}/bot{token}/", timeout=ANSWER_SECONDS, follow_redirects=False
        )

    async def call(self, method: str, *, patience: float = ANSWER_SECONDS, **params: Any) -> Any:
        """What the method gives; `patience` in seconds.

        Raises:
            ZaloBotError, UnreachableError, UnansweredError: as each says.
        """
        try:
            response = await self._http.post(method, json=params, timeout=httpx.Timeout(ANSWER_SECONDS, read=patience))
        except _NEVER_SENT as error:
            raise UnreachableError(type(error).__name__) from None  # what it says may hold the address
        except httpx.HTTPError as error:
            raise UnansweredError(type(error).__name__) from None
        try:
            body = response.json()
            if body["ok"]:
                return body.get("result")
            code = int(body.get("error_code") or response.status_code)
            description = str(body.get("description") or "")[:200]
        except (ValueError, KeyError, TypeError, AttributeError):
            if response.status_code >= 400:  # a proxy's page, or none
                raise ZaloBotError(response.status_code, response.reason_phrase) from None
            raise UnansweredError(f"HTTP {response.status_code} without an answer") from None
        raise ZaloBotError(code, description)

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()


class Backoff:
    """Pauses that double with each refusal and begin anew after a success: the platform never says how long."""

    def __init__(self, first: float, longest: float) -> None:
        self._first, self._longest = first, longest
        self._refusals = 0

    def next(self) -> float:
        """Seconds to wait now."""
        self._refusals += 1
        return min(self._first * 2.0 ** min(self._refusals - 1, 16), self._longest)

    def reset(self) -> None:
        """After a success."""
        self._refusals = 0

    async def wait(self) -> None:
        """Waits."""
        await asyncio.sleep(self.next())
