"""Content (/noi-dung): the articles, one as the chat shows it, drafts that a second person approves, older versions."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException

from content import editing
from content.article import ContentError
from content.editing import Checked
from db import content_drafts as drafts
from db.content_drafts import OPEN, ContentDraft, DraftState
from db.office.models import OfficeRole
from db.question_groups import key
from office.actors import actors_of
from office.fields import Id, Line, LongText
from office.guard import Editor, Viewer, Visitor
from office.pages.questions import titles_of
from office.render import page, redirect
from office.site import Site

PATH = "/noi-dung"
Topic = Annotated[str, Path(max_length=128)]


def router(site: Site) -> APIRouter:
    """/noi-dung, one article, and drafts."""
    routes = APIRouter(prefix=PATH)
    going_live = asyncio.Lock()

    @routes.get("")
    async def show_all(request: Request, visitor: Viewer) -> Response:
        library = site.library()
        async with site.database.snapshot() as session:
            waiting = await drafts.waiting(session, site.commune)
            actors = await actors_of(session, site)
        words, titles = key(request.query_params.get("tim", "")), titles_of(site)
        missing = [topic for topic in titles if topic not in library.articles and words in key(titles[topic])]
        found = [one for one in library.articles.values() if words in key(f"{one.title} {one.id} {one.summary}")]
        due = sorted((one for one in found if one.review_by <= site.today()), key=lambda one: one.review_by)
        groups = [(name, [one for one in library.in_group(name) if one in found]) for name in library.groups]
        return page(
            request, visitor, "articles.html", block="results", groups=[one for one in groups if one[1]], due=due,
            missing=missing, titles=titles, names=library.phrases.groups, waiting=waiting, actors=actors,
            can_write=editing.can_write(site.content), total=len(library.articles),
        )  # fmt: skip

    @routes.get("/ban-thao/{draft_id}")
    async def show_draft(request: Request, visitor: Viewer, draft_id: Id) -> Response:
        async with site.database.snapshot() as session:
            draft = await _draft(session, site, draft_id)
            actors = await actors_of(session, site)
        checked = await asyncio.to_thread(editing.look, site.library(), draft.article, draft.text)
        return page(
            request, visitor, "article_draft.html", draft=draft, actors=actors, checked=checked,
            shown=site.preview(checked.article) if checked.article else (), title=titles_of(site)[draft.article],
            difference=editing.difference(draft.base_text, draft.text), is_open=draft.state in OPEN,
            changed=editing.difference(draft.base_text, _live(site, draft.article)),
            may_approve=_may_approve(visitor, draft), is_own=draft.written_by == visitor.actor,
            can_write=editing.can_write(site.content),
        )  # fmt: skip

    @routes.post("/ban-thao/{draft_id}")
    async def keep(
        visitor: Editor, draft_id: Id, text: LongText = "", send: Annotated[bool, Form()] = False
    ) -> Response:
        to, written = f"{PATH}/ban-thao/{draft_id}", editing.tidy(text)
        async with site.database.snapshot() as session:
            draft = await _draft(session, site, draft_id)
        checked = await asyncio.to_thread(editing.look, site.library(), draft.article, written)
        submit = send and checked.is_good
        async with site.database.transaction() as session:
            draft = await _draft(session, site, draft_id, lock=True)
            if draft.written_by != visitor.actor or draft.state not in OPEN:
                return redirect(to, "articles.not_yours", is_bad=True)
            drafts.edit(session, draft, written, submit=submit, actor=visitor.actor, now=site.now())
        if send and not submit:
            return redirect(to, "articles.has_problems", is_bad=True)
        return redirect(to, "articles.submitted" if submit else "articles.kept")

    @routes.post("/ban-thao/{draft_id}/goc-moi")
    async def begin_anew(visitor: Editor, draft_id: Id) -> Response:
        to = f"{PATH}/ban-thao/{draft_id}"
        async with site.database.transaction() as session:
            draft = await _draft(session, site, draft_id, lock=True)
            if draft.written_by != visitor.actor or draft.state not in OPEN:
                return redirect(to, "articles.not_yours", is_bad=True)
            drafts.begin_anew(session, draft, _live(site, draft.article), actor=visitor.actor, now=site.now())
        return redirect(to, "articles.based_anew")

    @routes.post("/ban-thao/{draft_id}/duyet")
    async def approve(visitor: Editor, draft_id: Id, text: LongText = "") -> Response:
        to = f"{PATH}/ban-thao/{draft_id}"
        async with site.database.snapshot() as session:
            topic = (await _draft(session, site, draft_id)).article
        async with going_live:
            # Outside of the transaction, for it takes a second; in there the draft must still be what was checked.
            checked = await asyncio.to_thread(editing.check, site.content, topic, text)
            async with site.database.transaction() as session:
                draft = await _draft(session, site, draft_id, lock=True)
                if refusal := _refusal(site, visitor, draft, text, checked):
                    return redirect(to, f"articles.{refusal}", is_bad=True)
                try:
                    # Before the commit: if that fails, approving again finds the very text in place and goes through.
                    await asyncio.to_thread(editing.write, site.content, topic, draft.text)
                except OSError:
                    return redirect(to, "articles.read_only", is_bad=True)
                drafts.decide(session, draft, DraftState.APPROVED, actor=visitor.actor, now=site.now())
        return redirect(to, "articles.approved")

    @routes.post("/ban-thao/{draft_id}/tra-lai")
    async def reject(visitor: Editor, draft_id: Id, reason: Line = "") -> Response:
        to = f"{PATH}/ban-thao/{draft_id}"
        async with site.database.transaction() as session:
            draft = await _draft(session, site, draft_id, lock=True)
            if draft.state != DraftState.SUBMITTED:
                return redirect(to, "articles.not_submitted", is_bad=True)
            if not reason:
                return redirect(to, "articles.no_reason", is_bad=True)
            drafts.decide(
                session, draft, DraftState.REJECTED, actor=visitor.actor, now=site.now(), reason=reason
            )  # fmt: skip
        return redirect(to, "articles.rejected")

    @routes.post("/ban-thao/{draft_id}/lay-lai")
    async def roll_back(visitor: Editor, draft_id: Id) -> Response:
        async with site.database.transaction() as session:
            version = await _draft(session, site, draft_id)
            if version.state != DraftState.APPROVED or not version.base_text:
                return redirect(f"{PATH}/ban-thao/{draft_id}", "articles.no_version", is_bad=True)
            draft = await drafts.begin(
                session, site.commune, version.article, version.base_text, _live(site, version.article),
                actor=visitor.actor, now=site.now(), rolls_back=True,
            )  # fmt: skip
        return redirect(f"{PATH}/ban-thao/{draft.id}", "articles.rolling_back")

    @routes.get("/{topic_id}")
    async def show(request: Request, visitor: Viewer, topic_id: Topic) -> Response:
        title = _title(site, topic_id)
        async with site.database.snapshot() as session:
            versions = await drafts.of_article(session, site.commune, topic_id)
            actors = await actors_of(session, site)
        article = site.library().articles.get(topic_id)
        return page(
            request, visitor, "article.html", topic=topic_id, title=title, article=article, versions=versions,
            shown=site.preview(article) if article else (), text=_live(site, topic_id), actors=actors,
            can_write=editing.can_write(site.content),
        )  # fmt: skip

    @routes.post("/{topic_id}/sua")
    async def begin(visitor: Editor, topic_id: Topic) -> Response:
        title, live = _title(site, topic_id), _live(site, topic_id)
        async with site.database.transaction() as session:
            for one in await drafts.of_article(session, site.commune, topic_id):
                if one.written_by == visitor.actor and one.state in OPEN:
                    return redirect(f"{PATH}/ban-thao/{one.id}")
            draft = await drafts.begin(
                session, site.commune, topic_id, live or editing.skeleton(topic_id, title, site.today()), live,
                actor=visitor.actor, now=site.now(),
            )  # fmt: skip
        return redirect(f"{PATH}/ban-thao/{draft.id}")

    return routes


def _refusal(site: Site, visitor: Visitor, draft: ContentDraft, seen: str, checked: Checked) -> str:
    """Why a draft can't go live by this visitor; empty when it can. `seen`: the text that the visitor looked at."""
    live = _live(site, draft.article)
    if draft.state != DraftState.SUBMITTED:
        return "not_submitted"
    if not _may_approve(visitor, draft):
        return "second_person"
    if editing.tidy(seen) != draft.text:
        return "changed_meanwhile"
    if live not in {draft.base_text, draft.text}:
        return "conflict"
    if not editing.can_write(site.content):
        return "read_only"
    if checked.is_good:
        return ""
    return "others_broken" if checked.elsewhere and not checked.problems else "has_problems"


def _may_approve(visitor: Visitor, draft: ContentDraft) -> bool:
    """Somebody else than the writer; an administrator alone may bring back a text that was live before."""
    is_second = visitor.may(OfficeRole.EDITOR) and visitor.actor != draft.written_by
    return is_second or (draft.rolls_back and visitor.may(OfficeRole.ADMIN))


def _title(site: Site, topic: str) -> str:
    if (title := titles_of(site).get(topic)) is None:
        raise HTTPException(404)
    return title


def _live(site: Site, topic: str) -> str:
    try:
        return editing.text_of(site.content, topic)
    except ContentError:
        return ""


async def _draft(session: AsyncSession, site: Site, draft_id: int, *, lock: bool = False) -> ContentDraft:
    draft = await drafts.find(session, site.commune, draft_id, lock=lock)
    if draft is None or draft.article not in titles_of(site):
        raise HTTPException(404)
    return draft
