"""Brings to mind what waits: requests for help that nobody has taken, classes that come or are to be closed. By day."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import chain

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Button, Reply
from bot.service import TIME_ZONE, payload
from bot.team import access
from bot.team.class_card import NAME as CLASSES
from bot.team.class_card import say_place, say_when
from bot.team.help_card import card, tell_members
from content.library import Library
from db import outbox
from db.clock import Clock
from db.engine import Database
from db.models import Conversation
from db.outreach import classes, members, requests
from db.outreach.models import LearningClass

log = logging.getLogger(__name__)

AWAKE = (time(7), time(21))
EVENING = time(18)
AT_ONCE = 50
URGENT_FROM = 2
"""From this reminder on the office hears of it too."""
MOST_REMINDERS = 6


def is_quiet(now: datetime) -> bool:
    """Whether people should be left alone at that hour."""
    return not AWAKE[0] <= now.astimezone(TIME_ZONE).time() < AWAKE[1]


async def remind_of_requests(
    database: Database, library: Callable[[], Library], clock: Clock, told: Callable[[], None]
) -> int:
    """Tells the members once more of requests that have waited for the commune's time; returns of how many.

    `told` is called when there is something to send.
    """
    now = clock()
    if is_quiet(now):
        return 0
    shortest = min((commune.answer_within_hours for commune in library().communes.values()), default=4)
    async with database.transaction() as session:
        count = 0
        for request in await requests.unheeded(session, now - timedelta(hours=shortest), AT_ONCE):
            commune = library().communes.get(request.commune)
            waited_since = request.reminded_at or request.created_at
            if commune is None or now - waited_since < timedelta(hours=commune.answer_within_hours):
                continue
            if request.reminders >= MOST_REMINDERS:
                continue
            request.reminders += 1
            request.reminded_at = now
            people = await requests.recipients(session, request, is_urgent=request.reminders >= URGENT_FROM)
            shown = card(library(), commune, request, library().texts.help_request.reminder)
            origin = f"request:{request.id}:reminder:{request.reminders}:{request.created_at.timestamp():.0f}"
            await tell_members(session, people, shown, origin, now)
            count += 1
    if count:
        told()
    return count


async def remind_of_classes(
    database: Database, library: Callable[[], Library], clock: Clock, told: Callable[[], None]
) -> int:
    """Tells who signed up: the evening before, and an hour before. Returns how many notices were written."""
    now = clock()
    if is_quiet(now):
        return 0
    texts = library().texts.classes
    count = 0
    async with database.transaction() as session:
        for name, first, last in _class_windows(now):
            for planned, attendance in await classes.to_remind(session, first, last):
                commune = library().communes.get(planned.commune)
                who = await session.get(Conversation, attendance.conversation_id)
                if commune is None or who is None:
                    continue
                place = say_place(commune.hamlet_word, planned)
                text = texts.reminder.format(title=planned.title, when=say_when(planned.starts_at), place=place)
                origin = f"class:{planned.id}:{name}:{attendance.id}"
                count += await outbox.add_notice(session, who, origin, Reply(text).to_json(), now)
    if count:
        told()
    return count


async def remind_to_close(
    database: Database, library: Callable[[], Library], clock: Clock, told: Callable[[], None]
) -> int:
    """Tells the leader of a class that was held and is not closed: that evening, and the next day from the morning on.

    Returns how many notices were written.
    """
    now = clock()
    if is_quiet(now):
        return 0
    texts = library().texts.classes
    count = 0
    async with database.transaction() as session:
        for name, first, last in _closing_windows(now):
            for planned in await classes.to_close(session, first, last):
                commune = library().communes.get(planned.commune)
                if commune is None:
                    continue
                place = say_place(commune.hamlet_word, planned)
                text = texts.close_reminder.format(title=planned.title, when=say_when(planned.starts_at), place=place)
                labels = {"e": texts.close_button, "x": texts.cancel_button}
                ways = tuple(Button(label, payload(CLASSES, action, planned.id)) for action, label in labels.items())
                for chat in await _chats_of_who_closes(session, planned):
                    origin = f"class:{planned.id}:close:{name}:{chat.id}"
                    count += await outbox.add_notice(session, chat, origin, Reply(text, (ways,)).to_json(), now)
    if count:
        told()
    return count


async def _chats_of_who_closes(session: AsyncSession, planned: LearningClass) -> list[Conversation]:
    """The leader's; when no leader who may close it can be reached the hamlet's team's, else the office's."""
    leader = await classes.leader_of(session, planned)
    if leader is not None:
        await session.refresh(leader, ["hamlets"])
    may = access.may_see_hamlet(leader, planned.hamlet_id, {one.id for one in leader.hamlets} if leader else ())
    for people in (
        [leader] if leader and may else [],
        await members.serving(session, planned.commune, planned.hamlet_id, requests.TEAM),
        await members.serving(session, planned.commune, None, requests.OFFICE),
    ):
        chats = await members.conversations_of(session, people)
        if any(chats.values()):
            return list(chain.from_iterable(chats.values()))
    return []


def _closing_windows(now: datetime) -> list[tuple[str, datetime, datetime]]:
    """Like `_class_windows`, for classes that should have been closed. A late class is left to the next morning."""
    here = now.astimezone(TIME_ZONE)
    today = datetime.combine(here.date(), time(), TIME_ZONE)
    windows = [("next-day", today - timedelta(days=1), today)]
    if here.time() >= EVENING:
        windows.append(("evening", today, now - classes.LESSON))
    return windows


def _class_windows(now: datetime) -> list[tuple[str, datetime, datetime]]:
    """Which classes are to be brought to mind just now: name of the reminder, and between what moments they begin."""
    windows = [("hour", now, now + timedelta(hours=1))]
    here = now.astimezone(TIME_ZONE)
    if here.time() >= EVENING:
        tomorrow = datetime.combine(here.date() + timedelta(days=1), time(), TIME_ZONE)
        windows.append(("evening", tomorrow, tomorrow + timedelta(days=1)))
    return windows
