"""What /healthz tells: which parts work, and how much waits. 200 while citizens get answers, 503 when they don't."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from content.library import LiveLibrary
from db import outbox
from db.clock import Clock
from db.engine import Database

Problems = Callable[[], Awaitable[list[str]]]
"""What is wrong with a channel, a sentence each; asks the database."""


class Health:
    """Collects the state of the parts."""

    def __init__(
        self,
        database: Database,
        library: LiveLibrary,
        clock: Clock,
        *,
        rasa_problem: Callable[[], Awaitable[str | None]],
        telegram_problem: Callable[[], str | None] | None,
        more_channels: Mapping[str, Problems | None] = MappingProxyType({}),
    ) -> None:
        """The problem functions give a sentence, or None when all is well; `telegram_problem` is None when off.

        `more_channels`: the other messengers by name; None for one that is off.
        """
        self._more_channels = more_channels
        self._database = database
        self._library = library
        self._clock = clock
        self._rasa_problem = rasa_problem
        self._telegram_problem = telegram_problem

    def router(self) -> APIRouter:
        """The route /healthz."""
        router = APIRouter()
        router.add_api_route("/healthz", self._answer, methods=["GET"])
        return router

    async def _answer(self) -> JSONResponse:
        report = await self.report()
        return JSONResponse(report, 503 if report["status"] == "down" else 200)

    async def report(self) -> dict[str, Any]:
        """status: ok, degraded (answers, but not as well as it should) or down; and each part's own state."""
        rasa = await self._rasa_problem()
        parts: dict[str, Any] = {
            "rasa": {"status": "down", "problem": rasa, "answers_by": "search"} if rasa else {"status": "ok"},
            "content": {
                "status": "stale" if self._library.problems else "ok",
                "articles": len(self._library.current.articles),
                "problems": [str(problem) for problem in self._library.problems],
            },
            "telegram": self._telegram(),
        }
        try:
            async with self._database.snapshot() as session:
                count, oldest = await outbox.backlog(session)
        except SQLAlchemyError as error:
            return {"status": "down", "database": {"status": "down", "problem": type(error).__name__}, **parts}
        channels = {name: await _channel(problems) for name, problems in self._more_channels.items()}
        parts |= channels
        age = (self._clock() - oldest).total_seconds() if oldest else 0.0
        parts["database"] = {"status": "ok"}
        parts["outbox"] = {"waiting": count, "oldest_seconds": round(age, 1)}
        is_cut_off = any(one["status"] == "down" for one in (parts["telegram"], *channels.values()))
        degraded = rasa or self._library.problems or is_cut_off
        return {"status": "degraded" if degraded else "ok", **parts}

    def _telegram(self) -> dict[str, Any]:
        if self._telegram_problem is None:
            return {"status": "off"}
        problem = self._telegram_problem()
        return {"status": "down", "problem": problem} if problem else {"status": "ok"}


async def _channel(problems: Problems | None) -> dict[str, Any]:
    if problems is None:
        return {"status": "off"}
    found = await problems()
    return {"status": "down", "problem": "; ".join(found)} if found else {"status": "ok"}
