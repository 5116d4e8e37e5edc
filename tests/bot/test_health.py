"""The health page says which part is ill and why, and keeps apart what citizens feel from what they don't."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.health import Health
from content.article import Problem
from content.library import Library, LiveLibrary
from db import outbox
from tests.support.broken_database import BreakableDatabase
from tests.support.clock import NOON, FakeClock
from tests.support.rows import write_to
from tests.support.talk import small_library


class StillLibrary(LiveLibrary):
    """Follows no files."""

    def __init__(self, library: Library) -> None:
        self.current = library
        self.problems = []


class Patient:
    """A programme whose parts can be made ill, and its health page."""

    def __init__(self, database: BreakableDatabase, library: Library, clock: FakeClock) -> None:
        self.database = database
        self.library = StillLibrary(small_library(library))
        self.clock = clock
        self.rasa: str | None = None
        self.telegram: str | None = None
        self.has_telegram = True

    async def answer(self) -> tuple[int, dict[str, Any]]:
        """Status and body of /healthz."""

        async def rasa_problem() -> str | None:
            return self.rasa

        def telegram_problem() -> str | None:
            return self.telegram

        health = Health(
            self.database,
            self.library,
            self.clock,
            rasa_problem=rasa_problem,
            telegram_problem=telegram_problem if self.has_telegram else None,
        )
        site = FastAPI()
        site.include_router(health.router())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://test") as http:
            response = await http.get("/healthz")
        return response.status_code, response.json()


@pytest.fixture
async def patient(tmp_path: Path, library: Library, clock: FakeClock) -> AsyncIterator[Patient]:
    database = BreakableDatabase(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    await database.migrate()
    yield Patient(database, library, clock)
    await database.close()


async def test_all_is_well(patient: Patient) -> None:
    assert await patient.answer() == (
        200,
        {
            "status": "ok",
            "rasa": {"status": "ok"},
            "content": {"status": "ok", "articles": 2, "problems": []},
            "telegram": {"status": "ok"},
            "database": {"status": "ok"},
            "outbox": {"waiting": 0, "oldest_seconds": 0.0},
        },
    )


async def test_telegram_that_is_switched_off_is_no_illness(patient: Patient) -> None:
    patient.has_telegram = False
    status, report = await patient.answer()
    assert (status, report["status"], report["telegram"]) == (200, "ok", {"status": "off"})


async def test_without_rasa_citizens_are_answered_by_search_and_the_page_says_so(patient: Patient) -> None:
    patient.rasa = "Rasa không chạy, đang được khởi động lại"
    status, report = await patient.answer()
    assert (status, report["status"]) == (200, "degraded")
    assert report["rasa"] == {"status": "down", "problem": patient.rasa, "answers_by": "search"}


async def test_telegram_that_can_not_be_reached_is_told_with_the_reason(patient: Patient) -> None:
    patient.telegram = "chưa nhận được tin: NetworkError"
    status, report = await patient.answer()
    assert (status, report["status"]) == (200, "degraded")
    assert report["telegram"] == {"status": "down", "problem": patient.telegram}


async def test_content_that_was_not_taken_over_is_told_with_file_and_line(patient: Patient) -> None:
    patient.library.problems = [Problem(Path("content/topics/vneid/install.md"), 3, "thiếu summary")]
    status, report = await patient.answer()
    assert (status, report["status"]) == (200, "degraded")
    assert report["content"] == {
        "status": "stale",
        "articles": 2,
        "problems": ["content/topics/vneid/install.md:3: thiếu summary"],
    }


async def test_without_a_database_nobody_is_answered_and_the_other_parts_are_told_all_the_same(
    patient: Patient,
) -> None:
    patient.database.is_away = True
    patient.rasa = "Rasa không chạy"
    status, report = await patient.answer()
    assert (status, report["status"]) == (503, "down")
    assert report["database"] == {"status": "down", "problem": "OperationalError"}
    assert report["rasa"]["problem"] == "Rasa không chạy"
    assert report["content"]["status"] == "ok"


async def test_what_waits_to_be_sent_is_counted_from_the_oldest_on(patient: Patient) -> None:
    async with patient.database.transaction() as session:
        [sent] = await write_to(session, "ba-an", "đến rồi", now=NOON - timedelta(hours=1))
        outbox.delivered(sent, 1, NOON)
        await write_to(session, "ba-an", "chờ")
        await write_to(session, "ong-ba", "chờ", now=NOON + timedelta(seconds=60))
    patient.clock.advance(seconds=90.25)
    _, report = await patient.answer()
    assert report["outbox"] == {"waiting": 2, "oldest_seconds": 90.2}
