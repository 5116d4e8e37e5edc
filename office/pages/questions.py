"""Questions without a good answer (/cau-hoi): like ones together, decisions about them, the training that follows."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from content.library import OUT_OF_SCOPE, SMALL_TALK
from db import learning
from db.outreach import audit
from office.actors import actors_of
from office.fields import Id, Line
from office.guard import Editor, Viewer
from office.paging import paging_of
from office.render import page, redirect
from office.site import Site

PATH = "/cau-hoi"
GROUPS_A_PAGE = 20
ROUNDS_SHOWN = 5


def router(site: Site) -> APIRouter:
    """/cau-hoi, the decisions, and the start of a training."""
    routes = APIRouter(prefix=PATH)

    @routes.get("")
    async def show(request: Request, visitor: Viewer) -> Response:
        async with site.database.snapshot() as session:
            groups = await learning.waiting_groups(session, site.commune)
            taught = len(await learning.sentences(session, site.commune))
            rounds = await learning.runs(session, site.commune, ROUNDS_SHOWN)
            actors = await actors_of(session, site)
        paging = paging_of(request, len(groups), GROUPS_A_PAGE)
        return page(
            request, visitor, "questions.html", block="learning", groups=groups[paging.offset :][: paging.size],
            paging=paging, asked=sum(group.count for group in groups), titles=titles_of(site), taught=taught,
            rounds=rounds, actors=actors, state=site.learning.state(), articles=site.library().articles,
        )  # fmt: skip

    @routes.get("/quyet-dinh")
    async def show_decisions(request: Request, visitor: Viewer) -> Response:
        async with site.database.snapshot() as session:
            decided = await learning.decided(session, site.commune)
            actors = await actors_of(session, site)
        paging = paging_of(request, len(decided))
        return page(
            request, visitor, "question_decisions.html", rows=decided[paging.offset :][: paging.size], paging=paging,
            titles=titles_of(site), actors=actors,
        )  # fmt: skip

    @routes.post("/{question_id}")
    async def decide(visitor: Editor, question_id: Id, topic: Line = "", verdict: Line = "") -> Response:
        chosen = verdict if verdict in {OUT_OF_SCOPE, learning.IGNORE} else _topic(topic, titles_of(site))
        now = site.now()
        async with site.database.snapshot() as session:
            ids = await learning.group_of(session, site.commune, question_id)
        if not ids:
            raise HTTPException(404)
        if not chosen:
            return redirect(PATH, "questions.no_such_topic", is_bad=True, topic=topic)
        async with site.database.transaction() as session:
            count = await learning.decide(session, site.commune, ids, verdict=chosen, by=visitor.actor, now=now)
            audit.record(
                session, commune=site.commune, actor=visitor.actor, action="question.decided", subject_id=question_id,
                before=None, after={"verdict": chosen, "questions": count}, now=now,
            )  # fmt: skip
        return redirect(PATH, f"questions.{_kind(chosen)}", count=count, title=titles_of(site).get(chosen, ""))

    @routes.post("/hoc/bat-dau")
    async def start(visitor: Editor) -> Response:
        if not site.learning.start(visitor.actor):
            return redirect(PATH, "questions.learning_already", is_bad=True)
        async with site.database.transaction() as session:
            audit.record(
                session, commune=site.commune, actor=visitor.actor, action="learning.started", subject_id=0,
                before=None, after=None, now=site.now(),
            )  # fmt: skip
        return redirect(PATH, "questions.learning_started")

    return routes


def titles_of(site: Site) -> dict[str, str]:
    """What topics are called, in the order of topics.yml: by their article's title, which the chat shows, if any."""
    library = site.library()
    return {
        topic: library.articles[topic].title if topic in library.articles else library.topics[topic].title
        for group, topics in library.groups.items()
        for topic in topics
        if group != SMALL_TALK
    }


def _topic(asked: str, titles: Mapping[str, str]) -> str:
    """The topic that somebody means, by its title or its id; empty for none."""
    if asked in titles:
        return asked
    return next((topic for topic, title in titles.items() if title.casefold() == asked.casefold()), "")


def _kind(verdict: str) -> str:
    return {OUT_OF_SCOPE: "out_of_scope", learning.IGNORE: "ignored"}.get(verdict, "assigned")
