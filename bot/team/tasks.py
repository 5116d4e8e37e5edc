"""/nhiemvu: what to do next - citizens who ask for help, households to visit and why, the week's classes."""

from __future__ import annotations

from datetime import timedelta

from bot.messages import Reply
from bot.service import Result, Service, Turn
from bot.team import waiting
from bot.team.places import own_hamlets
from db.outreach.models import Role

NAME = "nv"
MOST_VISITS = 5
CLASSES_AHEAD = timedelta(days=7)


async def press(turn: Turn, _words: str) -> Result | None:
    """The list."""
    texts = turn.library.texts.work
    places = await own_hamlets(turn)
    reply = waiting.joined((
        await waiting.asked_for(turn, places),
        await waiting.visits(turn, places, MOST_VISITS),
        await waiting.classes_until(turn, places, turn.today + CLASSES_AHEAD),
    ))  # fmt: skip
    if reply.text:
        return Result((reply,))
    return Result((Reply(texts.tasks_none if places else texts.tasks_no_hamlet),))


async def say(turn: Turn, _text: str) -> Result | None:
    """Asked in words."""
    return await press(turn, "")


SERVICE = Service(NAME, Role.MEMBER, press, say=say, commands=("/nhiemvu",), intents=("team.tasks",))
