"""What /healthz tells: which parts work, and how much waits. 200 while citizens get answers, 503 when they don't."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from content.library import LiveLibrary
from db import outbox
from db.clock import Clock
from db.engine import Database


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
    ) -> None:
        """The problem functions give a sentence, or None when all is well; `telegram_problem` is None when off."""
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
        age = (self._clock() - oldest).total_seconds() if oldest else 0.0
        parts["database"] = {"status": "ok"}
        parts["outbox"] = {"waiting": count, "oldest_seconds": round(age, 1)}
        degraded = rasa or self._library.problems or parts["telegram"]["status"] == "down"
        return {"status": "degraded" if degraded else "ok", **parts}

    def _telegram(self) -> dict[str, Any]:
        if self._telegram_problem is None:
            return {"status": "off"}
        problem = self._telegram_problem()
        return {"status": "down", "problem": problem} if problem else {"status": "ok"}
