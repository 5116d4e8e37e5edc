"""What the office is told in its chats by the clock: the week in three lines, and articles that are to be reviewed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import chain

from sqlalchemy.ext.asyncio import AsyncSession

from bot.jobs.job import Occasion
from bot.messages import Reply
from content.library import Library
from content.numbers import TIME_ZONE, day, number
from content.texts import Texts
from db import outbox, questions
from db.engine import Database
from db.models import Conversation
from db.outreach import figures, members, requests
from db.outreach.figures import Scope
from db.outreach.requests import State

MOST_TITLES = 10
WEEK = timedelta(days=7)


def day_of(moment: datetime) -> date:
    """The day that a moment is in Vietnam."""
    return moment.astimezone(TIME_ZONE).date()


async def chats_of_office(session: AsyncSession, commune: str) -> list[Conversation]:
    """The private chats of a commune's members with an office role."""
    people = await members.serving(session, commune, None, requests.OFFICE)
    return list(chain.from_iterable((await members.conversations_of(session, people)).values()))


async def tell_office(session: AsyncSession, commune: str, origin: str, reply: Reply, now: datetime) -> int:
    """Writes a notice to each chat of the office, once an origin; returns to how many."""
    chats = await chats_of_office(session, commune)
    return sum([await outbox.add_notice(session, chat, f"{origin}:{chat.id}", reply.to_json(), now) for chat in chats])


async def send_digest(database: Database, commune: str, texts: Texts, occasion: Occasion) -> int:
    """Tells how the last whole week went, Monday to Sunday, and what waits now."""
    today = day_of(occasion.scheduled_for)
    monday = today - timedelta(days=today.weekday())
    first, last = monday - WEEK, monday - timedelta(days=1)
    async with database.transaction() as session:
        week = await figures.count(session, Scope(commune, first, last))
        live = await requests.live(session, commune, None)
        waiting = sum(request.state == State.OPEN for request in live)
        text = texts.jobs.digest.format(
            first=day(first), last=day(last), attendances=number(week.attendances), households=number(week.households),
            sessions=number(week.sessions), waiting=number(waiting), taken=number(len(live) - waiting),
            unanswered=number(await questions.count_unanswered(session, commune)),
        )  # fmt: skip
        return await tell_office(session, commune, f"digest:{monday}", Reply(text), occasion.now)


async def tell_of_reviews(database: Database, commune: str, library: Library, occasion: Occasion) -> int:
    """Tells which articles should have been reviewed by the month's first day, if there are any; once a month."""
    today, texts = day_of(occasion.scheduled_for), library.texts.jobs
    late = sorted(
        (one for one in library.articles.values() if one.review_by < today), key=lambda one: (one.review_by, one.id)
    )
    if not late:
        return 0
    lines = [texts.review_line.format(title=one.title, day=day(one.review_by)) for one in late[:MOST_TITLES]]
    if len(late) > MOST_TITLES:
        lines.append(texts.more_reviews.format(count=number(len(late) - MOST_TITLES)))
    text = texts.reviews.format(count=number(len(late)), lines="\n".join(lines))
    async with database.transaction() as session:
        return await tell_office(session, commune, f"reviews:{today:%Y-%m}", Reply(text), occasion.now)
