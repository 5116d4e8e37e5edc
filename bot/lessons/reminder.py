"""The weekly word to who asked for it (db/lessons/reminders.py); by day, in the chat where they asked."""

from __future__ import annotations

from collections.abc import Callable

from bot.lessons.pages import NAME
from bot.messages import Button, Reply
from bot.reminders import AT_ONCE, is_quiet
from bot.service import payload
from content.library import Library
from db import outbox
from db.clock import Clock
from db.engine import Database
from db.lessons import progress, reminders


async def remind_learners(
    database: Database, library: Callable[[], Library], clock: Clock, told: Callable[[], None]
) -> int:
    """Writes the reminders that are due, and returns how many; `told` is called when there is something to send."""
    now, content = clock(), library()
    if is_quiet(now) or not content.lessons:
        return 0
    texts, count = content.texts.lessons, 0
    async with database.transaction() as session:
        for commune in content.communes:
            for who in await reminders.due(session, commune, now, AT_ONCE):
                known = await progress.of_person(session, who)
                done = sum(known[one].is_finished for one in content.lessons if one in known)
                is_last = not await reminders.is_wanted(session, who)
                text = (texts.reminder_last if is_last else texts.reminder).format(
                    done=done, total=len(content.lessons)
                )
                ways = [Button(texts.list_button, payload(NAME, "l"))]
                ways += [] if is_last else [Button(texts.remind_off_button, payload(NAME, "r", "n"))]
                origin = f"lessons:{who.id}:{now.date().isoformat()}"
                count += await outbox.add_notice(session, who, origin, Reply(text, (tuple(ways),)).to_json(), now)
    if count:
        told()
    return count
