"""The office's pages. So far one, open to all because it shows nothing personal: the state of the articles.

Signing in, indicators and editing come with the office's own issue; they hang their routes in here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from content.article import Article
from content.library import Library
from db import questions
from db.clock import Clock
from db.engine import Database

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
STATIC = Path(__file__).parent / "static"
_templates = Jinja2Templates(Path(__file__).parent / "templates")


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of topics on the page: its articles, and how many of its topics still have none."""

    title: str
    articles: list[Article]
    unwritten: int


def _shown(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


_templates.env.filters["shown"] = _shown


def office_router(library: Callable[[], Library], database: Database, commune: str, clock: Clock) -> APIRouter:
    """The office's routes for one commune."""
    router = APIRouter(prefix="/office")

    @router.get("", response_class=HTMLResponse)
    async def overview(request: Request) -> HTMLResponse:
        current = library()
        async with database.snapshot() as session:
            waiting = await questions.count_unanswered(session, commune)
        groups = [
            GroupRow(title, articles, len(current.groups[group]) - len(articles))
            for group, title in current.phrases.groups.items()
            if (articles := current.in_group(group))
        ]
        today = clock().astimezone(TIME_ZONE).date()
        return _templates.TemplateResponse(
            request,
            "overview.html",
            {
                "commune": current.communes[commune],
                "groups": groups,
                "count": len(current.articles),
                "due": sum(article.review_by <= today for article in current.articles.values()),
                "waiting": waiting,
                "today": today,
            },
        )

    return router
