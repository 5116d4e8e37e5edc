"""/nhiemvu: whom to visit next and why; /homnay: what was logged today and what is to be done."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.service import Result, Service, Turn, payload
from bot.team import log_form_steps
from bot.team.places import full_name, own_hamlets
from bot.team.receipt import describe, say_day
from db.outreach import sessions, tasks
from db.outreach.models import Role
from db.outreach.tasks import Reason, Task

MOST_TASKS = 5
MOST_TODAY = 3
MOST_REASONS = 3
MOST_LOGGED = 6
LONGEST_LABEL = 30


async def press_tasks(turn: Turn, _words: str) -> Result | None:
    """The list, each household with a button that opens its log form."""
    texts = turn.library.texts.work
    found = await _next(turn, MOST_TASKS)
    if not found:
        return Result((Reply(texts.tasks_none),))
    return Result((await _listed(turn, texts.tasks_title, found),))


async def say_tasks(turn: Turn, _text: str) -> Result | None:
    """Asked in words."""
    return await press_tasks(turn, "")


async def press_today(turn: Turn, _words: str) -> Result | None:
    """What was logged for today, and the first things to do."""
    texts = turn.library.texts.work
    logged = await sessions.of_member(turn.session, turn.staff.id, turn.today, turn.today)
    lines = [turn.say(texts.today_title, day=say_day(turn, turn.today).partition(", ")[2])]
    if logged:
        lines.append(turn.say(texts.today_logged, count=len(logged)))
        lines += [f"• {describe(turn, one)}" for one in logged[:MOST_LOGGED]]
    else:
        lines.append(texts.today_none)
    found = await _next(turn, MOST_TODAY)
    text = "\n".join(lines)
    if not found:
        return Result((Reply(text),))
    reply = await _listed(turn, texts.tasks_title, found)
    return Result((reply.with_text(f"{text}\n\n{reply.text}"),))


async def say_today(turn: Turn, _text: str) -> Result | None:
    """Asked in words."""
    return await press_today(turn, "")


async def _next(turn: Turn, limit: int) -> list[Task]:
    own = [hamlet.id for hamlet in await own_hamlets(turn)]
    return await tasks.next_visits(turn.session, turn.commune.slug, own, turn.today, limit)


async def _listed(turn: Turn, title: str, found: list[Task]) -> Reply:
    texts = turn.library.texts.work
    places = {hamlet.id: full_name(turn, hamlet) for hamlet in await own_hamlets(turn)}
    lines, rows = [title], []
    for number, task in enumerate(found, start=1):
        home = task.household
        why = ", ".join(_why(turn, reason) for reason in task.reasons[:MOST_REASONS])
        lines.append(turn.say(texts.task, number=number, name=home.name, hamlet=places[home.hamlet_id], why=why))
        label = turn.say(texts.task_button, name=home.name[:LONGEST_LABEL])
        rows.append((Button(label, payload(log_form_steps.NAME, "new", home.id)),))
    return Reply("\n".join(lines), tuple(rows))


def _why(turn: Turn, reason: Reason) -> str:
    text: str = getattr(turn.library.texts.work, f"why_{reason.code}")
    return turn.say(text, count=reason.count, days=reason.count)


TASKS = Service("nv", Role.MEMBER, press_tasks, say=say_tasks, commands=("/nhiemvu",), intents=("team.tasks",))
TODAY = Service("hn", Role.MEMBER, press_today, say=say_today, commands=("/homnay",), intents=("team.today",))
