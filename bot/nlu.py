"""Client of the Rasa server: a text goes in, its possible meanings come out as plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

import httpx

MAX_CHARACTERS = 500
"""Longer texts are cut before parsing: parsing blocks Rasa's event loop, and questions are short."""

TIMEOUT_SECONDS = 2.0
REST_SECONDS = 5.0
"""After a time-out Rasa is left alone for so long, so that not every citizen waits for it in vain."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One possible intent of a text; confidence from 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a text may mean, the likeliest first. `by` is "rasa", or "search" when Rasa could not be asked.

    `questions` are the topics of a text that asks several things at once, in the order of the text; else empty.
    """

    ranking: tuple[Guess, ...]
    by: str = "rasa"
    questions: tuple[Guess, ...] = ()


class NluUnavailableError(Exception):
    """Rasa is down or too slow; the message says which."""


class Nlu(Protocol):
    """Whatever can rank the intents of a text."""

    async def parse(self, text: str) -> Understanding:
        """Ranks the intents.

        Raises:
            NluUnavailableError: nobody answers in time.
        """


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a Rasa server listens, and the token it wants."""

    url: str
    token: str


class RasaClient:
    """Asks a Rasa server. The endpoint is asked for anew each time, because a new model runs at a new address."""

    def __init__(self, endpoint: Callable[[], Endpoint | None], http: httpx.AsyncClient) -> None:
        self._endpoint = endpoint
        self._http = http
        self._rests_until = 0.0

    async def parse(self, text: str) -> Understanding:
        """Ranks the intents of a text, of which the first 500 characters count.

        Raises:
            NluUnavailableError: Rasa is down, slow, or answers nonsense.
        """
        endpoint = self._endpoint()
        if endpoint is None:
            raise NluUnavailableError("Rasa is not running")
        if monotonic() < self._rests_until:
            raise NluUnavailableError("Rasa was too slow a moment ago")
        try:
            answer = await self._http.post(
                f"{endpoint.url}/model/parse",
                params={"token": endpoint.token},
                json={"text": text[:MAX_CHARACTERS]},
                timeout=TIMEOUT_SECONDS,
            )
            answer.raise_for_status()
            ranking = tuple(Guess(g["name"], float(g["confidence"])) for g in answer.json()["intent_ranking"])
        except httpx.TimeoutException:
            self._rests_until = monotonic() + REST_SECONDS
            raise NluUnavailableError(f"Rasa did not answer within {TIMEOUT_SECONDS:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
            # The address holds the token: only the kind of error may reach a log.
            raise NluUnavailableError(f"Rasa failed: {type(error).__name__}") from None
        return Understanding(ranking)

    async def problem(self) -> str | None:
        """Why questions can't be asked at present, for the operator; None when all is well."""
        endpoint = self._endpoint()
        if endpoint is None:
            return "Rasa không chạy, đang được khởi động lại"
        try:
            answer = await self._http.get(endpoint.url, timeout=TIMEOUT_SECONDS)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return f"không gọi được Rasa ở {endpoint.url} ({type(error).__name__})"
        return None if answer.is_success else f"Rasa ở {endpoint.url} trả lời HTTP {answer.status_code}"
