"""The first page (/office): the state of the articles, and how much waits."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from content.article import Article
from db import questions
from office.guard import Viewer
from office.render import page
from office.site import Site


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of topics: its articles, and how many of its topics still have none."""

    title: str
    articles: list[Article]
    unwritten: int


def router(site: Site) -> APIRouter:
    """The page at /office/ itself."""
    routes = APIRouter()

    @routes.get("/")
    async def overview(request: Request, visitor: Viewer) -> Response:
        current = site.library()
        async with site.database.snapshot() as session:
            waiting = await questions.count_unanswered(session, site.commune)
        groups = [
            GroupRow(title, articles, len(current.groups[group]) - len(articles))
            for group, title in current.phrases.groups.items()
            if (articles := current.in_group(group))
        ]
        today = site.today()
        due = sum(article.review_by <= today for article in current.articles.values())
        count = len(current.articles)
        return page(request, visitor, "overview.html", groups=groups, count=count, due=due, waiting=waiting)

    return routes
